"""Writing: the count, the draft, what was missed, failures, and texts that mean harm."""

import re
from urllib.parse import unquote_plus

from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.conftest import NewPage
from tests.e2e.messenger import Messenger, listen_alone, live, open_row, row, shown, sign_in
from tests.support.browser import Faults


def test_the_counter_names_the_costly_character_and_mends_it(messenger: Messenger, page: Page) -> None:
    number = "+14155550301"
    messenger.text("Are you open?", number)
    messenger.enter(page)
    open_row(page, shown(number))
    box = page.get_by_label("Your message")
    box.fill("We\u2019re open")
    expect(page.locator("#ctr")).to_contain_text("10 / 70")
    expect(page.locator("#ctr")).to_contain_text("Unicode")
    page.get_by_role("button", name="Use plain text").click()
    expect(box).to_have_value("We're open")
    expect(page.locator("#ctr")).to_contain_text("10 / 160 · 1 part · GSM")
    # All that the server knows a plain character for; not offered where another one stays and nothing would be won.
    with page.expect_response("**/preview"):
        box.fill("\u201eGute Fête\u201c")
    page.get_by_role("button", name="Use plain text").click()
    expect(box).to_have_value('"Gute Fete"')
    expect(page.locator("#ctr")).to_contain_text("11 / 160 · 1 part · GSM")
    with page.expect_response("**/preview"):
        box.fill("\u201cYes\u201d \U0001f44b")
    expect(page.locator("#ctr")).to_contain_text("Unicode")
    expect(page.get_by_role("button", name="Use plain text")).to_have_count(0)
    box.fill("x" * 500)
    expect(page.locator("#ctr")).to_contain_text("500 / 612 · 4 parts")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Send a long message?")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(box).to_have_value("x" * 500)


def test_a_draft_waits_for_its_writer(messenger: Messenger, page: Page, new_page: NewPage, faults: Faults) -> None:
    """Reply and note apart; for another thread, a lost connection, a reload, and a session that ended."""
    number, other = "+14155550302", "+14155550303"
    messenger.text("Hello", number)
    messenger.text("Somebody else", other)
    listen_alone(page)
    messenger.enter(page)
    live(page)
    box, note = page.get_by_label("Your message"), page.get_by_label("Note", exact=True)
    to_note = page.get_by_role("tab", name="Note", exact=True)
    open_row(page, shown(number))
    box.fill("Half a thought")
    to_note.click()
    expect(note.and_(page.locator("#msg"))).to_have_value("")
    page.locator("#msg").fill("Not for them to read")
    page.get_by_role("tab", name="Reply").click()
    expect(box).to_have_value("Half a thought")
    expect(to_note).to_have_attribute("aria-description", "Half written")

    open_row(page, shown(other))
    expect(page.locator(".thead h2")).to_have_text(shown(other))
    expect(box).to_have_value("")
    open_row(page, shown(number))
    expect(page.locator(".thead h2")).to_have_text(shown(number))
    expect(box).to_have_value("Half a thought")

    faults.expect("ERR_|401")
    _marked_on_every_device_of_theirs(messenger, page, new_page, number)
    _through_an_outage_and_a_sign_in(messenger, page, number)
    _in_two_tabs(page)


def _marked_on_every_device_of_theirs(messenger: Messenger, page: Page, new_page: NewPage, number: str) -> None:
    phone, tom = new_page(width=390, height=844), new_page()
    for other, who in ((phone, "Ana Reyes"), (tom, "Tom Becker")):
        messenger.enter(other, who)
        live(other)
    mark = ".cr-prev .cr-draft"
    for mine in (page, phone):
        expect(row(mine, shown(number)).locator(mark)).to_have_text("Draft")
    expect(row(tom, shown(number))).to_be_visible()
    expect(tom.locator(mark)).to_have_count(0)
    page.locator("#msg").fill("")
    page.get_by_role("tab", name="Note", exact=True).click()
    page.locator("#msg").fill("")
    for mine in (page, phone):
        expect(row(mine, shown(number)).locator(mark)).to_have_count(0)
    page.locator("#msg").fill("Not for them to read")
    expect(row(phone, shown(number)).locator(mark)).to_have_text("Draft")
    page.get_by_role("tab", name="Reply").click()
    page.locator("#msg").fill("Half a thought")
    phone.context.close()
    tom.context.close()


