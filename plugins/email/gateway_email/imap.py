"""One signed-in look into an IMAP mailbox, step by step; every step blocks, so all are for a thread of their own."""

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox

from gateway_email.connections import trusting
from gateway_email.limits import HEADER_BYTES, MAIL_BYTES
from gateway_email.settings import Settings

ANSWER_S = 30.0
LINE_BYTES = 1_000_000
_SIZES_AT_ONCE = 200
_SIZE = re.compile(rb"UID (\d+).*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*?UID (\d+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

ImapTrouble = (imaplib.IMAP4.error, ImapToolsError, OSError, EOFError)


class LoginRefused(Exception):
    """The server knows no such user, or not with this password; the text is the server's."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail, or its header block alone where it is larger than what is taken (`whole` False)."""

    uid: int
    octets: bytes
    size: int
    whole: bool


class _OnSocket(imaplib.IMAP4):
    """imaplib on a connection that stands already.

    It reads by itself, so that one can see whether something that the server said is here and unread: what came
    together with the answer to IDLE no poll of the socket would ever tell of.
    """

    def __init__(self, connection: socket.socket, host: str, port: int) -> None:
        self._connection = connection
        self._read_from: socket.socket | None = None
        self._here = bytearray()
        super().__init__(host, port, ANSWER_S)

    @property
    def has_more(self) -> bool:
        """Whether something was received that nobody has read."""
        return bool(self._received()) or (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0)

    def read(self, size: int) -> bytes:
        """So many octets; fewer where the connection ends. Raises OSError."""
        here = self._received()
        while len(here) < size and self._receive(here):
            pass
        return _take(here, size)

    def readline(self) -> bytes:
        """A line with its end; what there is where the connection ends. Raises IMAP4.error for one far too long."""
        here, searched = self._received(), 0
        while (end := here.find(b"\n", searched)) < 0:
            searched = len(here)
            if searched > LINE_BYTES:
                raise self.error(f"a line of more than {LINE_BYTES} octets")
            if not self._receive(here):
                return _take(here, searched)
        return _take(here, end + 1)

    def _received(self) -> bytearray:
        """What is here and unread. What came before the connection was encrypted anybody may have put there."""
        if self.sock is not self._read_from:
            self._read_from, self._here = self.sock, bytearray()
        return self._here

    def _receive(self, here: bytearray) -> bool:
        more = self.sock.recv(65_536)
        here += more
        return bool(more)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        self._connection.settimeout(timeout)
        return self._connection


def _take(here: bytearray, size: int) -> bytes:
    taken = bytes(here[:size])
    del here[:size]
    return taken


class _Box(BaseMailBox):
    def __init__(self, client: imaplib.IMAP4) -> None:
        self._made = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._made


class ImapSession:
    """A mailbox that was selected. `validity` says whether UIDs of an earlier look mean the same still."""

    def __init__(self, box: _Box, client: _OnSocket, validity: int, *, can_idle: bool) -> None:
        self._box = box
        self._client = client
        self.validity = validity
        self.can_idle = can_idle

    @classmethod
    def open(cls, connection: socket.socket, settings: Settings) -> "ImapSession":
        """Greets, encrypts, signs in, selects. Raises LoginRefused or ImapTrouble; the connection is closed then."""
        context = trusting(settings.imap_security)
        try:
            if settings.imap_security == "tls" and context is not None:
                connection.settimeout(ANSWER_S)
                connection = context.wrap_socket(connection, server_hostname=settings.imap_host)
            client = _OnSocket(connection, settings.imap_host, settings.imap_at)
        except BaseException:
            connection.close()
            raise
        try:
            if settings.imap_security == "starttls":
                client.starttls(context)
            return cls._selected(_signed_in(client, settings), client, settings.imap_folder)
        except BaseException:
            _drop(client)
            raise

    @classmethod
    def _selected(cls, box: _Box, client: _OnSocket, folder: str) -> "ImapSession":
        _, capabilities = client.capability()
        box.folder.set(folder, readonly=True)
        _, validity = client.response("UIDVALIDITY")
        said = validity[0] if validity else None
        can_idle = b"IDLE" in (capabilities[0] or b"").upper().split()
        return cls(box, client, int(said) if said else 0, can_idle=can_idle)

    def highest(self) -> int:
        """The UID of the newest mail, 0 when there is none."""
        return max(self._search("UID", "*"), default=0)

    def beyond(self, uid: int) -> list[int]:
        """UIDs of the mails after one, ascending."""
        # `n:*` always names the newest mail, even where its UID is smaller than n.
        return sorted(one for one in self._search("UID", f"{uid + 1}:*") if one > uid)

    def since(self, at: int, *, unread: bool) -> list[int]:
        """UIDs of the mails that came on the day of `at` (milliseconds) or later, ascending."""
        day = datetime.fromtimestamp(at / 1000, UTC)
        when = f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        return sorted(self._search(*(("UNSEEN",) if unread else ()), "SINCE", when))

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """How large mails are, in octets; those that are gone are left out."""
        found = {}
        for start in range(0, len(uids), _SIZES_AT_ONCE):
            some = ",".join(map(str, uids[start : start + _SIZES_AT_ONCE]))
            for line in self._fetch(some, "(UID RFC822.SIZE)"):
                match = _SIZE.search(line if isinstance(line, bytes) else line[0])
                if match:
                    uid, size = (match[1], match[2]) if match[1] else (match[4], match[3])
                    found[int(uid)] = int(size)
        return found

    def fetch(self, uid: int, size: int) -> Fetched | None:
        """A mail as it is, not marked as read; None when it is gone. Its header block alone where it is too large."""
        whole = size <= MAIL_BYTES
        what = "(BODY.PEEK[])" if whole else f"(BODY.PEEK[HEADER]<0.{HEADER_BYTES}>)"
        for line in self._fetch(str(uid), what):
            if isinstance(line, tuple):
                return Fetched(uid, line[1], size, whole)
        return None

    def wait(self, seconds: float) -> None:
        """Until the server says that something changed, or the time is over.

        At once where it said so while we looked: it says a thing once, and what came too late for a search would lie
        there until the next one.
        """
        if self._client.response("EXISTS")[1] != [None]:
            return
        idle = self._box.idle
        idle.start()  # type: ignore[no-untyped-call]
        try:
            if not self._client.has_more:
                idle.poll(seconds)
        finally:
            idle.stop()  # type: ignore[no-untyped-call]

    def alive(self) -> None:
        """Asks for a sign of life. Raises ImapTrouble."""
        self._client.noop()

    def close(self) -> None:
        """Says goodbye, if the server still listens."""
        with contextlib.suppress(*ImapTrouble):
            self._client.logout()
        self.drop()

    def drop(self) -> None:
        """Gives the connection back without a word."""
        _drop(self._client)

    def _search(self, *criteria: str) -> list[int]:
        self._client.response("EXISTS")  # what was said before, this search sees
        kind, data = self._client.uid("SEARCH", *criteria)
        if kind != "OK":
            raise imaplib.IMAP4.error(f"search: {data!r}")
        return [int(one) for line in data if line for one in line.split()]

    def _fetch(self, uids: str, what: str) -> list[bytes | tuple[bytes, bytes]]:
        kind, data = self._client.uid("FETCH", uids, what)
        if kind != "OK":
            raise imaplib.IMAP4.error(f"fetch: {data!r}")
        return [line for line in data if line]


def _signed_in(client: imaplib.IMAP4, settings: Settings) -> _Box:
    box = _Box(client)
    user, password = settings.imap_username or settings.mailbox, settings.imap_password
    login = box.login if (user + password).isascii() else box.login_utf8
    try:
        login(user, password, initial_folder=None)
    except MailboxLoginError as error:
        raise LoginRefused(str(error)) from error
    return box


def _drop(client: imaplib.IMAP4) -> None:
    with contextlib.suppress(*ImapTrouble):
        client.shutdown()
