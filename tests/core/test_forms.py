"""Fields in plain Dutch: what they accept, what they say, and that no text breaks them."""

from datetime import date, timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from toegang.core.dates import PartialDate, long_date
from toegang.core.forms import BsnField, Form, KnownDateField, NearDateField, PostcodeField

TODAY = date(2026, 11, 22)
NINE = "Vul een burgerservicenummer in van 9 cijfers"
WRONG = "Dit nummer klopt niet. Kijk op uw paspoort of identiteitskaart"
NEAR = "Vul een datum in, bijvoorbeeld 4-12-2026"


def outcome(field, value):
    """What the field makes of the value: (the cleaned value, the sentences of its refusal)."""
    try:
        return field.clean(value), []
    except ValidationError as refusal:
        return None, refusal.messages


def sentence(field, value):
    """The one sentence with which the field refuses the value."""
    with pytest.raises(ValidationError) as refusal:
        field.clean(value)
    assert len(refusal.value.messages) == 1
    return refusal.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("111222333", "111222333"),
        ("123456782", "123456782"),
        ("010464554", "010464554"),
        ("10464554", "010464554"),
        ("999990019", "999990019"),
        ("999993653", "999993653"),
        (" 123 456 782 ", "123456782"),
        ("1234.56.782", "123456782"),
        ("123-456-782", "123456782"),
        ("123\u00a0456\u00a0782", "123456782"),
    ],
)
def test_a_bsn_in_any_grouping(typed, number):
    assert BsnField().clean(typed) == number


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", NINE),
        ("1234567", NINE),
        ("1234567821", NINE),
        ("12345678a", NINE),
        ("١٢٣٤٥٦٧٨٢", NINE),
        ("123456789", WRONG),
        ("111222334", WRONG),
        ("111111111", WRONG),
        ("999999999", WRONG),
        ("132456782", WRONG),
        ("12345678", WRONG),
        ("000000000", WRONG),
    ],
)
def test_a_wrong_bsn_says_why(typed, said):
    assert sentence(BsnField(), typed) == said


def test_an_empty_bsn_is_fine_when_it_is_not_required():
    assert BsnField(required=False).clean("") == ""


@given(st.text())
def test_no_text_breaks_the_bsn_field(text):
    number, said = outcome(BsnField(), text)
    if number:
        assert sum(w * int(d) for w, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), number, strict=True)) % 11 == 0
    else:
        assert said in ([NINE], [WRONG], ["Null-tekens zijn niet toegestaan."])


@given(st.from_regex(r"\A[0-9]{9}\Z"))
def test_a_bsn_passes_exactly_when_the_11_proef_does(number):
    total = sum(w * int(d) for w, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), number, strict=True))
    if total % 11 == 0 and int(number):
        assert BsnField().clean(number) == number
    else:
        assert sentence(BsnField(), number) == WRONG


@pytest.mark.parametrize("typed", ["1234AB", "1234 ab", " 1234  AB "])
def test_a_postcode_has_one_form(typed):
    assert PostcodeField().clean(typed) == "1234 AB"


@pytest.mark.parametrize("typed", ["", "0234 AB", "1234", "1234 SS", "1234 SA", "1234 SD", "12345 AB", "AB 1234"])
def test_a_wrong_postcode_shows_an_example(typed):
    assert sentence(PostcodeField(), typed) == "Vul een postcode in, bijvoorbeeld 1234 AB"


@pytest.mark.parametrize(
    ("parts", "words", "number", "complete", "earliest"),
    [
        ((None, None, None), "onbekend", 0, False, date.min),
        ((1951, None, None), "1951", 19510000, False, date(1951, 1, 1)),
        ((1951, 3, None), "maart 1951", 19510300, False, date(1951, 3, 1)),
        ((1951, 3, 14), "14 maart 1951", 19510314, True, date(1951, 3, 14)),
    ],
)
def test_a_partial_date(parts, words, number, complete, earliest):
    day = PartialDate(*parts)
    assert (str(day), day.as_int(), day.is_complete, day.earliest()) == (words, number, complete, earliest)
    assert PartialDate.from_int(number) == day


