"""One webhook: how it is, its form, its switches, and the log of what was delivered to it."""

import json
from collections.abc import Sequence

from aiohttp import web

from gateway.core.commands.webhooks import UpdateWebhook
from gateway.core.errors import Refused
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.webhooks import DeliveryState, Webhook, WebhookAttempt, WebhookDelivery, WebhookHealth
from gateway.storage import webhook_reads
from gateway.storage.session import Session
from gateway.web.api.body import to_type
from gateway.web.api.webhook_log import (
    NEWEST,
    find_delivery,
    payload_of,
    replay_delivery,
    replay_failed,
    test_webhook,
)
from gateway.web.api.webhooks import WebhookChange, find_webhook, remove_webhook, rotate_webhook, update_webhook
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings import webhook_form
from gateway.web.pages.settings.forms import answerable, faults_of
from gateway.web.pages.settings.frame import address, call_of, settings_page
from gateway.web.pages.settings.sections import get, post
from gateway.web.pages.settings.webhook_form import WebhookForm
from gateway.web.pages.settings.webhook_words import OFF_REASONS, Chip, delivery_chip, hook_chip, named
from gateway.web.problems import Problem

MOST = 50
SAID = {
    "saved": marked("Saved. The next event is delivered like this."),
    "off": marked("Paused. What waits keeps waiting; what happens meanwhile is not for it."),
    "on": marked("It goes on; what waited is delivered now."),
    "tested": marked("A test is on its way; it shows in the log below."),
    "replayed": marked("It is delivered again; the log shows what becomes of it."),
}
_TABS = {
    "": marked("All"),
    DeliveryState.WAITING: marked("Waiting"),
    DeliveryState.DELIVERED: marked("Delivered"),
    DeliveryState.FAILED: marked("Given up"),
}


@record
class DeliveryRow:
    """One line of the log."""

    href: str
    when: str
    iso: str
    event: str
    type: str
    sequence: int
    chip: Chip
    error: str
    tries: int
    ended: bool


@record
class AttemptRow:
    """One try."""

    number: int
    when: str
    iso: str
    status: str
    took: str
    error: str
    answer: str


async def show(desk: Desk) -> web.StreamResponse:
    """Its page."""
    return await _page(desk, await _found(desk))


async def change(desk: Desk) -> web.StreamResponse:
    """Saves where to, which events and what for."""
    form = await desk.form()
    hook = await _found(desk)
    body = {
        "url": form.get("url", "").strip(),
        "events": webhook_form.events_in(form),
        "description": form.get("description", "").strip(),
    }
    try:
        await update_webhook(call_of(desk), hook.id, to_type(body, WebhookChange))
    except (Refused, Problem) as refused:
        if not answerable(refused):
            raise
        typed = webhook_form.typed(desk, _address(hook), form, faults_of(refused, desk.language))
        return await _page(desk, hook, typed)
    raise web.HTTPSeeOther(f"{_address(hook)}?said=saved")


async def switch(desk: Desk) -> web.StreamResponse:
    """Pauses it, or lets it go on."""
    await desk.form()
    hook, verb = await _found(desk), desk.request.match_info["verb"]
    await desk.execute(UpdateWebhook(hook.id, enabled=verb == "on"))
    raise web.HTTPSeeOther(f"{_address(hook)}?said={verb}")


async def test(desk: Desk) -> web.StreamResponse:
    """Delivers a test."""
    await desk.form()
    hook = await _found(desk)
    await test_webhook(call_of(desk), hook.id)
    raise web.HTTPSeeOther(f"{_address(hook)}?said=tested")


async def rotate(desk: Desk) -> web.StreamResponse:
    """Another secret, which is on this answer and nowhere else."""
    await desk.form()
    hook = await _found(desk)
    made = await rotate_webhook(call_of(desk), hook.id)
    return await _page(desk, await _found(desk), secret=made.secret)


async def remove(desk: Desk) -> web.StreamResponse:
    """Takes it away."""
    await desk.form()
    await remove_webhook(call_of(desk), desk.id("whk"))
    raise web.HTTPSeeOther("/settings/webhooks?said=removed")


async def replay_all(desk: Desk) -> web.StreamResponse:
    """Delivers the dead letters again."""
    await desk.form()
    hook = await _found(desk)
    await replay_failed(call_of(desk), hook.id)
    raise web.HTTPSeeOther(f"{_address(hook)}?said=replayed")


