"""Conversations by the API: views, verbs, ownership, unread, bulk."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from gateway.domain.visibility import Role
from tests.web.client import Client
from tests.web.conftest import Phone, World

FIELDS = frozenset({
    "id", "number", "thread_id", "contact", "state", "owner", "tags", "unread", "needs_reply", "snoozed_until",
    "completed_count", "last_message", "last_sender", "opened_at", "ended_at", "ended_by", "previous",
})  # fmt: skip
Phones = Callable[..., Phone]


async def test_an_inbound_opens_a_conversation(admin: Client, phone: Phones) -> None:
    contact = phone()
    await contact.text("Hello there")
    one = await contact.conversation("inbox")
    assert set(one) >= FIELDS
    assert (one["state"], one["number"], one["unread"], one["needs_reply"]) == ("open", 1, 1, True)
    assert one["contact"]["name"] is None
    assert one["contact"]["saved"] is False
    assert [address["value"] for address in one["contact"]["addresses"]] == ["+12025550155"]
    assert one["last_message"]["preview"] == "Hello there"
    assert one["last_message"]["direction"] == "inbound"
    assert one["last_sender"]["value"] == "+12025550100"
    assert one["owner"] == {"user": None, "group": None}
    assert (await admin.get(f"/conversations/{one['id']}")).body == one


async def test_fifty_first_messages_at_once_are_one_contact_thread_and_conversation(
    admin: Client, phone: Phones
) -> None:
    contact = phone("+12025550157")
    await asyncio.gather(*(contact.text(f"Text {number}") for number in range(50)))
    found = (await admin.get("/conversations?view=all&q=5550157"))["items"]
    assert len(found) == 1
    assert len((await admin.get("/contacts?q=5550157"))["items"]) == 1
    entries = (await admin.get(f"/threads/{found[0]['thread_id']}/entries?types=message&limit=200"))["items"]
    assert {entry["message"]["body"] for entry in entries} == {f"Text {number}" for number in range(50)}
    assert [entry["seq"] for entry in entries] == sorted(entry["seq"] for entry in entries)


async def test_the_verbs_and_where_they_lead(admin: Client, phone: Phones) -> None:
    contact = phone()
    await contact.text("Hello")
    one = await contact.conversation()
    path = f"/conversations/{one['id']}"
    for verb, body, state in (
        ("snooze", {"until": "2090-01-01T00:00:00Z"}, "snoozed"),
        ("wake", None, "open"),
        ("complete", None, "completed"),
        ("reopen", None, "open"),
        ("archive", {}, "archived"),
        ("reopen", None, "open"),
        ("close", {"message": "Good bye"}, "closed"),
    ):
        reply = await admin.post(f"{path}/{verb}", body)
        assert (reply.status, reply["state"]) == (200, state), verb
    for verb in ("reopen", "complete", "snooze", "archive", "claim"):
        body = {"until": "2090-01-01T00:00:00Z"} if verb == "snooze" else None
        assert (await admin.post(f"{path}/{verb}", body)).status == 409, verb
    last = (await admin.get(f"/threads/{one['thread_id']}/entries?before=last&types=message&limit=1"))["items"]
    assert last[0]["message"]["body"] == "Good bye"
    await contact.text("Again")
    following = await contact.conversation("open")
    assert (following["number"], following["previous"]) == (2, [one["id"]])


async def test_of_two_claims_at_once_one_wins_and_the_other_is_told_who(world: World, phone: Phones) -> None:
    ann, ben = await world.someone(Role.AGENT), await world.someone(Role.AGENT)
    contact = phone()
    await contact.text("Hello")
    path = f"/conversations/{(await contact.conversation())['id']}"
    replies = await asyncio.gather(ann.post(f"{path}/claim"), ben.post(f"{path}/claim"))
    assert sorted(reply.status for reply in replies) == [200, 409]
    won = next(reply for reply in replies if reply.status == 200)
    lost = next(reply for reply in replies if reply.status == 409)
    assert won["owner"]["user"]["name"] in lost["detail"]


async def test_owners_and_the_inboxes_they_leave(world: World, admin: Client, phone: Phones) -> None:
    ann, ben = await world.someone(Role.AGENT), await world.someone(Role.AGENT)
    ben_id = (await ben.get("/users/me"))["id"]
    group = await admin.made("/groups", {"name": "Night shift", "user_ids": [ben_id]})
    contact = phone()
    await contact.text("Hello")
    path = f"/conversations/{(await contact.conversation())['id']}"
    given = await ann.post(f"{path}/assign", {"group_id": group["id"]})
    assert given["owner"]["group"] == {"id": group["id"], "name": "Night shift"}
    assert (await ann.get("/conversations?view=inbox"))["items"] == []
    assert len((await ben.get("/conversations?view=inbox"))["items"]) == 1
    assert len((await admin.get(f"/conversations?view=open&group={group['id']}"))["items"]) == 1
    within = await ben.post(f"{path}/assign", {"group_id": group["id"], "user_id": ben_id})
    assert within["owner"]["user"]["id"] == ben_id
    assert len((await ben.get("/conversations?view=mine"))["items"]) == 1
    ann_id = (await ann.get("/users/me"))["id"]
    outside = await admin.post(f"{path}/assign", {"group_id": group["id"], "user_id": ann_id})
    assert outside.status in {409, 422}
    released = await ben.post(f"{path}/release")
    assert released["owner"]["user"] is None


async def test_unread_is_each_readers_own(world: World, phone: Phones) -> None:
    ann, ben = await world.someone(Role.AGENT), await world.someone(Role.AGENT)
    contact = phone()
    await contact.text("One")
    await contact.text("Two")
    path = f"/conversations/{(await contact.conversation())['id']}"
    assert (await ann.get(path))["unread"] == 2
    assert (await ann.post(f"{path}/read"))["unread"] == 0
    assert (await ben.get(path))["unread"] == 2
    assert (await ann.post(f"{path}/unread"))["unread"] == 1
    assert [one["unread"] for one in (await ann.get("/conversations?filter=unread"))["items"]] == [1]


async def test_filters_with_operators_and_orders(world: World, admin: Client, phone: Phones) -> None:
    ann = await world.someone(Role.AGENT)
    one, other = phone(), phone("+12025550156")
    await one.text("I look for a lamp, green")
    await other.text("I look for a desk")
    first, second = await one.conversation(), await other.conversation()
    await ann.post(f"/conversations/{first['id']}/claim")
    me = (await ann.get("/users/me"))["id"]

    async def found(written: str, **more: str) -> list[str]:
        asked = urlencode({"view": "open", "filter": f"text:contains:I look for,{written}", **more})
        return [item["id"] for item in (await admin.get(f"/conversations?{asked}"))["items"]]

    assert await found(r"text:contains:lamp\, GREEN") == [first["id"]]
    assert await found(f"owner:is:{me},needs_reply") == [first["id"]]
    assert await found("owner:missing,last:after:1h") == [second["id"]]
    assert await found("last:before:2020-01-01") == []
    assert await found(f"number:is:{other.number}") == [second["id"]]
    assert await found("messages:lt:2", sort="owner") == [first["id"], second["id"]]
    assert await found("messages:lt:2", sort="-owner") == [second["id"], first["id"]]
    for wrong in ("urgent", "text:before:1d", "owner:is:ann", "last:before:soon"):
        refused = await admin.get(f"/conversations?filter={wrong}")
        assert (refused.status, refused["errors"][0]["field"]) == (422, "filter")


async def test_tags_by_name(admin: Client, agent: Client, phone: Phones) -> None:
    contact = phone()
    await contact.text("Hello")
    path = f"/conversations/{(await contact.conversation())['id']}"
    tag = await admin.made("/tags", {"name": "VIP", "colour": "green"})
    tagged = await agent.post(f"{path}/tags", {"add": ["VIP"]})
    assert [one["name"] for one in tagged["tags"]] == ["VIP"]
    for named in (tag["id"], "vip"):
        assert len((await agent.get(f"/conversations?view=all&tag={named}"))["items"]) == 1
    assert (await agent.post(f"{path}/tags", {"remove": ["VIP"]}))["tags"] == []
    assert (await agent.get(f"/conversations?view=all&tag={tag['id']}"))["items"] == []


async def test_bulk(world: World, admin: Client, supervisor: Client, agent: Client, phone: Phones) -> None:
    for number in range(3):
        await phone(f"+1202555014{number}").text("Hello")
    ids = [one["id"] for one in (await admin.get("/conversations"))["items"]]
    assert (await agent.post("/conversations/bulk", {"action": "complete", "ids": ids})).status == 403
    read = await agent.made("/conversations/bulk", {"action": "read", "view": "inbox"})
    assert [one["ok"] for one in read["items"]] == [True] * 3
    await supervisor.made(f"/conversations/{ids[0]}/close", {})
    done = await supervisor.made("/conversations/bulk", {"action": "complete", "ids": [*ids, "cnv_0000000000000"]})
    assert [one["ok"] for one in done["items"]] == [False, True, True, False]
    assert [one["error"]["status"] for one in done["items"] if one["error"]] == [409, 404]
    assert (await supervisor.post("/conversations/bulk", {"action": "complete"})).status == 422


async def test_a_page_goes_on_where_it_ended(admin: Client, phone: Phones) -> None:
    for number in range(5):
        await phone(f"+1202555014{number}").text("Hello")
    seen: list[Any] = []
    cursor = ""
    while True:
        page = await admin.get(f"/conversations?limit=2{cursor}")
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == len(set(seen)) == 5
    assert seen == [one["id"] for one in (await admin.get("/conversations?limit=5"))["items"]]


async def test_what_happened_names_people_by_their_ids_and_times_as_times(
    admin: Client, agent: Client, phone: Callable[..., Phone]
) -> None:
    contact = phone()
    await contact.text("Hello")
    one = await contact.conversation()
    until = "2031-01-01T09:00:00Z"
    me, other = [(await client.get("/users/me"))["id"] for client in (admin, agent)]
    await admin.made(f"/conversations/{one['id']}/claim", {})
    await admin.made(f"/conversations/{one['id']}/assign", {"user_id": other})
    await admin.made(f"/conversations/{one['id']}/snooze", {"until": until})
    for path in (f"/threads/{one['thread_id']}/entries?types=event", "/events?limit=200"):
        told = [item.get("event") or item for item in (await admin.get(path))["items"]]
        assigned = [event["data"] for event in told if event["type"] == "conversation_assigned"]
        assert [(data["from_user_id"], data["user_id"]) for data in assigned] == [(None, me), (me, other)]
        assert [event["data"]["until"] for event in told if event["type"] == "conversation_snoozed"] == [until]


async def test_the_same_words_twice_are_two_messages_and_the_same_id_twice_is_one(admin: Client, phone: Phones) -> None:
    contact = phone()
    await asyncio.gather(*(contact.text("ok") for _ in range(10)))
    assert (await contact.conversation())["unread"] == 10
    await asyncio.gather(*(contact.text("ok", id="one") for _ in range(10)))
    assert (await contact.conversation())["unread"] == 11
