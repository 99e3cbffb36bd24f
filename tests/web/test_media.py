"""Uploads: told by their bytes, handed out so that no browser runs them, seen by whoever sees their message."""

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from gateway.domain.visibility import Role
from gateway.host.sniff import content_type_of
from tests.web.client import Client, Reply
from tests.web.conftest import Serve, World

MIB = 1024 * 1024


def picture(width: int = 4, height: int = 4) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "PNG")
    return out.getvalue()


async def upload(
    client: Client, content: bytes, name: str = "a.png", kind: str = "image/png", key: str | None = None
) -> Reply:
    form = aiohttp.FormData()
    form.add_field("file", BytesIO(content), filename=name, content_type=kind)
    return await client.post("/media", data=form, headers={"Idempotency-Key": key} if key else {})


@pytest.mark.parametrize(
    ("content", "declared", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "text/html", "image/png"),
        (b"GIF89a=1;alert(1)", "application/javascript", "image/gif"),
        (b"<html><script>alert(1)</script>", "text/html", "text/plain"),
        (b"<svg xmlns='x' onload='alert(1)'/>", "image/svg+xml", "text/plain"),
        (b"%PDF-1.7", None, "application/pdf"),
        (b"PK\x03\x04....", None, "application/zip"),
        (b"PK\x03\x04....", "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        (b"PK\x03\x04....", "text/html", "application/zip"),
        (b"\0\0\0\x18ftypheic", "image/heic", "image/heic"),
        (b"\0\0\0\x18ftyp3gp4", "video/mp4", "video/3gpp"),
        (b"name,age\nAda,36\n", "text/csv; charset=utf-8", "text/csv"),
        (b"name,age\nAda,36\n", "text/csv\r\nSet-Cookie: x", "text/plain"),
        (b"MZ\x90\0\x03", "image/png", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, declared: str | None, kind: str) -> None:
    assert content_type_of(content, declared) == kind


async def test_an_upload_comes_back_to_be_kept_not_run(admin: Client) -> None:
    content = picture()
    made = await upload(admin, content, '../../"evil".png')
    assert made.status == 201, made.text
    assert (made["content_type"], made["size"]) == ("image/png", len(content))
    assert "/" not in made["name"]
    async with admin.http.get(
        f"{admin.url}{made['url']}", headers={"Authorization": f"Bearer {admin.token}"}
    ) as response:
        assert response.status == 200
        assert await response.read() == content
        headers = response.headers
    assert headers["Content-Type"] == "image/png"
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["Content-Security-Policy"].startswith("sandbox")
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_what_is_refused(admin: Client) -> None:
    assert (await upload(admin, b"")).status == 422
    assert (await upload(admin, b"\x89PNG\r\n\x1a\nnot really")).status == 422
    assert (await upload(admin, picture(9000, 9000))).status == 422, "81 million pixels"
    assert (await admin.post("/media", {"file": "x"})).status == 415
    form = aiohttp.FormData({"other": "x"})
    form.add_field("image", b"x", filename="a.png")
    assert (await admin.post("/media", data=form)).status == 422


async def test_the_limit_and_a_byte_more(serve_here: Serve) -> None:
    from gateway.web.state import Limits

    world = await serve_here(limits=Limits(upload=MIB))
    admin = await world.someone(Role.ADMINISTRATOR)
    assert (await upload(admin, b"a" * MIB, "a.txt")).status == 201
    assert (await upload(admin, b"a" * (MIB + 1), "a.txt")).status == 413


async def test_a_file_goes_out_with_its_message_and_is_seen_by_whoever_sees_that(world: World, admin: Client) -> None:
    await admin.patch("/workspace", {"policy": {"visibility": "owner"}})
    ann, ben = await world.someone(Role.AGENT), await world.someone(Role.AGENT)
    made = (await upload(ann, picture())).body
    path = f"/media/{made['id']}"
    assert (await ann.get(path)).status == 200
    assert (await ben.get(path)).status == 404
    sent: Any = await ann.made("/messages", {"to": "+12025550177", "body": "Look", "media": [made["id"]]})
    assert (sent["channel"], [one["id"] for one in sent["media"]]) == ("mms", [made["id"]])
    await ann.made(f"/conversations/{sent['conversation_id']}/claim", {})
    assert (await ben.get(path)).status == 404
    assert (await ben.get(f"{path}/content")).status == 404
    assert (await admin.get(path)).status == 200


async def test_what_no_phone_takes_is_refused_wherever_it_would_leave_by_mms(admin: Client) -> None:
    """Before anything is sent or paid for; mail takes any file."""
    program = (await upload(admin, b"MZ\x90\0\x03", "setup.exe", "image/png")).body
    card = (await upload(admin, b"BEGIN:VCARD\nEND:VCARD\n", "me.vcf", "text/vcard")).body
    message = {"to": "+12025550178", "body": "Look", "media": [program["id"]]}
    seen = await admin.post("/messages/preview", message)
    assert [(one["field"], one["code"]) for one in seen["refusals"]] == [("media", "media-type")]
    assert "setup.exe can't be sent by MMS" in seen["refusals"][0]["message"]
    later = {"send_at": "2099-01-01T00:00:00Z"}
    by_sms = {"channel": "sms", "media": [card["id"]]}
    assert (await admin.post("/messages", {**message, **by_sms}))["errors"][0]["field"] == "channel"
    for more in ({}, later, {"test": True}, {"media": [card["id"], program["id"]]}):
        refused = await admin.post("/messages", {**message, **more})
        assert (refused.status, refused["errors"][0]["field"]) == (422, "media"), refused.text
    campaign = {"name": "Setup", "body": "Hi", "media": [program["id"]], "channel": "mms"}
    refused = await admin.post("/campaigns", campaign)
    assert (refused.status, refused["errors"][0]["field"]) == (422, "media"), refused.text
    assert (await admin.post("/campaigns", {**campaign, "media": [card["id"]]})).status == 201
    assert (await admin.post("/messages", {**message, "media": [card["id"]]})).status == 202
    mail: Any = (await admin.get("/gateways"))["items"][0]
    await admin.made(
        "/senders", {"kind": "email", "value": "desk@shop.example", "gateway_ids": [mail["id"]], "label": "Desk"}
    )
    sent = await admin.post("/messages", {**message, "to": "ann@mail.example"})
    assert sent.status == 202, sent.text


async def test_a_form_that_is_none_is_malformed(admin: Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=cut"}
    begun = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    for content in (b"", b"nothing of the kind", begun, begun.replace(b"file", b"f\x01\x00e")):
        reply = await admin.post("/media", data=content, headers=headers)
        assert reply.status in {400, 422}, f"{content!r}: {reply.status} {reply.text[:300]}"


async def test_the_library_is_the_teams_and_an_upload_is_ones_own(world: World) -> None:
    agent, supervisor = await world.someone(Role.AGENT), await world.someone(Role.SUPERVISOR)
    form = aiohttp.FormData()
    form.add_field("file", BytesIO(picture()), filename="map.png", content_type="image/png")
    kept = await supervisor.post("/media?library=true", data=form)
    assert kept.status == 201, kept.text
    mine = (await upload(agent, picture(5, 5), "mine.png")).body
    assert [one["id"] for one in (await agent.get("/media"))["items"]] == [kept["id"]]
    assert (await agent.get(f"/media/{kept['id']}"))["name"] == "map.png"
    assert (await supervisor.get(f"/media/{mine['id']}")).status == 404
    assert (await supervisor.delete(f"/media/{mine['id']}")).status == 404
    assert (await agent.delete(f"/media/{kept['id']}")).status == 403
    assert (await agent.delete(f"/media/{mine['id']}")).status == 204
    assert (await agent.get(f"/media/{mine['id']}")).status == 404
    assert (await supervisor.delete(f"/media/{kept['id']}")).status == 204
    assert (await agent.get("/media"))["items"] == []


async def test_an_upload_with_a_key_is_one_file_however_often_it_is_sent(world: World, tmp_path: Path) -> None:
    """Nothing of the repeats stays behind, and a key means one file: its bytes, its name and where it goes."""
    agent = await world.someone(Role.AGENT)
    replies = await asyncio.gather(*(upload(agent, picture(), key="map-1") for _ in range(6)))
    assert {(one.status, one["id"]) for one in replies} == {(201, replies[0]["id"])}
    assert (await upload(agent, picture(), key="map-1")).text == replies[0].text
    for other in (upload(agent, picture(5, 5), key="map-1"), upload(agent, picture(), "b.png", key="map-1")):
        reply = await other
        assert (reply.status, reply["title"]) == (422, "Idempotency key reused"), reply.text
    assert (await upload(agent, b"", key="map-2")).status == 422
    again = await upload(agent, picture(), key="map-2")
    assert again.status == 201
    assert again["id"] != replies[0]["id"]
    assert len([one for one in (tmp_path / "data" / "media").rglob("*") if one.is_file()]) == 2
    assert (await agent.get(f"/media/{again['id']}")).body == again.body
