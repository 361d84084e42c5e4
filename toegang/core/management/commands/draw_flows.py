"""Draw the lives in the README anew."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from toegang.core.flows import renewed


class Command(BaseCommand):
    """Write the diagrams of the lives into README.md."""

    help = "Tekent de levens (zaak, hulpvraag, plan, besluit, evaluatie) opnieuw in de README."

    def handle(self, **_: Any) -> None:
        """Renew the chapter."""
        readme = settings.BASE_DIR / "README.md"
        readme.write_text(renewed(readme.read_text(encoding="utf-8")), encoding="utf-8")
