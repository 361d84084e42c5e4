"""How somebody wants to see the pages and hear of the work."""

from __future__ import annotations

from django.db import transaction

from toegang.accounts.models import User
from toegang.core.access import Actor
from toegang.core.records import keep


@transaction.atomic
def change_preferences(
    *, user_id: int, density: str, theme: str, shortcuts: bool, digest: str, home_postcode: str, actor: Actor
) -> User:
    """Keep the choices of a user; nothing else of the account changes."""
    user = User.objects.select_for_update().get(pk=user_id)
    user.home_postcode = home_postcode
    user.density, user.theme, user.shortcuts, user.digest = density, theme, shortcuts, digest
    keep(user, by=actor, what="Instellingen aangepast")
    return user
