"""Conversations that nobody has: a rule as a sentence, somebody who gets one, nobody there, and somebody who comes."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CheckAccess, NewPage, Screenshot
from tests.e2e.messenger import Messenger, ask, live, open_row, shown
from tests.support.browser import Faults

ONE, TWO = "+14155587401", "+14155587402"
TAG = "give out <b>"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def switch(page: Page, messenger: Messenger, *, on: bool) -> None:
    """Says in the menu under one's picture whether one is there."""
    page.goto(f"{messenger.url}/conversations?view=open")
    live(page)
    page.get_by_role("button", name="Your account, Ana Reyes").click()
    button = page.get_by_role("button", name="Available for new conversations")
    expect(button).to_have_attribute("aria-pressed", "false" if on else "true")
    button.click()


def tagged(page: Page, number: str, *, on: bool = True) -> None:
    found = ask(page, "GET", f"/conversations?view=all&q={number.removeprefix('+')}")["items"][0]
    ask(page, "POST", f"/conversations/{found['id']}/tags", {"add" if on else "remove": [TAG]})


def work_at_other_hours(
    page: Page, messenger: Messenger, axe: CheckAccess, screenshot: Screenshot, faults: Faults
) -> None:
    """Hours of one's own, half a day away from now."""
    page.goto(f"{messenger.url}/settings/account")
    page.get_by_role("region", name="Working hours").get_by_role("link", name="Set it up").click()
    page.get_by_label("Monday").fill("nine to five")
    faults.expect("422")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_label("Monday")).to_have_accessible_description("Write hours as 09:00-12:30, 13:30-18:00.")
    axe(page)
    hour = page.evaluate("() => new Date().getUTCHours()")
    for day in DAYS:
        page.get_by_label(day).fill(f"{(hour + 11) % 24}-{(hour + 12) % 24 or 24}")
    page.get_by_label("Time zone").fill("UTC")
    page.get_by_label("Days off").fill("2026-12-24 2026-12-25")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved.")).to_be_visible()
    axe(page)
    screenshot(page, "working-hours")


def test_what_nobody_has_is_given_out(
    messenger: Messenger, page: Page, new_page: NewPage, axe: CheckAccess, faults: Faults, screenshot: Screenshot
) -> None:
    for number in (ONE, TWO):
        messenger.text("Who takes this?", number)
    messenger.enter(page)
    live(page)
    group = ask(page, "POST", "/groups", {"name": "Givers"})
    me = next(one for one in ask(page, "GET", "/users")["items"] if one["name"] == "Ana Reyes")
    ask(page, "PATCH", f"/users/{me['id']}", {"group_ids": [group["id"]]})
    ask(page, "POST", "/tags", {"name": TAG})

    page.goto(f"{messenger.url}/settings/assignment")
    expect(page.get_by_text("No rule yet")).to_be_visible()
    axe(page)
    page.get_by_label("Of the group").select_option(label="Givers")
    page.get_by_label("Only those with the tag").select_option(label=TAG)
    page.get_by_label("Most open conversations each").fill("many")
    faults.expect("422")
    page.get_by_role("button", name="Add rule").click()
    expect(page.get_by_label("Most open conversations each")).to_have_accessible_description(
        "A cap is a whole number; leave it out for none."
    )
    expect(page.get_by_label("Of the group")).to_have_value(group["id"])
    page.get_by_label("Most open conversations each").fill("500")
    page.get_by_role("button", name="Add rule").press("Enter")
    rule = page.get_by_role("list", name="Rules, the first that fits counts").get_by_role("listitem")
    expect(rule).to_have_text(
        f"Conversations that nobody has tagged {TAG} go to each available one of Givers in turn, up to 500 open each."
    )
    axe(page)
    screenshot(page, "assignment")
    for width, dark in ((1024, True), (390, False)):
        small = new_page(width=width, height=844, dark=dark)
        messenger.enter(small, path="/settings/assignment")
        expect(small.get_by_role("heading", name="Open now")).to_be_visible()
        assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")
        axe(small)
        screenshot(small, f"assignment-{width}")

    given_by_hand_and_hour(page, messenger, new_page, axe, faults, screenshot, me["id"])

    page.goto(f"{messenger.url}/settings/assignment")
    page.get_by_role("button", name="Remove rule 1").click()
    expect(page.get_by_text("No rule yet")).to_be_visible()


def given_by_hand_and_hour(
    page: Page,
    messenger: Messenger,
    new_page: NewPage,
    axe: CheckAccess,
    faults: Faults,
    screenshot: Screenshot,
    me: str,
) -> None:
    """Who is there gets one; switched off, or at another hour than theirs, it waits and says so."""
    page.goto(f"{messenger.url}/conversations?view=open")
    live(page)
    open_row(page, shown(ONE))
    tagged(page, ONE)
    expect(page.locator("#tl")).to_contain_text("Assigned to Ana Reyes by round robin of Givers")
    expect(page.locator(".thead .owner")).to_contain_text("You")
    switch(page, messenger, on=False)
    live(page)
    open_row(page, shown(TWO))
    tagged(page, TWO)
    expect(page.locator("#tl")).to_contain_text("Nobody is available; it waits until somebody is")
    work_at_other_hours(page, messenger, axe, screenshot, faults)
    for width, dark in ((1024, True), (390, False)):
        small = new_page(width=width, height=844, dark=dark)
        messenger.enter(small, path="/settings/account/hours")
        expect(small.get_by_label("Monday")).to_be_visible()
        assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")
        axe(small)
        screenshot(small, f"working-hours-{width}")
    switch(page, messenger, on=True)
    live(page)
    open_row(page, shown(TWO))
    expect(page.locator("#tl")).not_to_contain_text("Assigned to Ana Reyes by round robin of Givers")
    tagged(page, TWO, on=False)
    tagged(page, TWO)
    expect(page.locator("#tl")).to_contain_text("Nobody works at this hour; it waits until")
    page.goto(f"{messenger.url}/settings/people/{me}/hours")
    for day in DAYS:
        page.get_by_label(day).fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved.")).to_be_visible()
    page.goto(f"{messenger.url}/conversations?view=open")
    live(page)
    open_row(page, shown(TWO))
    expect(page.locator("#tl")).to_contain_text("Assigned to Ana Reyes by round robin of Givers")
