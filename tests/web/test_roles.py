"""Every route by every role: who gets in, who is told no, what is not there for whom. Made of the document itself."""

import re
from collections.abc import Mapping
from typing import Any

from gateway.domain.visibility import Permission, Role, may
from tests.web.client import Client
from tests.web.conftest import Phone, World

# What a body must have for a request to get past its types; whatever comes then is not 401, 403 or 404.
BODIES: Mapping[str, Any] = {
    "send_message": {"to": "+12025550160", "body": "Hello"},
    "preview_message": {"to": "+12025550160", "body": "Hello"},
    "settle_message": {"as": "sent"},
    "snooze_conversation": {"until": "2090-01-01T00:00:00Z"},
    "act_in_bulk": {"action": "claim", "view": "closed"},
    "add_note": {"body": "A note"},
    "merge_contact": {"into": "cnt_0000000000000"},
    "decide_wish": {"message_id": "msg_0000000000000", "decision": "keep"},
    "add_address": {"value": "+12025550161"},
    "create_gateway": {"plugin": "simulator", "name": "Another"},
    "create_sender": {"kind": "long_code", "value": "+12025550102"},
    "create_pool": {"name": "Front"},
    "create_tag": {"name": "vip"},
    "create_automation": {
        "name": "Thanks",
        "when": "conversation_completed",
        "then": [{"type": "archive"}],
    },
    "order_automations": {"ids": []},
    "try_automation": {"days": 1},
    "create_list": {"name": "Friends"},
    "change_list_members": {"add": ["cnt_0000000000000"]},
    "look_at_table": {"media": "med_0000000000000"},
    "start_import": {"media": "med_0000000000000"},
    "create_campaign": {"name": "Spring"},
    "test_campaign": {"to": "+12025550160"},
    "merge_tag": {"into": "tag_0000000000000"},
    "create_template": {"name": "a", "body": "b"},
    "create_quick_reply": {"name": "a", "body": "b"},
    "create_quick_note": {"name": "a", "body": "b"},
    "create_user": {"email": "ben@team.example", "role": "agent"},
    "invite_user": {"role": "agent"},
    "create_group": {"name": "Night shift"},
    "create_token": {"name": "Robot", "role": "agent"},
    "create_keyword": {"words": ["JOIN"], "answer": "Welcome."},
    "try_keyword": {"text": "join"},
    "create_form": {"name": "Sizes", "questions": [{"text": "Which size?"}]},
    "start_form": {"to": "+12025550160"},
    "create_poll": {"name": "Colours", "question": "Which?", "choices": [{"label": "Red"}, {"label": "Blue"}]},
    "ask_poll": {"to": "+12025550160"},
    "save_provider": {"issuer": "https://a.example", "client_id": "a", "label": "A"},
    "create_workspace": {"name": "Branch"},
    "save_notices": {"address": "+12025550160"},
    "create_chat_target": {"notifier": "bell", "label": "Desk", "address": "bell://desk", "of": ["message"]},
    "remove_workspace": {"name": "Nothing"},
    "create_webhook": {"url": "https://shop.example/", "events": ["*"]},
}
# Permissions that a body asks for, beyond the route's own.
ALSO = {"act_in_bulk": Permission.BULK, "create_template": Permission.MANAGE_CONTENT}
ALSO |= {"create_quick_reply": Permission.MANAGE_CONTENT, "create_quick_note": Permission.MANAGE_CONTENT}
STREAMS = {"stream_events"}
# A token has no password: whoever it belongs to is told so.
PEOPLE = {"change_own_password"}
FORMS = {"upload_media"}


def operations(document: Any) -> list[tuple[str, str, Any]]:
    return [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if operation["operationId"] not in STREAMS | FORMS | PEOPLE
    ]


def filled(path: str, ids: Mapping[str, str]) -> str:
    """The path with ids of what is there, or of what is not."""
    path = path.replace("{kind}", "phone").replace("{value}", "%2B12025550162")
    return re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], f"{PREFIXES[found[1]]}_0000000000000"), path)


PREFIXES = {
    "message_id": "msg", "conversation_id": "cnv", "thread_id": "thr", "contact_id": "cnt", "address_id": "adr",
    "gateway_id": "gtw", "sender_id": "snd", "pool_id": "pol", "tag_id": "tag", "template_id": "tpl",
    "quick_reply_id": "qrp", "quick_note_id": "qnt", "media_id": "med", "user_id": "usr", "group_id": "grp",
    "payload_id": "pay", "subscription_id": "psh", "view_id": "viw", "token_id": "tok", "work_id": "wrk",
    "invitation_id": "inv", "webhook_id": "whk", "delivery_id": "dlv",
    "workspace_id": "wsp", "list_id": "lst", "import_id": "imp", "campaign_id": "cmp",
    "automation_id": "aut", "run_id": "run",
    "keyword_id": "kwd", "form_id": "frm", "response_id": "rsp", "poll_id": "pll",
    "chat_target_id": "tgt",
}  # fmt: skip


