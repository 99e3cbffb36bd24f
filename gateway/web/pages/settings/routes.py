"""What every section answers: its module's `ROUTES`, below `/settings/<name>`, for those who may open it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web

from gateway.web.pages.desk import Handler
from gateway.web.pages.settings import (
    account,
    assignment,
    audit,
    automations,
    data,
    gateways,
    groups,
    keywords,
    notifications,
    numbers,
    plugins,
    policies,
    pools,
    roles,
    security,
    snippets,
    tags,
    talk_forms,
    talk_polls,
    tokens,
    two_factor,
    users,
    webhook_pages,
    webhooks,
    work,
    working_hours,
    workspaces,
)
from gateway.web.pages.settings.frame import show_settings, within
from gateway.web.pages.settings.sections import SECTIONS, SectionRoute

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGES: Mapping[str, Sequence[SectionRoute]] = {
    "account": (*account.ROUTES, *working_hours.OWN_ROUTES, *two_factor.ROUTES),
    "gateways": gateways.ROUTES,
    "numbers": numbers.ROUTES,
    "pools": pools.ROUTES,
    "templates": snippets.TEMPLATE_ROUTES,
    "quick": snippets.QUICK_ROUTES,
    "tags": tags.ROUTES,
    "people": (*users.ROUTES, *groups.ROUTES, *users.ROUTES_OF_ONE, *working_hours.ROUTES_OF_ONE),
    "notifications": notifications.ROUTES,
    "security": security.ROUTES,
    "roles": roles.ROUTES,
    "audit": audit.ROUTES,
    "automations": automations.ROUTES,
    "keywords": keywords.ROUTES,
    "forms": talk_forms.ROUTES,
    "polls": talk_polls.ROUTES,
    "assignment": assignment.ROUTES,
    "policies": policies.ROUTES,
    "plugins": plugins.ROUTES,
    "work": work.ROUTES,
    "workspaces": workspaces.ROUTES,
    "data": data.ROUTES,
    "tokens": tokens.ROUTES,
    "webhooks": (*webhooks.ROUTES, *webhook_pages.ROUTES),
}


def settings_routes(signed: Callable[[Handler], Serve]) -> list[web.RouteDef]:
    """All of them, and `/settings` itself."""
    return [
        web.route("GET", "/settings", signed(show_settings)),
        web.route("POST", "/snippets/{id}/used", signed(snippets.record_use)),
        *(
            web.route(one.method, f"/settings/{section.name}{one.path}", signed(within(section, one.handler)))
            for section in SECTIONS
            for one in PAGES[section.name]
        ),
    ]
