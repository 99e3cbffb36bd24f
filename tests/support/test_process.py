"""Starting, hearing and stopping a server."""

import os
import select
import signal
import sys

import pytest

from tests.conftest import StartProcess

PATIENT = "print('ready at 7', flush=True); import signal; signal.pause()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {PATIENT}"
PARENT = (
    "import subprocess, sys, signal;"
    "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'], stdout=subprocess.DEVNULL);"
    "print('child', child.pid, flush=True); signal.pause()"
)


def test_a_line_is_waited_for_and_found_again_later(process: StartProcess) -> None:
    server = process([sys.executable, "-c", PATIENT])
    assert server.wait_for_line(r"ready at (\d)")[1] == "7"
    assert server.wait_for_line("ready")
    assert server.returncode is None


def test_an_early_end_is_told_with_what_was_printed(process: StartProcess) -> None:
    server = process([sys.executable, "-c", "print('no such database')"])
    with pytest.raises(AssertionError, match="no such database"):
        server.wait_for_line("ready")


def test_a_server_that_listens_nowhere_is_told(process: StartProcess, free_port: int) -> None:
    server = process([sys.executable, "-c", PATIENT])
    with pytest.raises(AssertionError, match=f"never listened on port {free_port}"):
        server.wait_for_port(free_port, seconds=0.1)


@pytest.mark.parametrize(
    ("program", "status"),
    [
        pytest.param(PATIENT, -signal.SIGTERM, id="ends when asked"),
        pytest.param(STUBBORN, -signal.SIGKILL, id="has to be killed"),
    ],
)
def test_stopping(process: StartProcess, program: str, status: int) -> None:
    server = process([sys.executable, "-c", program])
    server.wait_for_line("ready")
    assert server.stop(seconds=0.5 if program == STUBBORN else 15) == status


def test_what_it_started_goes_with_it(process: StartProcess) -> None:
    server = process([sys.executable, "-c", PARENT])
    child = os.pidfd_open(int(server.wait_for_line(r"child (\d+)")[1]))
    server.kill()
    ended, _, _ = select.select([child], [], [], 15)
    os.close(child)
    assert ended
