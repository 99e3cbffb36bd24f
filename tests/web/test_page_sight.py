"""Pages by those who may not: what P4 hides is on none of them, and no form is taken without its token."""

import itertools
import re
from collections.abc import Callable, Mapping
from time import monotonic

import pytest

from gateway.domain.visibility import Role
from gateway.web.live_presence import Presence
from gateway.web.pages.routes import page_routes
from gateway.web.pages.templates import Templates
from gateway.web.state import Limits
from tests.web.client import Client
from tests.web.conftest import Phone, Serve, World
from tests.web.test_roles import everything_of
from tests.web.test_sign_in import Browser

Phones = Callable[..., Phone]
SECRETS = ("Quist", "A secret", "Zebulon Q")
# Doors that stand open, the stream that never ends, and what would sign the browser out.
LEFT_OUT = {"/logout", "/login", "/login/code", "/invitation/{secret}", "/static/{path:.+}", "/sw.js", "/live"}
CHOICES = {
    "id": "-", "menu": "snooze", "verb": "claim", "table": "days", "count": "1", "source": "-", "plugin": "-",
    "path": "-", "workspace": "-", "address": "-", "list": "-", "delivery": "-", "run": "-",
}  # fmt: skip
RULE = {"name": "Away", "when": "conversation_completed", "then": [{"type": "archive"}]}
POLL = {"name": "P", "question": "Q?", "choices": [{"label": "A"}, {"label": "B"}]}
LEAK = {"name": "Leak", "body": "{{ contact.name | default: 'nobody' }}"}


async def browser_of(world: World, admin: Client, email: str, role: Role = Role.AGENT) -> Browser:
    """Somebody new in a browser of theirs."""
    link = (await admin.made("/users/invitations", {"role": str(role), "email": email}))["url"]
    made = Browser(world.nobody())
    assert (await made.accept(link, email)).status == 303
    await made.learn_csrf()
    return made


async def ask(browser: Browser, method: str, path: str, **more: object) -> tuple[int, str, str]:
    """Status, text and problem; cookies that a page sets beside the session's are not kept."""
    cookie = browser.cookie
    reply = await browser.ask(method, f"/api/..{path}", **more)
    browser.cookie = cookie
    return reply.status, reply.text, reply.headers.get("X-Problem", "")


def pages(method: str) -> list[str]:
    found = (route for route in page_routes(Templates(), Presence(monotonic)) if route.path not in LEFT_OUT)
    return [route.path for route in found if route.method == method]


async def hidden(admin: Client, owner: Client, phone: Phones) -> dict[str, str]:
    """Ids of a contact and of what hangs on them, which only their owner may see."""
    await admin.patch("/workspace", {"policy": {"visibility": "owner"}})
    contact = phone("+12025550166")
    await contact.text("A secret")
    conversation = await contact.conversation()
    assert (await owner.post(f"/conversations/{conversation['id']}/claim")).status == 200
    assert (await owner.patch(f"/contacts/{conversation['contact']['id']}", {"name": "Zebulon Quist"})).status == 200
    return await everything_of(owner, conversation)


def filled(path: str, ids: Mapping[str, str]) -> str:
    """An address with the ids of what is there; what else it names is something harmless."""
    first = path.split("/")[1].removesuffix("s")
    known = {**CHOICES, "id": ids.get(f"{first}_id", "-"), "address": ids.get("address_id", "-")}
    return re.sub(r"\{(\w+)(?::(?:[^{}]|\{[^}]*\})*)?\}", lambda found: known[found[1]], path)


async def test_what_p4_hides_is_on_no_page(world: World, admin: Client, agent: Client, phone: Phones) -> None:
    ids = await hidden(admin, agent, phone)
    eve = await browser_of(world, admin, "eve@team.example")
    searched = ("q=Zebulon", "q=5550166&view=all", f"to=%2B12025550166&message={ids['message_id']}&view=all")
    for path, query, by in itertools.product(pages("GET"), searched, ("", "true")):
        status, text, _ = await ask(eve, "GET", f"{filled(path, ids)}?{query}", headers={"HX-Request": by})
        assert status < 500, f"{path}?{query}: {text}"
        assert not [one for one in SECRETS if one in text], f"{path}?{query}"
        assert "{id}" not in path or status in {403, 404}, f"{path}: {status}"


async def test_what_p4_hides_is_changed_by_no_form(world: World, admin: Client, agent: Client, phone: Phones) -> None:
    ids = await hidden(admin, agent, phone)
    eve = await browser_of(world, admin, "eve@team.example")
    mine = await eve.ask("POST", "/templates", body={**LEAK, "shared": False}, headers={"X-CSRF-Token": eve.csrf})
    assert mine.status == 201, mine.text
    form = {"csrf": eve.csrf, "to": "+12025550166", "template": mine["id"], "body": LEAK["body"], "merge": "1"}
    form |= {
        "into": ids["contact_id"],
        "value": "+12025550169",
        "name": "Eve's",
        "conversation": ids["conversation_id"],
    }
    before = await admin.get(f"/contacts/{ids['contact_id']}")
    for path in pages("POST"):
        status, text, _ = await ask(eve, "POST", filled(path, ids), data=form, headers={"HX-Request": "true"})
        assert status < 500, f"{path}: {text}"
        assert not [one for one in SECRETS if one in text], f"{path}: {text}"
        if path.startswith(("/contacts/", "/conversations/{", "/messages/", "/threads/")):
            assert status in {403, 404}, f"{path}: {status}"
    assert (await admin.get(f"/contacts/{ids['contact_id']}")).body == before.body
    assert (await ask(eve, "POST", "/new/template", data=form))[0] == 409, "not even whether the contact has a name"


