"""What administrators configure: gateways, senders, pools, snippets, people, the workspace."""

from collections.abc import Callable

from gateway.domain.visibility import Role
from tests.web.client import Client
from tests.web.conftest import Phone, World

SECRET = "swordfish-and-chips"


async def test_a_gateway_with_secrets_that_never_come_out(admin: Client, agent: Client) -> None:
    settings = {"host": "127.0.0.1", "port": 2775, "system_id": "shop", "password": SECRET}
    made = await admin.post(
        "/gateways", {"plugin": "sms_smpp", "name": "Carrier", "settings": settings, "enabled": False}
    )
    assert made.status == 201, made.text
    path = f"/gateways/{made['id']}"
    for reply in (made, await admin.get(path), await admin.get("/gateways"), await admin.get(f"{path}/log")):
        assert SECRET not in reply.text
    assert made["settings"]["system_id"] == "shop"
    assert set(made["urls"]) == {"inbound", "status", "fallback"}
    assert made["token"] in made["urls"]["inbound"]
    assert made["health"]["state"] == "paused"
    kept = await admin.patch(path, {"settings": {"port": 2776}})
    assert kept.status == 200, "what is left out stays, the secret too"
    assert (kept["settings"]["port"], kept["settings"]["system_id"]) == (2776, "shop")
    seen = await agent.get(path)
    assert (seen["settings"], seen["token"], seen["urls"]) == ({}, None, None)
    assert (await admin.delete(path)).status == 204
    assert (await admin.get(path)).status == 404


async def test_wrong_gateways_are_told_by_field(admin: Client) -> None:
    for body, field in [
        ({"plugin": "sms_smp", "name": "x"}, "plugin"),
        ({"plugin": "simulator", "name": "x", "settings": {"dealy": 1}}, "settings.dealy"),
        ({"plugin": "simulator", "name": "x", "settings": {"delay": "long"}}, "settings.delay"),
        ({"plugin": "simulator", "name": " "}, "name"),
        ({"plugin": "simulator", "name": "x", "rate": 0}, "rate"),
        ({"plugin": "simulator", "name": "x", "workspace_id": 1}, "workspace_id"),
    ]:
        reply = await admin.post("/gateways", body)
        assert reply.status == 422, f"{body}: {reply.text}"
        assert field in [error["field"] for error in reply["errors"]], f"{body}: {reply.text}"


async def test_a_gateway_is_tested_paused_and_resumed(admin: Client) -> None:
    gateway = (await admin.get("/gateways"))["items"][0]
    path = f"/gateways/{gateway['id']}"
    assert (await admin.post(f"{path}/test"))["state"] == "ok"
    assert (await admin.post(f"{path}/pause"))["health"]["state"] == "paused"
    message = await admin.post("/messages", {"to": "+12025550177", "body": "Hello"})
    assert (await admin.post(f"{path}/resume"))["paused"] is False
    assert (await admin.get(f"{path}/health"))["state"] == "ok"
    assert message.status in {202, 422}


async def test_senders_and_pools(admin: Client) -> None:
    gateway = (await admin.get("/gateways"))["items"][0]["id"]
    made = await admin.made(
        "/senders",
        {
            "kind": "toll_free", "value": "+1 800 555 0199", "label": "Free", "gateway_ids": [gateway],
            "append_text": "Reply STOP to end", "prices": {"sms": 0.01, "currency": "EUR"},
        },
    )  # fmt: skip
    assert (made["value"], made["prices"]) == ("+18005550199", {"sms": "0.01", "currency": "EUR"})
    sent = await admin.made("/messages", {"to": "+12025550177", "body": "Hello", "from": made["id"]})
    assert sent["body"] == "Hello\nReply STOP to end"
    assert sent["cost"] == {"amount": 0.01, "currency": "EUR"}
    for body, field in [
        ({"kind": "short_code", "value": "+12025550103"}, "value"),
        ({"kind": "alphanumeric", "value": "A name far too long"}, "value"),
        ({"kind": "long_code", "value": "+12025550103", "gateway_ids": ["snd_0000000000000"]}, "gateway_ids[0]"),
        ({"kind": "long_code", "value": "+12025550103", "prices": {"sms": "NaN"}}, "prices.sms"),
        ({"kind": "pigeon", "value": "x"}, "kind"),
    ]:
        reply = await admin.post("/senders", body)
        assert reply.status == 422, f"{body}: {reply.text}"
        assert field in [error["field"] for error in reply["errors"]], reply.text
    assert (await admin.post("/senders", {"kind": "toll_free", "value": "+18005550199"})).status == 409
    pool = await admin.made("/pools", {"name": "Front", "sender_ids": [made["id"]]})
    assert (await admin.made("/messages", {"to": "+12025550179", "body": "x", "from": "Front"}))[
        "from"
    ] == "+18005550199"
    assert (await admin.patch(f"/pools/{pool['id']}", {"sender_ids": []}))["sender_ids"] == []
    assert (await admin.patch(f"/senders/{made['id']}", {"append_text": None}))["append_text"] is None
    assert (await admin.patch(f"/senders/{made['id']}", {"value": "+18005550198"})).status == 422
    assert (await admin.delete(f"/senders/{made['id']}")).status == 204


