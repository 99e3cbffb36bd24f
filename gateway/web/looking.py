"""Looking on until a page of conversations is full.

One look goes only so far (`storage/looks.py`). What few conversations meet may lie at the far end of a million: each
further look is a read of its own, between which others' reads go on, and after a second what was found is a page.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from gateway.domain.record import replace
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.inbox import conversation_page
from gateway.storage.page import Page, page_size
from gateway.storage.session import Session
from gateway.storage.view_query import ViewQuery

PATIENCE_S = 1.0

Read = Callable[[Callable[[Session], Page[ConversationRow]]], Awaitable[Page[ConversationRow]]]


async def whole_page(read: Read, query: ViewQuery, begun: Page[ConversationRow] | None = None) -> Page[ConversationRow]:
    """A page that is full, or the last, or took a second: then `next` goes on. `begun` is its first look, if taken.

    BadCursor as `conversation_page`.
    """
    page = await read(partial(conversation_page, query=query)) if begun is None else begun
    clock, size = asyncio.get_running_loop().time, page_size(query.limit)
    rows, until = {row.conversation.id: row for row in page.items}, clock() + PATIENCE_S
    while page.next is not None and len(rows) < size and clock() < until:
        further = replace(query, cursor=page.next, limit=size - len(rows))
        page = await read(partial(conversation_page, query=further))
        # One that moved meanwhile may come a second time.
        rows |= {row.conversation.id: row for row in page.items if row.conversation.id not in rows}
    return Page(list(rows.values()), page.next)
