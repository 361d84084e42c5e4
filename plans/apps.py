"""The plan van aanpak: goals, actions, the solution ladder, maatwerk and evaluations."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """One household, one plan."""

    name = "plans"
    verbose_name = "Plannen"
    reference = (("fast_lane.toml", "fast_lane", "FastLane", ("key", "valid_from")),)
