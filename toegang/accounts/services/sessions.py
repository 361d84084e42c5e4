"""The own sessions: where somebody is signed in, and how that ends on the server."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from toegang.accounts.models import User
from toegang.core.access import Actor


def living_sessions(user: User, actor: Actor) -> QuerySet[UserSession]:
    """Give the sessions of a user that still let somebody in, the last used first."""
    idle_minutes, hours = settings.SESSION_LIMITS[user.kind]
    stored = Session.objects.filter(expire_date__gt=actor.now).values("session_key")
    return UserSession.objects.filter(
        user=user,
        session_key__in=stored,
        last_seen_at__gt=actor.now - timedelta(minutes=idle_minutes),
        created_at__gt=actor.now - timedelta(hours=hours),
    ).order_by("-last_seen_at", "-pk")


def clear_ended(actor: Actor) -> int:
    """Take away the rows of sessions that are over, and those of the list that point nowhere; gives how many."""
    gone, _ = Session.objects.filter(expire_date__lte=actor.now).delete()
    lost, _ = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return gone + lost


def end_chosen(sessions: Iterable[UserSession], *, actor: Actor) -> int:
    """End sessions on the server and log each; gives how many. Their cookies open nothing any more."""
    ended = 0
    for session in sessions:
        actor.looked_at("Sessie beëindigd", action="login", object_type="session", object_id=str(session.pk))
        session.end()
        ended += 1
    return ended
