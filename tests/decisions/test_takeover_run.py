"""What only the register knows stops a household too; what a run tells, and what stops it; two runs at once."""

import io
import logging
import os
import threading
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from casework.models import Case, Household, Person
from casework.services.shielding import shield_case
from decisions.models import TakenOver
from decisions.services import takeover
from decisions.takeover.rows import columns_of
from tests import takeover as files
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team

pytestmark = pytest.mark.django_db
ADA = {"huishouden": "h2", "bsn": "999900067", "voornamen": "Ada"}


@pytest.fixture
def ground():
    return files.make_ground()


def test_who_is_known_here_is_not_made_twice(tmp_path, ground):
    sanne = actor_of(ground[2])
    known = make_case(sanne, given_names="Naïma", family_name="Bouazzati", born=19790527, bsn="999900080").case
    Case.objects.filter(pk=known.pk).update(status="afgesloten", closed_on=sanne.today, close_reason="verhuisd")
    files.write_files(tmp_path, [files.person(straat="Andere weg")], [files.case()], [files.line()])
    assert files.take_over(tmp_path, "--write")[1] == ""
    person = Person.objects.get()
    taken = Case.objects.get(status="uitvoering")
    assert (taken.person, taken.household, person.street) == (person, known.household, "Dorpsweg")
    assert Household.objects.count() == 1


@pytest.mark.parametrize(
    ("known", "column", "sentence"),
    [
        ({}, "hoofdpersoon", "De hoofdpersoon heeft hier al een lopende zaak. Zet dit werk daar met de hand bij"),
        ({"deceased": 20250101}, "achternaam",
         "Deze persoon is volgens onze gegevens overleden. Neem dit huishouden niet over"),
        ({"born": 19500101}, "geboortedatum",
         "Dit burgerservicenummer hoort hier bij een andere geboortedatum. Zoek uit wat klopt"),
    ],
    ids=["running", "deceased", "born"],
)  # fmt: skip
def test_what_only_the_register_knows_stops_the_household(tmp_path, ground, known, column, sentence):
    make_case(actor_of(ground[2]), born=19790527, bsn="999900080")
    Person.objects.update(**known)
    assert files.faults(tmp_path) == [(files.PEOPLE, "2", column, sentence)]
    assert (Case.objects.count(), Person.objects.count()) == (1, 1)


def test_an_address_that_is_secret_there_only_is_shielded_here_first(tmp_path, ground):
    make_case(actor_of(ground[2]), born=19790527, bsn="999900080")
    Case.objects.update(status="afgesloten", closed_on="2025-01-01", close_reason="verhuisd")
    sentence = "Dit adres is volgens het bestand geheim, en hier niet. Scherm het hier eerst af"
    people = [files.person(adres_geheim="ja")]
    assert files.faults(tmp_path, people) == [(files.PEOPLE, "2", "adres_geheim", sentence)]
    Person.objects.update(shielded=True)
    assert files.take_over(files.write_files(tmp_path, people, [files.case()], [files.line()]), "--write")[1] == ""


def test_a_secret_address_stays_secret(tmp_path, ground):
    files.write_files(tmp_path, [files.person(adres_geheim="JA")], [files.case()], [files.line()])
    assert files.take_over(tmp_path, "--write")[1] == ""
    assert Person.objects.get().address_lines() == ["Adres afgeschermd"]


