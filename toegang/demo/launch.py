"""`./start`: makes what is missing, runs web, worker and clock, and stops all of it again."""

import base64
import http.client
import os
import secrets
import socket
import time
from contextlib import ExitStack

from toegang.demo.cluster import Cluster
from toegang.demo.console import SetupError, Steps, StopAskedError
from toegang.demo.preparation import (
    LOCAL,
    ROOT,
    build_assets,
    collect_static_files,
    install_npm_packages,
    kept_secret,
    manage,
    only_one,
    readable_password,
)
from toegang.demo.supervisor import PAUSE_SECONDS, StopSignal, Supervisor, module

HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS_TO_TRY = 100
HIGHEST_PORT = 65535
HEALTHY_SECONDS = 60.0
# The owner's login is for two commands only; a *_FILE of another installation would win from ours.
NOT_FOR_SERVICES = {
    *("DATABASE_OWNER_URL", "DATABASE_OWNER_URL_FILE", "DATABASE_URL_FILE", "SECRET_KEY_FILE"),
    *("BSN_KEYS_FILE", "BSN_INDEX_KEYS_FILE"),
}
LOGINS = ("contactpersoon", "collega", "buurteam", "teamleider", "toetser", "klantcontact", "aandacht", "privacy",
          "manager", "beheerder", "ketenpartner")  # fmt: skip
BUSY = "Toegang draait al vanuit deze map. Stop die eerst (Ctrl-C in het andere venster)."
WELCOME = """
Toegang draait: {address}
  Inloggen als medewerker: {logins}
  Wachtwoord (voor allemaal): {password}
  Inwoner: kies een demo-persoon op {address}demo/inwoner/
  Dit is een demo over http. Alleen Secure, het voorvoegsel __Host- en HSTS staan daarom uit.
  Stoppen: Ctrl-C
"""


def main() -> int:
    """Run the demo until Ctrl-C or SIGTERM; the exit status is 0 after a normal stop, 1 after a problem."""
    stop_signal = StopSignal()
    stop_signal.install()
    LOCAL.mkdir(exist_ok=True)
    LOCAL.chmod(0o700)
    try:
        with only_one(LOCAL / "start.lock", otherwise=BUSY):
            run_demo(stop_signal)
    except StopAskedError:
        print("Gestopt.")
    except SetupError as problem:
        print(f"\n{problem}")
        return 1
    return 0


def run_demo(stop_signal: StopSignal) -> None:
    """Carry out the steps, keep the services running until the user stops, and stop what was started.

    Raises SetupError when a step fails or a service ends by itself, StopAskedError on Ctrl-C.
    """
    env = demo_environment(port=choose_port(os.environ.get("PORT")))
    supervisor = Supervisor(logs=LOCAL / "log", cwd=ROOT, stop_signal=stop_signal)
    steps = Steps(8)
    with ExitStack() as at_the_end:
        with steps.step("Pakketten voor de vormgeving ophalen"):
            install_npm_packages(supervisor, for_tests=False)
        with steps.step("Database starten"):
            owner_env = start_database(at_the_end, env)
        prepare_application(supervisor, steps, env, owner_env)
        # Registered last, so stopped first: nothing still talks to the database when it stops.
        at_the_end.callback(supervisor.stop)
        with steps.step("Website, werker en klok starten"):
            # As the login that will serve: refused when that is superuser or owns a table.
            supervisor.run("check", manage("check", "--database", "default"), env)
            start_services(supervisor, env)
            await_health(supervisor, int(env["PORT"]))
        address = f"http://{HOST}:{env['PORT']}/"
        password = env["DEMO_PASSWORD"]
        print(WELCOME.format(address=address, logins=", ".join(LOGINS), password=password), flush=True)
        supervisor.watch()
        print("Bezig met stoppen ...", flush=True)
    print("Gestopt.")


def demo_environment(*, port: int) -> dict[str, str]:
    """Return the environment of every process of the demo, without the login of the tables' owner."""
    env = {name: value for name, value in os.environ.items() if name not in NOT_FOR_SERVICES}
    password = kept_secret(
        LOCAL / "demo-password", fresh=readable_password(), given=os.environ.get("DEMO_PASSWORD") or None
    )
    folders = {"BROKER_FOLDER": "broker", "FILES_FOLDER": "files", "STATIC_ROOT": "static"}
    for name, folder in folders.items():
        (LOCAL / folder).mkdir(exist_ok=True)
        env[name] = str(LOCAL / folder)
    return {
        **env,
        "TOEGANG_MODE": "demo",
        "SECRET_KEY": kept_secret(LOCAL / "secret-key", fresh=secrets.token_urlsafe(50)),
        "BSN_KEYS": kept_secret(LOCAL / "bsn-keys", fresh=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()),
        "BSN_INDEX_KEYS": kept_secret(LOCAL / "bsn-index-keys", fresh=secrets.token_urlsafe(50)),
        "DEMO_PASSWORD": password,
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }


