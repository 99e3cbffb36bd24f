"""Web push from end to end: a device subscribes, somebody writes, the device can read what it is told."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.push_service import Device, PushService, claims_of, serving_pushes
from tests.web.client import Client
from tests.web.conftest import Phone, Serve, World
from tests.web.test_sign_in import Browser, link_of

Phones = Callable[..., Phone]


@pytest.fixture
def service() -> Any:
    with serving_pushes() as found:
        yield found


@pytest.fixture
async def world(serve_here: Serve, service: PushService) -> World:
    """A server that may reach the push service, and nothing else of this machine."""
    return await serve_here(allow_hosts=[f"127.0.0.1:{service.port}"])


async def _devices(client: Client) -> list[Any]:
    items: list[Any] = (await client.get("/push"))["items"]
    return items


async def test_who_may_see_it_is_told_in_the_contact_s_words(
    world: World, admin: Client, agent: Client, phone: Phones, service: PushService
) -> None:
    mine, theirs = Device(), Device()
    made = await admin.made("/push", {**mine.subscription(service.endpoint("ana")), "label": "Ana's telephone"})
    assert (made["service"], made["label"]) == ("127.0.0.1", "Ana's telephone")
    await agent.made("/push", theirs.subscription(service.endpoint("tom")))
    contact = phone("+12025550170")
    await contact.text("Is the lamp\n back? " + "x" * 300)
    got = await asyncio.to_thread(service.wait, 2)
    assert {one.path for one in got} == {"/device/ana", "/device/tom"}
    one = next(one for one in got if one.path == "/device/ana")
    alert = json.loads(mine.read(one.body))
    conversation = await contact.conversation()
    assert alert["title"] == "+1 202 555 0170"
    assert alert["body"].startswith("Is the lamp back? xxx")
    assert len(alert["body"]) == 240
    assert (alert["url"], alert["tag"]) == (f"/conversations/{conversation['id']}", conversation["id"])
    assert alert["unread"] == 1
    claims, key = claims_of(one.headers["Authorization"])
    assert claims["aud"] == f"http://127.0.0.1:{service.port}"
    assert key == (await agent.get("/push/key"))["public_key"]
    assert (one.headers["Content-Encoding"], one.headers["TTL"]) == ("aes128gcm", "86400")
    assert len({each.headers["Topic"] for each in got}) == 1, "an alert that is sent again takes its own place"

    me = (await admin.get("/users/me"))["id"]
    await admin.made(f"/conversations/{conversation['id']}/assign", {"user_id": me})
    await contact.text("Hello?")
    assert [one.path for one in (await asyncio.to_thread(service.wait, 3))[2:]] == ["/device/ana"], (
        "it is nobody else's any more"
    )


async def test_whoever_read_it_is_not_told(admin: Client, phone: Phones, service: PushService) -> None:
    await admin.made("/push", Device().subscription(service.endpoint("ana")))
    contact, other = phone("+12025550171"), phone("+12025550172")
    await contact.text("Hello")
    await admin.made(f"/conversations/{(await contact.conversation())['id']}/read", {})
    await other.text("Me too")
    (one,) = await asyncio.to_thread(service.wait, 1)
    assert one.path == "/device/ana"
    await admin.until(lambda: _nothing_waits(admin))
    assert len(service.got) == 1


async def _nothing_waits(client: Client) -> bool:
    work = (await client.get("/work"))["items"]
    return not [one for one in work if one["kind"] in {"push", "push_to"}]


async def test_a_device_that_is_gone_is_forgotten_and_a_busy_service_is_asked_again(
    admin: Client, agent: Client, phone: Phones, service: PushService
) -> None:
    device = Device()
    await admin.made("/push", device.subscription(service.endpoint("ana")))
    service.statuses[:] = [503, 201]
    await phone("+12025550173").text("Hello")
    first, second = await asyncio.to_thread(service.wait, 2)
    assert device.read(first.body) == device.read(second.body)
    assert first.body != second.body, "no key and no salt is used twice"
    service.statuses[:] = [410]
    await phone("+12025550174").text("Hello")

    async def forgotten() -> bool:
        return not await _devices(admin)

    await admin.until(forgotten)


async def test_a_device_is_its_user_s_alone(admin: Client, agent: Client, service: PushService) -> None:
    device = Device()
    made = await admin.made("/push", device.subscription(service.endpoint("one")))
    assert (await admin.get(f"/push/{made['id']}"))["endpoint"] == service.endpoint("one")
    assert (await agent.get(f"/push/{made['id']}")).status == 404
    assert (await agent.delete(f"/push/{made['id']}")).status == 404
    again = await admin.made("/push", device.subscription(service.endpoint("one")))
    assert [one["id"] for one in await _devices(admin)] == [again["id"]]
    taken = await agent.made("/push", device.subscription(service.endpoint("one")))
    assert (await _devices(admin), [one["id"] for one in await _devices(agent)]) == ([], [taken["id"]])
    for number in range(22):
        await admin.made("/push", device.subscription(service.endpoint(f"many-{number}")))
    assert [one["endpoint"].rpartition("-")[2] for one in await _devices(admin)] == [str(n) for n in range(2, 22)]
    first = (await _devices(admin))[0]
    assert (await admin.delete(f"/push/{first['id']}")).status == 204
    assert (await admin.get(f"/push/{first['id']}")).status == 404


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/1",
        "http://127.0.0.1:1/1",
        "ftp://push.example/1",
        "https://user:secret@push.example/1",
        "https:///nowhere",
        "javascript:alert(1)",
        "https://[::1",
    ],
)
async def test_an_endpoint_that_is_none(admin: Client, endpoint: str) -> None:
    assert (await admin.post("/push", Device().subscription(endpoint))).status == 422


async def test_keys_that_are_none_and_fields_nobody_knows(admin: Client, service: PushService) -> None:
    good = Device().subscription(service.endpoint("x"))
    for keys in ({"p256dh": "AAAA", "auth": good["keys"]["auth"]}, {**good["keys"], "auth": "AAAA"}, {}):
        assert (await admin.post("/push", {**good, "keys": keys})).status in {400, 422}
    assert (await admin.post("/push", {**good, "user_id": "usr_1"})).status in {400, 422}


async def test_an_endpoint_inside_is_never_dialled(serve_here: Serve, service: PushService) -> None:
    """Whatever its name resolves to: what is looked at is the address that would be dialled (CASES 37)."""
    from gateway.domain.visibility import Role

    world = await serve_here()
    admin = await world.someone(Role.ADMINISTRATOR)
    token = (await admin.get("/gateways"))["items"][0]["token"]
    endpoint = f"https://localhost:{service.port}/device/inside"
    await admin.made("/push", Device().subscription(endpoint))
    await Phone(admin, token, "+12025550175").text("Hello")

    async def refused() -> bool:
        found = await world.state.database.read(_errors)
        return any("not a public address" in (error or "") for error in found)

    await admin.until(refused)
    assert service.got == []


def _errors(session: Any) -> list[str | None]:
    from gateway.storage.query import Query
    from gateway.storage.records import WORK

    return [one.last_error for one in WORK.fetch(session, Query(WORK.select())) if one.kind == "push_to"]


async def test_a_device_that_signed_out_is_told_nothing(
    world: World, admin: Client, phone: Phones, service: PushService
) -> None:
    ann = Browser(world.nobody())
    await ann.accept(link_of(world))
    await ann.learn_csrf()
    body = Device().subscription(service.endpoint("ann"))
    headers = {"X-CSRF-Token": ann.csrf}
    assert (await ann.ask("POST", "/push", body=body)).status == 403, "a browser proves that it was our page"
    assert (await ann.ask("POST", "/push", body=body, headers=headers)).status == 201
    await admin.made("/push", Device().subscription(service.endpoint("ana")))
    await ann.ask("POST", "/api/../logout", data={"csrf": ann.csrf})
    await phone("+12025550176").text("Hello")
    assert [one.path for one in (await asyncio.to_thread(service.wait, 1))] == ["/device/ana"]


async def test_a_device_that_signs_out_between_two_tries_is_told_nothing_more(
    world: World, admin: Client, phone: Phones, service: PushService
) -> None:
    ann = Browser(world.nobody())
    await ann.accept(link_of(world))
    await ann.learn_csrf()
    body, headers = Device().subscription(service.endpoint("ann")), {"X-CSRF-Token": ann.csrf}
    assert (await ann.ask("POST", "/push", body=body, headers=headers)).status == 201
    service.statuses[:] = [503, 201]
    await phone("+12025550178").text("Hello")
    await asyncio.to_thread(service.wait, 1)
    await ann.ask("POST", "/api/../logout", data={"csrf": ann.csrf})

    async def over() -> bool:
        return await world.state.database.read(_errors) == []

    await admin.until(over)
    assert len(service.got) == 1


async def test_the_keys_are_made_once(serve_here: Serve, tmp_path: Any) -> None:
    first = await serve_here()
    second = await serve_here()
    assert first.state.push.public_key == second.state.push.public_key
    assert len(first.state.push.public_key) == 87
