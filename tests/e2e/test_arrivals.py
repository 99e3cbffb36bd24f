"""Many write at once while somebody works: what they type, look at and open stays theirs, and the counts are right."""

import json
import re
import threading
import time
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.messenger import Messenger, ask, held_back, live, open_row, row, shown

MANY, A_SECOND = 150, 25
WORDS = "We looked into it; the parcel leaves today, with a note for the driver. Ask for me when it is there!"
FIRST, SECOND, THIRD = "+14155585001", "+14155585002", "+14155585004"

UNREAD = "#nav-views [data-view-key=inbox] .count"
_TOP = """
() => {
  const list = document.querySelector('#lscroll'), edge = list.getBoundingClientRect().top + 40;
  const row = [...document.querySelectorAll('#rows .cr')].find(one => one.getBoundingClientRect().top > edge);
  return { id: row.id, top: Math.round(row.getBoundingClientRect().top) };
}
"""
_THERE = """
id => ({ id, top: Math.round(document.getElementById(id).getBoundingClientRect().top) })
"""


class Flood(threading.Thread):
    """Phones that text one after the other, most of them for the first time."""

    def __init__(self, messenger: Messenger) -> None:
        super().__init__(daemon=True)
        self._url, self._to = messenger.inbound, messenger.sender
        self.sent = 0

    def run(self) -> None:
        begun = time.monotonic()
        for number in range(MANY):
            time.sleep(max(0.0, begun + number / A_SECOND - time.monotonic()))
            phone = f"+1415558{6000 + number if number % 5 else 5100 + number % 7}"
            words = {"from": phone, "to": self._to, "body": f"Arrival {number}", "id": f"arrival-{number}"}
            asked = Request(self._url, json.dumps(words).encode(), {"Content-Type": "application/json"})
            with urlopen(asked, timeout=30):
                self.sent += 1


def test_who_writes_while_a_crowd_arrives_loses_no_letter_and_no_place(messenger: Messenger, new_page: NewPage) -> None:
    page = new_page()
    messenger.text("Where is my parcel?", FIRST)
    messenger.enter(page)
    open_row(page, shown(FIRST))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    flood = Flood(messenger)
    flood.start()

    box = page.get_by_label("Your message")
    box.click()
    page.mouse.move(900, 300)
    page.keyboard.type(WORDS, delay=25)
    assert box.input_value() == WORDS
    expect(box).to_be_focused()

    expect(page.locator("#rows .cr").nth(25)).to_be_attached()
    page.mouse.move(400, 500)
    page.mouse.wheel(0, 600)
    page.wait_for_function("() => document.querySelector('#lscroll').scrollTop > 300")
    before = page.evaluate(_TOP)
    messenger.text("I came while you looked", "+14155585003")
    expect(page.locator("#new-rows")).to_be_visible()
    assert page.evaluate(_THERE, before["id"]) == before

    page.mouse.move(900, 300)
    flood.join(timeout=120)
    assert flood.sent == MANY
    assert page.evaluate(_THERE, before["id"]) == before
    messenger.text("I came last of all", "+14155585005")
    page.locator("#new-rows").click()
    expect(page.locator("#rows .cr").first.locator(".cr-prev")).to_contain_text("I came last of all")
    expect(page.locator("#new-rows")).to_be_hidden()

    # What changes further down than the list was asked for is not new in it.
    old = ask(page, "GET", "/conversations?view=all&q=14155586001")["items"][0]["id"]
    expect(page.locator(f"#row-{old}")).not_to_be_attached()
    unread = page.locator(UNREAD).inner_text()
    with page.expect_response(lambda one: "/inbox/changed" in one.url and old in one.url):
        ask(page, "POST", f"/conversations/{old}/read")
    expect(page.locator(UNREAD)).not_to_have_text(unread)  # it comes with the row
    expect(page.locator("#new-rows")).to_be_hidden()

    box.click()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tl .m.out .bub")).to_have_text([WORDS])
    page.keyboard.press("Escape")
    expect(page.locator("#scroll")).to_be_focused()
    expect(row(page, shown("+14155585005"))).to_be_attached()

    fresh = new_page()
    messenger.enter(fresh)
    expect(page.locator(UNREAD)).to_have_text(fresh.locator(UNREAD).inner_text())
    rows = [one for one in asked if "/inbox/" in one]
    assert len(rows) < MANY / 2, "what comes together is asked for together"


