"""Signing in in two steps, as a browser meets it: set up, asked for, got round by nobody."""

import re
from typing import Any

import pyotp
import pytest

from gateway.domain.second_factor import STEP_S
from gateway.domain.visibility import Role
from tests.web.client import Client, Reply
from tests.web.conftest import World
from tests.web.test_page_sight import browser_of
from tests.web.test_sign_in import PASSWORD, Browser, browser, link_of

HERE = "/api/../settings/account/two-factor"
CODE = "/api/../login/code"


class App:
    """An authenticator app: each code it shows is of a period of its own, since each is taken once."""

    def __init__(self, world: World, key: str) -> None:
        self.totp = pyotp.TOTP(key)
        self.step = world.state.clock() // 1000 // STEP_S - 2

    def code(self) -> str:
        """A code that is right within a period of now: the one before, this one and the next, in turn."""
        self.step += 1
        return self.totp.generate_otp(self.step)


async def form(person: Browser, path: str, **fields: str) -> Reply:
    return await person.ask("POST", path, data={"csrf": person.csrf, **fields})


def codes_of(page: Reply) -> list[str]:
    return re.findall(r"<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>", page.text)


async def enrolled(world: World, person: Browser) -> tuple[App, list[str]]:
    """Sets it up by hand, as somebody who can't scan."""
    scan = await form(person, f"{HERE}/begin", password=PASSWORD)
    assert scan.status == 200, scan.text
    assert "<svg" in scan.text
    key = re.search(r'id="key" dir="ltr">([A-Z2-7 ]+)<', scan.text)
    assert key, scan.text
    app = App(world, key[1].replace(" ", ""))
    shown = await form(person, f"{HERE}/confirm", code=app.code())
    assert shown.status == 200, shown.text
    await person.learn_csrf()
    return app, codes_of(shown)


@pytest.fixture
async def ann(world: World) -> Browser:
    made = browser(world)
    await made.accept(link_of(world))
    await made.learn_csrf()
    return made


def halfway(reply: Reply) -> str:
    cookies: list[str] = reply.headers.getall("Set-Cookie")
    return next(one.partition(";")[0] for one in cookies if "-code=" in one)


async def test_after_the_password_a_code_and_only_then_a_session(world: World, ann: Browser) -> None:
    before = ann.cookie
    app, recovery = await enrolled(world, ann)
    assert len(set(recovery)) == 10
    assert ann.cookie != before, "a new session where it was set up"
    assert (await Browser(world.nobody(), cookie=before).ask("GET", "/users/me")).status == 401
    assert (await ann.ask("GET", "/users/me"))["two_factor"] is True

    other = browser(world)
    first = await other.sign_in()
    assert (first.status, first.headers["Location"]) == (303, "/login/code")
    assert "onethread=" not in "".join(first.headers.getall("Set-Cookie")), "no session yet"
    assert (await other.ask("GET", "/users/me")).status == 401
    assert (await other.ask("GET", CODE)).status == 200
    wrong = await form(other, CODE, code="000000x")
    assert (wrong.status, "That code is wrong" in wrong.text) == (422, True)
    code = app.code()
    right = await form(other, CODE, code=code, next="/settings")
    assert (right.status, right.headers["Location"]) == (303, "/settings")
    replayed = Browser(world.nobody(), cookie=halfway(first))
    assert (await form(replayed, CODE, code=code)).status == 422, "a code works once"
    assert (await form(replayed, CODE, code=recovery[0].upper())).status == 303
    assert (await form(Browser(world.nobody(), cookie=halfway(first)), CODE, code=recovery[0])).status == 422
    assert (await form(browser(world), CODE, code=app.code())).headers["Location"] == "/login", "not half-way in"
    forged = Browser(world.nobody(), cookie="onethread-code=gAAAAABforged")
    assert (await form(forged, CODE, code=recovery[1])).headers["Location"] == "/login"


async def test_guessing_stops_and_another_site_can_not_send_a_code(world: World, ann: Browser) -> None:
    app, recovery = await enrolled(world, ann)
    note = halfway(await browser(world).sign_in())
    cross = Browser(world.nobody(), cookie=note)
    evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert (await cross.ask("POST", CODE, data={"code": recovery[0]}, headers=evil)).status == 403
    replies = [await form(Browser(world.nobody(), cookie=note), CODE, code=f"{n:06}x") for n in range(6)]
    assert [one.status for one in replies] == [422] * 5 + [429]
    assert int(replies[-1].headers["Retry-After"]) > 600
    last = await form(Browser(world.nobody(), cookie=note), CODE, code=app.code())
    assert last.status == 429, "the right one waits too"


