"""`./test`: the static checks, then the tests on a throw-away database; arguments go to pytest."""

import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from toegang.demo import static_checks
from toegang.demo.cluster import SUPERUSER, throw_away_cluster
from toegang.demo.console import SetupError, Steps, StopAskedError
from toegang.demo.preparation import (
    LOCAL,
    ROOT,
    build_assets,
    collect_static_files,
    install_npm_packages,
    manage,
    one_at_a_time,
)
from toegang.demo.supervisor import StopSignal, Supervisor, module, run_in_foreground

NOT_FOR_TESTS = {
    *("DATABASE_URL", "DATABASE_URL_FILE", "DATABASE_OWNER_URL", "DATABASE_OWNER_URL_FILE"),
    *("SECRET_KEY_FILE", "DEMO_PASSWORD", "PORT"),
    *("BSN_KEYS", "BSN_KEYS_FILE", "BSN_INDEX_KEYS", "BSN_INDEX_KEYS_FILE"),
}
QUICK = ("-m", "not long and not bench and not pictures")
TWO_AT_A_TIME = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--durations", "20")
DATABASE = "toegang"  # what the throw-away cluster is made with
STOPPED = 130  # the exit status that a shell gives after Ctrl-C


def main(arguments: list[str]) -> int:
    """Run the checks and return the exit status: 0 when all is well, 130 after Ctrl-C."""
    stop_signal = StopSignal()
    stop_signal.install()
    LOCAL.mkdir(exist_ok=True)
    LOCAL.chmod(0o700)
    try:
        with tempfile.TemporaryDirectory(prefix="toegang-test-") as folder:
            return run_checks(Path(folder), arguments, stop_signal)
    except StopAskedError:
        print("Gestopt.")
        return STOPPED
    except SetupError as problem:
        print(f"\n{problem}")
        return 1


def run_checks(folder: Path, arguments: list[str], stop_signal: StopSignal) -> int:
    """Prepare, run the static checks when there are no arguments, then pytest; return the exit status.

    Raises SetupError when the preparation fails, StopAskedError on Ctrl-C.
    """
    env = test_environment(folder)
    supervisor = Supervisor(logs=LOCAL / "log" / "test", cwd=ROOT, stop_signal=stop_signal)
    steps = Steps(2)
    with one_at_a_time(LOCAL / "test.lock"), steps.step("Vormgeving klaarzetten"):
        install_npm_packages(supervisor, for_tests=True)
        build_assets(supervisor, env)
        collect_static_files(supervisor, env)
    with ExitStack() as at_the_end:
        with steps.step("Database voor de tests starten"):
            cluster = at_the_end.enter_context(throw_away_cluster(folder))
            env["TOEGANG_TEST_DATABASE_URL"] = cluster.url(SUPERUSER)
            supervisor.run("migrate", manage("migrate", "--noinput"), env)
            env["TOEGANG_TEST_TEMPLATE"] = DATABASE  # every process of the tests copies it
        names = [] if arguments else list(static_checks.commands())
        found = static_checks.failing(names, env, stop_signal)
        tests = module("pytest", *pytest_arguments(arguments))
        status = run_in_foreground(tests, cwd=ROOT, env=env, stop_signal=stop_signal)
    if found:
        print(f"Niet in orde: {', '.join(found)}.")
    return status or bool(found)


def test_environment(folder: Path) -> dict[str, str]:
    """Return the environment of the tests: nothing of the user's own database gets through."""
    env = {name: value for name, value in os.environ.items() if name not in NOT_FOR_TESTS}
    for name, part in {"BROKER_FOLDER": "broker", "FILES_FOLDER": "files"}.items():
        (folder / part).mkdir()
        env[name] = str(folder / part)
    return {**env, "TOEGANG_MODE": "test", "STATIC_ROOT": str(LOCAL / "test-static")}


def pytest_arguments(arguments: list[str]) -> list[str]:
    """Return the arguments for pytest: without any all quick tests, two at a time; else what is asked."""
    if not arguments:
        return [*QUICK, *TWO_AT_A_TIME]
    chosen = any(argument.startswith("-m") for argument in arguments)
    return arguments if chosen else [*QUICK, *arguments]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
