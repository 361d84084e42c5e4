"""Figures as plain geometry for inline SVG, and conclusions by rule. Pure: published counts in, shapes out.

The plot stretches with the page (its lines keep their width), so its coordinates are hundredths of the width and
height; the words beside it are drawn in a column of fixed size, so that no label meets a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from toegang.core.dates import MONTHS
from toegang.sturing.aggregates import BEFORE_HELP, Flow, Published, Shown, Steps

LEAST_DIFFERENCE = 10  # a smaller difference in numbers is no conclusion
LEAST_SHARE = 0.10  # nor is one below a tenth of the larger number
HEIGHT = 200  # of the label column, in CSS pixels: the height of .tg-plot
ROW = 36  # the least distance between two labels of two lines each, in CSS pixels
SHORT = {3: "mrt"}  # the usual short form; the others are the first three letters
NONE = "Te weinig zaken om te vergelijken"


@dataclass(frozen=True)
class Line:
    """One series: its words, where its label stands, and its pieces; a hidden count interrupts the line."""

    name: str
    kind: str
    last: str
    label_y: float
    pieces: list[str]
    points: list[tuple[float, float]]


@dataclass(frozen=True)
class LineChart:
    """Series over the months, with the axis from zero."""

    lines: list[Line]
    ticks: list[tuple[int, float]]
    months: list[str]


@dataclass(frozen=True)
class Bar:
    """One bar of 0–100, with its count in a column of its own."""

    name: str
    count: Shown
    length: float


def line_chart(flow: Flow) -> LineChart | None:
    """Draw inflow and outflow; nothing when every count is hidden."""
    series = (("Meldingen", "in", flow.inflow), ("Afgesloten", "out", flow.outflow))
    shown = [count for _, _, published in series for count in published.cells if count is not None]
    if not shown:
        return None
    top = _nice(max(shown))
    lines = [_line(name, kind, published, top) for name, kind, published in series]
    ticks = [(top * quarter // 4, 100 - 25.0 * quarter) for quarter in range(5)]
    return LineChart(_apart(lines), ticks, [_short(month) for month in flow.months])


def _short(month: date) -> str:
    return SHORT.get(month.month, MONTHS[month.month - 1][:3])


def _nice(highest: int) -> int:
    """The first round number that is not below the highest and can be cut in four."""
    step = 1
    while True:
        for factor in (20, 40, 80, 100):
            if factor * step >= highest:
                return factor * step
        step *= 10


def _line(name: str, kind: str, published: Published, top: int) -> Line:
    width = 100 / len(published.cells)
    places = [
        None if count is None else (round(width * (n + 0.5), 2), round(100 - 100 * count / top, 2))
        for n, count in enumerate(published.cells)
    ]
    points = [place for place in places if place]
    pieces = [f"M{a[0]} {a[1]}L{b[0]} {b[1]}" for a, b in pairwise(places) if a and b]
    last = published.cells[-1]
    y = HEIGHT * (points[-1][1] if points else 100) / 100
    return Line(name, kind, "x" if last is None else str(last), y, pieces, points)


def _apart(lines: list[Line]) -> list[Line]:
    """Move the labels so far apart that both can be read, inside the column."""
    low, high = sorted(lines, key=lambda line: line.label_y)
    middle = (low.label_y + high.label_y) / 2
    half = max(ROW, high.label_y - low.label_y) / 2
    middle = min(max(middle, half + ROW / 2), HEIGHT - half - ROW / 2)
    placed = {low.kind: middle - half, high.kind: middle + half}
    return [Line(x.name, x.kind, x.last, round(placed[x.kind], 1), x.pieces, x.points) for x in lines]


def bars(steps: Steps) -> list[Bar]:
    """Draw open cases per step; a hidden count has no bar. Nothing when every count is hidden."""
    longest = max((count for count in steps.counts.cells if count is not None), default=0)
    if not longest:
        return []
    return [
        Bar(name, count, round(100 * (count or 0) / longest, 1))
        for name, count in zip(steps.names, steps.counts.cells, strict=True)
    ]


def differs(one: int, other: int) -> bool:
    """Whether two counts differ enough to say so."""
    return abs(one - other) >= max(LEAST_DIFFERENCE, LEAST_SHARE * max(one, other))


def flow_conclusion(flow: Flow) -> str:
    """Say whether more came in than went out, if the difference is large enough."""
    came, went = flow.inflow.total, flow.outflow.total
    if came is None or went is None:
        return NONE
    if not differs(came, went):
        return "Geen duidelijk verschil tussen meldingen en afgesloten zaken"
    more = "meer" if came > went else "minder"
    return f"Er kwamen {more} meldingen binnen dan er zaken zijn afgesloten"


def steps_conclusion(steps: Steps) -> str:
    """Say at which step before the help most cases wait, if the next one is clearly smaller."""
    waiting = list(zip(steps.names, steps.counts.cells, strict=True))[:BEFORE_HELP]
    found = sorted(((n, name) for name, n in waiting if n is not None), reverse=True)
    if len(found) < 2:  # noqa: PLR2004 (a comparison takes two)
        return NONE
    (most, name), (second, _) = found[:2]
    if not differs(most, second):
        return "Vóór de start van de hulp is er geen duidelijk verschil tussen de stappen"
    return f"Vóór de start van de hulp staan de meeste zaken bij ‘{name}’"


def month_names(months: Sequence[date]) -> list[str]:
    """Write each month in full."""
    return [f"{MONTHS[month.month - 1]} {month.year}" for month in months]
