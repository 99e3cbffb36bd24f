"""The settings of people and words: one's account, users and links, groups, tokens, tags, templates, quick replies."""

import json
import re
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

from tests.e2e.conftest import CheckAccess, NewPage, Screenshot
from tests.e2e.messenger import PASSWORD, Messenger, live, open_row, row, shown, sign_in
from tests.support.browser import Faults


def api(messenger: Messenger, token: str, path: str) -> int:
    """The status of a call with a token."""
    request = Request(f"{messenger.url}/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
    try:
        with urlopen(request, timeout=10) as answer:
            json.load(answer)
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_somebody_is_invited_works_in_a_group_and_leaves(
    messenger: Messenger, page: Page, new_page: NewPage, axe: CheckAccess, faults: Faults, screenshot: Screenshot
) -> None:
    messenger.enter(page, path="/settings/people")
    page.get_by_role("link", name="Invite user").click()
    page.get_by_label("E-mail address").fill("noor@shop.example")
    page.get_by_role("radio", name="Agent").check()
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("The link, shown this once").input_value()
    axe(page)
    page.get_by_role("link", name="Back to users and groups").click()
    expect(page.get_by_role("listitem").filter(has_text="noor@shop.example")).to_contain_text("Works until")
    axe(page)

    noor = new_page()
    noor.goto(link)
    noor.get_by_label("Your name").fill("Noor Haddad")
    noor.get_by_label("Password", exact=True).fill(PASSWORD)
    noor.get_by_role("button", name="Start").click()
    live(noor)
    assert noor.goto(link).status == 404  # type: ignore[union-attr]
    faults.expect("status of 404")
    noor.goto(f"{messenger.url}/settings/account")
    expect(noor.get_by_role("link", name="Users and groups")).to_have_count(0)

    page.reload()
    page.get_by_role("link", name="New group").click()
    page.get_by_label("Name").fill("Returns")
    page.get_by_label("Noor Haddad").check()
    page.get_by_role("button", name="Save").click()
    expect(
        page.get_by_role("article").filter(has_text="Returns").get_by_role("img", name="Noor Haddad")
    ).to_be_visible()
    screenshot(page, "settings-people")
    page.get_by_role("link", name="Edit Noor Haddad").click()
    axe(page)
    expect(page.get_by_label("Returns")).to_be_checked()
    page.get_by_role("radio", name="Supervisor").check()
    page.get_by_role("switch", name="Available for new conversations").uncheck()
    page.get_by_role("button", name="Save").click()
    member = page.get_by_role("listitem").filter(has_text="noor@shop.example")
    expect(member).to_contain_text("Supervisor")
    expect(member).to_contain_text("not available")

    page.get_by_role("link", name="Edit Noor Haddad").click()
    page.locator("summary").filter(has_text="Sign out everywhere").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Signed out everywhere.")).to_be_visible()
    faults.expect("status of 401")
    noor.goto(f"{messenger.url}/settings/account")
    expect(noor.get_by_role("heading", name="Sign in")).to_be_visible()
    page.locator("summary").filter(has_text="Deactivate").click()
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_role("link", name="Edit Noor Haddad")).to_have_count(0)
    faults.expect("status of 422")
    sign_in(noor, messenger.url, "noor@shop.example")
    expect(noor.get_by_role("alert")).to_contain_text("don't belong together")


def test_a_link_is_revoked_and_a_token_is_shown_once(
    messenger: Messenger, page: Page, new_page: NewPage, faults: Faults, screenshot: Screenshot
) -> None:
    faults.expect("status of 404")
    messenger.enter(page, path="/settings/people/invite")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("The link, shown this once").input_value()
    page.get_by_role("link", name="Back to users and groups").click()
    revoke = page.get_by_role("button", name="Revoke the invitation of Whoever has the link")
    revoke.click()
    expect(revoke).to_have_count(0)
    stranger = new_page(script=False)
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="This link can")).to_be_visible()

    page.goto(f"{messenger.url}/settings/tokens")
    page.get_by_label("What uses it").fill("Web shop")
    page.get_by_label("Role").select_option("agent")
    page.get_by_role("button", name="New token").click()
    token = page.get_by_label("Copy the new token now").input_value()
    assert api(messenger, token, "/conversations") == 200
    item = page.get_by_role("listitem").filter(has_text="Web shop")
    expect(item).to_contain_text("Agent")
    page.goto(f"{messenger.url}/settings/tokens")
    assert token not in page.content()
    expect(item).to_contain_text(re.compile("Last used (Today|Yesterday)"))
    screenshot(page, "settings-tokens")
    item.locator("summary").click()
    item.get_by_role("button", name="Revoke it").click()
    expect(item).to_have_count(0)
    assert api(messenger, token, "/conversations") == 401


def test_ones_account_speaks_ones_language_and_keeps_ones_keys(
    messenger: Messenger, page: Page, new_page: NewPage, axe: CheckAccess
) -> None:
    messenger.enter(page, "Tom Becker", "/settings/account")
    elsewhere = new_page()
    sign_in(elsewhere, messenger.url, "tom@shop.example")
    live(elsewhere)
    page.get_by_label("Language").select_option("de")
    page.get_by_role("switch", name="Single keys are shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", name="Ihr Konto")).to_be_visible()
    axe(page)
    page.goto(f"{messenger.url}/conversations")
    expect(page.locator("#live")).to_have_attribute("data-tip", "Live-Aktualisierung ist eingeschaltet")
    page.keyboard.press("c")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.locator("#dlg-jump")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(f"{messenger.url}/settings/account")
    page.locator("#f-language").select_option("en")
    page.locator("[name=single_keys]").check()
    page.locator("form[action='/settings/account'] button").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.get_by_label("Password until now").fill("not that one")
    page.get_by_label("New password").fill("another long password")
    page.get_by_role("radio", name="Dark").check()
    page.get_by_role("button", name="Use this theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_label("Password until now").fill(PASSWORD)
    page.get_by_label("New password").fill("another long password")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("status").filter(has_text="Your password is changed")).to_be_visible()
    expect(page.get_by_role("region", name="Where you are signed in").locator(".lrow")).to_have_count(2)
    elsewhere.goto(f"{messenger.url}/settings/account")
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Password until now").fill("another long password")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("status").filter(has_text="Your password is changed")).to_be_visible()


