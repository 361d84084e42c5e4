"""What the core stores."""

from toegang.core.models.log import LogRow, LogSeal
from toegang.core.models.reference import ClosingDay, LetterText, TermRule
from toegang.core.models.work import Counter, OutboxRow, StoredFile

__all__ = ["ClosingDay", "Counter", "LetterText", "LogRow", "LogSeal", "OutboxRow", "StoredFile", "TermRule"]
