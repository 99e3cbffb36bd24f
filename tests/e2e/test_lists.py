"""Lists of many: selecting and closing, the banner over a full inbox, filters, and all conversations as a table."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CheckAccess, NewPage, Screenshot
from tests.e2e.messenger import Messenger, ask, held_back, live, open_row, overtaken, row, shown

CAP, FULL, FEW = 20, 24, 4


def _pick(page: Page, number: str, *, upto: bool = False) -> None:
    one = row(page, shown(number))
    one.hover()
    one.locator("[data-pick]").click(modifiers=["Shift"] if upto else [])


def _cap(page: Page, url: str, cap: int) -> None:
    """How many open conversations the list shows."""
    token = page.locator("meta[name=csrf]").get_attribute("content") or ""
    policy = {"policy": {"open_cap": cap}}
    answer = page.request.patch(f"{url}/api/v1/workspace", data=policy, headers={"X-CSRF-Token": token})
    assert answer.ok, answer.text()


def test_a_full_inbox_says_how_many_wait_and_the_oldest_are_closed_together(
    messenger: Messenger, new_page: NewPage, axe: CheckAccess, screenshot: Screenshot
) -> None:
    page = new_page()
    messenger.enter(page, path="/conversations?view=open")
    _cap(page, messenger.url, CAP)
    for n in range(FULL):
        messenger.text(f"Is lamp {n} still there?", f"+1415556{1000 + n}")
    page.reload()
    live(page)
    banner = page.locator("#limit")
    expect(banner).to_contain_text(re.compile(rf"\d+ open of {CAP}.*older ones? waits?", re.DOTALL))
    waiting = int(re.findall(r"(\d+) older", banner.inner_text())[0])
    expect(page.locator("#rows .cr")).to_have_count(CAP)

    page.keyboard.press("j")
    page.keyboard.press("x")
    bar = page.get_by_role("toolbar", name="Selected conversations")
    expect(bar).to_contain_text("1 selected")
    _pick(page, "+14155561020")
    _pick(page, "+14155561017", upto=True)
    expect(bar).to_contain_text("5 selected")
    axe(page)
    screenshot(page, "inbox-selected")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()

    banner.get_by_role("button", name="Select the oldest").click()
    expect(bar).to_contain_text(f"{min(max(waiting, 5), 50)} selected")
    expect(page).to_have_url(re.compile("sort=oldest"))
    bar.get_by_role("button", name="Tag selected").click()
    page.get_by_label("A new tag").fill("Tidied up")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#toasts")).to_contain_text("conversations tagged")

    # All of the list, what is on no page of it included; where a row is left out, it is no longer all.
    page.goto(f"{messenger.url}/conversations?view=open")
    live(page)
    everything = page.request.get(f"{messenger.url}/inbox/ids?view=open").json()["ids"]
    assert len(everything) >= FULL
    page.keyboard.press("x")
    rest = bar.get_by_role("button", name="Select all in this list")
    expect(rest).to_be_hidden()
    bar.get_by_label("Select all shown").click()
    expect(bar).to_contain_text(f"{CAP} selected")
    rest.click()
    expect(bar).to_contain_text(f"{len(everything)} selected")
    expect(rest).to_be_hidden()
    page.locator("#rows [data-pick]").nth(2).click()
    expect(bar).to_contain_text(f"{len(everything) - 1} selected")
    bar.get_by_role("button", name="Assign selected").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    page.keyboard.press("x")
    expect(bar).to_contain_text("1 selected")

    _cap(page, messenger.url, 100)


def test_all_that_is_shown_is_closed_at_once_or_not(messenger: Messenger, new_page: NewPage, axe: CheckAccess) -> None:
    for n in range(FEW):
        messenger.text(f"Is mug {n} still there?", f"+1415556020{n}")
    page = new_page()
    messenger.enter(page, path="/conversations?view=open&filter=text:starts_with:Is+mug")
    live(page)
    bar, rows = page.get_by_role("toolbar", name="Selected conversations"), page.locator("#rows .cr:visible")
    expect(rows).to_have_count(FEW)
    page.keyboard.press("x")
    bar.get_by_label("Select all shown").click()
    expect(bar).to_contain_text(f"{FEW} selected")
    page.keyboard.press("#")
    expect(page.get_by_role("heading", name=f"Close {FEW} conversations?")).to_be_visible()
    axe(page)
    page.locator("#bulk-yes").click()
    expect(rows).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(FEW)
    page.keyboard.press("x")
    bar.get_by_label("Select all shown").click()
    bar.get_by_role("button", name="Close selected").click()
    page.locator("#bulk-yes").click()
    expect(rows).to_have_count(0)
    page.goto(f"{messenger.url}/conversations/table?view=completed")  # leaving sends what still waits
    page.get_by_label("Search conversations").fill("mug 3")
    expect(page.locator(".tbl tbody tr")).to_have_count(1)


def test_a_list_is_filtered_ordered_and_cleared(messenger: Messenger, new_page: NewPage, axe: CheckAccess) -> None:
    messenger.text("The first asks for a chair", "+14155560301")
    messenger.text("The second asks for a chair", "+14155560302")
    page = new_page(width=1024)
    messenger.enter(page)
    live(page)
    page.get_by_role("button", name="Filter", exact=True).click()
    _pressed_at_once(page, lambda column: page.locator("#m-filter").get_by_role("button", name=column).click())
    page.get_by_label("Value", exact=True).fill("asks for a chair")
    axe(page)
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".chips-on")).to_contain_text("Last message contains asks for a chair")
    expect(page.locator("#rows .cr-name")).to_have_text([shown("+14155560302"), shown("+14155560301")])
    page.get_by_role("button", name="Sort", exact=True).click()
    page.get_by_role("button", name="Oldest first").click()
    expect(page.locator("#rows .cr-name")).to_have_text([shown("+14155560301"), shown("+14155560302")])
    axe(page)
    messenger.text("The third asks for a chair", "+14155560303")
    page.get_by_role("button", name="1 new").click()
    expect(page.locator("#rows .cr-name").last).to_have_text(shown("+14155560303"))
    page.go_back()
    expect(page.locator("#rows .cr-name").first).to_have_text(shown("+14155560303"))
    page.get_by_role("button", name=re.compile("Remove filter: Last message contains")).click()
    expect(page.locator(".chips-on")).to_have_count(0)
    assert "filter=" not in page.url

    let_through, unread = held_back(page, "**/inbox/list?**"), page.locator("#listpane .chip", has_text="Unread")
    unread.click()
    page.get_by_label("Search conversations").fill("the second asks for")
    let_through()
    expect(unread).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Search conversations")).to_have_value("the second asks for")
    expect(page.locator("#rows .cr-name")).to_have_text([shown("+14155560302")])


def test_closed_conversations_are_read_in_a_table_and_not_changed(
    messenger: Messenger, new_page: NewPage, axe: CheckAccess, screenshot: Screenshot
) -> None:
    for n in range(3):
        messenger.text(f"Please close me, {n}", f"+1415556040{n}")
    page = new_page()
    messenger.enter(page)
    for n in range(3):
        open_row(page, shown(f"+1415556040{n}"))
        page.locator(".thead [popovertarget=m-conv]").click()
        page.locator("#m-conv").get_by_role("button", name="Close for good…").click()
        page.get_by_role("button", name="Yes, close").click()
        expect(row(page, shown(f"+1415556040{n}"))).to_be_hidden()
    page.get_by_role("navigation", name="Inbox views").get_by_role("link", name="Closed").click()
    table = page.locator(".tbl")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Closed")
    live(page)
    expect(table.locator("tbody tr").first).to_contain_text(shown("+14155560402"))
    axe(page)

    _columns_filter_in_a_hurry(page)
    page.get_by_label("Value", exact=True).fill("please close me")
    page.keyboard.press("Enter")
    expect(page.locator(".tbar-2")).to_contain_text("Last message contains please close me")
    expect(table.locator("tbody tr")).to_have_count(3)
    let_through = held_back(page, "**/conversations/table?**")  # on a slow line the last of two presses counts
    table.get_by_role("link", name="Closed").click()
    page.get_by_role("link", name="Contact", exact=True).click()
    let_through()
    let_through()
    page.unroute_all()
    expect(table.locator("th[aria-sort]")).to_contain_text("Contact")
    expect(table.locator("tbody tr").first).to_contain_text(shown("+14155560400"))
    assert "filter=text" in page.url
    screenshot(page, "closed")

    table.locator("tbody tr").nth(1).locator("td").last.click()
    dialog = page.locator("#dlg-closed")
    expect(dialog).to_contain_text("Please close me, 1")
    expect(dialog).to_contain_text("Read only")
    axe(page)
    page.mouse.click(20, 500)
    expect(dialog).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Please close me")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def _columns_filter_in_a_hurry(page: Page) -> None:
    """Pressed before the page's script is there, its form comes with that; of two pressed at once, the last one's."""

    def press(column: str) -> None:
        head = page.locator(".tbl th", has_text=column)
        head.hover()
        head.get_by_role("button", name=f"Filter by {column}").click()

    let_through, menu = held_back(page, "**/app.js", parts=True), page.locator("#m-col")
    page.goto(page.url, wait_until="commit")
    press("Contact")
    expect(menu).to_be_visible()
    let_through()
    expect(menu.get_by_role("form", name="Filter by Contact")).to_be_visible()
    live(page)
    page.unroute_all()
    _pressed_at_once(page, press)


def _pressed_at_once(page: Page, press: Callable[[str], None]) -> None:
    """One column after the other, faster than the forms come: that of the last one stays."""
    asked = "**/inbox/filter?**"
    let_through = held_back(page, asked)
    for column in ("Owner", "Last message"):
        with page.expect_request(asked):
            press(column)
    overtaken(page, let_through)
    expect(page.locator(".menu:popover-open").get_by_role("form")).to_have_accessible_name("Filter by Last message")
    page.unroute_all()


def test_a_table_has_the_columns_one_wants_and_leaves_as_csv(
    messenger: Messenger, new_page: NewPage, axe: CheckAccess
) -> None:
    messenger.text("Which columns are there?", "+14155560501")
    page = new_page()
    messenger.enter(page, path="/conversations/table?view=open&q=which+columns")
    table = page.locator(".tbl")
    expect(table.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Columns").click()
    axe(page)
    page.locator("#m-cols").get_by_role("button", name="Number").click()
    expect(table.locator("th", has_text="Number")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    written = Path(download.value.path()).read_text().splitlines()
    assert len(written) == 2
    assert written[0].startswith("Contact,Last message,Owner")
    assert written[1].startswith(f"{shown('+14155560501')},Which columns are there?")
    page.keyboard.press("x")
    page.get_by_role("button", name="Mark selected as read").click()
    expect(page.locator("#toasts")).to_contain_text("1 conversation marked as read")
    expect(table.locator(".count")).to_have_count(0)

    messenger.text("Closed, to be read on a telephone", "+14155560502")
    found = ask(page, "GET", "/conversations?view=open&q=14155560502")["items"][0]
    ask(page, "POST", f"/conversations/{found['id']}/close", {})
    narrow = new_page(width=390, height=844, dark=True)
    messenger.enter(narrow, "Tom Becker", "/conversations/table?view=closed")
    expect(narrow.locator(".tbl tbody tr").first).to_be_visible()
    expect(narrow.get_by_role("link", name="Export")).to_have_count(0)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 390
    axe(narrow)


def test_a_list_is_kept_as_a_view_shared_renamed_and_removed(
    messenger: Messenger, new_page: NewPage, axe: CheckAccess
) -> None:
    messenger.text("A question for a view", "+14155560601")
    page, other = new_page(), new_page()
    messenger.enter(page, path="/conversations?view=open&filter=text:contains:for+a+view")
    page.get_by_role("button", name="Save view").click()
    page.get_by_role("dialog").get_by_label("Name", exact=True).fill("For a view <b>")
    axe(page)
    page.get_by_label("Share it with the team").check()
    page.get_by_role("dialog").get_by_role("button", name="Save view").click()
    link = page.get_by_role("navigation", name="Inbox views").get_by_role("link", name="For a view <b>")
    expect(link).to_have_attribute("aria-current", "page")
    expect(page.locator("#listpane .lh h2")).to_have_text("For a view <b>")

    messenger.enter(other, "Tom Becker")
    other.get_by_role("navigation", name="Inbox views").get_by_role("link", name="For a view <b>").click()
    expect(other.locator("#rows .cr-name")).to_have_count(1)
    expect(other.locator("#rows .cr-name")).to_have_text(shown("+14155560601"))
    expect(other.get_by_role("button", name="Change view", exact=True)).to_have_count(0)

    page.get_by_role("button", name="Change view", exact=True).click()
    page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Asked")
    page.get_by_role("dialog").get_by_role("button", name="Save view").click()
    expect(page.locator("#listpane .lh h2")).to_have_text("Asked")
    page.get_by_role("button", name="Change view", exact=True).click()
    page.get_by_role("button", name="Remove view").click()
    expect(page.get_by_role("button", name="Save view")).to_be_visible()
    expect(page.get_by_role("link", name="Asked")).to_have_count(0)


def test_a_search_tells_a_supervisor_where_it_is_and_an_agent_nothing(
    messenger: Messenger, new_page: NewPage, axe: CheckAccess
) -> None:
    messenger.text("The copper kettle, please", "+14155560701")
    messenger.text("The copper kettle, closed", "+14155560702")
    ana, tom = new_page(), new_page()
    messenger.enter(tom, "Tom Becker")
    open_row(tom, shown("+14155560701"))
    tom.locator(".thead").get_by_role("button", name="Claim").click()
    messenger.enter(ana)
    live(ana)
    expect(ana.locator("link[rel=icon]")).to_have_attribute("href", re.compile(r"/icon/\d+\.svg"))
    mine = row(ana, shown("+14155560702"))
    mine.hover()
    mine.get_by_role("button", name="More for").click()
    menu = ana.locator("#m-row")
    menu.get_by_role("button", name="Close for good…").click()
    expect(menu).to_contain_text("It can be read afterwards")
    menu.get_by_role("button", name="Yes, close").click()
    expect(mine).to_be_hidden()

    ana.get_by_label("Search conversations").fill("copper kettle")
    elsewhere = ana.get_by_role("region", name="Not in this view")
    expect(elsewhere).to_contain_text("Tom Becker has it")
    expect(elsewhere).to_contain_text(re.compile("Closed (Today|Yesterday)"))
    axe(ana)
    elsewhere.get_by_role("link", name=shown("+14155560701")).click()
    expect(ana.locator("#tl")).to_contain_text("The copper kettle, please")

    tom.goto(f"{messenger.url}/conversations?view=unassigned&q=copper+kettle")
    expect(tom.get_by_role("heading", name="No conversations match")).to_be_visible()
    expect(tom.locator(".elsewhere")).to_have_count(0)
    answer = tom.request.get(f"{messenger.url}/icon/7.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
