"""Signing in: two steps, set up with a key, asked for, wrong, right, lost and reset; in every width and both themes."""

import re
import time
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.domain.second_factor import STEP_S
from tests.conftest import Serve
from tests.e2e.conftest import CheckAccess, NewPage, Screenshot
from tests.e2e.messenger import PASSWORD, Messenger, link_of, live, sign_in, sign_up, staffed
from tests.support.browser import Faults
from tests.support.identity_provider import CLIENT_ID, CLIENT_SECRET, identity_provider
from tests.support.ports import find_free_port

NOA = ("Noa Lind", "noa@shop.example")
WAYS = ((390, 844, "dark"), (1024, 768, "light"), (1440, 900, "dark"))


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Messenger]:
    """A product of its own: what is asked of everybody here would be asked of every other story. Ana has two steps."""
    with staffed(browser, tmp_path_factory.mktemp("desk")) as running:
        context = browser.new_context(timezone_id="UTC")
        page = context.new_page()
        running.enter(page, path="/settings/account/two-factor")
        password_into(page)
        code_into(page, scanned(page).code())
        page.get_by_role("link", name="I have kept them").click()
        live(page)
        running.cookies["Ana Reyes"] = context.cookies()
        context.close()
        yield running


class App:
    """An authenticator app, with a code of a period of its own each time: one is taken once."""

    def __init__(self, key: str) -> None:
        self.totp = pyotp.TOTP(key.replace(" ", ""))
        self.used = 0

    def code(self) -> str:
        now = int(time.time()) // STEP_S
        self.used = max(self.used + 1, now)  # one of the half minute before would be late on a slow machine
        assert self.used <= now + 1, "two codes within half a minute are all there are"
        return self.totp.generate_otp(self.used)


def looked_at(page: Page, axe: CheckAccess) -> None:
    """Nothing is wrong with the page in any of its ways, and it is no wider than the window."""
    for width, height, theme in WAYS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        axe(page)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), f"{width} {theme}"
    page.emulate_media(color_scheme="light")


def code_into(page: Page, code: str) -> None:
    page.get_by_label("Code", exact=True).fill(code)
    page.keyboard.press("Enter")


