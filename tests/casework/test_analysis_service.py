"""The vraaganalyse: notes, the onderzoek of each law, the verslag, the reaction, and on to the plan."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from casework.enums import CaseStatus, HulpvraagStatus
from casework.models import Case, Deadline, Hulpvraag, LeefgebiedNote, Letter, OnderzoekAnswer, OnderzoekPart
from casework.services import analysis
from casework.services.analysis import Answer
from casework.services.intake import register_melding
from casework.services.letters import post_letter
from tests.factories import (
    actor_of,
    drive,
    fresh,
    make_case,
    make_gemeente,
    make_staff,
    make_team,
    melding_facts,
    run_outbox,
    write_analysis,
)
from toegang.core.lifecycle import Blocked
from toegang.core.models import StoredFile
from toegang.core.records import Stale

pytestmark = pytest.mark.django_db
EXPERT = ("Karin de Wit", "gedragswetenschapper", "SKJ 123")


@pytest.fixture
def team():
    return make_team(make_gemeente())


@pytest.fixture
def anna(team):
    return actor_of(make_staff("anna", team))


@pytest.fixture
def bert(team):
    """A colleague who is no contactpersoon of the case."""
    return actor_of(make_staff("bert", team))


def in_analysis(actor, laws=("wmo",), **facts):
    return drive(make_case(actor, laws=laws, **facts).case, "vraaganalyse")


def write(hulpvraag, actor, answers, **changes):
    facts = {"version": Hulpvraag.objects.get(pk=hulpvraag.pk).version, **changes}
    return analysis.write_onderzoek(hulpvraag_id=hulpvraag.pk, answers=answers, actor=actor, **facts)


def obstacles(act):
    with pytest.raises(Blocked) as stop:
        act()
    return [o.text for o in stop.value.obstacles]


def react(hulpvraag, actor, reaction="klopt", *, on=None, **changes):
    facts = {"text": "", **changes}
    return analysis.record_reaction(
        hulpvraag_id=hulpvraag.pk, reaction=reaction, on=on or actor.today, actor=actor, **facts
    )


def send(hulpvraag, actor):
    letter = analysis.send_verslag(hulpvraag_id=hulpvraag.pk, actor=actor)
    run_outbox()
    return letter


def test_a_note_is_written_with_a_new_version(anna):
    case = in_analysis(anna)
    note = case.leefgebied_notes.first()
    analysis.write_note(note_id=note.pk, version=1, relevant=False, why="Gaat goed", situation="Fit", actor=anna)

    note.refresh_from_db()
    assert (note.relevant, note.why, note.situation, note.version) == (False, "Gaat goed", "Fit", 2)
    assert note.history.first().history_user == anna.user


def test_a_note_from_an_older_page_overwrites_nothing(anna, team):
    case = in_analysis(anna)
    note = case.leefgebied_notes.first()
    facts = {"note_id": note.pk, "version": 1, "relevant": True, "situation": ""}
    analysis.write_note(why="Eerst", actor=anna, **facts)
    with pytest.raises(Stale) as stale:
        analysis.write_note(why="Later", actor=anna, **facts)

    assert (stale.value.who, stale.value.record.why, stale.value.record.version) == ("Anna", "Eerst", 2)
    assert LeefgebiedNote.objects.get(pk=note.pk).why == "Eerst"


def test_a_colleague_writes_no_note_no_onderzoek_and_no_reaction(anna, bert):
    case = drive(in_analysis(anna), "verslag")
    note, hulpvraag = case.leefgebied_notes.first(), case.hulpvragen.get()
    with pytest.raises(PermissionDenied):
        analysis.write_note(note_id=note.pk, version=2, relevant=False, why="", situation="", actor=bert)
    with pytest.raises(PermissionDenied):
        write(hulpvraag, bert, {})
    with pytest.raises(PermissionDenied):
        analysis.send_verslag(hulpvraag_id=hulpvraag.pk, actor=bert)
    with pytest.raises(PermissionDenied):
        react(hulpvraag, bert)
    with pytest.raises(PermissionDenied):
        analysis.complete_analysis(case_id=case.pk, actor=bert)
    assert (fresh(case).status, LeefgebiedNote.objects.get(pk=note.pk).version) == (CaseStatus.VRAAGANALYSE, 2)


@pytest.mark.parametrize(
    ("law", "keys"), [("wmo", ["a", "b", "c", "d", "e", "f", "g"]), ("jeugd", ["j1", "j2", "j3", "j4", "j5"])]
)
def test_half_done_work_is_kept_and_each_part_of_its_own_law_is_asked(anna, law, keys):
    case = in_analysis(anna, (law,))
    hulpvraag = case.hulpvragen.get()
    parts = list(hulpvraag.parts())
    assert [part.key for part in parts] == keys

    write(hulpvraag, anna, {parts[1].pk: Answer("Zelf koken lukt."), parts[2].pk: Answer("Woont alleen.", True)})
    assert list(OnderzoekAnswer.objects.values_list("part__key", "text", "not_applicable")) == [
        (keys[1], "Zelf koken lukt.", False),
        (keys[2], "Woont alleen.", True),
    ]
    assert Hulpvraag.objects.get().version == 2
    assert Hulpvraag.objects.get().status == HulpvraagStatus.ONDERZOEK


def test_an_answer_to_a_part_of_another_law_is_not_kept(anna):
    hulpvraag = in_analysis(anna).hulpvragen.get()
    other = OnderzoekPart.objects.get(law="jeugd", key="j1")
    write(hulpvraag, anna, {other.pk: Answer("Hoort hier niet.")})
    assert OnderzoekAnswer.objects.count() == 0


def test_who_was_first_is_told_also_when_the_worker_touched_the_hulpvraag_since(anna):
    hulpvraag = in_analysis(anna).hulpvragen.get()
    part = hulpvraag.parts()[0]
    write(hulpvraag, anna, {part.pk: Answer("Eerst")})
    Hulpvraag.history.model.objects.filter(version=1).update(history_user=None)
    after = Hulpvraag.objects.get()
    after.save()  # a step by nobody, which leaves the version as it is
    with pytest.raises(Stale) as stale:
        write(hulpvraag, anna, {part.pk: Answer("Later")}, version=1)
    assert stale.value.who == "Anna"
    assert OnderzoekAnswer.objects.get().text == "Eerst"


def test_the_verslag_asks_every_leefgebied_every_part_and_the_expert(anna):
    case = in_analysis(anna, ("jeugd",))
    hulpvraag = case.hulpvragen.get()
    first, *rest = hulpvraag.parts()
    write(hulpvraag, anna, {first.pk: Answer("Ja")} | {part.pk: Answer("  ") for part in rest[:1]})

    with pytest.raises(Blocked) as stop:
        analysis.send_verslag(hulpvraag_id=hulpvraag.pk, actor=anna)
    assert [(o.text, o.where, o.about) for o in stop.value.obstacles] == [
        *[
            (f"{note.leefgebied.name}: kies of dit meespeelt en schrijf waarom.", "analyse", note)
            for note in case.leefgebied_notes.all()
        ],
        *[(f"Onderzoek Jeugdwet: ‘{part.title}’ is nog leeg.", "analyse", hulpvraag) for part in rest],
        ("Noem de deskundige die meekeek (naam, discipline, registratie).", "analyse", hulpvraag),
    ]
    assert not Letter.objects.filter(kind="verslag").exists()


def test_not_applicable_without_a_reason_does_not_count_as_an_answer(anna):
    case = in_analysis(anna)
    write_analysis(case, anna)
    hulpvraag = case.hulpvragen.get()
    part = hulpvraag.parts()[3]
    write(hulpvraag, anna, {part.pk: Answer("", True)})
    assert obstacles(lambda: analysis.send_verslag(hulpvraag_id=hulpvraag.pk, actor=anna)) == [
        "Onderzoek Wmo: ‘Steun voor de mantelzorger’ is nog leeg."
    ]


def test_the_worker_sends_the_verslag_and_moves_the_hulpvraag(anna):
    case = in_analysis(anna)
    write_analysis(case, anna)
    hulpvraag = case.hulpvragen.get()
    letter = analysis.send_verslag(hulpvraag_id=hulpvraag.pk, actor=anna)
    assert (Hulpvraag.objects.get().status, letter.document, letter.sent_on) == ("onderzoek", None, None)
    run_outbox()

    hulpvraag = Hulpvraag.objects.get()
    assert (hulpvraag.status, hulpvraag.verslag_sent_on) == (HulpvraagStatus.VERSLAG, anna.today)
    assert Deadline.objects.get(key="wmo_onderzoek").met_on == anna.today
    term = Deadline.objects.get(key="verslag_reactie")
    assert (term.starts_on, term.met_on) == (anna.today, None)
    assert term.due_on >= anna.today + timedelta(days=7)


def test_pressing_twice_orders_one_verslag(anna):
    case = in_analysis(anna)
    write_analysis(case, anna)
    hulpvraag = case.hulpvragen.get()
    first = analysis.send_verslag(hulpvraag_id=hulpvraag.pk, actor=anna)
    assert analysis.send_verslag(hulpvraag_id=hulpvraag.pk, actor=anna) == first
    run_outbox()
    assert obstacles(lambda: analysis.send_verslag(hulpvraag_id=hulpvraag.pk, actor=anna)) == [
        "Het verslag kan niet: de stand is nu ‘Verslag verzonden’."
    ]
    assert (
        Letter.objects.filter(kind="verslag").count() == StoredFile.objects.filter(name__startswith="verslag").count()
    )
    assert Letter.objects.filter(kind="verslag").count() == 1


def test_a_verslag_on_paper_is_sent_when_it_is_posted(anna):
    case = in_analysis(anna, letter_channel="papier")
    write_analysis(case, anna)
    hulpvraag = case.hulpvragen.get()
    letter = send(hulpvraag, anna)
    assert Hulpvraag.objects.get().status == HulpvraagStatus.ONDERZOEK

    post_letter(letter_id=letter.pk, posted_on=anna.today, by=anna)
    assert (Hulpvraag.objects.get().status, Hulpvraag.objects.get().verslag_sent_on) == ("verslag", anna.today)


def test_an_ordered_verslag_holds_the_onderzoek_as_it_is(anna):
    case = in_analysis(anna, letter_channel="papier")
    write_analysis(case, anna)
    hulpvraag = case.hulpvragen.get()
    send(hulpvraag, anna)
    part = hulpvraag.parts()[0]
    assert obstacles(lambda: write(hulpvraag, anna, {part.pk: Answer("Anders")})) == [
        "Het verslag van dit onderzoek wordt al verzonden. Leg een verbetering vast als reactie."
    ]
    assert OnderzoekAnswer.objects.get(part=part).text == "Dat is besproken."


def test_a_question_for_another_desk_gets_no_verslag(anna):
    case = in_analysis(anna, ("wmo", "pw"))
    write_analysis(case, anna)
    pw = case.hulpvragen.get(law="pw")
    assert obstacles(lambda: analysis.send_verslag(hulpvraag_id=pw.pk, actor=anna)) == [
        "Een vraag voor de Participatiewet onderzoekt een ander loket: zet haar door."
    ]
    assert not Letter.objects.filter(kind="verslag").exists()


@pytest.mark.parametrize(("reaction", "text"), [("klopt", ""), ("aanvulling", "Ik kan wél koken.")])
def test_a_reaction_is_recorded_with_its_day_and_ends_its_term(anna, reaction, text):
    hulpvraag = drive(in_analysis(anna), "verslag").hulpvragen.get()
    react(hulpvraag, anna, reaction, text=text)

    hulpvraag = Hulpvraag.objects.get()
    assert (hulpvraag.reaction, hulpvraag.reaction_text, hulpvraag.reaction_on) == (reaction, text, anna.today)
    assert Deadline.objects.get(key="verslag_reactie").met_on == anna.today


def test_no_reaction_counts_only_after_the_days(anna):
    hulpvraag = drive(in_analysis(anna), "verslag").hulpvragen.get()
    last = Deadline.objects.get(key="verslag_reactie").due_on
    for day in (anna.today, last):
        waiting = replace(anna, today=day)
        assert obstacles(lambda: react(hulpvraag, waiting, "geen")) == [  # noqa: B023
            f"De inwoner mag nog reageren tot en met {last:%d-%m-%Y}."
        ]
    assert Hulpvraag.objects.get().reaction == ""

    after = replace(anna, today=last + timedelta(days=1))
    react(hulpvraag, after, "geen")
    assert (Hulpvraag.objects.get().reaction, Hulpvraag.objects.get().reaction_on) == ("geen", after.today)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_reaction_lies_between_the_verslag_and_today(anna, days):
    hulpvraag = drive(in_analysis(anna), "verslag").hulpvragen.get()
    on = anna.today + timedelta(days=days)
    assert obstacles(lambda: react(hulpvraag, anna, on=on)) == [
        "De datum van de reactie ligt vóór het verslag of in de toekomst."
    ]
    assert Hulpvraag.objects.get().reaction == ""


def test_before_the_verslag_there_is_no_reaction(anna):
    hulpvraag = in_analysis(anna).hulpvragen.get()
    assert obstacles(lambda: react(hulpvraag, anna)) == ["Het verslag is nog niet verzonden."]


def test_a_reaction_from_an_older_page_overwrites_nothing(anna):
    hulpvraag = drive(in_analysis(anna), "verslag").hulpvragen.get()
    react(hulpvraag, anna, "aanvulling", text="Ik kan koken.", version=hulpvraag.version)
    with pytest.raises(Stale):
        react(hulpvraag, anna, "klopt", version=hulpvraag.version)
    assert Hulpvraag.objects.get().reaction_text == "Ik kan koken."


def test_the_analysis_is_completed_after_verslag_and_reaction(anna):
    case = in_analysis(anna)
    assert obstacles(lambda: analysis.complete_analysis(case_id=case.pk, actor=anna)) == [
        "Gezondheid: kies of dit meespeelt en schrijf waarom.",
        "Huishouden: kies of dit meespeelt en schrijf waarom.",
        "Verstuur eerst het verslag van het onderzoek.",
    ]
    case = drive(case, "verslag")
    assert obstacles(lambda: analysis.complete_analysis(case_id=case.pk, actor=anna)) == [
        "Leg de reactie op het verslag vast (Wmo, Fatima Yıldız)."
    ]
    react(case.hulpvragen.get(), anna)
    analysis.complete_analysis(case_id=case.pk, actor=anna)
    assert (fresh(case).status, fresh(case).analysis_completed_on) == (CaseStatus.PLAN, anna.today)
    assert obstacles(lambda: analysis.complete_analysis(case_id=case.pk, actor=anna)) == [
        "Deze stap kan niet meer: de stand is nu ‘Plan van aanpak’."
    ]


def test_an_onderzoek_that_still_runs_does_not_hold_the_other_law(anna):
    case = in_analysis(anna, ("wmo", "jeugd"))
    write_analysis(case, anna)
    wmo = case.hulpvragen.get(law="wmo")
    send(wmo, anna)
    react(wmo, anna)
    analysis.complete_analysis(case_id=case.pk, actor=anna)
    assert fresh(case).status == CaseStatus.PLAN
    assert {h.law: h.status for h in case.hulpvragen.all()} == {"wmo": "verslag", "jeugd": "onderzoek"}


def test_a_step_back_asks_a_reason_and_keeps_what_was_written(anna):
    case = drive(in_analysis(anna), "plan")
    assert obstacles(
        lambda: analysis.step_back(case_id=case.pk, step="return_to_analysis", reason=" ", actor=anna)
    ) == ["Schrijf waarom u een stap teruggaat."]
    assert obstacles(lambda: analysis.step_back(case_id=case.pk, step="close", reason="x", actor=anna)) == [
        "Dit is geen stap terug."
    ]
    analysis.step_back(case_id=case.pk, step="return_to_analysis", reason="Nieuwe feiten", actor=anna)
    assert (fresh(case).status, fresh(case).analysis_completed_on) == (CaseStatus.VRAAGANALYSE, None)
    assert case.leefgebied_notes.filter(why="Dit speelt mee.").count() == 2


def test_closing_ends_every_hulpvraag_and_term_with_day_and_reason(anna):
    case = in_analysis(anna, ("wmo", "jeugd"))
    analysis.close_case(case_id=case.pk, reason="verhuisd", actor=anna)

    assert (fresh(case).status, fresh(case).close_reason, fresh(case).closed_on) == (
        "afgesloten",
        "verhuisd",
        anna.today,
    )
    assert set(Hulpvraag.objects.values_list("status", "end_reason", "ended_on")) == {
        ("beeindigd", "verhuisd", anna.today)
    }
    assert not Deadline.objects.filter(met_on=None).exists()


def test_a_household_with_an_open_case_reopens_no_other_one(anna):
    case = in_analysis(anna)
    analysis.close_case(case_id=case.pk, reason="verhuisd", actor=anna)
    other = make_case(anna, on=anna.today).case
    assert other.household == case.household
    assert obstacles(lambda: analysis.reopen_case(case_id=case.pk, reason="Terug", actor=anna)) == [
        "Dit huishouden heeft al een open zaak. Voeg de vraag daar toe."
    ]
    assert Case.objects.exclude(status=CaseStatus.AFGESLOTEN).get() == other


def test_a_question_that_joins_later_gets_its_own_onderzoek():
    team = make_team(make_gemeente())
    anna = make_staff("later-anna", team)
    case = drive(make_case(actor_of(anna)).case, "plan")
    later = melding_facts(("jeugd",), on=actor_of(anna).today)
    (gemeente_id,), (team_id,) = actor_of(anna).gemeente_ids, actor_of(anna).team_ids
    found = register_melding(actor=actor_of(anna), gemeente_id=gemeente_id, team_id=team_id, facts=later)
    (hulpvraag,) = found.hulpvragen
    assert (found.case.pk, found.new_case, hulpvraag.status) == (case.pk, False, "gemeld")
    started = analysis.start_onderzoek(hulpvraag_id=hulpvraag.pk, actor=actor_of(anna))
    assert started.status == "onderzoek"
    with pytest.raises(Blocked, match="kan niet meer"):
        analysis.start_onderzoek(hulpvraag_id=hulpvraag.pk, actor=actor_of(anna))
