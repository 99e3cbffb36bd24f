"""The kit's message centre before a client nobody here wrote: Kannel binds to it, sends, receives and reports."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from gateway.sdk.faults import Dials, Fault, only
from gateway.sdk.text import parse_udh
from gateway.testing import Answer, FakeProvider, FakeSmsc
from tests.testing.kannel import Kannel

THEIRS, OURS = "14155550148", "14155550100"


@dataclass
class Bound:
    """A centre, Kannel bound to it, and what Kannel tells of."""

    centre: FakeSmsc
    kannel: Kannel
    told: FakeProvider

    async def send(self, text: str, **more: str) -> str:
        return await asyncio.to_thread(self.kannel.send, THEIRS, text, **more)


@pytest.fixture
async def bound() -> AsyncIterator[Bound]:
    async with FakeSmsc() as centre, FakeProvider(lambda heard: Answer(200, b"", "text/plain")) as told:
        kannel = Kannel(centre.port, told.url)
        try:
            await asyncio.to_thread(kannel.start)
            await centre.bound.wait()
            yield Bound(centre, kannel, told)
        finally:
            await asyncio.to_thread(kannel.stop)


async def test_a_client_nobody_here_wrote_is_served(bound: Bound) -> None:
    assert "Accepted" in await bound.send("Is {it} back?")
    (submit, *_) = await bound.centre.heard.wait(1)
    assert (submit.destination_addr, bound.centre.texts()) == (THEIRS, ["Is {it} back?"])

    # It knows a message by its id once it says that the centre took it; a receipt before that is nobody's.
    await bound.told.heard.wait(wanted=lambda heard: heard.path == "/dlr" and heard.query["state"] == ["8"])
    assert await bound.centre.deliver(bound.centre.receipt(bound.centre.ids[0])) == [0]
    await bound.told.heard.wait(wanted=lambda heard: heard.path == "/dlr" and heard.query["state"] == ["1"])

    assert await bound.centre.deliver(bound.centre.text(THEIRS, OURS, "Yes, three")) == [0]
    await bound.told.heard.wait(wanted=lambda heard: heard.path == "/mo")
    (said,) = [heard for heard in bound.told.heard if heard.path == "/mo"]
    assert (said.query["from"], said.query["to"], said.query["text"]) == ([THEIRS], [OURS], ["Yes, three"])


async def test_its_long_message_arrives_in_two_parts(bound: Bound) -> None:
    body = "All about lamps. " * 15
    assert "Accepted" in await bound.send(body.strip())
    first, second = (await bound.centre.heard.wait(2))[:2]
    assert [submit.esm_class & 0x40 for submit in (first, second)] == [0x40, 0x40]
    cuts = [parse_udh(submit.short_message)[0] for submit in (first, second)]
    assert [(cut.total, cut.index) for cut in cuts if cut is not None] == [(2, 1), (2, 2)]
    assert "".join(bound.centre.texts()) == body.strip()


async def test_it_comes_back_after_the_centre_was_away(bound: Bound) -> None:
    await bound.centre.turn(only(Fault.REFUSE))
    await bound.centre.turn(Dials())
    await bound.centre.bound.wait(2)
    await asyncio.to_thread(bound.kannel.wait_bound)
    assert "Accepted" in await bound.send("Still there?")
    await bound.centre.heard.wait(1)
    assert bound.centre.texts() == ["Still there?"]
