"""Menus under quick hands: what is typed right after one opens is its own, and news below it take nothing away."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.messenger import Messenger, ask, held_back, live, open_row, overtaken, row, shown

OPENED = """selector => {
  const button = document.querySelector(selector);
  button.focus();
  button.click();
  return document.activeElement.closest('.menu')?.id ?? document.activeElement.outerHTML;
}"""
"""Presses a button, and says at once where the next key would go."""

HEAD_COMES_ANEW = """() => new Promise(done => {
  document.addEventListener('htmx:before:settle', event => event.target.matches('.thead') && setTimeout(done));
  document.dispatchEvent(new CustomEvent('news-wanted'));
})"""
"""Asks for what is new in the thread, and waits until the head is as the answer has it."""


def begin(messenger: Messenger, page: Page, number: str, words: str) -> None:
    """A conversation of its own is open, and the page live."""
    messenger.text(words, number)
    messenger.enter(page)
    live(page)
    open_row(page, shown(number))


def test_the_next_key_is_for_the_menu(messenger: Messenger, page: Page) -> None:
    begin(messenger, page, "+14155584501", "Which of you writes to me?")
    buttons = {
        "#composer .from": "m-from",
        ".th2 [popovertarget=m-events]": "m-events",
        ".thead [popovertarget=m-conv]": "m-conv",
    }
    for button, menu in buttons.items():
        assert page.evaluate(OPENED, button) == menu
        page.keyboard.press("ArrowDown")
        expect(page.locator(f"#{menu} .mi:focus")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator(button)).to_be_focused()


def test_what_one_types_while_a_row_menu_comes_is_no_command(messenger: Messenger, page: Page) -> None:
    """Nobody claims, completes or closes by a word: neither the row's conversation nor the one that is open."""
    number = "+14155584502"
    begin(messenger, page, number, "Is this finished?")
    one = row(page, shown(number))
    let_through = held_back(page, "**/menu/*")
    one.hover()
    one.get_by_role("button", name=f"More for {shown(number)}").click()
    page.keyboard.type("ie#")
    let_through()
    expect(page.locator("#m-row .mi").first).to_be_focused()
    expect(one).to_be_visible()
    found = ask(page, "GET", f"/conversations/{one.get_attribute('data-id')}")
    assert (found["state"], found["owner"]["user"]) == ("open", None)


def test_the_head_comes_anew_below_a_menu(messenger: Messenger, page: Page) -> None:
    begin(messenger, page, "+14155584503", "Put me in a drawer")
    page.keyboard.press("t")
    page.keyboard.type("Under hand")
    page.keyboard.press("ArrowDown")
    page.evaluate(HEAD_COMES_ANEW)
    page.keyboard.press("Enter")
    expect(page.locator(".thead .th-tags .tag", has_text="Under hand")).to_be_visible()


def test_a_menu_within_a_menu_takes_its_place(messenger: Messenger, page: Page) -> None:
    begin(messenger, page, "+14155584504", "Until when?")
    options = page.get_by_role("button", name="Conversation options")
    options.click()
    page.locator("#m-conv [popovertarget=m-snooze]").click()
    expect(page.locator(".menu:popover-open")).to_have_attribute("id", "m-snooze")
    expect(page.get_by_role("button", name="In 1 hour")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".menu:popover-open")).to_have_count(0)
    expect(options).to_be_focused()


def test_the_menu_is_that_of_the_row_pressed_last(messenger: Messenger, page: Page) -> None:
    """However the answers overtake each other; and it moves from one row to another at one press."""
    first, last = "+14155584505", "+14155584506"
    messenger.text("Whose menu comes first?", last)
    begin(messenger, page, first, "And whose menu stays?")
    asked = "**/menu/*"
    let_through = held_back(page, asked)
    for number in (first, last):
        row(page, shown(number)).hover()
        with page.expect_request(asked):
            row(page, shown(number)).get_by_role("button", name="More for").click()
    overtaken(page, let_through)
    wanted = row(page, shown(last)).get_attribute("data-id") or ""
    expect(page.locator("#m-row form").first).to_have_attribute("action", re.compile(wanted))
    expect(page.locator("#rows [aria-expanded=true]")).to_have_accessible_name(f"More for {shown(last)}")
