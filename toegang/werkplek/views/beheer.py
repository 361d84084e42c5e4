"""What the functioneel beheerder looks after: terms, closing days and letter texts, each with its period."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from toegang.core.access import ActingRequest, professional
from toegang.core.models import ClosingDay, LetterText, TermRule

LAWS = {
    "": "alle",
    "wmo": "Wmo",
    "jeugd": "Jeugdwet",
    "pw": "Participatiewet",
    "wgs": "Wgs",
    "awb": "Awb",
    "beleid": "Eigen beleid",
}


@professional(roles=frozenset({"beheerder"}))
def reference_data(request: ActingRequest) -> HttpResponse:
    """Show the reference data; it is changed by load_reference."""
    terms = TermRule.objects.order_by("key", "valid_from")
    texts = LetterText.objects.order_by("kind", "order", "law", "valid_from")
    page = {
        "term_columns": ("Termijn", "Wet", "Lengte", "Geldt", "Bron"),
        "closing_columns": ("Dag", "Waarom", "Bron"),
        "letter_columns": ("Brief", "Blok", "Wet", "Geldt", "Tekst"),
        "terms": [(rule, _words(rule.key), LAWS.get(rule.law, rule.law)) for rule in terms],
        "closing_days": ClosingDay.objects.order_by("date"),
        "letter_texts": [(text, _words(text.kind), _words(text.block), LAWS.get(text.law, text.law)) for text in texts],
    }
    return render(request, "werkplek/beheer.html", page)


def _words(key: str) -> str:
    """The key of a row of reference data, as a reader sees it: 'Wmo persoonlijk plan'."""
    return key.replace("_", " ").capitalize()
