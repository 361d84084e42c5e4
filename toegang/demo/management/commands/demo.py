"""Make the invented gemeente of the demo, and if wanted load a file of test persons."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from toegang.core.lifecycle import Blocked
from toegang.core.pdf import PdfError
from toegang.core.wall import stand_as_worker
from toegang.demo.persons import PersonsFileError, load_persons
from toegang.demo.stories import Made, UnfinishedWorkError, make_demo


class Command(BaseCommand):
    """What is there already is never made twice."""

    help = "Maakt de verzonnen gemeente van de demo, met inlognamen en zaken in elke stand."

    def add_arguments(self, parser: CommandParser) -> None:
        """The two options."""
        parser.add_argument("--if-empty", action="store_true", help="zeg niets als de demogegevens er al zijn")
        parser.add_argument("--persons", type=Path, metavar="FILE", help="laad ook de testpersonen uit dit CSV-bestand")

    def handle(self, *, if_empty: bool, persons: Path | None, **_: Any) -> None:
        """Carry out; CommandError in Dutch when something is missing."""
        password = os.environ.get("DEMO_PASSWORD")
        if not password:
            raise CommandError("Zet eerst DEMO_PASSWORD: het wachtwoord van alle demo-accounts.")
        stand_as_worker()
        try:
            self._tell(make_demo(password=password), quiet=if_empty)
            if persons:
                self._write(load_persons(persons))
        except (Blocked, UnfinishedWorkError, PdfError, PersonsFileError) as problem:
            raise CommandError(str(problem)) from problem

    def _tell(self, made: Made, *, quiet: bool) -> None:
        if made.cases:
            self._write([f"Demogegevens gemaakt: {made.cases} zaken, {made.people} personen."])
        elif not quiet:
            self._write(["De demogegevens waren er al: er is niets toegevoegd. Het wachtwoord klopt weer."])

    def _write(self, lines: list[str]) -> None:
        for line in lines:
            self.stdout.write(line)