async def test_a_link_for_a_new_password_is_no_way_round(world: World, admin: Client, ann: Browser) -> None:
    _, recovery = await enrolled(world, ann)
    old = halfway(await browser(world).sign_in())
    link = (await admin.made("/users/invitations", {"role": "administrator", "email": "ann@team.example"}))["url"]
    eve = browser(world)
    used = await eve.accept(link, password="another long password")
    assert (used.status, used.headers["Location"]) == (303, "/login/code")
    assert (await eve.ask("GET", "/users/me")).status == 401
    stale = await form(Browser(world.nobody(), cookie=old), CODE, code=recovery[0])
    assert stale.headers["Location"] == "/login", "half-way in with the old password counts no more"


async def test_it_takes_password_and_code_to_turn_it_off(world: World, ann: Browser) -> None:
    assert (await form(ann, f"{HERE}/begin", password="a wrong password")).status == 422
    app, _ = await enrolled(world, ann)
    assert (await form(ann, f"{HERE}/remove", password=PASSWORD, code="nonsense")).status == 422
    assert (await form(ann, f"{HERE}/remove", password="a wrong password", code=app.code())).status == 422
    renewed = await form(ann, f"{HERE}/codes", password=PASSWORD, code=app.code())
    fresh = codes_of(renewed)
    assert len(fresh) == 10
    assert (await form(ann, f"{HERE}/remove", password=PASSWORD, code=fresh[0])).status == 303
    assert (await browser(world).sign_in()).headers["Location"] == "/conversations"


async def test_a_ridden_session_can_not_guess_the_password(world: World, ann: Browser) -> None:
    tries = [await form(ann, f"{HERE}/begin", password=f"guess number {n}") for n in range(11)]
    assert [one.status for one in tries] == [422] * 10 + [429]
    changed = await ann.ask(
        "POST",
        "/users/me/password",
        body={"old": PASSWORD, "new": "a new long one"},
        headers={"X-CSRF-Token": ann.csrf},
    )
    assert changed.status == 429


async def test_where_everybody_needs_it_nothing_else_opens(world: World, admin: Client, ann: Browser) -> None:
    tom = await browser_of(world, admin, "tom@team.example", Role.AGENT)
    assert (await tom.ask("GET", "/users/me")).status == 200
    await enrolled(world, ann)
    asked = await ann.ask("PATCH", "/workspace", body={"two_factor_required": True}, headers={"X-CSRF-Token": ann.csrf})
    assert (asked.status, asked["two_factor_required"]) == (200, True)
    assert (await ann.ask("GET", "/users/me")).status == 200
    page = await tom.ask("GET", "/api/../conversations")
    assert (page.status, page.headers["Location"]) == (303, "/settings/account/two-factor")
    refused = await tom.ask("GET", "/users/me")
    assert (refused.status, refused["type"].rpartition("/")[2]) == (403, "two-factor-required")
    for path in ("/api/../live", "/api/../settings/account", "/media/med_0000000000000", "/api/../statistics"):
        assert (await tom.ask("GET", path)).status in {303, 403}, path
    assert (await form(tom, "/api/../settings/account", name="Tim")).status == 403
    assert (await form(tom, "/api/../conversations/read-all")).status == 403
    assert (await tom.ask("GET", HERE)).status == 200
    again = await browser(world).sign_in("tom@team.example")
    assert again.headers["Location"] == "/conversations", "their password is enough to get as far as setting it up"
    await enrolled(world, tom)
    assert (await tom.ask("GET", "/users/me")).status == 200
    assert (await admin.get("/users/me")).status == 200, "tokens are not asked"


async def test_an_administrator_resets_it(world: World, admin: Client, agent: Client, ann: Browser) -> None:
    tom = await browser_of(world, admin, "tom@team.example", Role.AGENT)
    await enrolled(world, tom)
    me: Any = (await tom.ask("GET", "/users/me")).body
    assert (await agent.delete(f"/users/{me['id']}/two-factor")).status == 403
    assert (await form(ann, f"/api/../settings/people/{me['id']}/two-factor")).status == 303
    assert (await tom.ask("GET", "/users/me")).status == 401
    assert (await browser(world).sign_in("tom@team.example")).headers["Location"] == "/conversations"
    assert (await admin.delete(f"/users/{me['id']}/two-factor")).status == 204
