"""A connection as the session uses it: one write per turn of the loop, and the knowledge of what has left."""

from asyncio import AbstractEventLoop, Transport

from gateway_sms_smpp.requests import Request


class Wire:
    """Collects the PDUs of one turn of the loop and hands them to the transport at once.

    While the peer reads too slowly nothing is handed over, so that what waits here has provably not left.
    """

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: Transport | None = None
        self._octets: list[bytes] = []
        self._requests: list[Request] = []
        self._due = False
        self._writable = True

    def connected(self, transport: Transport) -> None:
        """The connection stands."""
        self._transport = transport

    def send(self, octets: bytes, request: Request | None = None) -> None:
        """Queue one PDU; `request` learns when it leaves."""
        self._octets.append(octets)
        if request is not None:
            self._requests.append(request)
        if not self._due:
            self._due = True
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Hand everything over now, unless the peer is too slow or gone."""
        self._due = False
        if not self._octets or not self._writable or self._transport is None or self._transport.is_closing():
            return
        for request in self._requests:
            request.left = True
        octets = self._octets[0] if len(self._octets) == 1 else b"".join(self._octets)
        self._octets.clear()
        self._requests.clear()
        self._transport.write(octets)

    def pause(self) -> None:
        """The transport's buffer is full."""
        self._writable = False

    def resume(self) -> None:
        """It has emptied."""
        self._writable = True
        self.flush()

    def close(self) -> None:
        """Send what is queued, then close."""
        self.flush()
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    def hush(self) -> None:
        """Stop reading: the peer is told by TCP to wait."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def listen(self) -> None:
        """Read again."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def lost(self) -> None:
        """The connection is gone and so is what was queued."""
        self._octets.clear()
        self._requests.clear()
        self._transport = None
