"""Every address of the Messenger's pages. The composition root hands them to `web.server.build`.

    templates = Templates()
    build(..., pages=page_routes(templates, Presence(monotonic)), show_problem=show_problem(templates))

and makes `AppState.live` a `LiveHub` with `web.live.encode` and `web.live.encode_gone`.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from gateway.web.live import LivePages
from gateway.web.live_presence import Presence
from gateway.web.pages import (
    account,
    action_pages,
    app_pages,
    ask_pages,
    attach_pages,
    bulk_pages,
    campaign_editor,
    campaign_pages,
    compose_pages,
    contact_card,
    contact_edits,
    contact_fates,
    contact_list,
    draft_pages,
    filter_pages,
    guide,
    icon_pages,
    import_pages,
    inbox_pages,
    jumps,
    list_pages,
    message_pages,
    new_pages,
    phone_pages,
    plugin_pages,
    statistics_pages,
    table_pages,
    thread_pages,
    view_pages,
    why,
)
from gateway.web.pages.desk import Handler, show_problem, signed_page
from gateway.web.pages.settings.routes import settings_routes
from gateway.web.pages.static_files import serve_static
from gateway.web.pages.templates import Templates

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]

_get = partial(web.route, "GET")
_post = partial(web.route, "POST")

__all__ = ["page_routes", "show_problem"]


def page_routes(templates: Templates, presence: Presence) -> list[web.RouteDef]:
    """The routes, in the order in which they are tried."""

    def signed(handler: Handler) -> Serve:
        return signed_page(handler, templates)

    doors = account.Doors(templates)
    live = LivePages(presence)
    return [
        _get("/static/{path:.+}", serve_static),
        _get("/sw.js", app_pages.serve_worker),
        _get("/guide", signed(guide.show_guide)),
        _post("/guide/skip", signed(guide.skip)),
        _get("/alerts/new", signed(app_pages.show_alert)),
        _get("/unread", signed(app_pages.show_unread)),
        _get("/login", doors.show_login),
        _post("/login", doors.log_in),
        _get("/login/oidc/{workspace}", doors.leave_for_provider),
        _get("/login/oidc/{workspace}/callback", doors.come_back),
        _get("/login/code", doors.show_code),
        _post("/login/code", doors.give_code),
        _post("/logout", doors.log_out),
        _get("/invitation/{secret}", doors.show_invitation),
        _post("/invitation/{secret}", doors.accept_invitation),
        _post("/account/switch", signed(account.switch_workspace)),
        _post("/account/availability", signed(account.set_availability)),
        _get("/live", signed(live.stream)),
        _get("/live/me", signed(live.who)),
        _post("/live/presence", signed(live.present)),
        *_list_routes(signed),
        *_thread_routes(signed),
        *_contact_routes(signed),
        *_outreach_routes(signed),
        *settings_routes(signed),
        _get("/statistics", signed(statistics_pages.show_statistics)),
        _get("/statistics/{table}.csv", signed(statistics_pages.show_csv)),
        _get("/phone", signed(phone_pages.show_phones)),
        _post("/phone/network", signed(phone_pages.set_network)),
        _get("/p/{plugin}/{path:.*}", signed(plugin_pages.show_page)),
    ]


def _list_routes(signed: Callable[[Handler], Serve]) -> list[web.RouteDef]:
    return [
        _get("/", signed(inbox_pages.show_home)),
        _get("/conversations", signed(inbox_pages.show_inbox)),
        _get("/conversations/table", signed(table_pages.show_table)),
        _get("/conversations/table.csv", signed(table_pages.export)),
        _get("/inbox/list", signed(inbox_pages.show_list)),
        _get("/inbox/rows", signed(inbox_pages.show_rows)),
        _get("/inbox/ids", signed(bulk_pages.name_all)),
        _get("/inbox/filter", signed(filter_pages.show_filter)),
        _get("/inbox/filtered", signed(filter_pages.apply_filter)),
        _get("/inbox/changed", signed(inbox_pages.show_changed)),
        _get(r"/icon/{count:\d{1,6}}.svg", signed(icon_pages.show_icon)),
        _post("/views", signed(view_pages.save)),
        _post("/views/{id}", signed(view_pages.change)),
        _post("/views/{id}/remove", signed(view_pages.remove)),
        _get("/jump", signed(jumps.show_jumps)),
        _get("/new", signed(new_pages.show_new)),
        _post("/new", signed(new_pages.send)),
        _get("/new/form", signed(new_pages.show_form)),
        _get("/new/people", signed(new_pages.show_people)),
        _get("/new/known", signed(new_pages.show_known)),
        _post("/new/preview", signed(new_pages.count)),
        _post("/new/template", signed(new_pages.fill_template)),
        _post("/new/send", signed(new_pages.send)),
        _post("/conversations/read-all", signed(action_pages.read_all)),
        _post("/conversations/bulk/{verb}", signed(bulk_pages.act_on_many)),
    ]


def _thread_routes(signed: Callable[[Handler], Serve]) -> list[web.RouteDef]:
    conversation = "/conversations/{id}"
    return [
        _get(conversation, signed(inbox_pages.show_conversation)),
        _get(f"{conversation}/pane", signed(thread_pages.show_pane)),
        _get(f"{conversation}/older", signed(thread_pages.show_older)),
        _get(f"{conversation}/news", signed(thread_pages.show_news)),
        _get(f"{conversation}/composer", signed(thread_pages.show_composer)),
        _get(f"{conversation}/readonly", signed(thread_pages.show_readonly)),
        _get(f"{conversation}/ask", signed(ask_pages.show)),
        _post(f"{conversation}/ask", signed(ask_pages.ask)),
        _get(f"{conversation}/menu/{{menu}}", signed(thread_pages.show_menu)),
        _post(f"{conversation}/messages", signed(compose_pages.send)),
        _post(f"{conversation}/notes", signed(compose_pages.add_note)),
        _post(f"{conversation}/{{verb}}", signed(action_pages.act)),
        _post("/threads/{id}/preview", signed(compose_pages.count)),
        _post("/threads/{id}/draft", signed(draft_pages.save_draft)),
        _post("/threads/{id}/template", signed(compose_pages.fill_template)),
        _get("/messages/{id}/why", signed(why.show_why)),
        _post("/messages/{id}/retry", signed(message_pages.retry)),
        _get("/messages/{id}/senders", signed(message_pages.show_senders)),
        _post("/messages/{id}/cancel", signed(message_pages.cancel)),
        _get("/messages/{id}/edit", signed(message_pages.show_edit)),
        _post("/messages/{id}/edit", signed(message_pages.edit)),
        _get("/messages/{id}/decide", signed(message_pages.show_decision)),
        _post("/messages/{id}/decide", signed(message_pages.decide)),
        _get("/messages/{id}/formatted", signed(message_pages.show_formatted)),
        _post("/attach/link", signed(attach_pages.attach_link)),
        _get("/emoji", signed(attach_pages.show_emoji)),
        _get("/attach/library", signed(attach_pages.show_library)),
        _get("/attach/from/{source}", signed(attach_pages.search_source)),
        _post("/test-message", signed(compose_pages.send_test)),
        _post("/templates", signed(compose_pages.keep_template)),
    ]


def _contact_routes(signed: Callable[[Handler], Serve]) -> list[web.RouteDef]:
    contact = "/contacts/{id}"
    address = f"{contact}/addresses/{{address}}"
    return [
        _get("/contacts", signed(contact_list.show_contacts)),
        _post("/contacts", signed(contact_list.create)),
        _get(contact, signed(contact_card.show_contact)),
        _post(contact, signed(contact_edits.save)),
        _get(f"{contact}/activity", signed(contact_card.show_activity)),
        _post(f"{contact}/fields", signed(contact_edits.save_fields)),
        _post(f"{contact}/addresses", signed(contact_edits.add_address)),
        _post(address, signed(contact_edits.label_address)),
        _post(f"{address}/remove", signed(contact_edits.remove_address)),
        _post(f"{contact}/lists", signed(contact_edits.join_list)),
        _post(f"{contact}/lists/{{list}}/remove", signed(contact_edits.leave_list)),
        _post(f"{contact}/notes", signed(contact_edits.add_note)),
        _post(f"{contact}/subscribe", signed(contact_edits.subscribe)),
        _post(f"{contact}/unsubscribe", signed(contact_edits.unsubscribe)),
        _post(f"{contact}/decide", signed(contact_edits.decide)),
        _get(f"{contact}/merge", signed(contact_fates.show_merge)),
        _post(f"{contact}/merge", signed(contact_fates.merge)),
        _post(f"{contact}/unmerge", signed(contact_fates.unmerge)),
        _get(f"{contact}/erase", signed(contact_fates.show_erase)),
        _post(f"{contact}/erase", signed(contact_fates.erase)),
    ]


def _outreach_routes(signed: Callable[[Handler], Serve]) -> list[web.RouteDef]:
    one = "/lists/{id}"
    table = "/imports/table/{id}"
    return [
        _get("/lists", signed(list_pages.show_lists)),
        _post("/lists", signed(list_pages.create)),
        _get(one, signed(list_pages.show_list)),
        _post(one, signed(list_pages.change)),
        _post(f"{one}/remove", signed(list_pages.remove)),
        _get(f"{one}/find", signed(list_pages.find_people)),
        _post(f"{one}/add", signed(list_pages.add_member)),
        _post(f"{one}/take-off", signed(list_pages.take_member_off)),
        _get(f"{one}/export", signed(list_pages.export)),
        *_campaign_routes(signed),
        _get("/imports", signed(import_pages.show_imports)),
        _post("/imports", signed(import_pages.upload)),
        _get(table, signed(import_pages.show_table)),
        _post(table, signed(import_pages.start)),
        _get("/imports/{id}", signed(import_pages.show_import)),
    ]


def _campaign_routes(signed: Callable[[Handler], Serve]) -> list[web.RouteDef]:
    one = "/campaigns/{id}"
    return [
        _get("/campaigns", signed(campaign_pages.show_campaigns)),
        _post("/campaigns", signed(campaign_editor.create)),
        _get("/campaigns/new", signed(campaign_editor.show_new)),
        _post("/campaigns/look", signed(campaign_editor.look)),
        _get("/campaigns/template", signed(campaign_editor.take_template)),
        _get(one, signed(campaign_pages.show_campaign)),
        _post(one, signed(campaign_editor.save)),
        _get(f"{one}/review", signed(campaign_editor.show_review)),
        _get(f"{one}/export", signed(campaign_pages.export)),
        _post(f"{one}/test", signed(campaign_editor.send_test)),
        _post(f"{one}/{{verb:start|pause|resume|cancel|copy|remove|pace}}", signed(campaign_pages.act)),
    ]
