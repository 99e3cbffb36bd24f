"""What goes into the simulated network, and what comes back."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from gateway.sdk import (
    Inbound,
    Inquiry,
    MediaReference,
    SendError,
    SendErrorKind,
    SenderView,
    WebhookError,
    WebhookRequest,
)
from gateway.sdk.context import Unavailable
from gateway.sdk.text import SenderKind, Status

from .network import Network, run_until, text


def request(method: str, action: str, body: Any = None, **query: str) -> WebhookRequest:
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return WebhookRequest(method, f"https://desk.example/c/token/{action}", action, query, {}, content)


async def outbox(network: Network, after: str = "") -> Any:
    answer = await network.channel().serve(request("GET", "outbox", after=after))
    assert answer is not None
    assert answer.status == 200
    return json.loads(answer.body)


async def test_a_sent_message_lies_in_the_outbox_after_a_restart(network: Network) -> None:
    result = await network.channel().send(text(5, "Grüße 👋"))
    assert [part.provider_id for part in result.parts] == ["msg_5-1.1"]
    (item,) = (await outbox(network))["items"]
    assert {name: item[name] for name in ("id", "from", "to", "body", "media", "at", "message_id")} == {
        "id": "msg_5-1.1",
        "from": "+14155550100",
        "to": "+14155550148",
        "body": "Grüße 👋",
        "media": [],
        "at": "2026-09-21T14:13:20.000Z",
        "message_id": "msg_0000000000005",
    }


async def test_the_outbox_goes_on_where_one_stopped(network: Network) -> None:
    for number in range(3):
        await network.channel().send(text(number, str(number)))
    first = await outbox(network)
    assert [item["body"] for item in first["items"]] == ["0", "1", "2"]
    assert (await outbox(network, first["next"])) == {"items": [], "next": first["next"]}
    await network.channel().send(text(3, "3"))
    assert [item["body"] for item in (await outbox(network, first["next"]))["items"]] == ["3"]


async def test_the_outbox_is_asked_about_a_lost_answer(network: Network) -> None:
    await network.channel().send(text(5, "ab", ("a", "b")))
    inquiry = Inquiry("msg_0000000000005", (), "+14155550100", "+14155550148")
    receipts = await network.channel().ask(inquiry)
    assert [(one.provider_ids, one.state, one.attempt) for one in receipts] == [
        (("msg_5-1.1",), Status.SENT, "msg_5-1"),
        (("msg_5-1.2",), Status.SENT, "msg_5-1"),
    ]
    assert await network.channel().ask(replace(inquiry, message_id="msg_0000000000006")) == []


@pytest.mark.parametrize(
    ("method", "action", "after", "status"),
    [("GET", "outbox", "x", 400), ("GET", "outbox", "9" * 40, 400), ("GET", "", "", 404), ("PUT", "inbound", "", 404)],
)
async def test_what_is_not_served(network: Network, method: str, action: str, after: str, status: int) -> None:
    answer = await network.channel().serve(request(method, action, after=after))
    assert answer is not None
    assert answer.status == status


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"body": "Hi"}, {"body": "Hi", "channel": "sms"}),
        ({"body": "Hi", "id": "9"}, {"provider_id": "9"}),
        (
            {"body": "", "media": ["https://pictures.example/a.png?x=1"]},
            {"media": (MediaReference("image/png", "https://pictures.example/a.png?x=1"),), "channel": "mms"},
        ),
        (
            {"media": [{"url": "https://pictures.example/a", "content_type": "image/gif"}]},
            {"media": (MediaReference("image/gif", "https://pictures.example/a"),)},
        ),
        ({"to": "help@desk.example", "body": "Hi"}, {"channel": "email"}),
    ],
)
async def test_a_phone_texts(network: Network, document: dict[str, Any], expected: dict[str, Any]) -> None:
    posted = {"from": "+14155550148", "to": "+14155550100", **document}
    (item,) = network.channel().parse(request("POST", "inbound", posted))
    assert isinstance(item, Inbound)
    assert {name: getattr(item, name) for name in expected} == expected


async def test_what_is_said_twice_without_an_id_is_two_messages(network: Network) -> None:
    posted, channel = {"from": "+14155550148", "to": "+14155550100", "body": "ok"}, network.channel()
    items = [item for _ in range(2) for item in channel.parse(request("POST", "inbound", posted))]
    ids = {item.provider_id for item in items if isinstance(item, Inbound)}
    assert len(ids - {None}) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"[" * 100_000,
        b'{"to": "+14155550100", "body": "x"}',
        b'{"from": 1, "to": "+14155550100", "body": "x"}',
        b'{"from": "+14155550148", "to": "+14155550100"}',
        b'{"from": "+14155550148", "to": "+14155550100", "media": "x"}',
        b'{"from": "+14155550148", "to": "+14155550100", "media": [5]}',
    ],
    ids=lambda body: body[:40].decode("latin1"),
)
async def test_what_is_no_message_is_said_to_be_none(network: Network, body: bytes) -> None:
    with pytest.raises(WebhookError):
        network.channel().parse(request("POST", "inbound", body))


async def test_every_part_is_delivered(network: Network) -> None:
    channel = network.channel()
    await channel.send(text(1, "ab", parts=("a", "b")))
    await run_until(network, channel, 2)
    assert network.states == ["delivered", "delivered"]
    assert network.health[0] == ("ok", None)


async def test_receipts_come_after_the_delay_and_only_once_over_restarts(network: Network) -> None:
    channel = network.channel(delay=30)
    await channel.send(text(1))
    started = network.now
    await run_until(network, channel, 1)
    assert network.now - started >= 30_000
    await network.channel(delay=30).send(text(2))
    await run_until(network, network.channel(delay=30), 2)
    assert [item.provider_ids for item in network.received] == [("msg_1-1.1",), ("msg_2-1.1",)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("settings", "chances", "states"),
    [
        ({"fail_rate": 0.5}, [0.4], ["undelivered"]),
        ({"fail_rate": 0.5}, [0.6], ["delivered"]),
        ({"double_rate": 1}, [0.9], ["delivered", "delivered"]),
        ({"lose_rate": 0.5, "double_rate": 1}, [0.9, 0.6], ["delivered", "delivered"]),
        ({"fail_rate": 1, "double_rate": 1}, [], ["undelivered", "undelivered"]),
    ],
)
async def test_the_dials(network: Network, settings: dict[str, float], chances: list[float], states: list[str]) -> None:
    network.chances = chances
    channel = network.channel(**settings)
    await channel.send(text(1))
    await run_until(network, channel, len(states))
    assert network.states == states


async def test_a_late_receipt_is_overtaken(network: Network) -> None:
    network.chances = [0.1, 0.9]
    channel = network.channel(reorder_rate=0.5)
    await channel.send(text(1))
    await channel.send(text(2))
    await run_until(network, channel, 2)
    assert [item.provider_ids for item in network.received] == [("msg_2-1.1",), ("msg_1-1.1",)]  # type: ignore[union-attr]


async def test_a_lost_receipt_never_comes(network: Network) -> None:
    network.chances = [0.1, 0.9]
    channel = network.channel(lose_rate=0.5)
    await channel.send(text(1))
    await channel.send(text(2))
    await run_until(network, channel, 1)
    assert [item.provider_ids for item in network.received] == [("msg_2-1.1",)]  # type: ignore[union-attr]


async def test_a_busy_network_takes_nothing_and_says_when(network: Network) -> None:
    with pytest.raises(SendError) as caught:
        await network.channel(throttle_rate=1).send(text(1))
    assert (caught.value.kind, caught.value.retry_after) == (SendErrorKind.THROTTLED, 2.0)
    assert (await outbox(network))["items"] == []


async def test_a_send_without_an_answer_went_all_the_same(network: Network) -> None:
    channel = network.channel(hang_rate=1)
    sending = asyncio.create_task(channel.send(text(1)))
    items: list[Any] = []
    for _ in range(10_000):
        if items := (await outbox(network))["items"]:
            break
        await asyncio.sleep(0)
    assert [item["message_id"] for item in items] == ["msg_0000000000001"]
    assert not sending.done()
    sending.cancel()
    await run_until(network, channel, 1)
    assert network.states == ["delivered"]


LONG = "Is the lamp from the window still there? " * 10


@pytest.mark.parametrize(
    ("settings", "body", "pieces"),
    [
        ({"split_rate": 1}, LONG, [1, 2, 3]),
        ({"split_rate": 1, "reorder_rate": 1}, LONG, [3, 2, 1]),
        ({"split_rate": 1, "double_rate": 1}, LONG, [1, 2, 3, 1, 2, 3]),
        ({"split_rate": 1}, "Hello", [None]),
        ({"double_rate": 1}, "Hello", [None, None]),
        ({}, LONG, [None]),
    ],
)
async def test_a_text_comes_in_parts(
    network: Network, settings: dict[str, float], body: str, pieces: list[int | None]
) -> None:
    posted = request("POST", "inbound", {"from": "+14155550148", "to": "+14155550100", "body": body, "id": "t1"})
    channel = network.channel(**settings)
    items = [item for item in channel.parse(posted) if isinstance(item, Inbound)]
    assert [item.concat.index if item.concat else None for item in items] == pieces
    assert {item.concat.total for item in items if item.concat} <= {3}
    assert len({item.provider_id for item in items}) == len(set(pieces))
    parts = sorted({(item.concat.index if item.concat else 0, item.body) for item in items})
    assert "".join(text for _, text in parts) == body
    assert channel.ack(posted, items).body == b'{"accepted": 1}'


async def test_receipts_nobody_could_store_are_offered_again(network: Network) -> None:
    refusals = 2
    take = network.sink

    async def sink(*items: Any) -> None:
        nonlocal refusals
        if refusals:
            refusals -= 1
            raise Unavailable
        await take(*items)

    network.sink = sink  # type: ignore[method-assign]
    channel = network.channel()
    await channel.send(text(1))
    await run_until(network, channel, 1)
    assert network.states == ["delivered"]


async def test_a_message_that_could_not_be_stored_was_not_sent(network: Network) -> None:
    network.store.down = True
    with pytest.raises(SendError) as caught:
        await network.channel().send(text(1))
    assert caught.value.kind is SendErrorKind.UNAVAILABLE


async def test_a_picture_is_fetched(network: Network) -> None:
    fetched = await network.channel().fetch_media(MediaReference("image/jpeg", "https://pictures.example/a"))
    assert (fetched.content, fetched.content_type, fetched.size) == (b"\x89PNG", "image/png", 4)
    network.http.status = 404
    with pytest.raises(SendError):
        await network.channel().fetch_media(MediaReference("image/jpeg", "https://pictures.example/a"))


async def test_a_name_can_be_sent_from_but_not_answered(network: Network) -> None:
    channel = network.channel()
    named = channel.capabilities(SenderView(1, SenderKind.ALPHANUMERIC, "DESK"))
    assert (named.sms, named.mms, named.inbound) == (True, False, False)
    numbered = channel.capabilities(SenderView(1, SenderKind.LONG_CODE, "+14155550100"))
    assert (numbered.sms, numbered.mms, numbered.inbound) == (True, True, True)


@pytest.mark.parametrize(
    "rate", ["fail_rate", "double_rate", "reorder_rate", "lose_rate", "split_rate", "throttle_rate", "hang_rate"]
)
def test_a_share_is_at_most_all(network: Network, rate: str) -> None:
    with pytest.raises(ValueError, match=rate):
        network.channel(**{rate: 1.5})


async def test_bodies_do_not_go_into_the_log_in_the_clear(network: Network) -> None:
    await network.channel().send(text(1, "my secret words"))
    assert all("secret" not in summary for _, summary, _ in network.lines)
    assert all(set(detail or {}) <= {"body", "message_id"} for _, _, detail in network.lines)
