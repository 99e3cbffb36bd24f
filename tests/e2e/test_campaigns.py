"""A supervisor sends a campaign: writes it, looks at it, tries it, starts, stops and resumes it, and gets an answer."""

import csv
import io
import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CheckAccess, NewPage, Screenshot
from tests.e2e.messenger import Messenger, live, open_row
from tests.support.browser import Faults

NUMBERS = [f"+141555829{n:02}" for n in range(12)]
FIGURE = "() => Number(document.querySelector('#campaign-state .kpi:nth-child(%s) dd')?.firstChild.textContent)"


def api(page: Page, messenger: Messenger, method: str, path: str, data: Any = None) -> Any:
    """The API, as the page's own session."""
    token = page.locator("meta[name=csrf]").get_attribute("content") or ""
    answer = page.request.fetch(
        f"{messenger.url}/api/v1{path}", method=method, data=data, headers={"X-CSRF-Token": token}
    )
    assert answer.ok, answer.text()
    return answer.json() if answer.text() else None


def prepared(page: Page, messenger: Messenger) -> list[str]:
    """A list of twelve, one of whom opted out, and a template."""
    ids = []
    for n, number in enumerate(NUMBERS):
        made = api(page, messenger, "POST", "/contacts", {"name": f"Cora Campaign{n:02}", "addresses": [number]})
        ids.append(made["id"])
    made = api(page, messenger, "POST", "/lists", {"name": "Harbour regulars"})
    api(page, messenger, "POST", f"/lists/{made['id']}/members", {"add": ids})
    body = 'Hi {{ contact.first_name | default: "you" }}, soup is half price on Friday.'
    api(page, messenger, "POST", "/templates", {"name": "Soup", "body": body})
    messenger.text("STOP", NUMBERS[11])
    return ids


def test_a_campaign_from_the_first_word_to_the_last_answer(
    messenger: Messenger, page: Page, faults: Faults, axe: CheckAccess, screenshot: Screenshot
) -> None:
    faults.expect("422")
    messenger.enter(page)
    prepared(page, messenger)
    page.get_by_role("navigation", name="Modules").get_by_role("link", name="Campaigns").click()
    axe(page)
    write(page, axe, screenshot)
    look(page, axe, screenshot)
    campaign = run(page, messenger, axe)
    results(page, messenger, axe, screenshot)
    answer(page, messenger, campaign, screenshot)


def write(page: Page, axe: CheckAccess, screenshot: Screenshot) -> None:
    """The form, with the detours of somebody who does it for the first time."""
    page.get_by_role("link", name="New campaign").click()
    live(page)
    page.get_by_label("Name of the campaign").fill("Soup Friday")
    page.get_by_label("Text", exact=True).fill("Hi {{ contact.nmae }}")
    page.get_by_role("button", name="Review before sending").click()
    expect(page.get_by_role("alert")).to_contain_text("contact has no “nmae”")
    axe(page)
    live(page)
    page.get_by_label("Harbour regulars").check()
    page.get_by_label("Begin with a template").select_option(label="Soup")
    text = page.get_by_label("Text", exact=True)
    expect(text).to_have_value(re.compile("half price"))
    expect(page.locator("#f-count")).to_contain_text("1 part")
    page.get_by_label("Messages a minute").fill("20")  # so that there is time to pause it
    page.get_by_label("Only those known to have agreed").uncheck()
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    live(page)
    expect(page.locator("#letter")).to_contain_text("Hi Cora, soup is half price on Friday.")
    text.press("End")
    text.press_sequentially(" Come along!")
    expect(page.locator("#letter")).to_contain_text("Come along!")
    expect(page.locator("#letter")).to_contain_text("America/")
    axe(page)
    page.get_by_label("As it reaches").select_option(label="Cora Campaign03")
    expect(page.locator("#letter")).to_contain_text("2903")
    page.evaluate("() => document.querySelector('.page').scrollTo(0, 420)")
    screenshot(page, "campaign-form")


