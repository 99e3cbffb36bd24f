"""Through the API: prices by destination, gateways of one sender, pools, and messages that explain themselves."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.web.client import Client

TO, BRITISH = "+14155550148", "+442079460123"


async def gateway(admin: Client, name: str, **more: Any) -> str:
    made = await admin.made("/gateways", {"plugin": "simulator", "name": name, **more})
    return str(made["id"])


async def sender(admin: Client, value: str, gateways: list[str], **more: Any) -> dict[str, Any]:
    body = {"kind": "long_code", "value": value, "gateway_ids": gateways, **more}
    made: dict[str, Any] = await admin.made("/senders", body)
    return made


async def test_what_it_costs_is_said_before_and_kept_afterwards(admin: Client) -> None:
    line = await gateway(admin, "Priced", prices={"sms": "0.01", "currency": "EUR"})
    prices = {"sms": "0.0079", "currency": "USD", "to": {"+44": {"sms": "0.04"}}}
    own = await sender(admin, "+14155550161", [line], prices=prices)
    other = await sender(admin, "+14155550162", [line])
    assert own["prices"] == prices
    for from_, to, body, cost in [
        (own, TO, "Hello", {"amount": 0.0079, "currency": "USD"}),
        (own, TO, "x" * 161, {"amount": 0.0158, "currency": "USD"}),
        (own, BRITISH, "x" * 161, {"amount": 0.08, "currency": "USD"}),
        (other, TO, "Hello", {"amount": 0.01, "currency": "EUR"}),
    ]:
        message = {"to": to, "body": body, "from": from_["id"]}
        assert (await admin.post("/messages/preview", message))["cost"] == cost
        sent = await admin.made("/messages", message)
        assert sent["cost"] == cost
        explained = await admin.get(f"/messages/{sent['id']}/explain")
        assert explained["cost"] == {"estimate": cost, "actual": cost, "corrected": False}


async def test_a_price_that_is_none_says_where(admin: Client) -> None:
    body = {"plugin": "simulator", "name": "Odd", "prices": {"to": {"44": {"sms": 1}}}}
    reply = await admin.post("/gateways", body)
    assert (reply.status, reply["errors"][0]["field"]) == (422, "prices.to.44")


async def test_a_message_explains_sender_gateway_and_form(admin: Client) -> None:
    dear = await gateway(admin, "Dear", prices={"sms": "0.05", "mms": "0.06", "currency": "USD"})
    cheap = await gateway(admin, "Cheap", prices={"sms": "0.01", "mms": "0.015", "currency": "USD"})
    made = await sender(admin, "+14155550163", [dear, cheap], gateway_choice="cheapest", mms_enabled=True)
    await admin.patch("/workspace", {"policy": {"long_text": "cheapest"}})
    message = {"to": TO, "body": "x" * 400, "from": made["id"]}
    ahead = await admin.post("/messages/preview", message)
    assert (ahead["gateway"]["name"], ahead["channel"]) == ("Cheap", "mms")
    sent = await admin.made("/messages", message)
    explained = await admin.get(f"/messages/{sent['id']}/explain")
    assert (explained["gateway"], explained["channel"]) == ("Cheap", "mms")
    assert explained["form"] == "As MMS, which is cheaper: 0.015 USD instead of 0.03 USD."
    assert [(one["resolver"], one["accepted"]) for one in explained["votes"]] == [("explicit", True)]
    assert [(one["gateway"], one["accepted"], one["reason"]) for one in explained["gateways"]] == [
        ("Cheap", True, "The cheapest, at 0.01 USD"),
        ("Dear", False, "It comes after Cheap."),
    ]
    through = await admin.made("/messages", {**message, "body": "Hello", "gateway_id": dear})
    assert through["gateway_id"] == dear
    refused = await admin.post("/messages", {**message, "gateway_id": await gateway(admin, "Another")})
    assert (refused.status, refused["errors"][0]["field"]) == (422, "gateway_id")
    await admin.patch("/workspace", {"policy": {"long_text": "parts"}})


async def test_a_pool_gives_the_nearest_number_and_each_contact_keeps_theirs(admin: Client) -> None:
    line = await gateway(admin, "Shared")
    near, far = [await sender(admin, value, [line]) for value in ("+14155550164", "+12125550165")]
    pool = await admin.made("/pools", {"name": "Local", "sender_ids": [far["id"], near["id"]]})
    assert (pool["sticky"], pool["nearest"]) == (True, True)
    said = [
        (await admin.made("/messages", {"to": to, "body": "x", "from": "Local"}))["from"] for to in (TO, "+12125550177")
    ]
    assert said == ["+14155550164", "+12125550165"]
    await admin.made("/messages", {"to": "+12125550178", "body": "x", "from": near["id"]})
    kept = await admin.made("/messages", {"to": "+12125550178", "body": "x", "from": "Local"})
    assert kept["from"] == "+14155550164", "they know it"
    votes = (await admin.get(f"/messages/{kept['id']}/explain"))["votes"]
    assert votes[0]["reason"] == "Of Local, the one they know"
    await admin.patch(f"/pools/{pool['id']}", {"sticky": False})
    moved = await admin.made("/messages", {"to": "+12125550178", "body": "x", "from": "Local"})
    assert moved["from"] == "+12125550165"


async def test_at_night_machines_wait_and_people_are_told(admin: Client) -> None:
    clock = datetime.now(ZoneInfo("America/Los_Angeles"))
    around = [f"{(clock.hour + by) % 24:02}:00" for by in (-2, 2)]
    hours = {"start": around[0], "end": around[1], "timezone": "Europe/Paris"}
    await admin.patch("/workspace", {"policy": {"quiet_hours": hours}})
    ahead = await admin.post("/messages/preview", {"to": TO, "body": "Hello"})
    by_machine = await admin.made("/messages", {"to": TO, "body": "Sale!", "nature": "campaign"})
    by_person = await admin.made("/messages", {"to": TO, "body": "Hello"})
    await admin.patch("/workspace", {"policy": {"quiet_hours": None}})
    assert ([one["code"] for one in ahead["notices"]], ahead["refusals"]) == (["quiet-hours"], [])
    assert (by_machine["status"], by_person["status"]) == ("held", "queued")
    explained = await admin.get(f"/messages/{by_machine['id']}/explain")
    assert explained["hour"].endswith(f"there; this waits until {around[1]}.")
    assert (await admin.delete(f"/messages/{by_machine['id']}")).status in {200, 204}
