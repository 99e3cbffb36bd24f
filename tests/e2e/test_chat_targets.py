"""Chat targets from the page: added, tested, told of what comes while one looks elsewhere, for a group, and removed."""

import json

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CheckAccess, NewPage
from tests.e2e.messenger import link_of, live, phones, sign_in, sign_up
from tests.support.browser import Faults
from tests.support.gateway import RunningGateway
from tests.support.webhook_receiver import Receiver

NUMBER = "+14155582711"
HOSTILE = '<img src=x onerror="alert(1)"> me'


def add(page: Page, receiver: Receiver, path: str, label: str, axe: CheckAccess, whose: str = "Me") -> None:
    page.get_by_role("link", name="Add a chat target").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a chat target")
    page.get_by_label("Name", exact=True).fill(label)
    target = page.get_by_label("Target", exact=True)
    target.fill("syslog://localhost")
    page.get_by_label("For", exact=True).select_option(label=whose)
    target.press("Enter")
    expect(page.locator("#f-address-e")).to_contain_text("syslog:// is not one of the services")
    expect(page.get_by_label("Name", exact=True)).to_have_value(label)
    axe(page)
    target.fill(f"json://me:hush-hush@127.0.0.1:{receiver.port}{path}")
    target.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Notifications")
    expect(page.locator(".chat").filter(has_text=label)).to_contain_text("Told nothing yet")
    expect(page.locator("body")).not_to_contain_text("hush-hush")


def said(one: object) -> str:
    words: str = json.loads(one.body)["message"]  # type: ignore[attr-defined]
    return words


def test_people_are_told_where_they_chat(
    telling: RunningGateway, receiver: Receiver, page: Page, new_page: NewPage, faults: Faults, axe: CheckAccess
) -> None:
    faults.expect("status of 422")
    sign_up(page, link_of(telling))
    texting = phones(telling, page)
    page.goto(f"{telling.url}/settings/notifications")
    add(page, receiver, "/me", HOSTILE, axe)
    add(page, receiver, "/team", "The channel", axe, whose="The whole team")
    axe(page)
    mine = page.locator(".chat").filter(has_text=HOSTILE)
    mine.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("The test arrived.")).to_be_visible()
    assert said(receiver.wait(1, "/me")[0]).startswith("This is a test")

    texting.text("My secret", NUMBER)
    for path, count in (("/me", 2), ("/team", 1)):
        words = said(receiver.wait(count, path)[-1])
        assert words.startswith(f"+1 415-558-2711 wrote. {telling.url}/conversations/cnv_")
        assert "secret" not in words

    receiver.answers["/me"] = [500]
    page.goto(f"{telling.url}/settings/notifications")
    mine.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("alert")).to_contain_text("The service did not take it.")
    axe(page)
    page.get_by_label("Only when it is mine").check()
    page.get_by_label("Gather for").select_option(label="15 minutes")
    page.get_by_label("Quiet from").fill("22:00")
    page.get_by_label("until").fill("07:00")
    page.get_by_role("button", name="Save").click()
    mine.get_by_role("link").click()
    expect(page.get_by_label("Only when it is mine")).to_be_checked()
    expect(page.get_by_label("Quiet from")).to_have_value("22:00")
    expect(page.get_by_label("Target", exact=True)).to_have_value("")
    narrow = new_page(width=390, dark=True)
    narrow.goto(f"{telling.url}/login")
    sign_in(narrow, telling.url)
    narrow.wait_for_url("**/conversations**")
    for path in (f"{telling.url}/settings/notifications", page.url):
        narrow.goto(path)
        live(narrow)
        axe(narrow)
        assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.get_by_text("Remove", exact=True).click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator(".chat")).to_have_count(1)