def test_a_trial_rejects_what_the_run_would_reject(tmp_path, ground):
    """Also what only the register knows, and what one household of the files does to the next."""
    Person.objects.create(
        gemeente=ground[0], given_names="Ada", family_name="x", born=19790527, bsn=ADA["bsn"], deceased=20250101
    )
    again = {"huishouden": "h3", "persoon": "p7"}
    people = [files.person(), files.person(**ADA), files.person(**again)]
    cases = [files.case(**own, zaaknummer=n) for n, own in enumerate(({}, {"huishouden": "h2"}, {"huishouden": "h3"}))]
    lines = [files.line(), files.line(huishouden="h2"), files.line(**again)]
    files.write_files(tmp_path, people, cases, lines)
    screen, problem = files.take_over(tmp_path)
    tried = files.listed(tmp_path)
    assert [row[2:] for row in tried if row[2]] == [
        ("achternaam", "Deze persoon is volgens onze gegevens overleden. Neem dit huishouden niet over"),
        ("hoofdpersoon", "De hoofdpersoon heeft hier al een lopende zaak. Zet dit werk daar met de hand bij"),
    ]
    assert not Case.objects.exists()
    next(tmp_path.glob("afgewezen-*.csv")).unlink()
    done, _ = files.take_over(tmp_path, "--write")
    assert files.listed(tmp_path) == tried
    assert (screen.splitlines()[2:], problem[:2]) == (done.splitlines()[2:], "6 ")


def test_the_exit_status_tells_whether_rows_were_rejected(tmp_path, ground):
    files.write_files(tmp_path, [files.person(geslacht="x")], [files.case()], [files.line()])
    facts = {"gemeente": "Voorbeeldstad", "source": files.SOURCE, "stdout": io.StringIO()}
    with pytest.raises(CommandError) as problem:
        call_command("import_work", str(tmp_path), **facts)
    assert problem.value.returncode == 1
    files.write_files(tmp_path, [files.person()], [files.case()], [files.line()])
    call_command("import_work", str(tmp_path), **facts)


def test_a_shielded_case_is_not_told_of(tmp_path, ground):
    case = make_case(actor_of(ground[2]), born=19500101, bsn="999900080").case
    shield_case(case_id=case.pk, reason="Dreiging", actor=actor_of(ground[2]))
    files.write_files(tmp_path, [files.person()], [files.case()], [files.line()])
    screen, problem = files.take_over(tmp_path, "--write")
    assert (problem, "Afgewezen: 0" in screen) == ("", True)
    assert set(Person.objects.values_list("bsn_contested", flat=True)) == {False, True}


def test_no_name_number_or_word_of_a_cell_is_told_anywhere(tmp_path, ground, caplog):
    caplog.set_level(logging.DEBUG)
    words = ["Kanarievogel", "999900067", "999900081", "geheim@voorbeeldstad.example", "Kanariestraat", "OUD-KANARIE"]
    people = [
        files.person(**ADA, achternaam="Kanarievogel", straat="Kanariestraat", geslacht="Kanarievogel"),
        files.person(huishouden="h3", bsn="999900081", achternaam="Kanarievogel", geboortedatum="Kanarievogel"),
    ]
    cases = [
        files.case(huishouden="h2", zaaknummer="OUD-KANARIE", team="Kanarievogel"),
        files.case(huishouden="h3", zaaknummer="OUD-KANARIE", contactpersoon="geheim@voorbeeldstad.example"),
    ]
    names = ("product", "aanbieder", "vorm", "eenheid", "frequentie", "wet", "van", "aantal", "persoon")
    lines = [files.line(huishouden="h2", **dict.fromkeys(names, "Kanarievogel")), files.line(huishouden="h3")]
    files.write_files(tmp_path, people, cases, lines)
    caplog.clear()
    told = [*files.take_over(tmp_path, "--write"), caplog.text]
    (path,) = tmp_path.glob("afgewezen-*.csv")
    told.append(path.read_text())
    assert len(files.listed(tmp_path)) > 12
    queries = [record for record in caplog.records if record.name == "django.db.backends"]
    assert queries == []  # DEBUG is off: no query, with what stands in it, is logged
    assert [word for word in words for text in told if word in text] == []


def test_what_the_database_refuses_is_told_without_its_row(tmp_path, ground, monkeypatch):
    """A value that passed the forms, and breaks a rule of the database: the text of its error would hold the row."""
    files.write_files(
        tmp_path,
        [files.person(), files.person(**ADA)],
        [files.case(), files.case(huishouden="h2", zaaknummer="x")],
        [files.line(), files.line(huishouden="h2")],
    )
    monkeypatch.setattr(takeover, "Agreement", SimpleNamespace(OVERGENOMEN=""))
    screen, problem = files.take_over(tmp_path, "--write")
    assert "Failing row" not in screen + problem
    unstored = "De database nam dit huishouden niet aan. Kijk of er vreemde tekens in staan"
    assert [row for row in files.listed(tmp_path) if row[3] == unstored] == [
        (files.CASES, "2", "", unstored), (files.CASES, "3", "", unstored),
    ]  # fmt: skip
    assert (Case.objects.count(), Person.objects.count()) == (0, 0)


