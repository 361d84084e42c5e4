"""Letter texts: {placeholders} and nothing else; the text of the day, of the law and of the gemeente."""

from datetime import date

import pytest

from toegang.core.letters import LetterError, Section, compose, fill
from toegang.core.models import LetterText

DAY = date(2026, 3, 2)


def text(block="begin", **facts):
    """A block of a letter of our own."""
    given = {"kind": "proef", "order": 1, "heading": "Kop", "text": "Dag {naam}.", "valid_from": "2026-01-01"}
    return LetterText.objects.create(block=block, **given | facts)


def composed(*, law="wmo", gemeente_id=1, on=DAY, leave_out=()):
    """The letter as {block: first paragraph}."""
    values = {"naam": "Fatima"}
    sections = compose("proef", law=law, gemeente_id=gemeente_id, on=on, values=values, leave_out=leave_out)
    return {section.key: section.paragraphs[0] for section in sections}


def test_a_placeholder_is_filled():
    assert fill("Dag {naam}, {naam}!", {"naam": "Fatima"}) == "Dag Fatima, Fatima!"


@pytest.mark.parametrize(
    "literal",
    [
        "{{7*7}}",
        "{% load x %}",
        "{ naam }",
        "{naam.__class__}",
        "{naam!r}",
        "{0}",
        "{Naam}",
        "%(naam)s",
        "{naam",
        "$naam",
    ],
)
def test_what_is_no_placeholder_stays_text(literal):
    assert fill(literal, {"naam": "Fatima"}) == literal


def test_a_value_is_never_read_as_a_placeholder():
    assert fill("{naam}", {"naam": "{geheim}", "geheim": "x"}) == "{geheim}"


def test_a_name_without_a_value_stops_the_letter():
    with pytest.raises(LetterError, match="naam"):
        fill("Dag {naam}", {})


@pytest.mark.django_db
def test_the_text_of_the_day():
    text(text="Oud", valid_from="2025-01-01", valid_until="2026-03-01")
    text(text="Nieuw", valid_from="2026-03-02")
    assert composed() == {"begin": "Nieuw"}
    assert composed(on=date(2026, 3, 1)) == {"begin": "Oud"}
    with pytest.raises(LetterError):
        composed(on=date(2024, 1, 1))


@pytest.mark.django_db
def test_the_text_of_the_law_and_of_the_gemeente():
    text(text="Algemeen")
    text("eigen", text="Algemeen eigen", order=2)
    text("eigen", text="Van gemeente 1", order=2, gemeente_id=1)
    text("recht", text="Jeugd", order=3, law="jeugd")
    text("recht", text="Wmo", order=3, law="wmo")
    assert composed() == {"begin": "Algemeen", "eigen": "Van gemeente 1", "recht": "Wmo"}
    assert composed(law="jeugd", gemeente_id=2) == {"begin": "Algemeen", "eigen": "Algemeen eigen", "recht": "Jeugd"}
    assert composed(law="pw", gemeente_id=2) == {"begin": "Algemeen", "eigen": "Algemeen eigen"}


@pytest.mark.django_db
def test_a_block_is_left_out_and_the_others_stand_in_order():
    text("tweede", order=2)
    text("eerste", order=1)
    text("derde", order=3)
    assert list(composed()) == ["eerste", "tweede", "derde"]
    assert list(composed(leave_out={"tweede"})) == ["eerste", "derde"]


@pytest.mark.django_db
def test_paragraphs_and_lists():
    text(heading="Aan {naam}", text="Een\nregel van {naam}.\n\nNog een.\n- punt {naam}\n- tweede punt")
    (section,) = compose("proef", law="", gemeente_id=1, on=DAY, values={"naam": "Fatima"})
    assert section == Section(
        "begin", "Aan Fatima", ["Een regel van Fatima.", "Nog een."], ["punt Fatima", "tweede punt"]
    )
