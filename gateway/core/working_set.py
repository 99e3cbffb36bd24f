"""A batch's picture of the rows it touches: loaded once, changed in memory, written at the end.

Records are frozen, so a change is a replacement, and a refused command is undone by putting the replaced ones back.
"""

from collections.abc import Iterator
from typing import Any, TypeVar, cast

from gateway.domain.model import ContactAddress, Event, Part, Thread
from gateway.storage.records import TABLES

R = TypeVar("R")
Key = tuple[Any, ...]


class WorkingSet:
    """Records by type and primary key, with a journal to undo to."""

    def __init__(self) -> None:
        self._now: dict[type[Any], dict[Key, Any]] = {}
        self._before: dict[type[Any], dict[Key, Any]] = {}
        self._journal: list[tuple[type[Any], Key, Any]] = []
        self._touched: dict[type[Any], None] = {}
        self._addresses: dict[tuple[int, str], int] = {}
        self._threads: dict[tuple[int, int], int] = {}
        self._parts: dict[tuple[int, int], set[int]] = {}
        self.events: list[Event] = []
        self.forgotten: set[tuple[int, int]] = set()
        self.forgotten_messages: set[tuple[int, int]] = set()

    def load(self, record: Any) -> None:
        """A row as it is in the database; a row changed meanwhile in this batch is left alone."""
        kind = type(record)
        key = TABLES[kind].key_of(record)
        before = self._before.setdefault(kind, {})
        if key not in before:
            before[key] = record
            self._now.setdefault(kind, {})[key] = record
            self._index(kind, record)

    def get(self, kind: type[R], *key: Any) -> R | None:
        """The record of that key as it stands, or None."""
        return cast("R | None", self._now.get(kind, {}).get(key))

    def all(self, kind: type[R]) -> Iterator[R]:
        """Every record of a type that is in the set."""
        return (record for record in list(self._now.get(kind, {}).values()) if record is not None)

    def put(self, record: R) -> R:
        """A new record, or another state of one."""
        kind = type(record)
        self._set(kind, TABLES[kind].key_of(record), record)
        self._index(kind, record)
        return record

    def remove(self, record: Any) -> None:
        """The row shall be gone."""
        self._set(type(record), TABLES[type(record)].key_of(record), None)

    def address(self, workspace_id: int, value: str) -> ContactAddress | None:
        """The live address of that canonical value."""
        found = self._addresses.get((workspace_id, value))
        if found is None:
            return None
        address = self.get(ContactAddress, workspace_id, found)
        if address is not None and address.removed_at is None:
            return address
        live = (one for one in self.all(ContactAddress) if one.value == value and one.removed_at is None)
        return next((one for one in live if one.workspace_id == workspace_id), None)

    def thread_of(self, workspace_id: int, contact_id: int) -> Thread | None:
        """The thread of a contact itself, whatever was merged."""
        found = self._threads.get((workspace_id, contact_id))
        return None if found is None else self.get(Thread, workspace_id, found)

    def parts_of(self, workspace_id: int, message_id: int) -> list[Part]:
        """The parts of a message, in order."""
        indexes = sorted(self._parts.get((workspace_id, message_id), ()))
        found = (self.get(Part, workspace_id, message_id, index) for index in indexes)
        return [part for part in found if part is not None]

    def mark(self) -> tuple[int, int]:
        """A point to undo to."""
        return len(self._journal), len(self.events)

    def undo(self, mark: tuple[int, int]) -> None:
        """Puts everything back as it was at the mark."""
        while len(self._journal) > mark[0]:
            kind, key, record = self._journal.pop()
            self._now[kind][key] = record
        del self.events[mark[1] :]

    def changes(self, kind: type[R]) -> tuple[list[R], list[tuple[R, R]], list[R]]:
        """What is to be inserted, updated (before, after) and deleted."""
        now, before = self._now.get(kind, {}), self._before.get(kind, {})
        inserted: list[R] = []
        updated: list[tuple[R, R]] = []
        deleted: list[R] = []
        for key, record in now.items():
            was = before.get(key)
            if was is None and record is not None:
                inserted.append(record)
            elif was is not None and record is None:
                deleted.append(was)
            elif was is not None and record is not None and was is not record:
                updated.append((was, record))
        return inserted, updated, deleted

    def touched(self) -> list[type[Any]]:
        """The record types something was journalled for."""
        return list(self._touched)

    def _set(self, kind: type[Any], key: Key, record: Any) -> None:
        records = self._now.setdefault(kind, {})
        self._touched[kind] = None
        self._journal.append((kind, key, records.get(key)))
        records[key] = record

    def _index(self, kind: type[Any], record: Any) -> None:
        if kind not in _INDEXED:
            return
        if kind is ContactAddress:
            if record.removed_at is None:
                self._addresses[record.workspace_id, record.value] = record.id
        elif kind is Thread:
            self._threads[record.workspace_id, record.contact_id] = record.id
        else:
            self._parts.setdefault((record.workspace_id, record.message_id), set()).add(record.index)


_INDEXED = frozenset({ContactAddress, Thread, Part})
