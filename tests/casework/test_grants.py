"""Grants: the one truth of who holds what on a case; begun and ended by the database's clock, read by guardian."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from casework.enums import HANDLING_KINDS, LIMITED_KINDS, RESIDENT_KINDS, SAFETY_KINDS, VIEWING_KINDS, GrantKind
from casework.models import CasePermission, Grant
from casework.services.grants import begin_grant, end_grant
from casework.services.handover import hand_over_case
from tests.factories import actor_of, make_case, make_gemeente, make_resident, make_staff, make_team
from toegang.accounts.models import User
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow

PAST, NOW, AGES = ("2024-01-01", "2024-06-01"), ("2024-06-01", None), ("2024-01-01", None)
STAFF_KINDS = [kind for kind in GrantKind if kind not in RESIDENT_KINDS]
FUTURE = "2099-01-01"
PARTS = {GrantKind.KETENPARTNER: ["gesprek"], GrantKind.MEELEZER: ["plan"], GrantKind.VERTEGENWOORDIGER: ["brieven"]}


@pytest.fixture
def house():
    """A case with its contactpersoon, a colleague and the inwoner's account."""
    team = make_team(make_gemeente())
    anna, bram = make_staff("anna", team), make_staff("bram", team)
    case = make_case(actor_of(anna)).case
    return case, anna, bram, make_resident(case, actor_of(anna))


def grant(case, user, kind, validity=AGES, *, user_kind=None, parts=None):
    """A grant written straight into the table, in any period."""
    return Grant.objects.create(
        parts=PARTS.get(kind, []) if parts is None else parts,
        gemeente_id=case.gemeente_id,
        case=case,
        user=user,
        user_kind=user_kind or user.kind,
        kind=kind,
        reason="Test",
        validity=validity,
        person=case.person if kind in LIMITED_KINDS else None,
    )


def permissions(user, case):
    """What the user may with the case, asked anew as a page would."""
    user = User.objects.get(pk=user.pk)
    return {name for name in ("view_case", "handle_case", "view_safety") if user.has_perm(f"casework.{name}", case)}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", STAFF_KINDS)
def test_each_kind_gives_its_permissions_and_only_as_long_as_it_lasts(house, kind):
    case, anna, bram, _ = house
    Grant.objects.update(validity=PAST)
    assert permissions(anna, case) == permissions(bram, case) == set()
    grant(case, bram, kind, (NOW[0], FUTURE))
    gives = {"view_case": VIEWING_KINDS, "handle_case": HANDLING_KINDS, "view_safety": SAFETY_KINDS}
    assert permissions(bram, case) == {name for name, kinds in gives.items() if kind in kinds}
    assert permissions(anna, case) == set()


@pytest.mark.django_db
def test_an_inwoner_sees_the_own_case_and_handles_none(house):
    case, anna, _, fatima = house
    other = make_case(actor_of(anna), given_names="Piet").case
    assert (permissions(fatima, case), permissions(fatima, other)) == ({"view_case"}, set())


@pytest.mark.django_db
def test_a_disabled_user_holds_nothing(house):
    case, anna, _, _ = house
    assert permissions(anna, case) == {"view_case", "handle_case", "view_safety"}
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert permissions(anna, case) == set()


@pytest.mark.django_db
def test_what_guardian_reads_is_the_grants_that_are_valid_now(house):
    case, anna, bram, fatima = house
    grant(case, bram, GrantKind.CONSULT, PAST)
    rows = set(CasePermission.objects.values_list("user_id", "content_object_id", "permission__codename"))
    assert rows == {
        (anna.pk, case.pk, "view_case"),
        (anna.pk, case.pk, "handle_case"),
        (anna.pk, case.pk, "view_safety"),
        (fatima.pk, case.pk, "view_case"),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "user", "facts"),
    [
        ("one_contactpersoon", 2, {"kind": "contactpersoon"}),
        ("no_double_grant", 2, {"kind": "consult", "validity": ("2024-03-01", "2024-04-01")}),
        ("grant_not_empty", 2, {"kind": "tweede", "validity": ("2024-03-01", "2024-03-01")}),
        ("grant_fits_the_user_kind", 3, {"kind": "contactpersoon", "validity": PAST}),
        ("grant_fits_the_user_kind", 3, {"kind": "consult"}),
        ("grant_fits_the_user_kind", 2, {"kind": "inwoner"}),
        ("grant_fits_the_user_kind", 2, {"kind": "meelezer", "parts": ["plan"]}),
        ("grant_fits_the_user_kind", 2, {"kind": "vertegenwoordiger", "parts": ["plan"]}),
        ("grant_has_its_parts", 3, {"kind": "meelezer", "parts": []}),
        ("grant_has_its_parts", 3, {"kind": "vertegenwoordiger", "parts": ["plan", "gesprek"]}),
        ("grant_has_its_parts", 2, {"kind": "ketenpartner", "parts": ["gesprek", "afspraken"], "validity": PAST}),
        ("grant_has_its_parts", 2, {"kind": "ketenpartner", "parts": ["plan"], "validity": PAST}),
        ("grant_has_its_parts", 2, {"kind": "tweede", "parts": ["plan"]}),
        ("passing_grant_has_an_end", 2, {"kind": "ketenpartner", "parts": ["gesprek"]}),
        ("passing_grant_has_an_end", 2, {"kind": "noodtoegang"}),
        ("grant_fits_the_user_kind", 2, {"kind": "tweede", "user_kind": "systeem"}),
    ],
)
def test_what_can_never_be_stored(house, constraint, user, facts):
    grant(house[0], house[2], GrantKind.CONSULT, PAST)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        grant(house[0], house[user], **facts)


