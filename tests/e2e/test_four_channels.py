"""One contact over SMPP, Twilio's MMS and e-mail: one thread, each answer from the sender that was chosen for it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from plugins.sms_twilio.tests.twilio import DESK as PICTURE_LINE
from tests.conftest import Serve
from tests.e2e.beside import CONTACT, DESK
from tests.e2e.conftest import CheckAccess, NewPage, Screenshot
from tests.e2e.four_channels import HELP_DESK, MAYA_MAIL, Channels
from tests.e2e.messenger import link_of, live, open_row, row, sign_up

MAYA = "Maya Okafor"
TALL = 1100  # pixels: the whole thread on one picture


@pytest.fixture
def channels(browser: Browser) -> Iterator[Channels]:
    running = Channels(browser)
    yield running
    running.stop()


def choose(page: Page, sender: str) -> None:
    """Another From."""
    page.locator("button.from").click()
    page.locator("#m-from").get_by_role("button", name=sender).click()
    expect(page.locator("[data-from-l]")).to_have_text(sender)


def answer(page: Page, sender: str, body: str) -> Locator:
    """The line of an answer, once it was sent from `sender`."""
    page.get_by_label("Your message").fill(body)
    page.get_by_role("button", name="Send", exact=True).click()
    line = page.locator("#tl .m.out").filter(has_text=body)
    expect(line).to_contain_text("Sent")
    expect(line.locator(".meta")).to_contain_text(sender)
    return line


def over_smpp(page: Page, channels: Channels) -> None:
    """A text, and an answer from where it came to."""
    channels.centre.deliver("Hi, is the green table lamp back in stock?")
    expect(row(page, MAYA)).to_contain_text("green table lamp")
    open_row(page, MAYA)
    live(page)
    page.evaluate("document.body.dataset.since = 'before the answers'")
    said = answer(page, "Main line", "It is, we have three of them.")
    submitted = channels.centre.said("submit_sm")
    assert (submitted["source"], submitted["destination"]) == (DESK, CONTACT)
    channels.centre.report("DELIVRD")
    expect(said).to_contain_text("Delivered")


def over_twilio(page: Page, channels: Channels) -> Locator:
    """A picture, shown as soon as it was fetched; From follows the contact to the other number."""
    channels.send_picture("Then I would like to swap mine. It came with a crack.")
    asked = page.locator("#tl .m.inc").filter(has_text="a crack")
    expect(asked).to_contain_text("MMS")
    picture = asked.get_by_role("img", name="Picture")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 480)
    expect(page.locator("[data-from-l]")).to_have_text("Returns line")
    choose(page, "Returns line")
    said = answer(page, "Returns line", "Sorry about that! A new one is on its way.")
    made = channels.twilio.messages[-1]
    assert (made["from"], made["to"]) == (PICTURE_LINE, f"+{CONTACT}")
    channels.report("sent", "delivered")
    expect(said).to_contain_text("Delivered")
    return said


def over_email(page: Page, channels: Channels) -> None:
    """A mail with a file, and an answer that belongs to it for every mail program."""
    subject = "Receipt for the lamp"
    channels.mail(subject, "Here is the receipt you need.", "<2@customer.example>", "<1@customer.example>")
    letter = page.locator("#tl .m.inc").filter(has_text="the receipt you need")
    expect(letter).to_contain_text(subject)
    expect(letter).to_contain_text("Email")
    expect(letter.get_by_role("link", name="receipt.pdf")).to_be_visible()
    choose(page, "Help desk")
    expect(answer(page, "Help desk", "Thank you, that is all we need.")).to_contain_text(f"Re: {subject}")
    [reply] = channels.mails()
    assert reply["From"] == f"The Lamp Shop <{HELP_DESK}>"
    assert reply["To"] == MAYA_MAIL
    assert reply["Subject"] == f"Re: {subject}"
    assert reply["In-Reply-To"] == "<2@customer.example>"
    assert reply["References"] == "<1@customer.example> <2@customer.example>"


def test_a_thread_flows_over_four_channels(
    serve: Serve, page: Page, new_page: NewPage, channels: Channels, axe: CheckAccess, screenshot: Screenshot
) -> None:
    server = serve(env={"ONETHREAD_ALLOW_HOSTS": "127.0.0.1,localhost"})
    page.set_viewport_size({"width": 1280, "height": TALL})
    sign_up(page, link_of(server))
    channels.connect(server, page)
    over_smpp(page, channels)
    by_twilio = over_twilio(page, channels)
    over_email(page, channels)
    choose(page, "Main line")
    answer(page, "Main line", "Your new lamp left this morning.")

    expect(page.locator("#tl .m")).to_have_count(7)
    expect(page.locator("#rows .cr")).to_have_count(1)
    expect(page.locator("body")).to_have_attribute("data-since", "before the answers")  # nobody loaded the page again
    expect(page.locator("#toasts .toast")).to_have_count(0)
    axe(page)
    screenshot(page, "four-channels")

    by_twilio.locator(".meta a").first.click()
    why = page.get_by_role("dialog", name="Why this number?")
    expect(why).to_contain_text("through Twilio")
    expect(why).to_contain_text("Chosen for this message")
    axe(page, "#dlg-why")
    screenshot(page, "four-channels-why")
    page.keyboard.press("Escape")

    for name, width, dark in (("four-channels-dark", 1280, True), ("four-channels-telephone", 390, False)):
        other = new_page(width=width, height=TALL, dark=dark)
        other.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        other.goto(page.url)
        live(other)
        expect(other.locator("#tl .m")).to_have_count(7)
        assert other.evaluate("document.documentElement.scrollWidth") <= width
        axe(other)
        screenshot(other, name)
