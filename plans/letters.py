"""What goes into the letters of plans."""

from datetime import date

from casework.letters import COMPOSERS, common_values
from casework.models import Letter
from toegang.core.letters import Section, compose


def plan_reminder(letter: Letter, on: date) -> list[Section]:
    """Remind of a plan that waits for an answer."""
    values = common_values(letter, on)
    return compose(letter.kind, law="", gemeente_id=letter.gemeente_id, on=on, values=values)


COMPOSERS["herinnering_plan"] = plan_reminder
