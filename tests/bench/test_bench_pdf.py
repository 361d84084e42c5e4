"""How many letters two worker processes make, against WeasyPrint alone on the same page."""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median

import pytest
import weasyprint

from tests.core.test_pdf import html_of, letter
from toegang.core import pdf
from toegang.core.pdf import render_pdf, warm_up

pytestmark = [
    pytest.mark.bench,
    pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning"),
]
ROUNDS = 10
LETTERS_PER_ROUND = 8


def per_second(work):
    begin = time.perf_counter()
    assert work() == LETTERS_PER_ROUND
    return LETTERS_PER_ROUND / (time.perf_counter() - begin)


def make_letter(html):
    return render_pdf(html, title="Besluit")


def test_letters_per_second_of_two_processes_against_weasyprint_alone(capsys):
    html = html_of(letter())
    style = pdf._font_faces(pdf._FONTS) + pdf._STYLE.read_text(encoding="utf-8")
    page = html.replace("</head>", f"<style>{style}</style></head>")

    def alone():
        made = [weasyprint.HTML(string=page).write_pdf() for _ in range(LETTERS_PER_ROUND)]
        return sum(content.startswith(b"%PDF") for content in made)

    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=warm_up) as workers:

        def ours():
            made = workers.map(make_letter, [html] * LETTERS_PER_ROUND)
            return sum(content.startswith(b"%PDF") for content in made)

        ours()
        alone()
        ratios = [per_second(ours) / per_second(alone) for _ in range(ROUNDS)]
    with capsys.disabled():
        sys.stdout.write(
            f"\nPDFs per second, two processes ÷ WeasyPrint alone: {median(ratios):.2f} "
            f"({min(ratios):.2f} to {max(ratios):.2f}, {ROUNDS} rounds)\n"
        )
    assert median(ratios) > 1
