"""The file of one person in a case, seen for one law: facts, and the use of what another law gathered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from casework.enums import Law
from casework.models import Case, Fact, Leefgebied, Person
from casework.permissions import may_handle
from casework.selectors import people_of_case
from casework.selectors.facts import facts_of, file_of, laws_of, uses_of
from casework.services import facts as service
from toegang.core.access import ActingRequest, professional
from toegang.core.dates import long_date
from toegang.core.forms import Form
from toegang.core.pages import posted
from toegang.werkplek.forms.facts import FactForm, FactUseForm
from toegang.werkplek.page import case_context, case_in_scope
from toegang.werkplek.saving import save, save_version
from toegang.werkplek.views.case import allow


@dataclass(frozen=True)
class _File:
    """Whose file is open in which case, and for which law somebody looks."""

    case: Case
    person: Person
    law: Law
    laws: list[Law]

    def url(self, page: str = "person_file", law: Law | None = None) -> str:
        """The address of a page of this file."""
        return reverse(f"werkplek:{page}", args=[self.case.pk, self.person.pk, law or self.law])


def _open(request: ActingRequest, pk: UUID, person: UUID, law: str) -> _File:
    """Open the file of one person for one law, which the log tells; else the ordinary 404."""
    label = dict(Law.choices).get(law, "")
    case = case_in_scope(request, pk, "dossier", detail=f"Voor de wet: {label}")
    whose = get_object_or_404(people_of_case(case), pk=person)
    laws = laws_of(case, whose)
    if law not in laws:
        raise Http404
    return _File(case, whose, Law(law), laws)


def _show(request: ActingRequest, opened: _File, template: str, **facts: Any) -> HttpResponse:
    page = {**case_context(request, opened.case, "analyse"), "person": opened.person, "law": opened.law.label, **facts}
    return render(request, f"werkplek/{template}.html", {**page, "back": opened.url()})


def _form_page(request: ActingRequest, file: _File, form: Form, **facts: Any) -> HttpResponse:
    return _show(request, file, "fact_form", form=form, forms=[form], has_errors=bool(form.errors), **facts)


@professional
def person_file(request: ActingRequest, pk: UUID, person: UUID, law: str) -> HttpResponse:
    """Show what is known of one person for one law, that something is held back, and what was allowed."""
    file = _open(request, pk, person, law)
    found = file_of(file.case, file.person, file.law, request.actor.today)
    lenses = [(each.label, file.url(law=each), each == file.law) for each in file.laws]
    uses = uses_of(file.case, file.person, file.law)
    urls = {"add": file.url("fact_new"), "allow": file.url("fact_use_new")}
    today = request.actor.today
    return _show(request, file, "person_file", file=found, lenses=lenses, uses=uses, urls=urls, today=today)


def _leefgebieden(request: ActingRequest, present: Fact | None = None) -> Any:
    """Those of today, and the one that a fact has already."""
    found = Leefgebied.objects.valid_on(request.actor.today)
    return found | Leefgebied.objects.filter(pk=present.leefgebied_id) if present else found


@professional
def fact_new(request: ActingRequest, pk: UUID, person: UUID, law: str) -> HttpResponse:
    """Write a fact in this file, under this law."""
    file = _open(request, pk, person, law)
    allowed, today = allow(request, allowed=may_handle(file.case, request.actor)), request.actor.today
    initial = {"gathered_on": today}
    form = FactForm(posted(request), leefgebieden=_leefgebieden(request), today=today, initial=initial)

    def act() -> None:
        where = {"case_id": pk, "person_id": person, "law": file.law}
        service.add_fact(**where, words=form.words(), actor=request.actor)

    if answer := save(request, form, act, case=file.case, done="Dit staat nu in het dossier.", back=file.url()):
        return answer
    return _form_page(request, file, form, heading=f"Toevoegen aan het dossier van {file.person}", allowed=allowed)


@professional
def fact_correct(request: ActingRequest, pk: UUID, person: UUID, law: str, fact: UUID) -> HttpResponse:
    """Write it better, under its own law; the former words stay in the history."""
    file = _open(request, pk, person, law)
    found = get_object_or_404(facts_of(file.case, file.person).filter(law=file.law), pk=fact)
    allowed, today = allow(request, allowed=may_handle(file.case, request.actor)), request.actor.today
    initial = FactForm.initial_of(found)
    form = FactForm(posted(request), leefgebieden=_leefgebieden(request, found), today=today, initial=initial)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        service.correct_fact(fact_id=found.pk, version=version, words=form.words(), actor=request.actor)

    done, back, texts = "De verbetering is bewaard.", file.url(), partial(_texts, form)
    if answer := save_version(request, form, act, case=file.case, done=done, back=back, texts=texts):
        return answer
    return _form_page(request, file, form, heading=f"Verbeteren in het dossier van {file.person}", allowed=allowed)


def _texts(form: FactForm, now: Fact) -> list[tuple[str, str, str]]:
    """What I typed beside what the fact says now."""
    mine = form.words()
    pairs = [(name, getattr(mine, name), getattr(now, name)) for name in ("leefgebied", "text", "source")]
    texts = [(str(form[name].label), str(typed), str(present)) for name, typed, present in pairs]
    days = (long_date(mine.gathered_on), long_date(now.gathered_on))
    return [*texts, (str(form["gathered_on"].label), *days)]


@professional
def fact_use_new(request: ActingRequest, pk: UUID, person: UUID, law: str) -> HttpResponse:
    """Record why facts of another law may be used for this one."""
    file = _open(request, pk, person, law)
    allowed, today = allow(request, allowed=may_handle(file.case, request.actor)), request.actor.today
    facts = {"law": file.law, "leefgebieden": _leefgebieden(request), "today": today, "initial": {"since": today}}
    form = FactUseForm(posted(request), **facts)

    def act() -> None:
        service.allow_use(case_id=pk, person_id=person, law=file.law, use=form.facts(), actor=request.actor)

    if answer := save(request, form, act, case=file.case, done="Dit is vastgelegd.", back=file.url()):
        return answer
    heading = f"Gegevens van een andere wet gebruiken voor de {file.law.label}"
    return _form_page(request, file, form, heading=heading, allowed=allowed, is_use=True)


@professional
def fact_use_end(request: ActingRequest, pk: UUID, person: UUID, law: str, use: UUID) -> HttpResponse:
    """End the use, as when consent is withdrawn: from now on the facts are held back again."""
    file = _open(request, pk, person, law)
    found = get_object_or_404(uses_of(file.case, file.person, file.law), pk=use)
    allowed = allow(request, allowed=may_handle(file.case, request.actor))
    form = Form(posted(request))
    act = partial(service.end_use, use_id=found.pk, actor=request.actor)
    done = "Beëindigd. Deze gegevens zijn voor deze wet niet meer te zien."
    if answer := save(request, form, act, case=file.case, done=done, back=file.url()):
        return answer
    return _show(request, file, "fact_use_end", use=found, form=form, forms=[form], allowed=allowed)
