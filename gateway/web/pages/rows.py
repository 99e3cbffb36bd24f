"""Rows of the list, made from the read model."""

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.conversation import State
from gateway.domain.events import Actor
from gateway.domain.ids import format_id
from gateway.domain.model import Conversation, Direction
from gateway.domain.policy import CloseLabel, CompleteRepeat, Policy
from gateway.storage.conversation_rows import ConversationRow
from gateway.web.language import marked
from gateway.web.pages.faces import face_of_contact, face_of_user, initials_of
from gateway.web.pages.filters import Filters
from gateway.web.pages.formatting import Times
from gateway.web.pages.statuses import tick_of
from gateway.web.pages.views_list import Row, TagPill
from gateway.web.pages.views_shell import Choice

_CLOSING = {
    CloseLabel.COMPLETE: Choice(
        marked("Complete"), "complete", aux=marked("Marked as complete"), note=marked("Complete conversation")
    ),
    CloseLabel.ARCHIVE: Choice(
        marked("Archive"), "archive", aux=marked("Archived"), note=marked("Archive conversation")
    ),
    CloseLabel.CLOSE: Choice(
        marked("Close"), "close", aux=marked("Conversation closed"), note=marked("Close conversation")
    ),
}
LIVE = frozenset({State.OPEN, State.SNOOZED})


def row_of(found: ConversationRow, view: WorkspaceView, times: Times, filters: Filters) -> Row:
    """One row, its links leading to the conversation beside the same list."""
    one = found.conversation
    made = format_id("cnv", one.id)
    owner = view.users.get(one.user_id) if one.user_id is not None else None
    return Row(
        id=made,
        href=filters.conversation(made),
        pane=f"/conversations/{made}/pane?{filters.query(search=True)}",
        person=face_of_contact(found.contact, list(found.addresses), times.language),
        named=found.contact.saved,
        channel=one.last_channel or "sms",
        time=times.short(one.last_at),
        iso=times.iso(one.last_at),
        at=one.last_at,
        preview=one.preview,
        ours=_ours(one, view),
        unread=found.unread,
        mark=_mark(one),
        state=one.state,
        tags=pills(found.tag_ids, view),
        owner=face_of_user(owner) if owner else None,
        tick=tick_of(found.sent),
        close=closing(one, view.policy),
        drafted=found.drafted and one.state is not State.CLOSED,
    )


def pills(tag_ids: tuple[int, ...], view: WorkspaceView) -> tuple[TagPill, ...]:
    """Tags as they are shown; those that were removed since are not."""
    live = (view.tags.get(one) for one in tag_ids)
    return tuple(TagPill(tag.name, tag.colour) for tag in live if tag is not None and tag.removed_at is None)


def may_complete(one: Conversation, policy: Policy) -> bool:
    """P3: whether Complete is still offered."""
    return one.state is not State.COMPLETED and (
        policy.complete_repeat is CompleteRepeat.EACH_TIME or one.completed_count == 0
    )


def closing(one: Conversation, policy: Policy) -> Choice | None:
    """What the workspace's Close button does to a conversation; None when there is nothing left to finish."""
    if one.state not in LIVE:
        return None
    choice = _CLOSING[policy.close_label]
    if choice.value == "complete" and not may_complete(one, policy):
        return _CLOSING[CloseLabel.ARCHIVE]
    return choice


def _mark(one: Conversation) -> str:
    if one.last_failed:
        return "failed"
    if one.woken:
        return "woken"
    return "reopened" if one.state is State.OPEN and one.completed_count else ""


def _ours(one: Conversation, view: WorkspaceView) -> str:
    if one.last_direction is not Direction.OUTBOUND:
        return ""
    try:
        actor = Actor.parse(one.last_author or "")
    except ValueError:
        return initials_of(one.last_author or "")
    user = view.users.get(actor.id) if actor.id is not None and actor.kind in {"user", "api"} else None
    return user.initials if user else ""
