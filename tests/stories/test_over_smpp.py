"""A message goes in, a thread stands, an answer goes out: over a real message centre."""

from plugins.sms_smpp.tests.centre import Centre
from tests.stories.outside import Join
from tests.support.gateway import RunningGateway

DESK = "+14155550132"
SHORT = "72345"
MAYA = "14155550148"


async def test_a_text_is_answered_and_delivered(product: RunningGateway, join: Join, centre: Centre) -> None:
    outside = join(product)
    gateway = await outside.add_smpp(centre)
    await outside.add_sender(DESK, gateway)

    centre.tell("deliver", source_addr=MAYA, destination_addr="14155550132", short_message="Is the lamp back?")
    conversations = await outside.until("/conversations?view=inbox", lambda page: page["items"])
    [conversation] = conversations["items"]
    assert conversation["last_message"]["preview"] == "Is the lamp back?"
    [answered] = await centre.said("deliver_sm_resp")
    assert answered["status"] == 0

    sent = await outside.post("/messages", {"thread_id": conversation["thread_id"], "body": "Yes, we have three."})
    [submitted] = await centre.said("submit_sm")
    assert (submitted["source"], submitted["destination"], submitted["text"]) == (
        "14155550132",
        MAYA,
        "Yes, we have three.",
    )
    delivered = await outside.until(f"/messages/{sent['id']}", lambda message: message["status"] == "delivered")
    assert delivered["gateway_id"] == gateway["id"]
    assert [part["status"] for part in delivered["parts"]] == ["delivered"]


async def test_one_thread_over_three_senders_and_two_gateways(
    product: RunningGateway, join: Join, centre: Centre
) -> None:
    outside = join(product)
    smpp = await outside.add_smpp(centre)
    [simulator] = [one for one in await outside.everything("/gateways") if one["plugin"] == "simulator"]
    await outside.add_sender(DESK, smpp)
    await outside.add_sender(SHORT, smpp, kind="short_code")
    await outside.add_sender("+14155550177", simulator)

    centre.tell("deliver", source_addr=MAYA, destination_addr="14155550132", short_message="to the desk")
    await outside.until("/conversations?view=all", lambda page: len(page["items"]) == 1)
    centre.tell("deliver", source_addr=f"+{MAYA}", destination_addr=SHORT, short_message="to the short code")
    inbound = f"{product.url}/c/{simulator['token']}/inbound"
    words = {"from": f"00{MAYA}", "to": "+14155550177", "body": "to the simulator"}
    async with outside.session.post(inbound, json=words) as answer:
        assert answer.status == 200

    page = await outside.until(
        "/conversations?view=all", lambda found: len(found["items"]) == 1 and found["items"][0]["unread"] == 3
    )
    thread = page["items"][0]["thread_id"]
    said = []
    for sender in (DESK, SHORT, "+14155550177"):
        message = await outside.post("/messages", {"thread_id": thread, "body": f"from {sender}", "from": sender})
        await outside.until(f"/messages/{message['id']}", lambda one: one["status"] == "delivered")
        said.append(message["gateway_id"])
    assert said == [smpp["id"], smpp["id"], simulator["id"]]
    entries = await outside.everything(f"/threads/{thread}/entries?types=message")
    assert [entry["message"]["direction"] for entry in entries] == ["inbound"] * 3 + ["outbound"] * 3
    assert [entry["seq"] for entry in entries] == sorted(entry["seq"] for entry in entries)


async def test_long_texts_both_ways(product: RunningGateway, join: Join, centre: Centre) -> None:
    outside = join(product)
    await outside.add_sender(DESK, await outside.add_smpp(centre))
    long = "Größe " * 60
    sent = await outside.post("/messages", {"to": "+14155550199", "body": long.strip()})
    assert (sent["encoding"], sent["segments"]) == ("gsm7", 3)
    submitted = await centre.said("submit_sm", 3)
    assert "".join(one["text"] for one in submitted if one["event"] == "submit_sm") == long.strip()
    await outside.until(f"/messages/{sent['id']}", lambda message: message["status"] == "delivered")

    # This centre answers a destination that ends in 99 with one long text in each of the four forms.
    expected = {"eight one eight two", "sar one sar two", "sixteen one sixteen two", "payload \U0001f600 ж"}
    thread = sent["thread_id"]
    entries = await outside.until(
        f"/threads/{thread}/entries?types=message&limit=200", lambda page: len(page["items"]) >= 5
    )
    received = [one["message"]["body"] for one in entries["items"] if one["message"]["direction"] == "inbound"]
    assert set(received) == expected
