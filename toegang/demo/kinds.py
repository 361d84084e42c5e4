"""Which cases a gemeente has, in which mix, and on which days their steps fell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from toegang.demo.walk import Stage


@dataclass(frozen=True)
class Kind:
    """A kind of case: how many in a hundred, how far it came, and how it stands now."""

    name: str
    share: int
    stage: Stage
    light: bool = False  # without maatwerk, so without steps 4 and 5
    drafted: bool = False  # a decision was begun
    ordered: bool = False  # the letter of the decision waits on the print list
    evaluated: bool = False
    referred: bool = False  # by a huisarts: no onderzoek
    running: bool = False  # the referral was confirmed
    handed_over: bool = False
    close_reason: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether the case is closed."""
        return bool(self.close_reason)


KINDS = (
    Kind("melding", 3, Stage.MELDING),
    Kind("gesprek", 5, Stage.GESPREK),
    Kind("vraaganalyse", 5, Stage.VRAAGANALYSE),
    Kind("verslag verzonden", 2, Stage.VERSLAG),
    Kind("plan in concept", 3, Stage.PLAN),
    Kind("plan gedeeld", 2, Stage.GEDEELD),
    Kind("aanbieder kiezen", 3, Stage.AKKOORD),
    Kind("aanvraag ontvangen", 2, Stage.BESLUIT),
    Kind("besluit in concept", 1, Stage.BESLUIT, drafted=True),
    Kind("besluit bij de toetser", 1, Stage.TER_TOETSING, drafted=True),
    Kind("besluit vastgesteld", 1, Stage.VASTGESTELD, drafted=True),
    Kind("besluit op de printlijst", 1, Stage.VASTGESTELD, drafted=True, ordered=True),
    Kind("hulp loopt", 10, Stage.VERZONDEN, drafted=True),
    Kind("lichte hulp loopt", 4, Stage.AKKOORD, light=True),
    Kind("evaluatie", 3, Stage.VERZONDEN, drafted=True, evaluated=True),
    Kind("verwezen", 2, Stage.MELDING, referred=True),
    Kind("verwezen, hulp loopt", 2, Stage.MELDING, referred=True, running=True),
    Kind("gesloten na informatie", 18, Stage.MELDING, close_reason="opgelost_informatie"),
    Kind("doorgezet", 4, Stage.MELDING, handed_over=True, close_reason="andere_wet"),
    Kind("gesloten na lichte hulp", 12, Stage.AKKOORD, light=True, evaluated=True, close_reason="lichte_hulp"),
    Kind("gesloten na hulp", 16, Stage.VERZONDEN, drafted=True, evaluated=True, close_reason="resultaat_bereikt"),
)
# The fewest and the most days from one step to the next.
DAYS = (
    (Stage.VRAAGANALYSE, 4, 18),
    (Stage.VERSLAG, 3, 22),
    (Stage.PLAN, 1, 6),
    (Stage.GEDEELD, 1, 7),
    (Stage.AKKOORD, 0, 10),
    (Stage.BESLUIT, 0, 5),
    (Stage.TER_TOETSING, 0, 4),
    (Stage.VASTGESTELD, 1, 5),
    (Stage.VERZONDEN, 0, 2),
)
SHORT, HALF_YEAR, LONG = (1, 15), (150, 190), (1, 300)


@dataclass(frozen=True)
class Timeline:
    """The days of one case; a step that was not taken has none."""

    melding: date
    steps: dict[Stage, date]
    evaluated: date | None
    closed: date | None

    def on(self, stage: Stage) -> date | None:
        """The day of a step, or None."""
        return self.steps.get(stage)


def numbers_of(kind: Kind, days: Timeline, today: date) -> list[tuple[str, int]]:
    """Each series and year in which a case takes a number."""
    taken = [("zaak", days.melding.year)]
    if kind.ordered or kind.stage == Stage.VERZONDEN:
        taken.append(("besluit", (days.on(Stage.VERZONDEN) or today).year))
    return taken


def timeline(kind: Kind, rng: Random, today: date) -> Timeline:
    """Draw the days between the steps, and count back from today; all of them have been."""
    gaps = [(stage, rng.randint(fewest, most)) for stage, fewest, most in DAYS if stage <= kind.stage]
    evaluated = rng.randint(*HALF_YEAR) if kind.evaluated else 0
    closed = rng.randint(*LONG) if kind.is_closed else 0
    after = rng.randint(*(LONG if kind.is_closed or kind.stage == Stage.VERZONDEN or kind.light else SHORT))
    start = today - timedelta(days=sum(gap for _, gap in gaps) + evaluated + closed + after)
    steps, day = {Stage.MELDING: start}, start
    for stage, gap in gaps:
        day = steps[stage] = day + timedelta(days=gap)
    held = day + timedelta(days=evaluated) if kind.evaluated else None
    ended = (held or day) + timedelta(days=closed) if kind.is_closed else None
    return Timeline(start, steps, held, ended)
