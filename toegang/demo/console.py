"""What `./start` and `./test` say to the person at the keyboard: steps, times and reasons in Dutch."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TAIL_LINES = 20


class SetupError(RuntimeError):
    """Something outside the application stands in the way; the message is the Dutch sentence to show."""


class StopAskedError(Exception):
    """The user asked to stop while a step was running."""


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """Return the last lines of a log file, empty when there is no such file."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


class Steps:
    """Numbered progress lines: `[3/8] Database bijwerken ... 1,2 s`."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Announce one step, and print how many seconds it took when it is done."""
        self.number += 1
        print(f"[{self.number}/{self.total}] {title} ... ", end="", flush=True)
        begun = time.monotonic()
        try:
            yield
        except StopAskedError:
            print("afgebroken", flush=True)
            raise
        except Exception:
            print("niet gelukt", flush=True)
            raise
        print(f"{time.monotonic() - begun:.1f} s".replace(".", ","), flush=True)
