"""The settings: a gateway connected to a real message centre from the page, every section at every width and role."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.conftest import Serve
from tests.e2e.beside import DESK, Provider
from tests.e2e.conftest import CheckAccess, NewPage, Screenshot
from tests.e2e.messenger import Messenger, ask, link_of, live, row, sign_up
from tests.support.browser import Faults

NAME = "Nordlink"
HOSTILE = 'Reply STOP <img src=x onerror="alert(1)">'
CONTACT_SHOWN = "+1 415 555 0148"
PICTURED = {
    "Your account": "account",
    "Notifications": "notifications",
    "Pools": "pools",
    "Quick replies": "quick-replies",
    "Roles": "roles",
    "Data": "data",
    "Plugins": "plugins",
    "Parked work": "parked-work",
}


@pytest.fixture
def provider(browser: Browser) -> Iterator[Provider]:
    running = Provider()
    yield running
    running.stop()


def go(page: Page, section: str) -> None:
    """Through the navigation, which swaps the page under it."""
    page.get_by_role("navigation", name="Settings").get_by_role("link").filter(
        has=page.get_by_text(section, exact=True)
    ).click()
    expect(page.get_by_role("heading", level=1, name=section)).to_be_visible()


def open_gateway(page: Page) -> None:
    go(page, "Gateways")
    page.get_by_role("link", name=NAME, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


def connect(page: Page, provider: Provider, axe: CheckAccess, screenshot: Screenshot) -> None:
    """The form is made from the plugin's settings; what is wrong is said at its field, and nothing typed is lost."""
    page.get_by_role("link", name="Add gateway").first.click()
    page.get_by_role("link", name="SMS over SMPP").click()
    expect(page.get_by_label("Port", exact=True)).to_have_value("2775")
    page.get_by_label("Name *").fill(NAME)
    page.get_by_label("Host *").fill("127.0.0.1")
    page.get_by_label("System ID *").fill("shop")
    page.get_by_label("Password", exact=True).fill("secret")
    page.get_by_label("Port", exact=True).fill("many")
    page.get_by_role("button", name="Add gateway").click()
    port = page.get_by_label("Port", exact=True)
    expect(port).to_have_attribute("aria-invalid", "true")
    expect(port).to_have_accessible_description("Enter a whole number, such as 10.")
    expect(page.get_by_label("System ID *")).to_have_value("shop")
    again = page.get_by_label("Password *", exact=True)
    expect(again).to_have_value("")
    expect(again).to_have_accessible_description("Type it again: a secret is never sent back.")
    axe(page)
    screenshot(page, "settings-gateway-form")
    port.fill(str(provider.settings["port"]))
    again.fill("secret")
    page.get_by_role("button", name="Add gateway").click()
    expect(page.get_by_text("The gateway was added.")).to_be_visible()
    provider.said("bind_transceiver")
    expect(page.locator("#state")).to_contain_text("Healthy")


def give_it_a_number(page: Page, screenshot: Screenshot) -> None:
    go(page, "Numbers")
    page.get_by_role("link", name="Add number").click()
    page.get_by_label("Number, name or address").fill(f"+{DESK}")
    page.get_by_label("Name", exact=True).fill("Main line")
    page.get_by_label("Appended message").fill("Reply STOP to opt out.")
    page.get_by_label(f"Place of {NAME}").select_option("1")
    screenshot(page, "settings-number")
    page.get_by_label("Appended message").fill(HOSTILE)
    page.get_by_role("button", name="Add number").click()
    line = page.get_by_role("row").filter(has_text="Main line")
    expect(line).to_contain_text(NAME)
    expect(line).to_contain_text("SMS")
    expect(line).to_contain_text(HOSTILE)


def _paused_by_two(page: Page, cards: Page, card: Locator) -> None:
    """On its page, while somebody presses Pause in the menu of its card: the Resume there by then is not pressed."""
    card.get_by_role("button", name=f"Options for {NAME}").click()
    cards.locator(".menu:popover-open").get_by_role("button", name="Pause").hover()
    cards.mouse.down()
    open_gateway(page)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#state")).to_contain_text("Paused")
    expect(card).to_contain_text("Paused")
    cards.mouse.up()
    cards.keyboard.press("Escape")


