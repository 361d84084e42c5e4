"""Lint, format, types and import contracts: the checks of `./test` that need no database."""

import os
import sys
from pathlib import Path

from toegang.demo.preparation import ROOT
from toegang.demo.supervisor import StopSignal, module, run_in_foreground

DOMAINS = ("casework", "plans", "providers", "decisions")
TYPED_LAYERS = ("services", "selectors", "rules")


def typed_paths(root: Path = ROOT) -> list[str]:
    """Return what is checked for types: the core, and of each domain the layers that decide and fetch."""
    layers = (path for app in DOMAINS for layer in TYPED_LAYERS for path in (root / app).glob(f"{layer}*"))
    return ["toegang/core", *sorted(str(path.relative_to(root)) for path in layers)]


def commands() -> dict[str, list[str]]:
    """Return every check by its name."""
    return {
        "lint": module("ruff", "check", "."),
        "format": module("ruff", "format", "--check", "."),
        "types": module("mypy", *typed_paths()),
        "contracts": [str(Path(sys.executable).with_name("lint-imports"))],
    }


def failing(names: list[str], env: dict[str, str], stop_signal: StopSignal) -> list[str]:
    """Run the named checks, all of them, and return the names of those that found something.

    Raises StopAskedError on Ctrl-C or SIGTERM.
    """
    known = commands()
    found = []
    for name in names:
        print(f"-- {name}", flush=True)
        if run_in_foreground(known[name], cwd=ROOT, env=env, stop_signal=stop_signal):
            found.append(name)
    return found


def main(arguments: list[str]) -> int:
    """Run the checks named on the command line, or all; the exit status is 1 when one found something."""
    env = {**os.environ, "TOEGANG_MODE": "test"}
    return 1 if failing(arguments or list(commands()), env, StopSignal()) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
