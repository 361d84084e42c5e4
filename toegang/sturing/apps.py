"""The door of the managers."""

from django.apps import AppConfig


class SturingConfig(AppConfig):
    """The door of the managers."""

    name = "toegang.sturing"
    label = "sturing"
