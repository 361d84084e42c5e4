"""Terms from their dated rules: never typed, never a constant in code."""

from datetime import date

from toegang.core.models import ClosingDay, TermRule
from toegang.core.workdays import term_end


def equated_days() -> frozenset[date]:
    """The days that royal decrees equate with general holidays (Atw art. 3 lid 3), as the table has them now."""
    return frozenset(ClosingDay.objects.values_list("date", flat=True))


def rule_on(key: str, day: date) -> TermRule:
    """The rule of a term on the day that starts it; LookupError when there is none."""
    rule: TermRule | None = TermRule.objects.valid_on(day).filter(key=key).order_by("-valid_from").first()
    if rule is None:
        raise LookupError(f"Geen termijn ‘{key}’ op {day}")
    return rule


def due_on(key: str, start: date) -> date:
    """The last day of a term that starts on a day, by the rule of that day and the Algemene termijnenwet."""
    rule = rule_on(key, start)
    return term_end(start, days=rule.days, weeks=rule.weeks, months=rule.months, equated=equated_days())


def extended_due_on(key: str, extension: str, start: date) -> date:
    """The last day of a term in months that is made longer once: both counted as one from the day that started it."""
    months = rule_on(key, start).months + rule_on(extension, start).months
    return term_end(start, months=months, equated=equated_days())
