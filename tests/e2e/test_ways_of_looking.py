"""The same work by keyboard alone, on a telephone, in the dark, and while the connection is gone."""

import re
from contextlib import suppress

from playwright.sync_api import Error, Page, Route, expect

from tests.e2e.conftest import CheckAccess, NewPage, Screenshot
from tests.e2e.messenger import Messenger, held_back, listen_alone, live, open_row, row, shown
from tests.support.browser import Faults


def test_a_conversation_by_keyboard_alone(messenger: Messenger, page: Page, axe: CheckAccess) -> None:
    number = "+14155550401"
    messenger.text("Can I collect on Saturday?", number)
    messenger.enter(page)
    live(page)
    press = page.keyboard.press
    press("/")
    page.keyboard.type("555 0401")
    expect(page.locator("#rows .cr")).to_have_count(1)
    press("Escape")
    press("j")
    expect(page.locator(".thead h2")).to_have_text(shown(number))
    press("r")
    page.keyboard.type("Of course, we are open 9 to 6.")
    # Enter in the search of a menu takes the first, and never sends what is written.
    for wanted in ("News", "Front desk"):
        page.locator("#composer .from").click()
        page.keyboard.type(wanted)
        press("Enter")
        expect(page.locator("[data-from-l]")).to_have_text(wanted)
    expect(page.locator("#tl .m.out")).to_have_count(0)
    expect(page.get_by_label("Your message")).to_be_focused()
    press("Control+Enter")
    expect(page.locator("#tl .m.out")).to_contain_text("Delivered")
    press("Escape")
    press("n")
    page.keyboard.type("Comes on Saturday")
    let_through = held_back(page, "**/notes")
    press("Control+Enter")
    page.keyboard.type("By bike")  # the next one, while this is on its way
    let_through()
    expect(page.locator("#tl .note")).to_contain_text("Comes on Saturday")
    expect(page.get_by_label("Note", exact=True)).to_have_value("By bike")
    page.unroute_all()
    press("Control+Enter")
    expect(page.locator("#tl .note")).to_contain_text(["Comes on Saturday", "By bike"])
    expect(page.get_by_label("Your message")).to_be_focused()
    press("Escape")
    press("i")
    expect(page.locator(".thead .owner")).to_contain_text("You")
    press("u")
    expect(page.locator("#toasts")).to_contain_text("Marked as unread")
    expect(row(page, shown(number)).locator(".count")).to_contain_text("1")
    press("s")
    expect(page.get_by_role("button", name="In 1 hour")).to_be_focused()
    press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Snoozed until")
    expect(row(page, shown(number))).to_be_hidden()


def test_keys_wait_for_the_thread_they_are_meant_for(messenger: Messenger, page: Page) -> None:
    first, second = "+14155550407", "+14155550408"
    messenger.text("The older one", first)
    messenger.text("The newer one", second)
    messenger.enter(page)
    live(page)
    wanted = row(page, shown(first)).get_attribute("data-id")
    on_the_way: list[Route] = []
    page.route(f"**/{wanted}/pane?*", lambda route: on_the_way.append(route))  # noqa: PLW0108 (a bound method will not do)
    with page.expect_request(f"**/{wanted}/pane?*"):  # asked for ahead, and its key waits for that
        open_row(page, shown(second))
    page.keyboard.press("j")
    expect(page.locator("#pane .thread")).to_have_attribute("aria-busy", "true")
    page.keyboard.press("r")
    page.keyboard.type("Each one of these letters iss")
    page.keyboard.press("Backspace")
    expect(page.locator("dialog[open]")).to_have_count(0)
    on_the_way[0].continue_()
    expect(page.locator(".thead h2")).to_have_text(shown(first))
    expect(page.get_by_label("Your message")).to_have_value("Each one of these letters is")
    page.keyboard.type(" kept")
    expect(page.get_by_label("Your message")).to_have_value("Each one of these letters is kept")
    expect(row(page, shown(second))).to_be_visible()

    # So does a tag; and what is done with the row of a thread on its way leads on to the next.
    page.unroute_all()
    let_through = held_back(page, f"**/{wanted}/pane?*")

    def back_and_again() -> None:
        page.keyboard.press("Escape")
        page.keyboard.press("k")
        expect(page.locator(".thead h2")).to_have_text(shown(second))
        page.keyboard.press("j")
        expect(page.locator("#pane .thread")).to_have_attribute("aria-busy", "true")

    back_and_again()
    page.keyboard.press("t")
    page.keyboard.type("iss")
    let_through()
    expect(page.get_by_label("Find or create a tag")).to_have_value("iss")
    back_and_again()
    page.keyboard.press("e")
    expect(row(page, shown(first))).to_be_hidden()
    let_through()
    expect(page.locator("#tl")).to_be_visible()
    expect(page.locator(".thead h2")).not_to_have_text(shown(first))
    page.unroute_all()
    page.keyboard.press("z")
    expect(page.locator(".thead h2")).to_have_text(shown(first))


