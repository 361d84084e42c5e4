"""Work of casework after commit."""

from casework.services import analysis, intake  # noqa: F401 (they register what a sent letter moves)
from casework.services.alerts import MAILS, mail_watcher
from casework.services.cover import settle_absence
from casework.services.letters import make_letter
from casework.services.lookup import alert_of_hidden
from toegang.accounts.models import system_user
from toegang.core import outbox
from toegang.core.access import acting_as
from toegang.core.models import OutboxRow


@outbox.handler("make_letter")
def make(row: OutboxRow) -> None:
    """Make, store and, when digital, send one letter."""
    with acting_as(system_user(), "brieven") as actor:
        make_letter(letter_id=row.payload["letter_id"], actor=actor)


def tell(row: OutboxRow) -> None:
    """Tell one watcher what happened."""
    mail_watcher(kind=row.kind, user_id=row.payload["user_id"], key=row.key)


for kind in MAILS:
    outbox.handler(kind)(tell)


@outbox.handler("settle_absence")
def settle(row: OutboxRow) -> None:
    """Cover the cases of a colleague who is absent, or end the cover."""
    with acting_as(system_user(), "afwezigheid") as actor:
        settle_absence(absence_id=row.payload["absence_id"], actor=actor)


@outbox.handler("weigh_lookup")
def weigh(row: OutboxRow) -> None:
    """Look whether somebody was found of whom nothing may be told, and alert who watches."""
    with acting_as(system_user(), "zoeken") as actor:
        alert_of_hidden(person_ids=row.payload["person_ids"], searcher_id=row.payload["user_id"], actor=actor)
