"""Starting and stopping: children end with us, nothing else is touched, refusals are sentences."""

import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from toegang.demo import check, launch, static_checks
from toegang.demo.console import SetupError, Steps, StopAskedError
from toegang.demo.preparation import hash_of, is_current, kept_secret, only_one, readable_password
from toegang.demo.supervisor import StopSignal, Supervisor

# A parent with a grandchild, and one that does not listen to TERM: each writes its numbers to a file.
LAUNCHER = """
import os, sys
from pathlib import Path
from toegang.demo.supervisor import StopSignal, Supervisor
stop_signal = StopSignal()
stop_signal.install()
here = Path(sys.argv[1])
supervisor = Supervisor(logs=here, cwd=here, stop_signal=stop_signal, grace_seconds=1)
family = "sleep 300 & echo $$ $! > {}.pids; wait; {}"
try:
    for name, before, after in (("ouder", "", ""), ("doof", "trap '' TERM; ", "sleep 300")):
        supervisor.start(name, ["sh", "-c", before + family.format(name, after)], dict(os.environ))
    supervisor.watch()
finally:
    supervisor.stop()
"""


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


@contextmanager
def launcher_at_work(folder):
    """Give the launcher's process and the numbers of its children and grandchildren."""
    files = [folder / "ouder.pids", folder / "doof.pids"]
    with subprocess.Popen([sys.executable, "-c", LAUNCHER, str(folder)]) as process:
        try:
            assert wait_for(lambda: all(f.exists() and len(f.read_text().split()) == 2 for f in files))
            yield process, [[int(pid) for pid in f.read_text().split()] for f in files]
        finally:
            process.kill()


@pytest.fixture
def supervisor(tmp_path):
    made = Supervisor(logs=tmp_path / "log", cwd=tmp_path, stop_signal=StopSignal(), grace_seconds=2)
    yield made
    made.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_ends_children_and_grandchildren_and_nothing_else(tmp_path, number):
    with subprocess.Popen(["sleep", "300"]) as bystander, launcher_at_work(tmp_path) as (process, pids):
        started = [pid for pair in pids for pid in pair]
        assert all(is_alive(pid) for pid in started)

        process.send_signal(number)

        assert process.wait(timeout=10) == 0
        assert wait_for(lambda: not any(is_alive(pid) for pid in started))
        assert is_alive(bystander.pid)
        bystander.kill()


def test_children_are_told_when_the_launcher_is_killed(tmp_path):
    with launcher_at_work(tmp_path) as (process, [(parent, grandchild), (deaf, deaf_grandchild)]):
        process.kill()
        process.wait()

        assert wait_for(lambda: not is_alive(parent))
        # The negative control: who ignores TERM shows that nothing else ended the first.
        assert is_alive(deaf)
        for pid in (grandchild, deaf, deaf_grandchild):
            os.kill(pid, signal.SIGKILL)


def test_service_that_ends_by_itself_shows_the_end_of_its_log(supervisor):
    supervisor.start("blijver", ["sleep", "300"], dict(os.environ))
    supervisor.start("valler", ["sh", "-c", "seq 1 50; exit 3"], dict(os.environ))

    with pytest.raises(SetupError) as caught:
        supervisor.watch()

    sentence, *lines = str(caught.value).splitlines()
    assert sentence.startswith("`valler` is onverwacht gestopt.")
    assert lines == [str(n) for n in range(31, 51)]
    blijver = supervisor.services[0].process.pid
    supervisor.stop()
    assert not is_alive(blijver)


def test_failed_step_shows_why(supervisor):
    supervisor.run("goed", ["true"], dict(os.environ))
    with pytest.raises(SetupError, match="geen verbinding"):
        supervisor.run("stap", ["sh", "-c", "echo geen verbinding >&2; exit 1"], dict(os.environ))


def test_step_breaks_off_when_the_user_stops(supervisor):
    supervisor.stop_signal.number = signal.SIGINT

    with pytest.raises(StopAskedError):
        supervisor.run("stap", ["sh", "-c", "echo gestart > bewijs"], dict(os.environ))

    assert not (supervisor.cwd / "bewijs").exists()


def test_foreground_command_may_clean_up_after_sigterm(tmp_path):
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from toegang.demo.supervisor import StopSignal, run_in_foreground\n"
        "stop_signal = StopSignal(); stop_signal.install()\n"
        "folder, *command = sys.argv[1:]\n"
        "run_in_foreground(command, cwd=Path(folder), env=dict(os.environ), stop_signal=stop_signal)\n"
    )
    command = ["sh", "-c", "trap 'echo ja > opgeruimd; exit' INT; touch klaar; while :; do sleep 0.05; done"]
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), *command], stderr=subprocess.DEVNULL
    ) as process:
        assert wait_for((tmp_path / "klaar").exists)
        process.terminate()

    assert (tmp_path / "opgeruimd").read_text() == "ja\n"


