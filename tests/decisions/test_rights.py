"""Rights that are easily broken: an early aanvraag, a repeat aanvraag, fresh eyes, the right person."""

import pytest

from casework.models import Hulpvraag
from casework.services import analysis, handover, intake
from decisions.services import drafting
from tests import factories as make
from toegang.core.lifecycle import Blocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def anna(team):
    return make.make_staff("anna", team, roles=("wijkteamlid", "toetser"))


def test_an_early_aanvraag_does_not_stop_the_onderzoek(anna):
    """Wmo 2015 art. 2.3.2 lid 8 and 9: the aanvraag is registered, the verslag still comes."""
    case = make.drive(make.make_case(make.actor_of(anna)).case, "vraaganalyse")
    hulpvraag = case.hulpvragen.get()
    actor = make.actor_of(anna)
    asked = intake.register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=actor.today, actor=actor)
    assert (asked.status, asked.aanvraag_premature) == ("aanvraag", True)
    answers = {part.pk: analysis.Answer("Dat bespraken wij.") for part in asked.parts()}
    analysis.write_onderzoek(hulpvraag_id=asked.pk, version=asked.version, answers=answers, actor=actor)
    for note in case.leefgebied_notes.all():
        facts = {"relevant": True, "why": "Dit speelt mee.", "situation": ""}
        analysis.write_note(note_id=note.pk, version=note.version, actor=actor, **facts)
    analysis.send_verslag(hulpvraag_id=asked.pk, actor=actor)
    make.run_outbox()
    told = Hulpvraag.objects.get(pk=asked.pk)
    assert (told.status, told.verslag_sent_on) == ("aanvraag", actor.today)
    assert told.deadlines.get(key="wmo_onderzoek").met_on == actor.today


def test_who_wrote_it_before_a_handover_is_no_fresh_pair_of_eyes(team, anna):
    case = make.drive(make.make_case(make.actor_of(anna)).case, "besluit")
    bram = make.make_staff("bram", team)
    hulpvraag = case.hulpvragen.get()
    draft = drafting.open_draft(hulpvraag_id=hulpvraag.pk, actor=make.actor_of(anna))
    handover.hand_over_case(case_id=case.pk, user=bram, seen=anna.pk, reason="Verlof", actor=make.actor_of(anna))
    make.age_grants(case)
    facts = drafting.DraftFacts("toekenning", "Dit is nodig.", "", anna)
    drafting.write_draft(beschikking_id=draft.pk, version=draft.version, facts=facts, actor=make.actor_of(bram))
    with pytest.raises(Blocked, match="Een ander dan de opsteller toetst het besluit"):
        drafting.submit_for_review(beschikking_id=draft.pk, actor=make.actor_of(bram))


def test_a_refused_inwoner_may_ask_again(anna):
    case = make.drive(make.make_case(make.actor_of(anna)).case, "vastgesteld")
    Hulpvraag.objects.filter(case=case).update(status="besloten", besluit_sent_on=make.actor_of(anna).today)
    hulpvraag = case.hulpvragen.get()
    actor = make.actor_of(anna)
    again = intake.register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=actor.today, actor=actor)
    assert again.status == "aanvraag"


def test_a_bsn_of_somebody_else_is_taken_and_marked_and_nobody_else_gets_a_letter(anna):
    first = make.make_case(make.actor_of(anna), bsn="999900006").case.person
    sem = make.make_case(make.actor_of(anna), bsn="999900006", born=20150101, given_names="Sem").case.person
    assert (sem.bsn, sem.bsn_contested, first.bsn_contested) == ("999900006", True, False)
    assert list(first.hulpvragen.values_list("case__person", flat=True)) == [first.pk]
