"""What a gateway knows again after a restart, against node-smpp."""

import asyncio

import pytest

from gateway.sdk import SendError, SendErrorKind
from gateway_sms_smpp import memory
from gateway_sms_smpp.deliveries import Delivery
from gateway_sms_smpp.echoes import Echoes, reference_of
from gateway_sms_smpp.memory import HABITS, MINUTE, UNANSWERED, UNDER_WAY, Memory
from gateway_sms_smpp.pdu import DeliverSm, Header
from gateway_sms_smpp.receipt_ids import ReceiptIdForm, ReceiptIds
from gateway_sms_smpp.repeats import Repeats

from .centre import Centre
from .conftest import StartCentre, StartStage
from .peer import Standing
from .stage import CONTACT, Kept

SILENT, WHEN_TOLD = "86", "78"


def _receipt(centre: Centre, reference: int, dial: str, message_id: str = "nobody-heard-this") -> None:
    said = f"id:{message_id} sub:001 dlvrd:001 submit date:2611211030 done date:2611211031 stat:DELIVRD err:000 text:"
    centre.tell(
        "deliver",
        esm_class=4,
        source_addr=(CONTACT + dial).lstrip("+"),
        source_addr_ton=1,
        destination_addr="15550100",
        short_message=said,
        user_message_reference=reference,
    )


async def test_a_receipt_settles_after_a_restart_what_was_never_answered(
    start_centre: StartCentre, stage: StartStage
) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, response_timeout=2)
    await one.bound()
    with pytest.raises(SendError) as failed:
        await one.send("Hello", SILENT)
    assert failed.value.kind is SendErrorKind.UNCERTAIN
    await one.stop()

    later = stage(centre.port, kept=one.kept)
    await later.bound()
    _receipt(centre, reference_of("att_1"), SILENT)

    (receipt,) = await later.receipts(1)
    assert receipt.attempt == "att_1"
    assert "5550" not in repr(one.kept.journals), "a number outlives its contact"


async def test_a_receipt_settles_after_a_kill_what_was_on_the_wire(
    start_centre: StartCentre, stage: StartStage
) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port)
    await one.bound()
    sending = asyncio.create_task(one.send("Hello", WHEN_TOLD))
    await one.kept.writes.wait(lambda journal: journal == UNDER_WAY)

    as_it_was = Kept()
    as_it_was.journals = {UNDER_WAY: list(one.kept.journals[UNDER_WAY])}
    later = stage(centre.port, kept=as_it_was)
    await later.bound()
    assert [row[0] for row in as_it_was.journals[UNANSWERED][0]] == ["att_1"]
    _receipt(centre, reference_of("att_1"), WHEN_TOLD)

    (receipt,) = await later.receipts(1)
    assert receipt.attempt == "att_1"
    centre.tell("answer")
    await sending


async def test_what_is_answered_at_once_is_never_written(
    start_centre: StartCentre, stage: StartStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MOMENT", 2.0)  # all that "at once" may take another process
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port)
    await one.bound()
    for _ in range(3):
        await one.send("Hello")
    sending = asyncio.create_task(one.send("Hello", WHEN_TOLD))
    await one.kept.writes.wait(lambda journal: journal == UNDER_WAY)
    centre.tell("answer")
    await sending
    assert [row[0] for row in one.kept.journals[UNDER_WAY][0]] == ["att_4"]
    assert one.kept.documents == {}


async def test_a_send_that_is_cancelled_is_written_down_too(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port)
    await one.bound()
    sending = asyncio.create_task(one.send("Hello", SILENT))
    await centre.said("submit_sm")
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)

    await one.kept.writes.wait(lambda journal: journal == UNANSWERED)
    assert [row[0] for row in one.kept.journals[UNANSWERED][0]] == ["att_1"]


async def test_a_gateway_that_is_closed_leaves_word_of_what_was_under_way(
    start_centre: StartCentre, stage: StartStage
) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port)
    await one.bound()
    sending = asyncio.create_task(one.send("Hello", WHEN_TOLD))
    await asyncio.sleep(0)

    await one.channel.close()

    assert [row[0] for row in one.kept.journals[UNDER_WAY][0]] == ["att_1"]
    await centre.said("submit_sm")
    centre.tell("answer")
    await sending


