"""Chat targets: where one is told in a chat service; for administrators also where a group, or everybody, is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec

from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.chat import AddChatTarget, RemoveChatTarget, UpdateChatTarget
from gateway.core.errors import invalid
from gateway.domain.chat import AT_ONCE, ChatTarget, Told
from gateway.domain.visibility import Permission
from gateway.host.notifiers import NotifyFailed
from gateway.storage import chat_reads
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Id, Name, Unset, Zone
from gateway.web.api.lookup import changed
from gateway.web.api.notices import Minutes
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.quiet_hours import QuietHours, hours_of, minutes_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.times import id_in_field, to_id, to_id_or_none, to_time_or_none
from gateway.web.guard import Signed
from gateway.web.state import AppState

TEST_TEXT = "This is a test from Onethread: here you are told."

routes = Routes("Notices")

Target = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
Kinds = Annotated[list[Told], msgspec.Meta(min_length=1, max_length=len(Told))]


class NewChatTarget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`address` is what the notifier reaches; it is sealed, and never shown again.

    The target is one's own, unless a `group` (id) is named or `everybody`. `only_mine` leaves out what nobody owns. A
    notice waits `digest` minutes (0, 2, 15, 60 or 240) for what comes with it.
    """

    notifier: Name
    label: Name
    address: Target
    of: Kinds
    group: Id | None = None
    everybody: bool = False
    only_mine: bool = False
    digest: Minutes = AT_ONCE
    quiet_hours: QuietHours | None = None
    timezone: Zone = "UTC"


class ChatTargetChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes. Whose it is stays."""

    label: Name | Unset = UNSET
    address: Target | Unset = UNSET
    of: Kinds | Unset = UNSET
    only_mine: bool | Unset = UNSET
    digest: Minutes | Unset = UNSET
    quiet_hours: QuietHours | Unset | None = UNSET
    timezone: Zone | Unset = UNSET


class ChatTargetShape(msgspec.Struct, frozen=True):
    """A target without its address. `user` or `group` say whose it is; with neither it is everybody's."""

    id: str
    notifier: str
    label: str
    of: list[str]
    user: str | None
    group: str | None
    only_mine: bool
    digest: int
    quiet_hours: QuietHours | None
    timezone: str
    told_at: datetime | None
    last_error: str | None


class NotifierShape(msgspec.Struct, frozen=True):
    """What reaches a chat service. `hint` says how its addresses are written."""

    name: str
    label: str
    hint: str


class Tried(msgspec.Struct, frozen=True):
    """How a test went: `error` is null when it arrived."""

    told: bool
    error: str | None


@routes.get("/notices/services")
async def list_notifiers(call: Call) -> Page[NotifierShape]:
    """List the services that plugins reach."""
    return Page([NotifierShape(name, one.label, one.hint) for name, one in call.state.notifiers.types.items()])


@routes.get("/notices/targets")
async def list_chat_targets(call: Call, query: PageQuery) -> Page[ChatTargetShape]:
    """List one's own targets; for administrators also those of groups and of everybody."""
    found = await call.read(lambda session: chat_reads.chat_targets_of(session, call.workspace_id))
    return page_of([one for one in found if may_change(call.signed, one)], query, _shape, lambda one: one.id)


@routes.post("/notices/targets", status=201)
async def create_chat_target(call: Call, body: NewChatTarget) -> ChatTargetShape:
    """Add a target. One of a group, or of everybody, is for administrators."""
    if body.everybody and body.group is not None:
        raise invalid("group", "A target is a group's or everybody's, not both.")
    start, end = minutes_of(body.quiet_hours)
    command = AddChatTarget(
        body.notifier,
        body.label,
        sealed_address(call.state, body.notifier, body.address),
        tuple(body.of),
        body.everybody,
        None if body.group is None else id_in_field("group", body.group, "group"),
        body.only_mine,
        body.digest,
        start,
        end,
        body.timezone,
    )
    return _shape(await call.execute(command, _shape))


@routes.get("/notices/targets/{chat_target_id}")
async def get_chat_target(call: Call, chat_target_id: int) -> ChatTargetShape:
    """Read a target, without its address."""
    return _shape(await _find(call, chat_target_id))


@routes.patch("/notices/targets/{chat_target_id}")
async def update_chat_target(call: Call, chat_target_id: int, body: ChatTargetChange) -> ChatTargetShape:
    """Change a target."""
    target = await _find(call, chat_target_id)
    address = UNCHANGED
    if not isinstance(body.address, Unset):
        address = sealed_address(call.state, target.notifier, body.address)
    command = UpdateChatTarget(
        target.id,
        changed(body.label),
        address,
        UNCHANGED if isinstance(body.of, Unset) else tuple(body.of),
        changed(body.only_mine),
        changed(body.digest),
        timezone=changed(body.timezone),
        **_quiet(body),
    )
    return _shape(await call.execute(command))


@routes.delete("/notices/targets/{chat_target_id}")
async def remove_chat_target(call: Call, chat_target_id: int) -> None:
    """Remove a target; it is told nothing any more."""
    await call.execute(RemoveChatTarget((await _find(call, chat_target_id)).id))


@routes.post("/notices/targets/{chat_target_id}/test", status=200)
async def test_chat_target(call: Call, chat_target_id: int) -> Tried:
    """Tell a target something now."""
    error = await try_target(call.state, await _find(call, chat_target_id))
    return Tried(error is None, error)


def may_change(signed: Signed, target: ChatTarget) -> bool:
    """Whether a target is there for somebody: their own is, those of groups and of everybody for administrators."""
    if target.user_id is None:
        return signed.may(Permission.MANAGE_SETTINGS)
    return target.user_id == signed.user.id


def sealed_address(state: AppState, notifier: str, address: str) -> str:
    """An address as it is stored. Refused (422) where the notifier can't reach it, as far as it can tell."""
    wrong = state.notifiers.complaint(notifier, address.strip())
    if wrong is not None:
        raise invalid("address", wrong)
    return state.secrets.seal(address.strip())


async def try_target(state: AppState, target: ChatTarget) -> str | None:
    """Tells it something now. Why that failed, in a sentence; None when it arrived."""
    try:
        address = state.secrets.open(target.address)
        await state.notifiers.send(target.workspace_id, target.notifier, address, TEST_TEXT)
    except NotifyFailed as error:
        return error.sentence
    return None


async def _find(call: Call, target_id: int) -> ChatTarget:
    found = await call.read(lambda session: chat_reads.chat_target(session, call.workspace_id, target_id))
    if found is None or not may_change(call.signed, found):
        raise problems.not_found("chat target")
    return found


def _quiet(body: ChatTargetChange) -> Mapping[str, Any]:
    if isinstance(body.quiet_hours, Unset):
        return {}
    start, end = minutes_of(body.quiet_hours)
    return {"quiet_start": start, "quiet_end": end}


def _shape(target: ChatTarget) -> ChatTargetShape:
    return ChatTargetShape(
        id=to_id("chat_target", target.id),
        notifier=target.notifier,
        label=target.label,
        of=list(target.of),
        user=to_id_or_none("user", target.user_id),
        group=to_id_or_none("group", target.group_id),
        only_mine=target.only_mine,
        digest=target.digest,
        quiet_hours=hours_of(target.quiet_start, target.quiet_end),
        timezone=target.timezone,
        told_at=to_time_or_none(target.told_at),
        last_error=target.last_error,
    )
