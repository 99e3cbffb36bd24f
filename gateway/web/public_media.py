"""Files for providers: `/media/{token}`. The signed token in the address is all the proof there is, and it ends."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from gateway.domain.model import Media
from gateway.host.media_links import PATH, MediaLinks, MediaTicket
from gateway.storage.records import MEDIA
from gateway.storage.session import Session
from gateway.web.files import file_answer
from gateway.web.problems import Problem, respond
from gateway.web.state import AppState

ROUTE = PATH + "{token}"


def handler(state: AppState) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """What a provider fetches. Forged, ended, erased and never there are all answered alike."""
    links = MediaLinks(state.secret_key, state.site.public_url, state.clock)

    async def handle(request: web.Request) -> web.StreamResponse:
        ticket = links.read(request.match_info["token"])
        try:
            media = None if ticket is None else await state.database.read(lambda session: _find(session, ticket))
            return await file_answer(state.blobs, media)
        except Problem as problem:
            return respond(problem)

    return handle


def _find(session: Session, ticket: MediaTicket) -> Media | None:
    return next(iter(MEDIA.by(session, ticket.workspace_id, "id", [ticket.media_id])), None)