def test_every_layer_opens_and_closes_by_keyboard(messenger: Messenger, page: Page, axe: CheckAccess) -> None:
    number = "+14155550406"
    messenger.text("Which keys are there?", number)
    messenger.enter(page)
    live(page)
    press = page.keyboard.press
    open_row(page, shown(number))
    press("a")
    expect(page.get_by_role("heading", name="Change conversation ownership")).to_be_visible()
    axe(page)
    press("Escape")
    press("t")
    expect(page.get_by_label("Find or create a tag")).to_be_focused()
    axe(page)
    press("Escape")
    press("]")
    expect(page.get_by_role("complementary", name="Contact")).to_be_hidden()
    press("]")
    press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    axe(page)
    press("Escape")
    press("Control+k")
    expect(page.locator("#jump-l .mi").first).to_have_text("Inbox")
    page.keyboard.type("555 0406")
    expect(page.locator("#jump-l .mi")).to_have_count(1)
    press("ArrowDown")
    expect(page.locator("#jump-l .mi")).to_be_focused()
    press("ArrowUp")
    expect(page.locator("#jump-q")).to_be_focused()
    axe(page)
    page.locator("#jump-q").fill("zzz")
    expect(page.locator("#jump-l")).to_have_text("Nothing has this name or number.")
    page.locator("#jump-q").fill("webho")
    expect(page.locator("#jump-l .mi")).to_have_attribute("href", "/settings/webhooks")
    press("Escape")
    press("c")
    expect(page.get_by_label("To", exact=True)).to_be_focused()
    axe(page)
    press("Escape")
    press("Control+k")  # what was looked for last is written over, and Enter waits for what it takes
    page.keyboard.type("statist")
    press("Enter")
    expect(page).to_have_url(re.compile("/statistics$"))


def test_on_a_telephone_one_pane_at_a_time(
    messenger: Messenger, new_page: NewPage, axe: CheckAccess, screenshot: Screenshot
) -> None:
    number = "+14155550402"
    messenger.text("Where is my parcel?", number)
    page = new_page(width=390, height=844)
    messenger.enter(page)
    live(page)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    open_row(page, shown(number))
    expect(page.locator("#listpane")).to_be_hidden()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("Your message").fill("On the top shelf")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#tl .m.out")).to_contain_text("Delivered")
    screenshot(page, "telephone")
    page.get_by_label("Contact details").click()
    expect(page.get_by_role("complementary", name="Contact")).to_be_visible()
    page.get_by_role("button", name="Hide details").click()
    page.get_by_label("Back to list").click()
    expect(row(page, shown(number))).to_be_visible()

    # At 400 % a desktop's window is this small: list and thread still have room of their own.
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator("#lscroll").evaluate("box => box.clientHeight") > 150
    open_row(page, shown(number))
    assert page.locator("#scroll").evaluate("box => box.clientHeight") > 100
    page.get_by_label("Your message").scroll_into_view_if_needed()
    expect(page.get_by_label("Your message")).to_be_in_viewport()


