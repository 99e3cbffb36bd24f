"""The product and a Twilio account: what comes in, what goes out, and what becomes of both on a bad day."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from gateway.sdk import WebhookRequest
from gateway.sdk.faults import Dials, Fault, only
from plugins.sms_twilio.tests.twilio import (
    ACCOUNT,
    DESK,
    MAYA,
    PICTURE,
    TOKEN,
    FakeTwilio,
    inbound_form,
    signed_form,
)
from tests.conftest import Serve
from tests.stories.outside import Join, Outside
from tests.support.gateway import RunningGateway

PHOTO = bytes.fromhex("47494638396101000100800000ff00000000002c00000000010001000002024401003b")


@dataclass
class Line:
    """A gateway of the product and the Twilio account behind it."""

    outside: Outside
    twilio: FakeTwilio
    gateway: Any

    def webhook(self, form: dict[str, str], action: str = "inbound", token: str = TOKEN) -> WebhookRequest:
        """What Twilio posts, signed for the address the product shows."""
        return signed_form(self.gateway["urls"][action], form, token)

    async def tell(self, *requests: WebhookRequest) -> list[int]:
        """Posts them, one after the other."""
        return await self.twilio.post(*requests)

    async def send(self, body: str, **more: Any) -> Any:
        return await self.outside.post("/messages", {"to": MAYA, "body": body, **more})

    async def becomes(self, message: Any, status: str) -> Any:
        return await self.outside.until(f"/messages/{message['id']}", lambda one: one["status"] == status)

    async def said(self) -> list[Any]:
        """The messages of Maya's thread, as soon as there are any."""
        status, thread = await self.outside.call("PUT", f"/threads/by-address/phone/{MAYA}")
        assert status in (200, 201)
        path = f"/threads/{thread['id']}/entries?types=message&limit=200"
        page = await self.outside.until(path, lambda found: found["items"])
        return [entry["message"] for entry in page["items"]]


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio() as fake:
        yield fake


OpenLine = Callable[..., Awaitable[Line]]


@pytest.fixture
async def open_line(join: Join, twilio: FakeTwilio) -> OpenLine:
    """Configures the account through the API; `senders` are (kind, value)."""

    async def open_(running: RunningGateway, *senders: tuple[str, str], **settings: Any) -> Line:
        outside = join(running)
        given = {"account_sid": ACCOUNT, "auth_token": TOKEN, "api_base": twilio.url, **settings}
        gateway = await outside.post("/gateways", {"plugin": "sms_twilio", "name": "Twilio", "settings": given})
        assert TOKEN not in str(gateway)
        await outside.until(f"/gateways/{gateway['id']}/health", lambda health: health["state"] == "ok")
        for kind, value in senders or (("long_code", DESK),):
            sender = {"kind": kind, "value": value, "gateway_ids": [gateway["id"]]}
            await outside.post("/senders", {**sender, "mms_enabled": kind == "long_code"})
        return Line(outside, twilio, gateway)

    return open_


@pytest.fixture
async def line(product: RunningGateway, open_line: OpenLine) -> Line:
    return await open_line(product)


async def test_a_text_is_answered_and_delivered(line: Line) -> None:
    assert await line.tell(line.webhook(line.twilio.receive("Is the lamp back?"))) == [200]
    [asked] = await line.said()
    assert (asked["body"], asked["channel"], asked["from"]) == ("Is the lamp back?", "sms", MAYA)

    sent = await line.outside.post("/messages", {"thread_id": asked["thread_id"], "body": "Yes, we have three."})
    await line.becomes(sent, "sent")
    outbound = line.twilio.messages[-1]
    assert (outbound["from"], outbound["to"], outbound["body"]) == (DESK, MAYA, "Yes, we have three.")
    assert await line.twilio.tell(outbound["sid"], "queued", "sent", "delivered") == [200, 200, 200]
    delivered = await line.becomes(sent, "delivered")
    assert [part["provider_id"] for part in delivered["parts"]] == [outbound["sid"]]
    health = await line.outside.post(f"/gateways/{line.gateway['id']}/test", {})
    assert health["state"] == "ok"