def _by_the_menu_of_its_card(cards: Page, card: Locator, axe: CheckAccess) -> None:
    """Resumed, tested, switched off and on without leaving the cards."""

    def choose(name: str) -> None:
        card.get_by_role("button", name=f"Options for {NAME}").click()
        cards.locator(".menu:popover-open").get_by_role("button", name=name, exact=True).click()

    choose("Resume")
    expect(card).to_contain_text("Healthy")
    expect(card.locator("dl div").nth(2)).to_have_text(re.compile(r"^Latency"))
    choose("Test")
    expect(cards.locator("#tested")).to_contain_text(f"{NAME} · It works")
    card.get_by_role("button", name=f"Options for {NAME}").click()
    axe(cards)
    expect(cards.locator(".menu:popover-open").get_by_role("link", name="View log")).to_be_visible()
    cards.keyboard.press("Escape")
    choose("Turn off")
    dialog = cards.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Turn {NAME} off?")
    dialog.get_by_role("button", name="Turn off").click()
    expect(card).to_contain_text("Off")
    choose("Turn on")
    expect(card).to_contain_text("Healthy")


def test_an_administrator_connects_a_gateway_and_watches_it(
    serve: Serve, page: Page, faults: Faults, provider: Provider, axe: CheckAccess, screenshot: Screenshot
) -> None:
    faults.expect("status of 422")
    server = serve(env={"ONETHREAD_ALLOW_HOSTS": "127.0.0.1"})
    sign_up(page, link_of(server))
    page.get_by_role("navigation", name="Modules").get_by_role("link", name="Settings").click()
    go(page, "Gateways")
    connect(page, provider, axe, screenshot)
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.locator("#tested")).to_contain_text("It works")
    give_it_a_number(page, screenshot)

    open_gateway(page)
    page.get_by_role("link", name="Log", exact=True).click()
    expect(page.get_by_text("Nothing yet")).to_be_visible()
    live(page)
    page.evaluate("document.body.dataset.since = 'before the message'")
    provider.deliver("Is the lamp back?")
    provider.said("deliver_sm_resp")
    expect(page.locator("#log")).to_contain_text("deliver_sm stored as inbound")
    expect(page.locator("#log")).not_to_contain_text("lamp")
    expect(page.locator("#log")).not_to_contain_text("secret")
    screenshot(page, "settings-gateway-log")
    expect(page.locator("body")).to_have_attribute("data-since", "before the message")
    axe(page)

    cards = page.context.new_page()
    cards.goto(f"{server.url}/settings/gateways")
    card = cards.locator("article").filter(has_text=NAME)
    expect(card).to_contain_text("Healthy")
    live(cards)
    _paused_by_two(page, cards, card)
    screenshot(cards, "settings-gateways")
    _by_the_menu_of_its_card(cards, card, axe)
    page.reload()
    expect(page.locator("#state")).to_contain_text("Healthy")

    page.goto(f"{server.url}/conversations")
    expect(row(page, CONTACT_SHOWN)).to_contain_text("Is the lamp back?")
    page.goto(f"{server.url}/settings/gateways")
    open_gateway(page)
    page.get_by_role("link", name="Remove").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Serves Main line.")
    axe(page)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.get_by_role("link", name="Remove").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The gateway was removed.")).to_be_visible()
    go(page, "Numbers")
    expect(page.get_by_role("row").filter(has_text="Main line")).to_contain_text("Needs a gateway")


