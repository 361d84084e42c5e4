"""Who reads along in the portaal sees exactly the parts of the one person that were opened, and nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from casework.enums import GrantKind, GrantPart
from casework.models import Grant, Hulpvraag, Letter
from casework.services import cover, sharing
from plans.models import Plan
from tests import factories as make
from tests.housemates import add_housemate
from toegang.accounts.models import AbsenceReason
from toegang.core.dates import long_date
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
PARTS = list(GrantPart)[:3]


@pytest.fixture
def house(client):
    """A case in uitvoering of Fatima, a housemate with an own question, and a housemate who may read along."""
    worker = make.make_staff("anna", make.make_team(make.make_gemeente()))
    case = make.drive(make.make_case(make.actor_of(worker)).case, "uitvoering")
    make.make_resident(case, make.actor_of(worker))
    child = add_housemate(case, "Samira", make.actor_of(worker))
    actor = make.actor_of(worker)
    hulpvraag = case.hulpvragen.get()
    Hulpvraag.objects.create(
        gemeente=case.gemeente, case=case, person=child, melding=hulpvraag.melding, law="jeugd",
        need="Geheim van Samira", melding_on=actor.today,
    )  # fmt: skip
    mother = add_housemate(case, "Aisha", actor)
    client.force_login(mother.user)
    return case, worker, mother


def let_read(house, *parts, kind=GrantKind.MEELEZER):
    case, worker, mother = house
    actor = make.actor_of(worker)
    facts = {"user": mother.user, "person": case.person, "kind": kind, "parts": parts, "reason": "Gevraagd"}
    sharing.give_reading(case_id=case.pk, last_day=actor.today + timedelta(days=30), actor=actor, **facts)
    make.age_grants(case)


def addresses(case):
    letter = Letter.objects.filter(case=case, addressee=case.person, sent_on__isnull=False).first()
    plan = Plan.objects.get(case=case, status="akkoord")
    return {
        "stappen": reverse("portaal:case", args=[case.pk]),
        "plan": reverse("portaal:plan", args=[plan.pk]),
        "brieven": reverse("portaal:letter", args=[letter.pk]),
    }


def page(client, case):
    return client.get(addresses(case)["stappen"]).content.decode()


def test_without_a_grant_there_is_nothing(house, client):
    codes = {client.get(url).status_code for url in addresses(house[0]).values()}
    assert codes == {404}
    assert "Samira" not in client.get(reverse("portaal:home")).content.decode()


@pytest.mark.parametrize("part", PARTS)
def test_one_part_opens_that_part_and_nothing_else(house, client, part):
    case, worker, _ = house
    let_read(house, part)
    answers = {key: client.get(url).status_code for key, url in addresses(case).items()}
    # The page of the case itself is where a reader finds the one part.
    assert answers == dict.fromkeys(answers, 404) | {"stappen": 200, part.value: 200}
    shown = page(client, case)
    need, steps = case.hulpvragen.get(person=case.person).need, "De zeven stappen"
    assert [text in shown for text in (need, steps, worker.name)] == [part == GrantPart.STAPPEN] * 3
    assert ("Lees het plan" in shown) == (part == GrantPart.PLAN)
    assert (f'href="{addresses(case)["brieven"]}"' in shown) == (part == GrantPart.BRIEVEN)
    assert (case.reference in shown) is False
    assert "U bent meelezer van" in shown and case.person.name in shown


@pytest.mark.parametrize("kind", [GrantKind.MEELEZER, GrantKind.VERTEGENWOORDIGER])
def test_another_housemate_never_shines_through(house, client, kind):
    case, _, _ = house
    let_read(house, *PARTS, kind=kind)
    for url in (*addresses(case).values(), reverse("portaal:home")):
        answer = client.get(url)
        assert answer.status_code == 200
        assert "Samira" not in answer.content.decode()


def test_what_is_ended_or_over_shows_nothing(house, client):
    case, worker, _ = house
    let_read(house, *PARTS)
    grant = Grant.objects.get(kind="meelezer")
    sharing.end_access(case_id=case.pk, grant_id=grant.pk, reason="Klaar", actor=make.actor_of(worker))
    assert {client.get(url).status_code for url in addresses(case).values()} == {404}


def test_the_look_says_that_it_was_another_persons(house, client):
    case, _, mother = house
    let_read(house, *PARTS)
    for url in addresses(case).values():
        client.get(url)
    looks = LogRow.objects.filter(user_id=mother.user_id, action="look").order_by("id").values_list("what", "case_id")
    words = ("Zaak meegelezen", "Plan van een ander gelezen", "Brief van een ander gelezen")
    assert list(looks) == [(what, case.pk) for what in words]


def test_reading_along_gives_no_task_and_takes_no_step(house, client):
    let_read(house, *PARTS)
    assert client.get(reverse("portaal:home")).context["tasks"] == []
    assert client.post(addresses(house[0])["plan"]).status_code == 405


def test_the_inwoner_reads_who_covers_for_an_absent_contactpersoon(house, client):
    case, worker, _ = house
    milan = make.make_staff("milan", case.team)
    actor = make.actor_of(worker)
    until = actor.today + timedelta(days=5)
    facts = {"since": actor.today, "until": until, "reason": AbsenceReason.VERLOF, "cover": milan}
    cover.register_absence(user=worker, actor=actor, **facts)
    make.run_outbox()
    client.force_login(case.person.user)
    for url in (reverse("portaal:home"), *addresses(case).values()):
        shown = client.get(url).content.decode()
        assert f"Anna is er tot en met {long_date(until)} niet." in shown
        assert "<strong>Milan</strong> helpt u in die tijd" in shown
