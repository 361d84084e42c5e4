"""Tests run as the worker's role, their pages as the application's; only set-up and flush are the superuser's."""

import io
import os
import time
from pathlib import Path

# Playwright keeps an event loop in its thread; Django would refuse the ORM there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.db import connection
from django.test import Client, TransactionTestCase

from toegang import celery as celery
from toegang.accounts.backends import backend_of
from toegang.accounts.sessions import KEY
from toegang.core.access import actor_for
from toegang.demo.data import assume_tariff

OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


# The files that take long begin first, so that at the end neither of two processes waits for the other.
LONG_FILES = (
    *("browser/test_accessibility", "test_doors", "browser/", "core/test_outbox_worker", "demo/"),
    *("core/test_settings", "casework/", "werkplek/"),
)


def pytest_collection_modifyitems(items):
    """Put the tests of the files that take long first; within a file the order stays."""
    here = str(Path(__file__).parent)

    def place(item):
        name = str(item.path).removeprefix(f"{here}/")
        return next((number for number, start in enumerate(LONG_FILES) if name.startswith(start)), len(LONG_FILES))

    items.sort(key=place)


def load_reference():
    """The reference data, with a tariff also in a year whose tariff nobody knows yet."""
    call_command("load_reference", verbosity=0, stdout=io.StringIO())
    assume_tariff(actor_for(None, "test").today)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Migrate as toegang_owner, load the reference data, then assume toegang_task for every test.

    A test looks at every row, as the worker does; each page and each frame of a person stands as toegang_app.
    """
    with django_db_blocker.unblock():
        load_reference()
        connection.close()
        connection.settings_dict["OPTIONS"] = {"assume_role": "toegang_task"}
    yield
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            # A vacuum that is still busy would keep the database from being dropped.
            cursor.execute("RESET ROLE")
            cursor.execute(OTHERS)
        connection.close()
        connection.settings_dict["OPTIONS"] = {"assume_role": "toegang_owner"}


@pytest.fixture(autouse=True, scope="session")
def flush_as_superuser():
    """After a test with real commits: flush as superuser, past the triggers of the log, and load reference data."""
    plain = TransactionTestCase._fixture_teardown

    def teardown(self):
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("SET session_replication_role = replica")
            plain(self)
            load_reference()
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("SET ROLE toegang_task")

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = plain


@pytest.fixture(autouse=True, scope="session")
def sign_in_as_the_doors_do():
    """A test client that signs somebody in does it by the back end of that kind, with the clocks of a session."""
    plain = Client.force_login

    def force_login(self, user, backend=None):
        plain(self, user, backend or backend_of(user))
        session, now = self.session, time.time()
        session[KEY] = {"began": now, "seen": now, "proved": now, "way": "local", "sure": True}
        session.save()
        facts = {"user": user, "ip": "127.0.0.1", "user_agent": ""}
        UserSession.objects.update_or_create(session_key=session.session_key, defaults=facts)

    Client.force_login = force_login
    yield
    Client.force_login = plain


@pytest.fixture(autouse=True)
def own_files(tmp_path, settings):
    """Every test stores its files in a folder of its own."""
    settings.FILES_FOLDER = str(tmp_path / "files")
