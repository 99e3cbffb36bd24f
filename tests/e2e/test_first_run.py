"""From the first start to the first answered message, as the quickstart tells it."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.conftest import Serve
from tests.e2e.conftest import CheckAccess, NewPage
from tests.e2e.messenger import MAYA_TEXT, link_of, live, open_row, row, sign_in, sign_up
from tests.support.browser import Faults

Shoot = Callable[[Page, str], Path]


def test_hello_goes_in_and_an_answer_goes_out(
    serve: Serve, page: Page, new_page: NewPage, axe: CheckAccess, screenshot: Shoot
) -> None:
    server = serve()
    link = link_of(server)

    page.goto(server.url)
    expect(page).to_have_url(f"{server.url}/login?next=/")
    axe(page)
    page.goto(link)
    axe(page)
    sign_up(page, link)
    expect(page.get_by_text("All clear")).to_be_visible()
    axe(page)

    phone = page.context.new_page()
    phone.goto(f"{server.url}/phone")
    live(phone)
    axe(phone)
    maya = phone.locator(".hs").filter(has_text=MAYA_TEXT)
    maya.get_by_label("Text message from Maya").fill("Hello, is the Fern lamp back?")
    maya.get_by_role("button", name="Send from Maya").click()
    expect(maya.get_by_text("Delivered")).to_be_visible()
    expect(phone.locator("#log")).to_contain_text("inbound")

    conversation = row(page, MAYA_TEXT)
    expect(conversation).to_contain_text("Hello, is the Fern lamp back?")
    expect(conversation.locator(".count")).to_contain_text("1")
    expect(page).to_have_title("Inbox (1) · Onethread")

    open_row(page, MAYA_TEXT)
    expect(page.locator("#tl .m.inc .bub")).to_have_text("Hello, is the Fern lamp back?")
    expect(conversation.locator(".count")).to_have_count(0)
    expect(page).to_have_title("Inbox · Onethread")
    page.get_by_label("Your message").fill("Yes! We have three left.")
    page.get_by_role("button", name="Send", exact=True).click()
    answer = page.locator("#tl .m.out")
    expect(answer).to_contain_text("Yes! We have three left.")
    expect(answer).to_contain_text("Delivered")
    expect(answer).to_have_count(1)
    axe(page)

    expect(maya.locator(".sm-b:not(.me)")).to_have_text("Yes! We have three left.")
    maya.get_by_label("Text message from Maya").fill("Lovely, please keep one for me.")
    maya.get_by_role("button", name="Send from Maya").click()
    expect(page.locator("#tl .m.inc").last).to_contain_text("please keep one for me")
    name_and_claim(page)
    first_quick_reply(page, axe)
    screenshot(phone, "phone")
    screenshot(page, "inbox")

    login = new_page()
    login.goto(f"{server.url}/login")
    screenshot(login, "login")


def name_and_claim(page: Page) -> None:
    """The stranger gets a name, and the conversation an owner."""
    page.get_by_role("button", name="Add contact").first.click()
    page.get_by_label("Name", exact=True).fill("Maya Okafor")
    page.get_by_role("button", name="Save contact").click()
    expect(page.locator(".thead h2")).to_have_text("Maya Okafor")
    page.locator(".thead").get_by_role("button", name="Claim").click()
    expect(page.locator(".thead .owner")).to_contain_text("You")
    expect(row(page, "Maya Okafor").locator(".own")).to_be_visible()
    expect(page.locator("#toasts .toast")).to_have_count(0)


def first_quick_reply(page: Page, axe: CheckAccess) -> None:
    """Who has none yet finds where they are made, by the button and by the key; then it is used."""
    box, menu, tools = page.get_by_label("Your message"), page.locator("#m-quick"), page.locator("#composer .tools")
    tools.get_by_role("button", name="Templates").click()
    expect(page.locator("#m-templ")).to_contain_text("No templates yet.")
    page.keyboard.press("Escape")
    box.press("/")
    expect(menu).to_contain_text("No quick replies yet.")
    axe(page)
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    tools.get_by_role("button", name="Quick replies").click()
    thread = page.url
    menu.get_by_role("link", name="New quick reply").press("Enter")
    page.get_by_label("Name").fill("Opening hours")
    page.get_by_label("Text").fill("We are open from 9 to 6.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("list", name="Quick replies: Team")).to_contain_text("Opening hours")
    page.goto(thread)
    live(page)
    box.press("/")
    menu.get_by_role("button", name="Opening hours").click()
    expect(box).to_have_value("We are open from 9 to 6.")
    box.fill("")


def test_the_link_works_once_and_the_password_from_then_on(
    serve: Serve, page: Page, new_page: NewPage, axe: CheckAccess, faults: Faults
) -> None:
    server = serve()
    link = link_of(server)
    sign_up(page, link)
    faults.expect("status of 422 .*/login")
    faults.expect("status of 404 .*/invitation/")
    page.get_by_role("button", name="Your account, Ana Reyes").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{server.url}/login")

    page.get_by_label("Work email").fill("ana@shop.example")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("don't belong together")
    expect(page.get_by_label("Work email")).to_have_value("ana@shop.example")
    axe(page)
    sign_in(page, server.url)
    live(page)

    late = new_page()
    late.goto(link)
    expect(late.get_by_role("heading", name="This link can")).to_be_visible()
    axe(late)
