"""One verb on the conversations somebody selected, each decided for itself; the page is told what became of them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from aiohttp import web
from multidict import MultiDict, MultiMapping

from gateway.core.commands.conversations import ChangeTags
from gateway.core.errors import Refused
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.visibility import Permission
from gateway.storage.inbox import conversation_page
from gateway.web import guard, problems
from gateway.web.language import Language
from gateway.web.pages.action_pages import done, perform
from gateway.web.pages.desk import Desk, checked, read_id
from gateway.web.pages.filters import filters_of
from gateway.web.pages.panes import find_row
from gateway.web.pages.questions import asked
from gateway.web.pages.rows import closing
from gateway.web.problems import of_refusal
from gateway.web.told import told

_PAGE = 200
MOST = 1000  # conversations at once, of a list or by their ids
# What is said of so many, in whole sentences: other languages put the words in another order.
_DONE: Mapping[str, Callable[[Language, int], str]] = {
    "complete": lambda words, count: words.ngettext(
        "%(num)s conversation completed", "%(num)s conversations completed", count
    ),
    "archive": lambda words, count: words.ngettext(
        "%(num)s conversation archived", "%(num)s conversations archived", count
    ),
    "close": lambda words, count: words.ngettext("%(num)s conversation closed", "%(num)s conversations closed", count),
    "finish": lambda words, count: words.ngettext("%(num)s conversation closed", "%(num)s conversations closed", count),
    "snooze": lambda words, count: words.ngettext(
        "%(num)s conversation snoozed", "%(num)s conversations snoozed", count
    ),
    "assign": lambda words, count: words.ngettext(
        "%(num)s conversation transferred", "%(num)s conversations transferred", count
    ),
    "claim": lambda words, count: words.ngettext(
        "%(num)s conversation claimed", "%(num)s conversations claimed", count
    ),
    "tags": lambda words, count: words.ngettext("%(num)s conversation tagged", "%(num)s conversations tagged", count),
    "read": lambda words, count: words.ngettext(
        "%(num)s conversation marked as read", "%(num)s conversations marked as read", count
    ),
    "unread": lambda words, count: words.ngettext(
        "%(num)s conversation marked as unread", "%(num)s conversations marked as unread", count
    ),
}


@record
class Result:
    """What became of one conversation; `problem` is a sentence where nothing was done."""

    id: int
    problem: str = ""


async def act_on_many(desk: Desk) -> web.StreamResponse:
    """A verb on many. Marking read is everyone's, over what they see; the rest is for supervisors and administrators.

    `finish` is what the workspace's Close button does. With `quiet`, only what could not be done is told.
    """
    verb = desk.request.match_info["verb"]
    if verb not in _DONE:
        raise problems.not_found("page")
    fields = await _fields(desk)
    if verb != "read":
        guard.require(desk.signed, Permission.BULK)
    ids = [read_id(one, "cnv") for one in dict.fromkeys(fields.getall("ids", []))]
    if len(ids) > MOST:
        raise problems.invalid("ids", f"At most {MOST} conversations at once.")
    results = await asyncio.gather(*(_one(desk, verb, made, fields) for made in ids))
    return done(desk, said(desk.language, verb, results, quiet="quiet" in fields), "/conversations")


async def name_all(desk: Desk) -> web.StreamResponse:
    """The ids of all that belong to a list or a table, also of what is on no page yet: `{ids}`, the first thousand."""
    filters = filters_of(desk.request.query, natural_only=desk.view.policy.natural_only)
    ids: list[str] = []
    cursor: str | None = None
    while len(ids) < MOST:
        query = asked(desk, filters, limit=_PAGE, cursor=cursor)
        page = await desk.read(lambda session, query=query: conversation_page(session, query))  # type: ignore[misc]
        ids += [format_id("cnv", row.conversation.id) for row in page.items]
        if (cursor := page.next) is None:
            break
    return web.json_response({"ids": ids[:MOST]})


async def _fields(desk: Desk) -> MultiMapping[str]:
    """The texts of the form, whose names may repeat."""
    found = await checked(desk.request, desk.signed)
    return MultiDict((name, value) for name, value in found.items() if isinstance(value, str))


async def _one(desk: Desk, verb: str, made: int, fields: MultiMapping[str]) -> Result:
    try:
        if verb == "tags":
            guard.require(desk.signed, Permission.TAG)
            await desk.execute(ChangeTags(made, tuple(fields.getall("add", [])), tuple(fields.getall("remove", []))))
        elif verb == "finish":
            await _finish(desk, made, fields)
        else:
            await perform(desk, verb, made, fields)
    except Refused as refused:
        return Result(made, told(desk.language, of_refusal(refused).detail))
    except problems.Problem as problem:
        return Result(made, told(desk.language, problem.detail))
    return Result(made)


async def _finish(desk: Desk, made: int, fields: MultiMapping[str]) -> None:
    found = await find_row(desk, made)
    choice = closing(found.row.conversation, desk.view.policy)
    if choice is not None:
        await perform(desk, choice.value, made, fields)


def said(language: Language, verb: str, results: Sequence[Result], *, quiet: bool = False) -> str:
    """What was done and what was not, and why the first of those was not."""
    refused = [one for one in results if one.problem]
    well = len(results) - len(refused)
    sentences = [] if quiet or (refused and not well) else [_DONE[verb](language, well)]
    if refused:
        words = language.ngettext(
            "%(num)s conversation stays as it is: %(reason)s",
            "%(num)s conversations stay as they are: %(reason)s",
            len(refused),
            reason=language.gettext(refused[0].problem),
        )
        sentences.append(words)
    return ". ".join(sentences)
