"""One SMPP 3.4 session as a client: an asyncio protocol with a window, timers and orderly ends."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway_sms_smpp.deliveries import Deliveries, Delivery
from gateway_sms_smpp.failures import BindRefusedError, NotBoundError
from gateway_sms_smpp.keepalive import KeepAlive
from gateway_sms_smpp.limits import Limits
from gateway_sms_smpp.pdu import (
    AlertNotification,
    Bind,
    BindResp,
    Body,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    Framer,
    GenericNack,
    Header,
    Outbind,
    Pdu,
    PduError,
    Status,
    Unbind,
    UnbindResp,
    decode,
    encode,
    header_of,
)
from gateway_sms_smpp.requests import Request, Requests
from gateway_sms_smpp.state import State
from gateway_sms_smpp.window import Window
from gateway_sms_smpp.wire import Wire


class Session(asyncio.Protocol):
    """Made for one connection by `loop.create_connection`; lives in the loop it is made in.

    `handle` stores a delivery and returns the command_status to answer with (see Deliveries). `trace(direction,
    summary)` is told of everything unusual. `window` is told by whoever reads the answers what the centre can take.
    """

    def __init__(
        self, limits: Limits, handle: Callable[[Delivery], Awaitable[int]], trace: Callable[[str, str], None]
    ) -> None:
        self._loop = loop = asyncio.get_running_loop()
        self._limits = limits
        self._trace = trace
        self._state = State.OPEN
        self.ended_at: float | None = None
        self._why: str | None = None
        self._ended: asyncio.Future[str] = loop.create_future()
        self._wire = Wire(loop)
        self._framer = Framer()
        self.window = Window(loop, limits.window, limits.window_wait)
        self._requests = Requests(loop, limits.response_timeout, self._request_ended)
        self._deliveries = Deliveries(loop, handle, self._answer, limit=limits.deliveries, roomy=self._listen)
        self._keepalive = KeepAlive(loop, limits.enquire_link, self._enquire)
        self._grace_timer: asyncio.TimerHandle | None = None
        self._peer_unbind: int | None = None
        self._unbinding = False

    # --- for the bind that owns it ---

    @property
    def bound(self) -> bool:
        """Whether requests are taken."""
        return self._state is State.BOUND

    @property
    def load(self) -> int:
        """Requests on the wire."""
        return len(self._requests)

    def time(self) -> float:
        """Now, on the loop's clock, as `ended_at` is."""
        return self._loop.time()

    async def bind(self, body: Bind) -> Pdu:
        """Bind, once. Raises BindRefusedError, or SessionError when no answer came."""
        answer = await self._begin(body)
        if answer.status != Status.ROK:
            raise BindRefusedError(answer.status)
        return answer

    async def request(self, body: Body) -> Pdu:
        """Send one request through the window; its answer, whatever the status. Raises SessionError and PduError.

        A caller that is cancelled leaves its slot of the window occupied until the centre has answered.
        """
        self._check_bound()
        await self.window.take()
        try:
            self._check_bound()
            future = self._begin(body, windowed=True)
        except BaseException:
            self.window.give()
            raise
        return await future

    async def enquire(self) -> None:
        """Ask whether the centre is there, outside the window. Raises SessionError."""
        await self._begin(EnquireLink())

    def retire(self, reason: str) -> None:
        """Take nothing new, let what is on the wire be answered, then unbind and close."""
        if self._state is State.BOUND:
            self._state = State.RETIRING
            self._why = self._why or reason
            self._trace("out", f"ending the session: {reason}")
            self._close_when_quiet()

    async def unbind(self) -> str:
        """Retire, or give up a session that is not bound, and wait for the end; why it ended."""
        if self._state is State.OPEN:
            self.abort("The session was given up before it was bound")
        self.retire("We unbound")
        return await self.wait_ended()

    async def wait_ended(self) -> str:
        """Wait until the connection is gone and every delivery that had begun is stored; why it ended."""
        reason = await asyncio.shield(self._ended)
        await self._deliveries.finish()
        return reason

    def abort(self, reason: str) -> None:
        """Cut the connection."""
        self._why = self._why or reason
        self._wire.abort()

    # --- for asyncio ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands; nothing is said before `bind`."""
        self._wire.connected(transport)  # type: ignore[arg-type]  # create_connection makes no other kind

    def data_received(self, data: bytes) -> None:
        """Take every whole PDU in order. A stream that lost its framing is closed."""
        self._keepalive.heard()
        try:
            for frame in self._framer.feed(data):
                self._take(frame)
        except PduError as error:
            self._trace("in", f"no SMPP: {error}")
            self._why = self._why or f"The message centre sent no SMPP: {error}"
            self._say(GenericNack(), 0, error.status)
            self._wire.close()

    def pause_writing(self) -> None:
        """The centre reads too slowly."""
        self._wire.pause()

    def resume_writing(self) -> None:
        """It has caught up."""
        self._wire.resume()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail every request, forget deliveries that have not begun."""
        how = str(exc or "") or "closed by the message centre"
        self._why = self._why or f"The connection was lost: {how}"
        self._state = State.CLOSED
        self.ended_at = self.time()
        self._keepalive.stop()
        if self._grace_timer is not None:
            self._grace_timer.cancel()
        self._wire.lost()
        self._requests.lose(self._why)
        self.window.close()
        self._deliveries.drop()
        self._ended.set_result(self._why)

    # --- what comes in ---

    def _take(self, frame: bytes) -> None:
        try:
            pdu = decode(frame)
        except PduError as error:
            self._take_unreadable(header_of(frame), frame, error)
            return
        if pdu.command & 0x8000_0000:
            if not self._requests.answer(pdu):
                self._trace("in", f"answer 0x{pdu.command:08X} to nothing we wait for, status 0x{pdu.status:X}")
            elif self._state is State.OPEN and isinstance(pdu.body, BindResp) and pdu.status == Status.ROK:
                self._state = State.BOUND  # at once: what waited at the centre may follow in the same segment
                self._keepalive.start()
            return
        header = Header(pdu.command, pdu.status, pdu.sequence)
        match pdu.body:
            case DeliverSm() | DataSm() as message:
                self._deliver(Delivery(header, message, frame, self))
            case EnquireLink():
                self._say(EnquireLinkResp(), pdu.sequence)
            case Unbind():
                self._peer_unbinds(pdu.sequence)
            case AlertNotification() | Outbind():
                self._trace("in", f"0x{pdu.command:08X} needs no answer")
            case _:
                self._trace("in", f"command 0x{pdu.command:08X} is not for a client")
                self._say(GenericNack(), pdu.sequence, Status.RINVCMDID)

    def _take_unreadable(self, header: Header, frame: bytes, error: PduError) -> None:
        self._trace("in", f"unreadable 0x{header.command:08X}: {error}")
        if header.is_response:
            self._requests.garbled(header.sequence, str(error))
        elif header.command in {DeliverSm.COMMAND, DataSm.COMMAND}:
            self._deliver(Delivery(header, None, frame, self, str(error)))
        else:
            self._say(GenericNack(), header.sequence, error.status)

    def _deliver(self, delivery: Delivery) -> None:
        if self._state is State.BOUND:
            self._deliveries.put(delivery)
        else:
            self._answer(delivery, Status.RX_T_APPN)

    def _answer(self, delivery: Delivery, status: int) -> None:
        if self._state is not State.CLOSED:
            response = DataSmResp() if delivery.header.command == DataSm.COMMAND else DeliverSmResp()
            self._say(response, delivery.header.sequence, status)
            if self._state is State.RETIRING:
                self._loop.call_soon(self._close_when_quiet)

    def _peer_unbinds(self, sequence: int) -> None:
        self._peer_unbind = sequence
        self._why = self._why or "The message centre unbound"
        if self._state is State.OPEN:
            self._say(UnbindResp(), sequence)
            self._wire.close()
            return
        self.retire("The message centre unbound")
        if self._grace_timer is None:
            self._grace_timer = self._loop.call_later(self._limits.unbind_grace, self._close_now)
        self._close_when_quiet()

    # --- what goes out ---

    def _check_bound(self) -> None:
        if self._state is not State.BOUND:
            raise NotBoundError(self._why or "The session is not bound")

    def _begin(self, body: Body, *, windowed: bool = False) -> "asyncio.Future[Pdu]":
        if self._state is State.CLOSED:
            raise NotBoundError(self._why or "The session has ended")
        octets = encode(body, sequence := self._requests.next_sequence())
        request = self._requests.add(sequence, windowed=windowed)
        self._wire.send(octets, request)
        return request.future

    def _say(self, body: Body, sequence: int, status: int = Status.ROK) -> None:
        self._wire.send(encode(body, sequence, status))

    def _request_ended(self, request: Request, timed_out: bool) -> None:
        if request.windowed:
            self.window.give()
            if timed_out:
                self.retire(f"No answer within {self._limits.response_timeout:g} s")
        elif timed_out:
            self.abort(f"No answer to enquire_link, bind or unbind within {self._limits.response_timeout:g} s")
        if self._state is State.RETIRING:
            self._close_when_quiet()

    def _enquire(self) -> None:
        self._begin(EnquireLink()).add_done_callback(_retrieve)

    def _listen(self, listen: bool) -> None:
        """Read, or let TCP tell the centre to wait; meanwhile nothing it says is overdue."""
        self._keepalive.deaf(not listen)
        (self._requests.go_on if listen else self._requests.hold)()
        (self._wire.listen if listen else self._wire.hush)()

    # --- how it ends ---

    def _close_when_quiet(self) -> None:
        if self._state is not State.RETIRING or self._requests or self._deliveries:
            return
        if self._peer_unbind is not None:
            self._close_now()
        elif not self._unbinding:
            self._unbinding = True
            self._grace_timer = self._loop.call_later(self._limits.unbind_grace, self.abort, "No answer to unbind")
            self._begin(Unbind()).add_done_callback(self._unbound)

    def _unbound(self, answered: "asyncio.Future[Pdu]") -> None:
        _retrieve(answered)
        self._wire.close()

    def _close_now(self) -> None:
        if self._peer_unbind is not None and self._state is not State.CLOSED:
            self._say(UnbindResp(), self._peer_unbind)
            self._wire.close()


def _retrieve(future: "asyncio.Future[Pdu]") -> None:
    """Take the error of a request nobody awaits, so that asyncio does not report it as forgotten."""
    if not future.cancelled():
        future.exception()
