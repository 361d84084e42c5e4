"""Gapless numbers: a locked counter per gemeente, series and year, taken in the transaction that uses it."""

from toegang.core.models import Counter


def next_number(*, gemeente_id: int, series: str, year: int) -> int:
    """Give the next number; a rollback gives it back, two takers wait for each other."""
    key = {"gemeente_id": gemeente_id, "series": series, "year": year}
    Counter.objects.bulk_create([Counter(**key)], ignore_conflicts=True)
    counter = Counter.objects.select_for_update().get(**key)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