def test_on_the_way_back_the_list_is_where_it_was(messenger: Messenger, new_page: NewPage) -> None:
    """By the arrow of a telephone, the browser's Back, and a reload; a link to the list begins at the top."""
    for n in range(14):
        messenger.text("One of many", f"+141555504{20 + n}")
    page = new_page(width=390, height=600)
    messenger.enter(page)
    live(page)
    wanted, scrolled = row(page, shown("+14155550420")), "() => document.querySelector('#lscroll').scrollTop > 200"
    for way_back in (page.get_by_label("Back to list").click, page.go_back):
        wanted.evaluate(
            "one => { document.querySelector('#lscroll').scrollTop += one.getBoundingClientRect().top - 250 }"
        )
        page.wait_for_function(scrolled)
        before = wanted.evaluate("one => one.getBoundingClientRect().top")
        wanted.locator(".cr-top").click()
        expect(page.locator("#tl")).to_be_visible()
        way_back()
        live(page)
        page.wait_for_function(scrolled)
        assert abs(wanted.evaluate("one => one.getBoundingClientRect().top") - before) < 60  # a row
    page.reload()
    live(page)
    page.wait_for_function(scrolled)
    page.goto(f"{messenger.url}/conversations")
    live(page)
    assert page.locator("#lscroll").evaluate("box => box.scrollTop") == 0


def test_the_open_thread_stays_while_its_list_is_narrowed(messenger: Messenger, page: Page) -> None:
    """Chips, views, orders and a search change what stands beside it, in the address too, and Back undoes each."""
    number, other = "+14155550412", "+14155550413"
    messenger.text("Look at the list beside me too", other)
    messenger.text("Look at the list beside me", number)
    messenger.enter(page)
    live(page)
    open_row(page, shown(number))
    thread = re.compile(rf"/conversations/{row(page, shown(number)).get_attribute('data-id')}\?")
    chips = page.get_by_role("group", name="Filters")

    def beside(asked: str) -> None:
        expect(page).to_have_url(re.compile(f"{thread.pattern}.*{asked}"))
        expect(page.locator(".thead h2")).to_have_text(shown(number))

    chips.get_by_role("button", name="Unassigned").click()
    beside("view=unassigned")
    page.locator("#nav-views [data-view-key=all]").click()
    beside("view=all")
    page.get_by_role("button", name="Sort").click()
    page.get_by_role("button", name="Oldest first").click()
    beside("view=all&sort=oldest")
    page.get_by_label("Search conversations").fill("0412")
    beside("sort=oldest&q=0412")
    page.reload()
    live(page)
    beside("q=0412")
    expect(row(page, shown(number))).to_have_class(re.compile("is-on"))
    page.get_by_role("button", name="Clear search").click()
    beside("sort=oldest$")
    for asked in ("view=all&sort=oldest$", "view=all$", "view=unassigned$", "view=inbox$"):
        with suppress(Error):  # it ends the loading that the one before began, which Playwright calls an error
            page.go_back()
        beside(asked)
    live(page)
    expect(chips.get_by_role("button", name="Unassigned")).to_have_attribute("aria-pressed", "false")

    # Whichever of two answers is late, the address names the thread and the list that are there.
    on_the_way: list[Route] = []
    page.route(re.compile(f"{thread.pattern[:-2]}/pane"), lambda route: on_the_way.append(route))  # noqa: PLW0108 (a bound method will not do)
    let_through = held_back(page, "**/inbox/list?**")
    chips.get_by_role("button", name="Unassigned").click()
    open_row(page, shown(other))
    let_through()
    expect(page).to_have_url(re.compile(rf"/{row(page, shown(other)).get_attribute('data-id')}\?view=unassigned$"))
    row(page, shown(number)).locator(".cr-top").click()
    chips.get_by_role("button", name="Unassigned").click()
    let_through()
    expect(page).to_have_url(re.compile(r"\?view=inbox$"))
    for route in on_the_way:
        route.continue_()
    beside("view=inbox$")


