"""Writing with everything at hand: files, kept words, merge fields, other times, tests, mentions."""

import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import CheckAccess, NewPage, Screenshot
from tests.e2e.messenger import Messenger, ask, live, open_row, row, shown
from tests.support.browser import Faults

DROP = """(box, [name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
  const how = { dataTransfer: data, bubbles: true, cancelable: true };
  for (const type of ['dragover', 'drop']) box.dispatchEvent(new DragEvent(type, how));
}"""
PASTE = """(box, [name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
  box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def picture(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "PNG")
    return out.getvalue()


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_files_go_along_by_every_way(
    messenger: Messenger, page: Page, faults: Faults, axe: CheckAccess, screenshot: Screenshot
) -> None:
    number = "+14155550321"
    messenger.text("Show me", number)
    messenger.enter(page)
    open_row(page, shown(number))
    box, thumbs = page.get_by_label("Your message"), page.locator("#composer .thumb[data-media]")
    page.get_by_role("button", name="Attach picture or file").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="From this device").click()
    chooser.value.set_files([file("lamp.png", picture("red"))])
    expect(thumbs).to_have_count(1)
    box.evaluate(DROP, ["dropped.png", list(picture("blue"))])
    expect(thumbs).to_have_count(2)
    box.evaluate(PASTE, ["pasted.png", list(picture("green"))])
    expect(thumbs).to_have_count(3)
    expect(page.locator("#ctr")).to_contain_text("MMS")
    screenshot(page, "composer")
    page.get_by_role("button", name="Remove pasted.png").click()
    expect(thumbs).to_have_count(2)

    page.locator("#from-b").click()
    page.locator("#m-from [data-label=News]").click()
    expect(page.locator("#toasts")).to_contain_text("Remove what is attached first")
    expect(page.locator("[data-from-l]")).to_have_text("Front desk")

    page.get_by_role("button", name="Attach picture or file").click()
    page.get_by_role("button", name="Media library").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add a file").click()
    chooser.value.set_files([file("map.png", picture("yellow"))])
    axe(page, "#dlg-media")
    page.locator("#media-grid .shelf", has_text="map.png").click()
    expect(thumbs).to_have_count(3)

    faults.expect("status of 422")
    page.get_by_role("button", name="Attach picture or file").click()
    page.get_by_role("button", name="From a link").click()
    page.get_by_label("Address of the picture or file").fill("https://127.0.0.1/secret.png")
    page.get_by_role("button", name="Attach", exact=True).click()
    expect(page.locator("#dlg-link [role=alert]")).to_contain_text("not a public address")
    page.keyboard.press("Escape")

    box.fill("Here they are")
    expect(page.locator("#composer")).to_have_attribute("data-saved", re.compile("Here they are"))
    page.reload()
    expect(thumbs).to_have_count(3)
    expect(box).to_have_value("Here they are")
    page.get_by_role("button", name="Send", exact=True).click()
    sent = page.locator("#tl .m.out").last
    expect(sent).to_contain_text("Delivered")
    expect(sent).to_contain_text("MMS")
    expect(sent.locator(".mms img")).to_have_count(3)
    expect(page.locator("#composer .thumb")).to_have_count(0)


def test_pictures_are_seen_large_one_after_the_other(messenger: Messenger, page: Page, axe: CheckAccess) -> None:
    number = "+14155550320"
    messenger.text("Show me", number)
    messenger.enter(page)
    open_row(page, shown(number))
    for name, colour in (("lamp.png", "red"), ("dropped.png", "blue"), ("map.png", "green")):
        page.get_by_label("Your message").evaluate(DROP, [name, list(picture(colour))])
        expect(page.locator("#composer .thumb[data-media]", has_text=name)).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    sent = page.locator("#tl .m.out").last
    expect(sent).to_contain_text("Delivered")
    sent.locator(".mms button").first.click()
    expect(page.locator("[data-zoom-count]")).to_have_text("1 of 3")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-zoom-name]")).to_have_text("dropped.png")
    page.get_by_role("button", name="Previous picture").click()
    expect(page.locator("[data-zoom-name]")).to_have_text("lamp.png")
    page.get_by_role("button", name="Full size").click()
    axe(page, "#dlg-zoom")
    page.keyboard.press("Escape")
    expect(page.locator("#dlg-zoom")).to_be_hidden()

    # The same where a closed conversation is only read.
    page.locator(".thead [popovertarget=m-conv]").click()
    page.locator("#m-conv").get_by_role("button", name="Close for good…").click()
    page.get_by_role("button", name="Yes, close").click()
    expect(row(page, shown(number))).to_be_hidden()
    page.goto(f"{messenger.url}/conversations/table?view=closed")
    live(page)
    page.locator(".tbl [data-open]", has_text=shown(number)).click()
    closed = page.locator("#dlg-closed")
    closed.locator(".mms button").last.click()
    expect(page.locator("[data-zoom-count]")).to_have_text("3 of 3")
    page.keyboard.press("Escape")
    expect(page.locator("#dlg-zoom")).to_be_hidden()
    closed.locator(".m.out .meta a").click()
    expect(page.locator("#dlg-why")).to_contain_text("Why this number?")


def test_kept_words_and_merge_fields(messenger: Messenger, page: Page, faults: Faults, axe: CheckAccess) -> None:
    number = "+14155550322"
    messenger.text("When is it ready?", number)
    messenger.enter(page)
    open_row(page, shown(number))
    ask(page, "POST", "/templates", {"name": "Ready 322", "body": "Hi {{ contact.first_name }}, it is ready"})
    ask(page, "POST", "/quick-replies", {"name": "Hours 322", "body": "We are open 9 to 6"})
    expect(page.locator("#composer [data-merge-w] button")).to_be_disabled()
    page.get_by_role("button", name="Add contact").first.click()
    page.get_by_label("Name", exact=True).fill("Maya Ready")
    page.get_by_role("button", name="Save contact").click()
    expect(page.locator(".thead h2")).to_have_text("Maya Ready")
    box = page.get_by_label("Your message")

    page.locator("#composer .tools").get_by_role("button", name="Templates").click()
    page.get_by_label("Search in Templates").fill("322")
    page.locator("#m-templ .mi", has_text="Ready 322").click()
    expect(box).to_have_value("Hi Maya, it is ready")
    box.fill("It is on the shelf {% of")
    page.locator("#composer .tools").get_by_role("button", name="Templates").click()
    page.get_by_role("button", name="Save this text as a template").click()
    page.get_by_label("What to call it").fill("Shelf 322")
    faults.expect("status of 422")
    page.get_by_role("button", name="Save template").click()
    keep = page.get_by_role("dialog", name="Save as a template")
    expect(keep.get_by_role("alert")).to_contain_text("line 1")
    axe(page)
    page.get_by_label("Its words").fill("It is on the shelf, {{ contact.first_name }}")
    page.get_by_role("button", name="Save template").click()
    expect(page.locator("#toasts")).to_contain_text("Saved as the template “Shelf 322”")
    expect(box).to_have_value("It is on the shelf {% of")
    box.fill("")
    page.locator("#composer .tools").get_by_role("button", name="Templates").click()
    page.locator("#m-templ .mi", has_text="Shelf 322").click()
    expect(box).to_have_value("It is on the shelf, Maya")
    box.fill("")
    box.press("/")
    page.locator("#m-quick .mi", has_text="Hours 322").click()
    expect(box).to_have_value("We are open 9 to 6")
    box.fill("Dear ")
    page.get_by_role("button", name="Merge fields").click()
    page.locator("#m-merge .mi", has_text="contact.first_name").click()
    expect(page.locator("#composer [data-filled] q")).to_have_text("Dear Maya")
    expect(page.locator("#ctr")).to_contain_text("9 / 160")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tl .m.out .bub")).to_have_text("Dear Maya")


def test_other_times_tests_and_completing(messenger: Messenger, page: Page, faults: Faults, axe: CheckAccess) -> None:
    number = "+14155550319"
    messenger.text("When is it ready?", number)
    messenger.enter(page)
    open_row(page, shown(number))
    box = page.get_by_label("Your message")
    box.fill("Until tomorrow")
    page.get_by_role("button", name="More ways to send").click()
    axe(page)
    page.get_by_role("button", name="Tomorrow morning").click()
    waiting = page.locator("#tl .m.out").last
    expect(waiting).to_contain_text("09:00")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(waiting).to_contain_text("Cancelled")
    expect(box).to_have_value("Until tomorrow")
    page.get_by_role("button", name="More ways to send").click()
    page.get_by_role("button", name="Tomorrow morning").click()
    expect(waiting).to_contain_text("Change…")
    waiting.get_by_role("link", name="Change…").click()
    page.get_by_label("Message", exact=True).fill("Until tomorrow, then")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(waiting.locator(".bub")).to_have_text("Until tomorrow, then")
    expect(page.locator("#tl")).to_contain_text("Ana Reyes changed a scheduled message")
    waiting.get_by_role("button", name="Cancel").click()
    expect(waiting).to_contain_text("Cancelled")

    faults.expect("status of 422")
    box.fill("Only a test")
    page.locator(".thead [popovertarget=m-conv]").click()
    page.locator("#m-conv").get_by_role("button", name="Send a test…").click()
    page.get_by_label("Send to").fill("+1415")
    page.get_by_role("button", name="Send test").click()
    expect(page.locator("#dlg-test [role=alert]")).to_contain_text("not a possible phone number")
    page.get_by_label("Send to").fill("+14155550398")
    page.get_by_role("button", name="Send test").click()
    expect(page.locator("#toasts")).to_contain_text("Two messages are on their way to +1 415 555 0398")
    expect(box).to_have_value("Only a test")
    contact = ask(page, "GET", "/contacts?q=4155550398")["items"][0]
    thread = ask(page, "PUT", "/threads/by-address/phone/+14155550398")
    assert (thread["contact_id"], thread["conversation_id"]) == (contact["id"], None)
    said = ask(page, "GET", f"/threads/{thread['id']}/entries")["items"]
    assert [(one["message"]["nature"], one["message"]["body"]) for one in said] == [
        ("test", "The next text is a test of a message. No answer is needed."),
        ("test", "Only a test"),
    ]

    page.get_by_role("button", name="More ways to send").click()
    page.get_by_role("button", name="Send and complete").click()
    expect(page.locator("#tl")).to_contain_text("Ana Reyes completed this conversation")
    expect(page.get_by_role("button", name="Reopen").first).to_be_visible()


def test_a_note_names_a_colleague_who_is_told_at_once(messenger: Messenger, new_page: NewPage) -> None:
    number = "+14155550323"
    messenger.text("Who can help?", number)
    ana, tom = new_page(), new_page()
    messenger.enter(tom, "Tom Becker")
    live(tom)
    messenger.enter(ana)
    open_row(ana, shown(number))
    ana.locator("#scroll").focus()
    ana.keyboard.press("n")
    ana.keyboard.type("Ask @be")
    expect(ana.locator("#m-mention [aria-selected=true]")).to_have_text("Tom Becker")
    ana.keyboard.press("Enter")
    ana.keyboard.type("please")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("#tl .note .mention")).to_have_text("@Tom Becker")
    expect(tom.locator("#toasts")).to_contain_text("You were mentioned in a note")
    tom.locator("#toasts").get_by_role("button", name="Show", exact=True).click()
    expect(tom.locator("#tl .note")).to_contain_text("Ask @Tom Becker please")


def test_the_event_filter_holds_from_thread_to_thread_and_other_senders_are_dimmed(
    messenger: Messenger, page: Page
) -> None:
    number, other = "+14155550324", "+14155550325"
    messenger.text("One", number)
    messenger.text("Two", other)
    messenger.enter(page)
    open_row(page, shown(number))
    page.get_by_role("button", name="Event filter").click()
    page.get_by_role("button", name="Opened", exact=True).click()
    page.keyboard.press("Escape")
    expect(page.locator("#tl .k-opened").first).to_be_hidden()
    open_row(page, shown(other))
    expect(page.locator(".thead h2")).to_have_text(shown(other))
    expect(page.locator("#tl .k-opened").first).to_be_hidden()
    expect(page.locator("#tl .k-in").first).to_be_visible()

    page.locator("#from-b").click()
    page.locator("#m-from [data-label=News]").click()
    page.get_by_label("Your message").fill("From the other number")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tl .m.out")).to_contain_text("Delivered")
    sender = next(one for one in ask(page, "GET", "/senders")["items"] if one["label"] == "Front desk")
    page.goto(f"{page.url.partition('?')[0]}?view=all&sender={sender['id']}")
    expect(page.locator("#tl .m.out.dim")).to_have_count(1)
    expect(page.locator("#tl .m.inc.dim")).to_have_count(0)


def test_a_new_conversation_with_everything_at_hand(
    messenger: Messenger, page: Page, axe: CheckAccess, screenshot: Screenshot
) -> None:
    number = "+14155550327"
    messenger.text("Hello", number)
    messenger.enter(page)
    open_row(page, shown(number))
    page.get_by_role("button", name="Add contact").first.click()
    page.get_by_label("Name", exact=True).fill("Nora Newman")
    page.get_by_role("button", name="Save contact").click()
    expect(page.locator(".thead h2")).to_have_text("Nora Newman")
    done = str(page.locator("#pane .thread").get_attribute("data-conversation"))
    ask(page, "POST", f"/conversations/{done}/complete")
    page.locator("#scroll").focus()
    page.keyboard.press("c")
    page.get_by_label("To", exact=True).fill("nora")
    page.locator("#nc-to-l .mi").first.click()
    expect(page.locator("#nc-to-h")).to_contain_text(f"Nora Newman, {shown(number)}")
    expect(page.locator("#nc-open")).to_contain_text("There is already a conversation")
    page.get_by_role("link", name="Reopen chat").click()
    expect(page.locator("#tl")).to_contain_text("Ana Reyes brought this conversation back")
    live(page)
    page.locator("#scroll").focus()
    page.keyboard.press("c")
    page.get_by_label("To", exact=True).fill("nora")
    page.locator("#nc-to-l .mi").first.click()
    expect(page.get_by_role("link", name="Open chat")).to_be_visible()
    expect(page.locator("#nc-can")).to_contain_text("Last used")
    page.locator("#new-form").get_by_role("button", name="Merge fields").click()
    page.locator("#n-merge .mi", has_text="contact.first_name").click()
    expect(page.locator("#new-form [data-filled] q")).to_have_text("Nora")
    page.locator("#nc-body").evaluate(DROP, ["new.png", list(picture("red"))])
    expect(page.locator("#new-form .thumb[data-media]")).to_have_count(1)
    axe(page, "#dlg-new")
    screenshot(page, "new-conversation")
    page.get_by_role("button", name="Send message").click()
    expect(page.locator(".thead h2")).to_have_text("Nora Newman")
    expect(page.locator("#tl .m.out .bub")).to_have_text("Nora")
    expect(page.locator("#tl .m.out .mms img")).to_have_count(1)

    page.locator("#scroll").focus()
    page.keyboard.press("c")
    page.get_by_label("To", exact=True).fill("+14155550328")
    page.locator("#nc-body").fill("Good morning")
    expect(page.locator("#nc-to-h")).to_contain_text("+1 415 555 0328")
    page.locator("#new-form").get_by_role("button", name="More ways to send").click()
    page.locator("#n-send").get_by_role("button", name="Tomorrow morning").click()
    expect(page.locator(".thead h2")).to_have_text("+1 415 555 0328")
    expect(page.locator("#tl .m.out")).to_contain_text("09:00")
