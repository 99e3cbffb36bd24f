"""What becomes of a message when the far side is well, slow, silent, broken, or gone."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.sdk import Channel, HealthState, Outbound, PartResult, SendErrorKind, SenderView, SendResult
from gateway.sdk.faults import Dials, Fault, only
from gateway.sdk.ids import format_message_id
from gateway.sdk.text import Capabilities, SenderKind
from gateway.testing.cases import OutboundCase, check_asked, check_outcome
from gateway.testing.contract import ContractBase, needs
from gateway.testing.log import PATIENCE_S
from gateway.testing.stage import Stage
from gateway.testing.values import OUR_NUMBER
from gateway.workers.attempt import Failure

# Ten parts of 67 UTF-16 units, with characters that no cut may halve.
TEN_PARTS = ("Grüße 👩‍👩‍👧 " * 63)[:665]
_TRIED_AGAIN = (SendErrorKind.UNAVAILABLE, SendErrorKind.THROTTLED, SendErrorKind.MISCONFIGURED)
_NOT_LEFT = (*_TRIED_AGAIN, SendErrorKind.REJECTED)
_PAUSE_S = 0.02  # what a worker's backoff is in the product; a bind needs a moment to be there again
_ADDRESSES = {
    SenderKind.ALPHANUMERIC: "DESK",
    SenderKind.SHORT_CODE: "55501",
    SenderKind.EMAIL: "help@desk.example",
    SenderKind.WHATSAPP: OUR_NUMBER,
}


class SendChecks(ContractBase):
    """Errors are data: each says whether anything may have left."""

    @needs("outbound cases")
    async def test_outbound(self, stage: Stage[Channel], far: Any, outbound_case: OutboundCase) -> None:
        far.script(*outbound_case.answers)
        check_outcome(await stage.send(outbound_case.outbound), outbound_case.expected)
        if outbound_case.asked:
            for heard, expected in zip(far.heard, outbound_case.asked, strict=True):
                check_asked(heard, expected)

    @pytest.mark.parametrize("body", ["Hello", "Grüße 👋\nline two", "{}[]~^|\\€ ' \" & < > %41 +"])
    async def test_a_text_arrives_as_it_was_written(self, stage: Stage[Channel], far: Any, body: str) -> None:
        outcome = await stage.send(self.message(body))
        assert isinstance(outcome, SendResult), outcome
        assert_told(far, body, self.message(body).parts)

    async def test_ten_parts_of_unicode_arrive_whole(self, stage: Stage[Channel], far: Any) -> None:
        message = self.message(TEN_PARTS)
        outcome = await stage.send(message)
        assert isinstance(outcome, SendResult), outcome
        assert_told(far, TEN_PARTS, message.parts)
        indexes = [part.index for part in outcome.parts]
        assert indexes == sorted(set(indexes)), "each part is answered once, in order"
        assert set(indexes) <= set(range(1, len(message.parts) + 1)), "parts are counted from 1"
        assert all(part.provider_id for part in outcome.parts), "without an id no receipt will find its part"

    async def test_each_message_has_an_id_of_its_own(self, stage: Stage[Channel]) -> None:
        another = replace(self.message(), message_id=2, attempt=f"{format_message_id(2)}-1")
        sent = [*await self._sent(stage, self.message()), *await self._sent(stage, another)]
        ids = [part.provider_id for part in sent]
        assert len(set(ids)) == len(ids), ids

    async def test_a_fault_is_called_what_it_is(self, stage: Stage[Channel], far: Any, fault: Fault) -> None:
        await far.turn(only(fault))
        if fault is Fault.REFUSE and self.loses_its_line:
            await stage.health.wait(wanted=lambda health: health.state is not HealthState.OK)
        outcome = await stage.send(self.message(), deadline_s=self.deadline_s if fault is Fault.HANG else None)
        assert isinstance(outcome, Failure), f"it counts as sent: {outcome}"
        assert outcome.kind is self._kind(fault), outcome.sentence
        assert outcome.sentence.strip(), "a sentence says what happened"

    async def test_after_a_fault_it_sends_again(self, stage: Stage[Channel], far: Any, fault: Fault) -> None:
        await far.turn(only(fault))
        await stage.send(self.message(), deadline_s=self.deadline_s)
        await far.turn(Dials())
        async with asyncio.timeout(PATIENCE_S):
            while not isinstance(outcome := await stage.send(self.message()), SendResult):
                assert outcome.kind in _TRIED_AGAIN, outcome.sentence
                await asyncio.sleep(_PAUSE_S)

    @needs("hang")
    async def test_a_send_ends_when_its_deadline_is_over(self, stage: Stage[Channel], far: Any) -> None:
        await far.turn(only(Fault.HANG))
        before = stage.tasks()
        outcome = await stage.send(self.message(), deadline_s=0.1)
        assert isinstance(outcome, Failure)
        assert outcome.kind is self._kind(Fault.HANG)
        await stage.let_go(but=before)

    @needs("hang")
    async def test_a_send_can_be_cancelled(self, stage: Stage[Channel], far: Any) -> None:
        await far.turn(only(Fault.HANG))
        sending = asyncio.create_task(stage.channel.send(self.message()))
        await far.heard.wait()
        sending.cancel()
        done, _ = await asyncio.wait({sending}, timeout=PATIENCE_S)
        assert done, "it goes on although it was cancelled"
        assert sending.cancelled(), "it swallowed the cancellation"

    @needs("receipts")
    async def test_a_receipt_may_come_before_the_answer(self, stage: Stage[Channel], far: Any) -> None:
        message = self.message()
        far.hold()
        sending = asyncio.create_task(stage.send(message))
        await far.heard.wait()
        assert await self.report(far, message, self._tells(stage))
        far.release()
        result = await sending
        assert isinstance(result, SendResult), result
        sent = {part.provider_id for part in result.parts}
        found = [one for one in stage.receipts if sent & set(one.provider_ids) or one.attempt == message.attempt]
        assert found, f"none of {stage.receipts} is about {sent} or {message.attempt}"

    async def test_capabilities_are_pure(self, stage: Stage[Channel], far: Any, kind_of_sender: SenderKind) -> None:
        view = SenderView(1, kind_of_sender, _ADDRESSES.get(kind_of_sender, OUR_NUMBER))
        before = len(far.heard)
        found = stage.channel.capabilities(view)
        assert isinstance(found, Capabilities)
        assert stage.channel.capabilities(view) == found
        assert len(far.heard) == before

    @needs("a public door")
    async def test_nothing_private_is_dialled(self, far: Any, tmp_path: Path) -> None:
        """Loopback, where the far side is, stands for every address the operator did not let through."""
        async with Stage(self.channel, self.settings(far), tmp_path, make=self.make, loopback=False) as stage:
            if self.loses_its_line:
                stage.start()
                await stage.health.wait(wanted=lambda health: health.state is not HealthState.OK)
            outcome = await stage.send(self.message())
            assert isinstance(outcome, Failure), f"it went to an address nobody let through: {outcome}"
            assert outcome.kind in _NOT_LEFT, outcome.sentence
        assert len(far.heard) == 0

    @needs("check")
    async def test_the_test_button_tells_well_from_gone(self, stage: Stage[Channel], far: Any) -> None:
        assert (await stage.channel.check()).state == "ok"
        await far.turn(only(Fault.REFUSE))
        gone = await stage.channel.check()
        assert gone.state != "ok"
        assert gone.reason

    async def test_closing_leaves_nothing_running(self, stage: Stage[Channel]) -> None:
        await self._sent(stage, self.message())
        await stage.stop()
        await stage.channel.close()
        await stage.let_go()

    async def _sent(self, stage: Stage[Channel], message: Outbound) -> list[PartResult]:
        outcome = await stage.send(message)
        assert isinstance(outcome, SendResult), outcome
        return list(outcome.parts)

    def _kind(self, fault: Fault) -> SendErrorKind:
        """What the worker makes of it: where the provider knows an attempt again, not knowing is a reason to try."""
        kind = self.kinds[fault]
        lost = kind is SendErrorKind.UNCERTAIN and self.channel.idempotent
        return SendErrorKind.UNAVAILABLE if lost else kind


def assert_told(far: Any, body: str, parts: tuple[str, ...]) -> None:
    """The far side understood the text, at once or in its parts."""
    texts = far.texts()
    if body in texts:
        return
    told = iter(texts)
    assert all(part in told for part in parts), f"{body!r} is not among {texts!r}"
