"""Every page that a link leads to, in a business whose every field is hostile: usable by everybody, harmless to all.

Pages are found by following links, so one that is new is looked at without being named here.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import CheckAccess, NewPage
from tests.e2e.hostile import Attacker
from tests.e2e.messenger import Messenger, live
from tests.support.browser import Faults, find_barriers
from tests.support.gateway import RunningGateway, serve_command
from tests.support.ports import find_free_port
from tests.support.process import ServerProcess

START: Final = ("/conversations", "/settings", "/new", "/phone", "/login", "/invitation/nobody")
# Each page is looked at in one of these by axe, in turn, and in all of them for its layout.
WAYS: Final = ((1440, 900, "light"), (390, 844, "dark"), (1024, 768, "light"), (1440, 900, "dark"), (390, 844, "light"))
_ID: Final = re.compile(r"(?<=/)[a-z]{3}_[0-9A-Za-z]{13}(?=/|$)")
_NO_PAGE: Final = re.compile(r"^/(api|static|c|-|live|logout)(/|$)|\.(csv|json|ndjson|webmanifest|png|svg)$")
OWNED: Final = "() => window.owned"
# What a page scrolls sideways, other than its tables and rows of tabs, which have a place of their own to scroll in.
SIDEWAYS: Final = """() => [...document.querySelectorAll('.page')]
    .filter(page => page.scrollWidth > page.clientWidth + 1)
    .flatMap(page => [...page.querySelectorAll('*')]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
    .slice(0, 3).map(one => `${one.tagName}.${one.className}#${one.id}`).concat('sideways'))"""
TOO_WIDE: Final = """() => document.documentElement.scrollWidth > innerWidth ? [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
    .slice(0, 3).map(one => `${one.tagName}.${one.className}#${one.id}`).concat('wide') : []"""


@pytest.fixture(scope="module")
def hostile(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Messenger]:
    """A server of its own, filled by an attacker."""
    folder = tmp_path_factory.mktemp("hostile")
    process = ServerProcess(serve_command(find_free_port(), folder / "data"), cwd=folder)
    try:
        ready = process.wait_for_line(r"Messenger ready at (http://\S+)")
        running = Messenger(RunningGateway(ready[1].rstrip("/"), folder / "data", process))
        running.staff(browser)
        make = [sys.executable, "-m", "gateway", "token", "create", "--role", "administrator", "--data"]
        said = subprocess.run([*make, str(folder / "data")], check=True, capture_output=True, text=True, timeout=60)
        token = re.search(r"oth_\S+", said.stdout)
        assert token is not None, said.stdout
        Attacker(running.url, token[0]).fill()
        yield running
    finally:
        process.kill()


def shape_of(address: str) -> str:
    """Two addresses of one shape are the same page with other content."""
    return _ID.sub("{id}", urlsplit(address).path)


def links_of(page: Page, url: str) -> list[str]:
    """The addresses of ours that a page leads to."""
    found = page.evaluate("() => [...document.querySelectorAll('a[href]')].map(one => one.href)")
    return [one for one in found if one.startswith(url) and not _NO_PAGE.search(urlsplit(one).path)]


def faults_of(page: Page, place: int) -> list[str]:
    """What is wrong with the page as it stands: its layout at every width and both directions, then axe in one way."""
    wrong: list[str] = []
    for width, height, _ in WAYS[:3]:
        page.set_viewport_size({"width": width, "height": height})
        for direction in ("rtl", "ltr"):
            page.evaluate("way => { document.documentElement.dir = way }", direction)
            found = [*page.evaluate(TOO_WIDE), *page.evaluate(SIDEWAYS)]
            wrong += [f"{width} {direction}: {what}" for what in found]
    width, height, theme = WAYS[place % len(WAYS)]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    wrong += [f"{width} {theme}: {what}" for what in find_barriers(page)]
    if page.evaluate(OWNED) is not None:
        wrong.append("a script ran")
    return wrong


@pytest.mark.timeout(600)
def test_every_page_is_for_everybody_and_runs_nothing(hostile: Messenger, page: Page, faults: Faults) -> None:
    faults.expect(r"status of 404 .*/invitation/nobody")
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    page.context.add_cookies(hostile.cookies["Ana Reyes"])
    waiting, seen, wrong = [f"{hostile.url}{path}" for path in START], set[str](), dict[str, list[str]]()
    while waiting:
        address = waiting.pop(0)
        shape = shape_of(address)
        if shape in seen:
            continue
        answer = page.goto(address)
        assert answer is not None
        seen.add(shape)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        if answer.status != 200 and not address.endswith("/nobody"):
            wrong[shape] = [f"status {answer.status}"]
            continue
        if page.locator("#live").count():
            expect(page.locator("html")).to_have_attribute("data-ready", "1")
        waiting += links_of(page, hostile.url)
        found = faults_of(page, len(seen))
        if found:
            wrong[shape] = found
    told = [f"{shape}: {what}" for shape, found in wrong.items() for what in found]
    assert not told, f"of {len(seen)} pages:\n" + "\n".join(told)
    assert {"/conversations", "/conversations/{id}", "/settings/people/{id}", "/settings/tags/{id}"} <= seen


def test_a_hostile_mail_is_read_as_text_and_formatted_in_a_box(
    hostile: Messenger, page: Page, axe: CheckAccess
) -> None:
    """The walk sees one thread of each shape; this is the one with the mail, its frame opened."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    hostile.enter(page, path="/conversations?view=all&q=mallory")
    live(page)
    page.locator("#rows .cr .cr-top").first.click()
    mail = page.locator("#tl article.mail").first
    expect(mail).to_contain_text("Subject \"'><img src=x onerror=window.owned=1>")
    for width, height, theme in WAYS[:2]:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        assert page.evaluate(TOO_WIDE) == []
        axe(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    mail.get_by_role("button", name="Show formatted").click()
    frame = mail.locator("iframe")
    expect(frame).to_be_visible()
    inside = mail.frame_locator("iframe")
    expect(inside.locator("body")).to_contain_text("Press")
    assert inside.locator("script, iframe, form, [onload], [onerror], a[href^=javascript]").count() == 0
    assert page.evaluate(TOO_WIDE) == []
    expect(page).to_have_title(re.compile("Onethread|Workspace"))
    assert page.evaluate(OWNED) is None
    assert all("evil.example" not in one for one in asked), "nobody is told that it was read"


def test_forced_colours_and_no_motion_leave_everything_to_see(hostile: Messenger, page: Page) -> None:
    hostile.enter(page)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    expect(page.locator("#rows .cr").first).to_be_visible()
    edges = page.locator(".btn-primary").first.evaluate("one => getComputedStyle(one).borderTopStyle")
    assert edges == "solid"
    still = page.evaluate("() => document.getAnimations().filter(one => one.playState === 'running').length")
    assert still == 0
    page.goto(f"{hostile.url}/settings/account")
    assert page.locator(".sw").first.evaluate("one => getComputedStyle(one).appearance") == "auto"
    assert find_barriers(page) == []


def test_a_stranger_is_shown_nothing_and_a_foreign_form_does_nothing(hostile: Messenger, new_page: NewPage) -> None:
    stranger = new_page(script=False)
    for path in ("/settings/people", "/settings/account", "/conversations"):
        stranger.goto(f"{hostile.url}{path}")
        expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()
    somebody = new_page(script=False)
    somebody.context.add_cookies(hostile.cookies["Ana Reyes"])
    for path in ("/settings/tags/new", "/settings/account", "/settings/people/invite", "/settings/tokens"):
        answer = somebody.request.post(
            f"{hostile.url}{path}",
            form={"name": "From elsewhere", "role": "administrator"},
            headers={"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
        )
        assert answer.status == 403, path
        without = somebody.request.post(f"{hostile.url}{path}", form={"name": "No token"}, max_redirects=0)
        assert without.status == 403, path
