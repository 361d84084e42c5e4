"""The vraaganalyse: leefgebieden, the onderzoek of each hulpvraag, its verslag and the reaction to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from casework import deadlines, rules
from casework.enums import DECISION_LAWS, CaseStatus, HulpvraagStatus, Law, Reaction
from casework.models import Case, Hulpvraag, LeefgebiedNote, Letter, OnderzoekAnswer, OnderzoekPart
from casework.permissions import may_handle
from casework.selectors.facts import file_of, laws_of
from casework.services import analysis
from toegang.core.access import ActingRequest, professional
from toegang.core.dates import long_date
from toegang.core.forms import Form
from toegang.core.lifecycle import Blocked, Missing
from toegang.core.pages import posted
from toegang.werkplek.forms.analysis import EXPERT, NOT_APPLICABLE, NoteForm, OnderzoekForm, ReactionForm
from toegang.werkplek.page import case_context, case_in_scope, links
from toegang.werkplek.saving import save_version
from toegang.werkplek.views.case import allow

EMPTY = "(leeg)"
RELEVANT = {True: "Ja", False: "Nee", None: EMPTY}


@dataclass(frozen=True)
class Row:
    """How far the onderzoek of one hulpvraag is; `kind` says what the page shows of it."""

    hulpvraag: Hulpvraag
    kind: str
    answered: int
    total: int
    letter: Letter | None

    @property
    def is_editable(self) -> bool:
        """Whether the onderzoek may still be written."""
        return self.hulpvraag.is_investigated() and self.letter is None


@professional
def case_analysis(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show what was said of each leefgebied, and how far each onderzoek is."""
    return _analysis_page(request, case_in_scope(request, pk, "analyse"))


def _analysis_page(request: ActingRequest, case: Case, form: Form | None = None) -> HttpResponse:
    context = case_context(request, case, "analyse")
    is_open = case.status == CaseStatus.VRAAGANALYSE
    page = {
        "people": {found.person: laws_of(case, found.person)[0] for found in context["hulpvragen"]},
        "notes": case.leefgebied_notes.select_related("leefgebied"),
        "rows": _rows(case, context["hulpvragen"]),
        "is_open": is_open,
        "is_early": case.status in {CaseStatus.MELDING, CaseStatus.GESPREK},
        "obstacles": places(rules.ready_for_plan(case), case) if is_open else [],
        "forms": [form] if form else [],
        "has_errors": bool(form and form.errors),
    }
    return render(request, "werkplek/analysis.html", {**context, **page})


def _rows(case: Case, hulpvragen: list[Hulpvraag]) -> list[Row]:
    """The onderzoek of each hulpvraag, in as many queries for one as for many."""
    parts = list(OnderzoekPart.objects.all())
    written = OnderzoekAnswer.objects.filter(case=case).exclude(text="").values_list("hulpvraag_id", "part_id")
    answered = set(written)
    letters = {letter.hulpvraag_id: letter for letter in case.letters.filter(kind="verslag")}
    rows = []
    for hulpvraag in hulpvragen:
        own = [part.pk for part in parts if _is_asked(part, hulpvraag)]
        count = sum((hulpvraag.pk, pk) in answered for pk in own)
        rows.append(Row(hulpvraag, _kind(hulpvraag), count, len(own), letters.get(hulpvraag.pk)))
    return rows


def _is_asked(part: OnderzoekPart, hulpvraag: Hulpvraag) -> bool:
    """Whether the part is of this law, on the day of the melding: as Hulpvraag.parts, without a query for each."""
    on = hulpvraag.melding_on
    return part.law == hulpvraag.law and part.valid_from <= on and (part.valid_until is None or on <= part.valid_until)


def _kind(hulpvraag: Hulpvraag) -> str:
    if hulpvraag.referrer:
        return "verwezen"
    if hulpvraag.status == HulpvraagStatus.DOORGEZET:
        return "doorgezet"
    if hulpvraag.law not in DECISION_LAWS:
        return "door_te_zetten"
    return "gemeld" if hulpvraag.status == HulpvraagStatus.GEMELD else "onderzoek"


def places(obstacles: Iterable[Missing], case: Case) -> list[tuple[str, str]]:
    """Give each missing thing with the very page where it is written."""
    found = list(obstacles)
    return [(text, _address(o, case) or url) for o, (text, url) in zip(found, links(found, case), strict=True)]


def _address(obstacle: Missing, case: Case) -> str:
    about = obstacle.about
    if isinstance(about, LeefgebiedNote):
        return reverse("werkplek:note_edit", args=[case.pk, about.pk])
    if isinstance(about, Hulpvraag):
        page = "reaction" if about.verslag_sent_on else "onderzoek_edit"
        return reverse(f"werkplek:{page}", args=[case.pk, about.pk])
    return reverse("werkplek:case_analysis", args=[case.pk]) + "#onderzoek" if obstacle.where == "analyse" else ""


