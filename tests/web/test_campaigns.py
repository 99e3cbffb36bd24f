"""Campaigns over HTTP: made, looked at, tried, started, stopped, and what became of whom."""

import csv
import io
from typing import Any

from gateway.domain.visibility import Role
from gateway.workers.campaigns import AHEAD, RELEASED_AT_ONCE
from tests.web.client import Client
from tests.web.conftest import World
from tests.web.test_lists import finished, table

PHONE = "+1202555{:04d}"


async def people(admin: Client, name: str, first: int, count: int, **more: Any) -> tuple[str, list[str]]:
    """A list of saved contacts with numbers of their own."""
    ids = []
    for n in range(first, first + count):
        made = await admin.made("/contacts", {"name": f"Person {n}", "addresses": [PHONE.format(n)], **more})
        ids.append(made["id"])
    made = await admin.made("/lists", {"name": name})
    await admin.post(f"/lists/{made['id']}/members", {"add": ids})
    return made["id"], ids


async def outbox(admin: Client, world: World) -> list[Any]:
    """What reached the phones."""
    token = (await admin.get("/gateways"))["items"][0]["token"]
    return list((await world.nobody().get(f"/c/{token}/outbox")).body["items"])


async def came_to(admin: Client, campaign: str, *states: str) -> Any:
    """The campaign once it is in one of these states."""

    async def look() -> Any:
        found = (await admin.get(f"/campaigns/{campaign}")).body
        return found if found["state"] in states else None

    return await admin.until(look)


async def settled(admin: Client, campaign: str, **wanted: int) -> Any:
    """The campaign once its results say so."""

    async def look() -> Any:
        found = (await admin.get(f"/campaigns/{campaign}")).body
        return found if all(found["results"][name] == value for name, value in wanted.items()) else None

    return await admin.until(look)


async def counted(admin: Client, campaign: str, **wanted: int) -> Any:
    """A campaign's figures of today, once they are these."""

    async def look() -> Any:
        found = {one["id"]: one["figures"] for one in (await admin.get("/stats/campaigns?range=today"))["items"]}
        mine = found.get(campaign, {})
        return mine if mine.items() >= wanted.items() else None

    return await admin.until(look)


async def test_a_campaign_reaches_everybody_once(world: World, admin: Client) -> None:
    first, ids = await people(admin, "Spring", 1, 3, fields={"tier": "gold"})
    second, others = await people(admin, "Fair", 11, 2)
    await admin.post(f"/lists/{second}/members", {"add": ids[:1]})
    nobody = await admin.made("/contacts", {"name": "By mail", "addresses": ["mail@customer.example"]})
    await admin.post(f"/lists/{second}/members", {"add": [nobody["id"]]})
    await admin.post(f"/contacts/{others[0]}/unsubscribe", {"words": "Asked us not to"})
    made = await admin.made(
        "/campaigns",
        {
            "name": "Sale",
            "lists": [first, second],
            "body": "Hi {{ contact.first_name }}, {{ contact.fields.tier | default: 'friend' }}!",
        },
    )
    path = f"/campaigns/{made['id']}"
    assert (made["id"][:4], made["state"], made["purpose"]) == ("cmp_", "draft", "marketing")
    look = await admin.post(f"{path}/preview", {})
    assert look.status == 200, look.text
    totals = look["totals"]
    assert (totals["recipients"], totals["repeats"], totals["segments"]) == (4, 1, 4)
    assert totals["skipped"] == {"no-address": 1, "recipient-opted-out": 1}
    assert "Hi Person, gold!" in [one["text"] for one in look["items"]]
    assert await outbox(admin, world) == []

    assert (await admin.post(f"{path}/start")).status == 200
    done = await came_to(admin, made["id"], "completed")
    done = await settled(admin, made["id"], delivered=4)
    assert (done["results"]["total"], done["results"]["sent"]) == (6, 4)
    bodies = sorted(one["body"] for one in await outbox(admin, world))
    assert bodies == ["Hi Person, friend!"] + ["Hi Person, gold!"] * 3
    assert (await admin.get("/conversations?view=all"))["items"] == []
    types = [one["type"] for one in (await admin.get("/events?types=campaign_started,campaign_completed"))["items"]]
    assert types == ["campaign_started", "campaign_completed"]
    (one,) = (await admin.get(f"{path}/recipients?state=skipped&limit=1"))["items"]
    assert one["code"] in {"no-address", "recipient-opted-out"}
    table = await admin.get(f"{path}/export")
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert sorted(row["State"] for row in rows) == ["delivered"] * 4 + ["skipped"] * 2
    line = (await admin.get("/audit?limit=1"))["items"][0]
    assert (line["action"], line["details"]) == ("exported", {"what": "campaign"}), "taking it out is told"
    assert (await admin.post(f"{path}/start")).status == 409
    assert (await admin.patch(path, {"body": "Other"})).status == 409
    figures = await counted(admin, made["id"], delivered=4)
    assert (figures["outbound"], figures["sent"], figures["failed"], figures["delivery_rate"]) == (4, 0, 0, 1.0)
    assert (await admin.get(f"/stats/summary?campaign={made['id']}"))["figures"]["delivered"] == 4
    assert (await admin.get("/stats/campaigns?from=2020-01-01&to=2020-01-31"))["items"] == []
    assert (await admin.delete(path)).status == 204
    assert (await admin.get(path)).status == 404
    assert [one["name"] for one in (await admin.get("/stats/campaigns"))["items"]] == ["Sale"], "its name stays"


