"""The people of a case: names, contact, home, household, and who stands around each of them."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from casework.models import Address, Case, Person
from casework.permissions import may_handle
from casework.selectors import present_people_of
from casework.selectors.around import KINDS, cards_of
from casework.services import around, card
from toegang.core.access import ActingRequest, professional
from toegang.core.dates import PartialDate, long_date
from toegang.core.forms import Form
from toegang.core.pages import posted
from toegang.werkplek.forms.around import AROUND_FORMS
from toegang.werkplek.forms.card import (
    ADDRESS,
    ContactForm,
    LeaveForm,
    MemberForm,
    MoveForm,
    NamesForm,
    PostForm,
)
from toegang.werkplek.known import ask_known
from toegang.werkplek.page import case_context, case_in_scope
from toegang.werkplek.saving import save, save_version
from toegang.werkplek.views.case import allow, show_step

PART = "mensen"
MOVING = "Een nieuw adres? Vul de dag van de verhuizing in. Een fout? Vul de dag in waarop het adres inging."
ADDING = {
    "familie": "Familie van {} toevoegen",
    "vertegenwoordiger": "Vertegenwoordiger van {} toevoegen",
    "netwerk": "Wie helpt {}?",
}
CHANGING = {
    "familie": "Familie van {}: {}",
    "vertegenwoordiger": "Vertegenwoordiger van {}: {}",
    "netwerk": "Helper van {}: {}",
}


@professional
def case_people(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show everybody whom the case is about, and who stands around them."""
    case = case_in_scope(request, pk, PART)
    page = case_context(request, case, PART)
    today = request.actor.today
    return render(request, "werkplek/people.html", {**page, "cards": cards_of(case, today), "today": today})


def open_person(request: ActingRequest, pk: UUID, person: UUID) -> tuple[Case, Person, bool]:
    """The case, somebody in it, and whether the actor may change what the page shows."""
    case = case_in_scope(request, pk, PART)
    whose = get_object_or_404(present_people_of(case), pk=person)
    return case, whose, allow(request, allowed=may_handle(case, request.actor))


def people_url(case: Case) -> str:
    """The page of the people of a case."""
    return reverse("werkplek:case_people", args=[case.pk])


def form_page(request: ActingRequest, case: Case, form: Form, **facts: Any) -> HttpResponse:
    """A form about somebody; who may not change anything reads why."""
    facts = {"back": people_url(case), "submit": "Bewaren", "part": PART, **facts}
    return show_step(request, case, "werkplek/people_form.html", form, **facts)


def _texts(form: Form, now: Any) -> list[tuple[str, str, str]]:
    """What I typed beside what stands there now."""
    pairs = [(field, form.cleaned_data.get(field.name), _now(now, field.name)) for field in form.visible_fields()]
    return [(str(field.label), _said(field, mine), _said(field, present)) for field, mine, present in pairs]


def _now(record: Any, name: str) -> Any:
    if name == "died":
        return record.deceased is not None
    value = getattr(record, {"name_prefix": "prefix"}.get(name, name))
    return PartialDate.from_int(value) if name in {"born", "deceased"} and value else value


def _said(field: BoundField, value: Any) -> str:
    """As the form shows it: an answer in words, not its code."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if choices := getattr(field.field, "choices", None):
        return str(dict(choices).get(value, value))
    return long_date(value) if hasattr(value, "isoformat") else str(value or "")


@professional
def person_names(request: ActingRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Change how somebody is called, and when somebody was born or died."""
    case, whose, allowed = open_person(request, pk, person)
    form = NamesForm(posted(request), initial=NamesForm.initial_of(whose), not_after=request.actor.today)
    return _change(request, case, whose, form, allowed=allowed, heading=f"Naam van {whose.name}")