def test_a_file_with_a_wrong_column_stops_the_run_with_one_sentence_for_each_file(tmp_path, ground):
    files.write_files(tmp_path, [files.person()], [files.case()], [files.line()])
    path = tmp_path / files.PEOPLE
    path.write_text(path.read_text(encoding="utf-8-sig").replace("geboortedatum", "gebdatum"))
    (tmp_path / files.LINES).unlink()
    screen, problem = files.take_over(tmp_path, "--write")
    expected = ", ".join(columns_of(files.PEOPLE))
    assert problem.splitlines() == [
        (
            f"{files.PEOPLE}: kolom ‘gebdatum’ hoort hier niet, kolom ‘geboortedatum’ ontbreekt. "
            f"Verwacht worden: {expected}."
        ),
        f"{files.LINES} staat niet in deze map.",
        "Er is niets overgenomen.",
    ]
    assert (screen, Case.objects.count(), list(tmp_path.glob("afgewezen-*"))) == ("", 0, [])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"gemeente": "Nergens"}, "Noem met --gemeente een van deze: Voorbeeldstad (9000)."),
        ({"source": "  "}, "Noem met --source het oude systeem, in hoogstens 60 tekens."),
        ({"source": "x" * 61}, "Noem met --source het oude systeem, in hoogstens 60 tekens."),
        ({"source": "Oud\nSysteem"}, "Noem met --source het oude systeem, in hoogstens 60 tekens."),
    ],
)
def test_a_wrong_argument_is_a_sentence(tmp_path, ground, given, sentence):
    files.write_files(tmp_path, [files.person()], [files.case()], [files.line()])
    assert files.take_over(tmp_path, **given) == ("", sentence)


def test_the_gemeente_is_known_by_its_code_too(tmp_path, ground):
    make_staff("els", make_team(make_gemeente("Elders"), "Wijkteam Noord"))
    files.write_files(tmp_path, [files.person()], [files.case()], [files.line()])
    assert files.take_over(tmp_path, "--write", gemeente=ground[0].code)[1] == ""
    assert Case.objects.get().team == ground[1]


def test_a_list_that_cannot_be_written_is_told(tmp_path, ground, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    files.write_files(tmp_path, [files.person(geslacht="x")], [files.case()], [files.line()])
    monkeypatch.setattr(os, "open", full)
    _, problem = files.take_over(tmp_path, "--write")
    assert problem == "3 regels zijn niet overgenomen. De lijst kon niet in deze map."


def test_a_database_that_is_gone_stops_the_run_and_says_what_to_do(tmp_path, ground, monkeypatch):
    def gone(**_):
        raise OperationalError("FATAL: terminating connection")

    files.write_files(tmp_path, [files.person()], [files.case()], [files.line()])
    monkeypatch.setattr("decisions.management.commands.import_work.try_household", gone)
    assert files.take_over(tmp_path, "--write") == (
        "", "De database antwoordde niet meer. Wat af was, is bewaard. Start de opdracht opnieuw.",
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_take_each_household_over_once(tmp_path):
    files.make_ground()
    files.households(tmp_path, 6)
    said = []

    def run():
        try:
            said.append(files.take_over(tmp_path, "--write"))
        finally:
            connection.close()

    runs = [threading.Thread(target=run) for _ in range(2)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert [problem for _, problem in said] == ["", ""]
    assert (Case.objects.count(), Person.objects.count(), TakenOver.objects.count()) == (6, 12, 6)
    counted = [int(line.split()[2].rstrip(".,")) for text, _ in said for line in text.splitlines() if "Al over" in line]
    assert sum(counted) == 6
