"""The whole house for the browser: real web, worker and clock processes on a database of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import sync_playwright

from tests.browser.doors import PASSWORD, ROOT, sign_in

DATABASE = f"browser_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"  # each process has its own house
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class House:
    """A running demo."""

    url: str
    env: dict
    host: str

    def ask(self, sql, *args):
        """Ask the database, as its superuser, for what the test wants to know."""
        with psycopg.connect(dbname=DATABASE, host=self.host, user="postgres") as link:
            return link.execute(sql, args).fetchone()

    def manage(self, *words, owner=False):
        env = dict(self.env)
        if owner:
            env["DATABASE_OWNER_URL"] = env["DATABASE_URL"].replace("toegang_app@", "toegang_owner@")
        subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _fresh_database(host):
    with psycopg.connect(dbname="postgres", host=host, user="postgres", autocommit=True) as link:
        link.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        template = os.environ.get("TOEGANG_TEST_TEMPLATE", "template1")
        link.execute(f"CREATE DATABASE {DATABASE} OWNER toegang_owner TEMPLATE {template}")


def _await(url):
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """Migrate, load the demo, start gunicorn and a Celery worker with its clock; stop them at the end."""
    host = psycopg.conninfo.conninfo_to_dict(os.environ["TOEGANG_TEST_DATABASE_URL"])["host"]
    _fresh_database(host)
    folder = tmp_path_factory.mktemp("house")
    port = _free_port()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("TOEGANG_", "DJANGO_"))}
    env |= {
        "TOEGANG_MODE": "demo",
        "SECRET_KEY": "k" * 25 + "0123456789" * 4,
        "DATABASE_URL": f"postgresql://toegang_app@/{DATABASE}?host={host}",
        "BROKER_FOLDER": str(folder / "broker"),
        "FILES_FOLDER": str(folder / "files"),
        "DEMO_PASSWORD": PASSWORD,
        "STATIC_ROOT": os.environ.get("STATIC_ROOT", str(ROOT / ".local" / "static")),
        "WAY_OUT": f"http://localhost:{port}/gezond",  # another site for a browser, and no stranger
    }
    home = House(f"http://127.0.0.1:{port}", env, host)
    home.manage("migrate", "--noinput", owner=True)
    home.manage("load_reference", owner=True)
    home.manage("demo")
    web = "gunicorn toegang.wsgi --no-control-socket -w 2 --threads 4 -k gthread --bind"
    work = "celery -A toegang.celery worker -c 1 -B -l WARNING -s"
    commands = {
        "web": [*web.split(), f"127.0.0.1:{port}"],
        "work": [*work.split(), str(folder / "beat")],
    }
    children = []
    for name, words in commands.items():
        log = (folder / f"{name}.log").open("wb")
        start = [sys.executable, "-m", *words]
        children.append(subprocess.Popen(start, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True))
        log.close()
    try:
        _await(f"{home.url}/gezond")
        yield home
    finally:
        for child in children:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=_chromium(), headless=True, args=FLAGS)
        yield browser
        browser.close()


def _chromium():
    for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"):
        if Path(path).exists():
            return path
    raise RuntimeError("Chromium is missing: run ./test once, it installs it")


@pytest.fixture
def visit(chromium, house):
    """Open a fresh browser for somebody: visit("contactpersoon"); every request must stay in the house."""
    contexts, strangers, broken = [], [], []
    ours = (house.url, house.env["WAY_OUT"], "data:")

    def watch(answer):
        if answer.status >= 500 or (answer.status == 404 and "/static/" in answer.url):
            broken.append((answer.status, answer.url))

    def open_for(login=None, width=1280, javascript=True):
        context = chromium.new_context(
            locale="nl-NL", timezone_id="Europe/Amsterdam", viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
        )  # fmt: skip
        contexts.append(context)
        context.on("request", lambda r: strangers.append(r.url) if not r.url.startswith(ours) else None)
        context.on("response", watch)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if login:
            sign_in(page, house, login)
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert strangers == []
    assert broken == []


@pytest.fixture(scope="session")
def axe_source():
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
