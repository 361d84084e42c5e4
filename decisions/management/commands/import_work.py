"""Take over running work from an older system, out of three files; without --write only try it."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, transaction

from decisions.services.takeover import Tally, log_run, try_household
from decisions.takeover.check import FilesError, Household, read_households, rejected_rows
from decisions.takeover.ground import Ground, ground_of
from toegang.accounts.models import Gemeente, system_user
from toegang.core.access import acting_as
from toegang.core.spreadsheets import write_table

PURPOSE = "overname"
LONGEST_SOURCE = 60
COLUMNS = ("bestand", "regel", "kolom", "melding")
BROKEN_OFF = "De database antwoordde niet meer. Wat af was, is bewaard. Start de opdracht opnieuw."


class Command(BaseCommand):
    """Runs beside the house, as the application's role; broken off, it can simply be run again."""

    help = "Neemt lopend werk over uit huishoudens.csv, zaken.csv en besluiten.csv; zonder --write wordt niets bewaard."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the gemeente, the old system and the folder with the files."""
        parser.add_argument("folder", metavar="MAP", type=Path)
        parser.add_argument("--gemeente", required=True, help="naam of CBS-code")
        parser.add_argument("--source", required=True, help="naam van het oude systeem; bij elke keer dezelfde")
        parser.add_argument("--write", action="store_true", help="bewaar het; zonder dit is het een proef")

    def handle(self, *, folder: Path, gemeente: str, source: str, write: bool, **_: Any) -> None:
        """Check the files, take each household over in a transaction of its own, and tell how it went."""
        source = _source(source)
        try:
            with nullcontext() if write else _trial():
                moment, ground = _ground(gemeente)
                households = read_households(folder, ground)
                tally = _take_all(households, ground, source)
        except FilesError as problem:
            raise CommandError("\n".join([*problem.sentences, "Er is niets overgenomen."])) from None
        except (OperationalError, InterfaceError):
            raise CommandError(BROKEN_OFF) from None
        self._tell(tally, write=write)
        if rejected := list(rejected_rows(households)):
            path = folder / f"afgewezen-{moment}.csv"
            _write_list(path, rejected)
            lines = len({row[:2] for row in rejected})
            raise CommandError(f"{lines} regels zijn niet overgenomen. Waarom staat in {path}.")

    def _tell(self, tally: Tally, *, write: bool) -> None:
        done = "overgenomen" if write else "over te nemen"
        self.stdout.write("Dit is bewaard." if write else "Dit was een proef: er is niets bewaard.")
        self.stdout.write(f"Huishoudens {done}: {tally.households}, met elk een zaak.")
        self.stdout.write(f"Personen: {tally.people}. Besluiten: {tally.decisions}. Regels met hulp: {tally.lines}.")
        self.stdout.write(f"Al overgenomen: {tally.already}. Afgewezen: {tally.rejected}.")


def _source(name: str) -> str:
    found = name.strip()
    if not found or len(found) > LONGEST_SOURCE or not found.isprintable():
        raise CommandError(f"Noem met --source het oude systeem, in hoogstens {LONGEST_SOURCE} tekens.")
    return found


def _ground(name: str) -> tuple[str, Ground]:
    """What there is in this gemeente, and the moment, for the name of the list."""
    with acting_as(system_user(), PURPOSE) as actor:
        by_name = Gemeente.objects.filter(name__iexact=name)
        gemeente = Gemeente.objects.filter(code=name).first() or by_name.first()
        if gemeente is None or by_name.count() > 1:
            known = ", ".join(f"{each.name} ({each.code})" for each in Gemeente.objects.order_by("name"))
            raise CommandError(f"Noem met --gemeente een van deze: {known}.")
        return f"{actor.now:%Y%m%d-%H%M%S-%f}", ground_of(gemeente, actor.today)


@contextmanager
def _trial() -> Iterator[None]:
    """The very same, inside one transaction that is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _take_all(households: Iterable[Household], ground: Ground, source: str) -> Tally:
    """Each household in a transaction of its own, so that what is done stays done."""
    tally = Tally()
    for household in households:
        with acting_as(system_user(), PURPOSE) as actor:
            case = try_household(household=household, gemeente=ground.gemeente, source=source, actor=actor)
            tally.count(household, case)
    with acting_as(system_user(), PURPOSE) as actor:
        log_run(gemeente=ground.gemeente, source=source, tally=tally, actor=actor)
    return tally


def _write_list(path: Path, rejected: list[tuple[str, int, str, str]]) -> None:
    try:
        write_table(path, COLUMNS, rejected)
    except OSError:
        raise CommandError(f"{len(rejected)} regels zijn niet overgenomen. De lijst kon niet in deze map.") from None
