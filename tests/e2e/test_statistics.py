"""The statistics as somebody reads them: figures of a day's work, a table behind each picture, CSV, one's own only."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import CheckAccess, NewPage
from tests.e2e.messenger import Messenger, ask, live, open_row, shown
from tests.support.browser import Faults

NUMBER = "+14155550501"
Shoot = Callable[[Page, str], Path]


def figure(page: Page, label: str) -> str:
    """One of the figures on top."""
    return page.locator(".kpi").filter(has_text=label).locator("dd").inner_text()


def work(messenger: Messenger, page: Page) -> None:
    """A question, an answer, and done."""
    messenger.text("What does it cost?", NUMBER)
    messenger.enter(page)
    live(page)
    ask(page, "PATCH", "/workspace", {"policy": {"first_reply_target": 300}})
    open_row(page, shown(NUMBER))
    page.get_by_label("Your message").fill("Twelve.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#tl .m.out")).to_contain_text("Delivered")
    page.locator(".thead [data-key-act=claim]").click()
    expect(page.locator(".thead .owner")).to_contain_text("You")


def _sort(agents: Locator) -> None:
    """By name, the other way round, and by what was sent."""
    by_name, names = agents.get_by_role("button", name="Agent"), agents.locator("tbody th bdi")
    by_name.click()
    expect(agents.get_by_role("columnheader", name="Agent")).to_have_attribute("aria-sort", "ascending")
    ordered = names.all_inner_texts()
    assert ordered == sorted(ordered, key=str.casefold)
    by_name.press("Enter")
    expect(names).to_have_text(ordered[::-1])
    agents.get_by_role("button", name="Sent").click()
    sent = [int(one) for one in agents.locator("tbody tr td:nth-of-type(1)").all_inner_texts()]
    assert sent == sorted(sent, reverse=True)


def _shows_the_target(page: Page, address: str) -> None:
    """Its line, and how often it was kept."""
    page.goto(address)
    replies = page.locator(".chart").filter(has_text="First reply by hour").first
    expect(replies.locator(".aim + text")).to_have_text("Target 5 m 00 s")
    expect(replies).to_contain_text(re.compile(r"[\d.]+% within 5 m 00 s"))


def test_a_day_in_figures(
    messenger: Messenger, page: Page, new_page: NewPage, axe: CheckAccess, faults: Faults, screenshot: Shoot
) -> None:
    work(messenger, page)
    messenger.text("HELLO", "+14155550502")
    page.goto(f"{messenger.url}/statistics?range=today")
    live(page)

    def counted() -> bool:
        page.reload()
        said = page.locator(".share rect").count() > 0 and re.match(r"\d", figure(page, "Median first reply"))
        return bool(said) and figure(page, "New conversations") not in {"0", "1"}

    while not counted():  # the follower is a moment behind; the test's own limit ends this
        live(page)
    expect(page.get_by_role("link", name="Today", exact=True)).to_have_attribute("aria-current", "page")
    agents = page.get_by_role("region", name="By agent").last
    expect(agents.locator("tbody tr").filter(has_text="Ana Reyes")).to_be_visible()
    ours = agents.locator("tbody tr").filter(has_text="Ana Reyes").locator("td[data-value]")
    expect(agents.get_by_role("columnheader", name="Open now")).to_be_visible()
    expect(ours.nth(4)).not_to_have_text("0")
    _sort(agents)
    volumes = page.locator(".chart").filter(has_text="Messages in and out").first
    volumes.get_by_text("As a table").click()
    expect(volumes.locator("table tbody tr")).to_have_count(24)
    axe(page)

    page.get_by_role("link", name="90 days", exact=True).click()
    expect(page.locator(".plot").first).to_be_visible()
    expect(page.get_by_role("img", name="Sent on each day, Ana Reyes")).to_be_visible()
    page.get_by_label("From").fill("2026-01-01")
    page.get_by_label("to", exact=True).fill("2026-01-07")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("from=2026-01-01&to=2026-01-07"))
    expect(page.get_by_text("Nothing to count yet")).to_be_visible()
    axe(page)
    page.goto(f"{messenger.url}/statistics?range=today")
    of_all = figure(page, "New conversations")
    page.get_by_label("Mailbox").select_option(label="News 55501")
    expect(page).to_have_url(re.compile("sender=snd_"))
    expect(page.locator(".kpi").filter(has_text="New conversations").locator("dd")).not_to_have_text(of_all)
    _shows_the_target(page, f"{messenger.url}/statistics")
    screenshot(page, "statistics")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV, By agent").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert "Ana Reyes" in [row["name"] for row in rows]

    faults.expect("status of 403 .*/statistics/users.csv")
    tom = new_page(width=390, height=844, dark=True)
    messenger.enter(tom, "Tom Becker", path="/statistics?range=7")
    expect(tom.get_by_role("heading", name="Your statistics")).to_be_visible()
    expect(tom.get_by_text("By agent")).to_have_count(0)
    expect(tom.get_by_text("Ana Reyes")).to_have_count(0)
    assert tom.evaluate("document.documentElement.scrollWidth") <= 390
    axe(tom)
    tom.goto(f"{messenger.url}/statistics/users.csv")
    expect(tom.get_by_role("heading", name="Not allowed").last).to_be_visible()
