"""Plugins, parked work and unread payloads: seen by page and API, done again after a fix, or dropped."""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gateway.domain.log import Work
from gateway.domain.visibility import Role
from gateway.host.plugins import Plugin
from gateway.host.quarantine import Quarantine
from gateway.sdk.webhook import WebhookRequest
from gateway.storage.records import WORK
from tests.host.parts import make_plugin
from tests.web.client import Client
from tests.web.conftest import Phone, Serve, World
from tests.web.plugged import plug_in
from tests.web.test_settings_frame import see, send, signed_in
from tests.web.test_sign_in import Browser


@pytest.fixture
async def ann(world: World) -> Browser:
    return await signed_in(world, Role.ADMINISTRATOR)


@pytest.fixture
async def phone(world: World, admin: Client) -> Phone:
    gateway = (await admin.get("/gateways"))["items"][0]
    return Phone(admin, gateway["token"], "+12025550155")


class Breaking:
    """A plugin with a bug in what reads its webhooks, until it is mended."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        channel = world.state.registry.channel("simulator")
        assert channel is not None
        self._patch = monkeypatch

        def parse(self: Any, request: WebhookRequest) -> Any:
            raise KeyError("body")

        monkeypatch.setattr(channel, "parse", parse)

    def mend(self) -> None:
        self._patch.undo()


async def test_a_payload_that_breaks_the_plugin_is_kept_shown_and_read_after_a_fix(
    world: World, ann: Browser, admin: Client, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug = Breaking(world, monkeypatch)
    await phone.text("Is the <lamp> back?", id="one")
    counted = (await admin.get("/-/metrics")).text
    assert re.search(r'onethread_inbound_items_total\{kind="unparsed",outcome="raw"\} 1\.0', counted)
    payload = (await admin.get("/payloads"))["items"][0]
    assert payload["reason"] == "The plugin simulator could not read it: KeyError."
    assert b"<lamp>" in b64decode(json.loads(b64decode(payload["content"]))["body"])
    assert (await admin.get(f"/payloads/{payload['id']}")).body == payload
    page = await see(ann, "/settings/work")
    assert "The plugin simulator could not read it: KeyError." in page
    where = f"/settings/work/payloads/{payload['id']}"
    assert "Is the &lt;lamp&gt; back?" in await see(ann, where)

    still = await send(ann, f"{where}/replay")
    assert still.status == 409
    assert "The plugin could not read it: KeyError." in still.text
    refused = await admin.post(f"/payloads/{payload['id']}/replay")
    assert (refused.status, refused["type"].rpartition("/")[2]) == (409, "still-unreadable")
    assert len((await admin.get("/payloads"))["items"]) == 1, "it stays"

    bug.mend()
    done = await send(ann, f"{where}/replay")
    assert done.headers["Location"] == "/settings/work?said=read"
    assert "It could be read now" in await see(ann, done.headers["Location"])
    found = await phone.conversation()
    assert found["last_message"]["preview"] == "Is the <lamp> back?"
    assert (await admin.get("/payloads"))["items"] == []
    assert (await admin.post(f"/payloads/{payload['id']}/replay")).status == 404


async def test_a_payload_can_be_read_again_by_the_api_and_twice_stores_once(
    world: World, admin: Client, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug = Breaking(world, monkeypatch)
    await phone.text("Twice", id="same")
    await phone.text("Twice", id="same")
    await phone.text("Never", id="other")
    bug.mend()
    never, second, first = (await admin.get("/payloads"))["items"]
    for one in (first, second):
        replayed = await admin.post(f"/payloads/{one['id']}/replay")
        assert (replayed.status, replayed.body) == (200, {"stored": 1})
    assert (await admin.delete(f"/payloads/{never['id']}")).status == 204
    assert (await admin.delete(f"/payloads/{never['id']}")).status == 404
    thread = (await phone.conversation())["thread_id"]
    entries = (await admin.get(f"/threads/{thread}/entries?types=message"))["items"]
    assert [one["message"]["body"] for one in entries] == ["Twice"]


async def test_payloads_and_work_are_for_administrators(
    world: World, supervisor: Client, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    Breaking(world, monkeypatch)
    await phone.text("private")
    payload = (await phone.client.get("/payloads"))["items"][0]["id"]
    for method, path in [
        ("GET", "/payloads"),
        ("GET", f"/payloads/{payload}"),
        ("POST", f"/payloads/{payload}/replay"),
        ("DELETE", f"/payloads/{payload}"),
        ("DELETE", "/work/wrk_0000000000001"),
    ]:
        assert (await supervisor.ask(method, path)).status == 403, f"{method} {path}"


async def park(world: World, number: int, **given: Any) -> None:
    workspace = (await world.state.directory.workspace_ids())[0]
    row = Work(workspace, number, "hook", 0, 0, state="parked", attempts=8, **given)
    await world.state.database.write(lambda session: WORK.insert(session, [row]))


async def test_parked_work_is_shown_with_its_reason_and_dropped_or_queued_again(
    world: World, ann: Browser, admin: Client
) -> None:
    data: Mapping[str, Any] = {"plugin": "shop", "hook": "message_received", "position": 1}
    await park(world, 1, last_error="The <shop> did not answer.", data=data)
    await park(world, 2, last_error="It took too long.", data=data)
    page = await see(ann, "/settings/work")
    assert "The &lt;shop&gt; did not answer." in page
    assert re.search(r"Telling a plugin</span><div class=\"sm muted\">shop", page)
    second, first = [one["id"] for one in (await admin.get("/work"))["items"]]
    assert (await send(ann, f"/settings/work/{first}/drop")).headers["Location"] == "/settings/work?said=dropped"
    assert (await admin.delete(f"/work/{first}")).status == 404
    assert (await send(ann, f"/settings/work/{second}/replay")).headers["Location"] == "/settings/work?said=replayed"
    assert "Nothing is parked." in await see(ann, "/settings/work")
    await park(world, 3, data=data)
    third = (await admin.get("/work"))["items"][0]["id"]
    assert (await admin.delete(f"/work/{third}")).status == 204
    assert (await admin.get("/work"))["items"] == []


def shop() -> Plugin:
    async def message_received(event: Any, context: Any) -> None:
        raise AssertionError("nothing was received here")

    return make_plugin("shop", message_received)


async def test_plugins_are_shown_with_what_they_bring_and_how_they_behave(
    serve_here: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug_in(monkeypatch, shop())
    world = await serve_here()
    ann = await signed_in(world, Role.ADMINISTRATOR)
    page = await see(ann, "/settings/plugins")
    card = re.search(r"<h2 class=\"grow trunc\">shop</h2>.*?</article>", page, re.DOTALL)
    assert card is not None
    assert "message_received" in card[0]
    assert ">Running</span>" in card[0]
    assert re.search(r"onethread-simulator \d[^<]*</dd>", page), "distribution and version"
    assert re.search(r"<dt>Channels</dt><dd>Simulator</dd>", page)

    world.state.faults.failed("shop", "message_received", "it <raised>")
    assert "message_received: it &lt;raised&gt;" in await see(ann, "/settings/plugins")
    assert ">Running, with faults</span>" in await see(ann, "/settings/plugins")
    for _ in range(9):
        world.state.faults.failed("shop", "message_received", "it raised again")
    rested = await see(ann, "/settings/plugins")
    assert ">Left alone</span>" in rested
    assert "It is tried again in 1 minute." in rested
    listed = {one["name"]: one for one in (await (await world.someone(Role.AGENT)).get("/plugins"))["items"]}
    assert (listed["shop"]["state"], listed["shop"]["hooks"]) == ("resting", ["message_received"])
    assert listed["simulator"]["state"] == "ok"
    world.state.faults.succeeded("shop")
    assert ">Left alone</span>" not in await see(ann, "/settings/plugins")


async def test_a_plugin_that_was_left_out_at_the_start_is_named_with_the_reason(ann: Browser, tmp_path: Path) -> None:
    Quarantine(tmp_path / "data", lambda: 0).add("slow", "It blocked the event loop for more than ten seconds.")
    page = await see(ann, "/settings/plugins")
    assert ">Left out</span>" in page
    assert "It blocked the event loop for more than ten seconds." in page
    assert "disabled-plugins.json" in page
