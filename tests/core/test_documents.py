"""Stored files: there before their row, checked when read, orphans swept."""

import hashlib
import os
import stat
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from toegang.core import documents
from toegang.core.models import StoredFile

CONTENT = b"%PDF-1.7 een brief"
FACTS = {"name": "verslag.pdf", "content_type": "application/pdf", "case_id": None, "gemeente_id": 1}


def on_disk():
    """Every stored file."""
    return sorted(path for path in Path(settings.FILES_FOLDER).rglob("*") if path.is_file())


@pytest.mark.django_db
def test_a_file_and_its_row():
    file = documents.store(CONTENT, **FACTS)
    assert documents.read(StoredFile.objects.get(pk=file.pk)) == CONTENT
    assert (file.size, file.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    (path,) = on_disk()
    assert path.relative_to(settings.FILES_FOLDER) == Path(file.pk.hex[:2], file.pk.hex)  # no name, no type, no case
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.django_db
def test_the_same_content_twice_is_two_files():
    assert documents.store(CONTENT, **FACTS).pk != documents.store(CONTENT, **FACTS).pk
    assert len(on_disk()) == 2


@pytest.mark.django_db
def test_a_name_is_data_and_never_a_path():
    documents.store(CONTENT, **FACTS | {"name": "../../etc/passwd"})
    (path,) = on_disk()
    assert Path(settings.FILES_FOLDER) in path.resolve().parents


@pytest.mark.django_db
def test_the_file_is_whole_before_its_row():
    """At the moment of the insert the file stands on disk with all its content."""
    seen = []

    def watch(execute, sql, *rest):
        if sql.startswith('INSERT INTO "core_storedfile"'):
            seen.extend(path.read_bytes() for path in on_disk())
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        documents.store(CONTENT, **FACTS)
    assert seen == [CONTENT]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "damage", [Path.unlink, lambda path: path.write_bytes(CONTENT + b" "), lambda path: path.write_bytes(b"")]
)
def test_a_damaged_file_is_never_given(damage):
    file = documents.store(CONTENT, **FACTS)
    damage(on_disk()[0])
    with pytest.raises(documents.DamagedFile):
        documents.read(file)


def age(path, seconds):
    """Make a file older."""
    then = time.time() - seconds
    os.utime(path, (then, then))


@pytest.mark.django_db
def test_a_file_without_row_is_swept_when_it_is_old():
    kept = documents.store(CONTENT, **FACTS)
    (path,) = on_disk()
    for _ in range(2):
        with pytest.raises(IntegrityError), transaction.atomic():
            documents.store(CONTENT, **FACTS | {"gemeente_id": None})
    old, young = [orphan for orphan in on_disk() if orphan != path]
    age(path, documents.ORPHAN_AGE + 60)
    age(old, documents.ORPHAN_AGE + 60)
    age(young, documents.ORPHAN_AGE - 60)
    assert documents.sweep_orphans() == 1
    assert on_disk() == sorted([path, young])
    assert documents.sweep_orphans() == 0
    assert documents.read(kept) == CONTENT


def test_without_a_folder_there_is_nothing_to_sweep(db):
    assert documents.sweep_orphans() == 0
