"""The login under which a command runs."""

import os

import pytest

from manage import become_owner

NAMES = [f"DATABASE_{who}URL{form}" for who in ("", "OWNER_") for form in ("", "_FILE")]


@pytest.fixture
def database(monkeypatch):
    """Return a function that sets the addresses and one that reads what is left of the application's."""
    for name in NAMES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)

    def given(**addresses):
        for name, value in addresses.items():
            monkeypatch.setenv(name, value)
        became = become_owner()
        return became, os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_URL_FILE")

    return given


def test_owner_takes_the_place_of_the_application(database):
    assert database(DATABASE_URL="app", DATABASE_OWNER_URL="owner") == (True, "owner", None)


def test_owner_in_a_file_takes_the_place_of_the_application_in_a_file(database):
    answer = database(DATABASE_URL_FILE="/geheim/app", DATABASE_OWNER_URL_FILE="/geheim/owner")
    assert answer == (True, None, "/geheim/owner")


def test_owner_is_not_overruled_by_a_file_of_the_application(database):
    assert database(DATABASE_URL_FILE="/geheim/app", DATABASE_OWNER_URL="owner") == (True, "owner", None)


def test_without_an_owner_the_application_keeps_its_login(database):
    assert database(DATABASE_URL="app") == (False, "app", None)
