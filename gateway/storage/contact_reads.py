"""Contacts: a page of them by name, one with its addresses, and what they said about being written to."""

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import BigInteger, Boolean, Text, bindparam, select, tuple_

from gateway.domain.model import ConsentRecord, Contact, ContactAddress, Message, Thread
from gateway.domain.record import record
from gateway.storage.conversation_rows import addresses_of, contacts_after_merging
from gateway.storage.find import find_contacts
from gateway.storage.inbox import with_merged
from gateway.storage.page import Page, page_size, read_cursor, write_cursor
from gateway.storage.query import Query
from gateway.storage.records import ADDRESSES, CONSENTS, CONTACTS, MESSAGES, THREADS
from gateway.storage.schema import contact_names, contacts
from gateway.storage.session import Session

MOST_FOUND = 5_000
_ORDER = "name"
_FOUND = "found"
_names = (
    select(*CONTACTS.columns(), contact_names.c.sort_name)
    .select_from(
        contact_names.join(
            contacts,
            (contacts.c.workspace_id == contact_names.c.workspace_id) & (contacts.c.id == contact_names.c.contact_id),
        )
    )
    .where(contact_names.c.workspace_id == bindparam("workspace_id"), contacts.c.merged_into.is_(None))
    .order_by(contact_names.c.sort_name, contact_names.c.contact_id)
    .limit(bindparam("limit", type_=BigInteger))
)


@cache
def _by_name(narrowed: bool, later: bool) -> Query:
    statement = _names
    if narrowed:
        statement = statement.where(contact_names.c.saved == bindparam("saved", type_=Boolean))
    if later:
        statement = statement.where(
            tuple_(contact_names.c.sort_name, contact_names.c.contact_id)
            > tuple_(bindparam("key", type_=Text), bindparam("id", type_=BigInteger))
        )
    return Query(statement)


@record
class ContactView:
    """A contact with its live addresses, the oldest first, and its thread."""

    contact: Contact
    addresses: tuple[ContactAddress, ...]
    thread: Thread | None


def contact_page(
    session: Session,
    workspace_id: int,
    *,
    q: str = "",
    saved: bool | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[ContactView]:
    """Contacts by name, without those merged into others; only the saved ones, or only the others, when `saved` says.

    With `q` those that match, the newest first, up to `MOST_FOUND`.
    """
    size = page_size(limit)
    if q:
        return _found(session, workspace_id, q, saved, size, cursor)
    place = {} if cursor is None else dict(zip(("key", "id"), read_cursor(cursor, _ORDER, str), strict=True))
    given = place if saved is None else place | {"saved": saved}
    query = _by_name(saved is not None, cursor is not None)
    rows = session.rows(query, workspace_id=workspace_id, limit=size + 1, **given)
    people = [CONTACTS.load(row) for row in rows[:size]]
    more = write_cursor(_ORDER, rows[size - 1][-1], people[-1].id) if len(rows) > size else None
    return Page(views_of(session, workspace_id, people), more)


def _found(
    session: Session, workspace_id: int, q: str, saved: bool | None, size: int, cursor: str | None
) -> Page[ContactView]:
    """The search is asked for more until the page is full; the cursor knows how many were shown, and who was last."""
    shown, last = (0, None) if cursor is None else read_cursor(cursor, _FOUND, int)
    asked = shown + size + 1
    while True:
        hits = find_contacts(session, workspace_id, q, min(asked, MOST_FOUND))
        winners = contacts_after_merging(session, workspace_id, hits)
        unique = {winners[id_].id: winners[id_] for id_ in hits if id_ in winners}.values()
        people = [one for one in unique if saved in (None, one.saved)]
        start = next(
            (place for place, one in enumerate(people, 1) if one.id == last), max(shown - 1, 0)
        )  # gone: one less
        if len(people) > start + size or len(hits) < asked or asked >= MOST_FOUND:
            break
        asked *= 4
    page = people[start : start + size]
    more = write_cursor(_FOUND, start + size, page[-1].id) if len(people) > start + size else None
    return Page(views_of(session, workspace_id, page), more)


def merged_contacts(session: Session, workspace_id: int, contact_id: int) -> list[ContactView]:
    """Those who were merged into this contact, straight or through others, the newest merge's last."""
    people = with_merged(session, workspace_id, [contact_id]) - {contact_id}
    losers = [one for one in CONTACTS.by(session, workspace_id, "id", people) if one.merged_into is not None]
    return views_of(session, workspace_id, sorted(losers, key=lambda one: one.id))


def contact_view(session: Session, workspace_id: int, contact_id: int) -> ContactView | None:
    """One contact as itself, merged or not."""
    found = CONTACTS.by(session, workspace_id, "id", [contact_id])
    return views_of(session, workspace_id, found)[0] if found else None


def consent_ledger(session: Session, workspace_id: int, contact_id: int) -> list[ConsentRecord]:
    """Every line about any address the contact has or had, merged contacts included, the newest first."""
    people = with_merged(session, workspace_id, [contact_id])
    owned = ADDRESSES.by(session, workspace_id, "contact_id", people)
    spellings = {(address.kind, address.value) for address in owned}
    lines = CONSENTS.by(session, workspace_id, "value", {address.value for address in owned})
    lines = [line for line in lines if (line.kind, line.value) in spellings]
    return sorted(lines, key=lambda line: (line.at, line.id), reverse=True)


def wish_of(session: Session, workspace_id: int, contact_id: int) -> Message | None:
    """The message that may mean this contact wants no more, while nobody has decided; merged contacts' included."""
    family = with_merged(session, workspace_id, [contact_id])
    own = THREADS.by(session, workspace_id, "contact_id", family)
    above = [one.merged_into for one in own if one.merged_into is not None]
    found = [*own, *THREADS.by(session, workspace_id, "id", above)]
    wishes = [one.wish_message_id for one in found if one.merged_into is None and one.wish_message_id is not None]
    messages = MESSAGES.by(session, workspace_id, "id", wishes)
    return messages[0] if messages else None


def views_of(session: Session, workspace_id: int, people: Sequence[Contact]) -> list[ContactView]:
    """Contacts with their addresses and threads, in their order."""
    ids = [contact.id for contact in people]
    addresses = addresses_of(session, workspace_id, ids)
    threads = _threads(session, workspace_id, ids)
    return [ContactView(contact, addresses.get(contact.id, ()), threads.get(contact.id)) for contact in people]


def _threads(session: Session, workspace_id: int, contact_ids: Iterable[int]) -> dict[int, Thread]:
    return {thread.contact_id: thread for thread in THREADS.by(session, workspace_id, "contact_id", contact_ids)}
