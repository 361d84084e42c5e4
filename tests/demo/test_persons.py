"""Test persons from a file: each BSN of the test range once, nothing lost in silence, clear refusals."""

import csv
import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from casework.models import Case, Letter, Melding, Person
from toegang.demo import stories
from toegang.demo.persons import COLUMNS, PersonsFileError, in_test_range, load_persons, read_date, read_rows, select
from toegang.demo.stories import make_demo

FILE = Path(__file__).parent.parent / "data" / "personen.csv"

OFFICIAL = os.environ.get("TOEGANG_TESTPERSONEN")

with_demo = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo():
    make_demo(password="een-wachtwoord-voor-de-demo", only=set())


@pytest.fixture
def changed(tmp_path):
    """Give a copy of the file in which one field of the first row is another."""

    def change(column, value):
        with FILE.open(encoding="utf-8", newline="") as source:
            rows = list(csv.DictReader(source))
        rows[0][column] = value
        path = tmp_path / "personen.csv"
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return change


def named(name):
    return Person.objects.get(given_names=name)


@with_demo
def test_file_is_loaded_and_told(demo):
    known = Person.objects.count()
    lines = load_persons(FILE)
    assert lines == [
        "Testpersonen: 22 rijen gelezen, 18 personen toegevoegd, 10 meldingen.",
        "Overgeslagen: dubbel: 2; buiten het testbereik: 1; voldoet niet aan de 11-proef: 1.",
        "Rij 16, kolom geboortedatum: van ‘19660013’ is overgenomen: 1966.",
        "Rij 16, kolom overlijden: van ‘05’ is overgenomen: onbekend.",
    ]
    assert Person.objects.count() == known + 18
    assert not Person.objects.filter(given_names__in=["Jet", "Koos"]).exists()
    assert {n: named(n).born for n in ("Ada", "Bram", "Cato", "Dirk", "Mo")} == {
        "Ada": 19500102, "Bram": 19610000, "Cato": 19470300, "Dirk": 0, "Mo": 19660000,
    }  # fmt: skip
    assert {n: named(n).deceased for n in ("Ada", "Frans", "Gijs", "Mo")} == {
        "Ada": None, "Frans": 20190000, "Gijs": 0, "Mo": 0,
    }  # fmt: skip
    shielded = Person.objects.filter(shielded=True)
    assert {person for person in shielded if person.bsn >= "99995"} == {named("Eef")}
    assert named("Hanna").address_lines() == ["Beukenpad 12", "1234AB  Lindemeer"]
    assert named("Ivo").address_lines() == ["Adres onbekend"]
    assert (named("Cato").house_number, named("Bram").prefix, named("Eef").gender) == ("1b II", "van der", "O")


@with_demo
def test_the_first_ten_living_adults_report_something(demo):
    load_persons(FILE)
    reported = ["Ada", "Bram", "Cato", "Eef", "Hanna", "Ivo", "Noor", "Okke", "Puck", "Quinten"]
    assert sorted(Melding.objects.values_list("person__given_names", flat=True)) == reported
    assert all(case.contactpersoon() is None for case in Case.objects.all())
    assert Letter.objects.exclude(document=None).count() == 10


@with_demo
def test_loading_twice_adds_nothing(demo):
    load_persons(FILE)
    before = Person.objects.count(), Melding.objects.count()
    assert load_persons(FILE)[:2] == [
        "Testpersonen: 22 rijen gelezen, 0 personen toegevoegd, 0 meldingen.",
        "Overgeslagen: dubbel: 2; buiten het testbereik: 1; voldoet niet aan de 11-proef: 1; staan er al: 18.",
    ]
    assert (Person.objects.count(), Melding.objects.count()) == before


@with_demo
def test_command_tells_what_it_did_and_refuses_in_a_sentence(monkeypatch, changed):
    monkeypatch.setenv("DEMO_PASSWORD", "een-wachtwoord-voor-de-demo")
    monkeypatch.setattr(stories, "STORIES", ())
    out = io.StringIO()
    call_command("demo", "--if-empty", "--persons", str(FILE), stdout=out)
    assert "18 personen toegevoegd" in out.getvalue()
    with pytest.raises(CommandError, match="Rij 2, kolom geboortedatum: ‘19991345’ is geen datum"):
        call_command("demo", "--if-empty", "--persons", str(changed("geboortedatum", "19991345")), stdout=out)


@with_demo
@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("geboortedatum", "gisteren", "Rij 2, kolom geboortedatum: ‘gisteren’ is geen datum"),
        ("overlijden", "20230229", "Rij 2, kolom overlijden: ‘20230229’ is geen datum"),
        ("geboortedatum", "199901011", "Rij 2, kolom geboortedatum"),
        ("voorvoegsel", "x" * 21, "Rij 2, kolom voorvoegsel: .* is te lang"),
        ("toev", "x" * 20, "Rij 2, kolom huisnr"),
    ],
)
def test_wrong_field_is_named_and_nothing_is_added(demo, changed, column, value, sentence):
    known = Person.objects.count()
    with pytest.raises(PersonsFileError, match=sentence):
        load_persons(changed(column, value))
    assert Person.objects.count() == known


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"bsn,anr\n1,2\n", "deze kolommen ontbreken: voornamen, adellijk"),
        (b"", "deze kolommen ontbreken: bsn"),
        (",".join(COLUMNS).encode() + b"\n1,2\n", "rij 2: het aantal kolommen klopt niet"),
        (",".join(COLUMNS).encode() + b"\n" + b"," * 19 + b"\n", "rij 2: het aantal kolommen klopt niet"),
        (b"\xff\xfe\x00", "geen tekst in UTF-8"),
        (",".join(COLUMNS).encode() + b'\n"open', "geen goed CSV-bestand"),
    ],
)
def test_unreadable_file_is_refused_in_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "personen.csv"
    path.write_bytes(content)
    with pytest.raises(PersonsFileError, match=sentence):
        list(read_rows(path))


def test_absent_file_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(PersonsFileError, match="kan niet gelezen worden"):
        list(read_rows(tmp_path / "weg.csv"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("00000000", 0), ("19990000", 19990000), ("19990200", 19990200), ("20000229", 20000229)],
)
def test_partial_dates_are_kept(text, expected):
    notes = []
    assert read_date({"geboortedatum": text}, "geboortedatum", 2, notes) == expected
    assert notes == []


def test_range_is_the_one_for_tests():
    numbers = ["999900005", "999900006", "999999990", "999999991", "", "abc", "99990000६"]
    assert [in_test_range(n) for n in numbers] == [False, True, True, False, False, False, False]


if OFFICIAL:

    @pytest.mark.long
    @with_demo
    def test_official_test_set(demo):
        """The test set of the RvIG of 2 May 2022 in these columns; the user names an own copy."""
        known = Person.objects.count()
        selection = select(read_rows(Path(OFFICIAL)))
        assert len(selection.rows) == 662
        assert dict(selection.left_out) == {"dubbel": 56, "buiten het testbereik": 21}
        load_persons(Path(OFFICIAL))
        assert Person.objects.count() == known + 662
