"""Production refuses to start unsafe; the demo stays on this computer; nothing of the demo is in production."""

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads, prepare_accept_content

from tests.sources import ROOT
from toegang.celery import app

KEY = "k3y-0f-pr0duct10n-that-is-long-enough-and-has-many-different-signs!"
SEALS = "kQ7aGzP0x2mV9sJ4tYbN1cRfW8uHdL3oE6iKvXqZ5gA="
INDEXES = "4f9c1b7e2d8a6035bce174f8d209a35e6b1c7f40d8e92a53"
SANE = {
    "TOEGANG_MODE": "production",
    "SECRET_KEY": KEY,
    "BSN_KEYS": SEALS,
    "BSN_INDEX_KEYS": f"{INDEXES}07",
    "ALLOWED_HOSTS": "toegang.voorbeeldstad.example",
    "DATABASE_URL": "postgresql://toegang_app@db.example/toegang",
    "BROKER_URL": "redis://broker.example:6379/0",
}
OURS = (
    "TOEGANG_",
    "SECRET_KEY",
    "BSN_",
    "ALLOWED_HOSTS",
    "DATABASE_",
    "BROKER_",
    "DEBUG",
    "DEMO_",
    "DJANGO_",
    "STATIC_",
    "FILES_",
)
IMPORT = "import django; django.setup(); from django.conf import settings; "


def start(*command, **changes):
    """Run our code in a process of its own, with this environment and nothing else of ours."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    env = {**rest, "DJANGO_SETTINGS_MODULE": "toegang.settings", **SANE, **changes}
    env = {name: value for name, value in env.items() if value is not None}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def settings_with(code="pass", **changes):
    """Start Django with these settings and run a line of code."""
    return start(sys.executable, "-W", "error", "-c", IMPORT + code, **changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": KEY[:49]}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": "test-" + "0123456789" * 5}, "SECRET_KEY"),
        ({"SECRET_KEY": f"django-insecure-{KEY}"}, "SECRET_KEY"),
        ({"BSN_KEYS": None}, "BSN_KEYS"),
        ({"BSN_KEYS": " , "}, "BSN_KEYS"),
        ({"BSN_KEYS": SEALS[:-5] + "="}, "BSN_KEYS"),
        ({"BSN_KEYS": f"{SEALS},kort"}, "BSN_KEYS"),
        ({"BSN_KEYS": "A" * 43 + "="}, "BSN_KEYS"),
        ({"BSN_KEYS": "dGVzdC1rZXktZm9yLXNlYWxpbmctdGhlLW51bWJlcnM="}, "BSN_KEYS"),
        ({"BSN_INDEX_KEYS": None}, "BSN_INDEX_KEYS"),
        ({"BSN_INDEX_KEYS": ""}, "BSN_INDEX_KEYS"),
        ({"BSN_INDEX_KEYS": f"{INDEXES}0"}, "BSN_INDEX_KEYS"),
        ({"BSN_INDEX_KEYS": f"{INDEXES}07,{'a' * 60}"}, "BSN_INDEX_KEYS"),
        ({"BSN_INDEX_KEYS": "test-index-" + "0123456789" * 4}, "BSN_INDEX_KEYS"),
        ({"BSN_INDEX_KEYS": KEY}, "BSN_INDEX_KEYS"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"DEMO_PASSWORD": "welkom-bij-de-demo"}, "DEMO_PASSWORD"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "toegang.voorbeeldstad.example,*"}, "ALLOWED_HOSTS"),
        ({"TOEGANG_MODE": "ontwikkeling"}, "TOEGANG_MODE"),
        ({"TOEGANG_MODE": "demo", "ALLOWED_HOSTS": "toegang.voorbeeldstad.example"}, "deze computer"),
        ({"TOEGANG_MODE": "demo", "ALLOWED_HOSTS": "*"}, "deze computer"),
    ],
)
def test_an_unsafe_start_is_refused(changes, sentence):
    done = settings_with(**changes)
    assert done.returncode == 1
    assert "ImproperlyConfigured" in done.stderr
    assert sentence in done.stderr
    assert not any(secret in done.stderr for secret in (KEY[:49], SEALS[:20], INDEXES))


def test_without_a_mode_it_is_production():
    done = settings_with("print(settings.PRODUCTION, settings.DEMO, settings.DEBUG)", TOEGANG_MODE=None)
    assert (done.returncode, done.stdout.split()) == (0, ["True", "False", "False"]), done.stderr


def test_a_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    done = settings_with("print(settings.SECRET_KEY)", SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "key"))
    assert done.stdout.strip() == KEY


def test_keys_of_numbers_may_come_from_a_file_and_be_several(tmp_path):
    (tmp_path / "keys").write_text(f"{SEALS}, {SEALS[::-1][1:]}=\n")
    code = "print(len(settings.BSN_KEYS), settings.BSN_KEYS[0], settings.BSN_INDEX_KEYS)"
    done = settings_with(code, BSN_KEYS=None, BSN_KEYS_FILE=str(tmp_path / "keys"))
    assert done.stdout.strip() == f"2 {SEALS} ('{INDEXES}07',)", done.stderr


def test_production_is_strict_about_cookies_and_transport():
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
             "SESSION_COOKIE_HTTPONLY", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"]  # fmt: skip
    done = settings_with(f"print(*[getattr(settings, name) for name in {names}])")
    assert done.stdout.split() == ["__Host-sessie", "__Host-csrf", "True", "True", "True", "True", "63072000"]


ANSWERS = """
from django.test import Client
client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
safe = {"X-Forwarded-Proto": "https"}
for address, headers in (("/inloggen/", {}), ("/gezond-en-wel/", safe), ("/static/js/toegang.js", safe)):
    answer = client.get(address, headers=headers)
    answer.close()
    print(answer.status_code, answer.headers.get("Location", "-"), answer.headers.get("Strict-Transport-Security", "-"))
