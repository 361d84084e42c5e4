"""The conversation: planned, moved, missed, held in any form, or not held at all."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from casework.enums import CaseStatus, HulpvraagStatus, TalkForm, TalkOutcome
from casework.models import Case, Leefgebied, LeefgebiedNote, Letter, Talk
from casework.services import talks
from tests.factories import (
    actor_of,
    drive,
    fresh,
    held_talk,
    make_case,
    make_gemeente,
    make_staff,
    make_team,
    run_outbox,
    send_letters,
)
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow
from toegang.core.records import Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team(make_gemeente())


@pytest.fixture
def anna(team):
    return actor_of(make_staff("anna", team))


@pytest.fixture
def case(anna):
    return make_case(anna).case


def plan(case, actor, *, days=3, form="thuis", **changes):
    facts = {"place": "", "invite": False, **changes}
    return talks.plan_talk(case_id=case.pk, at=actor.now + timedelta(days=days), form=form, actor=actor, **facts)


def miss(case, actor, form):
    """Plan a conversation, let its moment pass, and note that nobody came."""
    plan(case, actor, form=form)
    Talk.objects.filter(case=case, outcome=TalkOutcome.GEPLAND).update(planned_at=actor.now - timedelta(hours=1))
    talks.record_no_show(case_id=case.pk, note="Er deed niemand open.", actor=actor)


def on_file(case, actor, reason, **changes):
    leefgebieden = Leefgebied.objects.valid_on(actor.today)[:1]
    facts = {"support_told": True, "own_plan_told": True, "leefgebieden": leefgebieden, **changes}
    held = talks.HeldTalk(actor.today, "", "", "Zij wil niet praten.", **facts)
    return talks.investigate_on_file(case_id=case.pk, reason=reason, held=held, actor=actor)


@pytest.mark.parametrize("form", TalkForm.values)
def test_a_conversation_in_any_form_asks_only_a_contactpersoon(case, anna, form):
    at = anna.now + timedelta(days=3)
    talks.plan_talk(case_id=case.pk, at=at, form=form, place="Kamer 2", actor=anna)

    case = fresh(case)
    assert (case.status, case.conversation_on, case.conversation_form) == (CaseStatus.GESPREK, at, form)
    talk = Talk.objects.get()
    assert (talk.form, talk.planned_at, talk.place, talk.outcome) == (form, at, "Kamer 2", TalkOutcome.GEPLAND)
    assert Letter.objects.filter(kind="uitnodiging").count() == 1


def test_without_an_invitation_no_letter_is_ordered(case, anna):
    plan(case, anna, invite=False)
    assert not Letter.objects.filter(kind="uitnodiging").exists()


def test_a_moved_conversation_keeps_the_former_one_readable(case, anna):
    plan(case, anna, form="thuis")
    plan(case, anna, days=5, form="telefoon")

    assert set(case.talks.values_list("form", "outcome")) == {
        ("thuis", TalkOutcome.VERZET),
        ("telefoon", TalkOutcome.GEPLAND),
    }
    assert fresh(case).conversation_form == "telefoon"
    assert list(LogRow.objects.filter(action="step").order_by("id").values_list("what", flat=True)) == [
        "Gesprek gepland",
        "Gesprek verzet",
    ]


def test_an_invitation_that_waits_on_the_print_list_is_made_again_with_the_new_moment(anna):
    case = make_case(anna, letter_channel="papier").case
    plan(case, anna, days=3, invite=True)
    run_outbox()
    former = Letter.objects.get(kind="uitnodiging").document_id
    plan(case, anna, days=6, invite=True)
    run_outbox()

    letter = Letter.objects.get(kind="uitnodiging")
    assert letter.document_id not in {former, None}
    assert letter.sent_on is None


def test_an_invitation_that_was_sent_is_followed_by_a_new_one(case, anna):
    plan(case, anna, days=3, invite=True)
    run_outbox()
    plan(case, anna, days=6, invite=True)
    run_outbox()
    assert Letter.objects.filter(kind="uitnodiging", sent_on=anna.today).count() == 2


def test_who_planned_from_an_older_page_sees_who_was_first_and_changes_nothing(case, anna, team):
    version = fresh(case).version
    plan(case, anna, form="thuis", version=version)
    with pytest.raises(Stale) as stale:
        plan(case, anna, days=9, form="telefoon", version=version)

    assert (stale.value.who, stale.value.record.version) == ("Anna", version + 1)
    assert list(case.talks.values_list("form", "outcome")) == [("thuis", TalkOutcome.GEPLAND)]


def test_a_conversation_is_planned_in_the_future(case, anna):
    with pytest.raises(Blocked, match="Kies een moment dat nog komt"):
        talks.plan_talk(case_id=case.pk, at=anna.now, form="thuis", place="", actor=anna)
    assert (fresh(case).status, Talk.objects.count()) == (CaseStatus.MELDING, 0)


def test_without_a_contactpersoon_nobody_plans(anna):
    case = make_case(anna, become_contactpersoon=False).case
    with pytest.raises(PermissionDenied):
        plan(case, anna)
    assert (fresh(case).status, Talk.objects.count()) == (CaseStatus.MELDING, 0)


def test_a_colleague_of_the_team_plans_nothing(case, team):
    with pytest.raises(PermissionDenied):
        plan(case, actor_of(make_staff("bert", team)))
    assert Talk.objects.count() == 0


@pytest.mark.parametrize("state", ["vraaganalyse", "plan"])
def test_after_the_conversation_nothing_is_planned(case, anna, state):
    case = drive(case, state)
    with pytest.raises(Blocked, match="Deze stap kan niet meer"):
        plan(case, actor_of(anna.user))
    assert list(Talk.objects.values_list("outcome", flat=True)) == [TalkOutcome.GEHOUDEN]


def test_a_no_show_is_noted_and_a_new_conversation_can_be_planned(case, anna):
    miss(case, anna, "thuis")
    assert Talk.objects.get().summary == "Er deed niemand open."
    assert (fresh(case).status, fresh(case).conversation_on) == (CaseStatus.GESPREK, None)

    plan(case, anna, form="telefoon")
    assert set(case.talks.values_list("form", "outcome")) == {
        ("thuis", TalkOutcome.NIET_VERSCHENEN),
        ("telefoon", TalkOutcome.GEPLAND),
    }


def test_a_no_show_needs_a_conversation_whose_moment_has_passed(case, anna):
    plan(case, anna)
    with pytest.raises(Blocked, match="Het gesprek moet nog komen"):
        talks.record_no_show(case_id=case.pk, note="", actor=anna)
    miss(case, anna, "thuis")
    with pytest.raises(Blocked, match="Er is geen gesprek gepland"):
        talks.record_no_show(case_id=case.pk, note="", actor=anna)
    assert sorted(case.talks.values_list("outcome", flat=True)) == [TalkOutcome.NIET_VERSCHENEN, TalkOutcome.VERZET]


def test_a_held_conversation_starts_the_onderzoek_and_notes_rights_and_leefgebieden(case, anna):
    send_letters(case, anna)
    plan(case, anna)
    talks.hold_talk(case_id=case.pk, held=held_talk(anna), actor=anna)

    case = fresh(case)
    assert (case.status, case.conversation_held_on) == (CaseStatus.VRAAGANALYSE, anna.today)
    assert (case.support_told_on, case.own_plan_told_on) == (anna.today, anna.today)
    talk = Talk.objects.get()
    assert (talk.outcome, talk.held_on, talk.present, talk.summary) == (
        TalkOutcome.GEHOUDEN, anna.today, "Mevrouw zelf", "Wij spraken elkaar.",
    )  # fmt: skip
    assert list(LeefgebiedNote.objects.values_list("leefgebied__key", "relevant", "why")) == [
        ("gezondheid", None, ""),
        ("huishouden", None, ""),
    ]
    assert [h.status for h in case.hulpvragen.all()] == [HulpvraagStatus.ONDERZOEK]


def test_the_telephone_call_of_the_melding_may_be_the_conversation(case, anna):
    send_letters(case, anna)
    talks.hold_talk(case_id=case.pk, held=held_talk(anna), actor=anna)
    assert fresh(case).status == CaseStatus.VRAAGANALYSE
    assert list(Talk.objects.values_list("outcome", "planned_at")) == [(TalkOutcome.GEHOUDEN, None)]


def test_what_is_missing_is_told_at_once_and_nothing_is_kept(case, anna):
    held = talks.HeldTalk(anna.today, "thuis", "Wij", "Kort.", False, False, [])
    with pytest.raises(Blocked) as stop:
        talks.hold_talk(case_id=case.pk, held=held, actor=anna)

    assert [(o.text, o.where) for o in stop.value.obstacles] == [
        ("De ontvangst van de melding (Wmo, Fatima Yıldız) is nog niet bevestigd.", "overzicht"),
        ("Vertel dat een cliëntondersteuner gratis meedenkt.", "gesprek"),
        ("Vertel dat de inwoner zelf een plan mag maken.", "gesprek"),
        ("Kies ten minste één leefgebied dat u besprak.", "gesprek"),
    ]
    case = fresh(case)
    assert (case.status, case.conversation_held_on, Talk.objects.count()) == (CaseStatus.MELDING, None, 0)


def test_a_conversation_of_tomorrow_was_not_held(case, anna):
    send_letters(case, anna)
    held = talks.HeldTalk(anna.today + timedelta(days=1), "thuis", "Wij", "Kort.", True, True, [])
    with pytest.raises(Blocked, match="in de toekomst"):
        talks.hold_talk(case_id=case.pk, held=held, actor=anna)
    assert Talk.objects.count() == 0


def test_holding_twice_is_told_and_has_no_second_effect(case, anna):
    case = drive(case, "vraaganalyse")
    with pytest.raises(Blocked, match="Deze stap kan niet meer: de stand is nu ‘Vraaganalyse’"):
        talks.hold_talk(case_id=case.pk, held=held_talk(anna), actor=actor_of(anna.user))
    assert Talk.objects.count() == 1


def test_a_refused_conversation_goes_on_file_with_its_reason(case, anna):
    send_letters(case, anna)
    on_file(case, anna, "geweigerd")

    case = fresh(case)
    assert (case.status, case.on_file_reason, case.conversation_held_on) == (
        CaseStatus.VRAAGANALYSE, "geweigerd", None,
    )  # fmt: skip
    assert [h.status for h in case.hulpvragen.all()] == [HulpvraagStatus.ONDERZOEK]
    assert LogRow.objects.get(what="Onderzoek op stukken").detail == "Zij wil niet praten."


@pytest.mark.parametrize(
    ("missed", "allowed"),
    [
        ([], False),
        (["thuis"], False),
        (["thuis", "thuis"], False),
        (["thuis", "telefoon"], True),
        (["telefoon", "thuis", "thuis"], True),
    ],
)
def test_two_no_shows_over_two_channels_allow_onderzoek_on_file(case, anna, missed, allowed):
    send_letters(case, anna)
    for form in missed:
        miss(case, anna, form)
    if allowed:
        on_file(case, anna, "twee_keer_niet_verschenen")
    else:
        with pytest.raises(Blocked, match="Probeer het twee keer, op twee manieren"):
            on_file(case, anna, "twee_keer_niet_verschenen")
    assert (fresh(case).status == CaseStatus.VRAAGANALYSE) is allowed
    assert bool(fresh(case).on_file_reason) is allowed


def test_on_file_the_rights_are_told_too(case, anna):
    send_letters(case, anna)
    with pytest.raises(Blocked) as stop:
        on_file(case, anna, "geweigerd", support_told=False)
    assert [o.text for o in stop.value.obstacles] == ["Vertel dat een cliëntondersteuner gratis meedenkt."]
    assert Case.objects.get().status == CaseStatus.MELDING