def _through_an_outage_and_a_sign_in(messenger: Messenger, page: Page, number: str) -> None:
    box, to_note = page.get_by_label("Your message"), page.get_by_role("tab", name="Note", exact=True)
    page.context.set_offline(True)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/draft")):
        box.fill("Half a thought, and the other half")
    with page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.ok):
        page.context.set_offline(False)
    page.reload()
    live(page)
    expect(box).to_have_value("Half a thought, and the other half")

    page.context.clear_cookies()
    box.fill("All of it")
    page.keyboard.press("Control+Enter")
    bar = page.locator("#signed-out")
    expect(bar).to_contain_text("You are signed out. What you typed is kept.")
    expect(box).to_have_value("All of it")
    row(page, shown(number)).locator(".cr-top").click()
    expect(page.locator("#pane")).to_contain_text("This did not load")
    expect(page.locator("#toasts .toast")).to_have_count(0)  # said once, and it stays
    bar.get_by_role("button", name="Sign in").click()
    sign_in(page, messenger.url)
    messenger.cookies["Ana Reyes"] = page.context.cookies()
    page.goto(f"{messenger.url}/conversations")
    live(page)
    open_row(page, shown(number))
    expect(box).to_have_value("All of it")
    to_note.click()
    expect(page.locator("#msg")).to_have_value("Not for them to read")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tl .note")).to_contain_text("Not for them to read")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tl .m.out .bub")).to_have_text("All of it")
    expect(row(page, shown(number)).locator(".cr-draft")).to_have_count(0)
    page.reload()
    live(page)
    expect(box).to_have_value("")


def _in_two_tabs(page: Page) -> None:
    """What one sends takes nothing from the other, but the same words."""
    box = page.get_by_label("Your message")
    second = page.context.new_page()
    second.goto(page.url)
    live(second)
    theirs = second.get_by_label("Your message")
    saved = re.compile("/draft$")
    with page.expect_response(saved):
        box.fill("Something else")
    theirs.fill("And another thing")
    with page.expect_response(saved):
        second.keyboard.press("Control+Enter")
    expect(page.locator("#tl .m.out .bub").last).to_have_text("And another thing")
    page.reload()
    live(page)
    expect(box).to_have_value("Something else")
    theirs.fill("Something else")
    second.keyboard.press("Control+Enter")
    expect(page.locator("#tl .m.out .bub").last).to_have_text("Something else")
    expect(box).to_have_value("")


def test_what_is_typed_outlives_its_tab(messenger: Messenger, page: Page, new_page: NewPage, faults: Faults) -> None:
    """Closed at once, or without a connection; what is newer elsewhere wins."""
    number = "+14155550311"
    messenger.text("Is it ready?", number)
    messenger.enter(page)
    live(page)
    open_row(page, shown(number))
    address, elsewhere = page.url, new_page()
    messenger.enter(elsewhere)
    live(elsewhere)

    page.get_by_label("Your message").fill("Closed in the middle of a")
    page.goto("about:blank")
    expect(row(elsewhere, shown(number)).locator(".cr-draft")).to_be_visible()
    tab, box = _reopened(page, address)
    expect(box).to_have_value("Closed in the middle of a")

    faults.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch")
    _saved_unanswered(tab, "Closed in the middle of a sent")
    _typed_offline(tab, "Closed in the middle of a sentence")
    tab, box = _reopened(page, address)
    expect(box).to_have_value("Closed in the middle of a sentence")
    tab.get_by_role("tab", name="Note", exact=True).click()
    _saved_unanswered(tab, "And")
    _typed_offline(tab, "And a note")
    tab = page.context.new_page()
    with tab.expect_response(lambda answer: answer.url.endswith("/draft")):
        tab.goto(f"{messenger.url}/conversations")  # saved without its thread being open
    tab.close()
    open_row(elsewhere, shown(number))
    theirs = elsewhere.get_by_label("Your message")
    expect(theirs).to_have_value("Closed in the middle of a sentence")
    elsewhere.get_by_role("tab", name="Note", exact=True).click()
    expect(elsewhere.locator("#msg")).to_have_value("And a note")
    elsewhere.get_by_role("tab", name="Reply").click()

    tab, box = _reopened(page, address)
    _typed_offline(tab, "Too late")
    theirs.fill("It is")
    with elsewhere.expect_response(re.compile("/draft$")):
        elsewhere.keyboard.press("Control+Enter")
    expect(elsewhere.locator("#tl .m.out .bub")).to_have_text("It is")
    expect(elsewhere.locator("#tl [data-sending]")).to_have_count(0)
    tab, box = _reopened(page, address)
    expect(box).to_have_value("")