print(settings.SECURE_REDIRECT_EXEMPT, [(c.key, c["path"], c["domain"]) for c in client.cookies.values()])
"""


def test_production_answers_over_https_only(settings):
    """Pages are sent on to https, and say so for two years; the question after health never is."""
    done = settings_with(ANSWERS, STATIC_ROOT=settings.STATIC_ROOT)
    hsts = "max-age=63072000; includeSubDomains; preload"
    assert done.stdout.splitlines() == [
        "301 https://toegang.voorbeeldstad.example/inloggen/ -",
        f"404 - {hsts}",
        f"200 - {hsts}",
        "['^gezond$'] []",
    ], done.stderr


COOKIES = """
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.contrib.sessions.middleware import SessionMiddleware
from django.test import RequestFactory
request = RequestFactory().get("/", secure=True)
class Kept(dict):
    accessed, modified, session_key = True, True, "sleutel"
    def save(self): pass
    def is_empty(self): return False
    def get_expire_at_browser_close(self): return True
def view(request):
    request.session = Kept()
    get_token(request)
    return HttpResponse()
answer = SessionMiddleware(CsrfViewMiddleware(view))(request)
for cookie in answer.cookies.values():
    print(cookie.key, cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"] == "")
"""


def test_the_cookies_of_production_are_for_this_host_alone():
    done = settings_with(COOKIES)
    assert sorted(done.stdout.splitlines()) == [
        "__Host-csrf True True Lax / True",
        "__Host-sessie True True Lax / True",
    ], done.stderr


def test_passwords_are_stored_by_a_slow_function():
    code = "from django.contrib.auth.hashers import get_hasher; h = get_hasher(); print(h.algorithm, h.iterations)"
    algorithm, iterations = settings_with(code).stdout.split()
    assert algorithm == "pbkdf2_sha256"
    assert int(iterations) >= 600_000


def test_a_message_on_the_console_of_production_is_one_line_with_its_moment():
    code = "import logging; logging.getLogger('toegang').error('regel\\nnog een %s', 'regel')"
    (line,) = settings_with(code).stderr.splitlines()
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == ("ERROR", "toegang", "regel\nnog een regel")
    assert datetime.fromisoformat(told["at"]).utcoffset() == timedelta(0)


def test_a_message_that_is_not_json_is_refused_by_the_worker():
    """What somebody puts into the broker is read as data, never as an object with code in it."""
    assert app.conf.accept_content == ["json"]
    for name in ("pickle", "json"):
        kind, coding, body = dumps({"key": "x"}, serializer=name)
        with nullcontext() if name == "json" else pytest.raises(ContentDisallowed):
            assert loads(body, kind, coding, accept=prepare_accept_content(app.conf.accept_content)) == {"key": "x"}


def test_nothing_of_the_demo_is_in_production():
    code = (
        "from django.urls import get_resolver; routes = map(str, get_resolver().url_patterns); "
        "print('toegang.demo' in settings.INSTALLED_APPS, [route for route in routes if 'demo' in route])"
    )
    assert settings_with(code).stdout.strip() == "False []"
    demo = settings_with(code, TOEGANG_MODE="demo", ALLOWED_HOSTS="localhost").stdout.strip()
    assert demo.startswith("True [") and "demo/" in demo


def test_the_checks_for_deployment_pass_without_a_warning(tmp_path):
    """With the fonts in place; Pango and the database are the machine's."""
    check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = start(*check, STATIC_ROOT=str(tmp_path))
    assert done.returncode == 0, done.stderr
    weak = start(*check, STATIC_ROOT=str(tmp_path), TOEGANG_MODE="demo", ALLOWED_HOSTS="localhost")
    assert weak.returncode == 1  # so that the check can fail
    assert "security.W004" in weak.stderr
