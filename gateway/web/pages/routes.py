"""Every address of the Messenger's pages. The composition root hands them to `web.server.build`.

    templates = Templates()
    build(..., pages=page_routes(templates, Presence(monotonic)), show_problem=show_problem(templates))

and makes `AppState.live` a `LiveHub` with `web.live.encode` and `web.live.encode_gone`.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from gateway.web.live import LivePages
from gateway.web.live_presence import Presence
from gateway.web.pages import (
    account,
    action_pages,
    compose_pages,
    contact_pages,
    inbox_pages,
    new_pages,
    phone_pages,
    thread_pages,
)
from gateway.web.pages.desk import Handler, show_problem, signed_page
from gateway.web.pages.static_files import serve_static
from gateway.web.pages.templates import Templates

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]

__all__ = ["page_routes", "show_problem"]


def page_routes(templates: Templates, presence: Presence) -> list[web.RouteDef]:
    """The routes, in the order in which they are tried."""

    def signed(handler: Handler) -> Serve:
        return signed_page(handler, templates)

    doors = account.Doors(templates)
    live = LivePages(presence)
    return [
        web.get("/static/{path:.+}", serve_static),
        web.get("/login", doors.show_login),
        web.post("/login", doors.log_in),
        web.post("/logout", doors.log_out),
        web.get("/invitation/{secret}", doors.show_invitation),
        web.post("/invitation/{secret}", doors.accept_invitation),
        web.post("/account/availability", signed(account.set_availability)),
        web.get("/live", signed(live.stream)),
        web.get("/live/me", signed(live.who)),
        web.post("/live/presence", signed(live.present)),
        *_list_routes(signed),
        *_thread_routes(signed),
        web.get("/phone", signed(phone_pages.show_phones)),
        web.post("/phone/network", signed(phone_pages.set_network)),
    ]


def _list_routes(signed: Callable[[Handler], Serve]) -> list[web.RouteDef]:
    return [
        web.get("/", signed(inbox_pages.show_home)),
        web.get("/conversations", signed(inbox_pages.show_inbox)),
        web.get("/inbox/list", signed(inbox_pages.show_list)),
        web.get("/inbox/rows", signed(inbox_pages.show_rows)),
        web.get("/inbox/changed", signed(inbox_pages.show_changed)),
        web.get("/jump", signed(contact_pages.show_jumps)),
        web.get("/new", signed(new_pages.show_new)),
        web.post("/new", signed(new_pages.send)),
        web.get("/new/form", signed(new_pages.show_form)),
        web.get("/new/people", signed(new_pages.show_people)),
        web.post("/new/preview", signed(new_pages.count)),
        web.post("/new/send", signed(new_pages.send)),
        web.post("/conversations/read-all", signed(action_pages.read_all)),
    ]


def _thread_routes(signed: Callable[[Handler], Serve]) -> list[web.RouteDef]:
    conversation = "/conversations/{id}"
    return [
        web.get(conversation, signed(inbox_pages.show_conversation)),
        web.get(f"{conversation}/pane", signed(thread_pages.show_pane)),
        web.get(f"{conversation}/older", signed(thread_pages.show_older)),
        web.get(f"{conversation}/news", signed(thread_pages.show_news)),
        web.get(f"{conversation}/composer", signed(thread_pages.show_composer)),
        web.get(f"{conversation}/readonly", signed(thread_pages.show_readonly)),
        web.get(f"{conversation}/menu/{{menu}}", signed(thread_pages.show_menu)),
        web.post(f"{conversation}/messages", signed(compose_pages.send)),
        web.post(f"{conversation}/notes", signed(compose_pages.add_note)),
        web.post(f"{conversation}/{{verb}}", signed(action_pages.act)),
        web.post("/threads/{id}/preview", signed(compose_pages.count)),
        web.post("/threads/{id}/draft", signed(compose_pages.save_draft)),
        web.post("/threads/{id}/template", signed(compose_pages.fill_template)),
        web.post("/messages/{id}/retry", signed(action_pages.retry)),
        web.post("/messages/{id}/cancel", signed(action_pages.cancel)),
        web.post("/contacts/{id}", signed(contact_pages.save)),
        web.post("/contacts/{id}/unsubscribe", signed(contact_pages.unsubscribe)),
    ]
