"""What every page of a case shares: scope, the look in the log, header, sub-navigation, and how refusals are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from casework.enums import HANDLING_KINDS, SAFETY_KINDS, CaseStatus, GrantKind
from casework.models import Case, Grant, Hulpvraag
from casework.permissions import leads_team_of
from casework.rules import BEFORE_THE_TALK
from casework.selectors import basis_of, seven_steps
from casework.selectors.privacy import with_restriction
from casework.services.privacy import record_use
from toegang.core.access import ActingRequest, AskFirst
from toegang.core.dates import long_date
from toegang.core.lifecycle import Blocked, Missing
from toegang.core.pages import carried
from toegang.core.records import Stale
from toegang.werkplek.forms.privacy import UseForm

T = TypeVar("T")
PARTS = (
    ("overzicht", "Overzicht", "werkplek:case"),
    ("mensen", "Mensen", "werkplek:case_people"),
    ("gesprek", "Gesprek", "werkplek:case_talk"),
    ("analyse", "Vraaganalyse", "werkplek:case_analysis"),
    ("plan", "Plan", "werkplek:case_plan"),
    ("aanbieder", "Aanbieder", "werkplek:case_choice"),
    ("besluit", "Besluit", "werkplek:case_decision"),
    ("evaluatie", "Evaluatie", "werkplek:case_evaluation"),
    ("brieven", "Brieven", "werkplek:case_letters"),
    ("privacy", "Privacyverzoeken", "werkplek:case_privacy"),
)
SAFETY_PART = (("veiligheid", "Veiligheid", "werkplek:safety"),)  # for who may open it
FREE_PARTS = frozenset({"privacy", "inzage"})  # answering a request is no use of the data that it restricts
OTHER_PLACES = {"contactpersoon": "werkplek:case_contactpersoon", "afsluiten": "werkplek:case_close"}
PLACES = {part: route for part, _, route in PARTS} | OTHER_PLACES

# The groups of data that a page of a case shows, as the log tells them (NEN 7513); its header is on every page.
IN_THE_HEADER = ("persoonsgegevens", "hulpvragen")
SHOWN = {
    "overzicht": ("meldingen", "termijnen", "huishouden", "tijdlijn"),
    "mensen": ("huishouden", "familie en netwerk"),
    "gesprek": ("gesprekken",),
    "analyse": ("leefgebieden", "onderzoek"),
    "onderzoek": ("onderzoek", "dossier van een persoon"),
    "dossier": ("dossier van een persoon",),
    "plan": ("plan",),
    "aanbieder": ("plan", "aanbieders"),
    "besluit": ("besluiten",),
    "toetsing": ("plan", "besluiten"),
    "evaluatie": ("plan", "evaluaties"),
    "brieven": ("brieven",),
    "privacy": ("privacyverzoeken", "verklaringen"),
    "inzage": ("alle gegevens van een persoon",),
    "wie keek": ("inzagelog",),
}


def case_in_scope(request: ActingRequest, pk: UUID, part: str, *, of: str = "case", detail: str = "") -> Case:
    """Give the case if the actor may see it, and note the look, of which kind of object; else the ordinary 404.

    While the use of the case is restricted, whoever sends something says first on which ground.
    """
    cases = with_restriction(Case.objects.visible_to(request.actor))
    cases = cases.select_related("person", "wijk", "gemeente", "team")
    hulpvragen = Hulpvraag.objects.select_related("person").prefetch_related("deadlines")
    cases = cases.annotate(ground=Grant.objects.ground_of(request.actor, "pk"))
    case: Case = get_object_or_404(cases.prefetch_related(Prefetch("hulpvragen", hulpvragen)), pk=pk)
    facts = {"object_type": of, "object_id": str(pk), "fields": (*IN_THE_HEADER, *SHOWN.get(part, ()))}
    facts |= {"detail": detail}
    request.actor.looked_at(f"Zaak bekeken: {part}", case, **facts, **basis_of(case))
    if restricted_since(case) and request.method == "POST" and part not in FREE_PARTS:
        _ask_ground(request, case, part)
    return case


def restricted_since(case: Case) -> date | None:
    """The day since which the use of this case is restricted, or None."""
    since: date | None = getattr(case, "restricted_since", None)
    return since


def _ask_ground(request: ActingRequest, case: Case, part: str) -> None:
    """Write down why restricted data may be used for this step, or ask it; what was typed stays (AVG art. 18 lid 2)."""
    form = UseForm(request.POST if "use_reason" in request.POST else None)
    if form.is_valid():
        given = form.cleaned_data
        record_use(case=case, ground=given["use_ground"], reason=given["use_reason"], what=part, actor=request.actor)
        return
    typed = carried(request, {*form.fields})
    page = {"form": form, "forms": [form], "has_errors": bool(form.errors), "typed": typed, "reference": case.reference}
    since = restricted_since(case)
    raise AskFirst("werkplek/restricted.html", page | {"since": long_date(since) if since else ""})


def case_context(request: ActingRequest, case: Case, part: str) -> dict[str, Any]:
    """Give what the header of a case needs: name, facts, badges, steps per hulpvraag and sub-navigation."""
    hulpvragen = list(case.hulpvragen.all())
    actor = request.actor
    theirs = Q(kind=GrantKind.CONTACTPERSOON) | Q(user_id=actor.user_id)
    held = list(case.grants.valid_now().filter(theirs).select_related("user"))
    contact = next((grant.user for grant in held if grant.kind == GrantKind.CONTACTPERSOON), None)
    own = {grant.kind: grant for grant in held if grant.user_id == actor.user_id}
    emergency = own.get(GrantKind.NOODTOEGANG)
    parts = [*PARTS, *(SAFETY_PART if own.keys() & SAFETY_KINDS else ())]
    steps = [(hulpvraag, seven_steps(case, hulpvraag)) for hulpvraag in hulpvragen]
    return {
        "case": case,
        "hulpvragen": hulpvragen,
        "steps_per_hulpvraag": steps,
        "steps": steps[0][1] if steps else [],
        "contactpersoon": contact,
        "may_handle": bool(own.keys() & HANDLING_KINDS),  # as the permission says, by the grants that are here
        "may_see_looks": bool(own.keys() & HANDLING_KINDS) or leads_team_of(case, actor),
        "may_shield": GrantKind.CONTACTPERSOON in own or leads_team_of(case, actor),
        "emergency_until": emergency.validity.upper if emergency else None,
        "gemeente_naam": f"Gemeente {case.gemeente.name}",
        "facts": [
            ("Zaak", case.reference),
            ("Geboren", str(case.person.birth)),
            *([("Wijk", case.wijk.name)] if case.wijk else []),
            ("Contactpersoon", contact.name if contact else "nog niemand"),
        ],
        "badges": _badges(case),
        "statements": case.statements.select_related("person", "hulpvraag"),  # read by the pages that show them
        "sub_nav": [(label, reverse(route, args=[case.pk]), part == key) for key, label, route in parts],
    }


def _badges(case: Case) -> list[tuple[str, str]]:
    badges = [(case.get_status_display(), "neutral" if case.status == CaseStatus.AFGESLOTEN else "info")]
    if case.urgent and case.status in BEFORE_THE_TALK:
        badges.insert(0, ("Spoed", "negative"))
    if case.shielded:
        badges.append(("Afgeschermde zaak", "warning"))
    if case.has_safety:
        badges.append(("Veiligheid: overleg met de contactpersoon", "warning"))
    if since := restricted_since(case):
        badges.append((f"Gebruik beperkt sinds {long_date(since)}: overleg eerst", "negative"))
    if case.person.shielded:
        badges.append(("Adres afgeschermd", "warning"))
    if case.person.deceased is not None:
        badges.append(("Overleden", "negative"))
    return badges


def links(obstacles: Iterable[Missing], case: Case) -> list[tuple[str, str]]:
    """Give each missing thing as a sentence with the page where it can be mended."""
    return [(o.text, reverse(PLACES[o.where], args=[case.pk]) if o.where in PLACES else "") for o in obstacles]


def attempt(form: forms.BaseForm, act: Callable[[], T], case: Case | None = None) -> T | None:
    """Carry out an operation; what stands in the way becomes errors of the form, and what was typed stays."""
    try:
        return act()
    except Blocked as stop:
        found = links(stop.obstacles, case) if case else [(o.text, "") for o in stop.obstacles]
        for text, url in found:
            form.add_error(None, ValidationError(text, params={"url": url} if url else None))
        return None


def stale_page(
    request: ActingRequest, stale: Stale, fields: list[tuple[str, str, str]], back: str, context: dict[str, Any]
) -> HttpResponse:
    """Show both texts when somebody else was first; `fields` holds label, my text and the text that is there now.

    What was posted can be sent again, under the version that stands now.
    """
    page = {**context, "fields": fields, "who": stale.who, "when": stale.when, "back": back, "has_errors": True}
    page["version"] = stale.record.version
    return render(request, "werkplek/stale.html", page, status=409)
