"""Sending, as API.md has it."""

import asyncio
from collections.abc import Callable

from gateway.storage.records import IDEMPOTENCY_KEYS
from gateway.storage.session import Session
from tests.web.client import Client
from tests.web.conftest import Phone, World

MESSAGE = frozenset({
    "id", "thread_id", "conversation_id", "contact_id", "direction", "channel", "nature", "status", "body",
    "subject", "from", "to", "sender_id", "gateway_id", "encoding", "units", "segments", "cost", "media", "author",
    "error", "parts", "metadata", "created_at", "send_at", "sent_at", "delivered_at",
})  # fmt: skip
LATER = "2090-01-01T09:00:00Z"


async def test_a_message_is_taken_sent_and_delivered(admin: Client) -> None:
    reply = await admin.post("/messages", {"to": "+1 (202) 555-0177", "body": "Hello", "metadata": {"order": "7"}})
    assert reply.status == 202
    message = reply.body
    assert set(message) >= MESSAGE
    assert (message["status"], message["direction"], message["body"]) == ("queued", "outbound", "Hello")
    assert (message["from"], message["to"]) == ("+12025550100", "+12025550177")
    assert (message["encoding"], message["units"], message["segments"]) == ("gsm7", 5, 1)
    assert message["cost"] == {"amount": 0.0079, "currency": "USD"}
    assert message["author"]["type"] == "api"
    assert message["metadata"] == {"order": "7"}

    async def delivered() -> bool:
        return bool((await admin.get(f"/messages/{message['id']}"))["status"] == "delivered")

    await admin.until(delivered)
    now = (await admin.get(f"/messages/{message['id']}")).body
    assert now["parts"] == [{"index": 1, "provider_id": f"{message['id']}-1.1", "status": "delivered"}]
    assert now["sent_at"] <= now["delivered_at"]


async def test_a_body_is_literal_to_the_byte(admin: Client) -> None:
    for body in ("{{ contact.name }} {% raw %}", "  spaces  \n", "\u202eright to left", "100% {}"):
        assert (await admin.made("/messages", {"to": "+12025550177", "body": body}))["body"] == body


async def test_liquid_only_where_it_was_asked_for(admin: Client) -> None:
    contact = await admin.made("/contacts", {"name": "Ada Example", "addresses": ["+12025550178"]})
    to = {"contact_id": contact["id"]}
    merged = await admin.made(
        "/messages", {**to, "body": "Hi {{ contact.first_name }}, {{ code }}", "merge": {"code": 4}}
    )
    assert merged["body"] == "Hi Ada, 4"
    await admin.made("/templates", {"name": "greeting", "body": "Dear {{ contact.name }}"})
    assert (await admin.made("/messages", {**to, "template": "greeting"}))["body"] == "Dear Ada Example"
    missing = await admin.post("/messages", {**to, "body": "{{ nothing_here }}", "merge": {}})
    assert (missing.status, missing["errors"][0]["field"]) == (422, "body")
    unknown = await admin.post("/messages", {**to, "template": "farewell"})
    assert (unknown.status, unknown["errors"][0]["field"]) == (422, "template")


WRONG: list[tuple[dict[str, object], str]] = [
    ({"body": "Hello"}, "to"),
    ({"to": "+12025550177", "thread_id": "thr_0000000000000", "body": "Hello"}, "to"),
    ({"to": "nobody", "body": "Hello"}, "to"),
    ({"to": "0202 5550177", "body": "Hello"}, "to"),
    ({"to": "+12025550177", "body": ""}, "body"),
    ({"to": "+12025550177", "body": 5}, "body"),
    ({"to": "+12025550177", "body": "Hello", "colour": "red"}, "colour"),
    ({"to": "+12025550177", "body": "Hello", "from": "+12025559999"}, "from"),
    ({"to": "+12025550177", "body": "Hello", "media": ["http://files.example/a.png"]}, "media[0]"),
    ({"to": "+12025550177", "body": "Hello", "send_at": "tomorrow"}, "send_at"),
    ({"to": "+12025550177", "body": "Hello", "send_at": "2090-01-01T09:00:00"}, "send_at"),
    ({"to": "+12025550177", "body": "Hello", "expires_at": "2001-01-01T09:00:00Z"}, "expires_at"),
    ({"to": "+12025550177", "body": "Hello", "nature": "weather"}, "nature"),
    ({"contact_id": "cnv_0000000000000", "body": "Hello"}, "contact_id"),
    ({"to": "+12025550177", "body": "a\0b"}, "body"),
]