async def test_how_ids_are_spelled_is_known_again(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(IDS="hex")
    one = stage(centre.port)
    await one.bound()
    for count in (1, 2, 3):
        await one.send("Hello", "01")
        await one.receipts(count)
    await one.kept.writes.wait(lambda key: key == HABITS and one.kept.documents[HABITS]["scores"]["decimal"] == 3)
    await one.stop()

    later = stage(centre.port, kept=one.kept)
    await later.bound()
    _receipt(centre, 0, "01", "255")

    (receipt,) = await later.receipts(1)
    assert receipt.provider_ids[0] == "ff"
    assert "000000ff" in receipt.provider_ids, "it pads its ids to eight digits"
    assert "000000FF" in receipt.provider_ids
    assert "255" not in receipt.provider_ids, "that may be somebody else's"


async def test_without_a_database_it_binds_and_sends_all_the_same(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(RECEIPT="none")
    kept = Kept()
    kept.broken = True
    one = stage(centre.port, kept=kept, response_timeout=2)
    await one.bound()
    assert (await one.send("Hello")).parts[0].provider_id == "123"
    with pytest.raises(SendError):
        await one.send("Hello", SILENT)
    assert any("could not be read: OSError" in line for line in one.trace.items)
    assert any("could not be kept: OSError" in line for line in one.trace.items)


async def test_only_what_was_under_way_as_the_run_ended_lost_its_answer() -> None:
    kept = Kept()
    kept.journals[UNDER_WAY] = [[["long-ago", "a", 1_000]], [["just-now", "b", 900_000]], [["last", "c", 1_000_000]]]
    echoes = Echoes()

    await memory_of(kept, echoes, Repeats(lambda: 0)).recall()

    assert [row[0] for batch in kept.journals[UNANSWERED] for row in batch] == ["just-now", "last"]


def test_an_echo_is_of_one_recipient() -> None:
    echoes = Echoes()
    reference = echoes.remember("att_1", "+15550101")
    assert echoes.attempt_of(reference, "15550101") == "att_1"
    assert echoes.attempt_of(reference, "0015550101") == "att_1"
    assert echoes.attempt_of(reference, "15550102") is None
    assert echoes.attempt_of(reference + 1, "15550101") is None


def memory_of(kept: Kept, echoes: Echoes, repeats: Repeats) -> Memory:
    return Memory(kept, echoes, ReceiptIds(ReceiptIdForm.AUTO), repeats, lambda: 0, lambda direction, summary: None)


async def test_what_was_delivered_last_is_known_after_a_kill() -> None:
    """A centre that got no answer brings it again, minutes later, without any id."""
    kept, clock, link = Kept(), [1_795_000_000_000], Standing()
    delivery = Delivery(Header(5, 0, 1), DeliverSm(), bytes(16) + b"Is the lamp back?", link)
    before = Repeats(lambda: clock[0])
    first = before.name(delivery)
    before.stored(delivery)
    await memory_of(kept, Echoes(), before).keep()
    assert "lamp" not in repr(kept.journals)

    clock[0] += 600_000
    after = Repeats(lambda: clock[0])
    await memory_of(kept, Echoes(), after).recall()
    link.now = asyncio.get_running_loop().time() + 1
    assert after.name(delivery) == first


async def test_what_was_delivered_in_the_last_moment_is_known_by_the_minute_that_was_written_first() -> None:
    """Written down once a minute, before anything is named in it, and by one of many that come at once."""
    kept, clock, link = Kept(), [1_795_000_000_000], Standing()
    delivery = Delivery(Header(5, 0, 1), DeliverSm(), bytes(16) + b"Is the lamp back?", link)
    before = Repeats(lambda: clock[0])
    memory = memory_of(kept, Echoes(), before)
    await asyncio.gather(*(memory.begin_minute() for _ in range(20)))
    assert await kept.get(MINUTE) == clock[0] // 60_000
    first = before.name(delivery)
    before.stored(delivery)  # and killed before its moment was over

    clock[0] += 600_000
    after = Repeats(lambda: clock[0])
    memory = memory_of(kept, Echoes(), after)
    await memory.recall()
    await memory.begin_minute()
    assert await kept.get(MINUTE) == 1_795_000_000_000 // 60_000, "that minute goes on"
    assert after.name(delivery) == first
    after.stored(delivery)
    assert after.name(delivery) != first


async def test_a_minute_goes_on_for_no_more_than_is_recalled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_LONGEST_MINUTE", 3)
    kept, clock, link = Kept(), [1_795_000_000_000], Standing()
    delivery = Delivery(Header(5, 0, 1), DeliverSm(), bytes(16) + b"ok", link)
    for goes_on in (False, True, False):
        repeats = Repeats(lambda: clock[0])
        run = memory_of(kept, Echoes(), repeats)
        await run.recall()
        await run.begin_minute()
        repeats.name(delivery)
        repeats.stored(delivery)
        await run.keep()
        assert repeats.goes_on == goes_on
        clock[0] += 60_000
