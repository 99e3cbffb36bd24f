"""Somebody with a dozen tabs: all of them live, and none of them stuck."""

from playwright.sync_api import Page, expect

from tests.e2e.messenger import Messenger, live, open_row, row, shown

NUMBER = "+14155594801"
TABS = 9  # a browser keeps six connections to a server: with a stream for each page, the seventh page never came


def test_a_dozen_tabs_are_live_over_one_stream(messenger: Messenger, page: Page) -> None:
    messenger.text("Are you there?", NUMBER)
    messenger.enter(page)
    tabs = [page, *(page.context.new_page() for _ in range(TABS))]
    for number, tab in enumerate(tabs[1:]):
        tab.goto(messenger.url + ("/statistics" if number % 4 == 3 else "/conversations"))
        live(tab)
    inboxes = [tab for tab in tabs if tab.url.endswith("/conversations")]

    # What comes in is seen in each of them, in a tab that came late, and where the first ones are closed again.
    messenger.text("Hello to all of you", NUMBER)
    for tab in inboxes:
        expect(row(tab, shown(NUMBER))).to_contain_text("Hello to all of you")
    for tab in tabs[:4]:
        tab.close()
    last = inboxes[-1]
    messenger.text("And once more", NUMBER)
    expect(row(last, shown(NUMBER))).to_contain_text("And once more")
    open_row(last, shown(NUMBER))
    last.get_by_label("Your message").fill("Here we are")
    last.keyboard.press("Control+Enter")
    expect(last.locator("#tl .m.out")).to_contain_text("Here we are")
    expect(row(inboxes[-2], shown(NUMBER))).to_contain_text("Here we are")

    # A server that is away for a moment: every tab says so, and none of them misses what came meanwhile.
    last.evaluate("() => dispatchEvent(new Event('offline'))")
    expect(last.locator("#live")).to_have_attribute("data-tip", "Live updates are off; trying again")
    messenger.text("While you were away", NUMBER)
    for tab in inboxes[-2:]:
        live(tab)
        expect(row(tab, shown(NUMBER))).to_contain_text("While you were away")
