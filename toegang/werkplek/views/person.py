"""The burgerservicenummer of somebody in a case, shown in full: an act of its own, that asks who is there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from casework.models import Case, Person
from casework.permissions import may_handle
from casework.selectors import people_of
from toegang.accounts.sessions import step_up
from toegang.core.access import ActingRequest, professional
from toegang.core.sealing import Unreadable
from toegang.werkplek.page import case_context, case_in_scope
from toegang.werkplek.views.case import allow

NOT_YOURS_TO_SEE = "Alleen wie deze zaak behandelt, mag het hele nummer zien."


@professional
def person_bsn(request: ActingRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Say what showing the number means; show it once to who handles the case, and log that."""
    case = case_in_scope(request, pk, "burgerservicenummer")
    who = get_object_or_404(people_of(case), pk=person)
    allowed = allow(request, allowed=may_handle(case, request.actor), sentence=NOT_YOURS_TO_SEE)
    page = {**case_context(request, case, ""), "person": who, "allowed": allowed}
    if request.method == "POST":
        return step_up(_shown)(request, case, who, page)  # type: ignore[return-value]
    return render(request, "werkplek/person_bsn.html", page)


def _shown(request: ActingRequest, case: Case, who: Person, page: dict[str, Any]) -> HttpResponse:
    """The number stands in this answer only: not in an address, a message or the session."""
    try:
        digits = who.bsn or ""
    except Unreadable:
        digits = ""
    if digits:
        request.actor.looked_at(
            "Burgerservicenummer getoond", case, action="bsn", object_type="person", object_id=str(who.pk)
        )
    number = " ".join((digits[:3], digits[3:6], digits[6:])).strip()
    return render(request, "werkplek/person_bsn.html", {**page, "number": number})
