"""The verbs of a conversation and of a message, as forms. They are literal and take effect at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web

from gateway.core.commands.base import Command
from gateway.core.commands.conversations import (
    ArchiveConversation,
    AssignConversation,
    ChangeTags,
    ClaimConversation,
    CloseConversation,
    CompleteConversation,
    MarkRead,
    MarkUnread,
    ReleaseConversation,
    ReopenConversation,
    SnoozeConversation,
    WakeConversation,
)
from gateway.core.errors import invalid
from gateway.domain.record import replace
from gateway.domain.visibility import Permission
from gateway.storage.ranges import View
from gateway.web import guard, problems
from gateway.web.language import marked
from gateway.web.looking import whole_page
from gateway.web.pages.desk import Desk, html, read_id
from gateway.web.pages.filters import Filters, filters_of
from gateway.web.pages.message_forms import moment
from gateway.web.pages.panes import as_id, thread_of
from gateway.web.pages.questions import asked

MOST_READ, MOST_ROUNDS = 200, 25  # a press of the button marks 5,000, in seconds
_PLAIN: Final[Mapping[str, tuple[Permission, Callable[[int], Command[Any]]]]] = {
    "claim": (Permission.CLAIM, ClaimConversation),
    "release": (Permission.CLAIM, ReleaseConversation),
    "wake": (Permission.WORK, WakeConversation),
    "complete": (Permission.WORK, CompleteConversation),
    "archive": (Permission.WORK, ArchiveConversation),
    "remove": (Permission.REMOVE, lambda conversation_id: ArchiveConversation(conversation_id, remove=True)),
    "close": (Permission.WORK, CloseConversation),
    "reopen": (Permission.WORK, ReopenConversation),
}
_SAID: Final = {
    "claim": marked("Claimed. It is now in Mine"),
    "reopen": marked("Open again"),
    "unread": marked("Marked as unread"),
}
_LEAVES: Final = frozenset({"complete", "archive", "remove", "close", "snooze"})

Act = Callable[[Desk, int, Mapping[str, str]], Awaitable[None]]


async def act(desk: Desk) -> web.StreamResponse:
    """A verb on a conversation."""
    verb, conversation_id = desk.request.match_info["verb"], desk.id("cnv")
    await perform(desk, verb, conversation_id, await desk.form())
    return done(
        desk, _SAID.get(verb, ""), "/conversations" if verb in _LEAVES else f"/conversations/{as_id(conversation_id)}"
    )


async def perform(desk: Desk, verb: str, conversation_id: int, form: Mapping[str, str]) -> None:
    """Does what a verb says, with the fields it takes. Problem 404 for a word that is none."""
    if verb in _PLAIN:
        permission, command = _PLAIN[verb]
        guard.require(desk.signed, permission)
        await desk.execute(command(conversation_id))
    elif verb in _WITH_FIELDS:
        await _WITH_FIELDS[verb](desk, conversation_id, form)
    else:
        raise problems.not_found("page")


def done(desk: Desk, said: str, target: str) -> web.StreamResponse:
    """A script is told a sentence, in the reader's language; a browser goes on to a page."""
    if desk.by_script:
        return html("", 200, desk.language.gettext(said))
    raise web.HTTPSeeOther(target)


async def _assign(desk: Desk, conversation_id: int, form: Mapping[str, str]) -> None:
    guard.require(desk.signed, Permission.CLAIM)
    user_id = read_id(form["user_id"], "usr") if form.get("user_id") else None
    group_id = read_id(form["group_id"], "grp") if form.get("group_id") else None
    await desk.execute(AssignConversation(conversation_id, user_id, group_id))


async def _snooze(desk: Desk, conversation_id: int, form: Mapping[str, str]) -> None:
    guard.require(desk.signed, Permission.WORK)
    await desk.execute(SnoozeConversation(conversation_id, _until(desk, form)))


def _until(desk: Desk, form: Mapping[str, str]) -> int:
    """Milliseconds, or a local time in the zone of the browser's cookie."""
    until = moment(desk, form.get("until", ""), form.get("local", ""), "until")
    if until is None:
        raise invalid("until", "Choose a date and a time.")
    return until


async def _tags(desk: Desk, conversation_id: int, form: Mapping[str, str]) -> None:
    guard.require(desk.signed, Permission.TAG)
    add = tuple(one for one in [form.get("add", "").strip()] if one)
    remove = tuple(one for one in [form.get("remove", "").strip()] if one)
    await desk.execute(ChangeTags(conversation_id, add, remove))


async def _read(desk: Desk, conversation_id: int, form: Mapping[str, str]) -> None:
    thread = await thread_of(desk, conversation_id)
    seq = int(form["seq"][:18]) if form.get("seq", "").isdecimal() else None
    await desk.execute(MarkRead(thread, seq))


async def _unread(desk: Desk, conversation_id: int, form: Mapping[str, str]) -> None:
    await desk.execute(MarkUnread(await thread_of(desk, conversation_id)))


_WITH_FIELDS: Final[Mapping[str, Act]] = {
    "assign": _assign,
    "snooze": _snooze,
    "tags": _tags,
    "read": _read,
    "unread": _unread,
}


async def read_all(desk: Desk) -> web.StreamResponse:
    """Everything unread in a view is read now; for everyone, over what they see."""
    form = await desk.form()
    filters = filters_of({"view": form.get("view", View.INBOX)})
    query = asked(desk, Filters(filters.view, unread=True), limit=MOST_READ)
    for _round in range(MOST_ROUNDS):
        page = await whole_page(desk.read, query)
        await asyncio.gather(*(desk.execute(MarkRead(row.thread.id)) for row in page.items))
        if not page.next:
            break
        query = replace(query, cursor=page.next)
    _ = desk.language.gettext
    some = _("%(count)s conversations marked as read", count=desk.language.number(MOST_READ * MOST_ROUNDS))
    return done(desk, some if page.next else _("All conversations marked as read"), filters.page)
