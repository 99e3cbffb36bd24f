"""Payloads that nobody could read: kept as they came for 30 days, to be read again after a fix."""

from datetime import datetime

import msgspec

from gateway.core.commands.messages import DropRaw
from gateway.domain.visibility import Permission
from gateway.host.channels import ChannelUnavailable
from gateway.host.raw_payloads import StillUnreadable
from gateway.sdk.context import Unavailable
from gateway.storage.facts import RawPayload
from gateway.storage.raw_payload_reads import raw_payload_page
from gateway.storage.records import RAW_PAYLOADS
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.lookup import live_record
from gateway.web.api.paging import PageQuery, page_from, read_cursor, write_cursor
from gateway.web.api.route import Page, Routes
from gateway.web.api.times import to_id, to_time
from gateway.web.problems import Problem

routes = Routes("Work")

_NEWEST = (1 << 63) - 1


class PayloadShape(msgspec.Struct, frozen=True):
    """Something a gateway received and could not read: `reason` says why, `content` is what came, in base64."""

    id: str
    gateway_id: str
    at: datetime
    reason: str
    content: str


class Replayed(msgspec.Struct, frozen=True):
    """How many messages and receipts it turned out to be."""

    stored: int


@routes.get("/payloads", permission=Permission.MANAGE_GATEWAYS)
async def list_payloads(call: Call, query: PageQuery) -> Page[PayloadShape]:
    """List payloads that could not be read, the newest first."""
    cursor = read_cursor(query.cursor, int)
    before = cursor[0] if cursor else _NEWEST
    found = await call.read(lambda session: raw_payload_page(session, call.workspace_id, query.limit + 1, before))
    return page_from(found, query.limit, _shape, lambda payload: write_cursor(payload.id))


@routes.get("/payloads/{payload_id}", permission=Permission.MANAGE_GATEWAYS)
async def get_payload(call: Call, payload_id: int) -> PayloadShape:
    """Read a payload."""
    return _shape(await find_payload(call, payload_id))


@routes.post("/payloads/{payload_id}/replay", permission=Permission.MANAGE_GATEWAYS)
async def replay_payload(call: Call, payload_id: int) -> Replayed:
    """Read a payload again. What it says is stored as if it came now; what can't be read still is kept (409)."""
    payload = await find_payload(call, payload_id)
    gateway = live_record(call.view.gateways, payload.gateway_id, "gateway")
    try:
        stored = await call.state.raw_payloads.replay(gateway, payload)
    except StillUnreadable as error:
        raise Problem(409, "still-unreadable", str(error)) from error
    except ChannelUnavailable as error:
        raise Problem(409, "gateway-unavailable", error.sentence) from error
    except Unavailable as error:
        raise problems.unavailable() from error
    await call.execute_more(DropRaw(payload.id))
    return Replayed(stored)


@routes.delete("/payloads/{payload_id}", permission=Permission.MANAGE_GATEWAYS)
async def drop_payload(call: Call, payload_id: int) -> None:
    """Throw a payload away."""
    await call.execute(DropRaw(payload_id))


async def find_payload(call: Call, payload_id: int) -> RawPayload:
    """One of the workspace's. Problem 404."""
    found = await call.read(lambda session: RAW_PAYLOADS.by(session, call.workspace_id, "id", [payload_id]))
    if not found:
        raise problems.not_found("payload")
    return found[0]


def _shape(payload: RawPayload) -> PayloadShape:
    return PayloadShape(
        to_id("payload", payload.id),
        to_id("gateway", payload.gateway_id),
        to_time(payload.at),
        payload.reason,
        payload.content,
    )