@professional
def person_contact(request: ActingRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Change how somebody is reached, and what is not safe."""
    case, whose, allowed = open_person(request, pk, person)
    form = ContactForm(posted(request), initial=ContactForm.initial_of(whose))
    return _change(request, case, whose, form, allowed=allowed, heading=f"Contact met {whose.name}")


def _change(
    request: ActingRequest, case: Case, whose: Person, form: NamesForm | ContactForm, *, allowed: bool, heading: str
) -> HttpResponse:
    def act() -> None:
        version = form.cleaned_data["version"] or 0
        ids = {"case_id": case.pk, "person_id": whose.pk, "version": version}
        card.change_person(**ids, facts=form.facts(), actor=request.actor)

    done, back = "De gegevens zijn bewaard.", people_url(case)
    texts = partial(_texts, form)
    if answer := save_version(request, form, act, case=case, done=done, back=back, texts=texts):
        return answer
    return form_page(request, case, form, heading=heading, allowed=allowed)


@professional
def person_move(request: ActingRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Give somebody a new home, alone or with the household."""
    case, whose, allowed = open_person(request, pk, person)
    initial = {"version": whose.version, "shielded": whose.shielded}
    form = MoveForm(posted(request), today=request.actor.today, initial=initial)

    def act() -> None:
        given = form.cleaned_data
        facts = {name: given[name] for name in ("since", "shielded", "together")}
        ids = {"case_id": pk, "person_id": person, "version": given["version"] or 0}
        card.move(**ids, to=form.place(), **facts, actor=request.actor)

    done, back = "Het nieuwe adres is bewaard.", people_url(case)
    texts = partial(_moved, form)
    if answer := save_version(request, form, act, case=case, done=done, back=back, texts=texts):
        return answer
    return form_page(
        request, case, form, heading=f"Adres van {whose.name}", intro=MOVING, allowed=allowed, person=whose
    )


def _moved(form: MoveForm, now: Person) -> list[tuple[str, str, str]]:
    """What I typed beside what stands there now; a secret address stays unseen."""
    given = form.cleaned_data
    mine = Address(**vars(form.place()), shielded=given["shielded"] and now.shielded)
    since = long_date(now.address_since) if now.address_since else ""
    return [
        ("Adres", str(mine), ", ".join(now.address_lines())),
        ("Dit adres is geheim", "ja" if given["shielded"] else "nee", "ja" if now.shielded else "nee"),
        ("Vanaf", long_date(given["since"]), since),
    ]


@professional
def person_post(request: ActingRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Say where the post of somebody goes."""
    case, whose, allowed = open_person(request, pk, person)
    today = request.actor.today
    present = whose.post_address(today)
    initial = {**PostForm.initial_of(present), "since": today, "version": whose.version}
    form = PostForm(posted(request), today=today, initial=initial)

    def act() -> None:
        given = form.cleaned_data
        ids = {"case_id": pk, "person_id": person, "version": given["version"] or 0}
        facts = {"care_of": given["care_of"], "since": given["since"]}
        card.set_post_address(**ids, to=form.where(), **facts, actor=request.actor)

    done, back, texts = "Het postadres is bewaard.", people_url(case), partial(_addressed, form, today)
    if answer := save_version(request, form, act, case=case, done=done, back=back, texts=texts):
        return answer
    intro = "Brieven op papier gaan naar dit adres. Maak het leeg om de post weer naar huis te sturen."
    return form_page(request, case, form, heading=f"Postadres van {whose.name}", allowed=allowed, intro=intro)


def _addressed(form: PostForm, today: date, now: Person) -> list[tuple[str, str, str]]:
    """The post address that I typed beside the one of now."""
    present = PostForm.initial_of(now.post_address(today))
    names = ("care_of", *ADDRESS)
    return [(str(form[name].label), form.cleaned_data[name], present.get(name, "")) for name in names]


@professional
def member_new(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Let somebody belong to the household."""
    case = case_in_scope(request, pk, PART)
    allowed = allow(request, allowed=may_handle(case, request.actor))
    form = MemberForm(posted(request), today=request.actor.today, not_after=request.actor.today)
    known = None
    if request.method == "POST" and form.is_valid():
        ask, known = ask_known(request, case.gemeente_id, form.facts(case.person), submit="Toevoegen")
        if ask:
            return ask

    def act() -> None:
        given = form.cleaned_data
        facts = {"since": given["since"], "part_time": given["part_time"], "known": known}
        card.add_member(case_id=pk, facts=form.facts(case.person), **facts, actor=request.actor)

    done = "Deze persoon hoort nu bij het huishouden."
    if answer := save(request, form, act, case=case, done=done, back=people_url(case)):
        return answer
    return form_page(request, case, form, heading="Iemand toevoegen aan het huishouden", allowed=allowed)


@professional
def member_leave(request: ActingRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Let somebody belong to the household no more."""
    case, whose, allowed = open_person(request, pk, person)
    today = request.actor.today
    form = LeaveForm(posted(request), today=today, initial={"until": today})

    def act() -> None:
        day = form.cleaned_data["until"]
        card.end_membership(case_id=pk, person_id=person, until=day, actor=request.actor)

    done = f"{whose.name} hoort niet meer bij dit huishouden."
    if answer := save(request, form, act, case=case, done=done, back=people_url(case)):
        return answer
    intro = "Wat in deze zaak over deze persoon staat, blijft staan."
    return form_page(request, case, form, heading=f"{whose.name} woont hier niet meer", allowed=allowed, intro=intro)


@professional
def around_new(request: ActingRequest, pk: UUID, person: UUID, kind: str) -> HttpResponse:
    """Write somebody down around a person."""
    if kind not in KINDS:
        raise Http404
    case, whose, allowed = open_person(request, pk, person)
    today = request.actor.today
    form = AROUND_FORMS[kind](posted(request), today=today, initial={"since": today})

    def act() -> None:
        ids = {"case_id": pk, "person_id": person, "kind": kind}
        around.add_around(**ids, facts=form.facts(), actor=request.actor)

    if answer := save(request, form, act, case=case, done=f"{around.WORDS[kind]} toegevoegd.", back=people_url(case)):
        return answer
    return form_page(request, case, form, heading=ADDING[kind].format(whose.name), allowed=allowed)


@professional
def around_edit(request: ActingRequest, pk: UUID, person: UUID, kind: str, row: UUID) -> HttpResponse:
    """Change what is written of somebody around a person, or end it."""
    if kind not in KINDS:
        raise Http404
    case, whose, allowed = open_person(request, pk, person)
    found = get_object_or_404(KINDS[kind]._default_manager.filter(case=case, person=whose), pk=row)
    kind_of_form = AROUND_FORMS[kind]
    form = kind_of_form(posted(request), today=request.actor.today, initial=kind_of_form.initial_of(found))

    def act() -> None:
        ids = {"case_id": pk, "around_id": row, "kind": kind, "version": form.cleaned_data["version"] or 0}
        around.change_around(**ids, facts=form.facts(), actor=request.actor)

    done, texts = "De wijziging is bewaard.", partial(_texts, form)
    if answer := save_version(request, form, act, case=case, done=done, back=people_url(case), texts=texts):
        return answer
    return form_page(request, case, form, heading=CHANGING[kind].format(whose.name, found.name), allowed=allowed)
