"""Taking over running work: what a household becomes, once and whole, and what the files may not say."""

import stat
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection

from casework.enums import BY_OURSELVES, Route
from casework.models import Case, Deadline, Grant, HouseholdMember, Hulpvraag, Letter, Melding, Person
from decisions.models import Beschikking, FormerDecision, TakenOver
from plans.enums import ANSWERS, Agreement
from plans.models import Evaluatie, Goal, MaatwerkLine, Plan
from tests import takeover as files
from tests.factories import actor_of
from toegang.core.models import LogRow, OutboxRow
from toegang.werkplek.forms.plan import AgreementForm

pytestmark = pytest.mark.django_db
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
CHILD = {"persoon": "p2", "hoofdpersoon": "nee", "voornamen": "Deniz", "geboortedatum": "2012", "bsn": "999900171"}


@pytest.fixture
def ground():
    return files.make_ground()


@pytest.fixture
def family(tmp_path, ground):
    """A mother and a son: two decisions on the one, one on the other."""
    people = [files.person(), files.person(**CHILD)]
    lines = [
        files.line(),
        files.line(product="begeleiding_individueel", kenmerk="B-12", besluit_op=files.day(-100), aanbieder="",
                   aanvraag_op=files.day(-120), resultaat="De post is bij", hulpvraag="De post blijft liggen."),
        files.line(persoon="p2", wet="jeugd", kenmerk="B-11", product="ambulante_jeugdhulp", vorm="pgb",
                   aanbieder="", resultaat="Deniz gaat naar school", van=files.day(5)),
    ]  # fmt: skip
    return files.write_files(tmp_path, people, [files.case()], lines)


