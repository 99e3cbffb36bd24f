"""A working hour of each role: what an agent, a supervisor and an administrator see and do, under each value of P4."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.messenger import ANA, TOM, Messenger, ask, live, open_row, row, shown, staffed
from tests.support.browser import Faults

SAM = ("Sam Okoye", "sam@shop.example")
FREE, TOMS, SAMS, OURS, THEIRS, DONE, GONE = (f"+1415558470{n}" for n in range(7))
ALL_OPEN = {FREE, TOMS, SAMS, OURS, THEIRS}


@dataclass(frozen=True)
class Office:
    """Three people, two groups, and who has what: nobody, Tom, Sam, Tom's group, the other group.

    Every hour leaves it as it was.
    """

    desk: Messenger
    conversations: dict[str, str]
    groups: dict[str, str]
    users: dict[str, str]


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server of its own, since P4 is the whole workspace's."""
    with staffed(browser, tmp_path_factory.mktemp("roles")) as desk:
        desk.invite(browser, SAM, "supervisor")
        context = browser.new_context(timezone_id="UTC")
        page = context.new_page()
        desk.enter(page)
        users = {one["name"]: one["id"] for one in ask(page, "GET", "/users")["items"]}
        made = {"Orders": [users[TOM[0]]], "Returns": [users[SAM[0]]]}
        groups = {
            name: ask(page, "POST", "/groups", {"name": name, "user_ids": ids})["id"] for name, ids in made.items()
        }
        for number in sorted(ALL_OPEN | {DONE}):
            desk.text(f"Hello from {number[-1]}", number)
        found = {
            one["contact"]["addresses"][0]["value"]: one["id"]
            for one in ask(page, "GET", "/conversations?view=open")["items"]
        }
        owners = {TOMS: {"user_id": users[TOM[0]]}, SAMS: {"user_id": users[SAM[0]]}}
        owners |= {OURS: {"group_id": groups["Orders"]}, THEIRS: {"group_id": groups["Returns"]}}
        for number, owner in owners.items():
            ask(page, "POST", f"/conversations/{found[number]}/assign", owner)
        ask(page, "POST", f"/conversations/{found[DONE]}/close", {})
        context.close()
        yield Office(desk, found, groups, users)


def see(office: Office, browser: Browser, visibility: str, *, restrict_closed: bool = False) -> None:
    """An administrator changes P4."""
    context = browser.new_context()
    page = context.new_page()
    office.desk.enter(page)
    ask(page, "PATCH", "/workspace", {"policy": {"visibility": visibility, "restrict_closed": restrict_closed}})
    context.close()


def listed(page: Page, office: Office, path: str, expected: set[str]) -> None:
    """A list shows these conversations and no other of the story's."""
    page.goto(f"{office.desk.url}{path}")
    live(page)
    for number in sorted(ALL_OPEN | {DONE}):
        expect(row(page, shown(number))).to_have_count(1 if number in expected else 0)


def views(page: Page) -> list[str]:
    """The views beside the list."""
    return [one.get_attribute("data-view-key") or "" for one in page.locator("#nav-views [data-view-key]").all()]


def sections(page: Page, office: Office) -> set[str]:
    """The sections of the settings that are offered."""
    page.goto(f"{office.desk.url}/settings/account")
    links = page.get_by_role("navigation", name="Settings").get_by_role("link")
    return {re.sub(r"\s+\d+$", "", text.strip()) for text in links.all_inner_texts()}


def refused(page: Page, office: Office, path: str, words: str = "Not found, or not yours to see") -> None:
    """What one may not see and what is not there say the same; what one may not do says so."""
    page.goto(f"{office.desk.url}{path}")
    expect(page.get_by_role("heading", name=words).first).to_be_visible()


