"""An hour by keyboard alone: every action of a conversation, and never a focus that fell to nowhere."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.messenger import Messenger, row, shown

PEOPLE = [f"+1415558400{n}" for n in range(8)]


class Keys:
    """Hands on a keyboard, which look where the focus is after whatever they press."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __call__(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def focus(self, name: str | re.Pattern[str], role: str = "button") -> None:
        """As by Tab, which the order of the page leads to; from there on with keys."""
        self.page.get_by_role(role, name=name, exact=isinstance(name, str)).first.focus()  # type: ignore[arg-type]

    def stay(self) -> None:
        """Whatever happened, the focus is on something that is there."""
        expect(self.page.locator(":focus")).to_be_visible()


def _begin(messenger: Messenger, page: Page, *people: str) -> Keys:
    for number in reversed(people):
        messenger.text("Is it still there?", number)
    messenger.enter(page)
    return Keys(page)


def _open(page: Page, number: str) -> None:
    expect(page.locator(".thead h2")).to_have_text(shown(number))
    expect(page.locator("#tl")).to_be_visible()


def test_every_action_of_a_conversation(messenger: Messenger, new_page: NewPage) -> None:
    page = new_page()
    first = PEOPLE[0]
    press = _begin(messenger, page, *PEOPLE[:4])
    press("j")
    _open(page, first)
    press("i")
    expect(page.locator(".thead .owner")).to_contain_text("You")
    press.stay()

    press("t")
    expect(page.get_by_label("Find or create a tag")).to_be_focused()
    press.type("By hand")
    press("ArrowDown", "Enter")
    expect(page.locator(".thead [id^=tags-] .tag", has_text="By hand")).to_be_visible()
    press.stay()
    press("t")
    expect(page.get_by_label("Find or create a tag")).to_be_focused()
    press("ArrowDown")
    expect(page.locator("#m-tags .mi").first).to_be_focused()
    page.locator("#m-tags .mi", has_text="By hand").first.focus()
    press("Enter")
    expect(page.locator(".thead [id^=tags-] .tag", has_text="By hand")).to_have_count(0)
    press("Escape")
    press.stay()

    press("a")
    expect(page.get_by_role("heading", name="Change conversation ownership")).to_be_visible()
    page.locator("#ow-a").focus()
    press.type("Tom")
    page.get_by_role("button", name="Transfer").focus()
    press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Transferred to Tom Becker")
    _open(page, PEOPLE[1])
    expect(row(page, shown(first))).to_be_hidden()
    press("z")
    _open(page, first)
    expect(row(page, shown(first))).to_be_visible()
    expect(page.locator(".thead .owner")).to_contain_text("You")
    press.stay()

    _leave_it(page, press)


def _leave_it(page: Page, press: Keys) -> None:
    """A note, then on to the next ones: snoozed, completed, unread, closed."""
    second, third, fourth = PEOPLE[1:4]
    press("n")
    press.type("Ask in the shop")
    press("Control+Enter")
    expect(page.locator("#tl .note")).to_contain_text("Ask in the shop")
    expect(page.get_by_label("Your message")).to_be_focused()
    press("Escape")
    expect(page.locator("#scroll")).to_be_focused()

    press("s")
    expect(page.get_by_role("button", name="In 1 hour")).to_be_focused()
    press("ArrowDown", "ArrowUp", "Enter")
    _open(page, second)
    press.stay()
    press("e")
    _open(page, third)
    press.stay()
    press("u")
    expect(row(page, shown(third)).locator(".count")).to_contain_text("1")
    press.stay()
    press("#")
    yes = page.get_by_role("button", name=re.compile("^Yes"))
    if yes.count() and yes.first.is_visible():
        press("Enter")
    _open(page, fourth)
    press.stay()

    # The menu of a row, and of the head; what they asked for gives the focus back.
    page.locator("#rows .cr.is-on .cr-top").focus()
    more = page.get_by_role("button", name=f"More for {shown(fourth)}")
    more.focus()
    press("Enter")
    expect(page.locator("#m-row .mi").first).to_be_focused()
    page.locator("#m-row .mi", has_text="Assign").first.focus()
    press("Escape")
    expect(more).to_be_focused()


