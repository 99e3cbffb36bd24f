"""Several workspaces on one installation: nothing of one is there for another, and who looks after them."""

import asyncio
import re
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from gateway.domain.ids import parse_id
from gateway.domain.visibility import Role
from gateway.storage.all_tables import metadata
from gateway.storage.query import Query
from gateway.storage.removal import empty_workspace, removed_workspaces
from tests.web.client import Client, Reply
from tests.web.conftest import Phone, Serve, World
from tests.web.test_page_sight import RULE
from tests.web.test_roles import BODIES, PREFIXES, operations
from tests.web.test_sign_in import PASSWORD, Browser, browser, link_of

SECRET = "Zebulon Quist"
# What is the caller's own whatever the path says, or of the whole installation and looked at below.
OWN = {"remove_workspace", "update_workspace_of_installation"}


@dataclass
class Other:
    """The second workspace, with an administrator's token."""

    id: str
    client: Client


@pytest.fixture
async def world(database_url: str, serve_here: Serve) -> World:
    """The product, on each of the databases."""
    return await serve_here(database=database_url)


@pytest.fixture
async def other(world: World, admin: Client) -> Other:
    made = await admin.made("/workspaces", {"name": "Branch"})
    return Other(made["id"], await someone_of(world, made["id"], Role.ADMINISTRATOR))


async def someone_of(world: World, workspace: str, role: Role) -> Client:
    """A token of that workspace."""
    from gateway.core.caller import system
    from gateway.core.commands.people import CreateToken
    from gateway.web.auth.secret import TOKEN_PREFIX, digest_of, new_secret

    secret = new_secret(world.state.random, TOKEN_PREFIX)
    command = CreateToken(f"A {role}", role, digest_of(secret))
    await world.state.writer.execute(command, system(parse_id(workspace, "wsp")))
    return Client(world.http, world.url, secret)


async def everything_in(admin: Client, phone: Any) -> dict[str, str]:
    """An id of each noun that a path of the API takes, made in the first workspace."""
    contact: Phone = phone("+12025550166")
    await contact.text("A secret word")
    conversation = await contact.conversation()
    thread, person = conversation["thread_id"], conversation["contact"]
    await admin.patch(f"/contacts/{person['id']}", {"name": SECRET})
    sent = await admin.made("/messages", {"thread_id": thread, "body": "Later", "send_at": "2090-01-01T00:00:00Z"})
    table = aiohttp.FormData()
    table.add_field("file", b"name\nZebulon\n", filename="people.csv", content_type="text/csv")
    uploaded = await admin.ask("POST", "/media", data=table)
    assert uploaded.status == 201, uploaded.text
    made: dict[str, str] = {
        "conversation_id": conversation["id"],
        "thread_id": thread,
        "contact_id": person["id"],
        "address_id": person["addresses"][0]["id"],
        "message_id": sent["id"],
        "gateway_id": (await admin.get("/gateways"))["items"][0]["id"],
        "sender_id": (await admin.get("/senders"))["items"][0]["id"],
        "user_id": (await admin.get("/users/me"))["id"],
        "token_id": (await admin.get("/tokens"))["items"][0]["id"],
    }
    made["media_id"] = uploaded["id"]
    for noun, path in (
        ("pool", "/pools"), ("tag", "/tags"), ("template", "/templates"), ("quick_reply", "/quick-replies"),
        ("quick_note", "/quick-notes"), ("group", "/groups"), ("list", "/lists"), ("webhook", "/webhooks"),
        ("automation", "/automations"), ("view", "/views"), ("keyword", "/keywords"), ("form", "/forms"),
        ("poll", "/polls"),
    ):  # fmt: skip
        body = {
            "pool": {"name": SECRET}, "tag": {"name": SECRET}, "group": {"name": SECRET}, "list": {"name": SECRET},
            "webhook": {"url": "https://a.example/hook", "events": ["*"]}, "automation": {**RULE, "name": SECRET},
            "view": {"name": SECRET, "query": {}}, "keyword": BODIES["create_keyword"],
            "form": BODIES["create_form"], "poll": BODIES["create_poll"],
        }.get(noun, {"name": SECRET, "body": SECRET, "shared": True})  # fmt: skip
        reply = await admin.post(path, body)
        assert reply.status == 201, f"{path}: {reply.text}"
        made[f"{noun}_id"] = reply["id"]
    return made


async def test_every_route_with_another_workspaces_ids_is_404(
    world: World, admin: Client, other: Other, phone: Any
) -> None:
    ids = await everything_in(admin, phone)
    document = (await admin.get("/api/openapi.json")).body
    walked = 0
    for method, path, operation in operations(document):
        names = re.findall(r"\{(\w+)\}", path)
        if not names or "{kind}" in path or operation["operationId"] in OWN:
            continue
        known = {name: ids.get(name, f"{PREFIXES[name]}_0000000000000") for name in names if name in PREFIXES}
        address = re.sub(r"\{(\w+)\}", lambda found, known=known: known.get(found[1], "x"), path)  # type: ignore[misc]
        body = BODIES.get(operation["operationId"], {} if method != "GET" else None)
        if operation["operationId"].startswith(("merge_", "order_")):
            body = {**(body or {}), "into": next(iter(known.values()))} if "merge" in operation["operationId"] else body
        reply = await other.client.ask(method, address, body)
        assert reply.status == 404, f"{method} {address}: {reply.status} {reply.text[:200]}"
        walked += any(name in ids for name in names)
    assert walked > 60, "most routes are walked with an id of something that is there"


