"""Sealing and the keyed index: what opens, what is found, and what happens when a key comes or goes."""

import base64

import pytest
from cryptography.fernet import Fernet

from toegang.core import sealing

NUMBER = "999993653"
OLD, NEW = (base64.urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))


@pytest.fixture
def keys(settings):
    """Put these keys in use."""

    def use(*seals, indexes=("een",)):
        settings.BSN_KEYS, settings.BSN_INDEX_KEYS = seals, indexes

    use(OLD)
    return use


def test_what_is_sealed_opens_and_is_never_the_same_twice(keys):
    first, second = sealing.seal(NUMBER), sealing.seal(NUMBER)
    assert first != second and NUMBER not in first
    assert sealing.unseal(first) == sealing.unseal(second) == NUMBER


def test_a_new_key_writes_and_the_old_one_still_opens(keys):
    before = sealing.seal(NUMBER)
    keys(NEW, OLD)
    after = sealing.seal(NUMBER)
    assert sealing.unseal(before) == sealing.unseal(after) == NUMBER
    assert (sealing.is_newest(before), sealing.is_newest(after)) == (False, True)
    assert Fernet(NEW).decrypt(after).decode() == NUMBER
    keys(NEW)
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(before)


def test_what_was_touched_does_not_open(keys):
    sealed = sealing.seal(NUMBER)
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(sealed[:-4] + ("AAA=" if not sealed.endswith("AAA=") else "BBB="))


def test_the_index_is_keyed_and_the_same_for_every_grouping(keys):
    keys(OLD, indexes=("een", "twee"))
    first, second = sealing.indexes_of(NUMBER)
    assert first == sealing.index_of("9999.93.653") == sealing.index_of(f" {NUMBER} ")
    assert len(first) == 64 and first != second
    assert sealing.index_of("10464554") == sealing.index_of("010464554") != first
    keys(OLD, indexes=("twee", "een"))
    assert sealing.indexes_of(NUMBER) == [second, first]
