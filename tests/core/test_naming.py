"""Names on envelopes and in openings, by the rules of the BRP: prefix, naamgebruik, title and courtesy title."""

import pytest

from toegang.core.naming import (
    NONE,
    FamilyName,
    NameUse,
    PersonName,
    Title,
    envelope_name,
    form_of_address,
    initials,
    salutation,
)

SMID, PLAS, BRINK = FamilyName("Smid"), FamilyName("Plas", "van der"), FamilyName("Brink", "Op Den")
HORST = {code: FamilyName("Horst", "ter", code) for code in ("", *Title)}
HIGH, WELL = "hooggeboren", "hoogwelgeboren"


def who(given="Jo Kim", own=SMID, gender="V", use="E", partner=NONE, *, ended=False):
    return PersonName(given, own, gender, use, partner, ended)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("Bea", "B."),
        ("Bea Cato", "B.C."),
        ("Anne-Fleur Els", "A.E."),  # a double name is one letter
        ("Thea IJsbrand Chris", "T.I.C."),  # and so is a sound of two letters
        ("Ólafur Özil", "Ó.Ö."),
        ("Elin Q", "E.Q"),
        ("J.P.", "J.P."),
        (".", "."),
        ("", ""),
        ("  Bea   Cato ", "B.C."),
        ("ناديا", "ن."),
    ],
)
def test_initials(names, expected):
    assert initials(names) == expected


@pytest.mark.parametrize(
    ("own", "partner", "written"),
    [
        (SMID, SMID, ("Smid", "Smid", "Smid-Smid", "Smid-Smid")),
        (PLAS, SMID, ("van der Plas", "Smid", "Smid-van der Plas", "van der Plas-Smid")),
        (SMID, PLAS, ("Smid", "van der Plas", "van der Plas-Smid", "Smid-van der Plas")),
        (PLAS, BRINK, ("van der Plas", "Op Den Brink", "Op Den Brink-van der Plas", "van der Plas-Op Den Brink")),
        (SMID, NONE, ("Smid",) * 4),  # without a partner it is the own name, whatever was chosen
        (SMID, FamilyName("."), ("Smid",) * 4),
        (FamilyName("O'Brien-de Vries"), NONE, ("O'Brien-de Vries",) * 4),
    ],
)
def test_the_naamgebruik_chooses_the_names(own, partner, written):
    for use, expected in zip(("E", "P", "V", "N"), written, strict=True):
        assert envelope_name(who(own=own, use=use, partner=partner)) == f"J.K. {expected}"
        called = f"{expected[0].upper()}{expected[1:]}"
        assert salutation(who(own=own, use=use, partner=partner)) == f"Geachte mevrouw {called}"


def test_the_first_letter_is_a_capital_where_nothing_stands_before_it():
    assert envelope_name(who("", PLAS)) == "Van der Plas"
    assert envelope_name(who("", SMID, use="N", partner=PLAS)) == "Smid-van der Plas"
    assert salutation(who("", FamilyName("Wolk", "'t"), "M")) == "Geachte heer 't Wolk"


@pytest.mark.parametrize(
    ("gender", "given", "expected"),
    [
        ("M", "Jo Kim", "Geachte heer Van der Plas"),
        ("V", "Jo Kim", "Geachte mevrouw Van der Plas"),
        ("O", "Jo Kim", "Geachte J.K. van der Plas"),
        ("", "Jo Kim", "Geachte J.K. van der Plas"),
        ("", "", "Geachte Van der Plas"),
    ],
)
def test_nobody_gets_a_gender(gender, given, expected):
    assert salutation(who(given, PLAS, gender)) == expected


def test_without_a_family_name_nobody_is_called_by_half():
    assert salutation(who("", FamilyName("."))) == "Geachte heer, mevrouw"
    assert salutation(who("Noor", FamilyName(""))) == "Geachte N."
    assert salutation(who(".", FamilyName("."))) == "Geachte heer, mevrouw"
    assert envelope_name(who("Noor", FamilyName("."))) == "N."


@pytest.mark.parametrize(
    ("code", "gender", "word", "honour"),
    [
        *[(code, "M", "baron", WELL) for code in ("B", "BS")],
        *[(code, "V", "barones", WELL) for code in ("B", "BS")],
        *[(code, "M", "graaf", HIGH) for code in ("G", "GI")],
        *[(code, "V", "gravin", HIGH) for code in ("G", "GI")],
        *[(code, "M", "hertog", WELL) for code in ("H", "HI")],
        *[(code, "V", "hertogin", WELL) for code in ("H", "HI")],
        *[(code, "M", "markies", WELL) for code in ("M", "MI")],
        *[(code, "V", "markiezin", WELL) for code in ("M", "MI")],
        ("R", "M", "ridder", WELL),
    ],
)
def test_a_title_stands_before_the_name_in_the_form_of_the_gender(code, gender, word, honour):
    call = {"M": "heer", "V": "vrouwe"}[gender]
    noble = who(own=HORST[code], gender=gender)
    assert (envelope_name(noble), form_of_address(noble)) == (f"J.K. {word} ter Horst", f"De {honour} {call}")
    assert salutation(noble) == f"{honour.capitalize()} {call}"


