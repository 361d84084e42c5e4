"""Closed lists of decisions."""

from django.db.models import TextChoices


class BeschikkingStatus(TextChoices):
    """The life of a decision."""

    CONCEPT = "concept", "Concept"
    TER_TOETSING = "ter_toetsing", "Ter toetsing"
    VASTGESTELD = "vastgesteld", "Vastgesteld"
    IN_VERZENDING = "in_verzending", "Wordt verzonden"
    VERZONDEN = "verzonden", "Verzonden"
    VERVALLEN = "vervallen", "Vervallen"


class Outcome(TextChoices):
    """What is decided."""

    TOEKENNING = "toekenning", "Toekenning"
    WEIGERING = "weigering", "Weigering"


class UrgentStatus(TextChoices):
    """The life of a spoedbesluit: decided at once, tested afterwards."""

    GENOMEN = "genomen", "Genomen"
    IN_VERZENDING = "in_verzending", "Wordt verzonden"
    VERZONDEN = "verzonden", "Verzonden"