async def test_a_forged_webhook_is_refused_and_leaves_no_trace(line: Line) -> None:
    form = line.twilio.receive("Send me the money", files=1)
    genuine = line.webhook(form)
    forged = [
        line.webhook(form, token="a-guess"),
        replace(genuine, body=genuine.body.replace(b"money", b"honey")),
        replace(genuine, headers={"content-type": genuine.headers["content-type"]}),
        replace(genuine, url=line.gateway["urls"]["fallback"]),
    ]
    asked = len(line.twilio.heard)
    assert await line.tell(*forged) == [403, 403, 403, 403]
    assert (await line.outside.get("/conversations?view=all"))["items"] == []
    assert len(line.twilio.heard) == asked


async def test_fifty_deliveries_of_a_webhook_and_its_fallback_are_one_message(line: Line) -> None:
    form = line.twilio.receive("Only once", files=2)
    told = [line.webhook(form), line.webhook({**form, "ErrorCode": "11200"}, "fallback")]
    answers = await asyncio.gather(*(line.tell(request) for request in told * 25))
    assert {status for answer in answers for status in answer} == {200}
    [message] = await line.said()

    assert (message["body"], message["channel"], len(message["media"])) == ("Only once", "mms", 2)
    await line.outside.until(
        f"/messages/{message['id']}", lambda one: [media["size"] for media in one["media"]] == [len(PICTURE)] * 2
    )
    fetched = [heard.path for heard in line.twilio.heard if "/Media/" in heard.path]
    assert len(fetched) == len(set(fetched)) == 2


async def test_receipts_in_the_wrong_order_climb_only(line: Line) -> None:
    sent = await line.send("In what order?")
    await line.becomes(sent, "sent")
    sid = line.twilio.messages[-1]["sid"]
    await line.twilio.tell(sid, "delivered", "sent", "undelivered", "queued", "delivered")
    assert (await line.becomes(sent, "delivered"))["error"] is None


async def test_who_opted_out_at_twilio_is_asked_no_more(line: Line) -> None:
    line.twilio.refusals[MAYA] = (400, 21610, "Attempt to send to unsubscribed recipient")
    failed = await line.becomes(await line.send("Anybody there?"), "failed")
    assert (failed["error"]["provider_code"], failed["error"]["retryable"]) == ("21610", False)
    status, problem = await line.outside.call("POST", "/messages", {"to": MAYA, "body": "Really?"})
    assert (status, problem["type"].rpartition("/")[2]) == (422, "recipient-opted-out")

    line.twilio.refusals.clear()
    await line.tell(line.webhook({**line.twilio.receive("Otra vez"), "OptOutType": "START"}))
    await line.becomes(await line.send("Welcome back"), "sent")


async def test_twilios_own_word_for_stop_is_obeyed(line: Line) -> None:
    form = line.twilio.receive("Basta ya")
    await line.tell(line.webhook({**form, "OptOutType": "STOP"}))
    [message] = await line.said()
    status, _ = await line.outside.call("POST", "/messages", {"to": MAYA, "body": "One more thing"})
    assert (message["nature"], status) == ("keyword", 422)


async def test_a_lost_answer_is_never_sent_again_and_its_callback_settles_it(line: Line) -> None:
    await line.twilio.turn(only(Fault.RESET))
    sent = await line.send("Did you get this?")
    await line.becomes(sent, "uncertain")
    await line.twilio.turn(Dials())
    [made] = line.twilio.messages
    assert await line.twilio.tell(made["sid"], "delivered") == [200]
    delivered = await line.becomes(sent, "delivered")
    assert delivered["parts"][0]["provider_id"] == made["sid"]
    assert len([heard for heard in line.twilio.heard if heard.method == "POST"]) == 1


async def test_a_lost_answer_is_looked_up_when_somebody_asks(line: Line) -> None:
    await line.twilio.turn(only(Fault.FAIL))
    never = await line.send("This one never got there")
    await line.becomes(never, "uncertain")
    await line.twilio.turn(only(Fault.RESET))
    lost = await line.send("This one did")
    await line.becomes(lost, "uncertain")
    await line.twilio.turn(Dials())
    for message in (never, lost):
        await line.outside.post(f"/messages/{message['id']}/settle", {"as": "check"})
    settled = await line.becomes(lost, "sent")
    assert settled["parts"][0]["provider_id"] == line.twilio.messages[-1]["sid"]
    assert (await line.outside.get(f"/messages/{never['id']}"))["status"] == "uncertain"