def test_what_was_to_be_sent_outlives_its_tab(messenger: Messenger, page: Page, faults: Faults) -> None:
    """A message that never left waits in whichever tab is opened next, and so does one to somebody new."""
    number = "+14155550312"
    messenger.text("Is it ready?", number)
    messenger.enter(page)
    live(page)
    open_row(page, shown(number))
    address = page.url
    faults.expect("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    first, _ = _reopened(page, address)
    _typed_offline(first, "Come and get it", send=True)
    tab, box = _reopened(page, address)
    failed = tab.locator("#tl .m.out.fail")
    expect(failed).to_contain_text("Come and get it")
    expect(box).to_have_value("")
    page.reload()
    live(page)
    expect(page.locator("#tl .m.out.fail")).to_contain_text("Come and get it")
    failed.get_by_role("button", name="Retry").click()
    for each in (tab, page):
        expect(each.locator("#tl [data-sending]")).to_have_count(0)
        expect(each.locator("#tl .m.out .bub")).to_have_text("Come and get it")

    tab.get_by_role("link", name="New conversation").first.click()
    tab.locator("#nc-body").fill("Somebody new")
    tab.goto("about:blank")
    tab.close()
    tab, _ = _reopened(page, address)
    tab.get_by_role("link", name="New conversation").first.click()
    expect(tab.locator("#nc-body")).to_have_value("Somebody new")


def _reopened(page: Page, address: str) -> tuple[Page, Locator]:
    """A new tab of the same browser, and its box."""
    tab = page.context.new_page()
    tab.goto(address)
    live(tab)
    return tab, tab.get_by_label("Your message")


def _saved_unanswered(tab: Page, words: str) -> None:
    """The draft arrives, and the network goes before its answer does."""
    drafts = re.compile("/draft$")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    tab.route(drafts, lose)
    with tab.expect_event("requestfailed", lambda request: words in unquote_plus(request.post_data or "")):
        tab.locator("#msg").fill(words)
    tab.unroute(drafts)


def _typed_offline(tab: Page, words: str, *, send: bool = False) -> None:
    """Without a connection until the tab is gone, and when it goes: by then the context's word holds no more."""
    tab.context.set_offline(True)
    tab.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('Failed to fetch')); }")
    tab.locator("#msg").fill(words)
    if send:
        tab.keyboard.press("Control+Enter")
        expect(tab.locator("#tl .m.out.fail")).to_contain_text(words)
    tab.close()
    tab.context.set_offline(False)


