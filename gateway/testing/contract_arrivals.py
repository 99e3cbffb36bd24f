"""What a contact writes, on whatever wire it comes: stored before it is acknowledged, as a text and nothing else."""

import asyncio
from typing import Any

import pytest

from gateway.sdk import Channel, Inbound
from gateway.testing.contract import ContractBase, needs
from gateway.testing.stage import Stage

RECEIPT_LOOKALIKE = "id:0123456789 sub:001 dlvrd:001 submit date:2609211413 done date:2609211413 stat:DELIVRD err:000"
HARD_TEXTS = {
    "a receipt's words": RECEIPT_LOOKALIKE,
    "right to left": "\u202egnp.exe and \u05e9\u05dc\u05d5\u05dd",
    "a family": "👩‍👩‍👧 and 🏳️‍🌈",
    "markup": "<script>alert('x')</script> & {{ name }} {% if %}",
    "GSM's own": "{}[]~^|\\€ @£$ ÄÖÑÜ§ àèìòù",
}


class ArrivalChecks(ContractBase):
    """Made where the author says how a contact's text comes in: `written`, or `deliver` where it is no webhook."""

    @needs("arrivals")
    @pytest.mark.parametrize("body", HARD_TEXTS.values(), ids=list(HARD_TEXTS))
    async def test_what_a_contact_wrote_is_a_text(self, stage: Stage[Channel], far: Any, body: str) -> None:
        assert await self._say(stage, far, body)
        (item,) = stage.received
        assert isinstance(item, Inbound), item
        assert item.body == body

    @needs("arrivals")
    async def test_what_cannot_be_stored_is_offered_again(self, stage: Stage[Channel], far: Any) -> None:
        stage.refusals = 1
        assert not await self._say(stage, far, "Hello"), "it was acknowledged, and nobody has it"
        assert len(stage.received) == 0
        assert await self._say(stage, far, "Hello")
        assert [item.body for item in stage.inbounds] == ["Hello"]

    @needs("arrivals")
    async def test_each_of_many_at_once_comes_in(self, stage: Stage[Channel], far: Any) -> None:
        told = await asyncio.gather(*(self._say(stage, far, f"text {n}", identity=f"many-{n}") for n in range(20)))
        assert all(told)
        assert sorted(item.body for item in stage.inbounds) == sorted(f"text {n}" for n in range(20))
        names = {item.provider_id for item in stage.inbounds}
        assert len(names) == 20, "two messages share an id, and one would be lost as a repetition"

    async def _say(self, stage: Stage[Channel], far: Any, body: str, *, identity: str = "in-1") -> bool:
        return await self.deliver(far, body, self.message().to, identity, self._tells(stage))