@professional
def note_edit(request: ActingRequest, pk: UUID, note: int) -> HttpResponse:
    """Write whether a leefgebied matters here, why, and how it is now."""
    case = case_in_scope(request, pk, "analyse")
    allow(request, allowed=may_handle(case, request.actor))
    found: LeefgebiedNote = get_object_or_404(case.leefgebied_notes.select_related("leefgebied"), pk=note)
    form = NoteForm(posted(request), initial=NoteForm.initial_of(found))
    if request.method == "POST" and (answer := _write_note(request, case, found, form)):
        return answer
    page = {
        "form": form,
        "forms": [form],
        "note": found,
        "relevant": RELEVANT[found.relevant],
        "has_errors": bool(form.errors),
    }
    return render(request, "werkplek/note.html", {**case_context(request, case, "analyse"), **page})


def _write_note(request: ActingRequest, case: Case, note: LeefgebiedNote, form: NoteForm) -> HttpResponse | None:
    name = note.leefgebied.name
    return save_version(
        request,
        form,
        lambda: analysis.write_note(
            note_id=note.pk, version=form.cleaned_data["version"], actor=request.actor, **form.facts(note)
        ),
        case=case,
        done=f"Bewaard: {name}.",
        back=reverse("werkplek:case_analysis", args=[case.pk]),
        texts=lambda present: _note_texts(form, present),
    )


def _note_texts(form: NoteForm, present: LeefgebiedNote) -> list[tuple[str, str, str]]:
    """What I changed, beside what the note says now."""
    return [
        (str(form[name].label), _words(form.cleaned_data[name]), _words(getattr(present, name)))
        for name in ("relevant", "why", "situation")
        if name in form.changed_data
    ]


def _words(value: object) -> str:
    """A text, or yes, no or nothing in words."""
    if isinstance(value, str):
        return value or EMPTY
    return RELEVANT[None if value is None else bool(value)]


@professional
def onderzoek_edit(request: ActingRequest, pk: UUID, hulpvraag: UUID) -> HttpResponse:
    """Write the parts of the onderzoek of one hulpvraag; half-done work is kept."""
    case = case_in_scope(request, pk, "onderzoek")
    found = _hulpvraag(case, hulpvraag)
    allow(request, allowed=may_handle(case, request.actor))
    answers = list(found.onderzoek_answers.all())
    initial = OnderzoekForm.initial_of(found, answers)
    form = OnderzoekForm(posted(request), parts=list(found.parts()), law=found.law, initial=initial)
    if request.method == "POST" and (answer := _write_onderzoek(request, case, found, form)):
        return answer
    (row,) = _rows(case, [found])
    written = {answer.part_id: answer for answer in answers}
    page = {
        "form": form,
        "forms": [form],
        "row": row,
        "texts": [(part, answer_in_words(written.get(part.pk))) for part in form.parts],
        "file": file_of(case, found.person, Law(found.law), request.actor.today),
        "has_errors": bool(form.errors),
    }
    return render(request, "werkplek/onderzoek.html", {**case_context(request, case, "analyse"), **page})


def _hulpvraag(case: Case, pk: UUID) -> Hulpvraag:
    found: Hulpvraag = get_object_or_404(case.hulpvragen.select_related("person", "case"), pk=pk)
    return found


def _write_onderzoek(
    request: ActingRequest, case: Case, hulpvraag: Hulpvraag, form: OnderzoekForm
) -> HttpResponse | None:
    return save_version(
        request,
        form,
        lambda: analysis.write_onderzoek(
            hulpvraag_id=hulpvraag.pk,
            version=form.cleaned_data["version"],
            answers=form.answers(),
            expert=form.expert(),
            actor=request.actor,
        ),
        case=case,
        done="Het onderzoek is bewaard. U kunt later verder.",
        back=reverse("werkplek:onderzoek_edit", args=[case.pk, hulpvraag.pk]),
        texts=lambda present: _onderzoek_texts(form, present),
    )


def _onderzoek_texts(form: OnderzoekForm, present: Hulpvraag) -> list[tuple[str, str, str]]:
    """What I changed, part by part, beside what the onderzoek says now."""
    mine, titles = form.answers(), {part.pk: part.title for part in form.parts}
    now = {answer.part_id: answer for answer in present.onderzoek_answers.all()}
    texts = [(titles[pk], answer_in_words(answer), answer_in_words(now.get(pk))) for pk, answer in mine.items()]
    experts = [
        (str(form[name].label), form.cleaned_data[name] or EMPTY, getattr(present, name) or EMPTY)
        for name in EXPERT
        if name in form.changed_data
    ]
    return [*texts, *experts]


