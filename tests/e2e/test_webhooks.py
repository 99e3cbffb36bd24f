"""Webhooks from the page: added, tested, watched while they fail, replayed, changed, paused and removed."""

import json
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import CheckAccess, NewPage, Screenshot
from tests.e2e.messenger import Messenger, link_of, live, phones, sign_in, sign_up
from tests.support.browser import Faults
from tests.support.gateway import RunningGateway
from tests.support.webhook_receiver import Receiver

NUMBER = "+14155582701"
HOSTILE = '<img src=x onerror="alert(1)"> shop'


def add(page: Page, receiver: Receiver, axe: CheckAccess) -> str:
    """By keyboard; what is wrong is said at its field and nothing typed is lost. Answers the secret."""
    page.get_by_role("link", name="Add webhook").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add webhook")
    address = page.get_by_label("Address", exact=True)
    address.fill("http://10.0.0.7/hook")
    page.get_by_label("What it is for").fill(HOSTILE)
    page.get_by_label("A conversation was completed").check()
    address.press("Enter")
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#f-url-e")).to_contain_text("is not a public address")
    expect(page.get_by_label("What it is for")).to_have_value(HOSTILE)
    expect(page.get_by_label("A conversation was completed")).to_be_checked()
    axe(page)
    page.get_by_label("Everything that happens").check()
    expect(page.get_by_label("A tag was added")).to_be_hidden()
    page.get_by_label("Only these").check()
    address.fill(receiver.url())
    address.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Webhook added")
    axe(page)
    return page.get_by_label("Copy the secret now").input_value()


def watch_a_failure(page: Page, log: Locator, receiver: Receiver, texting: Messenger, axe: CheckAccess) -> None:
    """Refused once, taken then, and replayed by hand: each try is in the log, without a reload."""
    receiver.answers["/hook"] = [500, 200]
    texting.text("Is the lamp back?", NUMBER)
    first, second = receiver.wait(3)[1:]
    assert first.id == second.id
    assert json.loads(second.body)["data"]["message"]["body"] == "Is the lamp back?"
    expect(log.get_by_role("row").filter(has_text="A message came in")).to_contain_text("200 in")
    axe(page)
    log.get_by_role("link", name="A message came in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A message came in")
    tries = page.get_by_role("region", name="Tries").get_by_role("row")
    expect(tries).to_have_count(3)
    expect(tries.nth(2)).to_contain_text("status 500")
    expect(page.get_by_role("region", name="What it says")).to_contain_text('"body": "Is the lamp back?"')
    axe(page)
    page.get_by_role("button", name="Replay").click()
    assert receiver.wait(4)[3].id == first.id
    expect(tries).to_have_count(4)


def pause_and_change(page: Page, telling: RunningGateway, receiver: Receiver, secret: str, axe: CheckAccess) -> None:
    """For a while both secrets sign."""
    page.goto(f"{telling.url}/settings/webhooks")
    entry = page.locator(".hook")
    expect(entry).to_contain_text(receiver.url())
    expect(entry).to_contain_text("A message came in · A conversation was completed")
    entry.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused. What waits keeps waiting")).to_be_visible()
    page.get_by_role("button", name="Switch on").click()
    page.get_by_text("Change the secret", exact=True).click()
    page.get_by_role("button", name="Change it").click()
    other = page.get_by_label("Copy the new secret now").input_value()
    assert other != secret
    axe(page)
    page.get_by_role("button", name="Send a test").click()
    last = receiver.wait(5)[4]
    assert last.verified(secret) == last.verified(other)


def test_an_administrator_sets_one_up_and_sees_it_through(
    telling: RunningGateway,
    receiver: Receiver,
    page: Page,
    new_page: NewPage,
    faults: Faults,
    axe: CheckAccess,
    screenshot: Screenshot,
) -> None:
    faults.expect("status of 422")
    sign_up(page, link_of(telling))
    texting = phones(telling, page)
    page.goto(f"{telling.url}/settings/webhooks")
    expect(page.get_by_text("No webhooks yet")).to_be_visible()
    axe(page)
    secret = add(page, receiver, axe)
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("A test is on its way")).to_be_visible()
    (tested,) = receiver.wait(1)
    assert tested.verified(secret)["type"] == "webhook_test"
    log = page.locator("#log")
    expect(log).to_contain_text("200 in")
    expect(page.locator("#chip")).to_contain_text("Healthy")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    watch_a_failure(page, log, receiver, texting, axe)
    pause_and_change(page, telling, receiver, secret, axe)

    receiver.answers["/hook"] = [410]
    texting.text("And the other one?", NUMBER)
    receiver.wait(6)
    expect(page.locator("#chip")).to_contain_text("Switched off")
    page.goto(f"{telling.url}/settings/tags")
    page.get_by_role("link", name="See webhooks").click()
    expect(page.locator(".hook")).to_contain_text("It answered 410")
    axe(page)
    page.locator(".hook").get_by_role("link").click()
    page.get_by_role("link", name="Given up").click()
    expect(log).to_contain_text("Given up, last 410")
    screenshot(page, "settings-webhook")
    receiver.answers["/hook"] = [200]
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("button", name="Replay all that were given up").click()
    receiver.wait(7)
    hook = urlsplit(page.url).path
    for width, dark in ((1440, True), (390, False)):
        look_around(new_page(width=width, dark=dark), telling, hook, axe)
    faults.expect(f"status of 404 .*{hook}")  # its page renews itself, and may ask once more while it is being removed
    page.get_by_text("Remove", exact=True).click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("No webhooks yet")).to_be_visible()
    page.goto(f"{telling.url}/settings/account")
    page.get_by_label("Language").select_option("de")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.goto(f"{telling.url}/settings/webhooks/new")
    expect(page.get_by_role("heading", level=1)).to_have_text("Webhook hinzufügen")
    expect(page.get_by_label("Eine Nachricht kam an")).to_be_checked()


def look_around(page: Page, telling: RunningGateway, hook: str, axe: CheckAccess) -> None:
    """Every page of it at another width, in another theme: nothing is in the way and nothing sticks out."""
    page.goto(f"{telling.url}/login")
    sign_in(page, telling.url)
    page.wait_for_url("**/conversations**")
    for path in ("/settings/webhooks", "/settings/webhooks/new", hook):
        page.goto(telling.url + path)
        live(page)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.locator("#log").get_by_role("link").first.click()
    expect(page.get_by_role("region", name="What it says")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
