"""What a plan must hold before it is shared or agreed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from plans.enums import Agreement, Rung
from toegang.core.lifecycle import Missing

if TYPE_CHECKING:
    from plans.models import Evaluatie, Plan


def ready_to_share(plan: Plan) -> Iterator[Missing]:
    """A result, an action for each result, and for each need that gets maatwerk the whole ladder.

    Wmo 2015 art. 2.3.5 lid 3: maatwerk only insofar as the lighter rungs do not suffice. Hours and end date are
    required (CRvB 2022:2322: a result alone is not enough); they are constraints of the line itself.
    """
    prefetch_related_objects([plan], "goals__actions", "rungs", "lines__hulpvraag")
    goals = [goal for goal in plan.goals.all() if not goal.removed]
    if not goals:
        yield Missing("Schrijf ten minste één doel, in de woorden van de inwoner.", "plan")
    for goal in goals:
        if not goal.actions.all():
            yield Missing(f"Het doel ‘{goal.result}’ heeft nog geen actie.", "plan", goal)
    walked = {(r.hulpvraag_id, r.rung) for r in plan.rungs.all() if r.finding.strip()}
    for hulpvraag in {line.hulpvraag_id: line.hulpvraag for line in plan.lines.all()}.values():
        for rung in Rung:
            if (hulpvraag.pk, rung.value) not in walked:
                yield Missing(f"Ladder ({hulpvraag.get_law_display()}): ‘{rung.label}’ is nog leeg.", "plan", hulpvraag)


def answered(plan: Plan) -> Iterator[Missing]:
    """The inwoner answered, in one of the forms."""
    if plan.agreement == Agreement.OVERGENOMEN:
        yield Missing("Leg vast wat de inwoner van dit plan vindt.", "plan")
    if plan.agreement == Agreement.MONDELING and not plan.heard_by:
        yield Missing("Schrijf wie het akkoord hoorde.", "plan")
    if plan.agreement == Agreement.GEEN_REACTIE and plan.reminded_on is None:
        yield Missing("Stuur eerst een herinnering; pas daarna telt ‘geen reactie’.", "plan")
    if plan.agreement in {Agreement.DEELS, Agreement.ANDERS} and not plan.inwoner_words.strip():
        yield Missing("Schrijf op wat de inwoner anders ziet.", "plan")


def talk_recorded(evaluatie: Evaluatie) -> Iterator[Missing]:
    """Both views are written down."""
    if not evaluatie.inwoner_view.strip() or not evaluatie.our_view.strip():
        yield Missing("Schrijf op wat de inwoner vindt en wat u vindt.", "evaluatie")