async def show_delivery(desk: Desk) -> web.StreamResponse:
    """One delivery: its tries, and what it says."""
    hook = await _found(desk)
    one = await find_delivery(call_of(desk), hook.id, desk.id("dlv", "delivery"))
    attempts = await desk.read(lambda session: webhook_reads.attempts_of(session, desk.workspace_id, [one.id]))
    payload = json.loads(await payload_of(call_of(desk), one))
    tries = attempts.get(one.id, [])
    return await settings_page(
        desk,
        "webhooks",
        "settings/webhook_delivery.html",
        said=SAID,
        hook=hook,
        back_to=_address(hook),
        row=_delivery(desk, hook, one, tries),
        made=format_id("dlv", one.id),
        attempts=[_attempt(desk, each) for each in reversed(tries)],
        payload=json.dumps(payload, indent=2, ensure_ascii=False),
        waiting=one.state is DeliveryState.WAITING,
    )


async def replay(desk: Desk) -> web.StreamResponse:
    """Delivers it again."""
    await desk.form()
    hook, delivery_id = await _found(desk), desk.id("dlv", "delivery")
    await replay_delivery(call_of(desk), hook.id, delivery_id)
    raise web.HTTPSeeOther(f"{_address(hook)}/deliveries/{format_id('dlv', delivery_id)}?said=replayed")


async def _page(desk: Desk, hook: Webhook, form: WebhookForm | None = None, *, secret: str = "") -> web.StreamResponse:
    chosen = desk.request.query.get("state", "")
    state = DeliveryState(chosen) if chosen in set(DeliveryState) else None

    def look(
        session: Session,
    ) -> tuple[dict[int, WebhookHealth], list[WebhookDelivery], dict[int, list[WebhookAttempt]], bool]:
        place = desk.workspace_id, hook.id
        found = webhook_reads.delivery_page(session, *place, limit=MOST + 1, before=NEWEST, state=state)
        dead = webhook_reads.delivery_page(session, *place, limit=1, before=NEWEST, state=DeliveryState.FAILED)
        tries = webhook_reads.attempts_of(session, desk.workspace_id, [one.id for one in found])
        return webhook_reads.webhook_health(session, desk.workspace_id, [hook.id]), found, tries, bool(dead)

    health, found, tries, dead = await desk.read(look)
    _ = desk.language.gettext
    overlap = hook.previous_until if (hook.previous_until or 0) > desk.state.clock() else None
    return await settings_page(
        desk,
        "webhooks",
        "settings/webhook.html",
        status=422 if form and form.faults else 200,
        said=SAID,
        hook=hook,
        href=_address(hook),
        chip=hook_chip(hook, health.get(hook.id), desk.language),
        reason=_(OFF_REASONS[hook.off_reason]) if hook.off_reason in OFF_REASONS else "",  # type: ignore[index]
        overlap=desk.times.full(overlap) if overlap else "",
        secret=secret,
        form=form or webhook_form.form_of(desk, _address(hook), hook),
        tabs=[(key, _(label), key == (state or "")) for key, label in _TABS.items()],
        log_href=f"{_address(hook)}?state={state}" if state else _address(hook),
        rows=[_delivery(desk, hook, one, tries.get(one.id, ())) for one in found[:MOST]],
        more=len(found) > MOST,
        most=MOST,
        dead=dead,
    )


async def _found(desk: Desk) -> Webhook:
    return await find_webhook(call_of(desk), desk.id("whk"))


def _address(hook: Webhook) -> str:
    return address("webhooks", "whk", hook.id)


def _delivery(desk: Desk, hook: Webhook, one: WebhookDelivery, tries: Sequence[WebhookAttempt]) -> DeliveryRow:
    when = desk.times.full(one.next_at) if one.next_at else ""
    return DeliveryRow(
        href=f"{_address(hook)}/deliveries/{format_id('dlv', one.id)}",
        when=desk.times.full(one.created_at),
        iso=desk.times.iso(one.created_at),
        event=named(one.type, desk.language),
        type=one.type,
        sequence=one.position,
        chip=delivery_chip(one, tries[-1].duration_ms if tries else None, when, desk.language),
        error=one.error or "",
        tries=one.attempts,
        ended=one.state is not DeliveryState.WAITING,
    )


def _attempt(desk: Desk, one: WebhookAttempt) -> AttemptRow:
    _ = desk.language.gettext
    return AttemptRow(
        number=one.number,
        when=desk.times.full(one.at),
        iso=desk.times.iso(one.at),
        status=str(one.status) if one.status else _("No answer"),
        took=_("%(ms)s ms", ms=desk.language.number(one.duration_ms)),
        error=one.error or "",
        answer=one.answer or "",
    )


ROUTES = (
    get("/{id}", show),
    post("/{id}", change),
    post("/{id}/{verb:on|off}", switch),
    post("/{id}/test", test),
    post("/{id}/rotate", rotate),
    post("/{id}/remove", remove),
    post("/{id}/replay", replay_all),
    get("/{id}/deliveries/{delivery}", show_delivery),
    post("/{id}/deliveries/{delivery}/replay", replay),
)
