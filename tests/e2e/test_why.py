"""Why this number: a message explains itself in the Messenger, by mouse, by keys, and without script."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CheckAccess, NewPage
from tests.e2e.messenger import Messenger, open_row, shown


def test_a_message_explains_its_number(messenger: Messenger, page: Page, new_page: NewPage, axe: CheckAccess) -> None:
    number = "+14155550381"
    messenger.text("Do you deliver?", number)
    messenger.enter(page)
    open_row(page, shown(number))
    page.get_by_label("Your message").fill("We do")
    page.keyboard.press("Control+Enter")
    link = page.locator("#tl li.out .meta a").last
    expect(link).to_be_visible()
    link.click()
    dialog = page.get_by_role("dialog", name="Why this number?")
    expect(dialog).to_contain_text("Last used")
    expect(dialog).to_contain_text("Gateway")
    axe(page, "#dlg-why")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    link.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("The only one that can")
    plain = new_page(script=False)
    messenger.enter(plain, path=str(link.get_attribute("href")))
    expect(plain.get_by_role("heading", name="Why this number?").last).to_be_visible()
    expect(plain.get_by_role("link", name="Back to the conversation")).to_be_visible()
