"""An SMS from a real message centre is answered from the page, and the page sees it delivered."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Serve
from tests.e2e.beside import CONTACT, DESK, Provider
from tests.e2e.conftest import CheckAccess
from tests.e2e.messenger import link_of, live, open_row, row, sign_up
from tests.stories.outside import make_token
from tests.support.gateway import RunningGateway

CONTACT_SHOWN = "+1 415 555 0148"


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
