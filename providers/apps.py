"""Providers, contracts and products."""

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    """Who gives the help."""

    name = "providers"
    verbose_name = "Aanbieders"
    reference = (("products.toml", "product", "Product", ("key", "valid_from")),)
