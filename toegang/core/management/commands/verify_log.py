"""Verify the log against its seals, and the seals against the roots that were sent outside."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date

from toegang.core.access import actor_for
from toegang.core.dates import start_of
from toegang.core.logbook.check import Check, Fault
from toegang.core.logbook.roots import read_roots
from toegang.core.wall import beyond_scope

KINDS = {
    "changed": "is gewijzigd",
    "missing": "is weg",
    "added": "is toegevoegd in een periode die al verzegeld was",
    "moved": "staat niet meer op zijn plaats",
    "backdated": "draagt een moment van lang voor de regels ervoor",
    "unsealed": "is niet verzegeld, terwijl dat al had gemoeten",
    "seal missing": "ontbreekt",
    "seal changed": "is gewijzigd",
}


class Command(BaseCommand):
    """Exit status 0 with counts when all is as it was; 1 with the first touched row when not."""

    help = "Controleert het logboek tegen zijn zegels; noemt de eerste regel die is aangeraakt."

    def add_arguments(self, parser: Any) -> None:
        """Take the first day to check, after older partitions were dropped, and the folder with roots."""
        parser.add_argument("--since", metavar="JJJJ-MM-DD", help="sla zegels met oudere regels over")
        parser.add_argument("--roots", type=Path, help="vergelijk met de zegels die naar buiten zijn gestuurd")

    @beyond_scope()
    def handle(self, *, since: str | None, roots: Path | None, **_: Any) -> None:
        """Walk along every seal and row."""
        if roots and not roots.is_dir():
            raise CommandError(f"De map {roots} is er niet.")
        check = Check(actor_for(None, "logcontrole").now, _moment(since), read_roots(roots) if roots else None)
        first, count = None, 0
        for fault in check.faults():
            first, count = first or fault, count + 1
        if first:
            raise CommandError(f"{told(first)} Aangeraakt: {count}. Gelezen: {check.rows} regels.")
        self.stdout.write(f"In orde: {check.rows} regels in {check.seals} zegels, {check.unsealed} nog niet verzegeld.")


def _moment(day: str | None) -> datetime | None:
    try:
        found = parse_date(day) if day else None
    except ValueError:
        found = None
    if day and not found:
        raise CommandError(f"{day} is geen datum. Schrijf bijvoorbeeld 2026-01-31.")
    return start_of(found) if found else None


def told(fault: Fault) -> str:
    """Tell a fault in a sentence: which row of which moment, or which seal."""
    if fault.row_id is None:
        return f"Zegel {fault.seal} {KINDS[fault.kind]}."
    place = f" (zegel {fault.seal})" if fault.seal else ""
    when = f" van {fault.at.isoformat(timespec='seconds')}" if fault.at else ""
    return f"Regel {fault.row_id}{when}{place} {KINDS[fault.kind]}."