async def test_no_form_is_taken_without_its_token(world: World, admin: Client, agent: Client, phone: Phones) -> None:
    ids = await hidden(admin, agent, phone)
    root = await browser_of(world, admin, "root@team.example", Role.ADMINISTRATOR)
    there = {
        "/settings/gateways": (await admin.get("/gateways"))["items"][0]["id"],
        "/settings/numbers": (await admin.get("/senders"))["items"][0]["id"],
        "/settings/people": (await root.ask("GET", "/users/me"))["id"],
        "/settings/people/groups": (await admin.made("/groups", {"name": "Night"}))["id"],
        "/settings/pools": (await admin.made("/pools", {"name": "Front"}))["id"],
        "/settings/webhooks": (await admin.made("/webhooks", {"url": "https://a.example/hook", "events": ["*"]}))["id"],
        "/settings/keywords": (await admin.made("/keywords", {"words": ["A"], "answer": "B"}))["id"],
        "/settings/forms": (await admin.made("/forms", {"name": "F", "questions": [{"text": "A?"}]}))["id"],
        "/settings/polls": (await admin.made("/polls", POLL))["id"],
        "/settings/automations": (await admin.made("/automations", RULE))["id"],
        "/settings/tags": (await admin.made("/tags", {"name": "vip"}))["id"],
    }
    for section, noun in (
        ("templates", "templates"),
        ("quick/replies", "quick-replies"),
        ("quick/notes", "quick-notes"),
    ):
        made = await admin.made(f"/{noun}", {"name": "a", "body": "b", "shared": True})
        there[f"/settings/{section}"] = made["id"]
    for path, more in itertools.product(
        pages("POST"), ({}, {"X-CSRF-Token": "wrong"}, {"Origin": "https://a.example"})
    ):
        at, _, rest = path.partition("/{id}")
        named = f"{at}/{there[at]}{rest}" if at != path and at in there else path
        address = filled(re.sub(r"\{verb:(\w+)[^}]*\}", r"\1", named), ids)
        status, _, problem = await ask(root, "POST", address, data={"csrf": "wrong"}, headers=more)
        assert (status, problem in {"csrf", "cross-site"}) == (403, True), f"{address}: {status} {problem}"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"garbage"),
        ("multipart/form-data", b"garbage"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nhi\r\n--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: y\r\n\r\nhi\r\n--x--\r\n',
        ),
        ("application/x-www-form-urlencoded; charset=bogus", b"email=a"),
        ("application/x-www-form-urlencoded", b"email=\xff\xfe"),
    ],
)
async def test_a_form_that_is_none_is_no_mishap(world: World, kind: str, body: bytes) -> None:
    nobody = Browser(world.nobody())
    assert (await nobody.ask("POST", "/login", data=body, headers={"Content-Type": kind})).status == 400


async def test_numbers_and_signs_nobody_types_are_no_mishap(world: World, admin: Client) -> None:
    root = await browser_of(world, admin, "root@team.example", Role.ADMINISTRATOR)
    told = {"csrf": root.csrf, "address": "root@team.example"}
    for wrong in ({"digest": "\u00b2"}, {"digest": "9" * 5000}, {"digest": "2", "quiet_from": "\u00b2:00"}):
        status, text, _ = await ask(root, "POST", "/settings/notifications", data={**told, **wrong})
        assert status in {303, 422}, text
    for path in ("/settings/templates/new?suggested=" + "9" * 5000, "/statistics?from=0001-01-01&to=0001-01-01"):
        assert (await ask(root, "GET", path))[0] in {200, 422}
    for days in ("from=0001-01-01&to=0001-01-02", "from=9999-12-31&to=9999-12-31"):
        assert (await admin.get(f"/stats/summary?{days}")).status == 422
    assert (await ask(root, "POST", "/settings/tags/new", data={"csrf": root.csrf, "name": "v\0ip", "colour": "blue"}))[
        0
    ]
    assert [one["name"] for one in (await admin.get("/tags"))["items"]] == ["vip"], "PostgreSQL takes no NUL"
    file = b'--x\r\nContent-Disposition: form-data; name="ids"; filename="a"\r\n\r\nhi\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x", "X-CSRF-Token": root.csrf}
    assert (await ask(root, "POST", "/conversations/bulk/tags", data=file, headers=headers))[0] == 303


async def test_pages_have_their_rate(serve_here: Serve) -> None:
    """Ten seconds' worth at once, then no more: a page says so, a script is told so, and others notice nothing."""
    world = await serve_here(limits=Limits(page_rate=0.5))
    world.state.auth.page_rate.monotonic = lambda: 0.0
    admin = await world.someone(Role.ADMINISTRATOR)
    eve, tom = await browser_of(world, admin, "eve@team.example"), await browser_of(world, admin, "tom@team.example")
    statuses = [(await ask(eve, "GET", "/statistics"))[0] for _ in range(6)]
    assert statuses == [200] * 4 + [429] * 2, "the first of five was asked for at sign-in"
    assert "Not so fast" in (await ask(eve, "GET", "/settings/account"))[1]
    slowed = await eve.ask("GET", "/api/../inbox/list", headers={"HX-Request": "true"})
    assert (slowed.status, slowed.text, int(slowed.headers["Retry-After"]) >= 1) == (429, "", True)
    assert (await ask(tom, "GET", "/statistics"))[0] == 200
