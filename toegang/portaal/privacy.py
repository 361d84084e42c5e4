"""The own data in the portaal: ask to see, to correct or to restrict them, follow the request, download."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from casework.enums import Asker, PrivacyKind, PrivacyOutcome, PrivacyStatus, Route
from casework.models import Case, Hulpvraag, PrivacyRequest
from casework.selectors.privacy import subjects_of
from casework.services.privacy import RequestFacts, register_request
from toegang.core.access import ActingRequest, resident
from toegang.core.dates import long_date
from toegang.core.forms import Form
from toegang.core.models import StoredFile
from toegang.core.pages import file_answer, posted
from toegang.portaal.selectors import Helpers, home_of, own_hulpvragen
from toegang.portaal.views import house_of

KINDS = {
    PrivacyKind.INZAGE: "Ik wil mijn gegevens zien",
    PrivacyKind.CORRECTIE: "Er klopt iets niet, of ik wil iets toevoegen",
    PrivacyKind.BEPERKING: "Ik wil dat u mijn gegevens een tijd niet gebruikt",
}
LONGEST_TEXT = 4000
STATES = {
    PrivacyStatus.ONTVANGEN: "Wij hebben uw verzoek.",
    PrivacyStatus.IN_BEHANDELING: "Wij zijn ermee bezig.",
    PrivacyStatus.CONTROLE: "Wij kijken uw gegevens na.",
    PrivacyStatus.WORDT_GEMAAKT: "Wij maken uw bestanden.",
    PrivacyStatus.AFGEWEZEN: "Wij doen niet wat u vroeg. In onze brief leest u waarom.",
}
OUTCOMES = {
    PrivacyOutcome.PAKKET: "Uw gegevens staan klaar.",
    PrivacyOutcome.VERKLARING: "Uw verklaring staat nu in uw zaak, naast onze tekst.",
    PrivacyOutcome.GEWIJZIGD: "Wij hebben uw gegevens aangepast.",
    PrivacyOutcome.BEPERKT: "Wij gebruiken uw gegevens nu alleen als dat echt nodig is.",
}


class OwnDataForm(Form):
    """What the inwoner asks, in own words."""

    case = forms.ChoiceField(label="Over welke zaak gaat het?", widget=forms.RadioSelect)
    kind = forms.ChoiceField(label="Wat wilt u?", choices=list(KINDS.items()), widget=forms.RadioSelect)
    subject = forms.ChoiceField(
        label="Waar staat het dat niet klopt?",
        help_text="Alleen als er iets niet klopt of als u iets wilt toevoegen.",
        required=False,
    )
    words = forms.CharField(
        label="Wat wilt u ons vertellen?",
        help_text="Klopt er iets niet? Schrijf hier uw verklaring. Bij de andere twee keuzes mag u dit overslaan.",
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST_TEXT,
        required=False,
    )

    def __init__(self, *args: Any, hulpvragen: Iterable[Hulpvraag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hulpvragen = list(hulpvragen)
        cases = {hulpvraag.case_id: hulpvraag.case for hulpvraag in self.hulpvragen}
        field = self.fields["case"]
        field.choices = [(str(pk), f"Zaak {case.reference}") for pk, case in cases.items()]  # type: ignore[attr-defined]
        if len(cases) == 1:
            field.initial, field.widget = str(next(iter(cases))), forms.HiddenInput()
        subjects = subjects_of(self.hulpvragen)
        self.fields["subject"].choices = [("", "Kies waar het staat"), *subjects]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """A correction says what and where, in the case that was chosen."""
        given = self.cleaned_data
        if given.get("kind") != PrivacyKind.CORRECTIE:
            return
        if not given.get("words") and "words" not in self.errors:
            self.add_error("words", "Schrijf op wat er niet klopt, of wat u wilt toevoegen")
        found = self._hulpvraag()
        if not given.get("subject"):
            self.add_error("subject", "Kies waar het staat")
        elif found and str(found.case_id) != given.get("case"):
            self.add_error("subject", "Dit hoort bij een andere zaak. Kies de zaak waar het bij hoort")

    def _hulpvraag(self) -> Hulpvraag | None:
        pk = self.cleaned_data.get("subject", "").partition(":")[2]
        return next((found for found in self.hulpvragen if str(found.pk) == pk), None)

    def facts(self, request: ActingRequest) -> RequestFacts:
        """What the service takes; who asks signed in with DigiD, perhaps for somebody else."""
        given, actor = self.cleaned_data, request.actor
        corrects = given["kind"] == PrivacyKind.CORRECTIE
        (person,) = {found.person for found in self.hulpvragen}
        return RequestFacts(
            person=person,
            kind=given["kind"],
            received_on=actor.today,
            route=Route.PORTAAL,
            words=given["words"],
            asker=Asker.VERTEGENWOORDIGER if actor.on_behalf_of else Asker.ZELF,
            asker_name="gemachtigd via DigiD" if actor.on_behalf_of else "",
            subject=given["subject"].partition(":")[0] if corrects else "",
            hulpvraag=self._hulpvraag() if corrects else None,
        )


def own_requests(request: ActingRequest) -> QuerySet[PrivacyRequest]:
    """The requests about the actor's own person in the cases that the actor may see."""
    mine = PrivacyRequest.objects.filter(case__in=Case.objects.visible_to(request.actor))
    return mine.filter(person__user_id=request.actor.user_id).select_related("case", "pdf", "json")