@pytest.mark.parametrize("parts", [(None, 3, None), (1951, None, 14), (None, None, 14), (1951, 2, 29), (1951, 13, 1)])
def test_a_partial_date_that_cannot_be(parts):
    with pytest.raises(ValueError):
        PartialDate(*parts)


@pytest.mark.parametrize(
    "typed",
    [
        ("14", "3", "1951"),
        ("14", "03", "1951"),
        ("14", "mrt", "1951"),
        (" 14 ", "Maart ", "1951"),
        ("14", "mrt.", "1951"),
    ],
)
def test_a_known_date_in_three_parts(typed):
    assert KnownDateField().clean(typed) == date(1951, 3, 14)
    assert KnownDateField(partial=True).clean(typed) == PartialDate(1951, 3, 14)


@pytest.mark.parametrize(
    ("typed", "day"),
    [(("", "", "1951"), PartialDate(1951)), (("", "mrt", "1951"), PartialDate(1951, 3))],
)
def test_a_partial_known_date(typed, day):
    assert KnownDateField(partial=True).clean(typed) == day


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("", "", ""), "Vul een datum in, bijvoorbeeld 27 3 1951"),
        (("31", "2", "1951"), "Deze datum bestaat niet: februari 1951 heeft geen 31 dagen"),
        (("29", "2", "1951"), "Deze datum bestaat niet: februari 1951 heeft geen 29 dagen"),
        (("31", "april", "1951"), "Deze datum bestaat niet: april 1951 heeft geen 31 dagen"),
        (("", "3", "1951"), "Vul ook de dag in"),
        (("14", "", "1951"), "Vul ook de maand in"),
        (("14", "3", ""), "Vul ook het jaar in"),
        (("14", "", ""), "Vul ook de maand en het jaar in"),
        (("32", "3", "1951"), "Vul bij de dag een getal in van 1 tot en met 31"),
        (("14", "13", "1951"), "Vul bij de maand een getal in van 1 tot en met 12, of de naam van de maand"),
        (("14", "3", "51"), "Vul het jaar in met 4 cijfers, bijvoorbeeld 1951"),
        (("14", "3", "1299"), "Vul een jaar in van 1800 tot en met 2199"),
    ],
)
def test_a_wrong_known_date_names_what_is_wrong(typed, said):
    assert sentence(KnownDateField(), typed) == said


@pytest.mark.parametrize(
    ("typed", "said"), [(("14", "", "1951"), "Vul ook de maand in"), (("", "3", ""), "Vul ook het jaar in")]
)
def test_a_partial_date_still_needs_the_larger_part(typed, said):
    assert sentence(KnownDateField(partial=True), typed) == said


@given(st.tuples(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9)), st.booleans())
def test_no_text_breaks_the_known_date(parts, partial):
    found, said = outcome(KnownDateField(partial=partial, required=False), parts)
    assert len(said) <= 1
    assert found is None or isinstance(found, PartialDate if partial else date)


@given(st.dates(date(1800, 1, 1), date(2199, 12, 31)))
def test_every_date_in_three_parts_comes_back(day):
    words = long_date(day).split()
    assert KnownDateField().clean(words) == day
    assert KnownDateField(partial=True).clean([str(day.day), str(day.month), str(day.year)]).earliest() == day


def near(today=TODAY):
    field = NearDateField()
    field.today = today
    return field


@pytest.mark.parametrize(
    "typed",
    [
        "4-12-2026", "04-12-2026", "04/12/2026", "4.12.2026", "4 12 2026", "2026-12-04", " 4 - 12 - 2026 ",
        "4 december 2026", "4 DEC 2026", "4 dec. 2026", "4 december", "4 dec", "4-12",
    ],
)  # fmt: skip
def test_a_near_date_as_people_write_it(typed):
    assert near().clean(typed) == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("22 november", TODAY),
        ("21 november", date(2027, 11, 21)),
        ("1 jan", date(2027, 1, 1)),
        ("29 februari", date(2028, 2, 29)),
        ("vandaag", TODAY),
        ("Morgen", date(2026, 11, 23)),
        ("overmorgen", date(2026, 11, 24)),
    ],
)
def test_a_near_date_counts_from_today(typed, day):
    assert near().clean(typed) == day


