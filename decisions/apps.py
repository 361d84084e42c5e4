"""From aanvraag to a beschikking that was sent."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Decisions of the gemeente."""

    name = "decisions"
    verbose_name = "Besluiten"
    reference = (("tariffs.toml", "contribution", "Contribution", ("law", "valid_from")),)
