"""The least an SMPP client can be: frames, sequence numbers and a window on asyncio, no checks, no timers.

`python -m bench.peers.bare_smpp PORT WINDOW SECONDS` prints how many submit_sm were answered a second.
"""

import asyncio
import struct
import sys
import time

import uvloop

_HEADER = struct.Struct(">IIII")
_BIND = b"bench\0bench\0\0\x34\0\0\0"
_SUBMIT = b"\0\x01\x01+12025550100\0\x01\x01+12025550148\0\0\0\0\0\0\0\0\0\0\x1dYour parcel arrives tomorrow."


class BareSession(asyncio.Protocol):
    """Answers by sequence number; everything else is ignored."""

    def __init__(self) -> None:
        self._waiting: dict[int, asyncio.Future[int]] = {}
        self._sequence = 0
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a TCP connection's is one

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data
        at = 0
        while len(buffer) - at >= 16:
            length, command, status, sequence = _HEADER.unpack_from(buffer, at)
            if len(buffer) - at < length:
                break
            if command & 0x80000000:
                self._waiting.pop(sequence).set_result(status)
            at += length
        self._buffer = buffer[at:]

    async def request(self, command: int, body: bytes) -> int:
        """The status of the answer."""
        assert self._transport is not None, "connected"
        self._sequence += 1
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[self._sequence] = future
        self._transport.write(_HEADER.pack(16 + len(body), command, 0, self._sequence) + body)
        return await future


async def main(port: int, window: int, seconds: float) -> float:
    """Messages a second, `window` of them unanswered at any time."""
    _, session = await asyncio.get_running_loop().create_connection(BareSession, "127.0.0.1", port)
    await session.request(0x09, _BIND)
    begun = time.monotonic()
    sent = 0

    async def keep_sending() -> None:
        nonlocal sent
        while time.monotonic() - begun < seconds:
            if await session.request(0x04, _SUBMIT):
                raise RuntimeError("the centre refused a message")
            sent += 1

    await asyncio.gather(*(keep_sending() for _ in range(window)))
    return sent / (time.monotonic() - begun)


if __name__ == "__main__":
    sys.stdout.write(f"{uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))}\n")
