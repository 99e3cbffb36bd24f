"""Browsers: invitations, passwords, sessions, and what other sites may not do with them."""

import re
from dataclasses import dataclass
from typing import Any

from tests.web.client import Client, Reply
from tests.web.conftest import Serve, World

PASSWORD = "correct horse battery"


@dataclass
class Browser:
    """Keeps its cookie, and sends what a browser sends."""

    client: Client
    cookie: str = ""
    csrf: str = ""

    async def ask(self, method: str, path: str, **more: Any) -> Reply:
        headers = {"Cookie": self.cookie, "Origin": self.client.url, "Sec-Fetch-Site": "same-origin"}
        headers |= more.pop("headers", {})
        reply = await self.client.ask(method, path, headers=headers, **more)
        if "Set-Cookie" in reply.headers:
            self.cookie = reply.headers["Set-Cookie"].partition(";")[0]
        return reply

    async def accept(self, link: str, email: str = "ann@team.example", password: str = PASSWORD) -> Reply:
        form = {"name": "Ann Example", "email": email, "password": password}
        return await self.ask("POST", link.removeprefix(self.client.url), data=form)

    async def sign_in(self, email: str = "ann@team.example", password: str = PASSWORD, **more: Any) -> Reply:
        return await self.ask("POST", "/login", data={"email": email, "password": password}, **more)

    async def learn_csrf(self) -> None:
        page = await self.ask("GET", "/api/../conversations")
        found = re.search(r'name="csrf" (?:content|value)="([^"]+)"', page.text)
        assert found, page.text[:500]
        self.csrf = found[1]


def link_of(world: World) -> str:
    return next(line for line in world.said if "administrator" in line).rpartition(" ")[2]


def browser(world: World) -> Browser:
    return Browser(world.nobody())


async def test_the_link_in_the_terminal_makes_one_administrator(world: World) -> None:
    ann = browser(world)
    assert (await ann.accept(link_of(world))).status == 303
    me = await ann.ask("GET", "/users/me")
    assert (me["role"], me["email"], me["kind"]) == ("administrator", "ann@team.example", "person")
    again = await browser(world).accept(link_of(world), "eve@team.example")
    assert again.status in {404, 422}


async def test_short_passwords_are_refused_and_the_link_still_works(world: World) -> None:
    ann = browser(world)
    assert (await ann.accept(link_of(world), password="short")).status == 422
    assert (await ann.accept(link_of(world))).status == 303


async def test_who_is_not_signed_in_reads_what_their_browser_asks_for(world: World) -> None:
    somebody = browser(world)
    page = await somebody.ask("GET", "/login", headers={"Accept-Language": "de-CH, en;q=0.5"})
    assert '<html lang="de"' in page.text
    assert "<h1>Anmelden</h1>" in page.text
    gone = await somebody.ask("GET", "/invitation/never-made", headers={"Accept-Language": "de"})
    assert (gone.status, "Dieser Link gilt nicht mehr" in gone.text) == (404, True)
    assert '<html lang="en"' in (await somebody.ask("GET", "/login")).text


