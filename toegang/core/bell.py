"""The broker of demo and tests: kombu's filesystem transport, with messages that appear whole.

Kombu opens a message under its final name and then writes it. A worker that looks in between reads an empty file,
cannot decode it and stops.
"""

from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """A channel that writes beside the queue and renames."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        """Write one message; raises ChannelError when the folder is away, as kombu does."""
        file = Path(self.data_folder_out, f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg")
        draft = file.with_suffix(".draft")  # a name that no worker takes
        try:
            draft.write_text(dumps(payload), encoding="utf-8")  # type: ignore[no-untyped-call]
            draft.rename(file)
        except OSError as error:
            raise ChannelError(f"Cannot add {file.name} to the queue") from error


class Transport(filesystem.Transport):
    """The transport with that channel."""

    Channel = Channel
