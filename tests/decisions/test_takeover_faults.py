"""What the files of an older system may not say: each fault a sentence, and nothing of a cell in it."""

import pytest

from casework.models import Case, Person
from decisions.models import TakenOver
from providers.models import Provider
from tests import takeover as files
from tests.factories import make_gemeente
from toegang.accounts.models import Membership, RoleAssignment, User

pytestmark = pytest.mark.django_db
ADA = {"huishouden": "h2", "bsn": "999900067", "voornamen": "Ada"}
IN_PAST = "Deze dag moet nog komen. Vul vandaag of eerder in"
A_DAY = "Vul een datum in, bijvoorbeeld 4-12-2026"
NO_WORKER = (
    "Met dit e-mailadres werkt niemand in dit team, of niet met een rol voor zaken. "
    "Laat dit leeg om de zaak later te verdelen"
)


@pytest.fixture
def ground():
    return files.make_ground()


PERSON = [
    ("huishouden", "h" * 61, "Gebruik niet meer dan 60 tekens. Het zijn er nu 61"),
    ("persoon", "", "Vul dit in: Persoon"),
    ("hoofdpersoon", "misschien", "Vul in: ja of nee"),
    ("voornamen", "", "Vul dit in: Voornamen"),
    ("achternaam", "x" * 201, "Gebruik niet meer dan 200 tekens. Het zijn er nu 201"),
    ("geboortedatum", "ooit", "Vul een datum in, bijvoorbeeld 27-3-1951. Weet u alleen het jaar? Dan is 1951 genoeg"),
    ("geboortedatum", "31-2-1979", "Deze datum bestaat niet: februari 1979 heeft geen 31 dagen"),
    ("geboortedatum", "19790012", "Vul ook de maand in"),
    ("bsn", "999900081", "Dit nummer klopt niet. Kijk op uw paspoort of identiteitskaart"),
    ("bsn", "12", "Vul een burgerservicenummer in van 9 cijfers"),
    ("geslacht", "x", "Vul in: m, v of o"),
    ("postcode", "12AB", "Vul een postcode in, bijvoorbeeld 1234 AB"),
    ("adres_geheim", "", "Vul in: ja of nee"),
    ("sinds", "3-4", A_DAY),
]


@pytest.mark.parametrize(("column", "value", "sentence"), PERSON)
def test_a_wrong_cell_of_a_person_is_a_sentence(tmp_path, ground, column, value, sentence):
    changes = {column: value}
    same = {"huishouden": changes.get("huishouden", "h1")}
    found = files.faults(tmp_path, [files.person(**changes)], [files.case(**same)], [files.line(**same)])
    assert (files.PEOPLE, "2", column, sentence) in found
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("born", "kept"),
    [("27-5-1979", 19790527), ("1979-05-27", 19790527), ("19790527", 19790527), ("1979", 19790000), ("", 0),
     ("05-1979", 19790500), ("1979-5", 19790500), ("19790500", 19790500), ("19790000", 19790000), ("00000000", 0)],
)  # fmt: skip
def test_a_birth_date_may_be_known_in_part(tmp_path, ground, born, kept):
    files.write_files(tmp_path, [files.person(geboortedatum=born)], [files.case()], [files.line()])
    assert files.take_over(tmp_path, "--write")[1] == ""
    assert Person.objects.get().born == kept


def test_a_day_that_is_still_to_come_is_not_in_the_past(tmp_path, ground):
    tomorrow = files.day(1)
    found = files.faults(
        tmp_path,
        [files.person(sinds=tomorrow, geboortedatum=tomorrow)],
        [files.case(melding_op=tomorrow)],
        [files.line(besluit_op=tomorrow)],
    )
    assert [(file, column) for file, _, column, _ in found] == [
        (files.PEOPLE, "geboortedatum"), (files.PEOPLE, "sinds"), (files.CASES, "melding_op"),
        (files.LINES, "besluit_op"),
    ]  # fmt: skip
    assert {sentence for *_, sentence in found[1:]} == {IN_PAST}


CASE = [
    ("zaaknummer", "", "Vul dit in: Zaaknummer"),
    ("team", "Wijkteam Nergens", "Dit team is er niet in deze gemeente, of er zijn er meer met deze naam"),
    ("contactpersoon", "sanne", "Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl"),
    ("contactpersoon", "niemand@voorbeeldstad.example", NO_WORKER),
    ("melding_op", "", A_DAY),
    ("volgende_evaluatie", "", A_DAY),
]


@pytest.mark.parametrize(("column", "value", "sentence"), CASE)
def test_a_wrong_cell_of_a_case_is_a_sentence(tmp_path, ground, column, value, sentence):
    assert files.faults(tmp_path, cases=[files.case(**{column: value})]) == [(files.CASES, "2", column, sentence)]


def test_an_evaluation_in_the_past_is_refused_and_one_of_today_is_not(tmp_path, ground):
    sentence = "De evaluatie ligt in het verleden. Vul vandaag of een latere dag in"
    found = files.faults(tmp_path, cases=[files.case(volgende_evaluatie=files.day(-1))])
    assert found == [(files.CASES, "2", "volgende_evaluatie", sentence)]
    files.write_files(tmp_path, [files.person()], [files.case(volgende_evaluatie=files.day())], [files.line()])
    assert files.take_over(tmp_path, "--write")[1] == ""