def test_in_the_dark(messenger: Messenger, new_page: NewPage, axe: CheckAccess, screenshot: Screenshot) -> None:
    number = "+14155550403"
    messenger.text("Good evening", number)
    page = new_page(dark=True)
    messenger.enter(page)
    open_row(page, shown(number))
    axe(page)
    screenshot(page, "inbox-dark")
    page.get_by_label("Switch light or dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    axe(page)


def test_when_the_connection_is_lost_the_page_says_so_and_catches_up(
    messenger: Messenger, page: Page, faults: Faults
) -> None:
    number = "+14155550404"
    faults.expect("ERR_")
    messenger.text("Before", number)
    listen_alone(page)
    messenger.enter(page)
    live(page)
    open_row(page, shown(number))
    page.context.set_offline(True)
    expect(page.locator("#netbar")).to_be_visible(timeout=20_000)
    messenger.text("While you were away", number)
    page.context.set_offline(False)
    live(page)
    expect(page.locator("#netbar")).to_be_hidden()
    expect(page.locator("#tl")).to_contain_text("While you were away")


def test_what_was_opened_without_a_connection_loads_and_is_read_when_it_is_back(
    messenger: Messenger, page: Page, faults: Faults
) -> None:
    """The stream that pages share may be back before the page is."""
    for words in ("ERR_", "Failed to fetch"):
        faults.expect(words)
    far, *_, near, first = phones = [f"+1415555043{number}" for number in range(1, 7)]
    for phone in phones:
        messenger.text("Anybody?", phone)
    messenger.enter(page)
    live(page)
    ahead = row(page, shown(near)).get_attribute("data-id")
    with page.expect_response(lambda one: f"{ahead}/pane" in one.url):
        open_row(page, shown(first))
    unread = re.compile(r"\bunread\b")

    # One that was asked for ahead is there without a connection; that it was seen is told later.
    page.context.set_offline(True)
    with page.expect_event("requestfailed", lambda one: f"{ahead}/read" in one.url):
        page.keyboard.press("j")
    expect(page.locator(".thead h2")).to_contain_text(shown(near))
    expect(row(page, shown(near))).to_have_class(unread)
    page.context.set_offline(False)
    expect(row(page, shown(near))).not_to_have_class(unread)

    page.context.set_offline(True)
    row(page, shown(far)).locator(".cr-top").click()
    expect(page.locator("#pane")).to_contain_text("This did not load")
    live(page)  # by the worker that holds it, which this page's network is nothing to
    expect(page.locator("#pane")).to_contain_text("This did not load")
    page.context.set_offline(False)
    expect(page.locator(".thead h2")).to_contain_text(shown(far))
    expect(row(page, shown(far))).not_to_have_class(unread)


def test_a_long_thread_and_a_long_list_load_as_one_reads_on(messenger: Messenger, page: Page) -> None:
    number = "+14155550405"
    for n in range(60):
        messenger.text(f"Line {n}", number)
    messenger.enter(page)
    open_row(page, shown(number))
    expect(page.locator("#tl .m").last).to_contain_text("Line 59")
    assert page.locator("#tl .m").count() < 60
    page.locator("#scroll").evaluate("box => { box.scrollTop = 0 }")
    expect(page.locator("#tl .m").first).to_contain_text("Line 0")
    expect(page.locator("#tl .m")).to_have_count(60)
    messenger.text("Newest of all", number)
    expect(page.get_by_role("button", name="New messages", exact=True)).to_be_visible()
    page.get_by_role("button", name="New messages", exact=True).click()
    expect(page.locator("#tl .m").last).to_be_in_viewport()