async def test_nothing_of_one_is_in_a_list_a_search_an_export_or_the_log_of_another(
    world: World, admin: Client, other: Other, phone: Any
) -> None:
    ids = await everything_in(admin, phone)
    document = (await admin.get("/api/openapi.json")).body
    for method, path, operation in operations(document):
        if method == "GET" and "{" not in path and operation["operationId"] != "list_workspaces":
            for query in ("", "?q=Zebulon", "?q=secret"):
                reply = await other.client.get(f"{path}{query}".replace("/api/v1", ""))
                assert reply.status in {200, 404, 422}, f"{path}: {reply.status}"
                found = [word for word in (SECRET, "secret word", "5550166", *ids.values()) if word in reply.text]
                assert not found, f"{path}{query}: {found}"
    same = await other.client.put("/threads/by-address/phone/%2B12025550166")
    assert same.status == 201, "the same number is somebody else here"
    assert same["contact_id"] != ids["contact_id"]
    message = {"to": "+12025550166", "body": "Hi", "media": [ids["media_id"]]}
    foreign = {"value": "+12025550190", "kind": "long_code", "gateway_ids": [ids["gateway_id"]]}
    for path, body in (
        ("/messages", message),
        ("/senders", foreign),
        ("/pools", {"name": "Mine", "sender_ids": [ids["sender_id"]]}),
        ("/groups", {"name": "Mine", "user_ids": [ids["user_id"]]}),
        ("/imports/look", {"media": ids["media_id"]}),
    ):
        reply = await other.client.post(path, body)
        assert reply.status in {404, 422}, f"{path}: {reply.status} {reply.text}"


async def test_streams_stay_apart_and_end_with_a_suspension(
    world: World, admin: Client, other: Other, phone: Any
) -> None:
    async with world.http.get(
        f"{world.url}/api/v1/events/stream", headers={"Authorization": f"Bearer {other.client.token}"}
    ) as stream:
        assert stream.status == 200
        await phone("+12025550167").text("Of the first workspace alone")
        await other.client.made("/tags", {"name": "of the second"})
        seen = b""
        async with asyncio.timeout(60):
            while b"settings_changed" not in seen:
                seen += await stream.content.readany()
        assert b"message_received" not in seen
        assert (await admin.patch(f"/workspaces/{other.id}", {"suspended": True}))["suspended"] is True
        assert (await other.client.get("/users/me")).status == 401
        async with asyncio.timeout(60):
            while await stream.content.readany():
                pass
    assert (await admin.patch(f"/workspaces/{other.id}", {"suspended": False}))["suspended"] is False
    assert (await other.client.get("/users/me")).status == 200


async def test_only_the_first_ones_administrators_look_after_them(
    world: World, admin: Client, agent: Client, other: Other
) -> None:
    home = (await admin.get("/workspace"))["id"]
    assert [one["name"] for one in (await admin.get("/workspaces"))["items"]] == ["Onethread", "Branch"]
    for method, path, body in (
        ("GET", "/workspaces", None),
        ("POST", "/workspaces", {"name": "Mine"}),
        ("PATCH", f"/workspaces/{home}", {"suspended": True}),
        ("POST", f"/workspaces/{other.id}/remove", {"name": "Branch"}),
    ):
        assert (await other.client.ask(method, path, body)).status == 404, path
        assert (await agent.ask(method, path, body)).status == 403, path
    assert (await admin.post("/workspaces", {"name": "Branch"})).status == 409
    assert (await admin.patch(f"/workspaces/{home}", {"suspended": True})).status == 409
    assert (await admin.post(f"/workspaces/{home}/remove", {"name": "Onethread"})).status == 409
    assert (await other.client.patch("/workspace", {"name": "Onethread"})).status == 409
    assert (await admin.patch(f"/workspaces/{other.id}", {"name": "Branch office"}))["name"] == "Branch office"
    assert (await other.client.get("/workspace"))["name"] == "Branch office"
    lines = (await other.client.get("/audit?actions=workspace_changed"))["items"]
    assert lines[0]["details"] == {"name": ["Branch", "Branch office"]}