@pytest.mark.parametrize("lacks", ["team", "role", "account", "gemeente"])
def test_who_cannot_be_contactpersoon_is_refused(tmp_path, ground, lacks):
    _, _, sanne = ground
    if lacks == "team":
        Membership.objects.filter(user=sanne).delete()
    elif lacks == "role":
        RoleAssignment.objects.filter(user=sanne).update(role="toetser")
    elif lacks == "gemeente":
        RoleAssignment.objects.filter(user=sanne).update(gemeente=make_gemeente("Elders"))
    else:
        User.objects.filter(pk=sanne.pk).update(is_active=False)
    assert files.faults(tmp_path) == [(files.CASES, "2", "contactpersoon", NO_WORKER)]


LINE = [
    ({"persoon": "p9"}, "persoon", f"Deze persoon staat niet bij dit huishouden in {files.PEOPLE}"),
    ({"wet": "pw"}, "wet", "Vul in: wmo of jeugd"),
    ({"wet": "jeugd"}, "product", "Dit product hoort niet bij deze wet"),
    ({"product": "goud"}, "product", "Deze code staat niet in de lijst van producten"),
    ({"kenmerk": ""}, "kenmerk", "Vul dit in: Kenmerk"),
    ({"hulpvraag": ""}, "hulpvraag", "Vul dit in: Hulpvraag"),
    ({"resultaat": ""}, "resultaat", "Vul dit in: Resultaat"),
    ({"aantal": "veel"}, "aantal", "Vul een getal in, bijvoorbeeld 12,50"),
    ({"aantal": "0"}, "aantal", "Vul een getal in dat groter is dan 0"),
    ({"aantal": "1,234"}, "aantal", "Gebruik hoogstens 2 cijfers achter de komma"),
    ({"eenheid": "kilo"}, "eenheid", "Vul in: uur, minuut, dagdeel, etmaal of stuk"),
    ({"frequentie": "jaar"}, "frequentie", "Vul in: dag, week, maand of totaal"),
    ({"vorm": "bonnen"}, "vorm", "Vul in: natura of pgb"),
    ({"vorm": "pgb"}, "aanbieder", "Bij een pgb koopt de inwoner zelf in. Laat dit leeg"),
    ({"aanbieder": "Onbekend"}, "aanbieder",
     "Deze aanbieder is er niet in deze gemeente, of er zijn er meer met deze naam"),
    ({"van": "nu"}, "van", A_DAY),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "column", "sentence"), LINE)
def test_a_wrong_cell_of_a_decision_is_a_sentence(tmp_path, ground, changes, column, sentence):
    assert files.faults(tmp_path, lines=[files.line(**changes)]) == [(files.LINES, "2", column, sentence)]


DAYS = [
    ({"tot_en_met": -1}, "tot_en_met", "Deze hulp is al afgelopen. Neem alleen hulp op die nog loopt"),
    ({"van": 20, "tot_en_met": 10}, "tot_en_met", "De laatste dag ligt vóór de eerste dag"),
    ({"besluit_op": -401}, "besluit_op", "Deze dag ligt vóór de melding"),
    ({"aanvraag_op": -401}, "aanvraag_op", "Deze dag ligt vóór de melding"),
    ({"aanvraag_op": -349}, "aanvraag_op", "De aanvraag ligt na het besluit"),
]


@pytest.mark.parametrize(("changes", "column", "sentence"), DAYS)
def test_the_days_of_a_decision_follow_each_other(tmp_path, ground, changes, column, sentence):
    days = {name: files.day(offset) for name, offset in changes.items()}
    assert files.faults(tmp_path, lines=[files.line(**days)]) == [(files.LINES, "2", column, sentence)]


def test_two_providers_of_one_name_are_not_guessed_between(tmp_path, ground):
    Provider.objects.create(gemeente=ground[0], name="zorg dichtbij")
    assert [(row[2], row[3][:22]) for row in files.faults(tmp_path)] == [("aanbieder", "Deze aanbieder is er n")]


