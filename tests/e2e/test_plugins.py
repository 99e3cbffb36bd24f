"""What a plugin adds to the Messenger, in a browser: its page, its entry in a thread's menu, its panel beside it."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import CheckAccess
from tests.e2e.messenger import Messenger, open_row, shown
from tests.support.gateway import RunningGateway, serve_command
from tests.support.ports import find_free_port
from tests.support.process import ServerProcess

PLUGIN = """
from gateway.sdk import hookimpl
from gateway.sdk.registration import MenuItem, Page, Panel

async def orders(context, query):
    return f"<h1>Orders</h1><p>Of {query.get('thread', 'all')[:4]}</p>"

@hookimpl
def register_pages():
    return [Page("orders", "Orders", "archive", orders)]

@hookimpl
def thread_menu(thread_id):
    return [MenuItem("Show orders", "archive", f"/p/shop/orders?thread={thread_id}")]

@hookimpl
def thread_panels(thread_id):
    return [Panel("Orders", f"/p/shop/orders?thread={thread_id}")]
"""


@pytest.fixture(scope="module")
def plugged(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Messenger]:
    """A running product beside which the plugin is installed."""
    folder = tmp_path_factory.mktemp("plugged")
    (folder / "shop_plugin.py").write_text(PLUGIN)
    info = folder / "shop-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[onethread]\nshop = shop_plugin\n")
    paths = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    command = serve_command(find_free_port(), folder / "data")
    process = ServerProcess(command, cwd=folder, env={"PYTHONPATH": paths})
    try:
        ready = process.wait_for_line(r"Messenger ready at (http://\S+)")
        running = Messenger(RunningGateway(ready[1].rstrip("/"), folder / "data", process))
        running.staff(browser)
        yield running
    finally:
        process.kill()


def test_a_page_stands_in_the_rail(plugged: Messenger, page: Page, axe: CheckAccess) -> None:
    plugged.enter(page)
    page.get_by_role("link", name="Orders").click()
    expect(page.get_by_role("main").get_by_role("heading", name="Orders")).to_be_visible()
    expect(page.get_by_role("link", name="Orders")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("main")).to_contain_text("Of all")
    axe(page)


def test_a_panel_is_loaded_when_opened_and_stays_open_when_news_come(plugged: Messenger, page: Page) -> None:
    number = "+14155550291"
    plugged.text("Where is my parcel?", number)
    plugged.enter(page)
    open_row(page, shown(number))
    panel = page.locator("#sp-plugin-0")
    expect(panel).to_contain_text("Loading")
    page.get_by_role("tab", name="Orders").click()
    expect(panel).to_contain_text("Of thr_")
    page.locator(".thead").get_by_role("button", name="Claim").click()
    expect(page.locator("#tl")).to_contain_text("Ana Reyes claimed this conversation")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("Of thr_")


def test_an_entry_of_the_menu_leads_to_the_page(plugged: Messenger, page: Page) -> None:
    number = "+14155550292"
    plugged.text("And mine?", number)
    plugged.enter(page)
    open_row(page, shown(number))
    page.get_by_role("button", name="Conversation options").first.click()
    page.locator("#m-conv").get_by_role("link", name="Show orders").click()
    expect(page.get_by_role("main")).to_contain_text("Of thr_")
