"""The core: it knows nothing of cases or users."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Kernel of the house."""

    name = "toegang.core"
    label = "core"
    verbose_name = "Kern"
    reference = (
        ("terms.toml", "term", "TermRule", ("key", "valid_from")),
        ("closing_days.toml", "closing_day", "ClosingDay", ("date",)),
        (
            "letter_texts.toml",
            "letter_text",
            "LetterText",
            ("kind", "block", "law", "gemeente_id", "valid_from"),
        ),
    )

    def ready(self) -> None:
        """Register the checks."""
        from toegang.core import checks as checks
