"""Stored files: random names, synced before their row, checked when read, orphans swept."""

import hashlib
import os
import time
import uuid
from pathlib import Path

from django.conf import settings

from toegang.core.models import StoredFile
from toegang.core.wall import beyond_scope

ORPHAN_AGE = 24 * 60 * 60  # seconds; no transaction lasts so long


class DamagedFile(Exception):  # noqa: N818 (names what is found)
    """A stored file is missing or its content is not what was stored."""


def _path(key: uuid.UUID) -> Path:
    return Path(settings.FILES_FOLDER) / key.hex[:2] / key.hex


def store(content: bytes, *, name: str, content_type: str, case_id: uuid.UUID | None, gemeente_id: int) -> StoredFile:
    """Write and sync the file, then its row; after a rollback the file is an orphan that the sweep removes."""
    key = uuid.uuid4()
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)
    return StoredFile.objects.create(
        id=key,
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        case_id=case_id,
        gemeente_id=gemeente_id,
    )


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(file: StoredFile) -> bytes:
    """Give the content; raises DamagedFile when it is not what was stored."""
    try:
        content = _path(file.pk).read_bytes()
    except FileNotFoundError as error:
        raise DamagedFile(file.pk) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise DamagedFile(file.pk)
    return content


def sweep_orphans(*, older_than: float = ORPHAN_AGE) -> int:
    """Remove files without a row that are older than so many seconds; gives how many."""
    border = time.time() - older_than
    old = {p.name: p for p in Path(settings.FILES_FOLDER).glob("??/*") if p.stat().st_mtime < border}
    keys = {uuid.UUID(hex=name) for name in old}
    with beyond_scope():  # a file whose row is hidden is no orphan
        kept = {key.hex for key in StoredFile.objects.filter(pk__in=keys).values_list("pk", flat=True)}
    orphans = [path for name, path in old.items() if name not in kept]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
