"""What a page tells of a case."""

import pytest

from casework.selectors import timeline_of
from tests import factories as make
from toegang.core import audit
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make.actor_of(make.make_staff("sanne", make.make_team(make.make_gemeente())))


def test_one_act_is_told_once_though_it_moves_case_and_hulpvraag(actor):
    case = make.drive(make.make_case(actor).case, "uitvoering")
    doubled = LogRow.objects.filter(case_id=case.pk, action="step", what="Hulp gestart")
    assert {row.object_type.split(".")[0] for row in doubled} == {"case", "hulpvraag"}
    told = [entry.title for entry in timeline_of(case, limit=50)]
    assert told.count("Hulp gestart") == 1


def test_two_things_of_one_kind_in_one_act_are_both_told(actor):
    case = make.make_case(actor).case
    looks = [
        audit.Look("send", "Brief verzonden", case_id=case.pk, object_type="letter", object_id=str(number))
        for number in (1, 2)
    ]
    audit.write(actor, looks)
    told = [entry.title for entry in timeline_of(case)]
    assert told.count("Brief verzonden") == 2
