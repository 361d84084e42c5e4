"""Before somebody is made: who is there already and may be the same, asked on a page of its own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from casework.services.lookup import similar_people
from casework.services.people import PersonFacts
from toegang.core.access import ActingRequest
from toegang.core.pages import carried
from toegang.werkplek.forms.people import NEW, KnownForm

ASKED = "gevraagd"  # goes along once the question was put, also without an answer


def is_key(text: str) -> bool:
    """Whether a text is the key of a record."""
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def ask_known(
    request: ActingRequest, gemeente_id: int, facts: PersonFacts, *, submit: str, which: str = ""
) -> tuple[HttpResponse | None, UUID | None]:
    """The page that asks whether somebody is the same, or else the answer; what was typed goes along unseen.

    `which` tells apart the questions about several people of one form.
    """
    asked, name = f"{ASKED}{which}", f"known{which}"
    known = request.POST.get(name, "")
    if asked in request.POST and (known == NEW or is_key(known)):
        return None, UUID(known) if known != NEW else None  # the service looks whether the actor may know of them
    similar = similar_people(gemeente_id=gemeente_id, facts=facts, actor=request.actor)
    if not similar:
        return None, None
    form = KnownForm(request.POST if asked in request.POST else None, similar=similar, name=name)
    typed = carried(request, {asked, name})
    page = {"form": form, "forms": [form], "has_errors": bool(form.errors), "typed": typed, "submit": submit}
    wanted = " ".join(part for part in (facts.given_names, facts.prefix, facts.family_name) if part)
    return render(request, "werkplek/known.html", {**page, "wanted": wanted, "asked": asked}), None
