"""The examples of docs/api.md, run from top to bottom against a new installation."""

import json
import re
import shlex
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPResponse
from string import Template
from typing import Any

import pytest

from tests.conftest import Serve
from tests.docs.pages import blocks, read
from tests.support.gateway import RunningGateway

PAGE = "docs/api.md"
SHOWN = "http://127.0.0.1:8080"
WAIT_S = 60


@dataclass
class Request:
    """What a curl command asks for."""

    url: str = ""
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    stream: bool = False


def curls() -> list[str]:
    """Every curl command of the page, on one line each, in order."""
    text = "\n".join(block.text for block in blocks(read(PAGE), "sh")).replace("\\\n", " ")
    return [line for line in text.splitlines() if line.startswith("curl ")]


def understood(command: str) -> Request:
    """A curl command as curl understands it, as far as the page goes."""
    request = Request()
    words = iter(shlex.split(command)[1:])
    for word in words:
        match word:
            case "-H":
                name, _, value = next(words).partition(": ")
                request.headers[name] = value
            case "-d":
                request.body, request.method = next(words).encode(), "POST"
            case "-X":
                request.method = next(words)
            case "-N":
                request.stream = True
            case _:
                assert not word.startswith("-"), f"the page uses {word}"
                request.url = word
    return request


def learn(known: dict[str, str], answer: Any) -> None:
    """What later examples name: ids of the message that was sent, the simulator's address."""
    if answer.get("direction") == "outbound" and "MESSAGE" not in known:
        known["MESSAGE"] = answer["id"]
        known["CONVERSATION"], known["THREAD"] = answer["conversation_id"], answer["thread_id"]
    for item in answer.get("items", []):
        if item.get("plugin") == "simulator":
            known["INBOUND"] = item["urls"]["inbound"]


def ask(request: Request) -> Any:
    asked = urllib.request.Request(request.url, request.body, request.headers, method=request.method)
    answer: HTTPResponse
    with urllib.request.urlopen(asked, timeout=WAIT_S) as answer:
        assert answer.status in {200, 201, 202}
        return {"first": answer.readline()} if request.stream else json.load(answer)


def create_token(running: RunningGateway) -> str:
    """As the page says, for this installation."""
    words = ("-m", "gateway", "token", "create", "--role", "administrator", "--data", str(running.data))
    done = subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True, timeout=WAIT_S)
    return done.stdout.strip()


@pytest.fixture
def running(serve: Serve) -> RunningGateway:
    return serve()


def test_the_examples_work_in_their_order(running: RunningGateway) -> None:
    known = {"TOKEN": create_token(running)}
    answers = []
    for command in curls():
        filled = Template(command.replace(SHOWN, running.url)).substitute(known)
        answer = ask(understood(filled))
        learn(known, answer)
        answers.append(answer)
    assert len(answers) >= 10
    assert any(answer.get("first") for answer in answers), "the stream said nothing"
    assert {"accepted": 1} in answers, "the phone's message was not taken"


def test_variables_are_explained_by_the_answers_before_them() -> None:
    used = set(re.findall(r"\$([A-Z]+)", "\n".join(curls())))
    assert used == {"TOKEN", "MESSAGE", "CONVERSATION", "THREAD", "INBOUND"}
