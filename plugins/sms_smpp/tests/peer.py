"""A message centre by hand, in this process: it says and answers exactly what a test tells it."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway_sms_smpp.deliveries import Delivery
from gateway_sms_smpp.limits import Limits
from gateway_sms_smpp.pdu import BindTransceiver, BindTransceiverResp, Body, Framer, Pdu, Status, decode, encode
from gateway_sms_smpp.session import Session

from .log import Log

Handle = Callable[[Delivery], Awaitable[int]]


async def accept(delivery: Delivery) -> int:
    return Status.ROK


class Standing:
    """A link for deliveries that come over none; moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.ended_at: float | None = None

    def time(self) -> float:
        return self.now

    def end(self) -> None:
        self.ended_at = self.now


class Peer(asyncio.Protocol):
    """The centre's end of one connection."""

    def __init__(self) -> None:
        self.heard: Log[Pdu] = Log()
        self.ended: Log[str] = Log()
        self.transport: asyncio.Transport | None = None
        self.on_bind: Callable[[Pdu], None] = self.accept_bind
        self._framer = Framer()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # create_server makes no other kind

    def data_received(self, data: bytes) -> None:
        for frame in self._framer.feed(data):
            pdu = decode(frame)
            self.heard.add(pdu)
            if isinstance(pdu.body, BindTransceiver):
                self.on_bind(pdu)

    def accept_bind(self, request: Pdu) -> None:
        self.say(BindTransceiverResp(system_id="peer"), request.sequence)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.add("lost")

    def say(self, body: Body, sequence: int, status: int = Status.ROK) -> None:
        self.write(encode(body, sequence, status))

    def write(self, octets: bytes) -> None:
        assert self.transport is not None
        self.transport.write(octets)

    def cut(self) -> None:
        assert self.transport is not None
        self.transport.abort()

    async def requests(self, kind: type[Body], count: int = 1) -> list[Pdu]:
        return await self.heard.wait(lambda pdu: pdu.command == kind.COMMAND, count)


class Line:
    """A bound session, its peer, and what the session traced."""

    def __init__(self) -> None:
        self.peer = Peer()
        self.trace: Log[str] = Log()
        self._server: asyncio.Server | None = None
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        assert self._session is not None
        return self._session

    async def open(self, limits: Limits, handle: Handle = accept) -> "Line":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: self.peer, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        _, self._session = await loop.create_connection(
            lambda: Session(limits, handle, lambda direction, summary: self.trace.add(f"{direction} {summary}")),
            "127.0.0.1",
            port,
        )
        await self.session.bind(BindTransceiver(system_id="me"))
        return self

    async def close(self) -> None:
        if self._session is not None:
            self._session.abort("the test is over")
            await self._session.wait_ended()
        assert self._server is not None
        if self.peer.transport is not None:
            self.peer.transport.abort()
        self._server.close()
        await self._server.wait_closed()
