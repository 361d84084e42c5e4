"""Who is at the door."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organisations, teams, users and roles."""

    name = "toegang.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    reference = (("roles.toml", "role", "Role", ("key",)),)

    def ready(self) -> None:
        """Register the checks."""
        from toegang.accounts import checks as checks
