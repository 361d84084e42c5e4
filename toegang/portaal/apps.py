"""The door of the inwoners."""

from django.apps import AppConfig


class PortaalConfig(AppConfig):
    """The door of the inwoners."""

    name = "toegang.portaal"
    label = "portaal"
