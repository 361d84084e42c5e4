"""Roots outside: a small file for each seal, in a folder that another keeps; it proves what we cannot rewrite."""

from __future__ import annotations

import json
import os
from pathlib import Path

from toegang.core.models import LogSeal


def write_root(seal: LogSeal, folder: Path) -> Path:
    """Write the file of a seal whole or not at all; what stands there already is never changed.

    A name holds number and chain value, so that after a restore of an older backup both stories stay.
    Raises OSError when the folder cannot be written.
    """
    path = folder / f"{seal.number:09d}-{seal.chain[:16]}.json"
    if path.exists():
        return path
    unfinished = path.with_suffix(f".{os.getpid()}.new")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(_said(seal), file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    return path


def _said(seal: LogSeal) -> dict[str, object]:
    return {
        "seal": seal.number,
        "at": seal.sealed_at.isoformat(),
        "rows": seal.rows,
        "root": seal.root,
        "chain": seal.chain,
    }


def read_roots(folder: Path) -> dict[int, set[str]]:
    """Give {number of a seal: chain values that were sent}; one that cannot be read has a value that no seal has."""
    found: dict[int, set[str]] = {}
    for path in sorted(folder.glob("*-*.json")):
        number = int(path.name.partition("-")[0])
        try:
            chain = str(json.loads(path.read_text(encoding="utf-8"))["chain"])
        except (ValueError, KeyError, TypeError):
            chain = f"onleesbaar: {path.name}"
        found.setdefault(number, set()).add(chain)
    return found
