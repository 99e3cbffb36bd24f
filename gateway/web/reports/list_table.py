"""A list of contacts as CSV, written a page at a time, in the columns that an import reads."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import web

from gateway.domain.address import AddressKind
from gateway.domain.lists import ContactList
from gateway.storage.contact_reads import ContactView
from gateway.storage.list_reads import member_page
from gateway.storage.page import LARGEST_PAGE, Page
from gateway.storage.session import Session
from gateway.web.reports.csv_text import csv_lines
from gateway.web.reports.download import begin_csv

HEAD = ("Name", "Phone", "Email", "Timezone")

Read = Callable[[Callable[[Session], Any]], Awaitable[Any]]


async def list_csv(request: web.Request, read: Read, workspace_id: int, found: ContactList) -> web.StreamResponse:
    """The file. Custom fields follow as columns of their own names, those of the whole list."""
    names: set[str] = set()
    async for page in _pages(read, workspace_id, found.id):
        names.update(name for one in page.items for name in one.contact.fields)
    fields = sorted(names - set(HEAD))
    answer = await begin_csv(request, f"list-{found.id}.csv", [*HEAD, *fields])
    async for page in _pages(read, workspace_id, found.id):
        await answer.write(csv_lines(_cells(one, fields) for one in page.items).encode())
    await answer.write_eof()
    return answer


async def _pages(read: Read, workspace_id: int, list_id: int) -> AsyncIterator[Page[ContactView]]:
    cursor: str | None = None
    while True:
        load = partial(member_page, workspace_id=workspace_id, list_id=list_id, limit=LARGEST_PAGE, cursor=cursor)
        page: Page[ContactView] = await read(load)
        yield page
        cursor = page.next
        if cursor is None:
            return


def _cells(one: ContactView, fields: list[str]) -> list[str]:
    mails = [address.value for address in one.addresses if address.kind is AddressKind.EMAIL]
    others = [address.value for address in one.addresses if address.kind is not AddressKind.EMAIL]
    known = one.contact
    own = (known.fields.get(name, "") for name in fields)
    return [known.name or "", "; ".join(others), "; ".join(mails), known.timezone or "", *own]