@pytest.mark.parametrize(
    ("visibility", "sees"),
    [("all", ALL_OPEN), ("group", {FREE, TOMS, OURS}), ("owner", {FREE, TOMS})],
)
def test_an_agents_hour(
    office: Office, browser: Browser, page: Page, faults: Faults, visibility: str, sees: set[str]
) -> None:
    see(office, browser, visibility)
    faults.expect(r"status of 40[349]")
    office.desk.enter(page, TOM[0])
    assert ("open" in views(page)) is (visibility == "all")
    listed(page, office, "/conversations", {FREE, TOMS, OURS} & sees)
    listed(page, office, "/conversations?view=mine", {TOMS})
    listed(page, office, "/conversations?view=open", sees)
    listed(page, office, f"/conversations?view=open&group={office.groups['Returns']}", {THEIRS} & sees)
    expect(page.locator("[data-pick]")).to_have_count(0)
    for number in sorted(ALL_OPEN - sees):
        refused(page, office, f"/conversations/{office.conversations[number]}")
        page.goto(f"{office.desk.url}/conversations?view=all&q={number[1:]}")
        expect(page.get_by_text("No conversations match")).to_be_visible()
        expect(page.locator(".elsewhere")).to_have_count(0)
    if ALL_OPEN - sees:
        write_to_somebody_elses(office, page)
    # What ended can be read by all, and by nobody changed.
    page.goto(f"{office.desk.url}/conversations/{office.conversations[DONE]}")
    expect(page.locator("#tl")).to_contain_text("Hello from 5")
    expect(page.locator("#msg")).to_have_count(0)
    assert sections(page, office) == {"Your account", "Notifications", "Templates", "Quick replies", "Roles"}
    for hidden in ("/settings/gateways", "/settings/policies", "/settings/people", "/settings/tokens"):
        refused(page, office, hidden, "Not allowed")
    take_and_pass_on(office, page)


def write_to_somebody_elses(office: Office, page: Page) -> None:
    """The contact of a hidden conversation: told that somebody talks with them, not who, and nothing is sent."""
    page.goto(f"{office.desk.url}/new")
    page.get_by_label("To", exact=True).fill(SAMS)
    page.get_by_label("Message", exact=True).fill("May I?")
    page.get_by_role("button", name="Send message").click()
    expect(page.locator("#new-box")).to_contain_text("Somebody else is talking with this contact at the moment.")
    expect(page.locator("#new-box")).not_to_contain_text(SAM[0])


def take_and_pass_on(office: Office, page: Page) -> None:
    """Claims what nobody has, answers, and gives it back for whoever comes next."""
    page.goto(f"{office.desk.url}/conversations?view=unassigned")
    live(page)
    open_row(page, shown(FREE))
    page.keyboard.press("i")
    expect(page.locator(".thead .owner")).to_contain_text("You")
    page.get_by_label("Your message").fill("It leaves today.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tl .m.out").last).to_contain_text("Delivered")
    page.locator(".thead [popovertarget=m-conv]").click()
    page.locator("#m-conv").get_by_role("button", name="Give it back").click()
    expect(page.locator(".thead .owner")).to_contain_text("Unassigned")


