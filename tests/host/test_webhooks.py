"""The way in, from a provider's request to the thread: nothing acknowledged is lost, doubled or forged."""

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from gateway.domain.model import Message, ReceiptRecord
from gateway.domain.sender import Capabilities
from gateway.host.incoming import provider_key
from gateway.sdk import (
    Channel,
    Inbound,
    Outbound,
    Receipt,
    SenderView,
    SendResult,
    WebhookError,
    WebhookRequest,
    WebhookResponse,
)
from gateway.sdk.context import Unavailable
from gateway.sdk.text import Concat, Status
from gateway.storage.database import StorageUnavailable
from gateway.storage.facts import RawPayload
from tests.host.parts import Host, running_host


@dataclass(frozen=True, slots=True)
class NoSettings:
    """None."""


class Webhook(Channel):
    """JSON in, a word out; signed with a header."""

    type: ClassVar[str] = "webhook"
    label: ClassVar[str] = "Webhook"
    Settings = NoSettings

    def capabilities(self, sender: SenderView) -> Capabilities:
        return Capabilities(sms=True)

    async def send(self, outbound: Outbound) -> SendResult:
        raise AssertionError("nothing is sent here")

    def account(self) -> str:
        return "account"

    def verify(self, request: WebhookRequest) -> bool:
        if request.action == "explode-verify":
            raise SystemError
        return request.headers.get("x-signature") == "good"

    def parse(self, request: WebhookRequest) -> Sequence[Inbound | Receipt]:
        if request.action == "explode":
            raise KeyError("text")
        try:
            document = json.loads(request.body)
        except ValueError as error:
            raise WebhookError("no JSON") from error
        if request.action == "receipt":
            return [Receipt(tuple(document["ids"]), Status.DELIVERED)]
        if document.get("concat"):
            document["concat"] = Concat(*document["concat"])
        return [Inbound(**document)]

    def ack(self, request: WebhookRequest, items: Sequence[Any]) -> WebhookResponse:
        if request.action == "explode-ack":
            raise ZeroDivisionError
        return WebhookResponse(200, b"thanks")


@pytest.fixture
async def host(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Host]:
    async with running_host(sqlite_url, tmp_path, Webhook) as host:
        yield host


def request(action: str = "inbound", signature: str = "good", **document: Any) -> WebhookRequest:
    body = json.dumps({"sender": "+14155550148", "recipient": "+14155550132", "body": "Hi", **document}).encode()
    headers = {"x-signature": signature, "authorization": "hush"}
    return WebhookRequest("POST", "https://desk.example/", action, {}, headers, body)


async def post(host: Host, asked: WebhookRequest) -> WebhookResponse:
    return await host.webhooks.handle((await host.gateway()).token, asked)


async def test_a_message_is_stored_before_it_is_acknowledged(host: Host) -> None:
    answer = await post(host, request())
    assert (answer.status, answer.body) == (200, b"thanks")
    (message,) = await host.core.all(Message)
    assert (message.body, message.their_address, message.our_address) == ("Hi", "+14155550148", "+14155550132")


async def test_a_forged_request_leaves_no_trace_but_a_counter(host: Host) -> None:
    answer = await post(host, request(signature="bad"))
    assert (answer.status, answer.body) == (403, b"")
    assert (await post(host, request("explode-verify"))).status == 403
    assert await host.core.all(Message) == []
    assert await host.core.all(RawPayload) == []
    assert host.measured("onethread_webhooks_total", plugin="webhook", outcome="forged") == 2


async def test_the_same_webhook_fifty_times_at_once_is_one_message(host: Host) -> None:
    answers = await asyncio.gather(*(post(host, request(provider_id="SM1")) for _ in range(50)))
    assert {answer.status for answer in answers} == {200}
    assert len(await host.core.all(Message)) == 1


async def test_fifty_first_messages_of_one_contact_are_one_thread(host: Host) -> None:
    await asyncio.gather(*(post(host, request(provider_id=f"SM{number}", body=str(number))) for number in range(50)))
    messages = await host.core.all(Message)
    assert len(messages) == 50
    assert len({message.thread_id for message in messages}) == 1


async def test_six_spellings_are_one_contact(host: Host) -> None:
    spellings = [
        "+14155550148",
        "14155550148",
        "0014155550148",
        "+1 (415) 555-0148",
        "tel:+1-415-555-0148",
        "+1 415.555.0148",
    ]
    for number, spelling in enumerate(spellings):
        await post(host, request(provider_id=str(number), sender=spelling))
    assert len({message.contact_id for message in await host.core.all(Message)}) == 1


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (request("explode"), "The plugin webhook could not read it: KeyError."),
        (replace(request(), body=b"\xff{"), "no JSON"),
        (request(sender="not a number at all"), "neither a number"),
        (request(recipient=""), "neither a number"),
        (request(body="x" * 100_001), "too long"),
        (request(body=5), "could not be stored"),
        (request("receipt", ids=[]), "names no message"),
    ],
)
async def test_what_cannot_be_read_is_kept_and_acknowledged(host: Host, asked: WebhookRequest, reason: str) -> None:
    answer = await post(host, asked)
    assert answer.status == 200
    assert await host.core.all(Message) == []
    (raw,) = await host.core.all(RawPayload)
    assert reason in raw.reason
    assert b"hush" not in b64decode(raw.content)


