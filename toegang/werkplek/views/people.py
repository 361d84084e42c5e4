"""Looking people up before a melding."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render

from casework.permissions import REGISTRARS
from casework.services.lookup import look_up
from toegang.accounts.models import Gemeente
from toegang.core.access import ActingRequest, professional
from toegang.core.pages import posted
from toegang.werkplek.forms.people import PeopleSearchForm

USED_UP = "U hebt het afgelopen uur al {number} keer gezocht. Zoek later verder, of doe een nieuwe melding"


@professional(roles=REGISTRARS)
def people_search(request: ActingRequest) -> HttpResponse:
    """Look somebody up; what is typed and found stands in the page only, never in an address."""
    gemeenten = Gemeente.objects.filter(pk__in=request.actor.gemeenten_as(*REGISTRARS)).order_by("name")
    form = PeopleSearchForm(posted(request), gemeenten=gemeenten, not_after=request.actor.today)
    answer = look_up(actor=request.actor, **form.facts()) if form.is_valid() else None
    if answer and answer.refused:
        form.add_error(None, USED_UP.format(number=answer.refused))
    page = {"form": form, "answer": answer, "has_errors": bool(form.errors)}
    status = HTTPStatus.TOO_MANY_REQUESTS if answer and answer.refused else None
    return render(request, "werkplek/people_search.html", page, status=status)
