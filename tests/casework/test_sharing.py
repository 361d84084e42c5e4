"""Who works along and who reads along: given by who handles the case, with reason and period, and ended."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from casework.enums import GrantKind, GrantPart
from casework.models import Grant
from casework.services import sharing
from casework.services.grants import begin_grant
from tests.factories import (
    actor_of,
    age_grants,
    make_case,
    make_gemeente,
    make_resident,
    make_staff,
    make_team,
)
from tests.housemates import add_housemate
from toegang.accounts.models import Ketenpartner, User
from toegang.core.dates import end_of
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """A case with its contactpersoon and a colleague of another team of the gemeente."""
    gemeente = make_gemeente()
    anna = make_staff("anna", make_team(gemeente))
    return make_case(actor_of(anna)).case, anna, make_staff("els", make_team(gemeente, "Zuid"))


def give(case, by, user, kind=GrantKind.CONSULT, days=7):
    last_day = actor_of(by).today + timedelta(days=days) if days is not None else None
    facts = {"case_id": case.pk, "user": user, "kind": kind, "reason": "Advies over geld", "last_day": last_day}
    return sharing.give_access(**facts, actor=actor_of(by))


@pytest.mark.parametrize(
    ("kind", "role", "permissions"),
    [
        ("tweede", "wijkteamlid", {"view_case", "handle_case"}),
        ("vervanger", "teamleider", {"view_case", "handle_case"}),
        ("consult", "aandacht", {"view_case"}),
        ("bezwaar", "bezwaarbehandelaar", {"view_case"}),
    ],
)
def test_each_kind_is_given_with_reason_and_period_and_ended(house, kind, role, permissions):
    case, anna, _ = house
    user = make_staff("karel", roles=(role,), gemeente=case.gemeente)
    give(case, anna, user, GrantKind(kind))
    grant = Grant.objects.get(user=user)
    last_day = actor_of(anna).today + timedelta(days=7)
    assert (grant.kind, grant.reason, grant.granted_by) == (kind, "Advies over geld", anna)
    assert grant.validity.upper == end_of(last_day)
    may = {name for name in ("view_case", "handle_case", "view_safety") if user.has_perm(f"casework.{name}", case)}
    assert may == permissions
    age_grants(case)
    sharing.end_access(case_id=case.pk, grant_id=grant.pk, reason="Klaar", actor=actor_of(anna))
    assert not Grant.objects.valid_now().filter(user=user).exists()
    sharing.end_access(case_id=case.pk, grant_id=grant.pk, reason="Klaar", actor=actor_of(anna))
    log = LogRow.objects.filter(action="grant", what__contains="Karel").order_by("id").values_list("what", "detail")
    label = GrantKind(kind).label
    assert list(log) == [
        (f"Toegang gegeven: Karel, {label}", "Advies over geld"),
        (f"Toegang beëindigd: Karel, {label}", "Klaar"),
    ]


def test_the_same_twice_is_one_and_another_period_is_refused(house):
    case, anna, els = house
    give(case, anna, els)
    give(case, anna, els)
    assert Grant.objects.filter(user=els).count() == 1
    with pytest.raises(Blocked, match="Els heeft al toegang: consult"):
        give(case, anna, els, days=8)


def test_the_teamleider_gives_a_colleague_does_not_and_nobody_of_a_shielded_case(house):
    case, anna, els = house
    leader, bram = make_staff("tess", case.team, roles=("teamleider",)), make_staff("bram", case.team)
    give(case, leader, els)
    for stranger in (bram, els):
        with pytest.raises(PermissionDenied):
            give(case, stranger, bram)
    case.shielded = True
    case.save()
    with pytest.raises(PermissionDenied):
        give(case, leader, bram)
    give(case, anna, bram)
    assert set(Grant.objects.valid_now().values_list("user__username", flat=True)) == {"anna", "els", "bram"}


def test_what_cannot_be_given(house):
    case, anna, els = house
    leader = make_staff("tess", case.team, roles=("teamleider",))
    toetser = make_staff("theo", roles=("toetser",), gemeente=case.gemeente)
    elsewhere = make_staff("vera", make_team(make_gemeente("Elders")))
    gone = make_staff("gerard", case.team)
    gone.is_active = False
    gone.save()
    resident = make_resident(case, actor_of(anna))
    partner = make_partner(case, "karin")
    for user in (elsewhere, gone, resident, partner):
        with pytest.raises(Blocked):
            give(case, anna, user)
    for kind in (GrantKind.TWEEDE, GrantKind.VERVANGER, GrantKind.BEZWAAR):
        with pytest.raises(Blocked, match="Dat vraagt een andere rol"):
            give(case, anna, toetser, kind)
    for kind in set(GrantKind) - set(sharing.SHARED_KINDS):
        with pytest.raises(Blocked):
            give(case, anna, els, kind)
    for days in (None, -1):
        with pytest.raises(Blocked, match="laatste dag"):
            give(case, anna, els, GrantKind.CONSULT, days=days)
    with pytest.raises(Blocked):
        give(case, leader, leader, GrantKind.TWEEDE)
    assert set(Grant.objects.values_list("user__username", "kind")) == {
        ("anna", "contactpersoon"),
        (resident.username, "inwoner"),
    }


def test_what_another_step_gave_is_not_ended_here(house):
    case, anna, els = house
    begin_grant(case=case, user=els, kind=GrantKind.TOETSING, reason="Toets", by=actor_of(anna))
    for grant in Grant.objects.filter(case=case):
        with pytest.raises(Blocked, match="eindigt met de stap"):
            sharing.end_access(case_id=case.pk, grant_id=grant.pk, reason="x", actor=actor_of(anna))
    assert Grant.objects.valid_now().filter(case=case).count() == 2


def test_a_grant_of_another_case_is_not_ended_by_way_of_the_own(house):
    case, anna, els = house
    other = make_case(actor_of(els), given_names="Piet").case
    give(other, els, make_staff("bram", case.team))
    grant = Grant.objects.get(kind="consult")
    with pytest.raises(Grant.DoesNotExist):
        sharing.end_access(case_id=case.pk, grant_id=grant.pk, reason="x", actor=actor_of(anna))


def make_partner(case, name, organisatie=None):
    """Somebody of a school that works with the organisation of the gemeente."""
    school, _ = Ketenpartner.objects.get_or_create(
        organisatie=organisatie or case.gemeente.organisatie, name="De Regenboog", sort="school"
    )
    return User.objects.create_user(name, kind="medewerker", name=name.title(), ketenpartner=school)


def ask(case, by, user, part=GrantPart.GESPREK, days=7):
    last_day = actor_of(by).today + timedelta(days=days)
    facts = {"case_id": case.pk, "user": user, "part": part, "reason": "Kent het gezin", "last_day": last_day}
    return sharing.give_part(**facts, actor=actor_of(by))


def test_a_ketenpartner_gets_exactly_one_part_and_sees_no_case(house):
    case, anna, els = house
    karin = make_partner(case, "karin")
    ask(case, anna, karin)
    grant = Grant.objects.get(user=karin)
    assert (grant.kind, grant.parts) == ("ketenpartner", ["gesprek"])
    assert not any(karin.has_perm(f"casework.{name}", case) for name in ("view_case", "handle_case", "view_safety"))
    assert not type(case).objects.visible_to(actor_of(karin)).exists()
    with pytest.raises(Blocked, match="heeft al toegang"):
        ask(case, anna, karin, GrantPart.AFSPRAKEN)
    with pytest.raises(Blocked):
        ask(case, anna, make_partner(case, "kees"), GrantPart.PLAN)
    with pytest.raises(Blocked):
        ask(case, anna, els)


def test_a_ketenpartner_is_asked_for_a_year_at_most_by_the_rule_of_the_day(house):
    case, anna, _ = house
    karin, today = make_partner(case, "karin"), actor_of(anna).today
    assert sharing.last_partner_day(today) == today + timedelta(weeks=52)
    with pytest.raises(Blocked, match="duurt op zijn langst"):
        ask(case, anna, karin, days=365)
    ask(case, anna, karin, days=364)
    assert Grant.objects.get(user=karin).validity.upper == end_of(today + timedelta(days=364))


def read(case, by, user, person, *, parts=(GrantPart.PLAN,), kind=GrantKind.MEELEZER):
    last_day = actor_of(by).today + timedelta(days=30)
    facts = {"user": user, "person": person, "parts": parts, "kind": kind, "reason": "Gevraagd in het gesprek"}
    return sharing.give_reading(case_id=case.pk, last_day=last_day, actor=actor_of(by), **facts)


def test_only_a_housemate_reads_along_and_only_with_another(house):
    case, anna, _ = house
    fatima = make_resident(case, actor_of(anna))
    mother = add_housemate(case, "Aisha", actor_of(anna))
    stranger = make_resident(make_case(actor_of(anna), given_names="Piet").case, actor_of(anna))
    read(case, anna, mother.user, case.person)
    grant = Grant.objects.get(kind="meelezer")
    assert (grant.user, grant.person, grant.parts) == (mother.user, case.person, ["plan"])
    for user, person in ((stranger, case.person), (fatima, case.person), (fatima, stranger.person)):
        with pytest.raises(Blocked):
            read(case, anna, user, person)
    with pytest.raises(Blocked):
        read(case, anna, fatima, mother, parts=())
    with pytest.raises(Blocked):
        read(case, anna, fatima, mother, kind=GrantKind.INWONER)
    assert Grant.objects.filter(kind="meelezer").count() == 1


def test_a_mother_may_see_for_two_children(house):
    case, anna, _ = house
    mother = add_housemate(case, "Aisha", actor_of(anna))
    child = add_housemate(case, "Sam", actor_of(anna), account=False)
    for person in (case.person, child):
        read(case, anna, mother.user, person, kind=GrantKind.VERTEGENWOORDIGER)
    held = Grant.objects.filter(kind="vertegenwoordiger").values_list("person__given_names", flat=True)
    assert set(held) == {"Fatima", "Sam"}