def test_many_at_once_filters_and_looking_for_something(messenger: Messenger, new_page: NewPage) -> None:
    page = new_page()
    press = _begin(messenger, page, *PEOPLE[4:7])
    press("j")
    _open(page, PEOPLE[4])
    press("x", "j")
    _open(page, PEOPLE[5])
    press("x")
    bar = page.get_by_role("toolbar", name="Selected conversations")
    expect(bar).to_contain_text("2 selected")
    press("t")
    expect(page.get_by_label("A new tag")).to_be_visible()
    page.get_by_label("A new tag").focus()
    press.type("Both")
    press("Enter")
    for number in PEOPLE[4:6]:
        expect(row(page, shown(number)).locator(".tag")).to_have_text(["Both"])
    press.stay()

    page.locator("#rows .cr.is-on .cr-top").focus()
    press("x", "k", "x")
    expect(bar).to_contain_text("2 selected")
    press("e")
    expect(page.locator("#dlg-bulk")).to_be_visible()
    press("Enter")
    for number in PEOPLE[4:6]:
        expect(row(page, shown(number))).to_be_hidden()
    press.stay()

    press("/")
    press.type("555 8400")
    expect(row(page, shown(PEOPLE[6]))).to_be_visible()
    press("Escape")
    press.stay()
    press("j")
    press.stay()
    press.focus("Clear search")
    press("Enter")
    expect(page.get_by_label("Search conversations")).to_be_focused()
    press("Escape")

    _filter(page, press)


def _filter(page: Page, press: Keys) -> None:
    """The menu, its form, chips and the order."""
    press.focus("Filter")
    press("Enter")
    first = page.locator("#m-filter .mi").first
    expect(first).to_be_focused()
    press("Enter")
    expect(page.locator("#m-filter select").first).to_be_focused()
    press("Tab")
    press.type("4155558400")
    press("Enter")
    chip = page.get_by_role("button", name=re.compile("^Remove filter")).first
    expect(chip).to_be_visible()
    press.stay()
    chip.focus()
    press("Space")
    expect(page.locator("#listpane .chips-on")).to_have_count(0)
    press.stay()
    for name in ("Unread", "Mine"):
        on = page.locator("#listpane .chip", has_text=re.compile(f"^{name}")).first
        on.focus()
        press("Enter")
        expect(on).to_have_attribute("aria-pressed", "true")
        expect(on).to_be_focused()
        press("Enter")
        expect(on).to_have_attribute("aria-pressed", "false")
    press.focus("Sort")
    press("Enter")
    expect(page.locator("#m-sort .mi").first).to_be_focused()
    press("ArrowDown")
    expect(page.locator("#m-sort .mi").nth(1)).to_be_focused()
    press("Enter")
    expect(page.locator("#listpane")).to_have_attribute("data-sort", "oldest")
    press.stay()


def test_a_new_conversation_kept_words_and_what_is_settled_once(messenger: Messenger, new_page: NewPage) -> None:
    page = new_page()
    messenger.enter(page)
    press = Keys(page)
    page.goto(f"{messenger.url}/settings/quick")
    press.focus("New quick reply", "link")
    press("Enter")
    page.get_by_label("Name").focus()
    press.type("Shop hours 84")
    page.get_by_label("Text").focus()
    press.type("We are open 9 to 6.")
    page.get_by_role("switch", name="For the whole team").focus()
    press("Space")
    press.focus("Save")
    press("Enter")
    expect(page.get_by_role("list", name="Quick replies: Yours")).to_contain_text("Shop hours 84")
    press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    press("Escape")

    messenger.enter(page)
    press("c")
    expect(page.get_by_label("To", exact=True)).to_be_focused()
    press.type(PEOPLE[7])
    page.locator("#nc-body").focus()
    press("/")
    page.get_by_label("Search in Quick replies").type("Shop hours 84")
    press("ArrowDown", "Enter")
    expect(page.locator("#nc-body")).to_have_value("We are open 9 to 6.")
    expect(page.locator("#nc-body")).to_be_focused()
    press("Control+Enter")
    _open(page, PEOPLE[7])
    expect(page.locator("#tl .m.out")).to_contain_text("We are open 9 to 6.")

    press("r", "/")
    expect(page.get_by_label("Search in Quick replies")).to_be_focused()
    press("Escape")
    expect(page.get_by_label("Your message")).to_be_focused()
    press.focus(re.compile("^Emoji"))
    press("Enter")
    page.get_by_label("Search emoji").type("wave")
    expect(page.locator("#emo-l button:visible").first).to_be_visible()  # the list comes when the menu first opens
    press("ArrowDown", "Enter")
    expect(page.get_by_label("Your message")).to_be_focused()
    expect(page.get_by_label("Your message")).not_to_have_value("")
    press("Control+a", "Delete", "Escape")
    _go_back(page, press)


def _go_back(page: Page, press: Keys) -> None:
    """Out of the panel that lies over the thread, and one pane wide out of the thread."""
    page.set_viewport_size({"width": 1200, "height": 800})
    press("]")
    expect(page.locator("#side")).to_be_visible()
    press("Escape")
    expect(page.locator("#side")).to_be_hidden()
    press.stay()
    page.set_viewport_size({"width": 390, "height": 844})
    press("Escape")
    expect(page.locator(".inbox")).to_have_attribute("data-view", "list")