async def test_what_is_wrong_is_422_with_the_field(admin: Client) -> None:
    for body, field in WRONG:
        reply = await admin.post("/messages", body)
        assert reply.status == 422, f"{body}: {reply.text}"
        assert field in [error["field"] for error in reply["errors"]], f"{body}: {reply.text}"


async def test_ten_segments_leave_and_eleven_do_not(admin: Client) -> None:
    assert (await admin.post("/messages", {"to": "+12025550177", "body": "a" * 1530})).status == 202
    over = await admin.post("/messages", {"to": "+12025550177", "body": "a" * 1531})
    assert over.status == 422
    assert "11" in over["detail"]


async def test_a_scheduled_message_can_be_changed_and_cancelled_and_a_sent_one_cannot(admin: Client) -> None:
    message = await admin.made("/messages", {"to": "+12025550177", "body": "Soon", "send_at": LATER})
    assert (message["status"], message["send_at"]) == ("scheduled", "2090-01-01T09:00:00Z")
    changed = await admin.patch(f"/messages/{message['id']}", {"body": "Later"})
    assert (changed.status, changed["body"]) == (200, "Later")
    gone = await admin.delete(f"/messages/{message['id']}")
    assert (gone.status, gone["status"]) == (200, "cancelled")
    assert (await admin.patch(f"/messages/{message['id']}", {"body": "Again"})).status == 409
    sent = await admin.made("/messages", {"to": "+12025550177", "body": "Now"})

    async def delivered() -> bool:
        return bool((await admin.get(f"/messages/{sent['id']}"))["status"] == "delivered")

    await admin.until(delivered)
    assert (await admin.delete(f"/messages/{sent['id']}")).status == 409


async def test_a_preview_is_always_200_and_sends_nothing(admin: Client) -> None:
    found = await admin.made("/messages/preview", {"to": "+12025550177", "body": "It\u2019s \u201con\u201d \U0001f600"})
    assert (found["encoding"], found["segments"], found["channel"]) == ("ucs2", 1, "sms")
    assert [(one["char"], one["replacement"]) for one in found["costly"]] == [
        ("\u2019", "'"), ("\u201c", '"'), ("\u201d", '"'), ("\U0001f600", None),
    ]  # fmt: skip
    assert found["sender"]["value"] == "+12025550100"
    assert found["sender"]["reasons"]
    assert found["refusals"] == []
    for body, field in [
        ({"to": "+12025550177", "body": "a" * 2000}, "body"),
        ({"to": "what", "body": "Hello"}, "to"),
        ({"to": "+12025550177", "body": "Hello", "from": "+12025559999"}, "from"),
        ({"to": "+12025550177", "body": "Hello", "media": ["med_0000000000000"]}, "media"),
        ({"thread_id": "thr_0000000000000", "body": "Hello"}, "to"),
        ({"thread_id": "thr_0000000000000", "body": "Hello", "merge": {}}, "to"),
        ({"contact_id": "cnt_0000000000000", "body": "Hello", "merge": {}}, "contact_id"),
    ]:
        refused = await admin.post("/messages/preview", body)
        assert refused.status == 200
        assert field in [one["field"] for one in refused["refusals"]]
        sent = await admin.post("/messages", body)
        assert sent["type"].rpartition("/")[2] in {one["code"] for one in refused["refusals"]}, "one name for one no"
    assert (await admin.get("/conversations?view=all"))["items"] == []


async def test_explain_keeps_each_vote(admin: Client) -> None:
    message = await admin.made("/messages", {"to": "+12025550177", "body": "Hello"})
    votes = (await admin.get(f"/messages/{message['id']}/explain"))["votes"]
    assert [vote["resolver"] for vote in votes if vote["accepted"]] == ["gateway_default"]
    again = await admin.made("/messages", {"to": "+12025550177", "body": "Hello", "from": "55501"})
    assert again["from"] == "55501"
    assert (await admin.get(f"/messages/{again['id']}/explain"))["sender"]["value"] == "55501"


async def test_whoever_opted_out_is_not_written_to(admin: Client, phone: Callable[..., Phone]) -> None:
    await phone().text("STOP")
    refused = await admin.post("/messages", {"to": "+1 202 555 0155", "body": "Hello"})
    assert refused.status == 422
    assert refused["type"].endswith("/recipient-opted-out")
    assert refused["errors"][0]["field"] == "to"
    seen = await admin.made("/messages/preview", {"to": "+12025550155", "body": "Hello"})
    assert [one["code"] for one in seen["refusals"]] == ["recipient-opted-out"]


