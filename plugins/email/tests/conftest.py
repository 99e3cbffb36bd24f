"""Real mail servers for a session, and channels on them for a test."""

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from gateway.testing.stage import Stage
from gateway_email.channel import EmailChannel
from tests.support.ports import find_free_port

from .dovecot import PASSWORD, Dovecot
from .postfix import Postfix

StartStage = Callable[..., Stage[EmailChannel]]
_numbers = count(1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What fails beside a mail server is shown with what the server said."""
    report = yield
    if report.failed:
        given: dict[str, Any] = getattr(item, "funcargs", {})
        for name, server in given.items():
            if isinstance(server, Dovecot | Postfix):
                report.sections.append((f"what {name} said", server.log()))
    return report


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def desk_port() -> int:
    """Where Postfix hands over mail for desk.example, by LMTP."""
    return find_free_port()


@pytest.fixture(scope="session")
def postfix(dovecot: Dovecot, desk_port: int) -> Iterator[Postfix]:
    server = Postfix(dovecot.lmtp, f"lmtp:inet:127.0.0.1:{desk_port}")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mailbox() -> str:
    """An address of the shop that no other test uses."""
    return f"support{next(_numbers)}@shop.example"


@pytest.fixture
async def stage(tmp_path: Path, mailbox: str) -> AsyncIterator[StartStage]:
    """`stage(imap_port=...)` gives a channel for the mailbox, all on loopback and in the clear unless it says more."""
    made: list[Stage[EmailChannel]] = []

    def make(**settings: Any) -> Stage[EmailChannel]:
        folder = tmp_path / "stage"
        folder.mkdir(exist_ok=True)
        chosen: dict[str, Any] = {"address": mailbox, "smtp_security": "none", "imap_security": "none"}
        if "smtp_port" in settings:
            chosen["smtp_host"] = "127.0.0.1"
        if "imap_port" in settings:
            chosen |= {"imap_host": "127.0.0.1", "imap_password": PASSWORD}
        made.append(Stage(EmailChannel, {**chosen, **settings}, folder))
        return made[-1]

    yield make
    for one in made:
        await one.close()