async def test_an_answer_lands_in_its_own_thread(world: World, admin: Client, phone: Any) -> None:
    chosen, _ = await people(admin, "Answers", 101, 2)
    made = await admin.made("/campaigns", {"name": "Ask", "lists": [chosen], "body": "Shall we call you?"})
    await admin.post(f"/campaigns/{made['id']}/start")
    await settled(admin, made["id"], delivered=2)
    theirs = phone(PHONE.format(101))
    await theirs.text("Yes please")
    conversation = await theirs.conversation()
    assert (conversation["state"], conversation["needs_reply"]) == ("open", True)
    entries = (await admin.get(f"/threads/{conversation['thread_id']}/entries?types=message"))["items"]
    said = [(one["message"]["direction"], one["message"]["nature"], one["message"]["body"]) for one in entries]
    assert said == [
        ("outbound", "campaign", "Shall we call you?"),
        ("inbound", "natural", "Yes please"),
    ]
    assert await phone(PHONE.format(102)).conversation() is None
    await admin.made("/messages", {"thread_id": conversation["thread_id"], "body": "We will"})
    assert [one["to"] for one in await outbox(admin, world) if one["body"] == "We will"] in ([], [PHONE.format(101)])
    await phone(PHONE.format(102)).text("STOP")
    found = await settled(admin, made["id"], replies=1, opted_out=1)
    assert found["results"]["sent"] == 2
    figures = await counted(admin, made["id"], replied=1, opted_out=1)
    assert (figures["reply_rate"], figures["outbound"]) == (0.5, 2)
    replied = (await admin.get(f"/campaigns/{made['id']}/recipients?replied=true"))["items"]
    assert [one["name"] for one in replied] == ["Person 101"]


async def test_what_cannot_be_is_refused_with_its_field(admin: Client) -> None:
    chosen, _ = await people(admin, "Few", 201, 1)
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"body": "Hi {{ contact.nmae }}"}, "body"),
        ({"body": "Hi {{ nmae }}"}, "body"),
        ({"body": "Hi {% if %}"}, "body"),
        ({"lists": ["lst_0000000000000"]}, "lists"),
        ({"conditions": [{"field": "message.body", "op": "is", "value": "x"}]}, "conditions[0].field"),
        ({"conditions": [{"field": "contact.name", "op": "sort of", "value": "x"}]}, "conditions[0].op"),
        ({"from": "+12025559999"}, "from"),
        ({"channel": "pigeon"}, "channel"),
        ({"purpose": "any"}, "purpose"),
        ({"quiet_hours": {"start": "21:00", "end": "21:00"}}, "quiet_hours"),
        ({"send_at": "2090-01-02T00:00:00Z", "expires_at": "2090-01-01T00:00:00Z"}, "expires_at"),
        ({"template": "No such"}, "template"),
        ({"media": ["med_0000000000000"]}, "media"),
    )
    for fields, field in cases:
        reply = await admin.post("/campaigns", {"name": "Odd", **fields})
        assert reply.status == 422, (fields, reply.text)
        assert reply["errors"][0]["field"] == field, (fields, reply.text)
    assert (await admin.post("/campaigns", {"name": "Odd", "colour": "red"})).status in {400, 422}
    empty = await admin.made("/campaigns", {"name": "Nothing"})
    reply = await admin.post(f"/campaigns/{empty['id']}/start")
    assert reply.status == 422
    assert {one["field"] for one in reply["errors"]} == {"lists", "body"}
    assert (await admin.post(f"/campaigns/{empty['id']}/pause")).status == 409
    made = await admin.made("/campaigns", {"name": "Ready", "lists": [chosen], "body": "Hi"})
    again = {"headers": {"Idempotency-Key": "once"}}
    one = await admin.post("/campaigns", {"name": "Twice"}, **again)
    two = await admin.post("/campaigns", {"name": "Twice"}, **again)
    assert one["id"] == two["id"]
    page = await admin.get("/campaigns?limit=1")
    assert page["next"]
    rest = await admin.get(f"/campaigns?limit=10&cursor={page['next']}")
    assert made["id"] in [found["id"] for found in rest["items"]]