def look(page: Page, axe: CheckAccess, screenshot: Screenshot) -> None:
    """Whom it reaches, and a test."""
    page.get_by_role("button", name="Review before sending").click()
    expect(page.get_by_role("heading", name="11 contacts get it")).to_be_visible()
    expect(page.locator("#review")).to_contain_text("Opted out")
    axe(page)
    screenshot(page, "campaign-review")
    page.get_by_label("Number or e-mail address").fill("nobody")
    page.get_by_role("button", name="Send the test").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Number or e-mail address").fill("+14155582999")
    page.get_by_role("button", name="Send the test").click()
    expect(page.get_by_role("status").filter(has_text="on their way")).to_be_visible()


def run(page: Page, messenger: Messenger, axe: CheckAccess) -> str:
    """Started, paused while it runs, a STOP in between, resumed without a pace."""
    page.get_by_role("button", name="Send to 11 contacts").click()
    expect(page.locator("#campaign-state")).to_be_visible()
    live(page)
    page.wait_for_function(FIGURE % 3 + " >= 1")
    campaign = page.url.rpartition("/")[2].partition("?")[0]
    _paused_by_two(page, messenger, campaign)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#campaign-state .st").first).to_have_text("Paused")
    axe(page)
    waiting = api(page, messenger, "GET", f"/campaigns/{campaign}/recipients?state=waiting")["items"]
    assert waiting, "it was paused before its end"
    stopped = api(page, messenger, "GET", f"/contacts/{waiting[0]['contact_id']}")
    messenger.text("STOP", stopped["addresses"][0]["value"])
    live(page)
    page.get_by_label("Messages a minute").fill("")
    page.get_by_role("button", name="Change the pace").click()
    live(page)
    page.get_by_role("button", name="Resume").click()
    live(page)
    expect(page.locator("#campaign-state .st").first).to_have_text("Completed", timeout=60_000)
    expect(page.get_by_role("button", name="Change the pace")).to_be_hidden()  # what is over has no pace, also unloaded
    page.wait_for_function(FIGURE % 4 + " === 10", timeout=60_000)
    found = api(page, messenger, "GET", f"/campaigns/{campaign}")["results"]
    assert (found["sent"], found["skipped"]) == (10, {"recipient-opted-out": 2})
    return campaign


def _paused_by_two(page: Page, messenger: Messenger, campaign: str) -> None:
    """Somebody else was first while one presses Pause: what stands there by then is not pressed."""
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Pause").hover()
    page.mouse.down()
    api(page, messenger, "POST", f"/campaigns/{campaign}/pause")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.mouse.up()
    page.reload()
    live(page)
    assert not [url for url in asked if campaign in url]
    expect(page.locator("#campaign-state .st").first).to_have_text("Paused")
    page.get_by_role("button", name="Resume").click()
    live(page)


