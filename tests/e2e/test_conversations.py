"""Working a conversation: read, claim, note, tag, search, complete and bring back."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CheckAccess, NewPage
from tests.e2e.messenger import Messenger, ask, held_back, listen_alone, live, open_row, row, shown
from tests.support.browser import Faults


def test_two_people_claim_and_the_second_is_told_who_was_first(
    messenger: Messenger, new_page: NewPage, faults: Faults
) -> None:
    number = "+14155550201"
    messenger.text("Who looks after me?", number)
    ana, tom = new_page(), new_page()
    faults.expect("net::ERR_FAILED|status of 409")
    listen_alone(tom)
    tom.route(re.compile("/live\\?"), lambda route: route.abort())  # Tom's page hears nothing of what Ana does
    messenger.enter(ana)
    messenger.enter(tom, "Tom Becker")
    open_row(ana, shown(number))
    open_row(tom, shown(number))

    ana.locator(".thead").get_by_role("button", name="Claim").click()
    expect(ana.locator(".thead .owner")).to_contain_text("You")
    ana.locator(".thead .owner").click()  # what the dialog would send is how it is now: a group alone gives nobody away
    expect(ana.locator("#ow-a option:checked")).to_have_text("Ana Reyes")
    expect(ana.get_by_text("Take it yourself")).to_have_count(0)
    ana.keyboard.press("Escape")
    expect(ana.locator(".thead .owner")).to_contain_text("You")
    tom.locator(".thead").get_by_role("button", name="Claim").click()
    expect(tom.locator("#toasts")).to_contain_text("Ana Reyes has this conversation already")
    expect(tom.locator(".thead .owner")).to_contain_text("Ana Reyes")
    expect(tom.locator("#tl")).to_contain_text("Ana Reyes claimed this conversation")


def test_what_one_person_does_the_other_sees(messenger: Messenger, new_page: NewPage) -> None:
    number = "+14155550202"
    messenger.text("Is my order ready?", number)
    ana, tom = new_page(), new_page()
    messenger.enter(ana)
    messenger.enter(tom, "Tom Becker")
    open_row(tom, shown(number))
    open_row(ana, shown(number))
    expect(tom.locator("#presence")).to_contain_text("Ana Reyes viewing")

    ana.locator("[data-mode=note]").click()
    ana.get_by_label("Note", exact=True).fill("Parcel is on the top shelf.")
    ana.get_by_role("button", name="Save note").click()
    expect(tom.locator("#tl .note")).to_contain_text("Parcel is on the top shelf.")
    expect(tom.locator("#st-notes")).to_contain_text("1")

    ana.get_by_role("button", name="Tag", exact=True).click()
    ana.get_by_label("Find or create a tag").fill("Collect")
    messenger.text("I am outside", number)  # the head is made anew below the open menu
    expect(ana.locator("#tl")).to_contain_text("I am outside")
    ana.get_by_role("button", name="Create Collect").click()
    expect(tom.locator(".thead .tag").first).to_have_text("Collect")
    expect(row(tom, shown(number)).locator(".tag")).to_have_text("Collect")


def test_complete_can_be_undone_for_a_while_and_is_sent_on_leaving(messenger: Messenger, page: Page) -> None:
    number = "+14155550203"
    messenger.text("Thanks, all done!", number)
    messenger.enter(page)
    open_row(page, shown(number))
    page.get_by_role("button", name="Complete", exact=True).click()
    expect(row(page, shown(number))).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, shown(number))).to_be_visible()
    expect(page.locator(".thead h2")).to_have_text(shown(number))

    # Who writes meanwhile is not put away unread.
    page.get_by_role("button", name="Complete", exact=True).click()
    expect(row(page, shown(number))).to_be_hidden()
    messenger.text("No, wait!", number)
    expect(page.locator("#toasts")).to_contain_text(f"{shown(number)} wrote in the meantime, and stays")
    expect(row(page, shown(number)).locator(".cr-prev")).to_contain_text("No, wait!")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    open_row(page, shown(number))

    page.get_by_role("button", name="Complete", exact=True).click()
    expect(row(page, shown(number))).to_be_hidden()
    page.goto(f"{messenger.url}/phone")  # leaving sends what still waits
    page.goto(f"{messenger.url}/conversations?view=completed")
    open_row(page, shown(number))
    expect(page.locator("#tl")).to_contain_text("Ana Reyes completed this conversation")
    messenger.text("One more question", number)
    expect(page.locator("#tl")).to_contain_text("One more question")
    expect(page.locator(".thead").get_by_role("button", name="Complete", exact=True)).to_be_visible()

    # What was pressed outlives its page also where it goes at once: it is on its way when one leaves.
    let_through, address = held_back(page, "**/claim"), page.url
    with page.expect_request("**/claim"):
        page.locator(".thead").get_by_role("button", name="Claim").click()
    page.goto(f"{messenger.url}/phone")
    let_through()
    page.goto(address)
    live(page)
    expect(page.locator(".thead .owner")).to_contain_text("You")


def test_the_row_has_the_same_tools(messenger: Messenger, page: Page) -> None:
    number = "+14155550204"
    messenger.text("Later, please", number)
    messenger.enter(page)
    mine = row(page, shown(number))
    mine.hover()
    mine.get_by_role("button", name="More for").click()
    snooze = page.locator("#m-row").get_by_role("button", name="Snooze")
    expect(snooze).to_be_visible()
    messenger.text("But not too late", number)  # the row is made anew below its open menu
    expect(mine.locator(".cr-prev")).to_contain_text("But not too late")
    snooze.click()
    page.locator("#m-row").get_by_role("button", name="Tomorrow morning").click()
    expect(mine).to_be_hidden()
    expect(page.locator("#toasts")).to_contain_text("Snoozed until")
    page.goto(f"{messenger.url}/conversations?view=snoozed")
    expect(row(page, shown(number))).to_contain_text("Snoozed")


def test_search_finds_names_numbers_and_words(messenger: Messenger, page: Page, axe: CheckAccess) -> None:
    number = "+14155550205"
    messenger.text("The walnut desk, is it on show?", number)
    messenger.text("Something else", "+14155550206")
    messenger.enter(page)
    open_row(page, shown(number))
    page.get_by_role("button", name="Add contact").first.click()
    page.get_by_label("Name", exact=True).fill("Noor Haddad")
    page.get_by_role("button", name="Save contact").click()
    expect(page.locator(".thead h2")).to_have_text("Noor Haddad")

    for words in ("noor", "555 0205", "walnut"):
        page.get_by_label("Search conversations").fill(words)
        expect(page.locator("#rows .cr")).to_have_count(1)
        expect(page.locator("#rows .cr-name")).to_have_text("Noor Haddad")
    page.get_by_label("Search conversations").fill("nobody of that name")
    expect(page.get_by_role("heading", name="No conversations match")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Clear search").click()
    expect(row(page, shown("+14155550206"))).to_be_visible()


def test_a_new_conversation_and_the_one_that_is_there(messenger: Messenger, page: Page, faults: Faults) -> None:
    number = "+14155550207"
    messenger.text("I am here already", number)
    messenger.enter(page)
    live(page)
    page.get_by_role("link", name="New conversation").first.click()
    page.get_by_label("To", exact=True).fill("555 0207")
    page.get_by_role("option", name=shown(number)).click()
    expect(page.get_by_text("There is already a conversation")).to_be_visible()

    faults.expect("status of 422")
    page.get_by_label("To", exact=True).fill("no number")
    page.get_by_label("Message", exact=True).fill("Hello")
    let_through = held_back(page, "**/new/send")
    page.get_by_role("button", name="Send message").click()
    page.get_by_label("Message", exact=True).press("End")
    page.keyboard.type(" from us")
    let_through()
    expect(page.locator("#nc-to-e")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Hello from us")
    page.unroute_all()
    let_through = held_back(page, "**/new/known?**")
    page.get_by_label("To", exact=True).fill("+14155550208")
    page.locator("#nc-body").focus()
    page.get_by_label("Business number").select_option(index=1)
    picked = page.get_by_label("Business number").input_value()
    let_through()
    expect(page.locator("#nc-to-h")).to_contain_text(shown("+14155550208"))
    expect(page.locator("#nc-to-e")).to_have_count(0)
    expect(page.get_by_label("Business number")).to_have_value(picked)
    page.unroute_all()
    page.get_by_role("button", name="Send message").click()
    expect(page.locator("#tl .m.out")).to_contain_text("Hello from us")
    expect(page.locator(".thead .owner")).to_contain_text("You")


def test_enter_behind_a_name_takes_who_goes_by_it_however_late_the_list_is(messenger: Messenger, page: Page) -> None:
    messenger.enter(page)
    live(page)
    for name, number in (("Ylvie Late", "+14155550219"), ("Ylva Early", "+14155550218")):  # the newest comes first
        ask(page, "POST", "/contacts", {"name": name, "addresses": [number]})
    page.get_by_role("link", name="New conversation").first.click()
    to, people = page.get_by_label("To", exact=True), page.locator("#nc-to-l")
    to.fill("Ylv")
    expect(people.get_by_role("option").first).to_contain_text("Ylva Early")
    let_through = held_back(page, "**/new/people?**")
    to.fill("Ylvie")
    to.press("Enter")
    expect(people).to_contain_text("Ylva Early")
    let_through()
    expect(to).to_have_value("+14155550219")
    expect(page.locator("#nc-to-h")).to_contain_text("Ylvie Late")
    expect(page.locator("#nc-body")).to_be_focused()


def test_stop_locks_the_composer_and_notes_still_work(messenger: Messenger, page: Page, axe: CheckAccess) -> None:
    number = "+14155550209"
    messenger.text("Hello", number)
    messenger.enter(page)
    open_row(page, shown(number))
    live(page)
    expect(page.get_by_label("Your message")).to_be_visible()
    messenger.text("STOP", number)
    expect(page.locator(".locked")).to_contain_text("opted out")
    expect(page.get_by_label("Your message")).to_be_hidden()
    axe(page)
    page.locator(".thead [popovertarget=m-conv]").click()
    page.locator("#m-conv").get_by_role("button", name="Send a test…").click()
    expect(page.locator("#toasts")).to_contain_text("opted out")
    page.locator(".locked").get_by_role("button", name="Add note").click()
    page.get_by_label("Note", exact=True).fill("Called instead")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#tl .note")).to_contain_text("Called instead")


def test_a_closed_conversation_is_read_only_and_the_next_one_offers_it(
    messenger: Messenger, page: Page, axe: CheckAccess
) -> None:
    number = "+14155550210"
    messenger.text("Order collected, thank you!", number)
    messenger.enter(page)
    open_row(page, shown(number))
    page.locator(".thead").get_by_role("button", name="Conversation options").click()
    page.locator("#m-conv").get_by_role("button", name="Close for good").click()
    page.get_by_role("button", name="Yes, close").click()
    expect(row(page, shown(number))).to_be_hidden()
    page.goto(f"{messenger.url}/conversations?view=closed")
    open_row(page, shown(number))
    expect(page.locator(".thead")).to_contain_text("Read only")
    expect(page.get_by_label("Your message")).to_have_count(0)
    axe(page)

    messenger.text("Me again", number)
    page.goto(f"{messenger.url}/conversations")
    open_row(page, shown(number))
    page.get_by_role("button", name="1 closed conversation with this contact").click()
    page.locator("#m-prev .mi").click()
    expect(page.locator("#dlg-closed")).to_contain_text("Order collected, thank you!")
    expect(page.locator("#dlg-closed")).to_contain_text("It cannot be edited or reopened.")
    axe(page)


def test_removing_hides_the_history_and_keeps_the_contact(messenger: Messenger, page: Page, axe: CheckAccess) -> None:
    number = "+14155550211"
    messenger.text("Something old", number)
    messenger.enter(page)
    open_row(page, shown(number))
    page.locator(".thead").get_by_role("button", name="Conversation options").click()
    page.locator("#m-conv").get_by_role("button", name="Remove conversation").click()
    axe(page)
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(row(page, shown(number))).to_be_hidden()
    messenger.text("Something new", number)
    open_row(page, shown(number))
    expect(page.locator("#tl")).to_contain_text("Something new")
    expect(page.locator("#tl")).not_to_contain_text("Something old")


def test_what_one_may_not_see_looks_like_what_is_not_there(
    messenger: Messenger, page: Page, axe: CheckAccess, faults: Faults
) -> None:
    faults.expect("status of 404")
    messenger.enter(page, path="/conversations/cnv_0000000000000")
    expect(page.get_by_role("heading", name="Not found, or not yours to see")).to_be_visible()
    axe(page)
    page.goto(f"{messenger.url}/nothing/here")
    expect(page.get_by_role("heading", name="Not found, or not yours to see").last).to_be_visible()
    axe(page)


def test_a_long_thread_opens_where_one_left_off_and_the_row_says_what_became_of_the_answer(
    messenger: Messenger, page: Page
) -> None:
    number = "+14155550217"
    for place in range(16):
        messenger.text(f"Earlier {place}", number)
    messenger.enter(page)
    open_row(page, shown(number))
    expect(row(page, shown(number))).not_to_have_class(re.compile("unread"))
    page.goto(f"{messenger.url}/contacts")
    for place in range(16):
        messenger.text(f"Later {place}", number)
    messenger.enter(page)
    open_row(page, shown(number))
    line = page.locator("#first-new")
    expect(line).to_be_in_viewport()
    expect(line).to_contain_text("16 new")
    expect(page.get_by_text("Earlier 15")).to_be_in_viewport()  # what was said last, for who comes back
    page.get_by_label("Your message").fill("All of it, thank you.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("All of it, thank you.").last).to_be_visible()
    expect(row(page, shown(number)).locator(".cr-prev")).to_contain_text("Delivered")
