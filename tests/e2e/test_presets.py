"""One afternoon under each preset: what Close does, what comes back how, and who sees it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.messenger import Messenger, ask, live, open_row, row, shown, staffed

ZERO, CHAT, REPLIES, CASE, CRM = (f"+1415558450{n}" for n in range(5))


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Messenger]:
    """A server of its own, since a preset is the whole workspace's."""
    with staffed(browser, tmp_path_factory.mktemp("presets")) as running:
        yield running


def _begin(desk: Messenger, page: Page, preset: str, number: str, body: str = "Is it there yet?") -> None:
    desk.enter(page)
    ask(page, "PATCH", "/workspace", {"preset": preset})
    desk.text(body, number)
    desk.enter(page)
    live(page)
    open_row(page, shown(number))


def _close_in_the_row(page: Page, number: str, said: str) -> None:
    line = row(page, shown(number))
    line.hover()
    line.locator(".cr-act .ib-red").click()
    expect(page.locator("#toasts")).to_contain_text(said)
    expect(line).to_be_hidden()


def _list(page: Page, desk: Messenger, view: str) -> None:
    page.goto(f"{desk.url}/conversations?view={view}")
    live(page)


def test_inbox_zero_completes_and_an_answer_brings_it_back(desk: Messenger, page: Page) -> None:
    _begin(desk, page, "inbox-zero", ZERO)
    _close_in_the_row(page, ZERO, "Marked as complete")
    _list(page, desk, "completed")  # leaving the page sends what still waited
    expect(row(page, shown(ZERO))).to_be_visible()
    desk.text("One more thing", ZERO)
    _list(page, desk, "inbox")
    again = row(page, shown(ZERO))
    expect(again.locator(".cr-prev")).to_contain_text("Reopened")
    again.locator(".cr-top").click()
    expect(page.locator("#tl .m.inc .bub")).to_have_text(["Is it there yet?", "One more thing"])


def test_a_chat_is_put_away_and_its_answer_leaves_from_where_it_came(desk: Messenger, page: Page) -> None:
    _begin(desk, page, "chat", CHAT)
    page.get_by_label("Your message").fill("It is")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tl .m.out")).to_contain_text("Delivered")
    page.locator("#tl .m.out .meta a").click()
    expect(page.locator("#dlg-why")).to_contain_text("Last used")
    page.keyboard.press("Escape")
    _close_in_the_row(page, CHAT, "Archived")
    _list(page, desk, "archived")
    expect(row(page, shown(CHAT))).to_be_visible()
    desk.text("Thank you", CHAT)
    _list(page, desk, "inbox")
    expect(row(page, shown(CHAT))).to_contain_text("Thank you")


def test_replies_to_a_broadcast_come_without_machines_and_long_answers_as_mms(desk: Messenger, page: Page) -> None:
    _begin(desk, page, "broadcast-reply", REPLIES)
    page.locator("[popovertarget=m-list]").click()
    natural = page.get_by_role("button", name="Natural conversations only")
    expect(natural).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    page.get_by_label("Your message").fill("We looked everywhere and found it behind the counter. " * 4)
    expect(page.locator("#composer .comp-f").first).to_contain_text("MMS")
    expect(page.locator("#ctr")).to_have_class("ctr over")  # the length alone made it dear


def test_a_case_is_its_owners_and_sealed_for_good(desk: Messenger, page: Page, new_page: NewPage) -> None:
    _begin(desk, page, "case-desk", CASE)
    page.keyboard.press("i")
    expect(page.locator(".thead .owner")).to_contain_text("You")
    tom = new_page()
    desk.enter(tom, "Tom Becker")
    live(tom)
    expect(row(tom, shown(CASE))).to_have_count(0)
    page.keyboard.press("#")
    page.get_by_role("button", name="Yes, close conversation").click()
    expect(row(page, shown(CASE))).to_be_hidden()
    desk.text("Now the other lamp", CASE)
    _list(page, desk, "inbox")
    expect(row(page, shown(CASE))).to_contain_text("Now the other lamp")
    expect(row(tom, shown(CASE))).to_be_visible()
    open_row(page, shown(CASE))
    expect(page.locator("#tl")).to_contain_text("Conversation 2 opened")
    page.locator(".thead [popovertarget=m-prev]").click()
    page.locator("#m-prev .mi").first.click()
    expect(page.locator("#dlg-closed")).to_contain_text("Is it there yet?")
    expect(page.locator("#dlg-closed textarea")).to_have_count(0)


def test_in_a_crm_it_is_completed_once_and_archived_from_then_on(desk: Messenger, page: Page) -> None:
    _begin(desk, page, "crm", CRM)
    primary = page.locator(".thead .btn-primary")
    expect(primary).to_contain_text("Complete")
    primary.click()
    expect(row(page, shown(CRM))).to_be_hidden()
    _list(page, desk, "completed")
    expect(row(page, shown(CRM))).to_be_visible()
    desk.text("And the bill?", CRM)
    _list(page, desk, "inbox")
    open_row(page, shown(CRM))
    expect(primary).to_contain_text("Archive")
    primary.click()
    _list(page, desk, "archived")
    expect(row(page, shown(CRM))).to_be_visible()
