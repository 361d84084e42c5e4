"""A ketenpartner does the one thing that was asked, and reaches nothing else: no case, no decision."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from casework.enums import GrantPart
from casework.models import Grant, Talk
from casework.services import analysis, handover, intake, sharing, talks
from decisions.models import Beschikking
from decisions.services import drafting
from plans.services import plan
from plans.services.partner import ask_partner
from tests.casework.test_sharing import make_partner
from tests.factories import (
    actor_of,
    age_grants,
    drive,
    fresh,
    held_talk,
    make_case,
    make_gemeente,
    make_staff,
    make_team,
    send_letters,
    write_plan,
)
from tests.test_doors import ALL
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(client):
    """A case with a planned conversation, its contactpersoon, and somebody of a school who is signed in."""
    anna = make_staff("anna", make_team(make_gemeente()))
    case = drive(make_case(actor_of(anna)).case, "gesprek")
    send_letters(case, actor_of(anna))
    Talk.objects.filter(case=case).update(
        planned_at=actor_of(anna).now - timedelta(hours=1), form="partner", place="School"
    )
    karin = make_partner(case, "karin")
    client.force_login(karin)
    return case, anna, karin


def ask(house, part=GrantPart.GESPREK, actions=()):
    case, anna, karin = house
    last_day = actor_of(anna).today + timedelta(days=30)
    facts = {"user": karin, "part": part, "actions": actions, "reason": "Kent het gezin", "last_day": last_day}
    ask_partner(case_id=case.pk, actor=actor_of(anna), **facts)
    age_grants(case)
    return Grant.objects.get(user=karin)


def told(actor):
    held = held_talk(actor)
    fields = {"on": "vandaag", "form": held.form, "present": held.present, "summary": held.summary}
    ticks = {"support_told": "on", "own_plan_told": "on", "leefgebieden": [row.pk for row in held.leefgebieden]}
    return fields | ticks


def test_the_appointment_and_nothing_else_is_shown(house, client):
    case, _, _ = house
    ask(house)
    answer = client.get("/", follow=True)
    shown = answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("werkplek:partner_home")
    assert case.person.name in shown and "School" in shown
    hidden = (case.reference, case.hulpvragen.get().need, case.meldingen.get().words, case.person.street)
    assert [text for text in hidden if text in shown] == []
    assert LogRow.objects.filter(action="list", case_ids=[case.pk]).count() == 1


def test_the_conversation_is_recorded_once_and_the_grant_ends_with_it(house, client):
    case, anna, karin = house
    url = reverse("werkplek:partner_talk", args=[ask(house).pk])
    assert client.get(url).status_code == 200
    assert client.post(url, told(actor_of(anna))).status_code == 302
    talk = Talk.objects.get(case=case)
    assert (talk.outcome, talk.summary) == ("gehouden", "Wij spraken elkaar.")
    assert fresh(case).status == "vraaganalyse"
    assert case.hulpvragen.get().status == "onderzoek"
    assert case.history.first().history_user == karin
    assert not Grant.objects.valid_now().filter(user=karin).exists()
    assert client.get(url).status_code == client.post(url).status_code == 404


def test_what_the_case_still_lacks_is_not_told_to_a_ketenpartner(house, client):
    case, anna, _ = house
    url = reverse("werkplek:partner_talk", args=[ask(house).pk])
    case.hulpvragen.update(receipt_sent_on=None)
    answer = client.post(url, told(actor_of(anna)))
    assert "Dit gesprek kan nog niet worden vastgelegd" in answer.content.decode()
    assert "ontvangst" not in answer.content.decode()
    assert fresh(case).status == "gesprek"


def test_the_own_actions_are_shown_and_those_of_others_are_not(house, client):
    case, anna, _ = house
    case = drive(case, "plan")
    written = write_plan(case, actor_of(anna))
    goal = written.goals.get()
    facts = {"plan_id": written.pk, "goal_id": goal.pk, "by": "vrij", "by_when": None, "actor": actor_of(anna)}
    own = plan.add_action(version=written.version, what="Huiswerkklas op dinsdag", **facts)
    ask(house, GrantPart.AFSPRAKEN, [own])
    shown = client.get(reverse("werkplek:partner_home")).content.decode()
    assert "Huiswerkklas op dinsdag" in shown
    assert [text for text in ("Zelf stoffen", goal.result, case.reference) if text in shown] == []


def test_somebody_elses_or_an_ended_grant_is_nowhere(house, client):
    case, anna, karin = house
    grant = ask(house)
    client.force_login(make_partner(case, "kees"))
    url = reverse("werkplek:partner_talk", args=[grant.pk])
    assert client.get(url).status_code == client.post(url, told(actor_of(anna))).status_code == 404
    assert client.get(reverse("werkplek:partner_home")).context["tasks"] == []
    sharing.end_access(case_id=case.pk, grant_id=grant.pk, reason="Klaar", actor=actor_of(anna))
    client.force_login(karin)
    assert client.get(url).status_code == 404
    assert fresh(case).status == "gesprek"


OWN = {"werkplek:partner_home", "werkplek:partner_talk"}


@pytest.mark.parametrize("part", [GrantPart.GESPREK, GrantPart.AFSPRAKEN])
def test_no_other_page_of_the_werkplek_portaal_or_sturing_opens(house, client, part):
    case, anna, _ = house
    actions = []
    if part == GrantPart.AFSPRAKEN:
        case = drive(case, "plan")
        actions = list(write_plan(case, actor_of(anna)).goals.get().actions.all())
    ask(house, part, actions)
    objects = {"pk": case.pk, "hulpvraag": case.hulpvragen.get().pk, "letter": case.letters.first().pk}
    doors = [name for name in ALL if name.split(":")[0] in {"werkplek", "portaal", "sturing"} and name not in OWN]
    public = {"portaal:sign_in", "portaal:digid_start", "portaal:digid_back", "portaal:report", "portaal:reported"}
    opened = []
    for name in sorted(set(doors) - public):
        converters = ALL[name].pattern.converters
        wanted = {
            key: objects.get(key, 1 if "Int" in type(kind).__name__ else uuid4()) for key, kind in converters.items()
        }
        wanted |= {key: "toetser" for key, kind in converters.items() if "Slug" in type(kind).__name__}
        for method in ("get", "post"):
            code = getattr(client, method)(reverse(name, kwargs=wanted)).status_code
            opened += [(name, method, code)] if code not in {302, 404} or (code == 302 and ":" not in name) else []
    assert len(doors) > 80
    assert opened == []


def test_no_service_of_the_municipality_lets_a_ketenpartner_act(house):
    case, anna, karin = house
    ask(house)
    stranger, hulpvraag = actor_of(karin), case.hulpvragen.get()
    refused = [
        lambda: intake.register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=stranger.today, actor=stranger),
        lambda: talks.plan_talk(
            case_id=case.pk, at=stranger.now + timedelta(days=1), form="thuis", place="", actor=stranger
        ),
        lambda: talks.record_no_show(case_id=case.pk, note="x", actor=stranger),
        lambda: analysis.start_onderzoek(hulpvraag_id=hulpvraag.pk, actor=stranger),
        lambda: analysis.step_back(case_id=case.pk, step="return_to_analysis", reason="x", actor=stranger),
        lambda: plan.open_plan(case_id=case.pk, actor=stranger),
        lambda: drafting.open_draft(hulpvraag_id=hulpvraag.pk, actor=stranger),
        lambda: handover.hand_over_case(case_id=case.pk, user=karin, seen=anna.pk, reason="x", actor=stranger),
        lambda: sharing.give_access(
            case_id=case.pk, user=karin, kind="tweede", reason="x", last_day=None, actor=stranger
        ),
    ]
    for act in refused:
        with pytest.raises((PermissionDenied, Blocked)):
            act()
    assert (fresh(case).status, case.contactpersoon()) == ("gesprek", anna)


def test_a_ketenpartner_never_submits_approves_or_issues(house):
    case, anna, karin = house
    case = drive(case, "besluit")
    ask(house)
    hulpvraag = case.hulpvragen.get()
    draft = drafting.open_draft(hulpvraag_id=hulpvraag.pk, actor=actor_of(anna))
    facts = drafting.DraftFacts(draft.outcome, "Dit is nodig.", "", karin)
    drafting.write_draft(beschikking_id=draft.pk, version=draft.version, facts=facts, actor=actor_of(anna))
    stranger = actor_of(karin)
    for status, act in (
        ("concept", drafting.submit_for_review),
        ("ter_toetsing", drafting.approve),
        ("vastgesteld", drafting.issue_beschikking),
    ):
        Beschikking.objects.filter(pk=draft.pk).update(status=status)
        with pytest.raises(PermissionDenied):
            act(beschikking_id=draft.pk, actor=stranger)
        assert Beschikking.objects.get(pk=draft.pk).status == status
