"""Invitations: a link with which somebody chooses a password once, within three days; Django makes and reads it."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from toegang.accounts.models import User
from toegang.core import audit, outbox
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked
from toegang.core.records import keep

SUBJECT = "Uw account voor Toegang"
GONE = "Deze link werkt niet meer."
MAIL = """Beste {name},

U krijgt een account voor Toegang, het systeem van de gemeente en het wijkteam.
Kies uw wachtwoord op deze pagina. De link werkt drie dagen, en één keer:

{link}

Uw gebruikersnaam is: {username}

Kent u Toegang niet? Dan hoeft u niets te doen.
"""


def link_of(user: User) -> str:
    """The path of an invitation as it can be used now; it ends with the password, the sign-in or the third day."""
    parts = {"uidb36": int_to_base36(user.pk), "token": default_token_generator.make_token(user)}
    return reverse("invitation", kwargs=parts)


def may_be_invited(user: User) -> bool:
    """Whether somebody has a local account in use that waits for a password."""
    local = user.kind == User.Kind.MEDEWERKER and user.is_active and not user.has_usable_password()
    return local and not user.identities.exists()


def invite(user: User, *, actor: Actor) -> None:
    """Log the invitation, and let the worker mail the link when there is an address."""
    facts = {"object_type": "user", "object_id": str(user.pk)}
    audit.write(actor, [audit.Look("write", "Uitnodiging gemaakt", **facts)])
    if user.email and settings.SENDS_MAIL:
        outbox.put("invitation", key=f"invitation:{uuid4()}", case_id=None, gemeente_id=None, user_id=user.pk)


def mail_invitation(*, user_id: int, actor: Actor) -> None:
    """Mail the link; nothing when the password was chosen meanwhile or the account is out of use."""
    user = User.objects.get(pk=user_id)
    if not may_be_invited(user) or not user.email:
        return
    link = f"{settings.SITE_ADDRESS}{link_of(user)}"
    send_mail(SUBJECT, MAIL.format(name=user.name, link=link, username=user.username), None, [user.email])
    actor.looked_at("Uitnodiging gemaild", action="send", object_type="user", object_id=str(user.pk))


def invited(uidb36: str, token: str) -> User | None:
    """Who this link is for, as long as it works."""
    try:
        user = User.objects.filter(pk=base36_to_int(uidb36)).first()
    except ValueError:
        return None
    if user is None or not may_be_invited(user) or not default_token_generator.check_token(user, token):
        return None
    return user


@transaction.atomic
def accept_invitation(*, user: User, token: str, password: str, actor: Actor) -> None:
    """Set the password that the invited person chose; of two at the same moment one wins. Raises Blocked."""
    fresh = User.objects.select_for_update().get(pk=user.pk)
    if not may_be_invited(fresh) or not default_token_generator.check_token(fresh, token):
        raise Blocked([GONE])
    fresh.set_password(password)
    keep(fresh, by=actor, what="Wachtwoord gekozen met de uitnodiging")
