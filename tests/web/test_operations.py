"""For whoever runs it, and for providers: health, readiness, metrics, limits, links."""

import asyncio
import gzip
import json
import re
import sqlite3
import time
import zlib

import pytest

from gateway.domain.visibility import Role
from gateway.storage.sqlite import SqliteDatabase
from gateway.web.state import Limits
from tests.web.client import Client
from tests.web.conftest import Serve, World

KIB = 1024


async def test_alive_ready_and_counted(world: World, admin: Client) -> None:
    nobody = world.nobody()
    assert (await nobody.get("/-/health"))["status"] == "ok"
    ready = await nobody.get("/-/ready")
    assert (ready.status, ready["ready"]) == (200, True)
    assert ready["gateways"] == {"ok": 1, "degraded": 0, "down": 0, "paused": 0}
    await admin.made("/messages", {"to": "+12025550177", "body": "A secret body"})
    metrics = (await nobody.get("/-/metrics")).text
    assert 'onethread_api_requests_total{operation="send_message",status="202"} 1.0' in metrics
    for hidden in ("2025550177", "secret", admin.token or "-"):
        assert hidden not in metrics


async def test_who_leaves_in_the_middle_of_a_request_is_no_fault_of_ours(
    world: World, admin: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    gateway = (await admin.get("/gateways"))["items"][0]
    for path in ("/api/v1/messages", "/api/v1/media?name=a.txt", f"/c/{gateway['token']}/inbound"):
        host, port = world.url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        kind = "text/plain" if "media" in path else "application/json"
        head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {admin.token}\r\n"
        writer.write(f'{head}Content-Type: {kind}\r\nContent-Length: 1000\r\n\r\n{{"body": "cut'.encode())
        await writer.drain()
        assert (await admin.get("/-/health")).status == 200, "what was written before has been met"
        writer.transport.abort()
    async with asyncio.timeout(60):
        while metrics := (await world.nobody().get("/-/metrics")).text:
            left = [
                f'requests_total{{operation="{name}",status="400"}} 1.0' for name in ("send_message", "upload_media")
            ]
            if all(one in metrics for one in left):
                break
    assert not re.search('status="5..".* [1-9]', metrics)
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err


async def test_a_provider_is_answered_without_ceremony(world: World, admin: Client) -> None:
    gateway = (await admin.get("/gateways"))["items"][0]
    inbound = {"from": "+12025550155", "to": "+12025550100", "body": "Hello"}
    path = f"/c/{gateway['token']}/inbound"
    reply = await world.nobody().post(path, inbound, headers={"Host": "whatever.example"})
    assert reply.status == 200
    assert "Content-Security-Policy" not in reply.headers
    assert (await world.nobody().post("/c/no-such-token/inbound", inbound)).status == 404
    outbox = await world.nobody().get(f"/c/{gateway['token']}/outbox")
    assert outbox.status == 200


async def test_what_cannot_be_parsed_is_kept_and_acknowledged(world: World, admin: Client) -> None:
    token = (await admin.get("/gateways"))["items"][0]["token"]
    whole = {"from": "+12025550177", "to": "+12025550100", "body": "Hello"}
    for content in (b"rubbish", b"[]", b'{"from": 12}', json.dumps({**whole, "body": None}).encode()):
        for query in ("", "?some=query"):
            reply = await world.nobody().post(f"/c/{token}/inbound{query}", data=content)
            assert reply.status == 200, reply.text
    metrics = (await world.nobody().get("/-/metrics")).text
    assert 'onethread_webhooks_total{outcome="unparsed",plugin="simulator"} 8.0' in metrics


async def test_a_webhook_may_have_256_kib(world: World, admin: Client) -> None:
    gateway = (await admin.get("/gateways"))["items"][0]
    path = f"/c/{gateway['token']}/inbound"
    for size, status in ((256 * KIB, 200), (256 * KIB + 1, 413)):
        start = b'{"from": "+12025550155", "to": "+12025550100", "body": "Hello"'
        body = start + b" " * (size - len(start) - 1) + b"}"
        assert (await world.nobody().post(path, data=body)).status == status, size


async def test_packed_bodies_are_refused_and_cost_nothing(world: World, admin: Client) -> None:
    """Two megabytes would be two gigabytes of zeros: they are never unpacked, not even to be thrown away."""
    gateway = (await admin.get("/gateways"))["items"][0]
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(600)) + packer.flush()
    honest = gzip.compress(b'{"from": "+12025550155", "to": "+12025550100", "body": "Hello"}')
    before = time.process_time()
    for path in (f"/c/{gateway['token']}/inbound", "/api/v1/messages", "/login", "/nothing-here", "/-/health"):
        for body in (honest, bomb):
            packed = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
            reply = await admin.post(path, data=body, headers=packed)
            assert reply.status in (400, 401, 403, 404, 405, 413, 415, 422), (path, reply.status)
    assert (await world.nobody().get("/-/health")).status == 200
    assert time.process_time() - before < 3
    assert (await admin.get("/conversations?view=all"))["items"] == []


async def test_a_token_has_its_rate(serve_here: Serve) -> None:
    world = await serve_here(limits=Limits(api_rate=0.01))
    admin, other = await world.someone(Role.ADMINISTRATOR), await world.someone(Role.AGENT)
    assert (await admin.get("/tags")).status == 200
    slowed = await admin.get("/tags")
    assert slowed.status == 429
    assert int(slowed.headers["Retry-After"]) >= 1
    assert (await other.get("/tags")).status == 200


async def test_links_come_from_the_public_url_not_from_a_header(serve_here: Serve) -> None:
    world = await serve_here(public_url="https://desk.example")
    admin = await world.someone(Role.ADMINISTRATOR)
    foreign = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    gateway = (await admin.get("/gateways", headers=foreign))["items"][0]
    assert gateway["urls"]["inbound"] == f"https://desk.example/c/{gateway['token']}/inbound"
    invited = await admin.post("/users/invitations", {"role": "agent"}, headers=foreign)
    assert invited["url"].startswith("https://desk.example/")


async def test_while_the_database_is_locked_nothing_is_half_done(world: World, admin: Client) -> None:
    """Another process holds the write lock for longer than anybody waits: 503 with Retry-After, and then it goes on."""
    message = {"to": "+12025550177", "body": "Hello"}
    database = world.state.database
    assert isinstance(database, SqliteDatabase)
    other = sqlite3.connect(database.path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        refused = await admin.post("/messages", message)
        assert (refused.status, "Retry-After" in refused.headers) == (503, True)
        other.execute("ROLLBACK")
    finally:
        other.close()
    assert (await admin.get("/conversations?view=all"))["items"] == []
    assert (await admin.post("/messages", message)).status == 202
