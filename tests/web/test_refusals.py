"""Every way a request can be wrong, at its limit and beside it."""

import json
from io import BytesIO

from tests.web.client import Client, Reply
from tests.web.conftest import World

JSON = {"Content-Type": "application/json"}


def check_problem(reply: Reply, status: int) -> None:
    assert reply.status == status, reply.text
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert set(reply.body) == {"type", "title", "status", "detail", "errors"}
    assert reply["status"] == status
    assert reply["detail"]


def nested(levels: int) -> bytes:
    """A tag whose unknown field nests so deep that, with the object itself, there are `levels`."""
    return b'{"name":"x","more":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


BODIES = [
    ("empty", b"", 400),
    ("blank", b"   ", 400),
    ("cut", b"{", 400),
    ("NaN", b'{"name": NaN}', 400),
    ("Infinity", b'{"name": Infinity}', 400),
    ("number out of range", b'{"name": 1e999}', 400),
    ("64 bits", b'{"name": 9223372036854775808}', 400),
    ("63 bits", b'{"name": 9223372036854775807}', 422),
    ("lone surrogate", b'{"name": "\\ud800"}', 400),
    ("no UTF-8", b'{"name": "\xff"}', 400),
    ("NUL", b'{"name": "a\\u0000b"}', 422),
    ("no object", b'["name"]', 422),
    ("a string", b'"name"', 422),
    ("null", b"null", 422),
    ("nothing in it", b"{}", 422),
    ("wrong type", b'{"name": 5}', 422),
    ("a field one may not set", b'{"name": "x", "workspace_id": "wsp_0"}', 422),
    ("32 levels", nested(32), 422),
    ("33 levels", nested(33), 400),
    ("100,000 levels", b"[" * 100_000, 400),
    ("100,000 characters", json.dumps({"name": "x", "more": "a" * 100_000}).encode(), 422),
    ("100,001 characters", json.dumps({"name": "x", "more": "a" * 100_001}).encode(), 400),
    ("1 MiB", b'{"name": "' + b" " * (1024 * 1024 - 12) + b'"}', 400),
    ("1 MiB and a byte", b'{"name": "' + b" " * (1024 * 1024 - 11) + b'"}', 413),
]


async def test_json(admin: Client) -> None:
    """On one server, one after the other: what is refused leaves nothing behind that the next could trip over."""
    for name, content, status in BODIES:
        reply = await admin.post("/tags", data=BytesIO(content), headers=JSON)
        assert reply.status == status, f"{name}: {reply.text[:300]}"
        check_problem(reply, status)


async def test_another_content_type_is_415(admin: Client) -> None:
    for name in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", ""):
        check_problem(await admin.post("/tags", data=b'{"name": "x"}', headers={"Content-Type": name}), 415)


PATHS = [
    ("GET", "/nothing", 404),
    ("GET", "/api/nothing", 404),
    ("PUT", "/messages", 405),
    ("DELETE", "/workspace", 405),
    ("GET", "/conversations/cnv_0000000000000", 404),
    ("GET", "/conversations/thr_0000000000000", 404),
    ("GET", "/conversations/%00", 404),
    ("GET", "/messages/msg_0", 404),
    ("GET", "/contacts/..%2f..", 404),
    ("GET", "/conversations?view=everything", 422),
    ("GET", "/conversations?limit=0", 422),
    ("GET", "/conversations?limit=201", 422),
    ("GET", "/conversations?limit=many", 422),
    ("GET", "/conversations?cursor=invented", 422),
    ("GET", "/conversations?colour=red", 422),
    ("GET", "/conversations?sort=colour", 422),
    ("GET", "/conversations?q=%00", 422),
    ("GET", "/tags?cursor=W10", 422),
    ("GET", "/events?wait=61", 422),
    ("GET", "/events?after=-1", 422),
    ("GET", "/events?types=no%20type", 422),
    ("PUT", "/threads/by-address/phone/nobody", 422),
    ("PUT", "/threads/by-address/fax/%2B12025550177", 404),
    ("PUT", "/threads/by-address/phone/%00", 404),
]


async def test_paths_and_queries(admin: Client) -> None:
    for method, path, status in PATHS:
        reply = await admin.ask(method, path)
        assert reply.status == status, f"{method} {path}: {reply.status} {reply.text}"
        check_problem(reply, status)
        assert (status == 405) == ("Allow" in reply.headers)


async def test_the_ends_of_a_page_size_are_taken(admin: Client) -> None:
    for limit in (1, 200):
        assert (await admin.get(f"/conversations?limit={limit}")).status == 200


async def test_a_wrong_token_is_401(world: World) -> None:
    for token in ("", "Bearer ", "Bearer oth_wrong", "Basic YTpi", "oth_", "Bearer \xff"):
        reply = await world.nobody().get("/tags", headers={"Authorization": token})
        check_problem(reply, 401)
        assert reply.headers["WWW-Authenticate"] == "Bearer"


async def test_lists_go_on_where_they_ended(admin: Client) -> None:
    names = [f"tag {number:02}" for number in range(7)]
    for name in names:
        await admin.made("/tags", {"name": name})
    seen, cursor = [], ""
    while True:
        page = await admin.get(f"/tags?limit=3{cursor}")
        seen += [tag["name"] for tag in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == names


async def test_no_answer_lets_a_browser_guess_or_frame(admin: Client) -> None:
    for path in ("/tags", "/api/docs", "/-/health", "/login"):
        headers = (await admin.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "Referrer-Policy" in headers
        assert "Server" not in headers
