"""Shielding: who holds no grant sees nothing of the case any more, in no list and no count."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework.models import Case
from casework.selectors import team_cases, unassigned_cases, worklist_of
from casework.services.handover import hand_over_case
from casework.services.shielding import shield_case, unshield_case
from tests.factories import actor_of, fresh, make_case, make_gemeente, make_staff, make_team
from toegang.clock.digest import counts_for
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow
from toegang.core.wall import standing_as

pytestmark = pytest.mark.django_db
WHY = "Het adres van de inwoner is geheim: brief van de burgemeester"


@pytest.fixture
def house():
    """A case with its contactpersoon, a colleague and the teamleider."""
    team = make_team(make_gemeente())
    anna, bram = make_staff("anna", team), make_staff("bram", team)
    return make_case(actor_of(anna)).case, anna, bram, make_staff("lies", team, roles=("teamleider",))


def shield(case, user):
    return shield_case(case_id=case.pk, reason=WHY, actor=actor_of(user))


def everywhere(user):
    """Every case that some list, count or mail of the user would tell of."""
    actor = actor_of(user)
    rows = [row.case for row in [*worklist_of(actor), *team_cases(actor)]]
    return {*rows, *unassigned_cases(actor), *Case.objects.visible_to(actor)}, counts_for(actor).sentences()


@pytest.mark.parametrize("who", [1, 3])
def test_the_contactpersoon_and_the_teamleider_shield(house, who):
    case, anna, bram, lies = house
    assert everywhere(bram)[0] == everywhere(lies)[0] == {case}
    shield(case, house[who])
    shield(case, house[who]) if who == 1 else None
    assert everywhere(bram) == everywhere(lies) == (set(), [])
    assert everywhere(anna)[0] == {case}
    row = LogRow.objects.get(what="Zaak afgeschermd")
    assert (row.detail, row.case_id, row.user_id) == (WHY, case.pk, house[who].pk)
    assert case.history.first().history_change_reason == WHY
    unshield_case(case_id=case.pk, reason="Het adres is weer openbaar", actor=actor_of(anna))
    assert everywhere(bram)[0] == {case} and not fresh(case).shielded


def test_behind_the_wall_too_it_is_shielded_handed_over_and_opened(house):
    """Each act as its own actor stands in the database: who loses sight of the case by it can carry it out."""
    case, anna, bram, lies = house
    acts = (
        (lies, lambda actor: shield_case(case_id=case.pk, reason=WHY, actor=actor)),
        (anna, lambda actor: hand_over_case(case_id=case.pk, user=bram, seen=anna.pk, reason="Bram", actor=actor)),
        (bram, lambda actor: unshield_case(case_id=case.pk, reason="Klaar", actor=actor)),
    )
    seen = []
    for user, act in acts:
        with transaction.atomic(), standing_as(actor_of(user)):
            act(actor_of(user))
        for each in (anna, bram, lies):
            with transaction.atomic(), standing_as(actor_of(each)):
                seen.append(Case.objects.count())
    assert seen == [1, 0, 0, 0, 1, 0, 1, 1, 1]


def test_nobody_else_shields(house):
    case, _, bram, _ = house
    other = make_staff("zoe", make_team(case.gemeente, "Zuid"), roles=("teamleider",))
    elsewhere = make_staff("mo", case.team, roles=("teamleider",), gemeente=make_gemeente("Elders"))
    for user in (bram, other, elsewhere):
        with pytest.raises(PermissionDenied):
            shield(case, user)
        with pytest.raises(PermissionDenied):
            unshield_case(case_id=case.pk, reason=WHY, actor=actor_of(user))
    assert not fresh(case).shielded


def test_a_case_without_contactpersoon_is_not_shielded(house):
    _case, anna, bram, lies = house
    alone = make_case(actor_of(anna), given_names="Piet", become_contactpersoon=False).case
    with pytest.raises(Blocked, match="Kies eerst een contactpersoon"):
        shield(alone, lies)
    assert alone in everywhere(bram)[0]


def test_a_shielded_case_goes_to_somebody_named(house):
    case, anna, bram, lies = house
    shield(case, anna)
    hand_over_case(case_id=case.pk, user=bram, seen=anna.pk, reason="Anna kent de inwoner", actor=actor_of(anna))
    assert everywhere(bram)[0] == {case}
    assert everywhere(anna) == everywhere(lies) == (set(), [])
