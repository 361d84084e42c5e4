"""What makes a password too easy, in our words (ASVS 5.0 6.2.1, 6.2.4, 6.2.11); any composition is allowed."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth import password_validation as django
from django.core.exceptions import ValidationError

from toegang.accounts.models import Gemeente, Team

# Words of this field and this system; the names of gemeenten and teams are added from the data.
WORDS = frozenset(
    {
        *("toegang", "wijkteam", "buurtteam", "gemeente", "sociaal", "jeugdwet"),
        *("werkplek", "wachtwoord", "welkom"),
    }
)
SHORTEST_REST = 8  # characters that are left when the easy words are taken out


class LongEnough(django.MinimumLengthValidator):
    """At least so many characters."""

    def get_error_message(self) -> str:
        """The sentence at the field."""
        return f"Kies een langer wachtwoord: minstens {self.min_length} tekens"


class NotCommon(django.CommonPasswordValidator):
    """Not in the list of passwords that everybody tries first."""

    def get_error_message(self) -> str:
        """The sentence at the field."""
        return "Dit wachtwoord is te bekend. Kies een ander"


class NotLikeTheUser(django.UserAttributeSimilarityValidator):
    """Not the own name or address in another form."""

    DEFAULT_USER_ATTRIBUTES = ("username", "name", "email")

    def get_error_message(self) -> str:
        """The sentence at the field."""
        return "Dit wachtwoord lijkt te veel op uw naam of e-mailadres. Kies een ander"


class NotOurWords:
    """Not made of words that everybody here would think of."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 (Django's signature)
        """Raise ValidationError when too little is left beside the easy words and digits at the end."""
        names = [*Gemeente.objects.values_list("name", flat=True), *Team.objects.values_list("name", flat=True)]
        words = WORDS | {word for name in names for word in name.lower().split() if len(word) > 3}  # noqa: PLR2004
        rest = re.sub("|".join(map(re.escape, sorted(words, key=len, reverse=True))), "", password.lower())
        if len(re.sub(r"[\W\d_]+$", "", rest)) < SHORTEST_REST and rest != password.lower():
            raise ValidationError("Dit wachtwoord bestaat uit bekende woorden. Kies een ander", code="our_words")

    def get_help_text(self) -> str:
        """What to avoid."""
        return "Gebruik niet de naam van uw gemeente, team of systeem."