async def test_conditions_consent_and_a_missing_field_leave_some_out(world: World, admin: Client) -> None:
    gold, ids = await people(admin, "Gold", 301, 3, fields={"tier": "gold"})
    _, plain = await people(admin, "Plain", 311, 2)
    await admin.post(f"/lists/{gold}/members", {"add": plain})
    await admin.patch(f"/contacts/{ids[0]}", {"fields": {"tier": "gold", "code": "A1"}})
    await admin.post(f"/contacts/{ids[0]}/subscribe", {"words": "Ticked the box"})
    made = await admin.made(
        "/campaigns",
        {
            "name": "Codes",
            "lists": [gold],
            "conditions": [{"field": "contact.fields.tier", "op": "is", "value": "gold"}],
            "body": "Your code: {{ contact.fields.code }}",
        },
    )
    path = f"/campaigns/{made['id']}"
    totals = (await admin.post(f"{path}/preview"))["totals"]
    assert (totals["recipients"], totals["left_out"], totals["skipped"]) == (1, 2, {"missing-field": 2})
    await admin.post(f"{path}/start")
    done = await came_to(admin, made["id"], "completed")
    assert (done["left_out"], done["results"]["skipped"]) == (2, {"missing-field": 2})
    assert [one["body"] for one in await outbox(admin, world)] == ["Your code: A1"]
    asked = await admin.made("/campaigns", {"name": "Agreed", "lists": [gold], "body": "News", "require_consent": True})
    await admin.post(f"/campaigns/{asked['id']}/start")
    done = await came_to(admin, asked["id"], "completed")
    assert done["results"]["skipped"] == {"no-consent": 4}


async def test_who_joined_by_a_keyword_on_one_number_has_agreed(world: World, admin: Client, phone: Any) -> None:
    """The sender is chosen for each: what was said to the one that is chosen counts, and to another doesn't."""
    chosen, _ = await people(admin, "Joiners", 301, 2)
    await admin.made("/keywords", {"words": ["JOIN"], "add_to_list": chosen, "consent": True})
    await phone(PHONE.format(301)).text("Join")
    asked = await admin.made(
        "/campaigns", {"name": "Agreed", "lists": [chosen], "body": "News", "require_consent": True}
    )
    totals = (await admin.post(f"/campaigns/{asked['id']}/preview"))["totals"]
    assert (totals["recipients"], totals["skipped"]) == (1, {"no-consent": 1})
    await admin.post(f"/campaigns/{asked['id']}/start")
    done = await came_to(admin, asked["id"], "completed")
    assert (done["results"]["delivered"], done["results"]["skipped"]) == (1, {"no-consent": 1})


async def test_paused_nothing_leaves_and_cancelled_nothing_more(world: World, admin: Client) -> None:
    chosen, _ = await people(admin, "Many", 401, 12)
    made = await admin.made("/campaigns", {"name": "Slowly", "lists": [chosen], "body": "Hello", "pace": 60})
    path = f"/campaigns/{made['id']}"
    await admin.post(f"{path}/start")
    await admin.until(lambda: some_sent(admin, path))
    assert (await admin.post(f"{path}/pause"))["state"] == "paused"
    assert (await admin.post(f"{path}/pause"))["state"] == "paused"
    assert (await admin.patch(path, {"pace": None}))["pace"] is None
    assert (await admin.patch(path, {"lists": []})).status == 409
    assert (await admin.delete(path)).status == 409
    assert (await admin.post(f"{path}/resume"))["state"] == "running"
    done = await settled(admin, made["id"], delivered=12)
    assert len(await outbox(admin, world)) == 12
    slow = await admin.made("/campaigns", {"name": "Stopped", "lists": [chosen], "body": "Bye", "pace": 30})
    await admin.post(f"/campaigns/{slow['id']}/start")
    await admin.until(lambda: some_sent(admin, f"/campaigns/{slow['id']}"))
    assert (await admin.post(f"/campaigns/{slow['id']}/cancel"))["state"] == "cancelled"
    done = await settled(admin, slow["id"], waiting=0, queued=0)
    results = done["results"]
    assert results["sent"] + results["cancelled"] == 12
    assert results["cancelled"] >= 8
    assert len(await outbox(admin, world)) == 12 + results["sent"]
    assert (await admin.post(f"/campaigns/{slow['id']}/resume")).status == 409