def test_a_supervisors_hour(office: Office, browser: Browser, page: Page, faults: Faults) -> None:
    see(office, browser, "owner")
    faults.expect(r"status of 40[34]")
    office.desk.enter(page, SAM[0])
    assert "open" in views(page)
    listed(page, office, "/conversations", {FREE, SAMS, THEIRS})
    listed(page, office, "/conversations?view=open", ALL_OPEN)
    # Why it isn't in this view is said to whoever may know.
    page.goto(f"{office.desk.url}/conversations?q={TOMS[1:]}")
    expect(page.locator(".elsewhere")).to_contain_text(f"{TOM[0]} has it")
    page.goto(f"{office.desk.url}/conversations?q={DONE[1:]}")
    expect(page.locator(".elsewhere")).to_contain_text("Closed")
    # What somebody else owns goes to a group, and comes back.
    page.goto(f"{office.desk.url}/conversations/{office.conversations[TOMS]}")
    live(page)
    page.keyboard.press("a")
    sheet = page.get_by_role("dialog", name="Change conversation ownership")
    sheet.get_by_label("Assign to an agent").select_option("")
    sheet.get_by_label("Assign to a group").select_option(label="Orders")
    sheet.get_by_role("button", name="Transfer").click()
    listed(page, office, f"/conversations?view=open&group={office.groups['Orders']}", {TOMS, OURS})
    # Several at once, by their boxes, and what was passed on is given back.
    row(page, shown(TOMS)).locator("[data-pick]").check()
    row(page, shown(OURS)).locator("[data-pick]").check()
    expect(page.locator(".bulk")).to_contain_text("2")
    page.keyboard.press("Escape")
    ask(page, "POST", f"/conversations/{office.conversations[TOMS]}/assign", {"user_id": office.users[TOM[0]]})
    page.goto(f"{office.desk.url}/statistics")
    expect(page.get_by_role("heading", name="Delivery by gateway")).to_be_visible()
    offered = sections(page, office)
    assert "Tags" in offered
    assert not offered & {"Gateways", "Numbers", "Users and groups", "Policies", "API tokens", "Webhooks", "Plugins"}
    refused(page, office, "/settings/gateways", "Not allowed")


def test_an_administrators_hour(
    office: Office, browser: Browser, page: Page, new_page: NewPage, faults: Faults
) -> None:
    """Closed conversations are shut away from agents by a switch; the agent's page says nothing of them any more."""
    see(office, browser, "group", restrict_closed=True)
    faults.expect(r"status of 40[34]")
    office.desk.enter(page)
    listed(page, office, "/conversations?view=open", ALL_OPEN)
    assert {"Gateways", "Numbers", "Users and groups", "Policies", "API tokens", "Webhooks"} <= sections(page, office)
    tom = new_page()
    office.desk.enter(tom, TOM[0])
    listed(tom, office, "/conversations?view=closed", set())
    refused(tom, office, f"/conversations/{office.conversations[DONE]}")
    # Removing hides the history from everybody's inbox, and keeps the contact.
    office.desk.text("Forget what I said", GONE)
    page.goto(f"{office.desk.url}/conversations?view=open")
    live(page)
    open_row(page, shown(GONE))
    page.locator(".thead [popovertarget=m-conv]").click()
    page.locator("#m-conv").get_by_role("button", name="Remove conversation…").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(row(page, shown(GONE))).to_be_hidden()
    listed(page, office, "/conversations?view=open", ALL_OPEN)
    expect(row(page, shown(GONE))).to_have_count(0)
    page.goto(f"{office.desk.url}/contacts?q={GONE[1:]}")
    expect(page.get_by_role("link", name=shown(GONE)).first).to_be_visible()
    page.goto(f"{office.desk.url}/settings/people")
    expect(page.get_by_role("listitem").filter(has_text=SAM[1])).to_contain_text("Supervisor")
    assert ANA[0] in page.get_by_role("main").inner_text()
    two_at_one_form(office, page, new_page())


def two_at_one_form(office: Office, page: Page, sam: Page) -> None:
    """Whoever saves later knows before it that somebody else saved meanwhile."""
    page.goto(f"{office.desk.url}/conversations")
    live(page)
    path = f"/settings/templates/{ask(page, 'POST', '/templates', {'name': 'Both', 'body': 'Hello'})['id']}"
    page.goto(office.desk.url + path)
    live(page)
    bar = page.locator("#changed-meanwhile")
    office.desk.enter(sam, SAM[0], path)
    live(sam)
    expect(bar).to_be_hidden()
    sam.get_by_label("Text", exact=True).fill("Hello from Sam")
    sam.get_by_role("button", name="Save", exact=True).click()
    expect(bar).to_contain_text("Somebody else changed this")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Hello")
    bar.get_by_role("link", name="Load it again").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Hello from Sam")
    expect(bar).to_be_hidden()
