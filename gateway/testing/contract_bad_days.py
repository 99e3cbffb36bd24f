"""Bad days on the whole way: what the product promises must hold over every channel's own wire."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from gateway.sdk.faults import Dials, Fault, only
from gateway.testing.contract import needs
from gateway.testing.contract_whole import WholeWayChecks
from gateway.testing.values import CONTACT
from gateway.testing.whole import WholeGateway, whole_gateway

_MANY = 25
_HELD = ("held", "failed", "cancelled")


class BadDayChecks(WholeWayChecks):
    """Made where the channel's distribution is installed."""

    @needs("installed arrivals")
    async def test_many_first_messages_at_once_are_one_thread(self, far: Any, tmp_path: Path) -> None:
        async with self._running(far, tmp_path) as (whole, gateway):
            tell = self._calls(whole, gateway, far)
            writer = self.message().to
            told = await asyncio.gather(
                *(self.deliver(far, f"text {n}", writer, f"first-{n}", tell) for n in range(_MANY))
            )
            assert all(told)
            received = await self._received(whole, _MANY)
            assert sorted(one["body"] for one in received) == sorted(f"text {n}" for n in range(_MANY))
            assert len({one["thread_id"] for one in received}) == 1
            assert len({one["conversation_id"] for one in received}) == 1

    @needs("installed named arrivals")
    async def test_a_text_delivered_fifty_times_is_one(self, far: Any, tmp_path: Path) -> None:
        async with self._running(far, tmp_path) as (whole, gateway):
            tell, writer = self._calls(whole, gateway, far), self.message().to
            assert await self.deliver(far, "Only once", writer, "again-1", tell)
            told = await asyncio.gather(*(self.deliver(far, "Only once", writer, "again-1", tell) for _ in range(49)))
            assert all(told), "a repetition is acknowledged, or it never ends"
            assert await self.deliver(far, "The end", writer, "again-2", tell)
            assert [one["body"] for one in await self._received(whole, 2)] == ["Only once", "The end"]

    @needs("installed arrivals")
    async def test_stop_holds_back_what_waits(self, far: Any, tmp_path: Path) -> None:
        async with self._running(far, tmp_path) as (whole, gateway):
            tell, writer = self._calls(whole, gateway, far), self.message().to
            await whole.made(f"/gateways/{gateway['id']}/pause", {})
            waiting = [await whole.made("/messages", self._asked(writer, f"offer {n}")) for n in range(10)]
            assert await self.deliver(far, "STOP", writer, "stop-1", tell)
            await self._received(whole, 1)
            refused = await whole.ask("POST", "/messages", self._asked(writer, "One more"))
            assert (refused.status, refused.body["type"].rpartition("/")[2]) == (422, "recipient-opted-out")
            await whole.made(f"/gateways/{gateway['id']}/resume", {})
            for one in waiting:
                await whole.message(one["id"], *_HELD)
            assert not [text for text in await self.told(far, whole, gateway) if "offer" in text]

    @needs("installed receipts")
    async def test_a_status_never_goes_back(self, far: Any, tmp_path: Path) -> None:
        async with self._running(far, tmp_path) as (whole, gateway):
            tell, message = self._calls(whole, gateway, far), self.message()
            sent = await whole.made("/messages", self._asked(message.to, "Hello"))
            await whole.message(sent["id"], "sent")
            for _ in range(3):
                assert await self.report(far, message, tell)
                await whole.message(sent["id"], "delivered")
            told = (await whole.ask("GET", f"/messages/{sent['id']}")).body
            assert told["status"] == "delivered"

    @needs("lost answers")
    async def test_a_lost_answer_is_never_sent_again(self, far: Any, tmp_path: Path) -> None:
        async with self._running(far, tmp_path) as (whole, gateway):
            to = self.message().to
            await far.turn(only(Fault.RESET))
            lost = await whole.made("/messages", self._asked(to, "Lost on the way"))
            await whole.message(lost["id"], "uncertain")
            await far.turn(Dials())
            after = await whole.made("/messages", self._asked(to, "The next one"))
            await whole.message(after["id"], "sent", "delivered")
            texts = await self.told(far, whole, gateway)
            assert len([text for text in texts if "Lost on the way" in text]) == 1
            assert (await whole.message(lost["id"], "uncertain"))["status"] == "uncertain"

    @needs("a way round")
    async def test_what_was_refused_at_the_door_goes_another_way(self, far: Any, tmp_path: Path) -> None:
        other = self.far_side()
        await other.open()
        try:
            async with whole_gateway(tmp_path) as whole:
                gateways = [await self._gateway(whole, one, name) for name, one in (("A", far), ("B", other))]
                sender = self.message().sender
                number = {"kind": sender.kind.value, "value": sender.value}
                await whole.made("/senders", {**number, "gateway_ids": [one["id"] for one in gateways]})
                await far.turn(only(Fault.REFUSE))
                sent = [await whole.made("/messages", self._asked(to, "Round")) for to in self._people(6)]
                for one in sent:
                    done = await whole.message(one["id"], "sent", "delivered")
                    assert done["gateway_id"] == gateways[1]["id"]
                assert sum("Round" in text for text in other.texts()) == len(sent)
                assert not far.texts()
        finally:
            await other.close()

    @asynccontextmanager
    async def _running(self, far: Any, folder: Path) -> AsyncIterator[tuple[WholeGateway, Any]]:
        async with whole_gateway(folder) as whole:
            yield whole, await self._added(whole, far)

    async def _gateway(self, whole: WholeGateway, far: Any, name: str) -> Any:
        gateway = await whole.add_gateway(self.channel.type, self.settings(far), name=name)
        await self.joined(far)
        return gateway

    async def _received(self, whole: WholeGateway, count: int) -> list[Any]:
        async def look() -> list[Any] | None:
            found = await whole.received()
            return found if len(found) >= count else None

        found: list[Any] = await whole.until(look, f"{count} messages came in")
        assert len(found) == count
        return found

    def _people(self, count: int) -> list[str]:
        """Contacts of the kind the channel writes to."""
        to = self.message().to
        if "@" in to:
            return [f"{n}.{to}" for n in range(count)]
        return [f"{CONTACT[:-1]}{n}" for n in range(count)]