CHILD = {"persoon": "p2", "hoofdpersoon": "nee", "voornamen": "Deniz", "bsn": "999900171", "geboortedatum": "2012"}
TOGETHER = {
    "no case": ({"cases": []}, [(files.PEOPLE, "2", "huishouden", f"Dit huishouden staat niet in {files.CASES}")]),
    "no people": ({"people": []}, [(files.CASES, "2", "huishouden", f"Dit huishouden staat niet in {files.PEOPLE}")]),
    "no decision": (
        {"lines": []},
        [(files.PEOPLE, "2", "huishouden", (f"Dit huishouden staat niet in {files.LINES}. "
          "Neem alleen werk over waarvoor een besluit is verzonden"))],
    ),
    "two cases": (
        {"cases": [files.case, {"zaaknummer": "OUD-78"}]},
        [(files.CASES, "3", "huishouden", f"Dit huishouden staat al op regel 2 van {files.CASES}")],
    ),
    "no head": (
        {"people": [{"hoofdpersoon": "nee"}]},
        [(files.PEOPLE, "2", "hoofdpersoon", "Vul bij precies één persoon van dit huishouden ja in")],
    ),
    "two heads": (
        {"people": [files.person, CHILD | {"hoofdpersoon": "ja"}]},
        [(files.PEOPLE, "2", "hoofdpersoon", "Vul bij precies één persoon van dit huishouden ja in")],
    ),
    "one key twice": (
        {"people": [files.person, CHILD | {"persoon": "p1"}]},
        [(files.PEOPLE, "3", "persoon", f"Deze persoon staat al op regel 2 van {files.PEOPLE}")],
    ),
    "one number twice": (
        {"people": [files.person, CHILD | {"bsn": "999900080"}]},
        [(files.PEOPLE, "3", "bsn", f"Dit nummer staat al op regel 2 van {files.PEOPLE}")],
    ),
    "one person twice": (
        {"people": [{"bsn": ""}, {"bsn": "", "persoon": "p2", "hoofdpersoon": "nee"}]},
        [(files.PEOPLE, "3", "persoon", f"Deze regel gaat over dezelfde persoon als regel 2 van {files.PEOPLE}")],
    ),
    "one decision of two days": (
        {"lines": [files.line, {"product": "dagbesteding", "besluit_op": -349}]},
        [(files.LINES, "3", "besluit_op", f"Bij dit kenmerk staat een andere dag op regel 2 van {files.LINES}")],
    ),
    "one line twice": (
        {"lines": [files.line, {"van": 100, "tot_en_met": 400}]},
        [(files.LINES, "3", "product", f"Deze hulp staat al voor deze periode op regel 2 van {files.LINES}")],
    ),
}  # fmt: skip


def rows_of(make, given):
    """Rows by what makes them, or by what they change; a number is so many days from today."""
    return [
        each() if callable(each) else make(**{k: files.day(v) if isinstance(v, int) else v for k, v in each.items()})
        for each in given
    ]


@pytest.mark.parametrize(("given", "expected"), TOGETHER.values(), ids=TOGETHER.keys())
def test_the_rows_of_a_household_fit_together(tmp_path, ground, given, expected):
    make = {"people": files.person, "cases": files.case, "lines": files.line}
    assert files.faults(tmp_path, **{name: rows_of(make[name], rows) for name, rows in given.items()}) == expected
    assert not Case.objects.exists()


def test_rows_of_nobody_and_rows_that_are_too_short_are_rejected(tmp_path, ground):
    files.write_files(
        tmp_path,
        [files.person()],
        [files.case()],
        [files.line(), files.line(huishouden="h9"), files.line(huishouden="")],
    )
    with (tmp_path / files.LINES).open("a") as target:
        target.write("h1;p1;wmo\n")
    _, problem = files.take_over(tmp_path, "--write")
    together = "Niet overgenomen: een andere regel van dit huishouden klopt niet"
    assert files.listed(tmp_path) == [
        (files.PEOPLE, "2", "", together),
        (files.CASES, "2", "", together),
        (files.LINES, "2", "", together),
        (files.LINES, "3", "huishouden", f"Dit huishouden staat niet in {files.PEOPLE}"),
        (files.LINES, "3", "huishouden", f"Dit huishouden staat niet in {files.CASES}"),
        (files.LINES, "4", "huishouden", "Vul dit in: Huishouden"),
        (files.LINES, "5", "", "Deze regel heeft 3 cellen. Het moeten er 16 zijn"),
    ]
    assert problem.startswith("6 regels zijn niet overgenomen.")


def test_one_number_of_a_case_is_not_of_two_households(tmp_path, ground):
    people, cases, lines = ([make(), make(**own)] for make, own in (
        (files.person, ADA), (files.case, {"huishouden": "h2"}), (files.line, {"huishouden": "h2"}),
    ))  # fmt: skip
    found = files.faults(tmp_path, people, cases, lines)
    assert found == [(files.CASES, "3", "zaaknummer", f"Dit zaaknummer staat al op regel 2 van {files.CASES}")]
    assert TakenOver.objects.get().household_key == "h1"


@pytest.mark.parametrize("number", ["999900080", "999.900.080", "999900067"])
def test_a_burgerservicenummer_is_never_kept_as_a_key(tmp_path, ground, number):
    """Also that of another row of the files: what is kept of them is never a number of somebody."""
    same = {"huishouden": number}
    people = [files.person(**same), files.person(**ADA)]
    cases = [files.case(**same, zaaknummer=number), files.case(huishouden="h2", zaaknummer="x")]
    lines = [files.line(**same, kenmerk=number), files.line(huishouden="h2")]
    sentence = "Dit is een burgerservicenummer. Gebruik een eigen sleutel of nummer van het systeem"
    assert files.faults(tmp_path, people, cases, lines) == [
        (files.PEOPLE, "2", "huishouden", sentence),
        (files.CASES, "2", "zaaknummer", sentence),
        (files.LINES, "2", "kenmerk", sentence),
    ]
