"""Somebody who was written down twice: linked into one, and undone."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from casework.models import PersonMerge
from casework.services import merge as service
from toegang.core.access import ActingRequest, professional
from toegang.core.pages import posted
from toegang.werkplek.forms.card import MergeForm, UndoForm
from toegang.werkplek.saving import save
from toegang.werkplek.views.card import form_page, open_person, people_url

ABOUT = (
    "Alles van de andere persoon komt bij deze persoon te staan: zaken, meldingen, brieven en dossier. "
    "De andere persoon is dan niet meer te vinden. U kunt dit ongedaan maken."
)
NOBODY = "Wij vinden niemand die hierop lijkt en van wie u alle zaken ziet."
BACK_AGAIN = (
    "De andere persoon krijgt terug wat er bij het samenvoegen is overgezet. Wat later is geschreven, blijft hier."
)


@professional
def person_merge(request: ActingRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Choose who is the same person; the other record is linked into this one."""
    case, whose, allowed = open_person(request, pk, person)
    doubles = service.doubles_of(whose, by=request.actor) if allowed else []
    form = MergeForm(posted(request), doubles=doubles)

    def act() -> None:
        given = form.cleaned_data
        ids = {"case_id": pk, "person_id": person, "other_id": given["other"]}
        service.merge_people(**ids, reason=given["reason"], actor=request.actor)

    if answer := save(request, form, act, case=case, done="Samengevoegd.", back=people_url(case)):
        return answer
    facts = {"submit": "Samenvoegen", "intro": ABOUT if doubles or not allowed else NOBODY}
    facts["allowed"] = allowed and bool(doubles)
    return form_page(request, case, form, heading=f"Staat {whose.name} er dubbel in?", may=allowed, **facts)


@professional
def merge_undo(request: ActingRequest, pk: UUID, person: UUID, merge: UUID) -> HttpResponse:
    """Give the other record back what was its own."""
    case, whose, allowed = open_person(request, pk, person)
    get_object_or_404(PersonMerge.objects.filter(kept=whose), pk=merge)
    form = UndoForm(posted(request))

    def act() -> None:
        reason = form.cleaned_data["reason"]
        service.undo_merge(case_id=pk, merge_id=merge, reason=reason, actor=request.actor)

    if answer := save(
        request, form, act, case=case, done="Het samenvoegen is ongedaan gemaakt.", back=people_url(case)
    ):
        return answer
    heading = f"Samenvoegen van {whose.name} ongedaan maken"
    facts = {"submit": "Ongedaan maken", "intro": BACK_AGAIN}
    return form_page(request, case, form, heading=heading, allowed=allowed, may=allowed, **facts)
