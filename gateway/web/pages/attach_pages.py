"""What goes into a message: emoji, and files from a link, from the team's library, from a plugin's source."""

import json

from aiohttp import web

from gateway.core.errors import invalid
from gateway.domain.model import Media
from gateway.domain.visibility import Permission
from gateway.host.plugin_web import NotServed
from gateway.storage.media_reads import library
from gateway.web import guard, problems
from gateway.web.pages.attachments import attachment, offer
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.emoji import EMOJI
from gateway.web.uploads import keep_link

MOST_SHOWN = 60


async def attach_link(desk: Desk) -> web.StreamResponse:
    """Fetches what a link leads to, and keeps it to be sent."""
    form = await desk.form()
    guard.require(desk.signed, Permission.REPLY)
    media = await keep_link(desk.state, desk.caller, form.get("url", "")[:2000])
    return web.Response(text=json.dumps(_told(desk, media)), content_type="application/json")


def _told(desk: Desk, media: Media) -> dict[str, object]:
    one = attachment(media, desk.language)
    return {"id": one.id, "name": one.name, "size": one.size, "src": one.src, "image": one.image}


async def show_emoji(desk: Desk) -> web.StreamResponse:
    """Every emoji there is to choose from; the same for all, so a browser may keep it for a day."""
    return html(desk.pieces("emoji_list", emoji=EMOJI), headers={"Cache-Control": "private, max-age=86400"})


async def show_library(desk: Desk) -> web.StreamResponse:
    """The team's files, newest first."""
    found = await desk.read(lambda session: library(session, desk.workspace_id, limit=MOST_SHOWN))
    return html(desk.pieces("media_grid", offered=[attachment(one, desk.language) for one in found], empty_words=""))


async def search_source(desk: Desk) -> web.StreamResponse:
    """What a plugin's source finds. The pictures are fetched when one of them is chosen, and not before."""
    source, words = desk.request.match_info["source"], desk.request.query.get("q", "").strip()[:200]
    try:
        found = await desk.state.plugin_web.search_media(source, desk.workspace_id, words)
    except KeyError:
        raise problems.not_found("source") from None
    except NotServed:
        raise invalid("q", "This source does not answer. Try again later.") from None
    return html(desk.pieces("media_grid", offered=[offer(one) for one in found[:MOST_SHOWN]], empty_words=words))