async def test_templates_are_checked_when_saved(admin: Client) -> None:
    for body in ("{% for %}", "{{ contact.name | shout }}", "{{ contact.nickname }}", "{% include 'x' %}"):
        reply = await admin.post("/templates", {"name": "x", "body": body})
        assert (reply.status, reply["errors"][0]["field"]) == (422, "body"), body
    made = await admin.made("/templates", {"name": "x", "body": "{{ contact.fields.tier | default: 'you' }}"})
    assert (await admin.patch(f"/templates/{made['id']}", {"body": "{{"})).status == 422


async def test_quick_replies_are_shared_by_those_who_may_or_ones_own(world: World, supervisor: Client) -> None:
    ann, ben = await world.someone(Role.AGENT), await world.someone(Role.AGENT)
    assert (await ann.post("/quick-replies", {"name": "a", "body": "b"})).status == 403
    mine = await ann.made("/quick-replies", {"name": "Mine", "body": "Hello {{ literal }}", "shared": False})
    ours = await supervisor.made("/quick-replies", {"name": "Ours", "body": "Hello"})
    assert {one["name"] for one in (await ann.get("/quick-replies"))["items"]} == {"Mine", "Ours"}
    assert {one["name"] for one in (await ben.get("/quick-replies"))["items"]} == {"Ours"}
    assert (await ben.get(f"/quick-replies/{mine['id']}")).status == 404
    assert (await ann.delete(f"/quick-replies/{ours['id']}")).status == 403
    assert (await ann.patch(f"/quick-replies/{mine['id']}", {"shared": True})).status == 403
    assert (await ann.delete(f"/quick-replies/{mine['id']}")).status == 204


async def test_the_workspace_and_its_policies(admin: Client, phone: Callable[..., Phone]) -> None:
    before = (await admin.get("/workspace")).body
    assert (before["preset"], before["policy"]["visibility"]) == ("inbox-zero", "all")
    chat = await admin.patch("/workspace", {"preset": "chat"})
    assert (chat["preset"], chat["policy"]["close_label"]) == ("chat", "archive")
    changed = await admin.patch(
        "/workspace", {"policy": {"after_inbound": "reopen_within(7)", "default_country": "US"}}
    )
    assert changed["policy"]["after_inbound"] == "reopen_within(7)"
    assert (await admin.post("/messages", {"to": "(202) 555-0177", "body": "Hello"})).status == 202
    for body, field in [
        ({"preset": "none"}, "preset"),
        ({"policy": {"visibility": "some"}}, "policy.visibility"),
        ({"policy": {"colour": "red"}}, "policy.colour"),
        ({"policy": {"open_cap": 0}}, "policy.open_cap"),
    ]:
        reply = await admin.patch("/workspace", body)
        assert reply.status == 422, reply.text
        assert field in [error["field"] for error in reply["errors"]], reply.text


async def test_a_key_makes_one_of_anything(admin: Client) -> None:
    """The same POST twice is one thing and one answer, secrets included; another body under the key is refused."""
    contact = await admin.made("/contacts", {"name": "Ada Example", "addresses": ["+12025550190"]})
    for path, body, other in [
        ("/tags", {"name": "vip"}, {"name": "vop"}),
        ("/tokens", {"name": "Robot", "role": "agent"}, {"name": "Robot", "role": "supervisor"}),
        ("/users/invitations", {"role": "agent"}, {"role": "supervisor"}),
        ("/contacts", {"name": "Bob Example"}, {"name": "Bill Example"}),
        (f"/contacts/{contact['id']}/unsubscribe", {"words": "No"}, {"words": "Yes"}),
        ("/messages/preview", {"to": "+12025550177", "body": "a"}, {"to": "+12025550177", "body": "b"}),
    ]:
        headers = {"Idempotency-Key": f"key of {path}"}
        first, second = await admin.post(path, body, headers=headers), await admin.post(path, body, headers=headers)
        assert (first.status, first.text) == (second.status, second.text), path
        assert first.status in {200, 201}, first.text
        assert (await admin.post(path, other, headers=headers)).status == 422, path
    assert len((await admin.get("/tags"))["items"]) == 1
    for key in ("", "x" * 256, "not plain é"):
        assert (await admin.post("/tags", {"name": "x"}, headers={"Idempotency-Key": key})).status in {400, 422}


async def test_secrets_of_answers_are_not_kept_with_the_key(world: World, admin: Client) -> None:
    headers = {"Idempotency-Key": "a robot"}
    made = await admin.post("/tokens", {"name": "Robot", "role": "agent"}, headers=headers)
    kept = await world.state.database.read(lambda session: _answers(session, world))
    assert kept
    assert all(made["token"][4:] not in answer for answer in kept)


def _answers(session: object, world: World) -> list[str]:
    from gateway.storage.records import IDEMPOTENCY_KEYS

    workspace = next(iter(world.state.directory._views))
    return [row.answer for row in IDEMPOTENCY_KEYS.by(session, workspace, "key", ["a robot"])]  # type: ignore[arg-type]
