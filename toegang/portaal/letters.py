"""A sent letter as a web page: its words, composed again for its own day, and of a decision the summary."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.functions import TransactionNow
from django.db.models import Q

import decisions.letters  # noqa: F401
import plans.letters  # noqa: F401 (both register how their letters are composed)
from casework.enums import GrantKind
from casework.letters import COMPOSERS
from casework.models import Hulpvraag, LeefgebiedNote, Letter, OnderzoekAnswer, Talk
from decisions.enums import Outcome
from decisions.models import Beschikking
from plans.models import MaatwerkLine
from toegang.core.dates import long_date
from toegang.core.letters import LetterError, Section

COSTS = ("eigen_bijdrage", "geen_eigen_bijdrage")


@dataclass(frozen=True)
class LetterText:
    """The words of a letter. Without sections only the stored PDF can tell what was sent."""

    sections: list[Section]
    contact_changed: bool


def text_of(letter: Letter) -> LetterText:
    """Compose the words of a sent letter again; no words when what it tells was changed after it was stored."""
    if letter.dated is None or _moved_on(letter):
        return LetterText([], contact_changed=False)
    try:
        sections = COMPOSERS[letter.kind](letter, letter.dated)
    except LetterError:
        return LetterText([], contact_changed=False)
    contacts = letter.case.grants.valid_now().filter(kind=GrantKind.CONTACTPERSOON)
    return LetterText(sections, contacts.filter(validity__startswith__gt=letter.stored_at).exists())


def _moved_on(letter: Letter) -> bool:
    """Whether a fact that this letter tells was changed after it was stored."""
    if letter.kind == "uitnodiging":
        talk = letter.case.talks.filter(outcome="gepland").first()
        return talk is None or Talk.history.filter(id=talk.pk, history_date__lte=letter.stored_at).count() == 0
    if letter.kind == "nieuwe_contactpersoon":  # who it names, and who covers, as they were then
        named = letter.case.grants.filter(Q(kind=GrantKind.CONTACTPERSOON) | Q(absence__isnull=False))
        return named.filter(Q(validity__startswith__gt=letter.stored_at) | _ended_after(letter)).exists()
    if letter.kind == "verslag":
        later = {"history_date__gt": letter.stored_at}
        notes = LeefgebiedNote.history.filter(case_id=letter.case_id, **later)
        answers = OnderzoekAnswer.history.filter(hulpvraag_id=letter.hulpvraag_id, **later)
        joined = Hulpvraag.history.filter(case_id=letter.case_id, history_type="+", **later)
        return any(rows.exists() for rows in (notes, answers, joined))
    if letter.kind == "beschikking":
        then = letter.case.history.filter(history_date__lte=letter.stored_at).first()
        return then is None or then.evaluation_on != letter.case.evaluation_on
    return False


def _ended_after(letter: Letter) -> Q:
    """Grants that held when the letter was stored and that have ended since."""
    return Q(validity__endswith__gt=letter.stored_at, validity__endswith__lte=TransactionNow())


def summary_of(letter: Letter, sections: list[Section]) -> list[tuple[str, str]]:
    """The decision in short: yes or no, what, from and until, costs, last day of bezwaar; nothing for other letters."""
    beschikking = Beschikking.objects.filter(letter=letter).select_related("hulpvraag").first()
    if beschikking is None:
        return []
    facts = [("Krijgt u hulp?", "Ja" if beschikking.outcome == Outcome.TOEKENNING else "Nee")]
    if beschikking.outcome == Outcome.WEIGERING and beschikking.refusal_ground:
        facts.append(("Waarom niet?", beschikking.refusal_ground))
    lines = beschikking.lines.select_related("product", "provider", "pgb").order_by("starts_on", "id")
    for line in lines:
        facts += _help(line)
    costs = next((s.paragraphs[0] for s in sections if s.key in COSTS and s.paragraphs), "")
    if costs:
        facts.append(("Wat betaalt u zelf?", costs))
    if beschikking.bezwaar_until:
        facts.append(("Bezwaar maken kan tot en met", long_date(beschikking.bezwaar_until)))
    return facts


def _help(line: MaatwerkLine) -> list[tuple[str, str]]:
    budget = [("Uw budget (pgb)", line.pgb.amount_text)] if hasattr(line, "pgb") else []
    return [
        ("Welke hulp?", f"{line.product.name}: {line.amount_text}"),
        *budget,
        ("Van wanneer tot wanneer?", f"{long_date(line.starts_on)} tot en met {long_date(line.ends_on)}"),
    ]