def start_database(at_the_end: ExitStack, env: dict[str, str]) -> dict[str, str]:
    """Put the application's login in env, and return the environment for commands of the owner.

    The database is the given one when both addresses are given, else a private cluster that is stopped
    at the end. Raises SetupError when only one of the two is given.
    """
    app_url, owner_url = os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_OWNER_URL")
    if bool(app_url) != bool(owner_url):
        raise SetupError("Geef DATABASE_URL en DATABASE_OWNER_URL allebei, of geen van beide.")
    if app_url and owner_url:
        return {**env, "DATABASE_OWNER_URL": owner_url}
    cluster = Cluster(LOCAL)
    at_the_end.callback(cluster.stop)
    cluster.start()
    env["DATABASE_URL"] = cluster.url("toegang_app")
    return {**env, "DATABASE_OWNER_URL": cluster.url("toegang_owner")}


def prepare_application(supervisor: Supervisor, steps: Steps, env: dict[str, str], owner_env: dict[str, str]) -> None:
    """Bring tables, reference data, demo data and static files up to date."""
    with steps.step("Vormgeving klaarzetten"):
        build_assets(supervisor, env)
    with steps.step("Database bijwerken"):
        supervisor.run("migrate", manage("migrate", "--noinput"), owner_env)
    with steps.step("Termijnen, tarieven en teksten laden"):
        supervisor.run("load_reference", manage("load_reference"), owner_env)
    with steps.step("Demogegevens maken"):
        supervisor.run("demo", manage("demo", "--if-empty"), env)
    with steps.step("Bestanden voor de website verzamelen"):
        collect_static_files(supervisor, env)


def start_services(supervisor: Supervisor, env: dict[str, str]) -> None:
    """Start web, worker and clock, each with its own log."""
    web = ["toegang.wsgi", "--no-control-socket", "--bind", f"{HOST}:{env['PORT']}", "-k", "gthread"]
    web += ["-w", "2", "--threads", "4", "--max-requests", "1000", "--max-requests-jitter", "100"]
    celery = module("celery", "-A", "toegang.celery")
    worker = [
        "worker",
        "-c",
        "2",
        "-l",
        "INFO",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    ]
    clock = ["beat", "-l", "INFO", "--schedule", str(LOCAL / "clock-schedule")]
    supervisor.start("web", module("gunicorn", *web), env)
    supervisor.start("worker", [*celery, *worker], env)
    supervisor.start("clock", [*celery, *clock], env)


def await_health(supervisor: Supervisor, port: int, seconds: float = HEALTHY_SECONDS) -> None:
    """Wait until the website says that it is well.

    Raises SetupError when a service ends or the time is over, StopAskedError on Ctrl-C.
    """
    deadline = time.monotonic() + seconds
    while not is_healthy(port):
        supervisor.check()
        if time.monotonic() > deadline:
            raise SetupError(f"De website antwoordt niet. Kijk in {supervisor.logs}.")
        time.sleep(PAUSE_SECONDS)
    supervisor.check()


def is_healthy(port: int) -> bool:
    """Tell whether /gezond answers 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/gezond")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def choose_port(wanted: str | None) -> int:
    """Return the wanted port, or the first free one from 8000 on.

    Raises SetupError when the wanted one is no port, or in use.
    """
    if not wanted:
        candidates = range(FIRST_PORT, FIRST_PORT + PORTS_TO_TRY)
        free = next((port for port in candidates if is_free(port)), None)
        if free is None:
            raise SetupError("Er is geen vrije poort gevonden. Kies er zelf een: `PORT=9000 ./start`.")
        return free
    if not wanted.isdecimal() or not 0 < int(wanted) <= HIGHEST_PORT:
        raise SetupError(f"PORT moet een getal van 1 tot en met {HIGHEST_PORT} zijn, niet {wanted!r}.")
    if not is_free(int(wanted)):
        raise SetupError(f"Poort {wanted} is al in gebruik. Kies een andere, of laat PORT weg.")
    return int(wanted)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    raise SystemExit(main())
