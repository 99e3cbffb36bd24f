"""Against node-smpp, an SMSC library nobody here wrote."""

import asyncio

import pytest

from gateway.sdk import Health, HealthState, SendError, SendErrorKind, SenderView, SendResult
from gateway.sdk.text import Concat, SenderKind, Status
from gateway_sms_smpp.echoes import reference_of

from .conftest import StartCentre, StartStage
from .stage import CONTACT, NUMBER


async def test_a_message_goes_out_and_its_receipt_comes_back(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre()
    one = stage(centre.port)
    await one.bound()

    result = await one.send("Hello", "01")
    (receipt,) = await one.receipts(1)
    (submit,) = await centre.said("submit_sm")

    assert [(part.index, part.provider_id, part.status) for part in result.parts] == [(1, "123", Status.SENT)]
    assert (receipt.provider_ids[0], receipt.state, receipt.attempt) == ("123", Status.DELIVERED, "att_1")
    assert submit == {
        "event": "submit_sm",
        "source": "15550100",
        "source_ton": 1,
        "source_npi": 1,
        "destination": "15550101",
        "destination_ton": 1,
        "destination_npi": 1,
        "esm_class": 0,
        "data_coding": 0,
        "registered_delivery": 1,
        "validity": None,
        "text": "Hello",
        "udh": [],
        "payload": None,
        "sar": [],
        "reference": reference_of("att_1"),
    }
    assert (await centre.said("deliver_sm_resp"))[0]["status"] == 0


@pytest.mark.parametrize(
    ("kind", "value", "ton", "npi"),
    [
        (SenderKind.LONG_CODE, "+15550100", 1, 1),
        (SenderKind.TOLL_FREE, "+18005550100", 1, 1),
        (SenderKind.SHORT_CODE, "55501", 3, 0),
        (SenderKind.ALPHANUMERIC, "Onethread", 5, 0),
    ],
)
async def test_every_kind_of_sender(
    start_centre: StartCentre, stage: StartStage, kind: SenderKind, value: str, ton: int, npi: int
) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port)
    await one.bound()

    await one.channel.send(
        one.outbound("Hi", CONTACT + "01", sender=SenderView(1, kind, value), expires_at=1_796_083_200_000)
    )
    (submit,) = await centre.said("submit_sm")

    assert (submit["source"], submit["source_ton"], submit["source_npi"]) == (value.lstrip("+"), ton, npi)
    assert submit["validity"] == "2026-12-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("environment", "settings", "answer", "spelled"),
    [
        ({"RECEIPT_DELAY": "-1"}, {}, "123", "123"),
        ({"RECEIPT_DELAY": "5"}, {}, "123", "123"),
        ({"RECEIPT": "tlv"}, {}, "123", "123"),
        ({"IDS": "hex"}, {}, "0000007B", "0000007B"),
        ({"IDS": "hex"}, {"receipt_id_form": "decimal"}, "0000007B", "0000007B"),
        ({"IDS": "hex", "RECEIPT_DELAY": "-1"}, {"receipt_id_form": "decimal"}, "0000007B", "0000007B"),
    ],
)
async def test_receipts_in_every_form(
    start_centre: StartCentre,
    stage: StartStage,
    environment: dict[str, str],
    settings: dict[str, str],
    answer: str,
    spelled: str,
) -> None:
    centre = await start_centre(**environment)
    one = stage(centre.port, **settings)
    await one.bound()

    result = await one.send("Hello", "01")
    (receipt,) = await one.receipts(1)

    assert result.parts[0].provider_id == answer
    assert spelled in receipt.provider_ids
    assert receipt.state is Status.DELIVERED


LONG_GSM = "€" + "a" * 200 + "[tail]"
LONG_UCS2 = "ж" * 66 + "😀" + "ж" * 80


@pytest.mark.parametrize("body", ["Hi @£€ {x} Ç", "жи\U0001f600", LONG_GSM, LONG_UCS2])
@pytest.mark.parametrize("form", ["udh", "sar", "payload"])
async def test_long_messages_in_every_form(start_centre: StartCentre, stage: StartStage, form: str, body: str) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, long_messages=form)
    await one.bound()

    result = await one.send(body)
    parts = len(result.parts)
    pdus = 1 if form == "payload" else parts
    submits = await centre.said("submit_sm", pdus)

    assert "".join(submit["payload"] or submit["text"] for submit in submits) == body
    assert {submit["registered_delivery"] for submit in submits} == {1}
    if parts > 1 and form == "udh":
        assert [submit["udh"] for submit in submits] == [[f"000334{parts:02x}{n:02x}"] for n in range(1, parts + 1)]
    if parts > 1 and form == "sar":
        assert [submit["sar"] for submit in submits] == [[0x1234, parts, n] for n in range(1, parts + 1)]
    if form == "payload":
        assert len({part.provider_id for part in result.parts}) == 1


