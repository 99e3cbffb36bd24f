"""Files of a message: as addresses or as bytes, whichever the channel takes; and files that a link leads to."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.core.commands.media_files import StoreMedia
from gateway.core.commands.settings import UpdateSender
from gateway.domain.model import Media, Message, Work
from gateway.domain.settings import Sender
from gateway.domain.status import Status
from gateway.host.http import GatewayHttp
from gateway.host.http_sessions import HttpSessions
from gateway.host.media_links import MediaTicket
from gateway.host.reachable import Reachable
from gateway.workers.chores import ChoreFailed
from gateway.workers.media import MediaFetcher
from tests.workers.stage import Stage


@pytest.fixture(autouse=True)
async def enabled(stage: Stage) -> None:
    """Its numbers may send MMS."""
    core = stage.host.core
    for sender in await core.all(Sender):
        await core.writer.execute(UpdateSender(sender.id, mms_enabled=True), core.admin)


async def stored(stage: Stage, content: bytes = b"\xff\xd8\xffpicture") -> int:
    core, blob = stage.host.core, await stage.blobs.put(content)
    return await core.writer.execute(StoreMedia("image/jpeg", len(content), "lamp.jpg", blob), core.admin)


async def test_a_provider_is_told_where_to_fetch_it(stage: Stage) -> None:
    media_id = await stored(stage)
    await stage.say("Look", media_ids=(media_id,), channel="mms")
    await stage.rounds()
    [outbound] = stage.provider.got
    [reference] = outbound.media
    assert (reference.content, reference.content_type, reference.name) == (None, "image/jpeg", "lamp.jpg")
    assert reference.url is not None
    name = urlsplit(reference.url).path.rpartition("/")[2]
    assert stage.links.read(name) == MediaTicket(stage.host.core.workspace_id, media_id)


async def test_a_channel_that_takes_files_gets_them(stage: Stage) -> None:
    stage.provider.takes_files = True
    media_ids = (await stored(stage, b"one"), await stored(stage, b"two"))
    await stage.say("Look", media_ids=media_ids, channel="mms")
    await stage.rounds()
    assert [(one.content, one.url) for one in stage.provider.got[0].media] == [(b"one", None), (b"two", None)]


async def test_a_file_that_is_gone_fails_the_message_and_nothing_leaves(stage: Stage) -> None:
    stage.provider.takes_files = True
    media_id = await stored(stage)
    message = await stage.say("Look", media_ids=(media_id,), channel="mms")
    [media] = await stage.host.core.all(Media)
    await stage.blobs.delete(media.blob)
    await stage.rounds()
    failed = await stage.message(message)
    assert (failed.status, failed.error_message) == (
        Status.FAILED,
        "A file of this message is not there any more: lamp.jpg.",
    )
    assert stage.provider.got == []


@pytest.fixture
async def elsewhere() -> AsyncIterator[TestServer]:
    """A site that pictures are linked from."""

    async def photo(request: web.Request) -> web.Response:
        return web.Response(body=b"GIF89a", content_type="image/gif")

    async def program(request: web.Request) -> web.Response:
        return web.Response(body=b"MZ\x90\0\x03", content_type="image/gif")

    app = web.Application()
    app.router.add_get("/photo", photo)
    app.router.add_get("/program", program)
    server = TestServer(app, host="127.0.0.1")
    async with server:
        yield server


@pytest.mark.parametrize(("path", "allowed"), [("/photo", True), ("/photo", False), ("/program", True)])
async def test_a_link_is_fetched_before_the_message_leaves(
    stage: Stage, elsewhere: TestServer, path: str, allowed: bool
) -> None:
    core = stage.host.core
    message = await stage.say("Look", media_urls=(str(elsewhere.make_url(path)),), channel="mms")
    await stage.rounds()
    assert stage.provider.got == []

    sessions = HttpSessions(Reachable(["127.0.0.1"] if allowed else []))
    http = GatewayHttp(sessions, lambda direction, summary, detail=None: None, stage.host.moment)
    fetcher = MediaFetcher(core.database, core.writer.execute, stage.host.channels, stage.blobs, http)
    [work] = [one for one in await core.all(Work) if one.kind == "media"]
    if allowed:
        await fetcher.fetch(work)
    else:
        with pytest.raises(ChoreFailed, match="not a public address"):
            await fetcher.fetch(work)
        await fetcher.give_up(work)
    await sessions.close()
    core.clock.forward(10_000)
    await stage.rounds()
    fine = allowed and path == "/photo"
    assert await outcome(stage, message) == ((Status.SENT, ["image/gif"]) if fine else (Status.FAILED, []))
    if path == "/program":
        assert (await stage.message(message)).error_code == "media-type", "what a link leads to is known only now"


async def outcome(stage: Stage, message: Message) -> tuple[Status, list[str]]:
    kinds = [one.content_type for outbound in stage.provider.got for one in outbound.media]
    return (await stage.message(message)).status, kinds
