"""Make many invented cases, to see the house at its size."""

import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from toegang.demo.generate import GenerateError, generate


class Command(BaseCommand):
    """The same seed on the same day gives the same cases; a second run asks another seed."""

    help = "Maakt veel verzonnen zaken: consistent, snel, zonder geschiedenis en logregels."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, which, and over how many gemeenten."""
        parser.add_argument("--cases", type=int, required=True, help="hoeveel zaken")
        parser.add_argument("--seed", type=int, required=True, help="een getal: hetzelfde getal geeft dezelfde zaken")
        parser.add_argument("--gemeenten", type=int, default=1, help="over hoeveel gemeenten (standaard 1)")

    def handle(self, *, cases: int, seed: int, gemeenten: int, **_: Any) -> None:
        """Carry out; CommandError in Dutch when it cannot."""
        begun = time.monotonic()
        password = os.environ.get("DEMO_PASSWORD", "")
        try:
            written = generate(cases=cases, seed=seed, gemeenten=gemeenten, password=password)
        except GenerateError as problem:
            raise CommandError(str(problem)) from problem
        for table, rows in sorted(written.items()):
            self.stdout.write(f"{table}: {rows}")
        self.stdout.write(f"{cases} zaken in {time.monotonic() - begun:.1f} seconden.")
