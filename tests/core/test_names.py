"""Names that are written in several ways have one key, and different names have different ones."""

import pytest

from toegang.core.names import LONGEST, family_key, name_key


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (["Yıldız", "YILDIZ", "yildiz ", "Yıldız"], "yildiz"),
        (["O'Brien-de Vries", "obrien de vries", "O’Brien–De Vries"], "obriendevries"),
        (["van den Berg", "Berg", "Van Den BERG", "v.d. Berg"], "berg"),
        (["'t Hof", "Hof"], "hof"),
        (["Ö", "o"], "o"),
        (["محمد", "مُحَمَّد"], "محمد"),
        (["Groß", "Gross"], "gross"),
        (["İnce", "ince"], "ince"),
        (["Van", "van"], "van"),
        (["%", "_", "'--", "\x00", ""], ""),
    ],
)
def test_a_family_name_has_one_key(names, key):
    assert [family_key(name) for name in names] == [key] * len(names)


def test_a_given_name_keeps_all_its_words():
    assert (name_key("Jan van Willem"), name_key("ﷺ" * 300)[:3], len(name_key("ﷺ" * 300))) == (
        "janvanwillem",
        "صلى",
        LONGEST,
    )


def test_different_names_differ():
    assert len({family_key(name) for name in ("Berg", "Burg", "Bergen", "Vandenberg")}) == 4