def answer_in_words(answer: analysis.Answer | OnderzoekAnswer | None) -> str:
    """An answer as a reader sees it."""
    if answer is None:
        return EMPTY
    mark = f"{NOT_APPLICABLE}. " if answer.not_applicable else ""
    return f"{mark}{answer.text}".strip() or EMPTY


@professional
@require_POST
def onderzoek_start(request: ActingRequest, pk: UUID, hulpvraag: UUID) -> HttpResponse:
    """Start the onderzoek of a question that joined a case after its conversation."""
    case = case_in_scope(request, pk, "analyse")
    found = _hulpvraag(case, hulpvraag)
    allow(request, allowed=may_handle(case, request.actor))
    return _step(
        request,
        case,
        lambda: analysis.start_onderzoek(hulpvraag_id=found.pk, actor=request.actor),
        done="Het onderzoek is begonnen.",
        back=reverse("werkplek:case_analysis", args=[pk]),
    )


@professional
@require_POST
def verslag_send(request: ActingRequest, pk: UUID, hulpvraag: UUID) -> HttpResponse:
    """Order the verslag of one onderzoek; the worker makes and sends it."""
    case = case_in_scope(request, pk, "analyse")
    found = _hulpvraag(case, hulpvraag)
    allow(request, allowed=may_handle(case, request.actor))
    return _step(
        request,
        case,
        lambda: analysis.send_verslag(hulpvraag_id=found.pk, actor=request.actor),
        done="Het verslag wordt verzonden.",
        back=reverse("werkplek:case_analysis", args=[pk]),
    )


@professional
@require_POST
def analysis_complete(request: ActingRequest, pk: UUID) -> HttpResponse:
    """From question to plan."""
    case = case_in_scope(request, pk, "analyse")
    allow(request, allowed=may_handle(case, request.actor))
    return _step(
        request,
        case,
        lambda: analysis.complete_analysis(case_id=pk, actor=request.actor),
        done="De vraaganalyse is afgerond. Maak nu samen het plan.",
        back=reverse("werkplek:case_plan", args=[pk]),
    )


def _step(request: ActingRequest, case: Case, act: Callable[[], Any], *, done: str, back: str) -> HttpResponse:
    """Take the step of a button; the vraaganalyse tells what is missing, each with the page where it is written."""
    form = Form({})
    try:
        act()
    except Blocked as stop:
        for text, url in places(stop.obstacles, case):
            form.add_error(None, ValidationError(text, params={"url": url}))
        return _analysis_page(request, case, form)
    messages.success(request, done)
    return redirect(back)


@professional
def reaction(request: ActingRequest, pk: UUID, hulpvraag: UUID) -> HttpResponse:
    """Record what the inwoner said of the verslag."""
    case = case_in_scope(request, pk, "analyse")
    found = _hulpvraag(case, hulpvraag)
    allow(request, allowed=may_handle(case, request.actor))
    if found.verslag_sent_on is None:
        messages.warning(request, "Het verslag is nog niet verzonden. Daarna legt u de reactie vast.")
        return redirect("werkplek:case_analysis", pk)
    today = request.actor.today
    initial = _reaction_facts(found) | {"on": found.reaction_on or today}
    form = ReactionForm(posted(request), sent_on=found.verslag_sent_on, today=today, initial=initial)
    if request.method == "POST" and (answer := _record_reaction(request, case, found, form)):
        return answer
    term = found.deadlines.filter(key=deadlines.VERSLAG_REACTIE).first()
    page = {"form": form, "forms": [form], "hulpvraag": found, "term": term, "has_errors": bool(form.errors)}
    return render(request, "werkplek/reaction.html", {**case_context(request, case, "analyse"), **page})


def _reaction_facts(hulpvraag: Hulpvraag) -> dict[str, Any]:
    return {"reaction": hulpvraag.reaction, "text": hulpvraag.reaction_text, "version": hulpvraag.version}


def _record_reaction(
    request: ActingRequest, case: Case, hulpvraag: Hulpvraag, form: ReactionForm
) -> HttpResponse | None:
    return save_version(
        request,
        form,
        lambda: analysis.record_reaction(hulpvraag_id=hulpvraag.pk, actor=request.actor, **form.cleaned_data),
        case=case,
        done="De reactie is vastgelegd.",
        back=reverse("werkplek:case_analysis", args=[case.pk]),
        texts=lambda present: _reaction_texts(form.cleaned_data, present),
    )


def _reaction_texts(mine: dict[str, Any], now: Hulpvraag) -> list[tuple[str, str, str]]:
    """My reaction beside the one that stands now."""
    present = now.get_reaction_display() or EMPTY
    return [
        ("Wat zegt de inwoner?", str(Reaction(mine["reaction"]).label), present),
        ("Aanvulling of verbetering", mine["text"] or EMPTY, now.reaction_text or EMPTY),
        ("Dag", long_date(mine["on"]), long_date(now.reaction_on) if now.reaction_on else EMPTY),
    ]
