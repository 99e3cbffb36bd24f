"""What each setting does on the wire, as node-smpp reads it."""

import asyncio

import pytest

from gateway.sdk import SendError, SendErrorKind, SendResult
from gateway_sms_smpp import window
from gateway_sms_smpp.septets import unpack

from .conftest import StartCentre, StartStage
from .stage import CONTACT


async def test_parameters_go_out_and_come_in(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, tlvs="1400=1201159, 1401=0x00ff", service_type="CMT")
    await one.bound()

    await one.channel.send(one.outbound("Hello", CONTACT + "01", metadata={"tlv_1401": "3737", "order": "5"}))
    (extras,) = await centre.said("extras")
    centre.tell("deliver", source_addr="15550101", destination_addr="15550100", short_message="Hi", source_port=77)
    (message,) = await one.inbounds(1)

    assert extras["service_type"] == "CMT"
    assert {tag: bytes.fromhex(value) for tag, value in extras["tlvs"].items()} == {"1400": b"1201159", "1401": b"77"}
    assert message.metadata == {"tlv_020a": "004d"}


async def test_a_parameter_that_is_none_is_rejected_before_anything_leaves(stage: StartStage) -> None:
    one = stage(2775)
    with pytest.raises(SendError) as failed:
        await one.channel.send(one.outbound("Hello", CONTACT + "01", metadata={"tlv_1401": "no octets"}))
    assert failed.value.kind is SendErrorKind.REJECTED
    assert "tlv_1401" in failed.value.sentence


async def test_numbering_and_validity(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, ton_npi="long_code=2/8 recipient=0/1", number_prefix="plus", validity="relative")
    await one.bound()

    await one.channel.send(one.outbound("Hello", CONTACT + "01", expires_at=1_795_000_000_000 + 7_200_000))
    (submit,) = await centre.said("submit_sm")

    assert (submit["source"], submit["source_ton"], submit["source_npi"]) == ("+15550100", 2, 8)
    assert (submit["destination"], submit["destination_ton"], submit["destination_npi"]) == (CONTACT + "01", 0, 1)
    assert submit["validity"] is not None


@pytest.mark.parametrize(
    ("changes", "body", "coding"),
    [
        ({"data_coding_ucs2": 0x18}, "жи", 0x18),
        ({"data_coding_default": 1}, "plain", 1),
        ({"alphabet": "ascii", "data_coding_latin1": 0xF5}, "é", 0xF5),
        ({"alphabet": "ascii", "data_coding_latin1": 0}, "é", 8),
    ],
)
async def test_data_codings_are_the_centres(
    start_centre: StartCentre, stage: StartStage, changes: dict[str, object], body: str, coding: int
) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, **changes)
    await one.bound()

    await one.send(body)
    (submit,) = await centre.said("submit_sm")

    assert submit["data_coding"] == coding


async def test_packed_septets_both_ways(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, alphabet="gsm7_packed", data_coding_default=0xF5)  # 8-bit: node-smpp leaves the octets
    await one.bound()

    await one.send("hello world")
    (submit,) = await centre.said("submit_sm")
    packed = bytes.fromhex(submit["text"])
    centre.tell("deliver", source_addr="15550101", destination_addr="15550100", data_coding=0xF5, hex=packed.hex())
    (message,) = await one.inbounds(1)

    assert (len(packed), unpack(packed)) == (10, b"hello world")
    assert message.body == "hello world"


async def test_a_bind_goes_slower_while_it_is_throttled_and_faster_again(
    start_centre: StartCentre, stage: StartStage
) -> None:
    """This centre takes two at once and throttles what is more."""
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, window=8)
    await one.bound()

    results = await asyncio.gather(*(one.send(f"{n}", "77") for n in range(40)), return_exceptions=True)

    refused = [result for result in results if isinstance(result, SendError)]
    assert {error.kind for error in refused} == {SendErrorKind.THROTTLED}
    assert len(refused) < 28, "whoever goes on as before hears no thirty-eight times: it comes sooner than a yes"
    assert len([result for result in results if isinstance(result, SendResult)]) + len(refused) == 40
    assert any("more slowly: 4 of 8 at once" in line for line in one.trace.items)

    await asyncio.gather(*(one.send(f"{n}") for n in range(60)))
    held = [asyncio.create_task(one.send(f"held {n}", "78")) for n in range(8)]
    await centre.events.wait(lambda event: str(event.get("text")).startswith("held"), 8)
    centre.tell("answer")
    await asyncio.gather(*held)


async def test_a_message_takes_the_bind_that_is_not_told_to_rest(
    start_centre: StartCentre, stage: StartStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "FIRST_REST", 3600.0)
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, binds=2)
    await one.bound()
    await centre.said("bind_transceiver", 2)

    with pytest.raises(SendError):
        await one.send("Hello", "88")
    async with asyncio.timeout(60):  # sooner than a rest is over
        for _ in range(3):
            await one.send("Hello")