def test_port_in_use_or_no_port_is_refused_with_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as server:
        busy = server.getsockname()[1]
        with pytest.raises(SetupError, match=f"Poort {busy} is al in gebruik"):
            launch.choose_port(str(busy))
    assert launch.choose_port(str(busy)) == busy
    for wrong in ("nul", "0", "65536", "-1"):
        with pytest.raises(SetupError, match="PORT moet een getal"):
            launch.choose_port(wrong)


def test_without_a_wish_the_next_free_port_is_taken():
    first = launch.choose_port(None)
    with socket.create_server(("127.0.0.1", first)):
        assert launch.choose_port("") > first >= launch.FIRST_PORT


def test_second_start_from_the_same_folder_is_refused(tmp_path):
    def start():
        return only_one(tmp_path / "start.lock", otherwise=launch.BUSY)

    with start(), pytest.raises(SetupError, match="draait al vanuit deze map"), start():
        pass
    with start():
        assert (tmp_path / "start.lock").exists()


def test_one_database_address_without_the_other_is_refused(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://toegang_owner@/toegang")
    with pytest.raises(SetupError, match="allebei, of geen van beide"):
        launch.start_database(ExitStack(), {})

    monkeypatch.setenv("DATABASE_URL", "postgresql://toegang_app@/toegang")
    env = {"PORT": "1"}
    assert launch.start_database(ExitStack(), env) == {
        "PORT": "1",
        "DATABASE_OWNER_URL": "postgresql://toegang_owner@/toegang",
    }


def test_secret_is_private_and_kept_until_another_is_given(tmp_path):
    path = tmp_path / "demo-password"

    assert kept_secret(path, fresh="eerste") == "eerste"
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept_secret(path, fresh="tweede") == "eerste"
    assert kept_secret(path, fresh="tweede", given="eigen") == "eigen"
    assert kept_secret(path, fresh="derde") == "eigen"
    assert path.stat().st_mode & 0o777 == 0o600
    assert readable_password() != readable_password()


def test_stamp_is_current_until_a_file_changes(tmp_path):
    folder, stamp = tmp_path / "static", tmp_path / "stamp"
    (folder / "css").mkdir(parents=True)
    (folder / "css" / "a.css").write_text("a")
    before = hash_of(folder)
    assert not is_current(stamp, before)
    stamp.write_text(before)
    assert is_current(stamp, hash_of(folder))

    (folder / "css" / "a.css").rename(folder / "css" / "b.css")
    renamed = hash_of(folder)
    (folder / "css" / "b.css").write_text("b")
    assert len({before, renamed, hash_of(folder)}) == 3


class Answer(http.server.BaseHTTPRequestHandler):
    """Answers /gezond with 200 and everything else with 503."""

    def do_GET(self):
        self.send_response(200 if self.path == "/gezond" else 503)
        self.end_headers()

    def log_message(self, *arguments):
        """Keep the output of the tests clean."""


def test_health_is_the_answer_of_the_website(supervisor):
    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        launch.await_health(supervisor, server.server_port)
        server.shutdown()
        thread.join()
    assert not launch.is_healthy(server.server_port)
    with pytest.raises(SetupError, match="antwoordt niet"):
        launch.await_health(supervisor, server.server_port, seconds=0.1)


def test_waiting_for_health_ends_when_a_service_ends(supervisor):
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    supervisor.start("web", ["sh", "-c", "echo poort bezet; exit 1"], dict(os.environ))

    with pytest.raises(SetupError, match="poort bezet"):
        launch.await_health(supervisor, closed)


def test_progress_line_counts_and_times(capsys):
    steps = Steps(2)
    with steps.step("Database bijwerken"):
        pass
    with pytest.raises(SetupError), steps.step("Demogegevens maken"):
        raise SetupError("mis")

    assert capsys.readouterr().out == "[1/2] Database bijwerken ... 0,0 s\n[2/2] Demogegevens maken ... niet gelukt\n"


def test_pytest_gets_the_arguments_and_leaves_long_tests_out_unless_asked():
    assert check.pytest_arguments([]) == [*check.QUICK, *check.TWO_AT_A_TIME]
    assert check.pytest_arguments(["tests/core", "-k", "x"]) == [*check.QUICK, "tests/core", "-k", "x"]
    assert check.pytest_arguments(["-m", "long"]) == ["-m", "long"]
    assert check.pytest_arguments(["-mlong"]) == ["-mlong"]


def test_tests_never_see_the_database_of_the_user(tmp_path, monkeypatch):
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_URL_FILE"):
        monkeypatch.setenv(name, "postgresql://iemand@server/echt")
    env = check.test_environment(tmp_path)

    assert [name for name, value in env.items() if "echt" in value] == []
    assert env["TOEGANG_MODE"] == "test"
    assert Path(env["FILES_FOLDER"]).is_relative_to(tmp_path)


def test_types_are_checked_in_the_core_and_the_layers_that_decide(tmp_path):
    for path in (
        "casework/services/intake.py",
        "casework/rules.py",
        "casework/flow.py",
        "plans/selectors.py",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()

    assert static_checks.typed_paths(tmp_path) == [
        "toegang/core",
        "casework/rules.py",
        "casework/services",
        "plans/selectors.py",
    ]
