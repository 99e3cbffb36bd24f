"""What failed is sent again, once; what may have left is decided by a person."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from playwright.sync_api import Page, expect

from tests.conftest import Serve
from tests.e2e.conftest import CheckAccess, NewPage
from tests.e2e.messenger import Messenger, ask, link_of, open_row, shown, sign_up


def test_a_retry_is_offered_once_and_from_another_number(messenger: Messenger, new_page: NewPage) -> None:
    number = "+14155550326"
    messenger.text("Did it arrive?", number)
    page, second = new_page(), new_page()
    messenger.enter(page, path="/phone")
    messenger.turn_dials(page, fail_rate="1")
    page.goto(f"{messenger.url}/conversations")
    open_row(page, shown(number))
    page.get_by_label("Your message").fill("It did")
    page.keyboard.press("Control+Enter")
    failed = page.locator("#tl .m.out.fail").first
    expect(failed).to_contain_text("Not delivered")
    messenger.enter(second, path=page.url.removeprefix(messenger.url))
    expect(second.locator("#tl .m.out.fail").first.get_by_role("button", name="Retry")).to_be_visible()
    messenger.turn_dials(page)
    failed.get_by_role("button", name="Another sender…").click()
    page.locator("#m-retry .mi", has_text="News").click()
    expect(page.locator("#tl .m.out").last).to_contain_text("Delivered")
    expect(page.locator("#tl .m.out").last).to_contain_text("News")
    for one in (page, second):
        expect(one.locator("#tl .m.out.fail")).to_contain_text("Sent again")
        expect(one.locator("#tl .m.out.fail").get_by_role("button", name="Retry")).to_have_count(0)
        expect(one.locator("#tl .m.out")).to_have_count(2)


@contextmanager
def silent_provider() -> Iterator[str]:
    """Takes a message and hangs up without an answer: nobody knows whether it was sent."""

    class Silent(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.close_connection = True

        def log_request(self, *_: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/send"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_what_may_have_left_is_decided_on_the_page(serve: Serve, page: Page, axe: CheckAccess) -> None:
    with silent_provider() as url:
        server = serve(env={"ONETHREAD_ALLOW_HOSTS": "127.0.0.1"})
        sign_up(page, link_of(server))
        made = ask(page, "POST", "/gateways", {"plugin": "http", "name": "Silent", "settings": {"send_url": url}})
        value = "+14155550190"
        ask(page, "POST", "/senders", {"kind": "long_code", "value": value, "gateway_ids": [made["id"]]})
        for body in ("First", "Second", "Third"):
            ask(page, "POST", "/messages", {"to": "+14155550329", "from": value, "body": body})
        open_row(page, "+1 415 555 0329")
        lines = page.locator("#tl .m.out")
        for index, (choice, outcome) in enumerate(
            [("Mark as sent", "Sent"), ("Mark as failed", "Not delivered"), ("Send again", "Not delivered")]
        ):
            expect(lines.nth(index)).to_contain_text("Not sure it left")
            lines.nth(index).get_by_role("link", name="Decide…").click()
            expect(page.get_by_role("heading", name="Did this message leave?")).to_be_visible()
            axe(page, "#dlg-why")
            columns = page.locator("#dlg-why .dlg-b").evaluate("box => getComputedStyle(box).gridTemplateColumns")
            assert " " not in columns, "the choices stand below the question, as wide as it"
            page.get_by_role("radio", name=re.compile(f"^{choice}")).check()
            page.get_by_role("button", name="Decide", exact=True).click()
            expect(lines.nth(index)).to_contain_text(outcome)
        expect(lines).to_have_count(4)
        expect(lines.nth(1)).to_contain_text(re.compile(r"Marked as failed by hand\.\s*Retry"))
        expect(lines.nth(2)).to_contain_text("Sent again")
        expect(lines.nth(1).get_by_role("button", name="Retry")).to_be_visible()
        expect(page.locator("#tl")).to_contain_text("Ana Reyes marked a message as sent")
        expect(page.locator("#tl")).to_contain_text("sent a message again that may have arrived")