async def test_a_session_is_new_at_each_sign_in_and_gone_after_signing_out(world: World) -> None:
    ann = browser(world)
    await ann.accept(link_of(world))
    first = ann.cookie
    fixed = Browser(world.nobody(), cookie="onethread=chosen-by-somebody")
    assert (await fixed.sign_in()).status == 303
    assert "chosen-by-somebody" not in fixed.cookie
    assert (await ann.sign_in()).status == 303
    assert ann.cookie != first
    assert (await Browser(world.nobody(), cookie=first).ask("GET", "/users/me")).status == 401
    await ann.learn_csrf()
    assert (await ann.ask("POST", "/api/../logout", data={"csrf": ann.csrf})).status == 303
    assert (await Browser(world.nobody(), cookie=ann.cookie).ask("GET", "/users/me")).status == 401


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(serve_here: Serve) -> None:
    world = await serve_here(public_url="https://desk.example")
    ann = browser(world)
    here = {"Host": "desk.example", "Origin": "https://desk.example"}
    link = link_of(world)
    assert link.startswith("https://desk.example/invitation/")
    form = {"name": "Ann Example", "email": "ann@team.example", "password": PASSWORD}
    path = link.removeprefix("https://desk.example")
    reply = await ann.ask("POST", path, data=form, headers=here)
    cookie = reply.headers["Set-Cookie"]
    assert cookie.startswith("__Host-onethread=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie


async def test_wrong_passwords_and_unknown_users_are_answered_alike_and_slowed_down(world: World) -> None:
    await browser(world).accept(link_of(world))
    for email in ("ann@team.example", "nobody@team.example"):
        wrong = [await browser(world).sign_in(email, "a wrong password") for _ in range(11)]
        assert [reply.status for reply in wrong] == [422] * 10 + [429]
        assert "Retry-After" in wrong[-1].headers
        texts = {reply.text.replace(email, "") for reply in wrong[:10]}
        assert len(texts) == 1
    assert (await browser(world).sign_in()).status == 429, "even the right one has to wait"


async def test_the_api_takes_a_session_only_from_our_own_pages(world: World) -> None:
    ann = browser(world)
    await ann.accept(link_of(world))
    await ann.learn_csrf()
    body, right = {"name": "vip"}, {"X-CSRF-Token": ann.csrf}
    for name, headers, status in [
        ("no token", {}, 403),
        ("a wrong token", {"X-CSRF-Token": "x" * 43}, 403),
        ("another site", {**right, "Origin": "https://evil.example"}, 403),
        ("another site, says the browser", {**right, "Sec-Fetch-Site": "cross-site"}, 403),
        ("another port of ours", {**right, "Sec-Fetch-Site": "same-site"}, 403),
        ("no origin", {**right, "Origin": "null"}, 403),
        ("a name that points here", {**right, "Host": "evil.example", "Origin": "http://evil.example"}, 421),
        ("our own page", right, 201),
    ]:
        reply = await ann.ask("POST", "/tags", body=body, headers=headers)
        assert reply.status == status, f"{name}: {reply.text}"


async def test_a_foreign_host_opens_no_session_but_serves_tokens(world: World, admin: Client) -> None:
    ann = browser(world)
    await ann.accept(link_of(world))
    assert (await ann.ask("GET", "/users/me", headers={"Host": "evil.example"})).status == 421
    assert (await admin.get("/users/me", headers={"Host": "evil.example"})).status == 200
    foreign = await browser(world).sign_in(headers={"Host": "evil.example", "Origin": "http://evil.example"})
    assert foreign.status in {403, 421}


async def test_an_administrator_invites_and_the_invited_sign_in(world: World, admin: Client) -> None:
    invited = await admin.post("/users/invitations", {"email": "ben@team.example", "role": "agent"})
    assert invited.status == 201
    ben = browser(world)
    assert (await ben.accept(invited["url"], "other@team.example")).status == 303
    me = await ben.ask("GET", "/users/me")
    assert (me["email"], me["role"]) == ("ben@team.example", "agent")
    assert (await browser(world).accept(invited["url"])).status in {404, 422}
    assert (await browser(world).sign_in("ben@team.example")).status == 303


async def test_a_new_password_ends_the_other_sessions(world: World) -> None:
    ann, elsewhere = browser(world), browser(world)
    await ann.accept(link_of(world))
    await elsewhere.sign_in()
    await ann.learn_csrf()
    ours = {"X-CSRF-Token": ann.csrf}
    wrong = {"old": "not my password", "new": "another fine sentence"}
    assert (await ann.ask("POST", "/users/me/password", body=wrong, headers=ours)).status == 422
    assert (await elsewhere.ask("GET", "/users/me")).status == 200
    right = {"old": PASSWORD, "new": "another fine sentence"}
    assert (await ann.ask("POST", "/users/me/password", body=right, headers=ours)).status == 204
    assert (await ann.ask("GET", "/users/me")).status == 200
    assert (await elsewhere.ask("GET", "/users/me")).status == 401
    assert (await browser(world).sign_in()).status == 422
    assert (await browser(world).sign_in(password="another fine sentence")).status == 303


async def test_a_removed_user_is_out_at_once(world: World, admin: Client) -> None:
    invited = await admin.made("/users/invitations", {"email": "ben@team.example", "role": "agent"})
    ben = browser(world)
    await ben.accept(invited["url"], "ben@team.example")
    me = await ben.ask("GET", "/users/me")
    assert (await admin.delete(f"/users/{me['id']}")).status == 204
    assert (await ben.ask("GET", "/users/me")).status == 401
    assert (await browser(world).sign_in("ben@team.example")).status == 422


async def test_a_revoked_token_is_out_at_once(world: World, admin: Client) -> None:
    made = await admin.made("/tokens", {"name": "Robot", "role": "agent"})
    robot = Client(world.http, world.url, made["token"])
    assert (await robot.get("/users/me"))["kind"] == "token"
    assert made["token"] not in (await admin.get("/tokens")).text
    assert (await admin.delete(f"/tokens/{made['id']}")).status == 204
    assert (await robot.get("/users/me")).status == 401


async def test_a_role_that_changes_counts_at_once(world: World, admin: Client) -> None:
    invited = await admin.made("/users/invitations", {"email": "ben@team.example", "role": "agent"})
    ben = browser(world)
    await ben.accept(invited["url"], "ben@team.example")
    await ben.learn_csrf()
    ours = {"X-CSRF-Token": ben.csrf}
    me = (await ben.ask("GET", "/users/me"))["id"]
    assert (await ben.ask("POST", "/tags", body={"name": "vip"}, headers=ours)).status == 403
    raised = await ben.ask("PATCH", f"/users/{me}", body={"role": "administrator"}, headers=ours)
    assert raised.status == 403
    assert (await ben.ask("PATCH", f"/users/{me}", body={"name": "Ben"}, headers=ours)).status == 200
    assert (await admin.patch(f"/users/{me}", {"role": "supervisor"})).status == 200
    assert (await ben.ask("POST", "/tags", body={"name": "vip"}, headers=ours)).status == 201