async def test_a_send_over_news_one_has_not_seen_is_a_conflict(admin: Client, phone: Callable[..., Phone]) -> None:
    contact = phone()
    await contact.text("First")
    thread = (await contact.conversation())["thread_id"]
    seq = (await admin.get(f"/threads/{thread}"))["seq"]
    await contact.text("Second")
    answer = {"thread_id": thread, "body": "Answer", "expected_seq": seq}
    assert (await admin.post("/messages", answer)).status == 409
    seen = await admin.made("/messages/preview", answer)
    assert [(one["field"], one["code"]) for one in seen["refusals"]] == [("expected_seq", "thread-moved-on")]
    now = (await admin.get(f"/threads/{thread}"))["seq"]
    assert (await admin.made("/messages/preview", {**answer, "expected_seq": now}))["refusals"] == []


async def test_a_sender_is_named_in_any_spelling_and_a_channel_by_a_word_there_is(admin: Client) -> None:
    body = {"to": "+12025550177", "body": "Hello"}
    for name in ("+12025550100", "12025550100", "0012025550100", "+1 (202) 555-0100", "Front desk"):
        assert (await admin.made("/messages/preview", {**body, "from": name}))["sender"]["value"] == "+12025550100"
    for path, status in (("/messages", 422), ("/messages/preview", 200)):
        reply = await admin.post(path, {**body, "channel": "pigeon"})
        assert reply.status == status
        assert "pigeon" in reply.text


async def test_a_purpose_nobody_knows_is_refused_wherever_it_is_named(admin: Client) -> None:
    body = {"to": "+12025550177", "body": "Hello"}
    for path in ("/messages", "/messages/preview"):
        assert (await admin.post(path, {**body, "purpose": "care"})).status == 422
        assert (await admin.post(path, {**body, "purpose": "marketing"})).status in {200, 202}
    contact = (await admin.made("/messages", body))["contact_id"]
    for verb in ("subscribe", "unsubscribe"):
        assert (await admin.post(f"/contacts/{contact}/{verb}", {"purpose": "care"})).status == 422


async def test_a_key_keeps_nothing_of_a_question(world: World, admin: Client) -> None:
    """Answered anew each time, and the same key asks nothing else: what was looked at is not kept beside contacts."""
    contact = await admin.made("/contacts", {"name": "Zephyrine", "addresses": ["+12025550188"]})
    body = {"contact_id": contact["id"], "body": "Dear {{ contact.name }}", "merge": {}}
    key = {"headers": {"Idempotency-Key": "look-1"}}
    first = await admin.post("/messages/preview", body, **key)
    assert (first.status, first["text"]) == (200, "Dear Zephyrine")
    assert (await admin.post("/messages/preview", {**body, "body": "Other"}, **key)).status == 422
    assert (await admin.delete(f"/contacts/{contact['id']}")).status == 204
    assert "Zephyrine" not in (await admin.post("/messages/preview", body, **key)).text

    def kept(session: Session) -> list[str]:
        workspace = next(iter(world.state.directory._views))
        return [one.answer for one in IDEMPOTENCY_KEYS.by(session, workspace, "key", ["look-1"])]

    assert await world.state.database.read(kept) == [""]


async def test_the_same_key_ten_times_at_once_is_one_message(admin: Client) -> None:
    body, headers = {"to": "+12025550177", "body": "Once"}, {"Idempotency-Key": "order-7"}
    replies = await asyncio.gather(*(admin.post("/messages", body, headers=headers) for _ in range(10)))
    assert {reply.status for reply in replies} == {202}
    assert len({reply.text for reply in replies}) == 1
    again = await admin.post("/messages", body, headers=headers)
    assert (again.status, again.text) == (202, replies[0].text)
    spaced = b'{"body": "Once",\n "to": "+12025550177"}'
    respelled = await admin.post("/messages", data=spaced, headers={**headers, "Content-Type": "application/json"})
    assert (respelled.status, respelled.text) == (202, replies[0].text)
    other = await admin.post("/messages", {**body, "body": "Twice"}, headers=headers)
    assert other.status == 422
    thread = replies[0]["thread_id"]
    entries = (await admin.get(f"/threads/{thread}/entries?types=message"))["items"]
    assert [entry["message"]["body"] for entry in entries] == ["Once"]
