"""Child processes that end with us: their logs, their death, and stopping them without touching others."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from toegang.demo.console import SetupError, StopAskedError, tail

PR_SET_PDEATHSIG = 1  # linux/prctl.h
GRACE_SECONDS = 15.0
PAUSE_SECONDS = 0.05

_libc = ctypes.CDLL(None)


def ends_with_parent(number: signal.Signals) -> Callable[[], None]:
    """Return the function for `preexec_fn` with which the kernel signals the child when we are killed.

    Use it from the main thread only: the kernel watches the thread that started the child.
    """
    parent = os.getpid()

    def tether() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, number)
        # Killed between fork and prctl: nobody is left to send the signal.
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return tether


def spawn(
    command: list[str],
    *,
    log: Path,
    env: dict[str, str],
    cwd: Path | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    uid: int | None = None,
    gid: int | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a command in a session of its own, so that a Ctrl-C in the terminal does not reach it."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
            preexec_fn=ends_with_parent(death_signal),  # noqa: PLW1509 - no threads here, and no other way
        )


class StopSignal:
    """Notes Ctrl-C and SIGTERM instead of breaking off, so that no child is lost between two lines."""

    def __init__(self) -> None:
        self.number: int | None = None

    def install(self) -> None:
        """Take over both signals for the rest of the process."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.number = number

    def check(self) -> None:
        """Raise StopAskedError when a signal has come in."""
        if self.number is not None:
            raise StopAskedError


@dataclass(frozen=True)
class Child:
    """One running command, under the name that its log file bears."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def has_ended(self) -> bool:
        """Tell whether it has ended; its process and group numbers stay taken until stop_children."""
        if self.process.returncode is not None:
            return True
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def failure(self, what: str) -> SetupError:
        """Return the error that says what happened and shows the end of the log."""
        return SetupError(f"`{self.name}` {what}. De laatste regels uit {self.log}:\n{tail(self.log)}")


class Supervisor:
    """Runs steps to their end and keeps services running, until the user or one of them stops."""

    def __init__(self, *, logs: Path, cwd: Path, stop_signal: StopSignal, grace_seconds: float = GRACE_SECONDS) -> None:
        self.logs = logs
        self.cwd = cwd
        self.stop_signal = stop_signal
        self.grace_seconds = grace_seconds
        self.services: list[Child] = []

    def _spawn(self, name: str, command: list[str], env: dict[str, str]) -> Child:
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{name}.log"
        log.unlink(missing_ok=True)
        return Child(name, spawn(command, log=log, env=env, cwd=self.cwd), log)

    def run(self, name: str, command: list[str], env: dict[str, str]) -> None:
        """Run one step to its end. Raises SetupError when it fails, StopAskedError on Ctrl-C."""
        self.stop_signal.check()
        child = self._spawn(name, command, env)
        try:
            while not child.has_ended():
                self.stop_signal.check()
                time.sleep(PAUSE_SECONDS)
        finally:
            stop_children([child], self.grace_seconds)
        if child.process.returncode:
            raise child.failure("is niet gelukt")

    def start(self, name: str, command: list[str], env: dict[str, str]) -> None:
        """Start one service, that runs until stop()."""
        self.stop_signal.check()
        self.services.append(self._spawn(name, command, env))

    def check(self) -> None:
        """Raise SetupError when a service has ended by itself, StopAskedError on Ctrl-C."""
        self.stop_signal.check()
        for child in self.services:
            if child.has_ended():
                raise child.failure("is onverwacht gestopt")

    def watch(self) -> None:
        """Return when the user asks to stop. Raises SetupError when a service ends by itself."""
        try:
            while True:
                self.check()
                time.sleep(PAUSE_SECONDS)
        except StopAskedError:
            return

    def stop(self) -> None:
        """End every service with all that it started, and nothing else."""
        stop_children(self.services, self.grace_seconds)
        self.services = []


def stop_children(children: list[Child], grace_seconds: float) -> None:
    """Ask each child to stop, wait for all together, then kill what is left of their groups.

    Only the child itself is asked: a worker that drains its own processes loses no running task.
    """
    for child in children:
        if not child.has_ended():
            os.kill(child.process.pid, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while time.monotonic() < deadline and not all(child.has_ended() for child in children):
        time.sleep(PAUSE_SECONDS)
    for child in children:
        if child.process.returncode is None:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def run_in_foreground(command: list[str], *, cwd: Path, env: dict[str, str], stop_signal: StopSignal) -> int:
    """Run a command at the terminal, so that a debugger works, and return its exit status.

    Raises StopAskedError on Ctrl-C or SIGTERM, after the command has had the time to clean up.
    """
    stop_signal.check()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        preexec_fn=ends_with_parent(signal.SIGINT),  # noqa: PLW1509 - no threads here, and no other way
    )
    while stop_signal.number is None:
        try:
            return process.wait(timeout=PAUSE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    # A Ctrl-C in the terminal has reached the command as well; a SIGTERM only us.
    if stop_signal.number == signal.SIGTERM:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    raise StopAskedError


def module(name: str, *arguments: str) -> list[str]:
    """Return the command that runs a Python module of this environment."""
    return [sys.executable, "-m", name, *arguments]
