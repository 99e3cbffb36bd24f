"""What plugins show in the Messenger: pages with an entry in the rail, entries of a thread's menu, panels beside it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from gateway.domain.visibility import Role
from gateway.host.plugins import Plugin
from gateway.sdk.events import PluginContext
from gateway.sdk.registration import MenuItem, Page, Panel
from tests.host.parts import make_plugin
from tests.web.conftest import Phone, Serve, World
from tests.web.plugged import plug_in
from tests.web.test_sign_in import Browser, browser, link_of


async def orders(context: PluginContext, query: Mapping[str, str]) -> str:
    return f"<h1>Orders of <b>{context.plugin}</b></h1><p>{query.get('day', 'any')}</p>"


async def fail(context: PluginContext, query: Mapping[str, str]) -> str:
    raise RuntimeError("the secret of the shop")


async def rubbish(context: PluginContext, query: Mapping[str, str]) -> Any:
    return None


def shop() -> Plugin:
    def register_pages() -> Sequence[Page]:
        return [
            Page("orders", "Orders & more", "archive", orders),
            Page("bad", "Bad", "no-such-icon", fail),
            Page("none", "None", "coins", rubbish),
        ]

    def thread_menu(thread_id: str) -> Sequence[MenuItem]:
        return [MenuItem("Show <orders>", "no-such-icon", f"/p/shop/orders?thread={thread_id}")]

    def thread_panels(thread_id: str) -> Sequence[Panel]:
        return [Panel("Orders", f"/p/shop/orders?thread={thread_id}")]

    return make_plugin("shop", register_pages, thread_menu, thread_panels)


def faulty() -> Plugin:
    def thread_menu(thread_id: str) -> Sequence[MenuItem]:
        raise SystemExit(1)

    def thread_panels(thread_id: str) -> Sequence[Panel]:
        return "Orders"  # type: ignore[return-value]

    return make_plugin("faulty", thread_menu, thread_panels)


@pytest.fixture
async def plugged(serve_here: Serve, monkeypatch: pytest.MonkeyPatch) -> World:
    plug_in(monkeypatch, faulty(), shop())
    return await serve_here()


@pytest.fixture
async def ann(plugged: World) -> Browser:
    """Somebody who is signed in."""
    person = browser(plugged)
    assert (await person.accept(link_of(plugged))).status == 303
    return person


async def see(person: Browser, path: str, **headers: str) -> Any:
    return await person.ask("GET", f"/api/..{path}", headers=headers)


async def test_a_page_stands_in_our_frame_as_the_plugin_wrote_it(ann: Browser) -> None:
    page = await see(ann, "/p/shop/orders?day=monday")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "<h1>Orders of <b>shop</b></h1><p>monday</p>" in page.text
    assert "<title>Orders &amp; more · " in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    entries = re.findall(r'href="/p/shop/(\w+)"( aria-current="page")?.*?#i-([\w-]+)"', page.text)
    assert entries == [("orders", ' aria-current="page"', "archive"), ("bad", "", "plug"), ("none", "", "coins")]
    assert 'href="/p/shop/orders"' in (await see(ann, "/conversations")).text


async def test_a_script_of_ours_gets_the_page_alone(ann: Browser) -> None:
    piece = await see(ann, "/p/shop/orders", **{"HX-Request": "true"})
    assert piece.text == "<h1>Orders of <b>shop</b></h1><p>any</p>"


async def test_a_page_is_for_people_who_are_signed_in(plugged: World) -> None:
    page = await see(browser(plugged), "/p/shop/orders?day=monday")
    assert page.status == 303
    assert page.headers["Location"] == "/login?next=/p/shop/orders?day%3Dmonday"


@pytest.mark.parametrize(("path", "status"), [("shop/bad", 500), ("shop/none", 500), ("shop/x", 404), ("x/y", 404)])
async def test_what_is_not_there_or_does_not_work_is_a_page_too(ann: Browser, path: str, status: int) -> None:
    page = await see(ann, f"/p/{path}")
    assert (page.status, "<h1" in page.text) == (status, True)
    assert "secret" not in page.text


async def test_a_thread_has_their_entries_and_panels(plugged: World, ann: Browser) -> None:
    admin = await plugged.someone(Role.ADMINISTRATOR)
    phone = Phone(admin, (await admin.get("/gateways"))["items"][0]["token"], "+12025550155")
    await phone.text("Hello")
    found = await phone.conversation()
    page = (await see(ann, f"/conversations/{found['id']}")).text
    leads = f"/p/shop/orders?thread={found['thread_id']}"
    entry = f'<a class="mi" href="{leads}"><svg class="i " aria-hidden="true"><use href="#i-plug"/>'
    assert entry in page
    assert "Show &lt;orders&gt;" in page
    assert re.search(r'id="st-plugin-0" aria-controls="sp-plugin-0"[^>]*>Orders</button>', page)
    assert f'hx-get="{leads}" hx-trigger="click from:#st-plugin-0"' in page
    assert entry in (await see(ann, f"/conversations/{found['id']}/menu/options", **{"HX-Request": "true"})).text
    counted = (await admin.get("/-/metrics")).text
    for hook, outcome in (("thread_menu", "raised"), ("thread_panels", "rubbish")):
        assert f'onethread_hook_calls_total{{hook="{hook}",outcome="{outcome}",plugin="faulty"}}' in counted
