"""Figures: shapes from published counts, and conclusions by rule."""

from datetime import date

import pytest

from toegang.sturing.aggregates import Flow, Published, Steps, months_until
from toegang.sturing.charts import (
    HEIGHT,
    ROW,
    bars,
    differs,
    flow_conclusion,
    line_chart,
    steps_conclusion,
)

MONTHS = months_until(date(2026, 11, 22))
HIDDEN = Published((None,) * 12, None)


def flow(inflow, outflow):
    return Flow(MONTHS, inflow, outflow)


def published(*cells):
    total = sum(cell or 0 for cell in cells)
    return Published(tuple(cells), total)


def test_a_hidden_count_interrupts_the_line_and_has_no_point():
    chart = line_chart(flow(published(10, 20, None, 40, *[None] * 7, 20), HIDDEN))
    came, went = chart.lines
    assert came.points == [(4.17, 75.0), (12.5, 50.0), (29.17, 0.0), (95.83, 50.0)]
    assert came.pieces == ["M4.17 75.0L12.5 50.0"]
    assert (went.points, went.pieces, went.last) == ([], [], "x")
    assert chart.ticks == [(0, 100.0), (10, 75.0), (20, 50.0), (30, 25.0), (40, 0.0)]
    assert chart.months[0] == "dec" and chart.months[-1] == "nov"


@pytest.mark.parametrize("last", [(11, 11), (40, 39), (12, 40), (40, 12)])
def test_the_labels_stand_apart_in_their_column_in_the_order_of_the_lines(last):
    chart = line_chart(flow(published(*[40] * 11, last[0]), published(*[30] * 11, last[1])))
    came, went = (line.label_y for line in chart.lines)
    assert abs(came - went) >= ROW
    assert all(ROW / 2 <= y <= HEIGHT - ROW / 2 for y in (came, went))
    assert last[0] == last[1] or (came < went) == (last[0] > last[1])


def test_without_a_count_there_is_no_figure():
    assert line_chart(flow(HIDDEN, HIDDEN)) is None
    assert bars(Steps(("A", "B"), Published((None, None), 12))) == []


def test_the_axis_ends_at_a_round_number_above_the_highest():
    for highest, top in ((10, 20), (20, 20), (21, 40), (99, 100), (101, 200), (1234, 2000)):
        assert line_chart(flow(published(highest, *[10] * 11), HIDDEN)).ticks[-1] == (top, 0.0)


def test_bars_are_measured_against_the_longest_and_a_hidden_count_has_none():
    found = bars(Steps(("A", "B", "C"), Published((50, None, 20), 81)))
    assert [(bar.name, bar.count, bar.length) for bar in found] == [("A", 50, 100.0), ("B", None, 0.0), ("C", 20, 40.0)]


@pytest.mark.parametrize(
    ("one", "other", "clear"), [(20, 11, False), (20, 10, True), (200, 181, False), (200, 180, True), (10, 20, True)]
)
def test_a_difference_counts_from_ten_and_a_tenth(one, other, clear):
    assert differs(one, other) is clear


@pytest.mark.parametrize(
    ("came", "went", "words"),
    [
        (120, 100, "Er kwamen meer meldingen binnen dan er zaken zijn afgesloten"),
        (100, 120, "Er kwamen minder meldingen binnen dan er zaken zijn afgesloten"),
        (105, 100, "Geen duidelijk verschil tussen meldingen en afgesloten zaken"),
        (None, 100, "Te weinig zaken om te vergelijken"),
    ],
)
def test_the_conclusion_of_the_flow_follows_the_rule(came, went, words):
    assert flow_conclusion(flow(Published((), came), Published((), went))) == words


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ((60, 20, None, 11, 10, None), "Vóór de start van de hulp staan de meeste zaken bij ‘A’"),
        ((20, 60, None, 11, 10, None), "Vóór de start van de hulp staan de meeste zaken bij ‘B’"),
        ((60, 55, None, 11, 10, None), "Vóór de start van de hulp is er geen duidelijk verschil tussen de stappen"),
        ((60, *[None] * 5), "Te weinig zaken om te vergelijken"),
    ],
)
def test_the_conclusion_of_the_steps_is_about_the_steps_before_the_help(cells, words):
    """However many cases have help: that is where they should be."""
    steps = Steps((*"ABCDEF", "Hulp loopt", "Evaluatie"), Published((*cells, 900, 100), 2000))
    assert steps_conclusion(steps) == words
