"""Signing in through an identity provider: against a certified one, and against one that lies."""

import base64
import hmac
import re
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from gateway.domain.visibility import Role
from tests.support.identity_provider import CLIENT_ID, CLIENT_SECRET, identity_provider
from tests.support.ports import find_free_port
from tests.web.client import Client, Reply
from tests.web.conftest import Serve, World
from tests.web.test_sign_in import Browser, browser, link_of
from tests.web.test_workspaces import someone_of


@dataclass
class Liar:
    """A provider that answers what a test tells it to."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    shown: list[RSAKey] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    token: str | None = None
    asked: list[Mapping[str, str]] = field(default_factory=list)
    nonce: str = ""
    end: str | None = None

    async def discovery(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/auth",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                **({"end_session_endpoint": self.end} if self.end else {}),
            }
        )

    async def keys(self, request: web.Request) -> web.Response:
        return web.json_response({"keys": [one.as_dict(private=False) for one in self.shown or [self.key]]})

    async def tokens(self, request: web.Request) -> web.Response:
        self.asked.append({name: str(value) for name, value in (await request.post()).items()})
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "sub": "s1", "iat": now, "exp": now + 60, "nonce": self.nonce,
            "email": "ann@team.example", "email_verified": True, **self.claims,
        }  # fmt: skip
        token = self.token or jwt.encode(self.header, claims, self.key)
        return web.json_response({"id_token": token, "access_token": "a", "token_type": "Bearer"})


@pytest.fixture
async def liar() -> AsyncIterator[Liar]:
    made = Liar()
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", made.discovery)
    app.router.add_get("/keys", made.keys)
    app.router.add_post("/token", made.tokens)
    runner = web.AppRunner(app)
    await runner.setup()
    port = find_free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    made.issuer = f"http://127.0.0.1:{port}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def desk(serve_here: Serve, liar: Liar) -> World:
    """A product that may reach the liar, with Ann as its administrator."""
    world = await serve_here(allow_hosts=["127.0.0.1"])
    await browser(world).accept(link_of(world))
    return world


async def set_up(world: World, issuer: str, **more: Any) -> Client:
    admin = await world.someone(Role.ADMINISTRATOR)
    body = {"issuer": issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "label": "Company", **more}
    made = await admin.ask("PUT", "/sign-in/provider", body)
    assert made.status == 200, made.text
    assert CLIENT_SECRET not in made.text
    return admin


async def leave(world: World, person: Browser, path: str = "") -> dict[str, str]:
    """Off to the provider; what it was asked."""
    login = await person.ask("GET", f"/login{path}")
    link = re.search(r'href="(/login/oidc/wsp_[^"]+)"', login.text)
    assert link, login.text
    away = await person.ask("GET", link[1].replace("&amp;", "&"))
    assert away.status == 303, away.text
    return {name: values[0] for name, values in parse_qs(urlsplit(away.headers["Location"]).query).items()}


def back(asked: Mapping[str, str], **more: str) -> str:
    """Where the provider sends the browser, with a code."""
    return f"{urlsplit(asked['redirect_uri']).path}?{urlencode({'code': 'c', 'state': asked['state'], **more})}"


async def arrive(world: World, liar: Liar, person: Browser, **more: str) -> Reply:
    """There and back again."""
    asked = await leave(world, person)
    liar.nonce = asked["nonce"]
    return await person.ask("GET", back(asked, **more))


def session_of(reply: Reply) -> str | None:
    cookies = [one.partition(";")[0] for one in reply.headers.getall("Set-Cookie", [])]
    return next((one for one in cookies if re.match(r"onethread=.", one)), None)


def later(world: World, seconds: float) -> None:
    """Keys were asked for so long ago."""
    providers, before = world.state.auth.oidc.providers, world.state.monotonic
    providers.monotonic = lambda: before() + seconds


async def me_of(world: World, reply: Reply) -> Any:
    assert reply.status == 303, reply.text
    return (await Browser(world.nobody(), cookie=session_of(reply) or "").ask("GET", "/users/me")).body


async def test_there_and_back_with_pkce_state_and_nonce(desk: World, liar: Liar) -> None:
    admin = await set_up(desk, liar.issuer)
    ann = browser(desk)
    asked = await leave(desk, ann, "?next=/settings")
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    liar.nonce = asked["nonce"]
    reply = await ann.ask("GET", back(asked))
    assert (reply.status, reply.headers["Location"]) == (303, "/settings")
    assert (await me_of(desk, reply))["email"] == "ann@team.example"
    assert liar.asked[0]["redirect_uri"] == asked["redirect_uri"]
    assert asked["redirect_uri"] == (await admin.get("/sign-in/provider"))["callback"]
    assert len(liar.asked[0]["code_verifier"]) >= 43
    actions = [one["action"] for one in (await admin.get("/audit?limit=3"))["items"]]
    assert actions == ["signed_in", "user_linked", "provider_saved"]
    liar.claims = {"email": "other@team.example", "email_verified": False}
    assert (await me_of(desk, await arrive(desk, liar, browser(desk))))["email"] == "ann@team.example", (
        "the subject counts"
    )


LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "of another sign-in"},
    "another issuer": {"iss": "https://evil.example"},
    "for another client": {"aud": "somebody"},
    "for several, us not authorized": {"aud": [CLIENT_ID, "somebody"]},
    "another authorized party": {"aud": CLIENT_ID, "azp": "somebody"},
    "expired": {"exp": int(time.time()) - 3600},
    "of tomorrow": {"iat": int(time.time()) + 86_400},
    "no end": {"exp": None},
    "nobody": {"sub": ""},
    "an address nobody verified": {"email_verified": False},
    "verified, it says in words": {"email_verified": "yes"},
    "no address": {"email": None},
    "an address of nobody here": {"email": "eve@team.example"},
}


async def test_no_lie_lets_anybody_in(desk: World, liar: Liar) -> None:
    await set_up(desk, liar.issuer)
    for what, claims in LIES.items():
        liar.claims = claims
        reply = await arrive(desk, liar, browser(desk))
        assert (reply.status, session_of(reply)) == (403, None), what
    liar.claims = {"exp": int(time.time()) - 30, "iat": int(time.time()) + 30}
    assert (await arrive(desk, liar, browser(desk))).status == 303, "clocks may go half a minute apart"


async def test_no_signature_but_the_providers_counts(desk: World, liar: Liar) -> None:
    await set_up(desk, liar.issuer)
    real, eves = liar.key, RSAKey.generate_key(2048, {"kid": "one"})
    liar.shown = [real]
    now = int(time.time())

    async def with_token(token: Any) -> Reply:
        person = browser(desk)
        asked = await leave(desk, person)
        claims = {
            "iss": liar.issuer,
            "aud": CLIENT_ID,
            "sub": "s1",
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
        }
        claims |= {"email": "ann@team.example", "email_verified": True}
        liar.token = token(claims)
        return await person.ask("GET", back(asked))

    def unsigned(claims: Any) -> str:
        body = jwt.encode({"alg": "RS256"}, claims, real).split(".")[1]
        return f"eyJhbGciOiJub25lIn0.{body}."

    def with_the_public_key_as_a_secret(claims: Any) -> str:
        body = jwt.encode({"alg": "RS256"}, claims, real).split(".")[1]
        signed = f"eyJhbGciOiJIUzI1NiJ9.{body}"
        mark = hmac.digest(real.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"

    def tampered(claims: Any) -> str:
        head, _, mark = jwt.encode({"alg": "RS256"}, claims, real).split(".")
        return ".".join((head, jwt.encode({"alg": "RS256"}, {**claims, "sub": "x"}, eves).split(".")[1], mark))

    for lie in (
        unsigned,
        with_the_public_key_as_a_secret,
        tampered,
        lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, eves),
        lambda claims: jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET)),
        lambda claims: "not.a.token",
    ):
        reply = await with_token(lie)
        assert (reply.status, session_of(reply)) == (403, None), lie
    assert (await with_token(lambda claims: jwt.encode({"alg": "RS256"}, claims, real))).status == 303


async def test_new_keys_are_asked_for_when_a_token_names_one(desk: World, liar: Liar) -> None:
    await set_up(desk, liar.issuer)
    assert (await arrive(desk, liar, browser(desk))).status == 303
    liar.key = RSAKey.generate_key(2048, {"kid": "two"})
    liar.header = {"alg": "RS256", "kid": "two"}
    later(desk, 60)
    assert (await arrive(desk, liar, browser(desk))).status == 303


async def test_a_code_of_somebody_else_can_not_be_slipped_in(desk: World, liar: Liar) -> None:
    await set_up(desk, liar.issuer)
    eve, ann = browser(desk), browser(desk)
    eves = await leave(desk, eve)
    liar.nonce = eves["nonce"]
    assert (await ann.ask("GET", back(eves))).status == 403, "no note at all"
    own = await leave(desk, ann)
    assert (await ann.ask("GET", back(eves))).status == 403, "a note of her own"
    assert own["state"] != eves["state"]
    assert (await arrive(desk, liar, browser(desk), iss="https://evil.example")).status == 403
    refused = await arrive(desk, liar, browser(desk), error="access_denied")
    assert (refused.status, session_of(refused)) == (403, None)
    for target in ("https://evil.example", "//evil.example", "/\\evil.example"):
        person = browser(desk)
        asked = await leave(desk, person, f"?{urlencode({'next': target})}")
        liar.nonce = asked["nonce"]
        reply = await person.ask("GET", back(asked))
        assert reply.headers["Location"] == "/conversations", target


async def test_a_code_of_one_workspaces_provider_is_not_taken_to_another_ones(desk: World, liar: Liar) -> None:
    """A hostile provider sends Ann on to hers, in the hope that the code which comes back is handed to itself."""
    admin = await set_up(desk, liar.issuer)
    branch = await admin.made("/workspaces", {"name": "Branch"})
    eves = await someone_of(desk, branch["id"], Role.ADMINISTRATOR)
    body = {"issuer": liar.issuer, "client_id": CLIENT_ID, "client_secret": "of Eve", "label": "Eve's"}
    theirs = await eves.ask("PUT", "/sign-in/provider", body)
    assert theirs.status == 200, theirs.text
    ours = (await admin.get("/sign-in/provider"))["callback"]
    assert theirs["callback"] != ours, "what a provider may send codes to says whose it is"
    ann = browser(desk)
    away = await ann.ask("GET", f"/login/oidc/{branch['id']}")
    asked = {name: one[0] for name, one in parse_qs(urlsplit(away.headers["Location"]).query).items()}
    assert asked["redirect_uri"] == theirs["callback"]
    reply = await ann.ask("GET", back({**asked, "redirect_uri": ours}))
    assert (reply.status, session_of(reply), liar.asked) == (403, None, []), "and nobody was handed the code"


async def test_another_site_sends_nobody_to_a_provider(desk: World, liar: Liar) -> None:
    """Whose administrator has a provider that asks nothing would sign others in as whom they like, unseen."""
    await set_up(desk, liar.issuer)
    login = await browser(desk).ask("GET", "/login")
    link = re.search(r'href="(/login/oidc/wsp_[^"]+)"', login.text)
    assert link
    for came_from, away in (("cross-site", False), ("same-site", False), ("same-origin", True), ("none", True)):
        reply = await browser(desk).ask("GET", f"{link[1]}?next=/settings", headers={"Sec-Fetch-Site": came_from})
        assert reply.status == 303
        assert reply.headers["Location"].startswith(liar.issuer) is away, came_from
        if not away:
            assert reply.headers["Location"] == "/login?next=/settings"
            assert "Set-Cookie" not in reply.headers


async def test_an_invitation_lets_in_whose_address_is_verified(desk: World, liar: Liar) -> None:
    admin = await set_up(desk, liar.issuer, role_claim="groups", roles={"bosses": "supervisor"})
    liar.claims = {"sub": "s2", "email": "ben@team.example", "name": "Ben Example", "groups": ["bosses", "others"]}
    assert (await arrive(desk, liar, browser(desk))).status == 403, "nobody invited him"
    await admin.made("/users/invitations", {"role": "agent", "email": "ben@team.example"})
    liar.claims["email_verified"] = False
    assert (await arrive(desk, liar, browser(desk))).status == 403
    liar.claims["email_verified"] = True
    ben = await me_of(desk, await arrive(desk, liar, browser(desk)))
    assert (ben["name"], ben["email"], ben["role"]) == ("Ben Example", "ben@team.example", "supervisor")
    liar.claims["sub"] = "s3"
    taken = await arrive(desk, liar, browser(desk))
    assert (taken.status, "another account" in taken.text) == (403, True)
    liar.claims |= {"sub": "s1", "email": "ann@team.example", "groups": ["bosses"]}
    ann = await me_of(desk, await arrive(desk, liar, browser(desk)))
    assert ann["role"] == "administrator", "the last one stays one, whatever the provider says"
    await admin.delete(f"/users/{ben['id']}")
    liar.claims |= {"sub": "s2", "email": "ben@team.example"}
    assert (await arrive(desk, liar, browser(desk))).status == 403, "deactivated is deactivated"


async def test_passwords_are_turned_off_by_who_came_without_one(desk: World, liar: Liar) -> None:
    admin = await set_up(desk, liar.issuer)
    by_password, by_provider = browser(desk), browser(desk)
    await by_password.sign_in()
    assert (await admin.patch("/workspace", {"password_login": False})).status in {409, 422}, "a token never tried"
    for person in (by_password, by_provider):
        if person is by_provider:
            person.cookie = session_of(await arrive(desk, liar, person)) or ""
        await person.learn_csrf()
        form = {"csrf": person.csrf}
        done = await person.ask("POST", "/api/../settings/security/passwords", data=form)
        assert done.status == (303 if person is by_provider else 422)
    assert (await browser(desk).sign_in()).status == 422, "the right password, and it counts no more"
    assert 'name="password"' not in (await browser(desk).ask("GET", "/login")).text
    assert (await admin.delete("/sign-in/provider")).status == 204
    assert (await admin.get("/workspace"))["password_login"] is True
    assert (await browser(desk).sign_in()).status == 303


async def test_a_provider_on_a_private_address_is_not_asked(world: World, liar: Liar) -> None:
    admin = await world.someone(Role.ADMINISTRATOR)
    for issuer in (
        liar.issuer,
        "http://169.254.169.254",
        "https://127.0.0.1:1",
        "https://localhost:1",
        "file:///etc",
        "",
    ):
        body = {"issuer": issuer, "client_id": "a", "client_secret": "b", "label": "A"}
        refused = await admin.ask("PUT", "/sign-in/provider", body)
        assert refused.status == 422, issuer
    assert liar.asked == []
    assert (await world.nobody().get("/login/oidc/wsp_0000000000000")).status == 502


async def test_a_certified_provider_lets_ann_in_and_changes_its_keys(serve_here: Serve) -> None:
    port = find_free_port()
    world = await serve_here(allow_hosts=[f"127.0.0.1:{port}"])
    await browser(world).accept(link_of(world))
    home = (await (await world.someone(Role.ADMINISTRATOR)).get("/workspace"))["id"]
    callback = f"{world.url}/login/oidc/{home}/callback"
    for turn in range(2):
        with identity_provider(callback, port) as real:
            if turn == 0:
                await set_up(world, real.issuer)
            else:
                later(world, 60)
            ann = browser(world)
            asked = await leave(world, ann)
            jar = aiohttp.CookieJar(unsafe=True)
            async with aiohttp.ClientSession(cookie_jar=jar) as http:
                async with http.get(f"{real.issuer}/auth", params=asked) as form:
                    there = form.url
                async with http.post(there, data={"login": "ann@team.example"}, allow_redirects=False) as done:
                    onward = done.headers["Location"]
                async with http.get(onward, allow_redirects=False) as back:
                    location = back.headers["Location"]
            assert location.startswith(callback)
            reply = await ann.ask("GET", location.removeprefix(world.url))
            assert (await me_of(world, reply))["email"] == "ann@team.example"
            assert (await ann.ask("GET", location.removeprefix(world.url))).status == 403, "a note counts once"
            await signed_out_there(world, real.issuer, reply, jar)
            later(world, 0)


async def signed_out_there(world: World, issuer: str, arrived: Reply, jar: aiohttp.CookieJar) -> None:
    """A page that leads on, with the proof of who it is; the provider asks, and sends the browser back here."""
    session, proof = (cookie_named(arrived, name) for name in ("onethread", "onethread-proof"))
    ann = Browser(world.nobody(), cookie=f"{session}; {proof}")
    await ann.learn_csrf()
    page = await ann.ask("POST", "/api/../logout", data={"csrf": ann.csrf})
    assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
    onward = page.headers["Refresh"].removeprefix("0; url=")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(onward).query).items()}
    assert onward.startswith(f"{issuer}/session/end?")
    assert asked["post_logout_redirect_uri"] == f"{world.url}/login"
    assert onward.replace("&", "&amp;") in page.text
    assert (await Browser(world.nobody(), cookie=session).ask("GET", "/users/me")).status == 401
    assert any(
        one.startswith("onethread-proof=;") or 'onethread-proof="";' in one for one in page.headers.getall("Set-Cookie")
    )
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        async with http.get(onward) as sure:
            question = await sure.text()
        xsrf = re.search(r'name="xsrf" value="([^"]+)"', question)
        assert xsrf, question
        async with http.post(
            f"{issuer}/session/end/confirm", data={"xsrf": xsrf[1], "logout": "yes"}, allow_redirects=False
        ) as gone:
            assert gone.headers["Location"] == f"{world.url}/login"


def cookie_named(reply: Reply, name: str) -> str:
    cookies = [one.partition(";")[0] for one in reply.headers.getall("Set-Cookie", [])]
    return next(str(one) for one in cookies if one.startswith(f"{name}=") and len(one) > len(name) + 3)


async def test_signing_out_ends_here_where_a_provider_has_no_place_for_it(desk: World, liar: Liar) -> None:
    await set_up(desk, liar.issuer)
    for turn, place in enumerate((None, "http://elsewhere.example/end", f"{liar.issuer}/end?theme=1"), 1):
        liar.end = place
        later(desk, turn * 7200)
        ann = browser(desk)
        arrived = await arrive(desk, liar, ann)
        session, proof = (cookie_named(arrived, name) for name in ("onethread", "onethread-proof"))
        leaver = Browser(desk.nobody(), cookie=f"{session}; {proof}")
        await leaver.learn_csrf()
        page = await leaver.ask("POST", "/api/../logout", data={"csrf": leaver.csrf})
        if place is not None and place.startswith(liar.issuer):
            assert page.headers["Refresh"].startswith(f"0; url={place}&client_id={CLIENT_ID}&")
            assert "id_token_hint=" in page.headers["Refresh"]
        else:
            assert (page.status, page.headers["Location"]) == (303, "/login")
        assert (await Browser(desk.nobody(), cookie=session).ask("GET", "/users/me")).status == 401
