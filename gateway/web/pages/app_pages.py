"""What makes the Messenger an app: its service worker, what an alert says, and the numbers on its icon."""

import json
from typing import Final

from aiohttp import web

from gateway.core.alerts import Alert, alert_of, concerns
from gateway.storage.push_reads import arrival
from gateway.storage.session import Session
from gateway.storage.totals import view_totals
from gateway.storage.unread import unread_of
from gateway.web.pages.desk import Desk
from gateway.web.pages.questions import sight
from gateway.web.pages.static_files import FOLDER

_WORKER: Final = FOLDER / "js" / "sw.js"


async def serve_worker(request: web.Request) -> web.StreamResponse:
    """The service worker, at the root: it may only look after what is below its own address."""
    return web.FileResponse(_WORKER, headers={"Content-Type": "text/javascript", "Cache-Control": "no-cache"})


async def show_alert(desk: Desk) -> web.StreamResponse:
    """What a page should say of a message that just came in; 204 when it's not this person's to be told of."""
    message_id = desk.parse(desk.request.query.get("message", ""), "msg")
    user = desk.view.users.get(desk.signed.user.id, desk.signed.user)

    def read(session: Session) -> Alert | None:
        found = arrival(session, desk.workspace_id, message_id)
        if found is None or not concerns(desk.view, user, found):
            return None
        unread = unread_of(session, desk.workspace_id, user.id, [found.thread.id]).get(found.thread.id, 0)
        return alert_of(found, unread) if unread else None

    alert = await desk.read(read)
    if alert is None:
        return web.Response(status=204)
    told = {"title": alert.title, "body": alert.body, "url": alert.url, "tag": alert.tag}
    return web.Response(text=json.dumps(told), content_type="application/json")


async def show_unread(desk: Desk) -> web.StreamResponse:
    """How much is unread in the inbox, for the rail, the title and the app's icon on pages without a list."""
    totals = await desk.read(lambda session: view_totals(session, sight(desk)))
    return web.Response(text=json.dumps({"unread": totals.unread_messages}), content_type="application/json")