async def some_sent(admin: Client, path: str) -> bool:
    return bool((await admin.get(path))["results"]["sent"])


async def test_a_test_goes_to_a_number_one_names(world: World, admin: Client) -> None:
    chosen, ids = await people(admin, "Tried", 501, 1)
    made = await admin.made(
        "/campaigns",
        {"name": "Try", "lists": [chosen], "body": "Dear {{ contact.name }}, from {{ user.name | default: 'us' }}"},
    )
    reply = await admin.post(f"/campaigns/{made['id']}/test", {"to": "+12025550599"})
    assert reply.status == 202, reply.text
    assert (reply["nature"], reply["to"]) == ("test", "+12025550599")
    assert reply["body"].startswith("Dear Person 501")
    assert (await admin.post(f"/campaigns/{made['id']}/test", {"to": "nobody"})).status == 422
    shown = await admin.post(f"/campaigns/{made['id']}/preview", {"contact_id": ids[0]})
    assert [one["contact_id"] for one in shown["items"]] == [ids[0]]


async def test_scheduled_it_waits_and_by_role_it_is_read_alone(world: World, admin: Client) -> None:
    chosen, _ = await people(admin, "Later", 601, 1)
    made = await admin.made(
        "/campaigns", {"name": "Later", "lists": [chosen], "body": "Hi", "send_at": "2090-01-01T00:00:00Z"}
    )
    path = f"/campaigns/{made['id']}"
    assert (await admin.post(f"{path}/start"))["state"] == "scheduled"
    assert (await admin.patch(path, {"body": "Hi there"}))["body"] == "Hi there"
    agent = await world.someone(Role.AGENT)
    assert (await agent.get(path))["name"] == "Later"
    for call in ("start", "pause", "resume", "cancel"):
        assert (await agent.post(f"{path}/{call}")).status == 403
    assert (await agent.get(f"{path}/recipients")).status == 403
    assert (await admin.patch(path, {"send_at": None}))["state"] == "scheduled"
    done = await came_to(admin, made["id"], "completed")
    assert done["results"]["total"] == 1


async def test_replies_pass_a_campaign_of_thousands(admin: Client) -> None:
    """What goes ahead of a person's reply is a handful of the campaign, however many are still to come."""
    lines = "".join(f"Person {n},+1415{2_000_000 + n}\n" for n in range(2_000))
    listed = await admin.made("/lists", {"name": "Everybody"})
    await finished(admin, await table(admin, f"Name,Phone\n{lines}", list=listed["id"]))
    made = await admin.made("/campaigns", {"name": "Many", "lists": [listed["id"]], "body": "Hello"})
    path = f"/campaigns/{made['id']}"
    await admin.post(f"{path}/start")
    await admin.until(lambda: some_sent(admin, path))
    replies = []
    for n in range(12):
        sent = await admin.made("/messages", {"to": PHONE.format(900 + n), "body": "Your table is ready."})
        replies.append(sent["id"])
        await admin.until(lambda sent=sent: has_left(admin, sent["id"]))  # type: ignore[misc]
    found = (await admin.get(path))["results"]
    assert found["waiting"] > 500, "it was measured beside a campaign that was far from its end"
    assert (await admin.post(f"{path}/cancel"))["state"] == "cancelled"
    log = await whole_log(admin)
    queued = {one["message_id"]: place for place, one in enumerate(log) if one["type"] == "message_queued"}
    left = {one["message_id"]: place for place, one in enumerate(log) if one["type"] == "message_sent"}
    for reply in replies:
        between = [one for one in log[queued[reply] : left[reply]] if one["type"] == "message_sent"]
        assert len(between) <= AHEAD + RELEASED_AT_ONCE, "what was before it, and no more"


async def has_left(admin: Client, message: str) -> bool:
    return (await admin.get(f"/messages/{message}"))["status"] in {"sent", "delivered"}


async def whole_log(admin: Client) -> list[Any]:
    """What was queued and sent, in order."""
    found: list[Any] = []
    after = 0
    while True:
        page = (await admin.get(f"/events?types=message_queued,message_sent&limit=200&after={after}"))["items"]
        if not page:
            return found
        found += page
        after = page[-1]["position"]