def results(page: Page, messenger: Messenger, axe: CheckAccess, screenshot: Screenshot) -> None:
    """Who got it, who did not and why; as CSV; and a copy."""
    page.reload()
    live(page)
    axe(page)
    screenshot(page, "campaign-done")
    page.get_by_role("navigation", name="Which recipients").get_by_role("link", name="Skipped").click()
    expect(page.locator("#recipients tbody tr")).to_have_count(2)
    expect(page.locator("#recipients")).to_contain_text("opted out")
    axe(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Export").click()
    rows = list(csv.DictReader(io.StringIO(taken.value.path().read_text("utf-8-sig"))))
    assert sorted(row["State"] for row in rows) == ["delivered"] * 10 + ["skipped"] * 2


def answer(page: Page, messenger: Messenger, campaign: str, screenshot: Screenshot) -> None:
    """It lands in its contact's thread alone; what one answers goes to them alone."""
    rows = api(page, messenger, "GET", f"/campaigns/{campaign}/recipients?state=delivered")["items"]
    contact = api(page, messenger, "GET", f"/contacts/{rows[0]['contact_id']}")
    messenger.text("Is it vegan?", contact["addresses"][0]["value"])
    messenger.enter(page)
    live(page)
    open_row(page, contact["name"])
    expect(page.locator("#tl")).to_contain_text("Is it vegan?")
    expect(page.locator("#rows .cr-name", has_text="Cora Campaign")).to_have_count(1)
    page.locator("#msg").fill("It is!")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#tl .m.out").last).to_contain_text("It is!")
    page.goto(f"{messenger.url}/campaigns/{campaign}")
    live(page)
    page.wait_for_function(FIGURE % 7 + " === 1", timeout=60_000)
    page.get_by_text("Remove the campaign").click()
    page.evaluate("() => { document.querySelector('#campaign-state h1').textContent = 'Before they came again' }")
    page.evaluate("() => document.body.dispatchEvent(new CustomEvent('campaign-changed'))")
    expect(page.locator("#campaign-state h1")).to_have_text("Soup Friday")
    expect(page.get_by_role("button", name="Remove", exact=True)).to_be_visible()  # what was opened stays open
    figures(page, messenger, campaign, screenshot)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_label("Name of the campaign")).to_have_value("Soup Friday, again")
    page.get_by_text("Delete the draft").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("status").filter(has_text="Removed.")).to_be_visible()


def figures(page: Page, messenger: Messenger, campaign: str, screenshot: Screenshot) -> None:
    """The statistics say the same of it, and lead back."""
    mine = page.get_by_role("region", name="By campaign").last.locator("tbody tr").filter(has_text="Soup Friday")
    page.goto(f"{messenger.url}/statistics?range=7")
    live(page)
    while mine.locator("td").all_inner_texts()[:4] != ["10", "0", "1", "0"]:  # the test's own limit ends this
        page.reload()
        live(page)
    expect(mine.locator("td").nth(4)).to_have_text("100%")
    mine.scroll_into_view_if_needed()
    screenshot(page, "statistics-campaigns")
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV, By campaign").click()
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(taken.value.path().read_text("utf-8-sig")))}
    assert (rows["Soup Friday"]["delivered"], rows["Soup Friday"]["reply_rate"]) == ("10", "0.1")
    mine.get_by_role("link", name="Soup Friday").click()
    live(page)
    assert page.url.endswith(campaign)


def test_an_agent_reads_campaigns_and_sends_none(messenger: Messenger, new_page: NewPage, axe: CheckAccess) -> None:
    admin = new_page()
    messenger.enter(admin)
    made = api(admin, messenger, "POST", "/lists", {"name": "Nobody's list"})
    fields = {"name": "<b>Later</b>", "lists": [made["id"]], "body": "Hi", "send_at": "2090-01-01T00:00:00Z"}
    campaign = api(admin, messenger, "POST", "/campaigns", fields)["id"]
    api(admin, messenger, "POST", f"/campaigns/{campaign}/start")
    admin.goto(f"{messenger.url}/campaigns/{campaign}")
    live(admin)
    admin.get_by_role("link", name="Change it").click()
    expect(admin.get_by_label("Start by itself at")).to_have_value("2090-01-01T00:00")
    page = new_page(width=390, height=844, dark=True)
    messenger.enter(page, "Tom Becker", "/campaigns")
    expect(page.get_by_role("link", name="New campaign")).to_have_count(0)
    axe(page)
    page.get_by_role("link", name="<b>Later</b>").click()
    expect(page.locator("#campaign-state .st").first).to_have_text("Scheduled")
    expect(page.get_by_role("button", name=re.compile("Pause|Cancel|Resume"))).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page)
    assert page.request.get(f"{messenger.url}/campaigns/new").status == 403
    admin.goto(f"{messenger.url}/campaigns/{campaign}")
    live(admin)
    admin.get_by_role("button", name="Cancel the campaign").click()
    admin.get_by_role("dialog").get_by_role("button", name="Cancel the campaign").click()
    expect(admin.locator("#campaign-state .st").first).to_have_text("Cancelled")
