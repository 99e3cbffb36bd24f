"""An SMS from a real message centre is answered from the page, and the page sees it delivered."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, Page, expect

from plugins.sms_smpp.tests.centre import NODE, Centre
from tests.conftest import Serve
from tests.e2e.conftest import CheckAccess
from tests.e2e.messenger import link_of, live, open_row, row, sign_up
from tests.stories.outside import make_token
from tests.support.gateway import RunningGateway

DESK = "14155550132"
CONTACT = "14155550148"
CONTACT_SHOWN = "+1 415 555 0148"
T = TypeVar("T")


class Beside:
    """An event loop in a thread of its own: Playwright's pages and a centre's process can't share one."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="centre", daemon=True)
        self._thread.start()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        done: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(30)

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Provider:
    """A message centre that sends a receipt when it is told to, and the gateway bound to it."""

    def __init__(self) -> None:
        self._beside = Beside()
        self._centre = self._beside.wait(Centre.start(NODE, {"PASSWORD": "secret", "RECEIPT": "none"}))

    @property
    def settings(self) -> dict[str, Any]:
        return {"host": "127.0.0.1", "port": self._centre.port, "system_id": "shop", "password": "secret"}

    def said(self, event: str) -> dict[str, Any]:
        return self._beside.wait(self._centre.said(event))[0]

    def deliver(self, body: str, **facts: Any) -> None:
        """A deliver_sm from the contact to the desk."""
        self._beside.wait(
            self._tell({"source_addr": CONTACT, "destination_addr": DESK, "short_message": body, **facts})
        )

    async def _tell(self, facts: dict[str, Any]) -> None:
        self._centre.tell("deliver", **facts)

    def report(self, state: str) -> None:
        """The receipt of the first message it took."""
        text = f"id:123 sub:001 dlvrd:001 submit date:2611211030 done date:2611211031 stat:{state} err:000 text:"
        self.deliver(text, esm_class=4)

    def stop(self) -> None:
        self._beside.wait(self._centre.stop())
        self._beside.end()


@pytest.fixture
def provider(browser: Browser) -> Iterator[Provider]:
    running = Provider()
    yield running
    running.stop()


def connect(server: RunningGateway, page: Page, provider: Provider) -> None:
    """A gateway bound to the centre, with a number of the business."""
    headers = {"Authorization": f"Bearer {make_token(server.data)}"}

    def post(path: str, body: dict[str, Any]) -> Any:
        answer = page.context.request.post(f"{server.url}/api/v1{path}", headers=headers, data=body)
        assert answer.ok, answer.text()
        return answer.json()

    gateway = post("/gateways", {"plugin": "sms_smpp", "name": "Centre", "settings": provider.settings})
    post("/senders", {"kind": "long_code", "value": f"+{DESK}", "gateway_ids": [gateway["id"]]})
    provider.said("bind_transceiver")


def test_an_sms_is_answered_from_the_page_and_seen_delivered(
    serve: Serve, page: Page, provider: Provider, axe: CheckAccess
) -> None:
    server = serve(env={"ONETHREAD_ALLOW_HOSTS": "127.0.0.1"})
    sign_up(page, link_of(server))
    connect(server, page, provider)

    provider.deliver("Is the lamp back?")
    assert provider.said("deliver_sm_resp")["status"] == 0
    expect(row(page, CONTACT_SHOWN)).to_contain_text("Is the lamp back?")
    open_row(page, CONTACT_SHOWN)
    expect(page.locator("#tl .m.inc .bub")).to_have_text("Is the lamp back?")
    live(page)
    page.evaluate("document.body.dataset.since = 'before the answer'")

    page.get_by_label("Your message").fill("Yes, we have three.")
    page.get_by_role("button", name="Send", exact=True).click()
    submitted = provider.said("submit_sm")
    assert (submitted["source"], submitted["destination"]) == (DESK, CONTACT)
    assert submitted["text"] == "Yes, we have three."
    answer = page.locator("#tl .m.out")
    expect(answer).to_contain_text("Sent")
    expect(answer).not_to_contain_text("Delivered")

    provider.report("DELIVRD")
    expect(answer).to_contain_text("Delivered")
    expect(answer).to_have_count(1)
    expect(page.locator("body")).to_have_attribute("data-since", "before the answer")  # nobody loaded the page again
    axe(page)
