"""The command line beside a running server, and the server's whole life."""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import Serve
from tests.support.gateway import RunningGateway


def gateway(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gateway", *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=240, cwd=cwd, env={"PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip


def ask(server: RunningGateway, path: str, token: str, body: object = None) -> tuple[int, object]:
    request = urllib.request.Request(
        f"{server.url}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def test_a_server_from_its_first_line_to_its_last(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    assert server.process.output.count("Messenger ready at ") == 1
    assert f"{server.url}/invitation/" in server.process.output
    made = gateway("token", "create", "--role", "administrator", "--data", server.data, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    token = made.stdout.strip()
    assert len(made.stdout.splitlines()) == 1, "the token, once, and nothing else"
    status, _ = ask(server, "/api/v1/messages", token, {"to": "+12025550177", "body": "A secret body"})
    assert status == 202, "the running server sees the new token at once"
    invited = gateway("user", "invite", "ben@team.example", "--role", "agent", "--data", server.data, cwd=tmp_path)
    assert "/invitation/" in invited.stdout
    sent = gateway("send", "+12025550178", "From the command line", "--data", server.data, cwd=tmp_path)
    assert sent.stdout.startswith("msg_"), sent.stderr
    assert server.process.stop() == 0
    for hidden in (token, "A secret body", "+12025550177"):
        assert hidden not in server.process.output
    assert "events are counted again" in gateway("recount", "--data", server.data, cwd=tmp_path).stdout
    exported = gateway("export", "--data", server.data, cwd=tmp_path)
    kinds = {json.loads(line)["type"] for line in exported.stdout.splitlines()}
    assert {"contact", "address", "thread", "conversation", "message"} <= kinds
    assert token not in exported.stdout


def test_what_was_acknowledged_survives_a_power_cut(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    token = gateway("token", "create", "--role", "administrator", "--data", server.data, cwd=tmp_path).stdout.strip()
    acknowledged = [
        ask(server, "/api/v1/messages", token, {"to": f"+120255501{number:02}", "body": "Hello"}) for number in range(9)
    ]
    server.process.kill()
    again = serve(data=server.data)
    for status, message in acknowledged:
        assert status == 202
        assert isinstance(message, dict)
        assert ask(again, f"/api/v1/messages/{message['id']}", token)[0] == 200
    assert again.process.stop() == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("serve", "--port", "99999"), "port"),
        (("serve", "--database", "mysql://x"), "postgresql"),
        (("token", "create"), "--role"),
        (("token", "create", "--role", "king"), "king"),
        (("user", "invite", "nobody", "--role", "agent"), "e-mail"),
    ],
)
def test_mistakes_are_said_in_one_line(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    done = gateway(*arguments, cwd=tmp_path)
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_looking_around(tmp_path: Path) -> None:
    assert gateway("doctor", cwd=tmp_path).returncode == 1, "the database has no tables yet"
    migrated = gateway("migrate", cwd=tmp_path)
    assert "Migrated from nothing to" in migrated.stdout
    assert "Up to date" in gateway("migrate", cwd=tmp_path).stdout
    done = gateway("doctor", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    listed = gateway("plugins", cwd=tmp_path).stdout
    assert "simulator" in listed
    assert "sms_smpp" in listed


def test_a_port_in_use_is_said(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    port = server.url.rpartition(":")[2]
    done = gateway("serve", "--port", port, "--data", tmp_path / "other", cwd=tmp_path)
    assert done.returncode == 1
    assert port in done.stderr


def test_workspaces_beside_a_running_server(serve: Serve, tmp_path: Path) -> None:
    """Made, entered, renamed, shut, opened and removed; what can't be done says why in a line."""
    server = serve()

    def workspace(*arguments: str) -> subprocess.CompletedProcess[str]:
        return gateway("workspace", *arguments, "--data", server.data, cwd=tmp_path)

    home = workspace("list").stdout.strip()
    made = workspace("create", "Branch", "--preset", "chat")
    assert made.stdout.startswith("wsp_"), made.stderr
    assert workspace("list").stdout.splitlines() == [home, "Branch"]
    taken = workspace("create", "Branch")
    assert (taken.returncode, "of that name already" in taken.stderr) == (1, True), taken.stderr
    shown = gateway(
        "token", "create", "--role", "administrator", "--workspace", "Branch", "--data", server.data, cwd=tmp_path
    )
    token = shown.stdout.strip()
    status, answer = ask(server, "/api/v1/workspace", token)
    assert (status, isinstance(answer, dict) and answer["name"]) == (200, "Branch")

    assert workspace("rename", "Branch", "Harbour branch").returncode == 0
    unknown = workspace("suspend", "Branch")
    assert (unknown.returncode, "There is no workspace called Branch." in unknown.stderr) == (1, True)
    assert workspace("suspend", "Harbour branch").returncode == 0
    assert workspace("list").stdout.splitlines() == [home, "Harbour branch (suspended)"]
    assert ask(server, "/api/v1/workspace", token)[0] == 401
    assert workspace("resume", "Harbour branch").returncode == 0
    deadline = time.monotonic() + 120
    while ask(server, "/api/v1/workspace", token)[0] != 200:
        assert time.monotonic() < deadline

    wrong = workspace("remove", "Harbour branch", "--yes", "Branch")
    assert wrong.returncode == 1
    first = workspace("remove", home, "--yes", home)
    assert first.returncode == 1
    assert workspace("remove", "Harbour branch", "--yes", "Harbour branch").returncode == 0
    assert workspace("list").stdout.splitlines() == [home]
    for refused in (taken, unknown, wrong, first):
        assert "Traceback" not in refused.stderr
        assert refused.stderr.strip()
    assert ask(server, "/api/v1/workspace", token)[0] == 401
