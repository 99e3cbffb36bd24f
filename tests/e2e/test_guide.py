"""From the one-time link to a first answered message: led by the product, and counted action by action."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.conftest import Serve
from tests.e2e.conftest import CheckAccess, NewPage
from tests.e2e.messenger import PASSWORD, link_of, live

# The keystroke-level model (Card, Moran and Newell, 1980): seconds of somebody who has never seen the page.
POINT_S, KEY_S, THINK_S = 1.2, 0.28, 1.35
TWO_MINUTES_S = 120
Shoot = Callable[[Page, str], Path]


@dataclass
class Newcomer:
    """Does what a person does, and counts what it takes them; nothing is known that the page doesn't say."""

    seconds: float = 0
    clicks: int = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1
        self.seconds += THINK_S + POINT_S

    def write(self, where: Locator, text: str) -> None:
        where.fill(text)
        self.clicks += 1
        self.seconds += THINK_S + POINT_S + KEY_S * len(text)

    def read(self, where: Locator) -> None:
        """Four words a second."""
        self.seconds += len(where.inner_text().split()) / 4


def test_two_minutes_from_the_link_to_the_first_answer(
    serve: Serve, page: Page, axe: CheckAccess, screenshot: Shoot
) -> None:
    server, somebody = serve(), Newcomer()
    page.goto(link_of(server))
    somebody.write(page.get_by_label("Your name"), "Ana Reyes")
    somebody.write(page.get_by_label("Work email"), "ana@shop.example")
    somebody.write(page.get_by_label("Password", exact=True), PASSWORD)
    somebody.click(page.get_by_role("button", name="Start"))
    live(page)
    guide = page.locator("#guide")
    expect(guide).to_contain_text("Done: Connected")
    expect(guide.locator("[aria-current=step]")).to_contain_text("Text yourself")
    axe(page)
    screenshot(page, "first-run")
    somebody.read(guide)
    somebody.click(guide.get_by_role("link", name="Open the phone"))
    live(page)
    somebody.write(page.get_by_label("Text message from Maya"), "Hello, is anybody there?")
    somebody.click(page.get_by_role("button", name="Send from Maya"))
    expect(guide.locator("[aria-current=step]")).to_contain_text("Answer it")
    axe(page)
    somebody.read(guide)
    somebody.click(guide.get_by_role("link", name="Open the Inbox"))
    live(page)
    somebody.click(page.locator("#rows .cr-top"))
    somebody.write(page.get_by_label("Your message"), "Yes! What can we do for you?")
    somebody.click(page.get_by_role("button", name="Send", exact=True))
    expect(page.locator("#tl .m.out")).to_contain_text("Delivered")
    expect(guide.locator("[aria-current=step]")).to_contain_text("Connect a gateway")
    axe(page)
    assert somebody.seconds < TWO_MINUTES_S, f"{somebody.seconds:.0f} s"
    assert somebody.clicks <= 12

    somebody.click(guide.get_by_role("button", name="Skip the guide"))
    expect(guide).to_be_hidden()
    page.reload()
    live(page)
    expect(guide).to_be_hidden()


def test_a_real_gateway_ends_it_and_it_fits_a_telephone(serve: Serve, new_page: NewPage, axe: CheckAccess) -> None:
    server = serve()
    page = new_page(width=390, height=844, dark=True)
    page.goto(link_of(server))
    page.get_by_label("Your name").fill("Ana Reyes")
    page.get_by_label("Work email").fill("ana@shop.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Start").click()
    live(page)
    expect(page.locator("#guide")).to_contain_text("The phone simulator is a telephone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page)
    page.locator("#guide").get_by_role("link", name="Open the phone").click()
    page.get_by_label("Text message from Maya").fill("Hello")
    page.get_by_role("button", name="Send from Maya").click()
    expect(page.locator("#guide")).to_contain_text("The text waits in the Inbox")
    headers = {"X-CSRF-Token": page.locator("meta[name=csrf]").get_attribute("content") or ""}
    settings = {"send_url": "https://sms.example/send", "send_template": "{}", "secret": "s"}
    made = page.request.post(
        f"{server.url}/api/v1/gateways", data={"plugin": "http", "name": "Mine", "settings": settings}, headers=headers
    )
    assert made.status == 201, made.text()
    page.locator("#guide").get_by_role("link", name="Open the Inbox").click()
    page.locator("#rows .cr-top").click()
    page.get_by_label("Your message").fill("Hello to you")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#tl .m.out")).to_contain_text("Delivered")
    expect(page.locator("#guide")).to_be_hidden()