@pytest.mark.parametrize(
    ("alphabet", "body", "coding", "pdus"),
    [
        ("latin1", "naïve façade"[:5], 8, 1),
        ("latin1", "plain", 0, 1),
        ("latin1", "5 € off", 8, 1),
        ("latin1", "€" + "a" * 99, 8, 2),
        ("ascii", "plain", 0, 1),
        ("ascii", "é", 3, 1),
        ("ascii", "€" + "a" * 399, 8, 6),
    ],
)
async def test_other_default_alphabets(
    start_centre: StartCentre, stage: StartStage, alphabet: str, body: str, coding: int, pdus: int
) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, alphabet=alphabet)
    await one.bound()

    await one.send(body)
    submits = await centre.said("submit_sm", pdus)

    assert len(submits) == pdus
    assert {submit["data_coding"] for submit in submits} == {coding}
    if coding != 0:
        assert "".join(submit["text"] for submit in submits) == body


@pytest.mark.parametrize(
    ("dial", "kind", "code"),
    [
        ("88", SendErrorKind.THROTTLED, "0x00000058"),
        ("87", SendErrorKind.THROTTLED, "0x00000014"),
        ("82", SendErrorKind.REJECTED, "0x0000000B"),
        ("85", SendErrorKind.UNCERTAIN, None),
        ("86", SendErrorKind.UNCERTAIN, None),
    ],
)
async def test_sends_that_fail(
    start_centre: StartCentre, stage: StartStage, dial: str, kind: SendErrorKind, code: str | None
) -> None:
    centre = await start_centre()
    one = stage(centre.port, response_timeout=2)
    await one.bound()

    with pytest.raises(SendError) as failed:
        await one.send("Hello", dial)

    assert (failed.value.kind, failed.value.provider_code) == (kind, code)
    assert failed.value.sentence.endswith((")", "s", "centre"))


async def test_an_answer_without_a_body_is_accepted_without_an_id(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre()
    one = stage(centre.port)
    await one.bound()

    result = await one.send("Hello", "80")

    assert [(part.provider_id, part.status) for part in result.parts] == [(None, Status.SENT)]


async def test_a_throttled_part_of_an_accepted_message_is_offered_again(
    start_centre: StartCentre, stage: StartStage
) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port)
    await one.bound()

    result = await one.send("a" * 400, "81")
    submits = await centre.said("submit_sm", 4)

    assert [part.status for part in result.parts] == [Status.SENT] * 3
    assert [submit["udh"][0][-2:] for submit in submits] == ["01", "02", "03", "02"]


async def test_a_part_that_stays_throttled_fails_and_the_others_are_sent(
    start_centre: StartCentre, stage: StartStage
) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port)
    await one.bound()

    result = await one.send("a" * 400, "79")

    assert [(part.status, part.code) for part in result.parts] == [
        (Status.SENT, None),
        (Status.FAILED, "0x00000058"),
        (Status.SENT, None),
    ]
    assert len(await centre.said("submit_sm", 6)) == 6


@pytest.mark.parametrize("dial", ["85", "86"])
async def test_after_silence_or_a_cut_the_bind_stands_again(
    start_centre: StartCentre, stage: StartStage, dial: str
) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, response_timeout=2)
    await one.bound()

    with pytest.raises(SendError):
        await one.send("Hello", dial)
    await one.is_healthy(2)

    assert (await one.send("Hello again")).parts[0].provider_id is not None
    assert len(await centre.said("bind_transceiver", 2)) == 2


async def test_silence_on_one_message_leaves_the_others_answered(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, response_timeout=2)
    await one.bound()

    silent, answered = await asyncio.gather(one.send("a", "86"), one.send("b", "01"), return_exceptions=True)
    await centre.said("unbind")
    await one.is_healthy(2)

    assert isinstance(silent, SendError)
    assert isinstance(answered, SendResult)
    assert [health.state for health in one.health.items] == [HealthState.OK, HealthState.DOWN, HealthState.OK]


async def test_the_centre_unbinds_and_the_message_on_the_wire_keeps_its_answer(
    start_centre: StartCentre, stage: StartStage
) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port)
    await one.bound()

    result = await one.send("Hello", "83")
    await centre.said("unbind_resp")
    await one.is_healthy(2)

    assert result.parts[0].provider_id == "123"
    assert Health(HealthState.DOWN, "The message centre unbound") in one.health.items


