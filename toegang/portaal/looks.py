"""Who looked at the case of an inwoner, in plain words: a function and a team, and why."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework.enums import GrantKind
from casework.looks import LookDay, days_of, looks_for_resident, merged
from casework.selectors import basis_of
from toegang.core.access import ActingRequest, resident
from toegang.core.dates import long_date
from toegang.core.pages import paged
from toegang.portaal.selectors import helpers_of, own_hulpvragen
from toegang.portaal.views import SHOWN, house_of

WORKED = "Deze medewerker werkte aan uw zaak."
WHY: dict[str, str] = {
    GrantKind.CONTACTPERSOON: "Dit is uw contactpersoon.",
    GrantKind.TWEEDE: "Deze medewerker helpt uw contactpersoon.",
    GrantKind.VERVANGER: "Deze medewerker vervangt uw contactpersoon.",
    GrantKind.CONSULT: "Uw contactpersoon vroeg deze medewerker om advies.",
    GrantKind.TOETSING: "Deze medewerker controleert ons besluit.",
    GrantKind.BEZWAAR: "Deze medewerker behandelt uw bezwaar.",
    GrantKind.NOODTOEGANG: "Het kon niet wachten. Daarom keek iemand die uw zaak anders niet mag zien.",
    GrantKind.KETENPARTNER: "Deze medewerker van een andere organisatie werkt met ons samen.",
    "team": "Deze medewerker zit in het team dat u helpt.",
}


@dataclass(frozen=True)
class LookView:
    """What one medewerker did on one day, as the inwoner reads it.

    Only a contactpersoon has a name here: the inwoner knows that name already. Of others function and team tell what
    counts, and a medewerker of whom somebody may be angry stays safe.
    """

    when: str
    who: str
    team: str
    why: str
    in_emergency: bool
    count: int


def look_view(line: LookDay) -> LookView:
    """Tell one line of the log in plain words."""
    named = GrantKind.CONTACTPERSOON in line.bases
    judged = all(row.object_type == "emergencyaccess" for row in line.rows)
    why = "Deze medewerker controleerde de noodtoegang." if judged else WORKED
    return LookView(
        when=long_date(line.day),
        who=f"{line.name}, {line.function}" if named else line.function,
        team=line.teams,
        why=" ".join(WHY[basis] for basis in line.bases if basis in WHY) or why,
        in_emergency=line.in_emergency,
        count=len(line.rows),
    )


@resident
@require_safe
def looks(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show which medewerkers looked at one of the own cases, when and why; what has to wait is left out."""
    found = own_hulpvragen(request.actor).filter(case_id=pk).first()
    if found is None:
        raise Http404
    facts = {"object_type": "case", "object_id": str(pk), "fields": SHOWN["looks"]}
    request.actor.looked_at("Eigen inzagelijst bekeken", found.case, **facts, **basis_of(found))
    rows = looks_for_resident(pk, request.actor)
    shown = paged(request, days_of(rows))
    house = house_of(found.case.gemeente, helpers_of(request.actor, found.case))
    path = [*house["home"], ("Uw vraag", reverse("portaal:case", args=[pk]))]
    lines = [look_view(line) for line in merged(shown["page"], rows)]
    return render(request, "portaal/looks.html", {**house, **shown, "path": path, "case": found.case, "lines": lines})