@pytest.mark.parametrize("body", ["\0 and \ud800 and \u202e", "x" * 100_000, "", "👋" * 1000])
async def test_hard_text_is_stored(host: Host, body: str) -> None:
    assert (await post(host, request(body=body))).status == 200
    (message,) = await host.core.all(Message)
    assert len(message.body) == len(body)
    assert "\0" not in message.body


async def test_an_ack_that_fails_is_a_plain_yes(host: Host) -> None:
    assert (await post(host, request("explode-ack"))).status == 200
    assert len(await host.core.all(Message)) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"enabled": False}, 404), ({"paused": True}, 200), ({"plugin": "gone"}, 503)],
)
async def test_gateways_that_are_not_simply_on(host: Host, changes: dict[str, Any], status: int) -> None:
    await host.configure(**changes)
    assert (await post(host, request())).status == status


async def test_an_unknown_token_is_not_found(host: Host) -> None:
    assert (await host.webhooks.handle("nonsense", request())).status == 404


class Outage:
    """A database that takes nothing for a while."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._execute = host.intake._execute
        host.intake._execute = self._refuse

    async def _refuse(self, *_: Any, **__: Any) -> Any:
        raise StorageUnavailable("locked")

    def over(self) -> None:
        self._host.intake._execute = self._execute


async def test_an_outage_is_bridged_by_the_spool_in_order(host: Host) -> None:
    outage = Outage(host)
    for number in range(3):
        assert (await post(host, request(provider_id=str(number), body=str(number)))).status == 200
    assert host.measured("onethread_spool_bytes") > 0
    assert await host.intake.replay() == 0
    outage.over()
    assert (await post(host, request(provider_id="3", body="3"))).status == 200
    assert await host.core.all(Message) == [], "the newest waits behind the older ones"
    assert await host.intake.replay() == 4
    assert [message.body for message in await host.core.all(Message)] == ["0", "1", "2", "3"]
    assert await host.intake.replay() == 0
    assert (await post(host, request(provider_id="1", body="1"))).status == 200
    assert len(await host.core.all(Message)) == 4, "a second delivery changes nothing"


async def test_when_the_spool_fails_too_the_provider_keeps_it(sqlite_url: str, tmp_path: Path) -> None:
    async with running_host(sqlite_url, tmp_path, Webhook, spool_bytes=10) as host:
        outage = Outage(host)
        answer = await post(host, request())
        assert (answer.status, dict(answer.headers)) == (503, {"Retry-After": "5"})
        gateway = await host.gateway()
        async with host.channels.borrow(gateway.workspace_id, gateway.id) as channel:
            with pytest.raises(Unavailable):
                await host.intake.sink_for(gateway, channel)(Inbound("+14155550148", "+14155550132", "Hi"))
        outage.over()
        assert (await post(host, request())).status == 200


async def test_a_receipt_is_kept_though_its_part_is_unknown(host: Host) -> None:
    assert (await post(host, request("receipt", ids=["p1"]))).status == 200
    (receipt,) = await host.core.all(ReceiptRecord)
    assert receipt.provider_id == "p1"


async def test_parts_of_a_long_message_are_joined_in_any_order(host: Host) -> None:
    parts = [("!", 3), ("Hello ", 1), ("there", 2), ("there", 2)]
    for number, (text, index) in enumerate(parts):
        await post(host, request(provider_id=str(number), body=text, concat=[7, 3, index]))
    assert [message.body for message in await host.core.all(Message)] == ["Hello there!"]


async def test_a_character_cut_in_two_is_whole_again(host: Host) -> None:
    for number, text in enumerate(["Hi \ud83d", "\udc4b there"], 1):
        assert (await post(host, request(provider_id=str(number), body=text, concat=[7, 2, number]))).status == 200
    assert [message.body for message in await host.core.all(Message)] == ["Hi 👋 there"]


MESSAGE = Inbound("+14155550148", "+14155550132", "Hi")


@pytest.mark.parametrize(
    ("other", "at", "same"),
    [
        (MESSAGE, 0, True),
        (MESSAGE, 59_999, True),
        (MESSAGE, 60_000, False),
        (replace(MESSAGE, body="Ho"), 0, False),
        (replace(MESSAGE, sender="+14155550149"), 0, False),
        (replace(MESSAGE, concat=Concat(1, 2, 1)), 0, False),
        (replace(MESSAGE, provider_id="1"), 0, False),
    ],
)
def test_without_an_id_content_and_minute_are_the_key(other: Inbound, at: int, same: bool) -> None:
    assert (provider_key("account", MESSAGE, 0) == provider_key("account", other, at)) is same


def test_ids_count_within_their_account() -> None:
    named = replace(MESSAGE, provider_id="1")
    assert provider_key("one", named, 0) != provider_key("two", named, 0)
    assert provider_key("one", named, 0) == provider_key("one", replace(named, body="edited"), 10**12)
