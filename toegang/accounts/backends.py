"""Two separate back ends: who came in by one door is never found by the other."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import BaseBackend

from toegang.accounts.models import User


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """Medewerkers: a local password, or an identity provider that vouched for them."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Refuse who is disabled and every other kind of user."""
        return user.kind == User.Kind.MEDEWERKER and super().user_can_authenticate(user)

    @classmethod
    def _stash_user(cls, user: Any) -> None:
        """Treat who is disabled like who does not exist, a right password too: nothing tells the one from the other."""


class ResidentBackend(BaseBackend):
    """Inwoners: DigiD vouched for them; there is no password."""

    def get_user(self, user_id: int) -> User | None:
        """Give the inwoner of a session, as long as the account is in use."""
        return User.objects.filter(pk=user_id, kind=User.Kind.INWONER, is_active=True).first()


def backend_of(user: User) -> str:
    """The back end by which a user of this kind comes in."""
    name = ResidentBackend.__name__ if user.kind == User.Kind.INWONER else StaffBackend.__name__
    return f"{__name__}.{name}"
