"""A campaign's recipients as CSV, written a page at a time: what became of each, and why."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import web

from gateway.domain.campaigns import CampaignRecipient
from gateway.domain.ids import format_id
from gateway.storage.campaign_reads import recipient_page
from gateway.storage.conversation_rows import addresses_of, contacts_after_merging
from gateway.storage.page import LARGEST_PAGE
from gateway.storage.session import Session
from gateway.web.api.shapes.message import MICROS
from gateway.web.api.times import to_time
from gateway.web.reports.csv_text import csv_lines
from gateway.web.reports.download import begin_csv

HEAD = (
    *("Contact", "Name", "Addresses", "State", "Code", "Reason", "Message", "Segments", "Cost", "Currency"),
    *("Replied at", "Opted out at"),
)

Read = Callable[[Callable[[Session], Any]], Awaitable[Any]]


async def campaign_csv(request: web.Request, read: Read, workspace_id: int, campaign_id: int) -> web.StreamResponse:
    """The file."""
    answer = await begin_csv(request, f"{format_id('cmp', campaign_id)}.csv", HEAD)
    async for lines in _pages(read, workspace_id, campaign_id):
        await answer.write(csv_lines(lines).encode())
    await answer.write_eof()
    return answer


async def _pages(read: Read, workspace_id: int, campaign_id: int) -> AsyncIterator[list[list[str]]]:
    cursor: str | None = None
    while True:
        load = partial(_lines, workspace_id=workspace_id, campaign_id=campaign_id, cursor=cursor)
        lines, cursor = await read(load)
        yield lines
        if cursor is None:
            return


def _lines(
    session: Session, workspace_id: int, campaign_id: int, cursor: str | None
) -> tuple[list[list[str]], str | None]:
    page = recipient_page(session, workspace_id, campaign_id, limit=LARGEST_PAGE, cursor=cursor)
    ids = [one.contact_id for one in page.items]
    people = contacts_after_merging(session, workspace_id, ids)
    addresses = addresses_of(session, workspace_id, {one.id for one in people.values()})
    lines = []
    for one in page.items:
        contact = people.get(one.contact_id)
        values = [address.value for address in addresses.get(contact.id, ())] if contact else []
        name = contact.name if contact and contact.saved else None
        lines.append([format_id("cnt", one.contact_id), name or "", "; ".join(values), *_outcome(one)])
    return lines, page.next


def _outcome(one: CampaignRecipient) -> list[str]:
    return [
        str(one.state),
        one.code or "",
        one.reason or "",
        "" if one.message_id is None else format_id("msg", one.message_id),
        str(one.segments or ""),
        "" if one.cost_micros is None else f"{one.cost_micros / MICROS:.6f}".rstrip("0").rstrip("."),
        one.currency or "",
        _time(one.replied_at),
        _time(one.opted_out_at),
    ]


def _time(at: int | None) -> str:
    return "" if at is None else to_time(at).isoformat(timespec="seconds")