def test_a_reply_over_something_unseen_asks_first(messenger: Messenger, page: Page, faults: Faults) -> None:
    number = "+14155550304"
    messenger.text("I will take it", number)
    listen_alone(page)
    page.route(re.compile("/live\\?"), lambda route: route.abort())
    faults.expect("net::ERR_FAILED|status of 409")
    messenger.enter(page)
    open_row(page, shown(number))
    messenger.text("Wait, please don't send it", number)
    page.get_by_label("Your message").fill("It is on its way")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="They wrote in the meantime")).to_be_visible()
    expect(page.locator("#tl")).to_contain_text("Wait, please don't send it")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Your message")).to_have_value("It is on its way")
    expect(page.locator("#tl .m.out")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tl .m.out")).to_contain_text("It is on its way")

    # The answer comes when somebody else's thread is open: it is no matter of theirs.
    other, held = "+14155550310", list[Route]()
    messenger.text("Another matter", other)
    page.reload()
    open_row(page, shown(number))
    page.route(re.compile("/messages$"), lambda route: held.append(route))  # noqa: PLW0108 (a bound method will not do)
    messenger.text("One more thing", number)
    page.get_by_label("Your message").fill("For the first one only")
    with page.expect_request(re.compile("/messages$")):
        page.keyboard.press("Control+Enter")
    open_row(page, shown(other))
    expect(page.locator(".thead h2")).to_have_text(shown(other))
    held[0].continue_()
    page.unroute_all()
    expect(page.locator("#toasts")).to_contain_text(f"Not sent to {shown(number)}")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#tl .m.out")).to_have_count(0)
    expect(page.get_by_label("Your message")).to_have_value("")
    page.locator("#toasts").get_by_role("button", name="Show").click()
    failed = page.locator("#tl .m.out.fail")
    expect(failed).to_contain_text("They wrote in the meantime")
    failed.get_by_role("button", name="Retry").click()
    page.get_by_role("button", name="Send anyway").click()
    expect(page.locator("#tl .m.out .bub").last).to_have_text("For the first one only")
    expect(page.locator("#tl [data-sending]")).to_have_count(0)


def test_without_a_connection_the_text_stays_and_retry_sends_it_once(
    messenger: Messenger, page: Page, faults: Faults
) -> None:
    number = "+14155550305"
    messenger.text("Anybody?", number)
    messenger.enter(page)
    open_row(page, shown(number))
    faults.expect("net::ERR_")
    page.route(re.compile("/messages$"), lambda route: route.abort())
    box = page.get_by_label("Your message")
    box.fill("Yes, here")
    page.keyboard.press("Control+Enter")
    failed = page.locator("#tl .m.out.fail")
    expect(failed).to_contain_text("Not sent")
    page.reload()
    live(page)
    expect(failed).to_contain_text("Yes, here")
    expect(box).to_have_value("")
    failed.get_by_role("button", name="Edit").click()
    expect(failed).to_have_count(0)
    expect(box).to_have_value("Yes, here")
    box.fill("Yes, we are here")
    page.keyboard.press("Control+Enter")
    expect(failed).to_contain_text("Yes, we are here")
    page.unroute(re.compile("/messages$"))
    failed.get_by_role("button", name="Retry").click()
    expect(page.locator("#tl .m.out")).to_contain_text("Delivered")
    expect(page.locator("#tl .m.out")).to_have_count(1)

    # Left with a message on its way: whether it arrived or not, it is sent once.
    page.route(re.compile("/messages$"), lambda route: route.fetch() and None, times=1)
    box.fill("And open till six")
    with page.expect_request(re.compile("/messages$")):
        page.keyboard.press("Control+Enter")
    page.reload()
    live(page)
    expect(page.locator("#tl .m.out")).to_have_count(2)
    expect(page.locator("#tl [data-sending]")).to_have_count(0)
    expect(page.locator("#tl .m.out .bub").last).to_have_text("And open till six")


def test_what_people_write_is_text_and_nothing_else(messenger: Messenger, page: Page) -> None:
    number = "+14155550306"
    hostile = "<script>document.title='taken'</script><img src=x onerror=alert(1)> {{7*7}} \u202egnp.exe"
    messenger.text(hostile, number)
    messenger.enter(page)
    expect(row(page, shown(number)).locator(".cr-prev .trunc")).to_contain_text("<script>document.title")
    open_row(page, shown(number))
    expect(page.locator("#tl .m.inc .bub")).to_have_text(hostile)
    page.get_by_role("button", name="Add contact").first.click()
    page.get_by_label("Name", exact=True).fill("<b onmouseover=alert(1)>Eve</b>")
    page.get_by_role("button", name="Save contact").click()
    expect(page.locator(".thead h2")).to_have_text("<b onmouseover=alert(1)>Eve</b>")
    page.get_by_label("Your message").fill("</textarea><script>alert(2)</script>")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tl .m.out .bub")).to_have_text("</textarea><script>alert(2)</script>")
    expect(page).to_have_title(re.compile("^Inbox"))
    assert page.locator("#pane script, #rows script, #pane img[src='x']").count() == 0


def test_without_script_a_reply_still_leaves(messenger: Messenger, new_page: NewPage) -> None:
    number = "+14155550307"
    messenger.text("Does this work plainly?", number)
    page = new_page(script=False)
    messenger.enter(page, path="/conversations?view=inbox")
    row(page, shown(number)).locator(".cr-top").click()
    expect(page.locator("#tl")).to_contain_text("Does this work plainly?")
    page.get_by_label("Your message").fill("It does")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#tl .m.out .bub")).to_have_text("It does")
    page.get_by_role("button", name="Claim").first.click()
    expect(page.locator(".thead .owner")).to_contain_text("You")
    page.locator(".thead .owner").click()
    page.locator("#dlg-own").get_by_role("button", name="Cancel").click()
    expect(page.locator("#dlg-own")).to_be_hidden()
    page.locator(".thead .owner").click()
    page.locator("#ow-a").select_option(label="Tom Becker")
    page.get_by_role("button", name="Transfer").click()
    expect(page.locator(".thead .owner")).to_contain_text("Tom Becker")


def test_a_failed_message_says_why_and_can_be_sent_again(messenger: Messenger, page: Page) -> None:
    number = "+14155550308"
    messenger.text("Did it arrive?", number)
    messenger.enter(page, path="/phone")
    messenger.turn_dials(page, fail_rate="1")
    page.goto(f"{messenger.url}/conversations")
    open_row(page, shown(number))
    page.get_by_label("Your message").fill("It did")
    page.keyboard.press("Control+Enter")
    failed = page.locator("#tl .m.out.fail")
    expect(failed).to_contain_text("Not delivered")
    expect(failed).to_contain_text("The simulated phone is switched off.")
    expect(row(page, shown(number)).locator(".cr-prev .red")).to_be_visible()

    messenger.turn_dials(page)
    failed.get_by_role("button", name="Retry").click()
    expect(page.locator("#tl .m.out").last).to_contain_text("Delivered")
    expect(page.locator("#tl .m.out")).to_have_count(2)


def test_from_says_why_and_another_sender_can_be_chosen(messenger: Messenger, page: Page) -> None:
    number = "+14155550309"
    messenger.text("Which number is this?", number)
    messenger.enter(page)
    open_row(page, shown(number))
    page.locator("#composer .from").click()
    chosen = page.locator("#m-from .mi[aria-pressed=true]")
    expect(chosen).to_contain_text("Last used")
    expect(chosen).to_contain_text("a part")
    page.locator("#m-from .mi[aria-pressed=false][data-label=News]").click()
    expect(page.locator("[data-from-l]")).to_have_text("News")
    page.get_by_label("Your message").fill("Ours, another one")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tl .m.out .meta")).to_contain_text("News")