async def test_removed_by_its_name_it_is_gone(world: World, admin: Client, other: Other) -> None:
    made = await other.client.made("/gateways", {"plugin": "simulator", "name": "Line"})
    await other.client.made("/contacts", {"name": SECRET, "addresses": ["+12025550199"]})
    await other.client.post(f"/c/{made['token']}/inbound", {"from": "+12025550197", "to": "+12025550100", "body": "Hi"})
    await admin.made("/contacts", {"name": SECRET, "addresses": ["+12025550199"]})
    assert (await admin.post(f"/workspaces/{other.id}/remove", {"name": "branch"})).status == 422
    assert (await admin.post(f"/workspaces/{other.id}/remove", {"name": "Branch"})).status == 204
    assert (await other.client.get("/users/me")).status == 401
    text = {"from": "+12025550198", "to": "+12025550100", "body": "Hello?"}
    assert (await admin.post(f"/c/{made['token']}/inbound", text)).status == 404
    assert [one["name"] for one in (await admin.get("/workspaces"))["items"]] == ["Onethread"]
    assert (await admin.made("/workspaces", {"name": "Branch"}))["id"] != other.id, "its name is free"
    database = world.state.database
    gone = parse_id(other.id, "wsp")
    assert await database.read(removed_workspaces) == [gone]
    while await database.write(partial(empty_workspace, workspace_id=gone)):
        pass
    for table in metadata.sorted_tables:
        if "workspace_id" in table.c:
            left = Query(select(table.c.workspace_id).where(table.c.workspace_id == gone))
            assert await database.read(lambda session, left=left: session.rows(left)) == [], table.name  # type: ignore[misc]
    assert await database.read(removed_workspaces) == []
    assert [one["name"] for one in (await admin.get(f"/contacts?q={SECRET.split(maxsplit=1)[0]}"))["items"]] == [SECRET]


def session_cookies(reply: Reply) -> dict[str, str]:
    found = (one.partition(";")[0].partition("=") for one in reply.headers.getall("Set-Cookie", []))
    return {name: value for name, _, value in found}


async def ask(person: Browser, jar: dict[str, str], method: str, path: str, **more: Any) -> Reply:
    """With every cookie of a browser, which keeps what it is told to."""
    person.cookie = "; ".join(f"{name}={value}" for name, value in jar.items() if value)
    reply = await person.ask(method, path, **more)
    jar |= session_cookies(reply)
    return reply


async def test_a_person_of_several_switches_and_proves_each(world: World, admin: Client, other: Other) -> None:
    ann, jar = browser(world), dict[str, str]()
    await ann.accept(link_of(world))
    link = (await other.client.made("/users/invitations", {"role": "agent", "email": "ann@team.example"}))["url"]
    await browser(world).accept(link)
    signed = await ask(ann, jar, "POST", "/login", data={"email": "ann@team.example", "password": PASSWORD})
    assert signed.status == 303
    page = await ask(ann, jar, "GET", "/api/../conversations")
    assert "Switch to Branch" in page.text
    csrf = re.search(r'name="csrf" (?:content|value)="([^"]+)"', page.text)
    assert csrf
    form = {"csrf": csrf[1], "workspace": other.id}
    switched = await ask(ann, jar, "POST", "/api/../account/switch", data=form)
    assert (switched.status, switched.headers["Location"]) == (303, "/conversations")
    me = await ask(ann, jar, "GET", "/users/me")
    assert (me["role"], (await ask(ann, jar, "GET", "/workspace"))["name"]) == ("agent", "Branch")
    stale = await ask(ann, jar, "POST", "/api/../account/switch", data=form)
    assert stale.status == 403, "a page of the first workspace changes nothing in the second"
    assert "Switch to Onethread" in (await ask(ann, jar, "GET", "/api/../conversations")).text

    planted = {"email": "ann@team.example", "role": "administrator", "password": "chosen by the other one"}
    third = await admin.made("/workspaces", {"name": "Eve's"})
    eves = await someone_of(world, third["id"], Role.ADMINISTRATOR)
    assert (await eves.post("/users", planted)).status == 201
    eve, hers = browser(world), dict[str, str]()
    await ask(eve, hers, "POST", "/login", data={"email": "ann@team.example", "password": "chosen by the other one"})
    page = await ask(eve, hers, "GET", "/api/../conversations")
    assert (await ask(eve, hers, "GET", "/workspace"))["name"] == "Eve's"
    assert "Switch to" not in page.text, "a user of the same address is no proof for the others"


async def test_a_parked_session_of_another_name_is_none(world: World, admin: Client, other: Other) -> None:
    ann, jar = browser(world), dict[str, str]()
    await ask(ann, jar, "POST", link_of(world).removeprefix(world.url), data={
        "name": "Ann Example", "email": "ann@team.example", "password": PASSWORD,
    })  # fmt: skip
    jar[f"onethread-{other.id}"] = jar["onethread"]
    page = await ask(ann, jar, "GET", "/api/../conversations")
    assert "Switch to" not in page.text
    jar[f"onethread-{other.id}"] = "forged"
    csrf = re.search(r'name="csrf" (?:content|value)="([^"]+)"', page.text)
    assert csrf
    form = {"csrf": csrf[1], "workspace": other.id}
    assert (await ask(ann, jar, "POST", "/api/../account/switch", data=form)).headers["Location"] == "/login?another=1"