@pytest.mark.django_db
def test_one_after_the_other_is_fine(house):
    """Half open periods: who ends at a moment makes room for who begins at that moment."""
    case, _, bram, _ = house
    Grant.objects.filter(case=case, kind="contactpersoon").update(validity=PAST)
    grant(case, bram, GrantKind.CONTACTPERSOON, NOW)
    assert case.contactpersoon() == bram


@pytest.mark.django_db(transaction=True)
def test_a_grant_begins_and_ends_with_its_transaction(house):
    """By now() of the transaction, not of the statement: begun twice is once, ended stays readable."""
    case, anna, bram, _ = house
    moments = []
    for act in (begin_grant, begin_grant, end_grant, end_grant):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.01)")
            cursor.execute("SELECT now(), statement_timestamp() > now()")
            now, later = cursor.fetchone()
            assert later
            moments.append(now)
            act(case=case, user=bram, kind=GrantKind.TWEEDE, reason="Vakantie", by=actor_of(anna))
    found = Grant.objects.get(case=case, user=bram)
    assert (found.validity.lower, found.validity.upper) == (moments[0], moments[2])
    assert (found.reason, found.granted_by) == ("Vakantie", anna)
    log = LogRow.objects.filter(action="grant", case_id=case.pk, what__contains="Bram").values_list("what", "detail")
    assert list(log.order_by("id")) == [
        ("Toegang gegeven: Bram, tweede contactpersoon", "Vakantie"),
        ("Toegang beëindigd: Bram, tweede contactpersoon", "Vakantie"),
    ]


@pytest.mark.django_db
def test_a_grant_is_never_deleted(house):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Grant.objects.filter(case=house[0]).delete()


@pytest.mark.django_db
def test_the_contactpersoon_hands_over(house):
    case, anna, bram, _ = house
    hand_over_case(case_id=case.pk, user=bram, seen=anna.pk, reason="Verhuisd", actor=actor_of(anna))
    assert case.contactpersoon() == bram
    assert (permissions(anna, case), permissions(bram, case)) == (set(), {"view_case", "handle_case", "view_safety"})
    (before, after) = Grant.objects.filter(case=case, kind="contactpersoon").order_by("validity")
    assert (before.user, after.user, before.validity.upper) == (anna, bram, after.validity.lower)


@pytest.mark.django_db
def test_who_may_not_hand_over_and_to_whom_not(house):
    case, anna, bram, fatima = house
    elsewhere = make_staff("els", make_team(case.gemeente, "Wijkteam Zuid"), roles=("wijkteamlid", "teamleider"))
    for actor in (bram, elsewhere, fatima):
        with pytest.raises(PermissionDenied):
            hand_over_case(case_id=case.pk, user=bram, seen=anna.pk, reason="", actor=actor_of(actor))
    for user in (elsewhere, fatima):
        with pytest.raises(Blocked):
            hand_over_case(case_id=case.pk, user=user, seen=anna.pk, reason="", actor=actor_of(anna))
    assert case.contactpersoon() == anna


@pytest.mark.django_db
def test_a_case_without_contactpersoon_is_taken_by_a_colleague_or_given_by_the_teamleider(house):
    _, anna, bram, _ = house
    (team,) = [m.team for m in anna.memberships.all()]
    leader = make_staff("tess", team, roles=("teamleider",))
    case = make_case(actor_of(leader), given_names="Piet").case
    assert case.contactpersoon() is None
    hand_over_case(case_id=case.pk, user=bram, seen=None, reason="Pakt op", actor=actor_of(bram))
    assert case.contactpersoon() == bram
