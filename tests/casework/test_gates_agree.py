"""One truth of who sees which case: a model, visible_to, guardian, the wall, lists, search and export agree."""

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection, transaction

from casework.enums import LIMITED_KINDS, RESIDENT_KINDS, VIEWING_KINDS, GrantKind
from casework.models import Case, Grant
from casework.permissions import REGISTRARS
from casework.selectors import team_cases, unassigned_cases
from casework.services.lookup import Wanted, look_up
from tests.casework.test_grants import PARTS
from tests.factories import actor_of, make_case, make_gemeente, make_resident, make_staff, make_team
from toegang.accounts.models import Membership, RoleAssignment, User
from toegang.core.dates import PartialDate
from toegang.core.wall import standing_as
from toegang.werkplek.views.letters import letters_for

BORN = PartialDate.from_int(19780412)
TEAM_ROLES = ("wijkteamlid", "teamleider")
ROLES = (*TEAM_ROLES, "toetser", "bezwaarbehandelaar", "aandacht", "klantcontact", "privacy", "manager", "beheerder")
STAFF_KINDS = sorted(set(GrantKind) - RESIDENT_KINDS - {GrantKind.CONTACTPERSOON})
DAYS = (-900, -30, -1, 0, 1, 30, 900)  # around today: what counts are the edges


@dataclass
class Model:
    """Who works where, holds what and was given what, in plain facts; today and now stand still."""

    today: object
    now: object
    members: list = field(default_factory=list)  # user, team, since, until
    roles: list = field(default_factory=list)  # user, role, gemeente, since, until
    grants: list = field(default_factory=list)  # user, case, kind, from, until

    def sees(self, user, case):
        """The two arms, in as few words as there are."""
        if not user.is_active:
            return False
        given = any(
            (who, what) == (user.pk, case.pk) and kind in VIEWING_KINDS and start <= self.now and self.now < end
            for who, what, kind, start, end in self.grants
        )
        return given or (not case.shielded and self.of_team(user, case))

    def of_team(self, user, case):
        """Works in the team of the case, and for its gemeente with a role that sees the team's cases."""
        works = any((who, team) == (user.pk, case.team_id) and a <= self.today <= b for who, team, a, b in self.members)
        for_it = any(
            (who, gemeente) == (user.pk, case.gemeente_id) and role in TEAM_ROLES and a <= self.today <= b
            for who, role, gemeente, a, b in self.roles
        )
        return user.kind == "medewerker" and user.ketenpartner_id is None and works and for_it


@pytest.fixture
def ground(db):
    """Two gemeenten, three teams of which one serves both, nine cases with a contactpersoon, and people without."""
    noord, zuid = make_gemeente(), make_gemeente("Elders")
    teams = [make_team(noord, "Noord"), make_team(noord, "Beide"), make_team(zuid, "Zuid")]
    makers = [make_staff(f"maker-{n}", team) for n, team in enumerate(teams)]
    cases = [make_case(actor_of(makers[n % 3]), given_names=f"Inwoner {n}").case for n in range(9)]
    teams[1].gemeenten.add(zuid)
    Case.objects.filter(pk=cases[4].pk).update(gemeente=zuid)
    residents = [make_resident(case, actor_of(makers[0])) for case in cases[:3]]
    users = [make_staff(f"werker-{n}", roles=()) for n in range(10)]
    User.objects.filter(pk=users[9].pk).update(is_active=False)
    return [noord, zuid], teams, cases, [*makers, *users, *residents]


def period(dice, today):
    """A first and a last day; half of the periods have no end."""
    first = today + timedelta(days=dice.choice(DAYS))
    return first, None if dice.random() < 0.5 else first + timedelta(days=dice.choice((0, 1, 29, 30, 31, 900)))


def scatter(dice, model, ground):
    """Random memberships, roles, grants and shielded cases; the same facts in the model and in the database."""
    gemeenten, teams, cases, users = ground
    far = timedelta(days=100_000)
    for user in [user for user in users if user.username.startswith("werker")]:
        since, until = period(dice, model.today)
        team = dice.choice(teams)
        Membership.objects.create(user=user, team=team, since=since, until=until)
        model.members.append((user.pk, team.pk, since, until or model.today + far))
        for role in dice.sample(ROLES, 2):
            gemeente, (since, until) = dice.choice(gemeenten), period(dice, model.today)
            RoleAssignment.objects.create(user=user, gemeente=gemeente, role_id=role, since=since, until=until)
            model.roles.append((user.pk, role, gemeente.pk, since, until or model.today + far))
    for user in users:
        for case in dice.sample(cases, 2):
            give(dice, model, user, case)
    for case in cases:
        case.shielded = dice.random() < 0.3
        Case.objects.filter(pk=case.pk).update(shielded=case.shielded)


