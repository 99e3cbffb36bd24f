"""What an author says of a channel, so that the checks nobody has to remember can be made of it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
import pytest_asyncio

from gateway.host.http_sessions import TOTAL_TIMEOUT_S
from gateway.sdk import Channel, Inbound, Outbound, SendErrorKind, SenderView, WebhookRequest
from gateway.sdk.faults import Dials, Fault
from gateway.sdk.text import SenderKind
from gateway.testing.cases import InboundCase, OutboundCase
from gateway.testing.clock import NOON
from gateway.testing.far_side import FarSide
from gateway.testing.provider import FakeProvider
from gateway.testing.stage import Stage
from gateway.testing.values import outbound

Check = TypeVar("Check", bound=Callable[..., Any])

KINDS: Mapping[Fault, SendErrorKind] = {
    Fault.THROTTLE: SendErrorKind.THROTTLED,
    Fault.FAIL: SendErrorKind.UNCERTAIN,
    Fault.RUBBISH: SendErrorKind.UNCERTAIN,
    Fault.HANG: SendErrorKind.UNCERTAIN,
    Fault.RESET: SendErrorKind.UNCERTAIN,
    Fault.REFUSE: SendErrorKind.UNAVAILABLE,
}
"""What each fault must be called unless the provider says otherwise: once bytes have left, nobody knows."""

Tell = Callable[[WebhookRequest], Awaitable[int]]
"""Calls one of the gateway's webhooks with an unsigned request, signed on the way; the status of the answer."""

NEEDS = "onethread_needs"


class Signature(StrEnum):
    """What a webhook's proof is about."""

    BODY = "body"  # a signature over what was said: changing a byte breaks it
    TOKEN = "token"  # noqa: S105  a word both know
    URL = "url"  # nothing but the address, which only the provider knows


def needs(what: str) -> Callable[[Check], Check]:
    """Marks a check that only makes sense for a channel that has this; others don't have the check at all."""

    def mark(check: Check) -> Check:
        setattr(check, NEEDS, what)
        return check

    return mark


def is_installed(channel: type[Channel]) -> bool:
    """Whether a gateway in this environment would find the channel's distribution by its entry point."""
    package = channel.__module__.partition(".")[0]
    return any(point.module.partition(".")[0] == package for point in entry_points(group="onethread"))


