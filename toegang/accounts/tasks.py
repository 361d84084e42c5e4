"""Work of the accounts after commit."""

from toegang.accounts.models import system_user
from toegang.accounts.services.invitations import mail_invitation
from toegang.accounts.services.sessions import clear_ended
from toegang.core import outbox
from toegang.core.access import acting_as
from toegang.core.models import OutboxRow


@outbox.handler("invitation")
def mail(row: OutboxRow) -> None:
    """Mail one invitation."""
    with acting_as(system_user(), "uitnodiging") as actor:
        mail_invitation(user_id=row.payload["user_id"], actor=actor)


@outbox.handler("clear_sessions")
def clear(row: OutboxRow) -> None:  # noqa: ARG001 (the day is in its key)
    """Take away what is left of sessions that are over."""
    with acting_as(system_user(), "sessies opruimen") as actor:
        clear_ended(actor)
