"""A server that says once that a mail came, at a moment when nobody listens for it: it is noticed all the same."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest

from gateway_email.imap import ImapSession
from gateway_email.settings import Settings

from .certificates import make_certificate

FOR_EVER_S = 20 * 60.0
"""A wait that sleeps through it ends by the test's own limit."""

Answers = dict[bytes, Callable[[bytes], bytes]]

_USUAL: Answers = {
    b"CAPABILITY": lambda tag: b"* CAPABILITY IMAP4rev1 IDLE STARTTLS\r\n" + tag + b" OK done\r\n",
    b"LOGIN": lambda tag: tag + b" OK done\r\n",
    b"EXAMINE": lambda tag: b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n" + tag + b" OK [READ-ONLY]\r\n",
    b"UID": lambda tag: b"* SEARCH 4 9\r\n" + tag + b" OK done\r\n",
    b"IDLE": lambda tag: b"+ idling\r\n",
    b"NOOP": lambda tag: tag + b" OK done\r\n",
    b"DONE": lambda tag: tag + b" OK done\r\n",
}


def serve(server: socket.socket, answers: Answers, context: ssl.SSLContext) -> None:
    """One conversation, its second half encrypted where that is asked for."""
    plain, _ = server.accept()
    with plain:
        plain.sendall(b"* OK ready\r\n")
        if talk(plain, answers) == b"STARTTLS":
            with context.wrap_socket(plain, server_side=True) as encrypted:
                talk(encrypted, answers)


def talk(connection: socket.socket, answers: Answers) -> bytes:
    """Each command gets its answer in one piece, DONE with the tag of the IDLE it ends. Answers the last command."""
    idling = name = b""
    with connection.makefile("rb") as lines:
        while name != b"STARTTLS" and (line := lines.readline().strip()):
            tag, _, rest = line.partition(b" ")
            name = line if line == b"DONE" else rest.split(b" ")[0].upper()
            connection.sendall(answers[name](idling if name == b"DONE" else tag))
            idling = tag if name == b"IDLE" else idling
    return name


@contextmanager
def session(
    tmp_path: Path, security: Literal["none", "starttls"] = "none", **answers: Callable[[bytes], bytes]
) -> Iterator[ImapSession]:
    """A look into a mailbox whose server answers so."""
    certificate = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = {**_USUAL, **{name.encode(): answer for name, answer in answers.items()}}
        serving = Thread(target=serve, args=(server, said, context), daemon=True)
        serving.start()
        connection = socket.create_connection(server.getsockname())
        settings = Settings(
            address="desk@shop.example", imap_host="localhost", imap_port=server.getsockname()[1],
            imap_security=security, imap_password="secret",
        )  # fmt: skip
        opened = ImapSession.open(connection, settings)
        try:
            yield opened
        finally:
            opened.drop()
            serving.join()


def test_what_came_while_one_looked_is_looked_for_at_once(tmp_path: Path) -> None:
    with session(tmp_path, UID=lambda tag: b"* SEARCH 4 9\r\n* 3 EXISTS\r\n" + tag + b" OK done\r\n") as mailbox:
        assert mailbox.beyond(4) == [9]
        mailbox.wait(FOR_EVER_S)


def test_what_is_said_together_with_the_answer_to_idle_is_heard(tmp_path: Path) -> None:
    with session(tmp_path, IDLE=lambda _: b"+ idling\r\n* 3 EXISTS\r\n") as mailbox:
        assert mailbox.beyond(4) == [9]
        mailbox.wait(FOR_EVER_S)
        mailbox.alive()


def test_what_the_mailbox_held_from_the_first_is_no_news(tmp_path: Path) -> None:
    with session(tmp_path) as mailbox:
        assert mailbox.highest() == 9
        mailbox.wait(0.2)
        mailbox.alive()


def test_what_was_said_before_the_encryption_is_not_heard_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    with session(tmp_path, "starttls", STARTTLS=lambda tag: tag + b" OK done\r\n* BYE injected\r\n") as mailbox:
        assert mailbox.beyond(4) == [9]
