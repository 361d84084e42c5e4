"""Seal and index every burgerservicenummer with the newest keys."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from casework.services.bsn import Renewed, renew_numbers, renew_waiting
from toegang.accounts.models import system_user
from toegang.core.access import acting_as


class Command(BaseCommand):
    """Runs beside the house, as the application's role; broken off, it can simply be run again."""

    help = "Verzegelt alle burgerservicenummers met de eerste sleutel van BSN_KEYS en BSN_INDEX_KEYS."

    def handle(self, **_: Any) -> None:
        """Take one batch in one transaction after another, and say how many were renewed."""
        done = [self._batch(None)]
        while done[-1].last:
            done.append(self._batch(done[-1].last))
        with acting_as(system_user(), "beheer") as actor:
            done.append(renew_waiting(by=actor))
        self.stdout.write(f"{sum(batch.changed for batch in done)} nummers opnieuw verzegeld.")
        if unreadable := sum(batch.unreadable for batch in done):
            raise CommandError(f"{unreadable} nummers gaan met geen van de sleutels in BSN_KEYS open.")

    def _batch(self, after: UUID | None) -> Renewed:
        with acting_as(system_user(), "beheer") as actor:
            return renew_numbers(after=after, by=actor)
