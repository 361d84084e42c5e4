"""Ordering, making, storing and sending letters; the one place that decides whether a letter may go out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string

from casework import letters
from casework.enums import Channel
from casework.models import Case, Hulpvraag, Letter, Person
from toegang.accounts.models import system_user
from toegang.core import audit, documents, outbox
from toegang.core.access import Actor, actor_for
from toegang.core.lifecycle import Blocked, lock
from toegang.core.pdf import render_pdf

AfterSent = Callable[[Letter, Actor], None]
_after_sent: dict[str, AfterSent] = {}


def after_sent(kind: str) -> Callable[[AfterSent], AfterSent]:
    """Register what a sent letter of this kind moves; runs in the transaction that marks it sent."""

    def register(function: AfterSent) -> AfterSent:
        _after_sent[kind] = function
        return function

    return register


def order_letter(
    *, kind: str, case: Case, addressee: Person, subject: str, by: Actor, hulpvraag: Hulpvraag | None = None,
    reference: str = "", channel: str = "",
) -> Letter:  # fmt: skip
    """Order a letter in this transaction; the worker makes it after commit. Nobody writes to the deceased."""
    if addressee.deceased is not None:
        raise Blocked([f"{addressee.name} is overleden. Stuur geen brief op deze naam."])
    letter = Letter.objects.create(
        gemeente_id=case.gemeente_id,
        case=case,
        hulpvraag=hulpvraag,
        addressee=addressee,
        kind=kind,
        subject=subject,
        reference=reference or case.reference,
        channel=channel or addressee.channel_for(kind),
        ordered_by_id=by.user_id,
    )
    _put(letter, f"letter:{letter.pk}")
    return letter


def _put(letter: Letter, key: str) -> None:
    outbox.put(
        "make_letter",
        key=key,
        case_id=letter.case_id,
        gemeente_id=letter.gemeente_id,
        letter_id=str(letter.pk),
    )


def make_letter(*, letter_id: str, actor: Actor) -> None:
    """Make the PDF, store it and, when digital, send it; a letter that is stored already is left alone.

    When midnight passes while the letter is made, it is made again with the new day, because the day on
    the letter is the day of dispatch (Awb art. 3:41 and 6:8).
    """
    related = ("case", "gemeente", "addressee", "hulpvraag", "hulpvraag__person")
    letter = Letter.objects.select_related(*related).get(pk=letter_id)
    if letter.document_id:
        return
    on = actor.today
    content = render(letter, on)
    while (now := actor_for(actor.user, actor.purpose)).today != on:
        on = now.today
        content = render(letter, on)
    locked = lock(Letter, letter.pk)
    if locked.document_id:
        return
    _store(locked, content, on, now)
    if locked.channel == Channel.DIGITAAL:
        _send(locked, on, actor)


def render(letter: Letter, on: date) -> bytes:
    """Lay the letter out as PDF, dated on a day."""
    sections = letters.COMPOSERS[letter.kind](letter, on)
    html = render_to_string("letters/base.html", {"letter": letters.sheet(letter, on, sections)})
    return render_pdf(html, title=letter.subject)


def _store(letter: Letter, content: bytes, on: date, now: Actor) -> None:
    letter.document = documents.store(
        content,
        name=f"{letter.kind}-{letter.reference}.pdf",
        content_type="application/pdf",
        case_id=letter.case_id,
        gemeente_id=letter.gemeente_id,
    )
    letter.dated, letter.stored_at = on, now.now
    letter.save(update_fields=["document", "dated", "stored_at"])


def _send(letter: Letter, on: date, actor: Actor) -> None:
    letter.sent_on = on
    letter.save(update_fields=["sent_on"])
    look = audit.Look("send", letter.subject, case_id=letter.case_id, gemeente_id=letter.gemeente_id)
    audit.write(actor, [look])
    if effect := _after_sent.get(letter.kind):
        effect(letter, actor)


@transaction.atomic
def post_letter(*, letter_id: UUID | str, posted_on: date, by: Actor) -> Letter:
    """Note that a paper letter was posted; its date must be the day of posting, else it is made again first.

    The steps that follow are the system's, started by who posted the letter.
    """
    letter = lock(Letter, letter_id)
    if letter.sent_on is not None:
        return letter
    if letter.channel != Channel.PAPIER or letter.document_id is None:
        raise Blocked(["Deze brief ligt nog niet klaar om te posten."])
    if posted_on > by.today:
        raise Blocked(["De datum van posten ligt in de toekomst. Vul de dag in waarop u de brief postte."])
    if posted_on != letter.dated:
        advice = "Die dag moet de dag van posten zijn. Maak de brief opnieuw en post de nieuwe brief."
        raise Blocked([f"Op de brief staat {letter.dated:%d-%m-%Y}. {advice}"])
    _send(letter, posted_on, replace(by, user=system_user(), kind="systeem"))
    audit.write(by, [audit.Look("write", "Brief gepost", case_id=letter.case_id, gemeente_id=letter.gemeente_id)])
    return letter


@transaction.atomic
def remake_letter(*, letter_id: UUID | str, by: Actor) -> Letter:
    """Make a paper letter that was not posted in time again, with a new date; the old sheet is not sent."""
    letter = lock(Letter, letter_id)
    if letter.sent_on is not None:
        raise Blocked(["Deze brief is al verstuurd en wordt nooit opnieuw gemaakt."])
    if letter.document_id is None:
        return letter
    former = letter.document_id
    letter.document = letter.dated = letter.stored_at = None
    letter.save(update_fields=["document", "dated", "stored_at"])
    look = audit.Look("write", "Brief opnieuw gemaakt", case_id=letter.case_id, gemeente_id=letter.gemeente_id)
    audit.write(by, [look])
    _put(letter, f"letter:{letter.pk}:{former}")
    return letter
