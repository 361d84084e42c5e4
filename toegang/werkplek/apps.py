"""The door of the professionals."""

from django.apps import AppConfig


class WerkplekConfig(AppConfig):
    """The door of the professionals."""

    name = "toegang.werkplek"
    label = "werkplek"
