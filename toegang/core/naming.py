"""How a person is written to: initials, the name on an envelope, and the opening of a letter.

The rules are those by which the BRP composes addresses: the family names by naamgebruik (BRP table 61.10), a
prefix with a capital where it comes first, titles of nobility in the form of the person's gender (Wet op de
adeldom), and the courtesy title of a wife who bears the name of her husband.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import TextChoices

OPENING = "Geachte"
NOBODY = "heer, mevrouw"  # whose name is not known
UNKNOWN = "."  # the BRP writes a full stop for a name that is not known or not there


class NameUse(TextChoices):
    """Which family names somebody wants to be called by."""

    EIGEN = "E", "Eigen naam"
    PARTNER = "P", "Naam van de partner"
    PARTNER_EIGEN = "V", "Naam van de partner, dan de eigen naam"
    EIGEN_PARTNER = "N", "Eigen naam, dan de naam van de partner"


class Title(TextChoices):
    """Titles of nobility, and the predicates jonkheer and jonkvrouw (BRP table 38)."""

    BARON = "B", "Baron"
    BARONES = "BS", "Barones"
    GRAAF = "G", "Graaf"
    GRAVIN = "GI", "Gravin"
    HERTOG = "H", "Hertog"
    HERTOGIN = "HI", "Hertogin"
    JONKHEER = "JH", "Jonkheer"
    JONKVROUW = "JV", "Jonkvrouw"
    MARKIES = "M", "Markies"
    MARKIEZIN = "MI", "Markiezin"
    PRINS = "P", "Prins"
    PRINSES = "PS", "Prinses"
    RIDDER = "R", "Ridder"


# {first letter of the code: (the word of a man, of a woman)}: the gender of a person decides, not that of the code.
_WORDS = {
    "B": ("baron", "barones"),
    "G": ("graaf", "gravin"),
    "H": ("hertog", "hertogin"),
    "J": ("jonkheer", "jonkvrouw"),
    "M": ("markies", "markiezin"),
    "P": ("prins", "prinses"),
    "R": ("ridder", ""),
}
_RANKS = {"G": "hooggeboren"}
_HIGHNESS = "hoogheid"
_SHARED = frozenset({Title.BARON, Title.GRAAF, Title.HERTOG, Title.MARKIES, Title.PRINS})  # with the wife, by courtesy


@dataclass(frozen=True)
class FamilyName:
    """A family name with its prefix and title."""

    name: str
    prefix: str = ""
    title: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a name."""
        return self.name not in {"", UNKNOWN}


NONE = FamilyName("")


@dataclass(frozen=True)
class PersonName:
    """All of which the written forms of a name are made. `ended`: the partner is a former one."""

    given_names: str
    own: FamilyName
    gender: str = ""  # M, V, O or unknown
    use: str = NameUse.EIGEN
    partner: FamilyName = NONE
    ended: bool = False

    @property
    def used(self) -> str:
        """The naamgebruik that can be followed: without the name of a partner it is the own name."""
        return self.use if self.partner.known else NameUse.EIGEN

    @property
    def courtesy(self) -> str:
        """The letter of the title that a wife bears by courtesy, with the name of her husband; empty when none."""
        bears = self.gender == "V" and self.used != NameUse.EIGEN and self.partner.title in _SHARED
        return self.partner.title[0] if bears else ""

    @property
    def nobility(self) -> str:
        """The letter of the own title or predicate, where it is borne; empty when none.

        Nobody bears it with the name of the partner alone. A jonkvrouw has no predicate while she has a partner, nor
        with the name of a former one.
        """
        letter = self.own.title[:1]
        if self.used == NameUse.PARTNER:
            return ""
        if letter == "J" and self.gender == "V" and self._is_or_was_wife():
            return ""
        return letter

    def _is_or_was_wife(self) -> bool:
        return self.used != NameUse.EIGEN or (self.partner.known and not self.ended)


def initials(given_names: str) -> str:
    """One letter for each given name, also for a double one; what is written as initials already stays."""
    return "".join(_initial(name) for name in given_names.split())


def _initial(name: str) -> str:
    return name if len(name) == 1 or re.fullmatch(r"(\w\.)+", name) else f"{name[0]}."


def envelope_name(who: PersonName) -> str:
    """The name above an address: initials and family names, with the title where it belongs."""
    predicate = _word(who.nobility, who.gender) if who.nobility == "J" else ""
    title = "" if predicate else _word(who.nobility, who.gender)
    letters = initials(who.given_names)
    return _capital(_joined(predicate, letters, _family(who, title, _word(who.courtesy, "V"))))


def form_of_address(who: PersonName) -> str:
    """The line above the name of who bears a title, such as “De hoogwelgeboren heer”; else empty."""
    if who.courtesy:
        return f"De {_honour(who.courtesy, 'V')}"
    borne = _word(who.nobility, who.gender) or who.nobility == "P"
    honour = _honour(who.nobility, who.gender) if borne else ""
    return f"De {honour}" if honour else ""


def salutation(who: PersonName) -> str:
    """The opening words of a letter, without a comma and without assuming a gender."""
    if honour := _honour(who.courtesy, "V") or _honour(who.nobility, who.gender):
        return _capital(honour)
    family, letters = _family(who), initials(who.given_names).strip(UNKNOWN if who.given_names == UNKNOWN else "")
    if not family:
        return f"{OPENING} {letters or NOBODY}"
    if call := {"M": "heer", "V": "mevrouw"}.get(who.gender):
        return f"{OPENING} {call} {_capital(family)}"
    return f"{OPENING} {_joined(letters, family) if letters else _capital(family)}"


def _family(who: PersonName, title: str = "", courtesy: str = "") -> str:
    """The family names by naamgebruik, each after its title."""
    own = _joined(title, who.own.prefix, who.own.name) if who.own.known else ""
    partners = _joined(courtesy, who.partner.prefix, who.partner.name) if who.partner.known else ""
    names = {
        NameUse.EIGEN: [own],
        NameUse.PARTNER: [partners],
        NameUse.PARTNER_EIGEN: [partners, own],
        NameUse.EIGEN_PARTNER: [own, partners],
    }[NameUse(who.used)]
    return "-".join(name for name in names if name)


def _word(letter: str, gender: str) -> str:
    """The word of a title in the form of a gender; empty when there is none."""
    return dict(zip("MV", _WORDS[letter], strict=True)).get(gender, "") if letter else ""


def _honour(letter: str, gender: str) -> str:
    if letter == "P":
        return _HIGHNESS
    call = {"M": "heer", "V": "vrouwe"}.get(gender)
    return f"{_RANKS.get(letter, 'hoogwelgeboren')} {call}" if letter and call else ""


def _joined(*parts: str) -> str:
    return " ".join(" ".join(parts).split())


def _capital(text: str) -> str:
    """With a capital where the text begins; the rest stays as it is."""
    return text[:1].upper() + text[1:]
