"""What the functioneel beheerder looks after: terms, closing days and letter texts, each with its period."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from toegang.core.access import ActingRequest, professional
from toegang.core.models import ClosingDay, LetterText, TermRule


@professional(roles=frozenset({"beheerder"}))
def reference_data(request: ActingRequest) -> HttpResponse:
    """Show the reference data; it is changed by load_reference."""
    page = {
        "term_columns": ("Termijn", "Wet", "Lengte", "Geldt", "Bron"),
        "closing_columns": ("Dag", "Waarom", "Bron"),
        "letter_columns": ("Brief", "Blok", "Wet", "Geldt", "Tekst"),
        "terms": TermRule.objects.order_by("key", "valid_from"),
        "closing_days": ClosingDay.objects.order_by("date"),
        "letter_texts": LetterText.objects.order_by("kind", "order", "law", "valid_from"),
    }
    return render(request, "werkplek/beheer.html", page)
