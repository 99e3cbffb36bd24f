"""Against Net::SMPP, a second library nobody here wrote."""

import pytest

from gateway.sdk import HealthState, SendError, SendErrorKind
from gateway.sdk.text import Concat, Status, gsm7_encode
from gateway_sms_smpp.echoes import reference_of

from .conftest import StartCentre, StartStage


async def test_bind_submit_receipt_message_enquire_and_unbind(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(perl=True)
    one = stage(centre.port)
    await one.bound()

    result = await one.send("Hello {world} €", "01")
    (receipt,) = await one.receipts(1)
    (message,) = await one.inbounds(1)
    await centre.said("enquire_link_resp")
    await one.stop()
    await centre.said("unbind")
    await centre.said("closed")
    (submit,) = await centre.said("submit_sm")

    assert result.parts[0].provider_id == "M0001"
    assert receipt.provider_ids == ("M0001",)  # it said m0001
    assert receipt.state is Status.DELIVERED
    assert (message.sender, message.recipient, message.body) == ("+15550101", "+15550100", "Hello {world} €")
    assert {answer["status"] for answer in await centre.said("deliver_sm_resp", 2)} == {0}
    assert submit == {
        "event": "submit_sm",
        "source": "15550100",
        "destination": "15550101",
        "data_coding": 0,
        "esm_class": 0,
        "registered_delivery": 1,
        "hex": gsm7_encode("Hello {world} €").hex(),
        "reference": reference_of("att_1"),
    }


async def test_a_long_message_there_and_back(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(perl=True)
    one = stage(centre.port)
    await one.bound()

    body = "ж" * 66 + "\U0001f600" * 20
    result = await one.send(body, "01")
    parts = await one.inbounds(len(result.parts))

    assert "".join(part.body for part in parts) == body
    assert [part.concat for part in parts] == [Concat(0x34, len(parts), n) for n in range(1, len(parts) + 1)]


async def test_our_enquire_link_is_answered(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(perl=True)
    one = stage(centre.port, enquire_link=0.05)
    await one.bound()

    await centre.said("enquire_link", 2)

    assert (await one.channel.check()).state is HealthState.OK


async def test_the_centre_unbinds(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(perl=True)
    one = stage(centre.port)
    await one.bound()

    assert (await one.send("Hello", "83")).parts[0].provider_id == "M0001"
    await centre.said("unbind_resp")
    await one.is_healthy(2)


async def test_a_wrong_password(start_centre: StartCentre, stage: StartStage) -> None:
    centre = await start_centre(perl=True)
    one = stage(centre.port, password="guess")
    one.start()

    (health,) = await one.health.wait()

    assert "password is wrong" in (health.reason or "")
    with pytest.raises(SendError) as refused:
        await one.send("Hello")
    assert refused.value.kind is SendErrorKind.UNAVAILABLE
