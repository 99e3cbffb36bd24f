"""Binds that stand again, against a peer by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from gateway_sms_smpp.backoff import Backoff
from gateway_sms_smpp.binds import Account, StandingBind
from gateway_sms_smpp.failures import ConnectionLostError
from gateway_sms_smpp.limits import Limits
from gateway_sms_smpp.pdu import BindTransceiver, BindTransceiverResp, Pdu, Status, SubmitSm, Unbind

from .log import Log
from .peer import Peer, accept
from .stage import dial


class Ground:
    """A listening centre and one bind to it. `answer` decides what each connection's bind is told."""

    def __init__(self) -> None:
        self.peers: Log[Peer] = Log()
        self.changes: Log[str | None] = Log()
        self.answer: Callable[[Peer, Pdu], None] = lambda peer, request: peer.accept_bind(request)
        self.bind: StandingBind | None = None
        self.running: asyncio.Task[None] | None = None
        self._server: asyncio.Server | None = None

    async def start(self, limits: Limits) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._meet, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.bind = StandingBind(
            Account("127.0.0.1", port, "me", "secret", "", None, limits, dial),
            BindTransceiver,
            Backoff(lambda: 0.0, first=0.01, most=0.02),
            accept,
            lambda direction, summary: None,
            self._changed,
        )
        self.running = asyncio.create_task(self.bind.run())

    async def stop(self) -> None:
        if self.running is not None:
            self.running.cancel()
            await asyncio.gather(self.running, return_exceptions=True)
        for peer in self.peers.items:
            peer.cut()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def stands(self, count: int = 1) -> None:
        await self.changes.wait(lambda problem: problem is None, count)

    def _meet(self) -> Peer:
        peer = Peer()
        peer.on_bind = lambda request: self.answer(peer, request)
        self.peers.add(peer)
        return peer

    async def _changed(self) -> None:
        assert self.bind is not None
        self.changes.add(self.bind.problem)


@pytest.fixture
async def ground() -> AsyncIterator[Ground]:
    made = Ground()
    yield made
    await made.stop()


async def test_a_bind_that_is_cut_stands_again(ground: Ground) -> None:
    await ground.start(Limits(unbind_grace=0.05))
    for times in (1, 2, 3):
        await ground.stands(times)
        ground.peers.items[-1].cut()
    await ground.stands(4)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda peer, request: peer.cut(), "The connection was lost"),
        (lambda peer, request: None, "did not answer within 0.5 s"),
        (
            lambda peer, request: peer.say(BindTransceiverResp(), request.sequence, Status.RBINDFAIL),
            "check system_id, password and the allowed addresses",
        ),
        (lambda peer, request: peer.say(BindTransceiverResp(), request.sequence, 0x0499), "status 0x499"),
        (lambda peer, request: peer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "sent no SMPP"),
    ],
)
async def test_binds_that_fail_say_why_and_are_tried_again(
    ground: Ground, answer: Callable[[Peer, Pdu], None], problem: str
) -> None:
    ground.answer = answer
    await ground.start(Limits(response_timeout=0.5, unbind_grace=0.05))

    told = await ground.changes.wait(lambda reason: reason is not None, 2)
    ground.answer = lambda peer, request: peer.accept_bind(request)
    await ground.stands()

    assert all(problem in (reason or "") for reason in told[:2])


async def test_stopping_waits_for_answers_only_so_long(ground: Ground) -> None:
    await ground.start(Limits(unbind_grace=0.05))
    await ground.stands()
    assert ground.bind is not None
    assert ground.bind.session is not None
    caller = asyncio.create_task(ground.bind.session.request(SubmitSm(destination_addr="1")))
    (peer,) = ground.peers.items
    await peer.requests(SubmitSm)

    await ground.stop()

    with pytest.raises(ConnectionLostError) as lost:
        await caller
    assert lost.value.left is True
    assert not any(pdu.command == Unbind.COMMAND for pdu in peer.heard.items)
