"""Work of decisions after commit: importing this registers the letters of decisions and what they move."""

from decisions.services import drafting as drafting
from decisions.services import urgent as urgent
from decisions.services.inzage import make_pack
from toegang.accounts.models import system_user
from toegang.core import outbox
from toegang.core.access import acting_as
from toegang.core.models import OutboxRow


@outbox.handler("make_inzage")
def make_inzage(row: OutboxRow) -> None:
    """Make and give the files of one inzage."""
    with acting_as(system_user(), "inzage") as actor:
        make_pack(request_id=row.payload["request_id"], actor=actor)