async def test_without_a_token_every_route_is_401(world: World, admin: Client) -> None:
    document = (await admin.get("/api/openapi.json")).body
    for method, path, operation in operations(document):
        reply = await world.nobody().ask(method, filled(path, {}), BODIES.get(operation["operationId"]))
        assert reply.status == 401, f"{method} {path}: {reply.status}"


async def test_every_route_by_every_role(world: World, admin: Client) -> None:
    """With ids of nothing: 403 where the role is too small, whatever the id; else 404, or 2xx and 4xx of its own."""
    document = (await admin.get("/api/openapi.json")).body
    clients = {role: await world.someone(role) for role in Role}
    for method, path, operation in operations(document):
        name = operation["operationId"]
        wanted = [operation.get("x-permission"), ALSO.get(name)]
        for role, client in clients.items():
            reply = await client.ask(method, filled(path, {}), BODIES.get(name, {} if method != "GET" else None))
            allowed = all(may(role, Permission(one)) for one in wanted if one)
            place = f"{role}: {method} {path}: {reply.status} {reply.text[:200]}"
            assert (reply.status == 403) == (not allowed), place
            if allowed and "{" in path and "{kind}" not in path:
                assert reply.status in {404, 422}, place
            assert reply.status < 500, place


async def test_what_p4_hides_is_404_on_every_route(world: World, admin: Client, phone: Any) -> None:
    """Owner-only visibility: another agent's conversation, its thread, messages, media and contact are not there."""
    await admin.patch("/workspace", {"policy": {"visibility": "owner"}})
    owner, other = await world.someone(Role.AGENT), await world.someone(Role.AGENT)
    contact: Phone = phone()
    await contact.text("A secret")
    conversation = await contact.conversation()
    assert (await owner.post(f"/conversations/{conversation['id']}/claim")).status == 200
    ids = await everything_of(owner, conversation)
    document = (await admin.get("/api/openapi.json")).body
    for method, path, operation in operations(document):
        names = re.findall(r"\{(\w+)\}", path)
        if not names or not set(names) <= set(ids):
            continue
        if operation.get("x-permission") and not may(Role.AGENT, Permission(operation["x-permission"])):
            continue
        name = operation["operationId"]
        body = BODIES.get(name, {} if method != "GET" else None)
        if name == "merge_contact":
            body = {"into": ids["contact_id"]}
        reply = await other.ask(method, filled(path, ids), body)
        assert reply.status == 404, f"{method} {path}: {reply.status} {reply.text[:200]}"


async def test_what_p4_hides_is_in_no_list_search_or_event(world: World, admin: Client, phone: Any) -> None:
    await admin.patch("/workspace", {"policy": {"visibility": "owner"}})
    owner, other = await world.someone(Role.AGENT), await world.someone(Role.AGENT)
    contact: Phone = phone("+12025550166")
    await contact.text("A secret")
    conversation = await contact.conversation()
    await owner.post(f"/conversations/{conversation['id']}/claim")
    await contact.text("Another secret")
    views = ["inbox", "mine", "unassigned", "open", "snoozed", "completed", "closed", "archived", "all"]
    for view in views:
        for q in ("", "5550166", "secret"):
            assert (await other.get(f"/conversations?view={view}&q={q}"))["items"] == [], f"{view} {q}"
    assert (await other.get("/contacts?q=5550166"))["items"] == []
    assert (await other.get("/contacts"))["items"] == []
    assert [one["id"] for one in (await owner.get("/conversations?view=mine"))["items"]] == [conversation["id"]]
    events = (await other.get("/events?limit=200"))["items"]
    received = [event for event in events if event["type"] == "message_received"]
    assert len(received) == 1, "the first came before anybody owned the conversation"
    sent = await other.post("/messages", {"to": "+12025550166", "body": "Hello"})
    assert sent.status == 409
    assert "A " not in sent["detail"], "no name"


async def everything_of(client: Client, conversation: Any) -> dict[str, str]:
    """Ids of what hangs on a conversation."""
    thread, contact = conversation["thread_id"], conversation["contact"]
    entries = (await client.get(f"/threads/{thread}/entries?types=message"))["items"]
    sent = await client.made("/messages", {"thread_id": thread, "body": "Later", "send_at": "2090-01-01T00:00:00Z"})
    assert entries
    return {
        "conversation_id": conversation["id"],
        "thread_id": thread,
        "contact_id": contact["id"],
        "address_id": contact["addresses"][0]["id"],
        "message_id": sent["id"],
    }