def test_the_next_thread_is_there_before_its_key_and_never_as_it_was(messenger: Messenger, new_page: NewPage) -> None:
    page = new_page()
    for body, phone in (("The third", THIRD), ("The second", SECOND), ("The first", FIRST)):
        messenger.text(body, phone)
    messenger.enter(page)
    last, third = page.locator("#tl .m.inc .bub").last, row(page, shown(THIRD))
    first, second = row(page, shown(FIRST)), row(page, shown(SECOND))
    places = [one.get_attribute("data-id") for one in (second, third)]
    with (
        page.expect_response(lambda one: f"{places[0]}/pane" in one.url),
        page.expect_response(lambda one: f"{places[1]}/pane" in one.url),
    ):
        open_row(page, shown(FIRST))
    expect(last).to_have_text("The first")
    unread = re.compile(r"\bunread\b")
    expect(first).not_to_have_class(unread)
    expect(second).to_have_class(unread)
    expect(third).to_have_class(unread)

    # The key itself needs no request, though the one before was read meanwhile: nothing is answered any more, and the
    # thread is there.
    page.route("**/pane?*", lambda route: None)
    page.keyboard.press("j")
    expect(last).to_have_text("The second")
    page.unroute_all(behavior="ignoreErrors")

    # What was asked for ahead is not read by that, and what came since is in what is shown.
    messenger.text("The third again", THIRD)
    expect(third).to_contain_text("The third again")
    expect(third).to_have_class(unread)
    page.keyboard.press("j")
    expect(page.locator(".thead h2")).to_contain_text(shown(THIRD))
    expect(last).to_have_text("The third again")


def test_what_one_writes_oneself_is_not_new_in_the_list(messenger: Messenger, new_page: NewPage) -> None:
    page = new_page()
    asks, waits, comes, last = (f"+1415558500{number}" for number in (6, 7, 8, 9))
    for phone in (asks, waits):
        messenger.text("Are you there?", phone)
    messenger.enter(page)
    names, pill = page.locator("#rows .cr .cr-name"), page.locator("#new-rows")
    open_row(page, shown(asks))  # and the hand stays on the list
    page.get_by_label("Your message").focus()
    page.keyboard.type("We are")
    page.keyboard.press("Control+Enter")
    expect(row(page, shown(asks))).to_contain_text("We are")
    expect(pill).to_be_hidden()
    expect(names.first).to_have_text(shown(waits))
    messenger.text("Hello", comes)
    expect(pill).to_have_text("1 new")

    # Without a hand on it, the list is in its order with whatever comes next.
    page.mouse.move(900, 300)
    messenger.text("Good evening", last)
    for place, phone in enumerate((last, comes, asks, waits)):
        expect(names.nth(place)).to_have_text(shown(phone))
    expect(pill).to_be_hidden()


def test_a_change_that_comes_late_is_for_its_own_list(messenger: Messenger, page: Page) -> None:
    number = "+14155587901"
    messenger.text("Where do I stand?", number)
    messenger.enter(page)
    live(page)
    changes = "**/inbox/changed?**"
    let_through = held_back(page, changes)
    with page.expect_request(changes):
        messenger.text("And now?", number)
    page.locator("#nav-views [data-view-key=snoozed]").click()
    expect(page.locator("#listpane .lh h2")).to_have_text("Snoozed")
    with page.expect_request(lambda request: "/inbox/changed" in request.url and "view=snoozed" in request.url):
        let_through()
    let_through()
    expect(row(page, shown(number))).to_have_count(0)