async def test_a_picture_goes_out_where_twilio_can_fetch_it(line: Line) -> None:
    form = aiohttp.FormData()
    form.add_field("file", PHOTO, filename="lamp.gif", content_type="image/gif")
    headers = {"Authorization": f"Bearer {line.outside.token}"}
    async with line.outside.session.post(f"{line.outside.url}/api/v1/media", data=form, headers=headers) as answer:
        assert answer.status == 201, await answer.text()
        media = await answer.json()
    sent = await line.send("Look", media=[media["id"]])
    assert (await line.becomes(sent, "sent"))["channel"] == "mms"
    [heard] = [heard for heard in line.twilio.heard if heard.method == "POST"]
    [url] = heard.form()["MediaUrl"]
    async with aiohttp.ClientSession() as stranger:
        async with stranger.get(url) as fetched:
            assert (fetched.status, fetched.content_type, await fetched.read()) == (200, "image/gif", PHOTO)
        async with stranger.get(url.replace("/media/", "/media/AAAA")) as forged:
            assert forged.status == 404


async def test_what_came_before_we_were_there_is_fetched(
    product: RunningGateway, open_line: OpenLine, twilio: FakeTwilio
) -> None:
    early = twilio.receive("Hello? Is this thing on?", files=1)
    line = await open_line(product)
    [message] = await line.said()
    assert (message["body"], len(message["media"])) == ("Hello? Is this thing on?", 1)
    assert await line.tell(line.webhook(early)) == [200]
    assert len(await line.said()) == 1


async def test_a_whatsapp_message_is_answered_on_whatsapp(product: RunningGateway, open_line: OpenLine) -> None:
    line = await open_line(product, ("long_code", DESK), ("whatsapp", DESK))
    form = line.twilio.receive("On WhatsApp", sender=f"whatsapp:{MAYA}", to=f"whatsapp:{DESK}")
    await line.tell(line.webhook(form))
    [asked] = await line.said()
    sent = await line.outside.post("/messages", {"thread_id": asked["thread_id"], "body": "So are we"})
    await line.becomes(sent, "sent")
    assert (asked["channel"], sent["channel"]) == ("whatsapp", "whatsapp")
    assert (line.twilio.messages[-1]["from"], line.twilio.messages[-1]["to"]) == (
        f"whatsapp:{DESK}",
        f"whatsapp:{MAYA}",
    )


async def test_behind_a_proxy_the_public_address_is_what_counts(serve: Serve, open_line: OpenLine) -> None:
    public = "https://desk.example"
    running = serve(env={"ONETHREAD_ALLOW_HOSTS": "127.0.0.1", "ONETHREAD_PUBLIC_URL": public})
    line = await open_line(running)
    form = inbound_form(line.twilio.new_sid("SM"), "Through the proxy")
    address = line.gateway["urls"]["inbound"]
    assert address.startswith(f"{public}/c/")
    here = f"{running.url}{urlsplit(address).path}"
    assert await line.tell(replace(signed_form(address, form), url=here)) == [200]
    assert await line.tell(replace(signed_form(here, form), url=here)) == [403]
    lying = {"X-Forwarded-Proto": "http", "X-Forwarded-Host": urlsplit(here).netloc, "Host": urlsplit(here).netloc}
    told = signed_form(here, form)
    assert await line.tell(replace(told, url=here, headers={**told.headers, **lying})) == [403]
    sent = await line.send("And back")
    await line.becomes(sent, "sent")
    sid = line.twilio.messages[-1]["sid"]
    callback = line.twilio.callback(sid, "delivered")
    assert callback.url.startswith(f"{public}/c/")
    assert await line.tell(replace(callback, url=callback.url.replace(public, running.url))) == [200]
    await line.becomes(sent, "delivered")
