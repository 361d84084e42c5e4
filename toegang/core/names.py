"""Names as they are compared: without case, marks, spaces or prefixes, so that Yildiz finds Yıldız."""

import re
import unicodedata

LONGEST = 200  # a key fits an index, whatever a letter unfolds to
UNMARKED = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
# The words that come before a family name and under which nobody is filed (BRP, tabel 36), in the form of _words.
_PREFIXES = """
aan af al auf aus ben bij bin boven d da dal dalla das de dei del della den der des di die dit do dos du e een el het i
im in l la las le les lo los naar of onder op over s san t te ten ter the thor tho to toe tot uijt uijten uit unter v
van vande vanden vander ver vom von vor voor vrij zu zum zur
"""
PREFIXES = frozenset(_PREFIXES.split())
# What sounds alike in Dutch family names, in the order in which it is replaced: Meijer and Meyer, Claassen and Klasen.
_ALIKE = (
    *(("eij", "y"), ("ij", "y"), ("ei", "y"), ("ey", "y"), ("ui", "uy"), ("au", "ou"), ("ae", "a"), ("ie", "i")),
    *(("ph", "f"), ("th", "t"), ("sch", "sg"), ("ch", "g"), ("ck", "k"), ("qu", "k"), ("c", "k"), ("x", "ks")),
    *(("z", "s"), ("v", "f"), ("dt", "t"), ("w", "u"), ("h", ""), ("j", "y")),
)
SHORTEST_PHONE = 6  # digits: with fewer it is anybody's


def _words(name: str) -> list[str]:
    """The words of a name, in small letters without marks; an apostrophe or a hyphen parts them too."""
    folded = unicodedata.normalize("NFKD", name).casefold().translate(UNMARKED)
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", bare)


def name_key(name: str) -> str:
    """The key of any name: its letters and digits; empty when it has none."""
    return "".join(_words(name))[:LONGEST]


def sound_key(name: str) -> str:
    """The key of a family name as it sounds, so that who hears it on the telephone finds it."""
    sound = family_key(name)
    for spelling, same in _ALIKE:
        sound = sound.replace(spelling, same)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"d$", "t", sound))[:LONGEST]


def phone_key(number: str) -> str:
    """The last nine digits of a telephone number, with or without its country; empty when there are too few."""
    digits = re.sub(r"\D", "", number)
    return digits[-9:] if len(digits) >= SHORTEST_PHONE else ""


def halves_of(name: str) -> list[str]:
    """The halves of a double name: of Jansen-de Vries these are Jansen and de Vries; of a single name none."""
    halves = [half for half in re.split(r"[-\u2010-\u2013]", name) if _words(half)]
    return halves if len(halves) > 1 else []


def family_key(name: str) -> str:
    """The key of a family name, with or without its prefixes: van den Berg and Berg have the same."""
    words = _words(name)
    while len(words) > 1 and words[0] in PREFIXES:
        words = words[1:]
    return "".join(words)[:LONGEST]
