"""Why this number: what a message explains of its sender, its way, its form and its price, in sentences."""

from collections.abc import Iterator
from typing import Final

from aiohttp import web

from gateway.core.explanation import Explanation, SenderVote, explain
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.model import Direction, Message
from gateway.domain.policy import pool_of
from gateway.domain.prices import Price
from gateway.storage.message_reads import message_view
from gateway.web import problems
from gateway.web.language import Language, marked
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.formatting import Times, sender_text
from gateway.web.pages.panes import as_id, find_row
from gateway.web.pages.senders import price_text
from gateway.web.pages.views_why import Why, WhyLine, WhyPart
from gateway.web.told import told

_RESOLVERS: Final = {
    "explicit": marked("Asked for"),
    "plugin": marked("A plugin"),
    "last_used": marked("Last used"),
    "inbound_to": marked("They wrote to"),
    "conversation_start": marked("Where it began"),
    "gateway_default": marked("Default"),
}


async def show_why(desk: Desk) -> web.StreamResponse:
    """Explains one message that the person may see; for a script the inside of a dialog, else a page."""
    message_id = desk.id("msg")
    found = await desk.read(lambda session: message_view(session, desk.workspace_id, message_id))
    if found is None or found.message.conversation_id is None or found.message.direction is not Direction.OUTBOUND:
        raise problems.not_found("message")
    await find_row(desk, found.message.conversation_id)
    why = why_of(found.message, desk.view, desk.times)
    return html(desk.pieces("why", why=why)) if desk.by_script else desk.page("why.html", why=why)


def why_of(message: Message, view: WorkspaceView, times: Times) -> Why:
    """Everything that was kept, in the order in which it was decided."""
    sender = view.senders.get(message.sender_id or 0)
    gateway = view.gateways.get(message.gateway_id or 0)
    value = sender_text(message.our_address)
    found = explain(message)
    parts = [part for part in _parts(found, message, times) if part.lines]
    return Why(
        name=sender.label if sender and sender.label else value,
        value=value,
        gateway=gateway.name if gateway else "",
        parts=parts,
        back=f"/conversations/{as_id(message.conversation_id)}" if message.conversation_id else "/conversations",
    )


def _parts(found: Explanation, message: Message, times: Times) -> Iterator[WhyPart]:
    _ = times.language.gettext
    yield WhyPart(_("Number"), [_vote(one, times.language) for one in found.votes])
    yield WhyPart(
        _("Gateway"), [WhyLine(one.gateway, told(times.language, one.reason), one.accepted) for one in found.gateways]
    )
    yield WhyPart(
        _("Went another way"),
        [
            WhyLine(one.gateway, f"{times.full(one.at)}: {one.reason}" if one.at else one.reason)
            for one in found.failovers
        ],
    )
    said = [WhyLine(_("Form"), told(times.language, found.form))] if found.form else []
    said += [WhyLine(_("Hour"), found.hour)] if found.hour else []
    said += [WhyLine(_("On hold"), told(times.language, found.wish))] if found.wish else []
    said += [WhyLine(_("Added to the end"), message.appended)] if message.appended else []
    yield WhyPart(_("Text"), said)
    yield WhyPart(_("Cost"), _cost(found, times.language))


def _vote(vote: SenderVote, language: Language) -> WhyLine:
    _ = language.gettext
    pool = pool_of(vote.resolver)
    title = _("Pool %(name)s", name=pool) if pool else _(_RESOLVERS.get(vote.resolver, vote.resolver))
    number = sender_text(vote.sender) if vote.sender else ""
    return WhyLine(title, told(language, vote.reason), vote.accepted, number)


def _cost(found: Explanation, language: Language) -> list[WhyLine]:
    if found.cost is None and found.estimate is None:
        return []
    _ = language.gettext
    lines = [WhyLine(_("Said before sending"), _money(found.estimate, language))]
    if found.corrected:
        lines.append(WhyLine(_("What it came to"), _money(found.cost, language)))
    return lines


def _money(price: Price | None, language: Language) -> str:
    return language.gettext("Not known") if price is None else price_text(price.micros, price.currency)
