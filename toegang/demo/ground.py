"""What generated cases stand on: reference data, people's names, free BSNs, gapless numbers and one sample letter."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from stdnum.nl import bsn as elfproef

from casework.models import Leefgebied, OnderzoekPart, Person
from providers.models import Contract, Product
from toegang.core.models import Counter, TermRule
from toegang.core.names import family_key, name_key, sound_key
from toegang.core.pdf import render_pdf
from toegang.core.sealing import index_of, indexes_of, seal
from toegang.core.terms import equated_days
from toegang.core.workdays import term_end
from toegang.demo.persons import FIRST_BSN, LAST_BSN
from toegang.demo.themes import MAATWERK

if TYPE_CHECKING:
    from toegang.accounts.models import Gemeente, User

Series = tuple[str, int]  # the name of a series and the year
SAMPLE = "<html lang='nl'><body><h1>Voorbeeldbrief</h1><p>Deze brief hoort bij een gegenereerde zaak.</p></body></html>"
GIVEN_NAMES = (
    ("Anneke", "V"), ("Bert", "M"), ("Carla", "V"), ("Driss", "M"), ("Elif", "V"), ("Frank", "M"), ("Gülay", "V"),
    ("Hans", "M"), ("Ilse", "V"), ("Jeroen", "M"), ("Khadija", "V"), ("Lars", "M"), ("Marieke", "V"), ("Nico", "M"),
    ("Olga", "V"), ("Paul", "M"), ("Ruth", "V"), ("Stefan", "M"), ("Tineke", "V"), ("Umar", "M"), ("Vera", "V"),
    ("Wouter", "M"), ("Xandra", "V"), ("Youssef", "M"), ("Zoë", "V"), ("Kim", ""),
)  # fmt: skip
FAMILY_NAMES = (
    ("", "Akkerhof"), ("", "Bloemerd"), ("van", "Dalenoord"), ("de", "Eikelaar"), ("", "Fransema"),
    ("", "Groenesteyn"), ("van der", "Heuvelrug"), ("", "Ivens-Boom"), ("", "Jaspersma"), ("", "Kastelijns"),
    ("", "Lindeboomsma"), ("", "Mosterdijk"), ("", "Nachtegalen"), ("", "Olmenburg"), ("", "Pruimendal"),
    ("", "Quakkelaer"), ("", "Riethorst"), ("", "Şimşekoğlu"), ("", "Talsmaat"), ("", "Uitenwaard"),
    ("", "Veldzicht"), ("van den", "Wilgenhof"), ("", "Yıldızhan"), ("", "Zandvoorde"),
)  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """Ids and lists that every generated case of one gemeente refers to."""

    gemeente: Gemeente
    today: date
    toetser: User
    parts: Mapping[str, list[int]]  # law: parts of the onderzoek in their order
    products: Mapping[str, Product]
    providers: Mapping[int, list[object]]  # product: providers with a contract
    leefgebieden: Mapping[str, int]
    terms: Terms
    letter: SampleLetter


def make_ground(gemeente: Gemeente, *, today: date, toetser: User, letter: SampleLetter) -> Ground:
    """Collect it once for a gemeente."""
    parts = OnderzoekPart.objects.valid_on(today)
    laws = sorted({theme.law for theme in MAATWERK})
    products = {product.key: product for product in Product.objects.valid_on(today)}
    providers: dict[int, list[object]] = {}
    for product_id, provider_id in Contract.objects.filter(gemeente=gemeente, until=None).values_list(
        "product_id", "provider_id"
    ):
        providers.setdefault(product_id, []).append(provider_id)
    return Ground(
        gemeente=gemeente,
        today=today,
        toetser=toetser,
        parts={law: list(parts.filter(law=law).order_by("order").values_list("pk", flat=True)) for law in laws},
        products=products,
        providers=providers,
        leefgebieden=dict(Leefgebied.objects.valid_on(today).values_list("key", "pk")),
        terms=Terms(),
        letter=letter,
    )


@cache
def _test_bsns() -> list[str]:
    """Every number of the test range that passes the 11-proef: some nine thousand."""
    return [number for number in map(str, range(FIRST_BSN, LAST_BSN + 1)) if elfproef.is_valid(number)]


def free_bsns(gemeente: Gemeente) -> list[str]:
    """The BSNs for tests that this gemeente does not use yet, from low to high."""
    used = set(Person.objects.filter(gemeente=gemeente).values_list("bsn_index", flat=True))
    return [number for number in _test_bsns() if used.isdisjoint(indexes_of(number))]


def named(given_names: str, prefix: str, family_name: str) -> dict[str, str]:
    """The names of a person with the keys by which they are found."""
    keys = {"family_key": family_key(family_name), "given_key": name_key(given_names)}
    keys["sound_key"] = sound_key(family_name)
    return {"given_names": given_names, "prefix": prefix, "family_name": family_name, **keys}


def next_number_of(bsns: Iterator[str]) -> dict[str, str]:
    """Give the columns of the next free BSN, sealed; none when they are all given."""
    number = next(bsns, None)
    return {"bsn_sealed": seal(number), "bsn_index": index_of(number)} if number else {}


class Terms:
    """The same as core.terms.due_on, from rules that are read once: many cases ask the same days again and again."""

    def __init__(self) -> None:
        self._rules = list(TermRule.objects.order_by("-valid_from"))
        self._equated = equated_days()
        self.due_on = cache(self._due_on)

    def _due_on(self, key: str, start: date) -> date:
        rule = next(
            rule
            for rule in self._rules
            if rule.key == key and rule.valid_from <= start and (rule.valid_until is None or start <= rule.valid_until)
        )
        return term_end(start, days=rule.days, weeks=rule.weeks, months=rule.months, equated=self._equated)


class Numbers:
    """Gapless numbers from where a reservation begins."""

    def __init__(self, last: Mapping[Series, int]) -> None:
        self._last = dict(last)

    def take(self, series: str, year: int) -> int:
        """Give the next number of a series."""
        self._last[series, year] += 1
        return self._last[series, year]


@transaction.atomic
def reserve_numbers(gemeente_id: int, wanted: Mapping[Series, int]) -> dict[Series, int]:
    """Put the counters of a gemeente so much further; gives the last number before that of each series."""
    before: dict[Series, int] = {}
    for (series, year), count in sorted(wanted.items()):
        key = {"gemeente_id": gemeente_id, "series": series, "year": year}
        Counter.objects.bulk_create([Counter(**key)], ignore_conflicts=True)
        counter = Counter.objects.select_for_update().get(**key)
        before[series, year] = counter.last
        counter.last += count
        counter.save(update_fields=["last"])
    return before


class SampleLetter:
    """One real PDF that stands for each sent decision: a hard link costs a fraction of a letter."""

    def __init__(self, name: str) -> None:
        self.content = render_pdf(SAMPLE, title="Voorbeeldbrief")
        self.size, self.sha256 = len(self.content), hashlib.sha256(self.content).hexdigest()
        self._folder = Path(settings.FILES_FOLDER)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._source = self._folder / name
        self._write(self._source)

    def _write(self, path: Path) -> None:
        path.write_bytes(self.content)
        path.chmod(0o600)

    def link(self, key: str) -> None:
        """Put the letter where the stored file with this id (32 hex digits) is looked for."""
        path = self._folder / key[:2] / key
        path.parent.mkdir(exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)  # left by a run that was broken off
        try:
            os.link(self._source, path)
        except OSError as error:
            if error.errno not in {errno.EMLINK, errno.EPERM, errno.ENOTSUP}:
                raise
            shutil.copy(self._source, path)  # this disk has no more links to give, or none at all

    def remove(self) -> None:
        """Take the sample away; its links stay."""
        self._source.unlink(missing_ok=True)
