"""The page of the manager: figures of the own gemeenten, in words, drawn and in a table."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from toegang.core.access import ActingRequest, manager
from toegang.core.dates import long_date
from toegang.core.wall import reading_figures
from toegang.sturing import aggregates, charts
from toegang.sturing.aggregates import Flow, Shown


@manager
@require_safe
def home(request: ActingRequest) -> HttpResponse:
    """Show what comes in and goes out, where cases are, and whether the onderzoek is on time."""
    today = request.actor.today
    gemeenten = aggregates.gemeenten_of(request.actor)
    ids = list(gemeenten)
    with reading_figures():
        flow = aggregates.flow(ids, today)
        steps = aggregates.open_per_step(ids)
        on_time = aggregates.onderzoek_on_time(ids, today)
        short = aggregates.short_questions(ids, today)
    request.actor.looked_at("Stuurinformatie bekeken", action="list")
    page = {
        "gemeenten": ", ".join(gemeenten.values()),
        "today": long_date(today),
        "kpis": _kpis(flow, steps.counts.total, on_time, short),
        "flow_conclusion": charts.flow_conclusion(flow),
        "flow_chart": charts.line_chart(flow),
        "flow_rows": _flow_rows(flow),
        "flow_columns": ["Maand", "Meldingen", "Afgesloten", "Verschil"],
        "steps_conclusion": charts.steps_conclusion(steps),
        "steps_bars": charts.bars(steps),
        "steps_rows": [(name, _figure(n)) for name, n in zip(steps.names, steps.counts.cells, strict=True)],
        "steps_columns": ["Stap", "Zaken"],
        "steps_total": _figure(steps.counts.total),
        "smallest": aggregates.SMALLEST,
        "least_for_share": aggregates.LEAST_FOR_SHARE,
    }
    return render(request, "sturing/home.html", page)


def _figure(count: Shown) -> str:
    return "x" if count is None else str(count)


def _kpis(flow: Flow, running: Shown, on_time: aggregates.OnTime, short: Shown) -> list[tuple[str, str, str]]:
    """The numbers on top: what, how much, of what."""
    share = "x" if on_time.percentage is None else f"{on_time.percentage}%"
    few = f"minder dan {aggregates.LEAST_FOR_SHARE} onderzoeken, niet getoond"
    return [
        ("Lopende zaken", _figure(running), "nu"),
        ("Onderzoek binnen zes weken", share, few if on_time.of is None else f"van {on_time.of} onderzoeken (Wmo)"),
        ("Meldingen", _figure(flow.inflow.total), "in twaalf maanden"),
        ("Korte vragen", _figure(short), "meteen beantwoord, in twaalf maanden"),
        ("Afgesloten zaken", _figure(flow.outflow.total), "in twaalf maanden"),
    ]


def _flow_rows(flow: Flow) -> list[tuple[str, str, str, str]]:
    """The table of the figure: month, in, out, and the difference where both are shown; the total last."""
    names = charts.month_names(flow.months)
    pairs: list[Any] = list(zip(names, flow.inflow.cells, flow.outflow.cells, strict=True))
    pairs.append(("Twaalf maanden", flow.inflow.total, flow.outflow.total))
    return [(name, _figure(came), _figure(went), _difference(came, went)) for name, came, went in pairs]


def _difference(came: Shown, went: Shown) -> str:
    return "x" if came is None or went is None else f"{came - went:+d}".replace("-", "−").replace("+0", "0")
