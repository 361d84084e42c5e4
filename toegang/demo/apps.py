"""The fifth door: demo data and stand-in login; not installed in production."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The fifth door: demo data and stand-in login; not installed in production."""

    name = "toegang.demo"
    label = "demo"
