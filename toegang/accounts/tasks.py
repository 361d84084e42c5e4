"""Work of the accounts after commit."""

from toegang.accounts.models import system_user
from toegang.accounts.services.invitations import mail_invitation
from toegang.core import outbox
from toegang.core.access import acting_as
from toegang.core.models import OutboxRow


@outbox.handler("invitation")
def mail(row: OutboxRow) -> None:
    """Mail one invitation."""
    with acting_as(system_user(), "uitnodiging") as actor:
        mail_invitation(user_id=row.payload["user_id"], actor=actor)