@resident
def own_data(request: ActingRequest) -> HttpResponse:
    """Ask something about the own data, and see what became of it."""
    hulpvragen = list(own_hulpvragen(request.actor).select_related("person", "case", "case__gemeente"))
    form = OwnDataForm(posted(request), hulpvragen=hulpvragen)
    if hulpvragen and form.is_valid():
        register_request(case_id=form.cleaned_data["case"], facts=form.facts(request), actor=request.actor)
        messages.success(request, "Wij hebben uw verzoek. U krijgt binnen een maand antwoord.")
        return redirect("portaal:privacy")
    rows = list(own_requests(request))
    cases = list(dict.fromkeys([*(found.case_id for found in hulpvragen), *(row.case_id for row in rows)]))
    request.actor.looked_at("Eigen verzoeken over gegevens", action="list", case_ids=cases)
    page = {
        "form": form,
        "has_errors": bool(form.errors),
        "may_ask": bool(hulpvragen),
        "rows": [_shown(row, request) for row in rows],
    }
    gemeente = hulpvragen[0].case.gemeente if hulpvragen else home_of(request.actor)
    return render(request, "portaal/privacy.html", house_of(gemeente, Helpers()) | page)


def _shown(row: PrivacyRequest, request: ActingRequest) -> dict[str, Any]:
    """One request as the inwoner reads it; ready files until their last day."""
    until = row.available_until
    over = bool(until and until < request.actor.today)
    state = OUTCOMES.get(row.outcome) or STATES.get(row.status, "")  # type: ignore[call-overload]
    if row.lifted_on:
        state = f"De beperking stopte op {long_date(row.lifted_on)}."
    return {
        "record": row,
        "title": KINDS[PrivacyKind(row.kind)],
        "state": "U kunt uw gegevens niet meer ophalen. Vraag ze gerust opnieuw." if over else state,
        "received": long_date(row.received_on),
        "due": long_date(row.due_on) if row.is_open() else "",
        "until": long_date(until) if until and not over else "",
    }


@resident
@require_safe
def own_pdf(request: ActingRequest, verzoek: UUID) -> HttpResponse:
    """Give the own data to read, until their last day; logged as an export."""
    return _download(request, verzoek, "pdf")


@resident
@require_safe
def own_json(request: ActingRequest, verzoek: UUID) -> HttpResponse:
    """Give the own data for a computer, until their last day; logged as an export."""
    return _download(request, verzoek, "json")


def _download(request: ActingRequest, verzoek: UUID, which: str) -> HttpResponse:
    ready = own_requests(request).filter(available_until__gte=request.actor.today)
    found: PrivacyRequest = get_object_or_404(ready, pk=verzoek)
    file: StoredFile | None = getattr(found, which)
    if file is None:
        raise Http404
    facts = {"action": "export", "object_type": "privacyrequest", "object_id": str(found.pk)}
    request.actor.looked_at(f"Eigen gegevens opgehaald ({which})", found.case, **facts)
    return file_answer(file, download=True)
