"""The simulator keeps the contract of every channel; its far side is its own outbox."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from gateway.sdk import GatewayContext, Inbound, MediaReference, SendErrorKind, WebhookRequest
from gateway.sdk.context import Store
from gateway.sdk.faults import Dials, Fault
from gateway.testing import CONTACT, OUR_NUMBER, ChannelContract, InboundCase, Log, Signature, WholeGateway, post_json
from gateway_simulator.channel import SimulatorChannel
from gateway_simulator.outbox import JOURNAL
from gateway_simulator.settings import Settings


class Network:
    """The store of a simulator, watched: what is put into the outbox has reached the phones."""

    def __init__(self) -> None:
        self.heard: Log[Mapping[str, Any]] = Log()
        self.channel: SimulatorChannel | None = None
        self.down = False
        self._store: Store | None = None
        self._going = asyncio.Event()

    async def open(self) -> None:
        self._going.set()

    async def close(self) -> None:
        self._going.set()

    async def turn(self, dials: Dials) -> None:
        self.down = dials.refuse > 0
        if self.channel is not None:
            self.channel.settings = Settings(throttle_rate=dials.throttle, hang_rate=dials.hang)

    def hold(self) -> None:
        self._going.clear()

    def release(self) -> None:
        self._going.set()

    def texts(self) -> list[str]:
        return [message["body"] for message in self.heard]

    def watching(self, store: Store) -> "Network":
        self._store = store
        return self

    async def append(self, journal: str, value: Any, *, keep: int = 10_000) -> int:
        assert self._store is not None
        if self.down:
            raise OSError("no database")
        position = await self._store.append(journal, value, keep=keep)
        if journal == JOURNAL:
            self.heard.add(value)
            await self._going.wait()
        return position

    async def get(self, key: str) -> Any:
        assert self._store is not None
        return await self._store.get(key)

    async def put(self, key: str, value: Any) -> None:
        assert self._store is not None
        await self._store.put(key, value)

    async def delete(self, key: str) -> None:
        assert self._store is not None
        await self._store.delete(key)

    async def read(self, journal: str, after: int = 0, limit: int = 100) -> Sequence[tuple[int, Any]]:
        assert self._store is not None
        return await self._store.read(journal, after, limit)


class TestSimulator(ChannelContract):
    channel = SimulatorChannel
    signature = Signature.URL
    has_a_door = False
    deadline_s = 0.5
    kinds: ClassVar[Mapping[Fault, SendErrorKind]] = {
        Fault.THROTTLE: SendErrorKind.THROTTLED,
        Fault.HANG: SendErrorKind.UNCERTAIN,
        Fault.REFUSE: SendErrorKind.UNAVAILABLE,
    }
    inbound = (
        InboundCase(
            "a text",
            post_json({"id": "t1", "from": CONTACT, "to": OUR_NUMBER, "body": "Hi 👋"}),
            (Inbound(CONTACT, OUR_NUMBER, "Hi 👋", provider_id="t1"),),
            answer=b'{"accepted": 1}',
        ),
        InboundCase(
            "a picture",
            post_json({"id": "t2", "from": CONTACT, "to": OUR_NUMBER, "media": ["https://pictures.example/a.png"]}),
            (
                Inbound(
                    CONTACT,
                    OUR_NUMBER,
                    "",
                    provider_id="t2",
                    channel="mms",
                    media=(MediaReference("image/png", url="https://pictures.example/a.png"),),
                ),
            ),
        ),
    )

    def far_side(self) -> Network:
        self.network = Network()
        return self.network

    def settings(self, far: Network) -> Mapping[str, Any]:
        return {}

    def written(self, body: str, sender: str, identity: str) -> WebhookRequest:
        return post_json({"id": identity, "from": sender, "to": OUR_NUMBER, "body": body})

    def make(self, context: GatewayContext, settings: Settings) -> SimulatorChannel:
        self.network.channel = SimulatorChannel(replace(context, store=self.network.watching(context.store)), settings)
        return self.network.channel

    async def told(self, far: Network, whole: WholeGateway, gateway: Any) -> list[str]:
        outbox = await whole.served(gateway, "outbox")
        return [message["body"] for message in outbox["items"]]