def give(dice, model, user, case):
    """One grant in a random period of hours around now; what the constraints refuse does not happen."""
    kind = dice.choice(sorted(RESIDENT_KINDS) if user.kind == "inwoner" else STAFF_KINDS)
    if kind == GrantKind.INWONER:
        return
    start = model.now + timedelta(hours=dice.choice((-1000, -2, 0, 2)))
    end = start + timedelta(hours=dice.choice((1, 2, 3, 5000)))
    Grant.objects.create(
        gemeente_id=case.gemeente_id, case=case, user=user, user_kind=user.kind, kind=kind, reason="Test",
        validity=(start, end), parts=PARTS.get(kind, []), person=case.person if kind in LIMITED_KINDS else None,
    )  # fmt: skip
    model.grants.append((user.pk, case.pk, kind, start, end))


def answers(user, cases):
    """What each gate says of all cases, for one user: by name."""
    actor = actor_of(User.objects.get(pk=user.pk))
    by_scope = set(Case.objects.visible_to(actor).values_list("pk", flat=True))
    assert by_scope == set(Case.objects.filter(Case.objects.all().seen_by(actor)).values_list("pk", flat=True))
    with transaction.atomic(), standing_as(actor):
        by_wall = set(Case.objects.values_list("pk", flat=True))
        through_both = {row.case.pk for row in team_cases(actor)} | {row.pk for row in unassigned_cases(actor)}
        export = set(letters_for(actor).values_list("case_id", flat=True))
        found = set().union(*(addresses(gemeente_id, actor) for gemeente_id in actor.gemeenten_as(*REGISTRARS)))
    fresh = User.objects.get(pk=user.pk)
    by_guardian = {case.pk for case in cases if fresh.has_perm("casework.view_case", case)}
    return {"scope": by_scope, "wall": by_wall, "lists": through_both, "export": export}, by_guardian, found


def addresses(gemeente_id, actor):
    """The cases to which a search for everybody leads; all inwoners here have one family name and birth date."""
    told = look_up(gemeente_id=gemeente_id, wanted=Wanted(family_name="Yıldız", born=BORN), actor=actor)
    return {case for person in told.people for _, case in person.cases if case}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "worlds", [range(4), pytest.param(range(4, 75), marks=pytest.mark.long)], ids=["quick", "long"]
)
def test_all_gates_say_what_the_model_says(ground, worlds):
    """Sixteen users times nine cases in each world: the long lane asks more than ten thousand pairs."""
    asked, seen = 0, set()
    for seed in worlds:
        point = transaction.savepoint()
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")  # one moment as long as this transaction lasts
            model = Model(actor_of(None).today, cursor.fetchone()[0])
        base(model, ground)
        scatter(random.Random(seed), model, ground)
        cases = list(Case.objects.in_bulk([case.pk for case in ground[2]]).values())
        for user in User.objects.filter(pk__in=[user.pk for user in ground[3]]):
            expected = {case.pk for case in cases if model.sees(user, case)}
            by_gate, by_guardian, found = answers(user, cases)
            assert by_gate == dict.fromkeys(("scope", "wall", "lists", "export"), expected), (seed, user)
            searched = actor_of(User.objects.get(pk=user.pk)).gemeenten_as(*REGISTRARS)
            assert found == {case.pk for case in cases if case.pk in expected and case.person.gemeente_id in searched}
            team = {case.pk for case in cases if model.of_team(user, case) and not case.shielded and user.is_active}
            assert expected - team <= by_guardian <= expected, (seed, user)
            asked += len(cases)
            seen.add(len(expected))
        transaction.savepoint_rollback(point)
    assert asked == len(worlds) * 16 * 9
    assert len(seen) > 5  # the worlds differ


def base(model, ground):
    """What the ground itself holds: the makers with their team and role, and the grants of the cases."""
    far = timedelta(days=100_000)
    for row in Membership.objects.all():
        model.members.append((row.user_id, row.team_id, row.since, model.today + far))
    for row in RoleAssignment.objects.all():
        model.roles.append((row.user_id, row.role_id, row.gemeente_id, row.since, model.today + far))
    for row in Grant.objects.all():
        model.grants.append((row.user_id, row.case_id, row.kind, row.validity.lower, model.now + far))
