"""The right side: one conversation with its thread, its composer and its contact, loaded at one moment."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gateway.core.commands.messages import SendMessage
from gateway.core.preview import Preview, preview
from gateway.domain.ids import format_id
from gateway.domain.model import ConsentRecord, Conversation, Media, Message, Note, ReadCursor
from gateway.domain.record import record
from gateway.domain.settings import Snippet
from gateway.storage import event_log
from gateway.storage.contact_reads import consent_ledger
from gateway.storage.drafts import draft
from gateway.storage.facts import Draft
from gateway.storage.inbox import conversation_row
from gateway.storage.list_reads import lists_of
from gateway.storage.media_reads import sendable
from gateway.storage.records import CONVERSATIONS, MESSAGES, READ_CURSORS, SNIPPETS
from gateway.storage.session import Session
from gateway.storage.thread_reads import LAST, EntryView, entries
from gateway.storage.thread_views import ConversationView, ThreadView, conversation_view, thread_view
from gateway.web import problems
from gateway.web.pages.composers import composer_of
from gateway.web.pages.desk import Desk
from gateway.web.pages.extras import menu_of, panels_of
from gateway.web.pages.filters import Filters
from gateway.web.pages.heads import HeadMaker
from gateway.web.pages.kits import KitMaker
from gateway.web.pages.questions import sight
from gateway.web.pages.sides import side_of
from gateway.web.pages.timeline import Timeline, TimelineMaker
from gateway.web.pages.views_thread import Wish
from gateway.web.told import told

PAGE = 40
_ACTIVITY = 60
_LONGEST_WISH = 200


@record
class LoadedPane:
    """What one read transaction brought for a pane."""

    found: ConversationView
    previous: Sequence[Conversation]
    lines: Sequence[EntryView]
    older: bool
    activity: Sequence[EntryView]
    notes: Sequence[Note]
    consents: Sequence[ConsentRecord]
    lists: Sequence[int]
    snippets: Sequence[Snippet]
    cursor: ReadCursor | None
    draft: Draft | None
    draft_files: Sequence[Media]
    position: int
    wish: Message | None = None

    @property
    def subject(self) -> str:
        """What the newest mail shown is about."""
        mails = [one.message.message for one in self.lines if one.message and one.message.message.subject]
        return mails[-1].subject or "" if mails else ""


def _load(session: Session, desk: Desk, conversation_id: int) -> LoadedPane | None:
    workspace_id, me = desk.workspace_id, desk.signed.user.id
    found = conversation_view(session, sight(desk), conversation_id)
    if found is None:
        return None
    thread = found.row.thread.id
    lines = entries(session, workspace_id, thread, limit=PAGE + 1, before=LAST, above_floor=True)
    activity = entries(session, workspace_id, thread, limit=_ACTIVITY, before=LAST)
    noted = entries(session, workspace_id, thread, limit=_ACTIVITY, before=LAST, types=("note",))
    mine = [one for one in READ_CURSORS.by(session, workspace_id, "thread_id", [thread]) if one.user_id == me]
    kept = draft(session, workspace_id, me, thread)
    return LoadedPane(
        found=found,
        previous=_previous(session, workspace_id, found.previous),
        lines=lines[-PAGE:],
        older=len(lines) > PAGE,
        activity=list(reversed(activity)),
        notes=[one.note for one in reversed(noted) if one.note is not None],
        consents=consent_ledger(session, workspace_id, found.row.contact.id),
        lists=lists_of(session, workspace_id, found.row.contact.id),
        snippets=snippets_of(session, workspace_id, me),
        cursor=mine[0] if mine else None,
        draft=kept,
        draft_files=sendable(session, workspace_id, me, kept.media_ids) if kept else (),
        position=event_log.head(session, workspace_id),
        wish=_wish(session, workspace_id, found.row.thread.wish_message_id),
    )


def _wish(session: Session, workspace_id: int, message_id: int | None) -> Message | None:
    found = MESSAGES.by(session, workspace_id, "id", [message_id]) if message_id is not None else []
    return found[0] if found else None


def _previous(session: Session, workspace_id: int, ids: Sequence[int]) -> list[Conversation]:
    found = {one.id: one for one in CONVERSATIONS.by(session, workspace_id, "id", ids[:20])} if ids else {}
    return [found[one] for one in ids[:20] if one in found]


def snippets_of(session: Session, workspace_id: int, user_id: int) -> list[Snippet]:
    """Templates and quick words the person may use, in their order."""
    found = SNIPPETS.by(session, workspace_id, "workspace_id", [workspace_id])
    mine = [one for one in found if one.removed_at is None and (one.shared or one.user_id == user_id)]
    return sorted(mine, key=lambda one: (one.position, one.name.casefold()))


async def load_pane(desk: Desk, conversation_id: int) -> LoadedPane:
    """Everything of a conversation. Problem 404 for one that is absent or not for this person."""
    loaded = await desk.read(lambda session: _load(session, desk, conversation_id))
    if loaded is None:
        raise problems.not_found("conversation")
    return loaded


async def pane_of(desk: Desk, filters: Filters, loaded: LoadedPane) -> dict[str, Any]:
    """The view models of the pane, by the names its templates use."""
    row = loaded.found.row
    head = HeadMaker(desk.view, desk.viewer, desk.times, filters).head(row, loaded.previous)
    maker = TimelineMaker(desk.view, desk.times, head.person, filters.sender_id)
    read_seq = loaded.cursor.read_seq if loaded.cursor else 0
    lines = maker.lines(loaded.lines, read_seq=read_seq, unread=row.unread)
    older = older_url(head.id, loaded.lines[0].entry.seq, filters) if loaded.older else ""
    found, menu, panels = await asyncio.gather(
        look_ahead(desk, row.thread.id), menu_of(desk, row.thread.id), panels_of(desk, row.thread.id)
    )
    composer = composer_of(
        desk.view, desk.state.around.capabilities, desk.language, loaded.found, found, loaded, kit_maker(desk)
    )
    return {
        "head": replace(head, extras=menu, wish=_wish_of(desk, loaded.wish)),
        "timeline": Timeline(lines, row.thread.seq, older),
        "composer": replace(composer, locked=told(desk.language, composer.locked)),
        "side": replace(side_of(desk, row, head, loaded, maker), panels=panels),
    }


def _wish_of(desk: Desk, message: Message | None) -> Wish | None:
    if message is None:
        return None
    words = " ".join((message.body or message.subject or "").split())
    return Wish(format_id("msg", message.id), words[:_LONGEST_WISH], desk.times.full(message.created_at))


def older_url(conversation: str, seq: int, filters: Filters) -> str:
    """Where the lines above one come from, shown beside the same list."""
    return f"/conversations/{conversation}/older?before={seq}&{filters.query()}"


def kit_maker(desk: Desk) -> KitMaker:
    """Makes what helps this person to write."""
    return KitMaker(desk.view, desk.times, desk.signed.user, desk.state.plugin_web.media_sources)


async def look_ahead(desk: Desk, thread_id: int) -> Preview:
    """Which sender a message to this thread would take, and whether one may be sent at all."""
    command, state = SendMessage(body="", thread_id=thread_id), desk.state
    return await preview(state.database, state.around, state.clock(), command, desk.caller)


async def find_row(desk: Desk, conversation_id: int) -> ConversationView:
    """A conversation the person may see. Problem 404 otherwise."""
    found = await desk.read(lambda session: conversation_view(session, sight(desk), conversation_id))
    if found is None:
        raise problems.not_found("conversation")
    return found


async def find_thread(desk: Desk, thread_id: int) -> ThreadView:
    """A thread. Problem 404 when its live conversation is not this person's to see."""
    workspace_id = desk.workspace_id

    def read(session: Session) -> ThreadView | None:
        return thread_view(session, workspace_id, desk.signed.user.id, thread_id)

    found = await desk.read(read)
    if found is None:
        raise problems.not_found("thread")
    if found.live is not None:
        await find_row(desk, found.live.conversation.id)
    return found


async def thread_of(desk: Desk, conversation_id: int) -> int:
    """The thread of a conversation the person may see. Problem 404 otherwise."""
    row = await desk.read(lambda session: conversation_row(session, sight(desk), conversation_id))
    if row is None:
        raise problems.not_found("conversation")
    return row.thread.id


def of_conversation(found: Sequence[EntryView], conversation_id: int) -> list[EntryView]:
    """Only the lines of one conversation."""
    return [one for one in found if one.entry.conversation_id == conversation_id]


def as_id(made: int) -> str:
    """A conversation's id as pages write it."""
    return format_id("cnv", made)
