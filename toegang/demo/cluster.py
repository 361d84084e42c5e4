"""A private PostgreSQL server in a folder of its own, reached through a unix socket only."""

import hashlib
import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from toegang.demo import roles
from toegang.demo.console import SetupError, tail
from toegang.demo.postgres import Account, Binaries, accounts, find_binaries
from toegang.demo.supervisor import PAUSE_SECONDS, spawn

SUPERUSER = "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # bytes; the kernel takes 107
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - only the private folder below it is used, and that is checked
STATE_FOLDER = Path("/var/lib")
START_SECONDS = 60.0
FAST_NOT_SAFE = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class Cluster:
    """The data folder, the socket folder and the server process of one private cluster.

    Create it from the main thread: the server stops when the process that started it is killed.
    """

    def __init__(
        self,
        folder: Path,
        *,
        binaries: Binaries | None = None,
        account: Account | None = None,
        throw_away: bool = False,
    ) -> None:
        """Choose the server's programs and account, unless they are given; nothing is made yet.

        Raises SetupError when this machine has no PostgreSQL, or no account that it can run as.
        """
        self.account = account or next(accounts(), None) or _no_account()
        self.throw_away = throw_away
        # Another user cannot come into our folder, which holds keys: it gets a home of its own.
        self.home = folder if self.account.uid is None else STATE_FOLDER / f"toegang-{_short_hash(folder)}"
        self.binaries = binaries or find_binaries()
        self.data = self.home / f"pg-{self.binaries.major}"
        self.sockets = _socket_folder(self.home)
        self.log = folder / "log" / "postgres.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make what is missing, start the server or take over the one that still runs, and set the roles.

        Raises SetupError with the end of the log when the server does not come up.
        """
        self._make_folders()
        if not self.data.exists():
            self._initialise()
        self._wait_while("stopping")
        if self._state() is None:
            self._start_server()
        self._wait_while("starting", None)
        self.sql(roles.SERVER + (roles.TEST_SERVER if self.throw_away else ""), database=SUPERUSER)
        self.sql(roles.DATABASE, database="template1")
        self.sql(roles.CREATE, database=SUPERUSER)
        self.sql(roles.DATABASE, database="toegang")

    def stop(self) -> None:
        """End the server and its connections; does nothing when it is not running."""
        if self._state() is not None:
            self._run("pg_ctl", "-D", str(self.data), "stop", "-m", "fast", "-w", "-t", "60")
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # for one that did not get as far as its state file
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """Stop the server and delete its data and sockets."""
        self.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        if self.account.uid is not None:
            shutil.rmtree(self.home, ignore_errors=True)

    def url(self, role: str) -> str:
        """Return the address of the database `toegang` for one role, in the form that libpq reads."""
        return f"postgresql://{role}@/toegang?host={quote(str(self.sockets))}"

    def sql(self, statements: str, *, database: str = "toegang", role: str = SUPERUSER) -> str:
        """Carry out SQL and return what it printed, fields split by `|`. Raises SetupError on an error."""
        where = ["-h", str(self.sockets), "-p", "5432", "-U", role, "-d", database]
        command = [
            str(self.binaries.folder / "psql"),
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            *where,
        ]
        environment = {**_environment(), "PGOPTIONS": "-c client_min_messages=warning"}
        done = subprocess.run(command, input=statements, check=False, capture_output=True, text=True, env=environment)
        if done.returncode:
            raise SetupError(f"De database weigert een opdracht:\n{done.stderr.strip()}")
        return done.stdout.strip()

    def _make_folders(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.home.mkdir(exist_ok=True)
        os.chown(self.home, self.account.owner, -1)
        self.home.chmod(0o700)
        _make_private(self.sockets, self.account.owner)

    def _initialise(self) -> None:
        # Renamed when it is complete: a half-made data folder would be taken for a good one.
        unfinished = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        options = ["-U", SUPERUSER, "--auth-local=trust", "--auth-host=reject", "-E", "UTF8"]
        options += ["--locale=C.UTF-8", "--no-instructions", *(["--no-sync"] if self.throw_away else [])]
        self._run("initdb", "-D", str(unfinished), *options)
        unfinished.rename(self.data)

    def _start_server(self) -> None:
        # Files left by a power cut may name a number that another program has now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        settings = ["-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"]
        self._process = spawn(
            [
                *self.account.prefix,
                str(self._programs() / "postgres"),
                *("-D", str(self.data), "-k", str(self.sockets)),
                *settings,
                *(FAST_NOT_SAFE if self.throw_away else ()),
            ],
            log=self.log,
            env=_environment(),
            cwd=self.home,
            death_signal=signal.SIGINT,  # to PostgreSQL: a fast shutdown
            uid=self.account.uid,
            gid=self.account.gid,
        )

    def _state(self) -> str | None:
        """Return the state that a live server writes about itself, None when there is none."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            command = Path(f"/proc/{int(lines[0])}/cmdline").read_bytes()
        except (OSError, IndexError, ValueError):
            return None
        if os.fsencode(self.data) not in command.split(b"\0"):
            return None
        return lines[7].strip() if len(lines) > 7 else "starting"  # noqa: PLR2004 - the eighth line

    def _wait_while(self, *states: str | None) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self._state() in states:
            ended = self._process is not None and self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise SetupError(f"De database start niet. De laatste regels uit {self.log}:\n{tail(self.log)}")
            time.sleep(PAUSE_SECONDS)

    def _run(self, program: str, *arguments: str) -> None:
        self.account.run([str(self._programs() / program), *arguments], cwd=self.home, env=_environment())

    def _programs(self) -> Path:
        if self.account.uid is None or self.binaries.open_to_others():
            return self.binaries.folder
        return self.binaries.copied_to(
            self.home / f"postgresql-{self.binaries.version}", owner=self.account.owner
        ).folder


@contextmanager
def throw_away_cluster(folder: Path) -> Iterator[Cluster]:
    """Give a running cluster for tests, fast and unsafe, and remove it at the end."""
    cluster = Cluster(folder, throw_away=True)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


def _no_account() -> Account:
    raise SetupError("PostgreSQL draait niet als root, en er is geen gebruiker `postgres` of `nobody`.")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8"}


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


def _socket_folder(home: Path) -> Path:
    near = home / "pg"
    if len(os.fsencode(near / SOCKET_NAME)) < LONGEST_SOCKET_PATH:
        return near
    return SHORT_FOLDER / f"toegang-{_short_hash(home)}"


def _make_private(folder: Path, owner: int) -> None:
    """Make a folder for one user only. Raises SetupError when somebody else was there first."""
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise SetupError(f"De map {folder} is niet van u alleen. Verwijder haar en probeer het opnieuw.")
