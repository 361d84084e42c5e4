"""What looking somebody up costs among a hundred thousand people, by each key, beside the look-up by number."""

import random
import sys
import time
from statistics import median, quantiles

import pytest
from django.test import Client

from casework.models import AccessRules, Case, Person
from tests.bench.test_bench_pages import analyze
from toegang.accounts.models import User
from toegang.core.dates import PartialDate
from toegang.demo.generate import generate

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
PEOPLE, CASES, ROUNDS = 100_000, 20_000, 60


def _birth(born):
    known = PartialDate.from_int(born)
    return {"born_dag": known.day or "", "born_maand": known.month or "", "born_jaar": known.year or ""}


# {by what: the fields of the form for one person}
KEYS = {
    "nummer": lambda person: {"bsn": person.bsn},
    "naam, dag": lambda person: {"family_name": person.family_name, **_birth(person.born)},
    "naam, jaar": lambda person: {"family_name": person.family_name, "born_jaar": person.born // 10000},
    "telefoon": lambda person: {"phone": person.phone},
    "adres": lambda person: {"postcode": person.postcode, "house_number": person.house_number},
    "zaaknummer": lambda person: {"reference": Case.objects.get(person=person).reference},
}


def _fill():
    """Many people of one gemeente: every fifth with a case, each with a telephone number and a postcode of the own."""
    generate(cases=CASES, seed=1)
    gemeente = Case.objects.first().gemeente
    dice, short = random.Random(1), PEOPLE - Person.objects.count()
    names = list(Person.objects.values_list("given_names", "prefix", "family_name", "family_key", "sound_key")[:5000])
    rows = []
    for _ in range(short):
        given, prefix, family, family_key, sound_key = dice.choice(names)
        born = dice.randint(1930, 2020) * 10000 + dice.randint(1, 12) * 100 + dice.randint(1, 28)
        rows.append(
            Person(
                gemeente=gemeente, given_names=given, prefix=prefix, family_name=family, family_key=family_key,
                sound_key=sound_key, born=born,
            )
        )  # fmt: skip
    Person.objects.bulk_create(rows, batch_size=5000)
    for person in (people := list(Person.objects.filter(gemeente=gemeente))):
        person.phone_key = f"6{dice.randint(0, 99_999_999):08}"
        person.phone, person.house_number = f"0{person.phone_key}", str(dice.randint(1, 200))
        person.postcode = f"{dice.randint(1000, 1099)} {chr(65 + dice.randint(0, 17))}{chr(65 + dice.randint(0, 25))}"
    Person.objects.bulk_update(people, ["phone", "phone_key", "postcode", "house_number"], batch_size=2000)
    AccessRules.objects.update(lookups_an_hour=32_000)
    analyze()


def test_looking_somebody_up_among_a_hundred_thousand(capsys):
    _fill()
    client = Client()
    client.force_login(User.objects.get(username="werker-1-1-1"))
    wanted = list(
        Person.objects.exclude(bsn_index=None).filter(pk__in=Case.objects.values("person"), born__gt=0)[:ROUNDS]
    )
    took = {key: [] for key in KEYS}
    for person in wanted:
        for key, fields in KEYS.items():
            facts = fields(person)
            begin = time.perf_counter()
            assert client.post("/werkplek/zoeken/", facts).status_code == 200
            took[key].append(1000 * (time.perf_counter() - begin))
    base = median(took["nummer"])
    table = [f"{Person.objects.count()} personen   p50 ms   p95 ms   ÷ nummer"]
    table += [
        f"  {key:<16} {median(each):>9.1f} {quantiles(each, n=20)[-1]:>8.1f} {median(each) / base:>10.2f}"
        for key, each in took.items()
    ]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(table) + "\n")
