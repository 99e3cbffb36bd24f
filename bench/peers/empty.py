"""The empty handler: aiohttp on uvloop decodes the same JSON with msgspec and answers 200.

`python -m bench.peers.empty PORT`
"""

import sys

import msgspec
import uvloop
from aiohttp import web


class Text(msgspec.Struct):
    """What a phone posts."""

    sender: str = msgspec.field(name="from")
    to: str
    body: str
    id: str


_decoder = msgspec.json.Decoder(Text)


async def inbound(request: web.Request) -> web.Response:
    """Understands it, and forgets it."""
    _decoder.decode(await request.read())
    return web.Response(body=b'{"accepted": 1}', content_type="application/json")


def main() -> None:
    """Serves until it is stopped."""
    app = web.Application()
    app.router.add_post("/c/{token}/inbound", inbound)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
