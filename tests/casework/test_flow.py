"""The trio for every transition of a case and a hulpvraag: each allowed state, each other state, rolled back whole."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework.enums import CaseStatus, HulpvraagStatus
from casework.models import Case, Hulpvraag, Leefgebied, LeefgebiedNote, OnderzoekAnswer
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team
from toegang.accounts.models import system_user
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.models import LogRow

DAY = date(2025, 3, 3)


class LaterStepError(Exception):
    """What comes after the step in the same transaction."""


@dataclass(frozen=True)
class Step:
    """What a step takes, what it needs beside the facts that are always there, and what hinders it without facts."""

    facts: dict = field(default_factory=dict)
    case: dict = field(default_factory=dict)
    hulpvraag: dict = field(default_factory=dict)
    by_system: bool = False
    bare: tuple = ()


TALK = ("Er is nog geen gesprek gevoerd.", "De ontvangst van de melding (Wmo, Fatima Yıldız) is nog niet bevestigd.",
        "Vertel dat een cliëntondersteuner gratis meedenkt.", "Vertel dat de inwoner zelf een plan mag maken.",
        "Kies ten minste één leefgebied dat u besprak.")  # fmt: skip
TRIED = "Probeer het twee keer, op twee manieren. Of leg vast dat de inwoner niet wil."
NOT_AGREED = "Er is nog geen akkoord op het plan."
NO_EVALUATION = "Plan een datum voor de evaluatie."
CASE_STEPS = {
    "plan_conversation": Step({"on": None, "form": "thuis"}, bare=("Er is nog geen contactpersoon.",)),
    "reschedule": Step({"on": None, "form": "video"}),
    "record_no_show": Step(),
    "hold_conversation": Step(bare=TALK),
    "investigate_on_file": Step(case={"on_file_reason": "geweigerd"}, bare=(TRIED, *TALK)),
    "complete_analysis": Step({"on": DAY}, bare=("Verstuur eerst het verslag van het onderzoek.",)),
    "go_to_choice": Step(bare=(NOT_AGREED, "In dit plan staat geen maatwerk.")),
    "start_light_help": Step({"on": DAY}, case={"plan_has_maatwerk": False}, bare=(NOT_AGREED, NO_EVALUATION)),
    "go_to_decision": Step(bare=("Leg de aanvraag vast.",)),
    "start_help": Step({"on": DAY}, bare=("Er is nog geen besluit verzonden.", NO_EVALUATION)),
    "start_referred_help": Step(
        {"on": DAY},
        hulpvraag={"referrer": "huisarts", "status": "loopt"},
        bare=("Niet elke hulpvraag kwam via een verwijzing: houd eerst een gesprek.", "Bevestig eerst de verwijzing.",
              NO_EVALUATION),
    ),
    "start_evaluation": Step(),
    "continue_help": Step({"next_on": DAY}, bare=(NO_EVALUATION,)),
    "extend_help": Step(hulpvraag={"status": "aanvraag"}, bare=("Leg eerst de aanvraag voor verlenging vast.",)),
    "return_to_conversation": Step(),
    "return_to_analysis": Step(),
    "return_to_plan": Step(),
    "return_to_choice": Step(),
    "close": Step(
        {"on": DAY},
        hulpvraag={"status": "beeindigd"},
        bare=("Kies een reden voor het afsluiten.", "Deze hulpvraag loopt nog: Wmo, Fatima Yıldız."),
    ),
    "reopen": Step(),
    "reopen_at_plan": Step(),
}  # fmt: skip
HULPVRAAG_STEPS = {
    "start_onderzoek": Step(),
    "mark_verslag_sent": Step({"on": DAY}, by_system=True),
    "note_verslag_sent": Step({"on": DAY}, by_system=True),
    "register_aanvraag": Step({"on": DAY, "premature": False}),
    "settle_without_decision": Step({"on": DAY}),
    "mark_decided": Step({"on": DAY}, by_system=True),
    "start_help": Step({"on": DAY}),
    "confirm_referral": Step({"on": DAY, "provider": "Zorg Dichtbij"}),
    "end": Step({"on": DAY, "end_reason": "verhuisd"}),
    "hand_over": Step({"on": DAY, "to": "Schuldhulp"}),
    "take_back": Step({}),
}
CASE_FACTS = {
    "conversation_held_on": DAY,
    "support_told_on": DAY,
    "own_plan_told_on": DAY,
    "plan_agreed_on": DAY,
    "plan_has_maatwerk": True,
    "choices_made_on": DAY,
    "evaluation_on": DAY,
    "closed_on": DAY,
    "close_reason": "verhuisd",
}
HULPVRAAG_FACTS = {
    "status": "verslag",
    "receipt_sent_on": DAY,
    "aanvraag_on": DAY,
    "besluit_sent_on": DAY,
    "reaction": "klopt",
}


def arrows(model):
    """{step: {source: target}} of the status field itself."""
    found = {}
    for transition_ in model._meta.get_field("status").get_all_transitions(model):
        found.setdefault(transition_.name, {})[str(transition_.source)] = transition_.target
    return found


CASE_ARROWS, HULPVRAAG_ARROWS = arrows(Case), arrows(Hulpvraag)


def test_the_tables_name_every_step():
    assert set(CASE_STEPS) == set(CASE_ARROWS)
    assert set(HULPVRAAG_STEPS) == set(HULPVRAAG_ARROWS)


@pytest.fixture
def people():
    """A contactpersoon with a case, and a colleague of the team without a grant."""
    team = make_team(make_gemeente())
    anna, bram = make_staff("anna", team), make_staff("bram", team)
    return make_case(actor_of(anna)), actor_of(anna), actor_of(bram)


def prepare(registered, step, status=None, hulpvraag_status=None):
    """Every fact that any guard asks; written past the steps, as tests may."""
    case, (hulpvraag,) = registered.case, registered.hulpvragen
    for leefgebied in Leefgebied.objects.all()[:1]:
        LeefgebiedNote.objects.create(
            gemeente_id=case.gemeente_id, case=case, leefgebied=leefgebied, relevant=True, why="Dit speelt mee."
        )
    for part in hulpvraag.parts():
        OnderzoekAnswer.objects.create(
            gemeente_id=case.gemeente_id, case=case, hulpvraag=hulpvraag, part=part, text="Besproken."
        )
    state = {"status": status} if status else {}
    Case.objects.filter(pk=case.pk).update(**CASE_FACTS | step.case | state)
    state = {"status": hulpvraag_status} if hulpvraag_status else {}
    Hulpvraag.objects.filter(pk=hulpvraag.pk).update(**HULPVRAAG_FACTS | step.hulpvraag | state)


def stored(registered):
    """All that a step could change."""
    case, (hulpvraag,) = registered.case, registered.hulpvragen
    rows = [Case.objects.values().get(pk=case.pk), Hulpvraag.objects.values().get(pk=hulpvraag.pk)]
    return rows, case.history.count(), hulpvraag.history.count(), LogRow.objects.count()


def take(record, name, step, actor):
    """Take the step in a transaction of its own; gives the record as it is stored then."""
    with transaction.atomic():
        carry_out(lock(type(record), record.pk), name, by=actor, **step.facts)
    return type(record).objects.get(pk=record.pk)


def trio(registered, record, name, step, *, sources, states, actor):
    """Works in each allowed state, fails in each other state with a sentence, and a failure takes all of it back."""
    for state in states:
        type(record).objects.filter(pk=record.pk).update(status=state)
        before = stored(registered)
        if state not in sources:
            with pytest.raises(Blocked, match="Deze stap kan niet meer: de stand is nu ‘"):
                take(record, name, step, actor)
            assert stored(registered) == before, state
            continue
        with suppress(LaterStepError), transaction.atomic():
            take(record, name, step, actor)
            raise LaterStepError
        assert stored(registered) == before, state
        taken = take(record, name, step, actor)
        assert taken.status == (sources[state] or state)
        assert taken.history.latest().status == taken.status
        assert LogRow.objects.filter(action="step").latest("id").object_type.endswith(f".{name}")


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASE_ARROWS)
def test_the_trio_of_a_case(people, name):
    registered, anna, _ = people
    step = CASE_STEPS[name]
    prepare(registered, step)
    trio(registered, registered.case, name, step, sources=CASE_ARROWS[name], states=CaseStatus.values, actor=anna)


@pytest.mark.django_db
@pytest.mark.parametrize("name", HULPVRAAG_ARROWS)
def test_the_trio_of_a_hulpvraag(people, name):
    registered, anna, _ = people
    step = HULPVRAAG_STEPS[name]
    prepare(registered, step)
    (hulpvraag,) = registered.hulpvragen
    actor = actor_of(system_user()) if step.by_system else anna
    sources = HULPVRAAG_ARROWS[name]
    trio(registered, hulpvraag, name, step, sources=sources, states=HulpvraagStatus.values, actor=actor)


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASE_ARROWS)
def test_who_has_no_grant_takes_no_step_of_a_case(people, name):
    registered, _, bram = people
    source = next(iter(CASE_ARROWS[name]))
    prepare(registered, CASE_STEPS[name], status=source)
    before = stored(registered)
    with pytest.raises(PermissionDenied):
        take(registered.case, name, CASE_STEPS[name], bram)
    assert stored(registered) == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", HULPVRAAG_ARROWS)
def test_who_has_no_grant_takes_no_step_of_a_hulpvraag(people, name):
    registered, anna, bram = people
    source = next(iter(HULPVRAAG_ARROWS[name]))
    prepare(registered, HULPVRAAG_STEPS[name], hulpvraag_status=source)
    before = stored(registered)
    refused = [bram, anna] if HULPVRAAG_STEPS[name].by_system else [bram, actor_of(system_user())]
    if name in {"start_help", "start_onderzoek"}:
        refused = [bram]  # the worker finishes it; after a conversation that a ketenpartner held, the system begins it
    for actor in refused:
        with pytest.raises(PermissionDenied):
            take(registered.hulpvragen[0], name, HULPVRAAG_STEPS[name], actor)
    assert stored(registered) == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, step in CASE_STEPS.items() if step.bare])
def test_what_is_missing_is_said(people, name):
    """On a case with nothing but its melding, not even a contactpersoon, each guard says exactly what is missing."""
    registered, anna, _ = people
    registered.case.grants.update(kind="tweede")
    Case.objects.filter(pk=registered.case.pk).update(status=next(iter(CASE_ARROWS[name])))
    before = stored(registered)
    with pytest.raises(Blocked) as blocked:
        take(registered.case, name, CASE_STEPS[name], anna)
    assert tuple(missing.text for missing in blocked.value.obstacles) == CASE_STEPS[name].bare
    assert stored(registered) == before


@pytest.mark.django_db
def test_an_onderzoek_says_which_part_is_empty(people):
    registered, _, _ = people
    (hulpvraag,) = registered.hulpvragen
    Hulpvraag.objects.filter(pk=hulpvraag.pk).update(status="onderzoek")
    with pytest.raises(Blocked) as blocked:
        take(hulpvraag, "mark_verslag_sent", HULPVRAAG_STEPS["mark_verslag_sent"], actor_of(system_user()))
    titles = [part.title for part in hulpvraag.parts()]
    assert len(titles) > 5
    assert [str(o) for o in blocked.value.obstacles] == [f"Onderzoek Wmo: ‘{title}’ is nog leeg." for title in titles]


def test_every_state_can_be_reached_and_every_open_case_can_be_closed():
    reached = {target for sources in CASE_ARROWS.values() for target in sources.values() if target}
    assert reached == set(CaseStatus)
    assert set(CASE_ARROWS["close"]) == set(CaseStatus.values) - {CaseStatus.AFGESLOTEN}
    reached = {target for sources in HULPVRAAG_ARROWS.values() for target in sources.values() if target}
    assert reached == set(HulpvraagStatus) - {HulpvraagStatus.VERWEZEN}  # where one may begin