def counts():
    """How many rows every table has."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")  # every table, as its owner would count
        cursor.execute(TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
        cursor.execute("SET ROLE toegang_task")
    assert len(found) > 60
    return found


def test_a_trial_says_what_would_be_done_and_changes_nothing(family):
    before = counts()
    screen, problem = files.take_over(family)
    assert (counts(), problem) == (before, "")
    assert screen.splitlines() == [
        "Dit was een proef: er is niets bewaard.",
        "Huishoudens over te nemen: 1, met elk een zaak.",
        "Personen: 2. Besluiten: 3. Regels met hulp: 3.",
        "Al overgenomen: 0. Afgewezen: 0.",
    ]
    real, _ = files.take_over(family, "--write")
    assert real.splitlines()[1:] == [
        screen.splitlines()[1].replace("over te nemen", "overgenomen"), *screen.splitlines()[2:]
    ]  # fmt: skip
    assert counts() != before  # so that the test can fail
    assert sorted(path.name for path in family.iterdir()) == sorted([files.PEOPLE, files.CASES, files.LINES])


def test_a_household_becomes_a_case_whose_help_runs(family, ground):
    gemeente, team, sanne = ground
    files.take_over(family, "--write")
    today = actor_of(sanne).today

    def ago(days):
        return today - timedelta(days=days)

    case = Case.objects.get()
    assert (case.gemeente, case.team, case.status, case.reference) == (
        gemeente, team, "uitvoering", f"ZD-{today.year}-00001",
    )  # fmt: skip
    assert (case.opened_on, case.started_on, case.evaluation_on) == (ago(400), ago(340), ago(-60))
    assert (case.plan_agreed_on, case.plan_has_maatwerk, case.choices_made_on) == (ago(100), True, ago(100))
    assert (case.conversation_on, case.contactpersoon()) == (None, sanne)
    mother, son = Person.objects.order_by("born")
    assert (mother.name, mother.bsn, mother.born, mother.postcode) == (
        "Naïma Bouazzati", "999900080", 19790527, "1234 AB",
    )  # fmt: skip
    assert (mother.family_key, mother.phone_key, mother.shielded, case.person) == (
        "bouazzati", "612345678", False, mother,
    )  # fmt: skip
    assert (son.born, son.masked_bsn) == (20120000, "••••• 0171")
    members = HouseholdMember.objects.filter(household=case.household).values_list("person", "since")
    assert set(members) == {(mother.pk, ago(2000)), (son.pk, ago(2000))}
    melding = Melding.objects.get()
    assert (melding.route, melding.received_on, melding.person) == ("overname", ago(400), mother)
    assert melding.words == "Overgenomen uit OudSysteem, zaak OUD-77."
    evaluatie = Evaluatie.objects.get()
    assert (evaluatie.status, evaluatie.due_on) == ("gepland", ago(-60))


def test_its_hulpvragen_plan_and_decisions_are_those_of_the_old_system(family, ground):
    files.take_over(family, "--write")
    today = actor_of(ground[2]).today

    def ago(days):
        return today - timedelta(days=days)

    asked = Hulpvraag.objects.order_by("-law").values_list(
        "law", "status", "need", "aanvraag_on", "besluit_sent_on", "help_started_on"
    )
    clean, post = "Het lukt niet om het huis schoon te houden.", "De post blijft liggen."
    assert list(asked) == [
        ("wmo", "loopt", f"{clean}\n{post}", ago(120), ago(100), ago(340)),
        ("jeugd", "loopt", clean, None, ago(350), today),  # its help begins in five days: not before it was decided
    ]
    plan = Plan.objects.get()
    assert (plan.number, plan.status, plan.agreement, plan.agreed_on) == (1, "akkoord", "overgenomen", ago(100))
    assert list(Goal.objects.values_list("result", "order")) == [
        ("Het huis is schoon", 1), ("De post is bij", 2), ("Deniz gaat naar school", 3),
    ]  # fmt: skip
    lines = MaatwerkLine.objects.order_by("goal__order").values_list(
        "goal__order", "hulpvraag__law", "product__key", "volume", "unit", "frequency", "choice", "provider__name"
    )
    often = (Decimal("2.50"), "uur", "week")
    assert list(lines) == [
        (1, "wmo", "huishoudelijke_hulp", *often, "aanbieder", "Zorg Dichtbij"),
        (2, "wmo", "begeleiding_individueel", *often, "wacht", None),
        (3, "jeugd", "ambulante_jeugdhulp", *often, "pgb", None),
    ]
    assert set(MaatwerkLine.objects.values_list("ends_on", flat=True)) == {ago(-300)}
    decisions = FormerDecision.objects.order_by("pk").values_list("hulpvraag__law", "source", "reference", "sent_on")
    assert list(decisions) == [
        ("wmo", "OudSysteem", "B-11", ago(350)),
        ("wmo", "OudSysteem", "B-12", ago(100)),
        ("jeugd", "OudSysteem", "B-11", ago(350)),
    ]
    assert not Beschikking.objects.exists()
    assert not Deadline.objects.exists()  # its terms ran and ended there


def test_nobody_is_written_to_and_everything_is_written_down(family):
    files.take_over(family, "--write")
    assert (Letter.objects.count(), OutboxRow.objects.count(), mail.outbox) == (0, 0, [])
    case = Case.objects.get()
    assert {row.history_user.kind for row in case.history.all()} == {"systeem"}
    assert case.history.last().history_change_reason == "Overgenomen uit OudSysteem"
    rows = LogRow.objects.filter(case_id=case.pk, action="write").exclude(what="Evaluatie gepland")
    assert {(row.what, row.detail, row.purpose) for row in rows} == {
        (what, "Overgenomen uit OudSysteem", "overname")
        for what in ("Zaak overgenomen", "Huishouden overgenomen", "Melding overgenomen", "Hulpvraag overgenomen",
                     "Plan overgenomen", "Doel overgenomen", "Hulp overgenomen", "Besluit overgenomen")
    }  # fmt: skip
    assert LogRow.objects.get(what="Lopend werk overgenomen").detail == (
        "OudSysteem: 1 overgenomen, 0 al overgenomen, 0 afgewezen"
    )


def test_a_household_is_taken_over_once(family, tmp_path, ground):
    files.take_over(family, "--write")
    before = counts()
    people = [files.person(), files.person(huishouden="h2", persoon="p9", bsn="999900067", voornamen="Ada")]
    cases = [files.case(), files.case(huishouden="h2", zaaknummer="OUD-78", contactpersoon="")]
    lines = [files.line(), files.line(huishouden="h2", persoon="p9", kenmerk="B-78")]
    screen, problem = files.take_over(
        files.write_files(tmp_path, people, cases, lines), "--write", source=" oudsysteem "
    )
    assert problem == ""
    assert screen.splitlines()[1:] == [
        "Huishoudens overgenomen: 1, met elk een zaak.",
        "Personen: 1. Besluiten: 1. Regels met hulp: 1.",
        "Al overgenomen: 1. Afgewezen: 0.",
    ]
    new = counts()
    assert new["casework_case"] - before["casework_case"] == new["casework_person"] - before["casework_person"] == 1
    assert list(TakenOver.objects.order_by("pk").values_list("household_key", "former_number", "source")) == [
        ("h1", "OUD-77", "OudSysteem"), ("h2", "OUD-78", "oudsysteem"),
    ]  # fmt: skip
    ada = Case.objects.get(taken_over__household_key="h2")
    assert (ada.contactpersoon(), Grant.objects.filter(case=ada).exists()) == (None, False)


def test_the_same_key_of_another_system_is_another_household(family, tmp_path):
    files.take_over(family, "--write")
    other = files.person(bsn="999900067", voornamen="Ada", achternaam="Smeenk")
    folder = files.write_files(tmp_path, [other], [files.case()], [files.line()])
    screen, _ = files.take_over(folder, "--write", source="Ander systeem")
    assert "Huishoudens overgenomen: 1" in screen
    assert Case.objects.count() == 2


def test_one_wrong_row_stops_its_household_and_no_other(tmp_path, ground):
    wrong, right = {"huishouden": "h1"}, {"huishouden": "h2"}
    people = [
        files.person(**wrong),
        files.person(**wrong, **CHILD | {"geboortedatum": "31-2-2012"}),
        files.person(**right, bsn="999900067"),
    ]
    cases = [files.case(**wrong), files.case(**right, zaaknummer="OUD-78")]
    folder = files.write_files(tmp_path, people, cases, [files.line(**wrong), files.line(**right)])
    screen, problem = files.take_over(folder, "--write")
    assert "Huishoudens overgenomen: 1" in screen
    assert "Al overgenomen: 0. Afgewezen: 1." in screen
    assert Case.objects.get().taken_over.household_key == "h2"
    assert Person.objects.count() == 1
    together = "Niet overgenomen: een andere regel van dit huishouden klopt niet"
    assert files.listed(folder) == [
        (files.PEOPLE, "2", "", together),
        (files.PEOPLE, "3", "geboortedatum", "Deze datum bestaat niet: februari 2012 heeft geen 31 dagen"),
        (files.CASES, "2", "", together),
        (files.LINES, "2", "", together),
    ]
    (path,) = folder.glob("afgewezen-*.csv")
    assert problem == f"4 regels zijn niet overgenomen. Waarom staat in {path}."
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_was_set_right_is_taken_over_the_next_time(tmp_path, ground):
    folder = files.write_files(tmp_path, [files.person(geslacht="x")], [files.case()], [files.line()])
    files.take_over(folder, "--write")
    assert not Case.objects.exists()
    files.write_files(tmp_path, [files.person()], [files.case()], [files.line()])
    assert files.take_over(folder, "--write")[1] == ""
    assert Case.objects.get().reference.endswith("-00001")  # no number was lost


def test_route_and_answer_of_a_take_over_are_offered_nowhere():
    assert set(Route) - set(BY_OURSELVES) == {Route.PORTAAL, Route.KETENPARTNER, Route.SIGNAAL, Route.OVERNAME}
    assert {value for value, _ in AgreementForm().fields["agreement"].choices} == set(ANSWERS)
    assert set(Agreement) - set(ANSWERS) == {Agreement.OVERGENOMEN}
