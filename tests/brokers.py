"""A broker of one's own: the real filesystem transport, in a folder that a test may read, wipe or lose."""

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import Celery


@contextmanager
def broker_in(folder: Path, app: Celery) -> Iterator[None]:
    """Let an application publish into another folder; afterwards as before."""
    before = app.conf.broker_transport_options
    app.conf.broker_transport_options = transport_options(folder)
    app.amqp._producer_pool = None
    try:
        yield
    finally:
        app.conf.broker_transport_options = before
        app.amqp._producer_pool = None


def transport_options(folder: Path) -> dict[str, object]:
    """What the settings make of BROKER_FOLDER."""
    queue = str(folder / "queue")
    return {
        "data_folder_in": queue,
        "data_folder_out": queue,
        "control_folder": str(folder / "control"),
        "polling_interval": 0.05,
    }


def make_folders(folder: Path) -> Path:
    """The folders that the transport expects."""
    for name in ("queue", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


def waiting(folder: Path) -> list[str]:
    """The first argument of every message that nobody took."""
    messages = [json.loads(path.read_bytes()) for path in (folder / "queue").glob("*.msg")]
    return sorted(json.loads(b64decode(message["body"]))[0][0] for message in messages)


def wipe(folder: Path) -> int:
    """Throw away every message that waits; gives how many."""
    messages = list((folder / "queue").glob("*.msg"))
    for message in messages:
        message.unlink(missing_ok=True)
    return len(messages)