def password_into(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Your password").fill(password)
    page.keyboard.press("Enter")


def scanned(page: Page) -> App:
    """The app has the key, typed by hand."""
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.locator("summary").click()
    return App(page.locator("#key").inner_text())


def switch(page: Page, url: str, *, on: bool) -> None:
    """Whether everybody needs a second step."""
    page.goto(f"{url}/settings/security")
    page.get_by_label("Everybody needs a second step").set_checked(on)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Saved.")


def test_two_steps_from_setting_them_up_to_losing_the_phone(
    desk: Messenger, browser: Browser, new_page: NewPage, axe: CheckAccess, faults: Faults, screenshot: Screenshot
) -> None:
    faults.expect("422")
    page, (name, email) = new_page(), NOA
    desk.invite(browser, NOA, "agent")
    desk.enter(page, name, path="/settings/account")
    page.get_by_role("link", name="Set it up · Two steps to sign in").click()
    looked_at(page, axe)
    password_into(page, "not the password")
    expect(page.get_by_role("alert")).to_contain_text("That is not your password.")
    password_into(page)
    app = scanned(page)
    looked_at(page, axe)
    screenshot(page, "two-steps")
    code_into(page, "123")
    expect(page.get_by_role("alert")).to_contain_text("That code is wrong")
    code_into(page, app.code())
    codes = page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    kept = codes.all_inner_texts()
    looked_at(page, axe)
    page.get_by_role("link", name="I have kept them").click()
    live(page)

    elsewhere = new_page()
    sign_in(elsewhere, desk.url, email)
    expect(elsewhere.get_by_role("heading", name="One more step")).to_be_visible()
    code_into(elsewhere, "000 000")
    expect(elsewhere.get_by_role("alert")).to_contain_text("That code is wrong")
    looked_at(elsewhere, axe)
    code_into(elsewhere, app.code())
    live(elsewhere)
    lost = new_page()
    sign_in(lost, desk.url, email)
    code_into(lost, kept[0])
    live(lost)
    lost.goto(f"{desk.url}/settings/account/two-factor")
    expect(lost.get_by_text("9 recovery codes are left.")).to_be_visible()
    looked_at(lost, axe)


def test_asked_of_everybody_reset_for_one_and_told_by_the_audit_trail(
    desk: Messenger, new_page: NewPage, axe: CheckAccess, screenshot: Screenshot
) -> None:
    page, tom = new_page(), new_page()
    desk.enter(page)
    switch(page, desk.url, on=True)
    looked_at(page, axe)
    desk.enter(tom, "Tom Becker", path="/conversations?view=mine")
    expect(tom.get_by_role("heading", name="Two steps to sign in")).to_be_visible()
    expect(tom.get_by_text("Your workspace asks everybody")).to_be_visible()
    password_into(tom)
    code_into(tom, scanned(tom).code())
    tom.get_by_role("link", name="I have kept them").click()
    live(tom)
    page.goto(f"{desk.url}/settings/people")
    page.get_by_role("link", name="Edit Tom Becker").click()
    page.get_by_text("Reset the second step").click()
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Reset.")
    tom.goto(f"{desk.url}/settings")
    expect(tom).to_have_url(re.compile("/login"))
    switch(page, desk.url, on=False)

    page.get_by_role("link", name="Audit trail").click()
    lines = page.get_by_role("region", name="Audit trail").get_by_role("row")
    switched = lines.filter(has_text="Workspace changed").first
    expect(switched).to_contain_text("Ana Reyes")
    expect(switched).to_contain_text("Everybody needs a second step: Yes → No")
    expect(lines.filter(has_text="Second step reset")).to_contain_text("Tom Becker")
    looked_at(page, axe)
    screenshot(page, "audit")
    page.get_by_label("What").select_option(label="Signing in")
    page.get_by_label("Who", exact=True).select_option(label="Tom Becker")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(lines.filter(has_text="Second step turned on")).to_have_count(1)
    expect(lines.filter(has_text="Ana Reyes")).to_have_count(0)
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    text = taken.value.path().read_text(encoding="utf-8-sig")
    assert "second_step_on" in text
    assert "Ana Reyes" not in text


def test_through_the_companys_provider_and_no_passwords_any_more(
    serve: Serve, new_page: NewPage, axe: CheckAccess, faults: Faults, screenshot: Screenshot
) -> None:
    faults.expect("40[0-9]|422")
    at = find_free_port()
    server = serve(env={"ONETHREAD_ALLOW_HOSTS": f"127.0.0.1:{at}"})
    page = new_page()
    sign_up(page, link_of(server))
    page.goto(f"{server.url}/settings/security")
    callback = page.locator(".copied", has_text="/callback").inner_text()
    with identity_provider(callback, at) as provider:
        page.get_by_label("Issuer").fill(f"{provider.issuer}/nowhere")
        page.get_by_label("Client id").fill(CLIENT_ID)
        page.get_by_label("Client secret").fill(CLIENT_SECRET)
        page.get_by_label("Name on the button").fill("Company account")
        page.get_by_role("button", name="Save provider").click()
        expect(page.get_by_role("alert")).to_contain_text("The provider answered 404.")
        page.get_by_label("Issuer").fill(provider.issuer)
        page.get_by_label("Client secret").fill(CLIENT_SECRET)
        page.get_by_role("button", name="Save provider").click()
        expect(page.get_by_role("status").first).to_contain_text("Saved.")
        screenshot(page, "settings-sign-in")
        looked_at(page, axe)

        for login, told in (
            ("stranger@shop.example", "Nobody with your e-mail address works here."),
            ("unverified-ana@shop.example", "has not verified your e-mail address"),
        ):
            outside = new_page()
            through(outside, server.url, login)
            expect(outside.get_by_role("alert")).to_contain_text(told)
        axe(outside)
        ana = new_page()
        through(ana, server.url, "ana@shop.example")
        live(ana)
        ana.goto(f"{server.url}/settings/security")
        ana.get_by_label("One may sign in with a password").uncheck()
        ana.get_by_role("button", name="Save passwords").click()
        expect(ana.get_by_role("status").first).to_contain_text("Saved.")
        later = new_page()
        later.goto(f"{server.url}/login")
        expect(later.get_by_label("Password", exact=True)).to_have_count(0)
        axe(later)
        ana.goto(f"{server.url}/conversations")
        live(ana)
        ana.get_by_role("button", name="Your account").first.click()
        ana.get_by_role("button", name="Sign out").click()
        ana.get_by_role("button", name="Yes, sign me out").click()  # there: by itself, without a click of ours
        expect(ana.get_by_role("link", name="Continue with Company account")).to_be_visible()
        ana.get_by_role("link", name="Continue with Company account").click()
        expect(ana.get_by_label("Company account")).to_be_visible()
        ana.close()  # it would go on asking the provider for its icon when that is gone


def through(page: Page, url: str, login: str) -> None:
    """In through the provider, as somebody it knows."""
    page.goto(f"{url}/login")
    page.get_by_role("link", name="Continue with Company account").click()
    page.get_by_label("Company account").fill(login)
    page.get_by_role("button", name="Log in").click()


def test_a_second_business_made_entered_and_removed(
    desk: Messenger, new_page: NewPage, axe: CheckAccess, faults: Faults, screenshot: Screenshot
) -> None:
    faults.expect("40[0-9]|422")
    page = new_page()
    desk.enter(page, path="/settings/workspaces")
    page.get_by_label("Name", exact=True).last.fill("Branch office")
    page.get_by_label("Its first administrator").fill("tom@shop.example")
    page.get_by_role("button", name="Make workspace").click()
    link = page.get_by_label("A link for its first administrator").input_value()
    looked_at(page, axe)
    screenshot(page, "workspaces")

    tom = new_page()
    sign_in(tom, desk.url, "tom@shop.example")
    live(tom)
    sign_up(tom, link, "Tom Becker", "tom@shop.example")
    tom.get_by_role("button", name="Your account").first.click()
    expect(tom.get_by_role("button", name="Switch to Onethread")).to_be_visible()
    axe(tom, "#m-user")
    tom.get_by_role("button", name="Switch to Onethread").click()
    live(tom)
    expect(tom).to_have_title(re.compile("Onethread|Inbox"))
    tom.get_by_role("button", name="Your account").first.click()
    tom.get_by_role("button", name="Switch to Branch office").click()
    live(tom)

    branch = page.get_by_role("region", name="Branch office")
    branch.get_by_role("button", name="Suspend").click()
    expect(branch.get_by_text("Suspended")).to_be_visible()
    tom.goto(f"{desk.url}/settings")
    expect(tom).to_have_url(re.compile("/login"))
    branch.get_by_text("Remove", exact=True).click()
    branch.get_by_label("Name of the workspace").fill("Branch")
    branch.get_by_role("button", name="Remove for good").click()
    expect(page.get_by_role("alert")).to_contain_text("That is not its name.")
    branch.get_by_text("Remove", exact=True).click()
    branch.get_by_label("Name of the workspace").fill("Branch office")
    branch.get_by_role("button", name="Remove for good").click()
    expect(branch).to_have_count(0)
