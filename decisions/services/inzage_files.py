"""The two files of an inzage pack, with the same content: one to read (PDF) and one for a machine (JSON).

What was held back is told as a number and a ground, never what it was. README, "The inzage file", has the keys.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from casework.letters import common_values, privacy_values, sheet
from casework.models import Letter, PrivacyRequest
from decisions.selectors.pack import GROUPS, Part
from toegang.core.letters import Section, compose
from toegang.core.pdf import render_pdf

PDF_TYPE, JSON_TYPE = "application/pdf", "application/json"
FORMAT, FORMAT_VERSION = "toegang-inzage", 1
HELD = "teruggehouden"
SUBJECT = "Uw gegevens"


def held_back(request: PrivacyRequest) -> list[tuple[str, int]]:
    """How many parts were held back, per ground."""
    return sorted(Counter(kept["ground"] for kept in request.review.values() if not kept["given"]).items())


def as_json(request: PrivacyRequest, given: Sequence[Part], on: date) -> bytes:
    """UTF-8 text with stable keys; days as yyyy-mm-dd (AVG art. 15 lid 3, art. 20 for its form)."""
    told: dict[str, Any] = {
        "formaat": FORMAT,
        "versie": FORMAT_VERSION,
        "gemeente": request.gemeente.name,
        "zaak": request.case.reference,
        "verzoek_ontvangen_op": request.received_on.isoformat(),
        "gemaakt_op": on.isoformat(),
        "onderdelen": [_told(part) for part in given],
        "teruggehouden": [{"grond": ground, "aantal": count} for ground, count in held_back(request)],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _told(part: Part) -> dict[str, Any]:
    facts = {f.key: f.value.isoformat() if isinstance(f.value, date) else f.value for f in part.fields}
    return {
        "groep": part.group,
        "soort": part.kind,
        "titel": part.title,
        "van": part.whose,
        "wet": part.hulpvraag,
        "gegevens": facts,
    }


def as_pdf(request: PrivacyRequest, given: Sequence[Part], on: date) -> bytes:
    """The same on A4, in the layout of the letters."""
    letter = Letter(
        gemeente=request.gemeente,
        case=request.case,
        addressee=request.person,
        kind="inzage",
        subject=SUBJECT,
        reference=request.case.reference,
    )
    groups = [(title, [_shown(part) for part in given if part.group == key]) for key, title in GROUPS.items()]
    page = {
        "letter": sheet(letter, on, _sections(request, letter, on)),
        "groups": [(title, parts) for title, parts in groups if parts],
    }
    return render_pdf(render_to_string("letters/inzage.html", page), title=f"{SUBJECT}, zaak {letter.reference}")


def _sections(request: PrivacyRequest, letter: Letter, on: date) -> list[Section]:
    """The words around the data; what was held back as a list of numbers and grounds."""
    held = [f"{count} {'onderdeel' if count == 1 else 'onderdelen'}: {ground}" for ground, count in held_back(request)]
    values = common_values(letter, on) | privacy_values(request)
    found = compose(
        "inzage", law="", gemeente_id=letter.gemeente_id, on=on, values=values, leave_out=() if held else (HELD,)
    )
    return [replace(section, items=held) if section.key == HELD else section for section in found]


def _shown(part: Part) -> tuple[str, list[tuple[str, str]]]:
    return part.title, [(field.label, field.words) for field in part.fields]
