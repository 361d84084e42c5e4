"""Work of decisions after commit: importing this registers the letter of a beschikking and what it moves."""

from decisions.services import drafting as drafting
