"""Reading a mailbox for as long as the gateway is on: what came while we were away, then what comes, by IDLE."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Self, TypeVar

from gateway.sdk import GatewayContext, HealthState
from gateway.sdk.context import Unavailable
from gateway_email.backoff import Backoff
from gateway_email.imap import Fetched, ImapSession, ImapTrouble, LoginRefused
from gateway_email.settings import Settings

T = TypeVar("T")

IDLE_S = 4 * 60.0  # RFC 2177 says within 29 minutes; routers forget silent connections sooner
POLL_S = 30.0  # where the server knows no IDLE
FIRST_LOOK_MS = 24 * 60 * 60 * 1000  # how far back unread mail is taken when a mailbox is read for the first time
_DAY_MS = 24 * 60 * 60 * 1000
_PLACE = "imap-place"

Take = Callable[[Fetched], Awaitable[None]]
"""Stores a mail; returns after the commit. Raises Unavailable."""

Report = Callable[[HealthState, str | None], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a folder was read: everything up to `uid`, at `at` (milliseconds)."""

    folder: str
    validity: int
    uid: int
    at: int


class Mailbox:
    """One folder on one server. Blocking steps run one after the other in a thread of its own."""

    def __init__(
        self, settings: Settings, context: GatewayContext, take: Take, report: Report, backoff: Backoff
    ) -> None:
        self._settings = settings
        self._context = context
        self._take = take
        self._report = report
        self._backoff = backoff
        self._folder = f"{settings.imap_username or settings.mailbox}@{settings.imap_host}/{settings.imap_folder}"

    async def run(self) -> None:
        """Until cancelled. Whatever goes wrong is reported, and tried again after a pause."""
        while True:
            try:
                await self._session()
            except LoginRefused as error:
                await self._report(HealthState.DOWN, f"{self._settings.imap_host} refused the login: {error}")
                self._backoff.longest()
            except Unavailable as error:
                await self._report(HealthState.DEGRADED, str(error))
            except ImapTrouble as error:
                await self._report(
                    HealthState.DOWN, f"{self._settings.imap_host}: {str(error) or type(error).__name__}"
                )
            except Exception as error:  # noqa: BLE001  the database is away, say: the other ways in must not end with this
                await self._report(HealthState.DEGRADED, f"The mailbox can't be read now: {type(error).__name__}.")
            await asyncio.sleep(self._backoff.wait())

    async def check(self) -> None:
        """Signs in and out. Raises LoginRefused or ImapTrouble."""
        with _Thread() as thread:
            session = await self._open(thread)
            await thread.do(session.close)

    async def _session(self) -> None:
        with _Thread() as thread:
            session = await self._open(thread)
            while True:
                await self._catch_up(thread, session)
                self._backoff.worked()
                await self._report(HealthState.OK, None)
                await self._await_news(thread, session)

    async def _open(self, thread: "_Thread") -> ImapSession:
        connection = await self._context.dial(self._settings.imap_host, self._settings.imap_at)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        session = await thread.open(connection, self._settings)
        self._context.trace("in", f"IMAP: {self._settings.imap_folder} selected")
        return session

    async def _await_news(self, thread: "_Thread", session: ImapSession) -> None:
        if session.can_idle:
            await thread.do(lambda: session.wait(IDLE_S))
        else:
            await asyncio.sleep(POLL_S)
        await thread.do(session.alive)

    async def _catch_up(self, thread: "_Thread", session: ImapSession) -> None:
        """Everything that came since the place that is noted; the place moves with what is stored."""
        place = await self._place()
        if place is None or place.validity != session.validity:
            await self._begin(thread, session, place)
            return
        uids = await thread.do(lambda: session.beyond(place.uid))
        sizes = await thread.do(lambda: session.sizes(uids)) if uids else {}
        for uid in uids:
            await self._take_one(thread, session, uid, sizes.get(uid))
            await self._note(session, uid)

    async def _begin(self, thread: "_Thread", session: ImapSession, before: _Place | None) -> None:
        """A mailbox that is new to us, or whose server numbers its mails anew: by date, and once; repeats are known."""
        now = self._context.clock()
        newest = await thread.do(session.highest)
        since = before.at - _DAY_MS if before is not None else now - FIRST_LOOK_MS
        uids = await thread.do(lambda: session.since(since, unread=before is None))
        sizes = await thread.do(lambda: session.sizes(uids)) if uids else {}
        for uid in uids:
            await self._take_one(thread, session, uid, sizes.get(uid))
        await self._note(session, max([newest, *uids]))

    async def _take_one(self, thread: "_Thread", session: ImapSession, uid: int, size: int | None) -> None:
        fetched = None if size is None else await thread.do(lambda: session.fetch(uid, size))
        if fetched is not None:
            await self._take(fetched)

    async def _place(self) -> _Place | None:
        kept = await self._context.store.get(_PLACE)
        return _Place(**kept) if kept and kept["folder"] == self._folder else None

    async def _note(self, session: ImapSession, uid: int) -> None:
        place = {"folder": self._folder, "validity": session.validity, "uid": uid, "at": self._context.clock()}
        await self._context.store.put(_PLACE, place)


class _Thread:
    """A thread for blocking steps, which ends at once when its connection is cut."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, "imap")
        self._handle: socket.socket | None = None
        self._session: ImapSession | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            with suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)
            self._handle.close()
        if self._session is not None:
            self._executor.submit(self._session.drop)
        self._executor.shutdown(wait=False)

    async def open(self, connection: socket.socket, settings: Settings) -> ImapSession:
        """Signs in over a connection, which from now on blocks; encrypted, it is another object, so a second handle on
        it is kept to cut it by.
        """
        connection.setblocking(True)
        self._handle = connection.dup()
        self._session = await self.do(lambda: ImapSession.open(connection, settings))
        return self._session

    async def do(self, step: Callable[[], T]) -> T:
        """Runs a step."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, step)