async def test_stopping_unbinds(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre()
    one = stage(centre.port)
    await one.bound()

    await one.stop()
    await centre.said("unbind")
    await centre.said("closed")

    with pytest.raises(SendError) as refused:
        await one.send("too late")
    assert refused.value.kind is SendErrorKind.UNAVAILABLE


async def test_a_burst_arrives_in_order(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port)
    await one.bound()

    await one.send("go", "84")
    messages = await one.inbounds(500)

    assert [message.body for message in messages] == [f"burst {n}" for n in range(500)]
    assert {(message.sender, message.recipient) for message in messages} == {(CONTACT + "84", "15550100")}
    assert {answer["status"] for answer in await centre.said("deliver_sm_resp", 500)} == {0}


async def test_pipelined_messages_leave_in_order(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, window=10)
    await one.bound()

    await asyncio.gather(*(one.send(f"message {n}") for n in range(200)))

    assert [submit["text"] for submit in await centre.said("submit_sm", 200)] == [f"message {n}" for n in range(200)]


async def test_long_messages_come_in_all_four_forms_out_of_order(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port)
    await one.bound()

    await one.send("go", "99")
    messages = await one.inbounds(7)

    assert [(message.body, message.concat) for message in messages] == [
        ("eight two", Concat(7, 2, 2)),
        ("eight one ", Concat(7, 2, 1)),
        ("sar two", Concat(700, 2, 2)),
        ("sar one ", Concat(700, 2, 1)),
        ("sixteen two", Concat(0x0102, 2, 2)),
        ("sixteen one ", Concat(0x0102, 2, 1)),
        ("payload \U0001f600 ж", None),
    ]


async def test_what_cannot_be_stored_is_answered_as_a_temporary_error(
    start_centre: StartCentre, stage: StartStage
) -> None:
    centre = await start_centre()
    one = stage(centre.port)
    await one.bound()
    one.refuse = 1

    for _ in range(2):
        centre.tell("deliver", source_addr="15550101", destination_addr="15550100", short_message="Hello")
    await one.inbounds(1)

    assert [answer["status"] for answer in await centre.said("deliver_sm_resp", 2)] == [0x64, 0]


async def test_a_message_delivered_again_has_the_same_id_and_one_written_again_another(
    start_centre: StartCentre, stage: StartStage
) -> None:
    centre = await start_centre()
    one = stage(centre.port)
    await one.bound()

    hello = {"source_addr": "15550101", "destination_addr": "15550100", "short_message": "ok"}
    centre.tell("deliver", **hello)
    centre.tell("deliver", **hello)
    await centre.said("deliver_sm_resp", 2)
    centre.tell("cut")
    await one.is_healthy(2)
    centre.tell("deliver", **hello)
    first, second, again = await one.inbounds(3)

    assert first.provider_id != second.provider_id
    assert again.provider_id == second.provider_id


async def test_a_text_that_looks_like_a_receipt_is_a_text(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre()
    one = stage(centre.port)
    await one.bound()

    body = "id:123 sub:001 dlvrd:001 submit date:2611211030 done date:2611211031 stat:DELIVRD err:000 text:"
    centre.tell("deliver", source_addr="15550101", destination_addr="15550100", short_message=body)
    (message,) = await one.inbounds(1)

    assert message.body == body


async def test_both_sides_ask_for_a_sign_of_life(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre()
    one = stage(centre.port, enquire_link=0.05)
    await one.bound()

    await centre.said("enquire_link", 2)
    centre.tell("enquire")
    await centre.said("enquire_link_resp")

    assert len(one.health.items) == 1


async def test_a_wrong_password_is_told_as_such(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(PASSWORD="other")
    one = stage(centre.port)
    one.start()

    (health,) = await one.health.wait()

    assert health == Health(HealthState.DOWN, "The message centre refused the bind: the password is wrong (status 0xE)")
    assert await one.channel.check() == health
    with pytest.raises(SendError) as refused:
        await one.send("Hello")
    assert "password is wrong" in refused.value.sentence


async def test_split_binds_send_on_one_and_receive_on_the_other(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(RECEIPT="none")
    one = stage(centre.port, bind="split", binds=2)
    await one.bound()

    await centre.said("bind_transmitter", 2)
    await centre.said("bind_receiver", 2)
    assert (await one.send("Hello")).parts[0].provider_id == "123"
    assert (await one.channel.check()).state is HealthState.OK
    assert any("binds stand" in (health.reason or "") for health in one.health.items)


async def test_a_framing_error_ends_the_session_and_another_begins(
    start_centre: StartCentre, stage: StartStage
) -> None:
    centre = await start_centre()
    one = stage(centre.port)
    await one.bound()

    centre.tell("raw", hex="0000000f8000000000000000000000")
    await centre.said("generic_nack")
    await one.is_healthy(2)


async def test_an_unreadable_message_is_kept_and_the_session_goes_on(
    start_centre: StartCentre, stage: StartStage
) -> None:
    centre = await start_centre()
    one = stage(centre.port)
    await one.bound()

    broken = "00000014000000050000000000000063ffffffff"
    centre.tell("raw", hex=broken)
    await one.items.wait()
    centre.tell("deliver", source_addr="15550101", destination_addr="15550100", short_message="Hello")
    await one.inbounds(1)

    assert one.items.items[0].raw.hex() == broken
    assert len(one.health.items) == 1


async def test_nothing_secret_is_traced(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre()
    one = stage(centre.port)
    await one.bound()

    await one.send("Hello Doris", "01")
    await one.receipts(1)
    with pytest.raises(SendError):
        await one.send("Hello Doris", "82")

    assert one.trace.items
    assert not any(word in line for line in one.trace.items for word in ("secret", "Doris", "5550", NUMBER))
