"""Work of plans after commit."""

from plans import letters as letters
from plans.services.evaluation import remind_due
from toegang.accounts.models import system_user
from toegang.core import outbox
from toegang.core.access import acting_as
from toegang.core.models import OutboxRow


@outbox.handler("remind_evaluation")
def remind(row: OutboxRow) -> None:
    """Remind the contactpersoon of one evaluation."""
    with acting_as(system_user(), "herinnering") as actor:
        remind_due(evaluatie_id=row.payload["evaluatie_id"], actor=actor)
