"""Accounts of medewerkers and of people of ketenpartners: made, changed, put out of use and into use by a beheerder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from toegang.accounts.models import Gemeente, Ketenpartner, Organisatie, Photo, User
from toegang.accounts.selectors import BEHEERDER, managed_gemeenten, works_for
from toegang.accounts.services.assignments import lock_user, refuse_last_beheerder, refuse_own
from toegang.accounts.services.invitations import invite
from toegang.accounts.sessions import end_sessions, forget_factors
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked
from toegang.core.records import Stale, keep

TAKEN = "Deze gebruikersnaam is al in gebruik. Kies een andere."


@dataclass(frozen=True)
class Details:
    """What is known of somebody; None stays as it is."""

    name: str | None = None
    job_title: str | None = None
    phone: str | None = None
    email: str | None = None

    def given(self) -> dict[str, str]:
        """What is to be written."""
        return {key: value for key, value in vars(self).items() if value is not None}


@transaction.atomic
def add_person(
    *, username: str, details: Details, organisatie: Organisatie, ketenpartner: Ketenpartner | None, actor: Actor
) -> User:
    """Make a local account without a password, and an invitation. Raises Blocked when the name is taken."""
    Organisatie.objects.select_for_update(no_key=True).get(pk=organisatie.pk)
    if User.objects.filter(username__iexact=username).exists():
        raise Blocked([TAKEN])
    user = User(username=username, kind=User.Kind.MEDEWERKER, organisatie=organisatie, ketenpartner=ketenpartner)
    user.__dict__.update(details.given())
    user.set_unusable_password()
    keep(user, by=actor, what="Account gemaakt")
    invite(user, actor=actor)
    return user


@transaction.atomic
def change_person(*, user: User, details: Details, version: int, actor: Actor) -> None:
    """Write the details. Raises Stale when somebody else was first, Blocked with a sentence."""
    user = lock_user(user.pk)
    _refuse_strangers(user, actor)
    refuse_stale(user, version)
    user.__dict__.update(details.given())
    keep(user, by=actor, what="Gegevens gewijzigd")


def last_change(record: Any) -> int:
    """The version that a form bears: the number of the last row of the history, 0 when there is none."""
    last = record.history.first()
    return last.pk if last else 0


def refuse_stale(record: Any, version: int) -> None:
    """Raise Stale, with who was first and when, if the form showed an older record."""
    last = record.history.select_related("history_user").first()
    if last and last.pk != version:
        record.__dict__["version"] = last.pk
        raise Stale(record, last.history_user.name if last.history_user else "Een collega", last.history_date)


@transaction.atomic
def disable(*, user: User, reason: str, actor: Actor) -> None:
    """Put an account out of use, end all its sessions and drop its photo at once; the same twice is one.

    Raises Blocked.
    """
    refuse_own(user, actor)
    user = lock_user(user.pk)
    _refuse_elsewhere(user, actor)
    held = user.role_assignments.filter(role_id=BEHEERDER).exclude(until__lt=actor.today)
    refuse_last_beheerder(user, held.values_list("gemeente_id", flat=True), actor.today)
    end_sessions(user)
    Photo.objects.filter(user=user).delete()
    if user.is_active:
        user.is_active = False
        keep(user, by=actor, what="Account uitgezet", reason=reason)


@transaction.atomic
def enable(*, user: User, reason: str, actor: Actor) -> None:
    """Put an account into use again; roles and teams are as their periods say. Raises Blocked."""
    user = lock_user(user.pk)
    _refuse_strangers(user, actor)
    if not user.is_active:
        user.is_active = True
        keep(user, by=actor, what="Account aangezet", reason=reason)


@transaction.atomic
def wipe_factors(*, user: User, reason: str, actor: Actor) -> None:
    """Take every second factor away, and end all sessions at once; the password stays. Raises Blocked."""
    refuse_own(user, actor)
    user = lock_user(user.pk)
    refuse_identity(user)
    _refuse_strangers(user, actor)
    forget_factors(user)
    end_sessions(user)
    keep(user, by=actor, what=f"Tweede stap gewist: {reason}")


@transaction.atomic
def renew_invitation(*, user: User, reason: str, actor: Actor) -> None:
    """Replace the password by an invitation, and end all sessions at once. Raises Blocked."""
    refuse_own(user, actor)
    user = lock_user(user.pk)
    refuse_identity(user)
    _refuse_strangers(user, actor)
    if not user.is_active:
        raise Blocked(["Dit account staat uit. Zet het eerst aan."])
    user.set_unusable_password()
    end_sessions(user)
    keep(user, by=actor, what=f"Nieuwe uitnodiging gemaakt: {reason}")
    invite(user, actor=actor)


def refuse_identity(user: User) -> None:
    """Raise Blocked for who signs in with the organisation: password and second factor are there."""
    if user.identities.exists():
        raise Blocked([f"{user.name} logt in met de inlog van de organisatie. Daar zijn wachtwoord en tweede stap."])


def _refuse_elsewhere(user: User, actor: Actor) -> None:
    """Raise Blocked when somebody works, but for none of the actor's gemeenten."""
    work = works_for(user, actor.today)
    if work and not managed_gemeenten(actor).filter(pk__in=work).exists():
        raise Blocked([_works_elsewhere(user, work)])


def _refuse_strangers(user: User, actor: Actor) -> None:
    """Raise Blocked when somebody also works for a gemeente of another beheerder.

    Who may replace a password could otherwise come in at a gemeente that is not the own.
    """
    foreign = works_for(user, actor.today) - set(managed_gemeenten(actor).values_list("pk", flat=True))
    if foreign and user.pk != actor.user_id:
        raise Blocked([_works_elsewhere(user, foreign)])


def _works_elsewhere(user: User, gemeente_ids: set[int]) -> str:
    names = Gemeente.objects.filter(pk__in=gemeente_ids).order_by("name").values_list("name", flat=True)
    return f"{user.name} werkt voor {', '.join(names)}. Alleen de beheerder van alle gemeenten samen mag dit doen."
