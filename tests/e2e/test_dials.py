"""The phone page's switches spoil the simulated network, and the thread stays right."""

from playwright.sync_api import Page, expect

from tests.e2e.messenger import Messenger, row, shown

SWITCHES = [
    "Fail 1 in 10 messages",
    "Lose 1 in 10 receipts",
    "Send 1 in 10 receipts and texts twice",
    "Mix up the order of receipts",
    "Break long texts into parts",
    "Make 1 in 10 messages wait",
    "Never answer 1 in 10 messages",
]
LONG = "Is the lamp from the window still there? " * 10


def test_a_text_broken_into_parts_is_one_in_the_thread(messenger: Messenger, page: Page) -> None:
    number = "+14155582902"
    messenger.enter(page, path="/phone")
    expect(page.locator("#dials").get_by_role("switch")).to_have_count(len(SWITCHES))
    for label in SWITCHES:
        expect(page.get_by_label(label)).not_to_be_checked()

    page.get_by_label("Break long texts into parts").check()
    expect(page.get_by_text("The network behaves differently now")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Break long texts into parts")).to_be_checked()
    messenger.turn_dials(page, split_rate="1", double_rate="1", reorder_rate="1")
    messenger.text(LONG, number)
    messenger.turn_dials(page)

    page.goto(f"{messenger.url}/conversations")
    row(page, shown(number)).click()
    expect(page.locator("#tl .m .bub")).to_have_count(1)
    expect(page.locator("#tl .m .bub")).to_contain_text(LONG.strip())