@pytest.mark.parametrize(
    "typed", ["", "x", "4", "december", "32-12-2026", "4-13-2026", "0-1-2026", "4-12-26", "4-12-9999"]
)
def test_a_near_date_that_is_not_understood_shows_an_example(typed):
    assert sentence(near(), typed) == NEAR


def test_a_near_date_that_does_not_exist_says_so():
    assert sentence(near(), "30-2-2027") == "Deze datum bestaat niet: februari 2027 heeft geen 30 dagen"
    assert sentence(near(), "31 juni") == "Deze datum bestaat niet: juni 2026 heeft geen 31 dagen"


@pytest.mark.parametrize("typed", ["4 december", "morgen"])
def test_without_today_a_near_date_needs_a_year(typed):
    assert sentence(near(today=None), typed) == NEAR


@given(st.text() | st.from_regex(r"\A[0-9]{1,4}[-/ .][0-9a-z]{1,9}[-/ .][0-9]{0,4}\Z"))
def test_no_text_breaks_the_near_date(text):
    found, said = outcome(near(), text)
    assert (isinstance(found, date), len(said)) in ((True, 0), (False, 1))


@given(st.dates(TODAY, TODAY + timedelta(days=364)))
def test_a_date_within_a_year_needs_no_year(day):
    assert near().clean(long_date(day).rpartition(" ")[0]) == day


class VisitForm(Form):
    born = KnownDateField(label="Geboortedatum")
    on = NearDateField(label="Wanneer is het gesprek?")
    where = forms.ChoiceField(label="Waar is het gesprek?", choices=[("thuis", "Thuis"), ("kantoor", "Op kantoor")])
    note = forms.CharField(label="Waar gaat het over?", max_length=5)
    mail = forms.EmailField(label="E-mail", required=False)
    people = forms.IntegerField(
        label="Hoeveel mensen komen er?", min_value=1, error_messages={"required": "Vul een aantal in"}
    )
    told = forms.BooleanField(label="Dit is besproken")


def test_every_empty_field_asks_in_its_own_words():
    form = VisitForm({}, today=TODAY)
    assert form.errors.get_json_data() == {
        name: [{"message": said, "code": "required"}]
        for name, said in {
            "born": "Vul een datum in, bijvoorbeeld 27 3 1951",
            "on": NEAR,
            "where": "Kies een antwoord: Waar is het gesprek?",
            "note": "Vul dit in: Waar gaat het over?",
            "people": "Vul een aantal in",
            "told": "Zet hier een vinkje: Dit is besproken",
        }.items()
    }
    assert form.first_error_title == "Vul een datum in, bijvoorbeeld 27 3 1951"


def test_wrong_values_are_explained_and_stay():
    typed = {"born_dag": "1", "born_maand": "1", "born_jaar": "2027", "on": "gisteren", "where": "elders"}
    typed |= {"note": "te lang", "mail": "x", "people": "0", "told": "on"}
    form = VisitForm(typed, today=TODAY, not_after=TODAY)
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "born": ["Vul een datum in tot en met 22 november 2026"],
        "on": [NEAR],
        "where": ["Kies een van de antwoorden"],
        "note": ["Gebruik niet meer dan 5 tekens. Het zijn er nu 7"],
        "mail": ["Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl"],
        "people": ["Vul een getal in vanaf 1"],
    }
    assert form["born"].value() == ["1", "1", "2027"]
    assert form["on"].value() == "gisteren"


def test_a_form_hands_today_to_its_dates_and_is_good():
    typed = {"born_dag": "14", "born_maand": "mrt", "born_jaar": "1951", "on": "4 dec", "where": "thuis"}
    form = VisitForm(typed | {"note": "wonen", "people": "2", "told": "on"}, today=TODAY, not_after=TODAY)
    assert form.errors == {}
    assert form.first_error_title == ""
    assert form.cleaned_data["born"] == date(1951, 3, 14)
    assert form.cleaned_data["on"] == date(2026, 12, 4)


def test_initial_dates_are_shown_as_people_write_them():
    form = VisitForm(initial={"born": PartialDate(1951, 3), "on": date(2026, 12, 4)})
    assert 'value="4-12-2026"' in str(form["on"])
    values = [part["value"] for part in form["born"].subwidgets[0].data["subwidgets"]]
    assert values == [None, "3", "1951"]