def test_tags_are_made_merged_and_deleted(
    messenger: Messenger, page: Page, axe: CheckAccess, screenshot: Screenshot
) -> None:
    number = "+14155550710"
    messenger.text("Where is my order?", number)
    messenger.enter(page, path="/settings/tags")
    for name, colour in (("Parcel lost", "Red"), ("Lost parcel", "Teal")):
        page.get_by_role("link", name="New tag").click()
        page.get_by_label("Name").fill(name)
        page.get_by_role("radio", name=colour).check()
        axe(page)
        page.get_by_role("button", name="Save").click()
    page.goto(f"{messenger.url}/conversations")
    live(page)
    open_row(page, shown(number))
    page.keyboard.press("t")
    page.locator("#m-tags").get_by_text("Lost parcel").click()
    expect(page.locator(".thead [id^=tags-] .tag").filter(has_text="Lost parcel")).to_be_visible()
    page.goto(f"{messenger.url}/settings/tags")
    expect(page.get_by_role("listitem").filter(has_text="Lost parcel")).to_contain_text("1 open")
    axe(page)
    screenshot(page, "settings-tags")
    page.get_by_role("link", name="Edit Lost parcel").click()
    page.get_by_label("Merge into").select_option(label="Parcel lost")
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="Parcel lost")).to_contain_text("1 open")
    expect(page.get_by_role("listitem").filter(has_text="Lost parcel")).to_have_count(0)
    page.get_by_role("link", name="Edit Parcel lost").click()
    page.locator("summary").filter(has_text="Delete tag").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.goto(f"{messenger.url}/conversations?q=555+0710")
    expect(row(page, shown(number))).not_to_contain_text("Parcel lost")


def test_words_are_checked_previewed_and_put_in_order(
    messenger: Messenger, page: Page, axe: CheckAccess, faults: Faults, screenshot: Screenshot
) -> None:
    messenger.enter(page, path="/settings/templates")
    page.get_by_role("link", name="Make it mine: Welcome").click()
    text = page.get_by_label("Text")
    expect(page.locator("#preview")).to_contain_text("Hi there, thank you for writing.")
    text.fill("Hi {{ contact.shoe_size }}")
    expect(page.locator("#preview")).to_contain_text("contact has no “shoe_size” (line 1, column 7)")
    text.fill("Hi {% if %}")
    faults.expect("status of 422")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="line 1")).to_be_visible()
    expect(text).to_have_attribute("aria-invalid", "true")
    axe(page)
    live(page)
    text.fill("Hi ")
    page.get_by_role("button", name="Your first name").click()
    expect(text).to_have_value("Hi {{ user.first_name }}")
    expect(page.locator("#preview .bub")).to_have_text("Hi Ana")
    page.get_by_role("switch", name="For the whole team").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("list", name="Yours")).to_contain_text("Welcome")
    axe(page)
    screenshot(page, "settings-templates")

    page.goto(f"{messenger.url}/settings/quick")
    for name in ("Opening hours", "Thanks"):
        page.get_by_role("link", name="New quick reply").click()
        page.get_by_label("Name").fill(name)
        page.get_by_label("Text").fill(f"{name}, in words.")
        page.get_by_role("button", name="Save").click()
    team = page.get_by_role("list", name="Quick replies: Team")
    ours = team.get_by_role("listitem").filter(has_text=", in words.")
    expect(ours).to_have_text([re.compile("Opening hours"), re.compile("Thanks")])
    page.get_by_role("button", name="Move “Thanks” up").click()
    expect(ours).to_have_text([re.compile("Thanks"), re.compile("Opening hours")])
    axe(page)
    messenger.text("When do you open?", "+14155550711")
    page.goto(f"{messenger.url}/conversations")
    live(page)
    open_row(page, shown("+14155550711"))
    page.locator("#composer .ib[popovertarget=m-quick]").click()
    with page.expect_response("**/used"):
        page.locator("#m-quick").get_by_role("button", name="Opening hours").click()
    expect(page.locator("#msg")).to_have_value("Opening hours, in words.")
    page.goto(f"{messenger.url}/settings/quick")
    expect(team.get_by_role("listitem").filter(has_text="Opening hours")).to_contain_text("1 use")
    page.get_by_role("link", name="Edit Thanks").click()
    page.locator("summary").filter(has_text="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(ours).to_have_text([re.compile("Opening hours")])


def test_an_agent_keeps_words_of_their_own_and_changes_nobody_elses(
    messenger: Messenger, page: Page, faults: Faults
) -> None:
    faults.expect("status of 403")
    messenger.enter(page, "Tom Becker", "/settings/quick/notes/new")
    expect(page.get_by_role("switch", name="For the whole team")).to_have_count(0)
    page.get_by_label("Name").fill("Called back")
    page.get_by_label("Text").fill("Called back, left a message.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("list", name="Quick notes: Yours")).to_contain_text("Called back")
    for section in ("people", "tags", "tokens"):
        page.goto(f"{messenger.url}/settings/{section}")
        expect(page.get_by_role("heading", name="Not allowed").first).to_be_attached()