@pytest.mark.parametrize(("turn", "width", "dark"), [(0, 1440, False), (1, 1024, True), (2, 390, False)])
def test_every_section_fits_and_is_open_to_everybody(
    messenger: Messenger, new_page: NewPage, axe: CheckAccess, screenshot: Screenshot, turn: int, width: int, dark: bool
) -> None:
    """Each section is laid out in each of the ways, and asked by axe in one of them, in turn."""
    page = new_page(width=width, height=900, dark=dark)
    messenger.enter(page)
    if width == 1440:
        ask(page, "POST", "/pools", {"name": "Front desk", "nearest": True})
        for name, body in (("Hours", "We are open from nine to six."), ("On its way", "It leaves us today.")):
            ask(page, "POST", "/quick-replies", {"name": name, "body": body})
    page.goto(f"{messenger.url}/settings")
    sections = page.locator(".set>.nav .na .trunc").all_inner_texts()
    assert {"Gateways", "Numbers", "Pools", "Roles", "Policies", "Plugins", "Parked work"} <= set(sections)
    for number, section in enumerate(sections):
        go(page, section)
        if width == 1440 and section in PICTURED:
            screenshot(page, f"settings-{PICTURED[section]}")
        if number % 3 == turn:
            axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), section
        expect(page.locator(".set>.nav [aria-current]")).to_be_in_viewport()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name=sections[-2])).to_be_visible()
    page.goto(f"{messenger.url}/settings/policies?preset=case-desk")
    expect(page.get_by_role("heading", name="What Case desk would change")).to_be_visible()
    axe(page)
    if width == 1440:
        screenshot(page, "settings-policies")


def test_without_script_policies_are_changed_all_the_same(
    messenger: Messenger, new_page: NewPage, faults: Faults
) -> None:
    faults.expect("status of 422")
    page = new_page(script=False)
    messenger.enter(page, path="/settings/policies")
    page.get_by_role("group", name="When somebody writes again after a conversation ended").get_by_label(
        "Open it again for some days"
    ).check()
    page.get_by_label("Days", exact=True).fill("0")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Must be a whole number from 1 to 3650.")).to_be_visible()
    page.get_by_label("Days", exact=True).fill("9")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It holds from now on")).to_be_visible()
    expect(page.get_by_text("In use, changed")).to_be_visible()
    page.get_by_role("link", name="See what changes Inbox zero").click()
    expect(page.locator("#preview")).to_contain_text("Open it again within 9 days, then begin a new one")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("The preset was applied.")).to_be_visible()
    expect(page.get_by_text("In use", exact=True)).to_be_visible()


def test_an_agent_finds_what_concerns_an_agent(
    messenger: Messenger, page: Page, faults: Faults, axe: CheckAccess
) -> None:
    faults.expect("status of 403")
    messenger.enter(page, "Tom Becker", "/settings")
    go(page, "Roles")
    expect(page.get_by_text("Yours is Agent.")).to_be_visible()
    for section in ("Gateways", "Policies", "Plugins"):
        expect(page.get_by_role("navigation", name="Settings").get_by_role("link", name=section)).to_have_count(0)
    axe(page)
    page.goto(f"{messenger.url}/settings/gateways")
    expect(page.get_by_role("heading", name="Not allowed").last).to_be_visible()


def test_a_form_pressed_twice_is_sent_once(messenger: Messenger, page: Page, faults: Faults) -> None:
    """Whatever is pressed meanwhile. Stopped, or sent back with what was wrong, it can be pressed again."""
    faults.expect("status of 422")
    name, posts = "Twice in a hurry", list[str]()
    messenger.enter(page, path="/settings/quick/replies/new")
    live(page)
    save, box, sent = page.get_by_role("button", name="Save"), page.get_by_label("Name"), re.compile("/replies/new$")

    def nothing_comes(route: Route) -> None:
        posts.append(route.request.method)
        route.fulfill(status=204)

    page.route(sent, nothing_comes)
    box.fill(name)
    page.get_by_label("Text").fill("We will be right with you.")
    for times in (1, 2):
        for pressed in (box, save, box):
            pressed.press("Enter")
            expect(save).to_have_attribute("aria-disabled", "true")
        expect(save).to_have_class(re.compile("is-busy"))
        assert posts == ["POST"] * times
        page.keyboard.press("Escape")
        expect(save).not_to_have_attribute("aria-disabled", "true")
    page.unroute(sent)
    box.fill(" ")
    save.click()
    expect(box).to_have_attribute("aria-invalid", "true")
    box.fill(name)
    save.click()
    expect(page.get_by_text(name, exact=True)).to_have_count(1)
