"""The fourth door: scheduled work."""

from django.apps import AppConfig


class ClockConfig(AppConfig):
    """The fourth door: scheduled work."""

    name = "toegang.clock"
    label = "clock"
