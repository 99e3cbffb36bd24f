"""The people one writes with: found, saved, described, merged and parted, asked for consent, and erased."""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CheckAccess, NewPage, Screenshot
from tests.e2e.messenger import Messenger, held_back, live, open_row, shown
from tests.support.browser import Faults

HOSTILE = '<img src=x onerror="alert(1)"> "Zoë" & \u202egpj'
ONE, TWO, THREE = "+14155570301", "+14155570302", "+14155570303"


def find(page: Page, q: str) -> None:
    """Types into the search of the list."""
    page.get_by_role("searchbox", name="Search contacts").fill(q)


def contact(page: Page, messenger: Messenger, number: str) -> None:
    """Goes to the page of whoever has that number, by the list."""
    page.goto(f"{messenger.url}/contacts")
    find(page, number[-7:])
    expect(page.locator("#book tbody tr")).to_have_count(1)
    page.locator("#book .book-a").click()
    expect(page.locator("#card h1")).to_be_visible()


def before_the_script(page: Page, messenger: Messenger) -> None:
    """On a slow line the page is there before its script: what is pressed opens, and what is typed is found."""
    let_through = held_back(page, "**/app.js", parts=True)
    page.goto(f"{messenger.url}/contacts", wait_until="commit")
    page.get_by_role("button", name="New contact").click()
    expect(page.get_by_role("dialog", name="New contact")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    find(page, "nobody of that name")
    let_through()
    expect(page.get_by_text("No contact matches")).to_be_visible()
    page.close()


def write_beside(page: Page) -> None:
    """What is typed beside the form that was sent, and while it is on its way, is still there when the card is new."""
    note, written = page.get_by_label("New note on the contact"), page.locator(".note p")
    note.fill("Prefers texts")
    page.get_by_label("Number or e-mail address").fill("Zoe@Home.example")
    page.locator("#na-l").fill("Private")
    let_through = held_back(page, re.compile(r"/contacts/\w+/"))
    page.get_by_role("button", name="Add", exact=True).click()
    note.press("End")
    page.keyboard.type("\nto calls")
    page.get_by_role("button", name="Save note").click()
    let_through()
    expect(page.locator(".addr")).to_have_count(2)
    expect(page.get_by_label("Number or e-mail address")).to_have_value("")
    expect(note).to_have_value("Prefers texts\nto calls")
    let_through()
    expect(written).to_have_text("Prefers texts\nto calls")
    expect(note).to_have_value("")
    page.unroute_all()


def test_a_stranger_becomes_somebody_one_knows(
    messenger: Messenger, page: Page, axe: CheckAccess, screenshot: Screenshot
) -> None:
    messenger.text("Do you deliver?", ONE)
    messenger.enter(page, path="/contacts")
    live(page)
    axe(page)
    before_the_script(page.context.new_page(), messenger)
    contact(page, messenger, ONE)
    expect(page).to_have_title(f"{shown(ONE)} · Onethread")
    expect(page.locator("#card")).to_contain_text("Not in your contacts")
    axe(page)

    page.get_by_label("Name", exact=True).fill(HOSTILE)
    page.get_by_label("Time zone").fill("Asia/Kathmandu")
    page.get_by_label("What to know about them").fill("Works nights")
    page.get_by_role("button", name="Save contact").click()
    expect(page.locator("#card h1")).to_have_text(HOSTILE)
    expect(page.locator("#card")).to_contain_text("where they are")
    expect(page.locator("img[src=x]")).to_have_count(0)

    write_beside(page)
    expect(page.get_by_label("Label of zoe@home.example", exact=True)).to_have_value("Private")
    page.get_by_label("Label of zoe@home.example", exact=True).fill("Home")
    page.get_by_role("button", name="Save the label of zoe@home.example").click()
    expect(page.locator("#toasts")).to_contain_text("Label saved")
    page.reload()
    expect(page.get_by_label("Label of zoe@home.example", exact=True)).to_have_value("Home")
    page.get_by_role("button", name="Remove zoe@home.example").click()
    expect(page.locator(".addr")).to_have_count(1)

    page.get_by_label("New field").fill("tier")
    page.get_by_label("Value", exact=True).fill("gold")
    page.get_by_role("button", name="Save fields").click()
    expect(page.get_by_label("Value of field 1")).to_have_value("gold")
    activity = page.locator(".act")
    noted = activity.filter(has_text="Ana Reyes added a note on the contact")
    expect(noted.locator("time")).to_have_text(re.compile(r"(Today|Yesterday) \d\d:\d\d"))
    expect(activity.filter(has_text="sent a text to Front desk")).to_have_count(1)
    axe(page)
    screenshot(page, "contact")

    page.get_by_role("link", name="Write").click()
    expect(page.locator("#tl")).to_contain_text("Do you deliver?")
    live(page)
    for tab, words in (
        ("Activity", "sent a text to"),
        ("Notes", "Prefers texts"),
        ("Consent", "signed up for nothing"),
    ):
        page.get_by_role("tab", name=tab).click()
        expect(page.locator("#side")).to_contain_text(words)
        axe(page, "#side")
    page.get_by_role("tab", name="Details").click()
    expect(page.locator("#sp-details .dl")).to_have_text(re.compile("tier.*gold"))


def test_consent_has_its_proof(messenger: Messenger, page: Page, axe: CheckAccess, faults: Faults) -> None:
    messenger.text("Hello", TWO)
    messenger.enter(page)
    contact(page, messenger, TWO)
    page.get_by_label("Their words, and where they said so").fill("No more offers, on the phone")
    page.get_by_role("button", name="Unsubscribe").click()
    proof = page.locator("#card .tbl tbody tr")
    expect(proof).to_have_count(1)
    expect(proof).to_contain_text("Opted out: Campaigns and offers")
    expect(proof).to_contain_text("No more offers, on the phone")
    expect(proof).to_contain_text("Recorded by the team")
    page.get_by_label("For", exact=True).select_option(label="Campaigns and offers")
    page.get_by_role("button", name="Subscribe", exact=True).click()
    expect(proof).to_have_count(2)
    expect(proof.last).to_contain_text("Replaced since")

    messenger.text("STOP", TWO)
    page.reload()
    expect(page.locator(".callout-red")).to_contain_text(re.compile("Opted out (Today|Yesterday)"))
    expect(proof.first).to_contain_text("STOP")
    expect(proof.first).to_contain_text("Said by the contact")
    axe(page)
    faults.expect("status of 409 .*/subscribe")
    page.get_by_role("button", name="Subscribe", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Only they can start it again")
    page.goto(f"{messenger.url}/conversations?view=open")
    open_row(page, shown(TWO))
    page.get_by_role("tab", name="Consent").click()
    expect(page.locator("#sp-consent")).to_contain_text("STOP")
    expect(page.locator("#sp-consent")).to_contain_text(re.compile("said by the contact, (Today|Yesterday)"))


def test_words_that_may_be_a_stop_are_asked_about(
    messenger: Messenger, page: Page, new_page: NewPage, axe: CheckAccess, faults: Faults, screenshot: Screenshot
) -> None:
    """The banner comes live, is worked by keyboard, and goes for everybody once somebody decided."""
    messenger.text("Where is my parcel?", THREE)
    messenger.enter(page)
    page.goto(f"{messenger.url}/conversations?view=open")
    live(page)
    open_row(page, shown(THREE))
    ask = page.locator(".strip-ask")
    expect(ask).to_have_count(0)
    messenger.text("Leave me alone <b>please</b>", THREE)
    expect(ask).to_contain_text("Do they want no more messages?")
    expect(ask.locator("q")).to_have_text("Leave me alone <b>please</b>")
    expect(page.locator("#tl")).to_contain_text("What goes out by itself waits")
    axe(page)
    screenshot(page, "may-be-a-stop")
    there = page.url
    other = new_page()
    messenger.enter(other, "Tom Becker")
    other.goto(there)
    live(other)
    expect(other.locator(".strip-ask")).to_have_count(1)

    ask.get_by_role("button", name="Keep").focus()
    page.keyboard.press("Enter")
    expect(ask).to_have_count(0)
    expect(other.locator(".strip-ask")).to_have_count(0)
    expect(page.locator("#tl")).to_contain_text("Ana Reyes decided: this was no opt-out")
    messenger.text("no more messages", THREE)
    expect(ask).to_have_count(1)
    ask.get_by_role("button", name="Unsubscribe").click()
    expect(ask).to_have_count(0)
    expect(page.locator(".locked")).to_contain_text("wants no messages: “no more messages”")
    expect(page.locator("#tl")).to_contain_text("Ana Reyes decided: this was an opt-out")
    contact(page, messenger, THREE)
    proof = page.locator("#card .tbl tbody tr")
    expect(proof).to_have_count(2)
    expect(proof.first).to_contain_text("no more messages")
    expect(proof.first).to_contain_text("Opted out: Everything")
    expect(proof.last).to_contain_text("No opt-out, it was decided")
    axe(page)


def test_two_contacts_are_one_and_two_again(messenger: Messenger, page: Page, axe: CheckAccess) -> None:
    old, new = "+14155570311", "+14155570312"
    for number, words in ((old, "From my old phone"), (new, "From my new phone")):
        messenger.text(words, number)
    messenger.enter(page)
    contact(page, messenger, old)
    page.get_by_role("link", name="Merge").click()
    page.get_by_role("searchbox", name="The contact who stays").fill(new[-7:])
    expect(page.locator("#found form")).to_have_count(1)
    axe(page)
    page.get_by_role("button", name="Merge into this contact").click()
    expect(page.locator("#card h1")).to_have_text(shown(new))
    expect(page.locator("#card")).to_contain_text("Merged into this contact")
    expect(page.locator(".act").filter(has_text="sent a text")).to_have_count(2)
    axe(page)
    page.goto(f"{messenger.url}/contacts?q={old[-7:]}")
    expect(page.locator("#book tbody tr")).to_have_count(1)
    expect(page.locator("#book tbody tr")).to_contain_text(shown(new))
    page.locator("#book .book-a").click()
    page.get_by_role("link", name=shown(old)).click()
    expect(page.locator(".callout-amber")).to_contain_text("was merged into another")
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.locator("#card h1")).to_have_text(shown(old))
    expect(page.locator(".callout-amber")).to_have_count(0)
    expect(page.locator(".act").filter(has_text="sent a text")).to_have_count(1)


def test_taken_out_and_erased(
    messenger: Messenger, page: Page, new_page: NewPage, axe: CheckAccess, faults: Faults, tmp_path: Path
) -> None:
    number = "+14155570321"
    messenger.text("My secret is out", number)
    messenger.enter(page)
    contact(page, messenger, number)
    address = page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    download.value.save_as(tmp_path / "contact.json")
    export = json.loads((tmp_path / "contact.json").read_text())
    assert "My secret is out" in [one["message"]["body"] for one in export["entries"] if one["message"]]

    faults.expect("status of 404 .*/contacts/")
    faults.expect("status of 422 .*/erase")
    faults.expect("status of 403 .*/erase")
    tom = new_page(width=390, height=844, dark=True)
    messenger.enter(tom, "Tom Becker", path="/contacts")
    axe(tom)
    tom.goto(address)
    expect(tom.locator("#card h1")).to_have_text(shown(number))
    axe(tom)
    assert tom.evaluate("document.documentElement.scrollWidth") <= 390
    expect(tom.get_by_role("link", name="Erase")).to_have_count(0)
    tom.goto(f"{address}/erase")
    expect(tom.get_by_role("heading", name="Not allowed").last).to_be_visible()

    page.get_by_role("link", name="Erase").click()
    expect(page.locator(".callout-red")).to_contain_text("1 message")
    axe(page)
    page.get_by_label("To go on, type").fill("somebody else")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("nothing was erased")).to_be_visible()
    page.goto(f"{address}/erase")
    page.get_by_label("To go on, type").fill("+1 (415) 557 0321".replace("(", "").replace(")", ""))
    page.get_by_role("button", name="Erase for good").click()
    expect(page).to_have_url(f"{messenger.url}/contacts")
    tom.goto(address)
    expect(tom.get_by_role("heading", name="Not found, or not yours to see").last).to_be_visible()
    find(page, number[-7:])
    expect(page.get_by_text("No contact matches")).to_be_visible()


def test_the_list_without_script_and_by_hand(messenger: Messenger, page: Page, new_page: NewPage) -> None:
    messenger.enter(page, path="/contacts")
    page.get_by_role("button", name="New contact").click()
    page.get_by_label("Name", exact=True).fill("Bea Quiet")
    page.get_by_label("Number or e-mail address").fill("+1 415 555 0331")
    page.get_by_role("button", name="Save contact").dblclick()  # some people do, and mean one
    expect(page.locator("#card h1")).to_have_text("Bea Quiet")
    plain = new_page(script=False)
    messenger.enter(plain, path="/contacts")
    plain.get_by_role("searchbox").fill("quiet")
    plain.get_by_role("searchbox").press("Enter")
    plain.get_by_role("link", name="Saved", exact=True).click()
    expect(plain).to_have_url(re.compile("q=quiet&saved=yes"))
    plain.get_by_role("link", name="Bea Quiet").click()
    plain.get_by_label("New note on the contact").fill("Never calls back")
    plain.get_by_role("button", name="Save note").click()
    expect(plain.locator(".note p")).to_have_text("Never calls back")
    expect(plain.get_by_role("link", name="Write")).to_have_attribute("href", "/new?to=%2B14155550331")
