"""Outgoing webhooks: the list, and a new one, whose secret is shown once."""

from aiohttp import web

from gateway.core.errors import Refused
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.webhooks import DeliveryState, Webhook, WebhookHealth
from gateway.storage import webhook_reads
from gateway.storage.session import Session
from gateway.web.api.body import to_type
from gateway.web.api.webhooks import NewWebhook, create_webhook
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings import webhook_form
from gateway.web.pages.settings.forms import answerable, faults_of
from gateway.web.pages.settings.frame import address, call_of, settings_page
from gateway.web.pages.settings.sections import get, post
from gateway.web.pages.settings.webhook_form import WebhookForm
from gateway.web.pages.settings.webhook_words import OFF_REASONS, Chip, hook_chip, summary
from gateway.web.problems import Problem

DAY_MS = 86_400_000
NEW = "/settings/webhooks/new"
SAID = {"removed": marked("Removed. Nothing more is delivered to it.")}


@record
class WebhookRow:
    """One webhook in the list. `figures` are those of the last day; `trouble` is what to look at."""

    id: str
    href: str
    url: str
    description: str
    events: str
    chip: Chip
    figures: str
    trouble: str
    enabled: bool


async def show(desk: Desk) -> web.StreamResponse:
    """All of them, with how each is."""

    def look(session: Session) -> tuple[list[Webhook], dict[int, WebhookHealth], dict[tuple[int, str], int]]:
        found = webhook_reads.webhooks_of(session, desk.workspace_id)
        health = webhook_reads.webhook_health(session, desk.workspace_id, [one.id for one in found])
        return found, health, webhook_reads.counts_since(session, desk.workspace_id, desk.state.clock() - DAY_MS)

    found, health, counts = await desk.read(look)
    rows = [_row(desk, one, health.get(one.id), counts) for one in found]
    return await settings_page(desk, "webhooks", "settings/webhooks.html", said=SAID, rows=rows)


async def show_new(desk: Desk) -> web.StreamResponse:
    """An empty form."""
    return await _new_page(desk, webhook_form.form_of(desk, NEW, None))


async def create(desk: Desk) -> web.StreamResponse:
    """A webhook, whose secret is on this answer and nowhere else."""
    form = await desk.form()
    body = {
        "url": form.get("url", "").strip(),
        "events": webhook_form.events_in(form),
        "description": form.get("description", "").strip(),
    }
    try:
        made = await create_webhook(call_of(desk), to_type(body, NewWebhook))
    except (Refused, Problem) as refused:
        if not answerable(refused):
            raise
        return await _new_page(desk, webhook_form.typed(desk, NEW, form, faults_of(refused, desk.language)))
    return await settings_page(
        desk,
        "webhooks",
        "settings/webhook_made.html",
        secret=made.secret,
        url=made.url,
        href=f"/settings/webhooks/{made.id}",
    )


async def _new_page(desk: Desk, form: WebhookForm) -> web.StreamResponse:
    status = 422 if form.faults else 200
    return await settings_page(desk, "webhooks", "settings/webhook_new.html", status=status, form=form)


def _row(desk: Desk, hook: Webhook, health: WebhookHealth | None, counts: dict[tuple[int, str], int]) -> WebhookRow:
    _ = desk.language.gettext
    number = desk.language.number
    taken = counts.get((hook.id, DeliveryState.DELIVERED), 0)
    waiting = counts.get((hook.id, DeliveryState.WAITING), 0)
    failed = counts.get((hook.id, DeliveryState.FAILED), 0)
    parts = [_("%(num)s delivered today", num=number(taken))]
    if waiting:
        parts.append(_("%(num)s waiting", num=number(waiting)))
    if failed:
        parts.append(_("%(num)s given up", num=number(failed)))
    trouble = _(OFF_REASONS[hook.off_reason]) if hook.off_reason in OFF_REASONS else ""  # type: ignore[index]
    if not trouble and hook.enabled and health and health.failing_since:
        since = desk.times.full(health.failing_since)
        trouble = _("Fails since %(when)s: %(why)s", when=since, why=health.last_error or "")
    return WebhookRow(
        id=format_id("whk", hook.id),
        href=address("webhooks", "whk", hook.id),
        url=hook.url,
        description=hook.description,
        events=summary(hook.events, desk.language),
        chip=hook_chip(hook, health, desk.language),
        figures=" \N{MIDDLE DOT} ".join(parts),
        trouble=trouble,
        enabled=hook.enabled,
    )


ROUTES = (get("", show), get("/new", show_new), post("/new", create))
