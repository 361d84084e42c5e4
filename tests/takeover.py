"""Files of an invented older system, for the tests of taking over running work."""

import csv
import io
from datetime import timedelta
from pathlib import Path

from django.core.management import CommandError, call_command
from stdnum.nl import bsn as elfproef

from casework.models import Case
from decisions.takeover.rows import FILES, columns_of
from providers.models import Product
from tests.factories import age_grants, make_gemeente, make_provider, make_staff, make_team
from toegang.core.access import actor_for

SOURCE = "OudSysteem"
PEOPLE, CASES, LINES = FILES
NUMBERS = [f"{n:09}" for n in range(999900006, 999999990) if elfproef.is_valid(f"{n:09}")]


def day(offset=0):
    """A day so many days from today, as the files write it."""
    return f"{actor_for(None, 'test').today + timedelta(days=offset):%d-%m-%Y}"


def person(**changes):
    """A row of the first file: the head of household h1."""
    row = {
        "huishouden": "h1", "persoon": "p1", "hoofdpersoon": "ja", "voornamen": "Naïma", "tussenvoegsel": "",
        "achternaam": "Bouazzati", "geboortedatum": "27-5-1979", "bsn": "999900080", "geslacht": "V",
        "straat": "Dorpsweg", "huisnummer": "12", "postcode": "1234ab", "woonplaats": "Voorbeeldstad",
        "telefoon": "06 12345678", "adres_geheim": "nee", "sinds": day(-2000),
    }  # fmt: skip
    return row | changes


def case(**changes):
    """A row of the second file: the case of household h1, of Sanne."""
    row = {
        "huishouden": "h1", "zaaknummer": "OUD-77", "team": "Wijkteam Noord",
        "contactpersoon": "sanne@voorbeeldstad.example", "melding_op": day(-400), "volgende_evaluatie": day(60),
    }  # fmt: skip
    return row | changes


def line(**changes):
    """A row of the third file: help for the head of household h1."""
    row = {
        "huishouden": "h1", "persoon": "p1", "wet": "wmo", "kenmerk": "B-11", "aanvraag_op": "",
        "besluit_op": day(-350), "hulpvraag": "Het lukt niet om het huis schoon te houden.",
        "resultaat": "Het huis is schoon", "product": "huishoudelijke_hulp", "aantal": "2,5", "eenheid": "uur",
        "frequentie": "week", "van": day(-340), "tot_en_met": day(300), "aanbieder": "Zorg Dichtbij",
        "vorm": "natura",
    }  # fmt: skip
    return row | changes


def write_files(folder, people=(), cases=(), lines=()):
    """Write the three files as a spreadsheet does."""
    for file, rows in ((PEOPLE, people), (CASES, cases), (LINES, lines)):
        with (folder / file).open("w", encoding="utf-8-sig", newline="") as target:
            writer = csv.DictWriter(target, columns_of(file), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def households(folder, count, *, start=0):
    """So many households of two people with a decision each, and one for both in every other household."""
    people, cases, lines = [], [], []
    for n in range(start, start + count):
        own = {"huishouden": f"h{n}"}
        people.append(person(**own, bsn=NUMBERS[2 * n], voornamen=f"Ouder {n}"))
        people.append(
            person(**own, persoon="p2", hoofdpersoon="nee", bsn=NUMBERS[2 * n + 1], voornamen=f"Kind {n}",
                   geboortedatum="2015")
        )  # fmt: skip
        cases.append(case(**own, zaaknummer=f"OUD-{n}"))
        lines.append(line(**own, kenmerk=f"B-{n}"))
        if n % 2:
            lines.append(line(**own, persoon="p2", wet="jeugd", kenmerk=f"J-{n}", product="ambulante_jeugdhulp"))
    return write_files(folder, people, cases, lines)


def make_ground():
    """A gemeente with a team, Sanne in it, and a provider: what the rows refer to."""
    gemeente = make_gemeente()
    team = make_team(gemeente)
    sanne = make_staff("sanne", team)
    sanne.email = "sanne@voorbeeldstad.example"
    sanne.save()
    make_provider(gemeente, Product.objects.get(key="huishoudelijke_hulp"))
    return gemeente, team, sanne


def run(folder, *arguments, source=SOURCE, gemeente="Voorbeeldstad"):
    """Run the command; gives what it said and what went wrong."""
    screen, problem = io.StringIO(), ""
    try:
        call_command(
            "import_work", str(folder), *arguments, gemeente=gemeente, source=source, stdout=screen, stderr=screen
        )
    except CommandError as error:
        problem = str(error)
    return screen.getvalue(), problem


def take_over(folder, *arguments, **facts):
    """The same, and let the grants that it gave be valid in a test of one transaction."""
    told = run(folder, *arguments, **facts)
    for found in Case.objects.all():
        age_grants(found)
    return told


def listed(folder: Path):
    """The rows of the one list of what was rejected, without its head."""
    (path,) = folder.glob("afgewezen-*.csv")
    with path.open(encoding="utf-8-sig", newline="") as source:
        head, *rows = csv.reader(source, delimiter=";")
    assert head == ["bestand", "regel", "kolom", "melding"]
    return [tuple(row) for row in rows]


def faults(folder, people=None, cases=None, lines=None):
    """Take these rows over; gives what was wrong, without the right rows of a wrong household."""
    write_files(
        folder,
        [person()] if people is None else people,
        [case()] if cases is None else cases,
        [line()] if lines is None else lines,
    )
    take_over(folder, "--write")
    return [row for row in listed(folder) if not row[3].startswith("Niet overgenomen: een andere regel")]