@pytest.mark.parametrize("code", ["P", "PS"])
@pytest.mark.parametrize(("gender", "word"), [("M", "prins "), ("V", "prinses "), ("O", "")])
def test_a_prince_is_a_highness_whatever_the_gender(code, gender, word):
    noble = who(own=HORST[code], gender=gender)
    assert (envelope_name(noble), form_of_address(noble)) == (f"J.K. {word}ter Horst", "De hoogheid")
    assert salutation(noble) == "Hoogheid"


@pytest.mark.parametrize("code", ["B", "G", "JH", "R"])
def test_without_a_gender_there_is_no_word_for_a_title(code):
    noble = who(own=HORST[code], gender="O")
    assert (envelope_name(noble), form_of_address(noble)) == ("J.K. ter Horst", "")
    assert salutation(noble) == "Geachte J.K. ter Horst"


def test_a_woman_is_no_ridder():
    noble = who(own=HORST["R"])
    assert (envelope_name(noble), form_of_address(noble)) == ("J.K. ter Horst", "")


@pytest.mark.parametrize(
    ("use", "name", "noble"),
    [
        ("E", "J.K. baron ter Horst", True),
        ("P", "J.K. van der Plas", False),  # the title belongs to the own name
        ("V", "J.K. van der Plas-baron ter Horst", True),
        ("N", "J.K. baron ter Horst-van der Plas", True),
    ],
)
def test_a_title_goes_with_the_own_name(use, name, noble):
    baron = who(own=HORST["B"], gender="M", use=use, partner=PLAS)
    assert (envelope_name(baron), bool(form_of_address(baron))) == (name, noble)
    assert salutation(baron) == ("Hoogwelgeboren heer" if noble else "Geachte heer Van der Plas")


@pytest.mark.parametrize(
    ("gender", "use", "ended", "name"),
    [
        ("M", "E", False, "Jonkheer J.K. ter Horst"),
        ("M", "V", False, "Jonkheer J.K. van der Plas-ter Horst"),
        ("M", "N", True, "Jonkheer J.K. ter Horst-van der Plas"),
        ("M", "P", False, "J.K. van der Plas"),
        ("V", "E", False, "J.K. ter Horst"),  # a wife has no predicate
        ("V", "E", True, "Jonkvrouw J.K. ter Horst"),  # nor who keeps the name of a former partner
        ("V", "V", True, "J.K. van der Plas-ter Horst"),
        ("V", "N", True, "J.K. ter Horst-van der Plas"),
        ("V", "P", True, "J.K. van der Plas"),
    ],
)
def test_a_predicate_stands_in_front(gender, use, ended, name):
    noble = who(own=HORST["JH"], gender=gender, use=use, partner=PLAS, ended=ended)
    assert envelope_name(noble) == name
    bears = name.startswith("Jonk")
    assert bool(form_of_address(noble)) == salutation(noble).startswith("Hoogwelgeboren") == bears


def test_an_unmarried_woman_has_her_predicate():
    assert envelope_name(who(own=HORST["JV"])) == "Jonkvrouw J.K. ter Horst"


@pytest.mark.parametrize(
    ("code", "word", "honour"),
    [
        ("B", "barones", "hoogwelgeboren vrouwe"),
        ("G", "gravin", "hooggeboren vrouwe"),
        ("H", "hertogin", "hoogwelgeboren vrouwe"),
        ("M", "markiezin", "hoogwelgeboren vrouwe"),
        ("P", "prinses", "hoogheid"),
    ],
)
def test_a_wife_bears_the_title_of_her_husband_with_his_name(code, word, honour):
    for use, name in (
        ("P", f"{word} ter Horst"),
        ("V", f"{word} ter Horst-van der Plas"),
        ("N", f"van der Plas-{word} ter Horst"),
    ):
        wife = who(own=PLAS, use=use, partner=HORST[code])
        assert (envelope_name(wife), form_of_address(wife)) == (f"J.K. {name}", f"De {honour}")
        assert salutation(wife) == honour[0].upper() + honour[1:]
    own = who(own=PLAS, use="E", partner=HORST[code])
    assert (envelope_name(own), form_of_address(own)) == ("J.K. van der Plas", "")


@pytest.mark.parametrize("code", ["BS", "GI", "HI", "JH", "JV", "MI", "PS", "R"])
def test_no_other_title_is_shared(code):
    wife = who(own=PLAS, use="P", partner=HORST[code])
    assert (envelope_name(wife), form_of_address(wife)) == ("J.K. ter Horst", "")
    assert salutation(wife) == "Geachte mevrouw Ter Horst"


@pytest.mark.parametrize("gender", ["M", "O", ""])
def test_a_husband_shares_no_title(gender):
    assert envelope_name(who(own=PLAS, gender=gender, use="P", partner=HORST["B"])) == "J.K. ter Horst"


def test_a_noble_wife_bears_both_titles():
    brave = FamilyName("Brave", "de", Title.BARONES)
    wife = who(own=brave, use=NameUse.EIGEN_PARTNER, partner=HORST["P"])
    assert envelope_name(wife) == "J.K. barones de Brave-prinses ter Horst"
    assert (form_of_address(wife), salutation(wife)) == ("De hoogheid", "Hoogheid")
    alone = who(own=brave, use=NameUse.EIGEN_PARTNER, partner=HORST["R"])
    assert (envelope_name(alone), form_of_address(alone)) == (
        "J.K. barones de Brave-ter Horst",
        "De hoogwelgeboren vrouwe",
    )