class ContractBase:
    """What an author says of a channel, and the stage the checks use it on."""

    channel: ClassVar[type[Channel]]
    """The channel class."""
    signature: ClassVar[Signature] = Signature.BODY
    """What the proof of a webhook is about."""
    inbound: ClassVar[Sequence[InboundCase]] = ()
    """Webhooks and what they say."""
    outbound: ClassVar[Sequence[OutboundCase]] = ()
    """Messages and what becomes of them. Their `asked` and `answers` are about a FakeProvider."""
    kinds: ClassVar[Mapping[Fault, SendErrorKind]] = KINDS
    """What each fault must become. A fault that can't happen on this wire is left out."""
    deadline_s: ClassVar[float] = 2.0
    """Seconds after which the checks give a silent far side up."""
    sends: ClassVar[SenderView | None] = None
    """The sender the checks send from, if not a long code."""

    names_arrivals: ClassVar[bool] = True
    """Whether what comes in has an id of the provider's, by which a second delivery is known."""

    has_a_door: ClassVar[bool] = True
    """Whether there is a host and a port between us and the far side, which the guard on addresses watches."""

    on_a_line: ClassVar[bool] = False
    """Whether the far side is at the end of a line (`dial_line`), so that private addresses are its usual ones."""

    loses_its_line: ClassVar[bool] = False
    """Whether a far side that is gone cuts the channel's standing connection, which it reports before it is asked."""
    now: int = NOON
    """Milliseconds since the epoch: what a proof with a time in it is made at."""

    def far_side(self) -> FarSide:
        """The fake at the other end of the wire. It says yes, with an id, unless it is told otherwise."""
        return FakeProvider()

    def settings(self, far: Any) -> Mapping[str, Any]:
        """The channel's settings, so that it talks to `far`. Secrets of eight characters or more, all different."""
        raise AssertionError("a contract says what the channel's settings are")

    def sign(self, request: WebhookRequest, settings: Any) -> WebhookRequest:
        """The request with the provider's proof, made from the settings. Adds nothing but the proof."""
        return request

    def message(self, body: str = "Hello") -> Outbound:
        """A message the channel can send."""
        return outbound(body, from_=self.sends)

    def receipt(self, far: Any, message: Outbound) -> WebhookRequest | None:
        """The unsigned webhook that says that `message` was delivered, when `far` has heard it and not yet answered."""
        return None

    async def report(self, far: Any, message: Outbound, tell: Tell) -> bool:
        """`far` says that `message`, the last it heard, was delivered; whether that was acknowledged.

        Override it where receipts come by something else than `receipt`'s webhook.
        """
        request = self.receipt(far, message)
        assert request is not None, "a channel with receipts says how they come"
        return 200 <= await tell(request) < 300

    def written(self, body: str, sender: str, identity: str) -> WebhookRequest | None:
        """The unsigned webhook that says that `sender` wrote `body`; `identity` is what the provider calls it."""
        return None

    async def deliver(self, far: Any, body: str, sender: str, identity: str, tell: Tell) -> bool:
        """`far` brings a contact's text to the sender that `message` goes out from; whether it was acknowledged.

        Override it where texts come by something else than `written`'s webhook.
        """
        request = self.written(body, sender, identity)
        assert request is not None, "a channel with webhooks says how a text comes"
        return 200 <= await tell(request) < 300

    async def joined(self, far: Any) -> None:
        """Until the channel's standing connection or open door is there; override it where there is one."""

    def make(self, *arguments: Any) -> Channel:
        """The channel, of its context and settings; override to hand it a shorter patience."""
        return self.channel(*arguments)

    @classmethod
    def has(cls, what: str) -> bool:
        """Whether the channel has what a check needs."""
        channel = cls.channel
        webhooks = channel.parse is not Channel.parse
        installed = is_installed(channel)
        receipts = cls.receipt is not ContractBase.receipt or cls.report is not ContractBase.report
        arrivals = cls.written is not ContractBase.written or cls.deliver is not ContractBase.deliver
        lost = Fault.RESET in cls.kinds and not channel.idempotent
        facts = {
            "webhooks": webhooks,
            "no webhooks": not webhooks,
            "proof": webhooks and cls.signature is not Signature.URL,
            "signed body": webhooks and cls.signature is Signature.BODY,
            "receipts": receipts,
            "arrivals": arrivals,
            "installed arrivals": installed and arrivals,
            "installed named arrivals": installed and arrivals and cls.names_arrivals,
            "lost answers": installed and lost,
            "a public door": cls.has_a_door and not cls.on_a_line,
            "a way round": installed and Fault.REFUSE in cls.kinds and cls.has_a_door,
            "media": channel.fetch_media is not Channel.fetch_media,
            "check": channel.check is not Channel.check,
            "run": channel.is_long_lived(),
            "inbound cases": bool(cls.inbound),
            "outbound cases": bool(cls.outbound),
            "installed": installed,
            "installed receipts": installed and receipts,
            "installed webhooks": installed and any(isinstance(case.expected[0], Inbound) for case in cls.inbound),
            **{fault.value: fault in cls.kinds for fault in Fault},
        }
        return facts[what]

    def __init_subclass__(cls) -> None:
        """Takes away the checks that make no sense for this channel, and gives back those its base could not use."""
        super().__init_subclass__()
        if not hasattr(cls, "channel"):
            return
        conditional = {
            name: check for base in reversed(cls.__mro__) for name, check in vars(base).items() if hasattr(check, NEEDS)
        }
        for name, check in conditional.items():
            if not cls.has(getattr(check, NEEDS)):
                setattr(cls, name, None)
            elif getattr(cls, name) is None:
                setattr(cls, name, check)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test for each case and for each fault."""
        cls = type(self)
        if "inbound_case" in metafunc.fixturenames:
            metafunc.parametrize("inbound_case", cls.inbound, ids=[case.label for case in cls.inbound])
        if "outbound_case" in metafunc.fixturenames:
            metafunc.parametrize("outbound_case", cls.outbound, ids=[case.label for case in cls.outbound])
        if "fault" in metafunc.fixturenames:
            metafunc.parametrize("fault", list(cls.kinds), ids=[fault.value for fault in cls.kinds])
        if "kind_of_sender" in metafunc.fixturenames:
            metafunc.parametrize("kind_of_sender", list(SenderKind), ids=[kind.value for kind in SenderKind])

    @pytest_asyncio.fixture
    async def far(self) -> AsyncIterator[Any]:
        """The far side, listening, without faults."""
        far = self.far_side()
        await far.open()
        yield far
        await far.turn(Dials())
        await far.close()

    @pytest_asyncio.fixture
    async def stage(self, far: Any, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage[Channel]]:
        """The channel with its context; a long-lived one runs and is well. HTTP gives up soon if nothing will come."""
        given = getattr(request.node, "callspec", None)
        silent = given is not None and given.params.get("fault") is Fault.HANG
        async with Stage(
            self.channel,
            self.settings(far),
            tmp_path,
            make=self.make,
            senders=(self.message().sender,),
            http_timeout_s=self.deadline_s / 2 if silent else TOTAL_TIMEOUT_S,
        ) as stage:
            if self.has("run"):
                stage.start()
                await stage.healthy()
            yield stage

    def _tells(self, stage: Stage[Channel]) -> Tell:
        async def tell(request: WebhookRequest) -> int:
            return (await stage.receive(self.signed(stage, request))).status

        return tell

    def signed(self, stage: Stage[Channel], request: WebhookRequest) -> WebhookRequest:
        """The request as the provider sends it."""
        return self.sign(request, stage.settings)
