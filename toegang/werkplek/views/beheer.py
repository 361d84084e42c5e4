"""The beginning of beheer: cases that nobody handles; terms, closing days and letter texts, each with its period."""

from __future__ import annotations

from django.http import HttpResponse

from casework.selectors import left_cases
from toegang.accounts.selectors import managed_gemeenten, team_leaders
from toegang.core.access import ActingRequest
from toegang.core.models import ClosingDay, LetterText, TermRule
from toegang.werkplek.beheer_page import beheerder, show

LAWS = {
    "": "alle",
    "wmo": "Wmo",
    "jeugd": "Jeugdwet",
    "pw": "Participatiewet",
    "wgs": "Wgs",
    "awb": "Awb",
    "beleid": "Eigen beleid",
}


@beheerder
def home(request: ActingRequest) -> HttpResponse:
    """Show which teams have cases that nobody handles, and the reference data; that is changed by load_reference."""
    today = request.actor.today
    left = left_cases(list(managed_gemeenten(request.actor).values_list("pk", flat=True)), today)
    leaders = team_leaders([row.team.pk for row in left], today)
    terms = TermRule.objects.order_by("key", "valid_from")
    texts = LetterText.objects.order_by("kind", "order", "law", "valid_from")
    page = {
        "left": [(row, leaders.get(row.team.pk, "")) for row in left],
        "term_columns": ("Termijn", "Wet", "Lengte", "Geldt", "Bron"),
        "closing_columns": ("Dag", "Waarom", "Bron"),
        "letter_columns": ("Brief", "Blok", "Wet", "Geldt", "Tekst"),
        "terms": [(rule, _words(rule.key), LAWS.get(rule.law, rule.law)) for rule in terms],
        "closing_days": ClosingDay.objects.order_by("date"),
        "letter_texts": [(text, _words(text.kind), _words(text.block), LAWS.get(text.law, text.law)) for text in texts],
    }
    return show(request, "home", "overzicht", **page)


def _words(key: str) -> str:
    """The key of a row of reference data, as a reader sees it: 'Wmo persoonlijk plan'."""
    return key.replace("_", " ").capitalize()
