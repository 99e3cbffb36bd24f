"""One installation spread over a process that answers and a process that works."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet

from tests.conftest import Serve

ROOT = Path(__file__).resolve().parents[2]


def test_one_answers_and_the_other_sends(postgres_database: Callable[[], str], serve: Serve, tmp_path: Path) -> None:
    url, env = postgres_database(), {"ONETHREAD_SECRET_KEY": Fernet.generate_key().decode()}
    front = serve("--database", url, "--role", "web", data=tmp_path / "front", env=env)
    made = subprocess.run(
        [
            sys.executable, "-m", "gateway", "token", "create", "--role", "administrator", "--database", url, "--data",
            tmp_path / "desk",
        ],
        capture_output=True, text=True, check=True, timeout=240, cwd=ROOT, env=env,
    )  # fmt: skip
    headers = {"Authorization": f"Bearer {made.stdout.strip()}", "Content-Type": "application/json"}

    def ask(path: str, body: object = None) -> dict[str, object]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{front.url}/api/v1{path}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            answer: dict[str, object] = json.loads(response.read())
            return answer

    message = ask("/messages", {"to": "+12025550177", "body": "Hello"})
    assert ask(f"/messages/{message['id']}")["status"] == "queued", "nobody is there to send it"
    worker = serve("--database", url, "--role", "worker", data=tmp_path / "worker", env=env)
    sent = ask("/events?types=message_sent&wait=30")["items"]
    assert isinstance(sent, list)
    assert [event["message_id"] for event in sent] == [message["id"]]
    assert worker.process.stop() == 0
    assert front.process.stop() == 0
