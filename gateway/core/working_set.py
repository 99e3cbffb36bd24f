"""A batch's picture of the rows it touches: loaded once, changed in memory, written at the end.

Records are frozen, so a change is a replacement, and a refused command is undone by putting the replaced ones back.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from gateway.domain.model import ContactAddress, Event, Part, Thread
from gateway.storage.records import TABLES

R = TypeVar("R")
Key = tuple[Any, ...]


class _Shelf:
    """The records of one type: as they were loaded, and as they stand (None: removed)."""

    __slots__ = ("before", "indexed", "key_of", "now", "touched")

    def __init__(self, kind: type[Any]) -> None:
        self.key_of: Callable[[Any], Key] = TABLES[kind].key_of
        self.indexed = kind in _INDEXED
        self.touched = False
        self.before: dict[Key, Any] = {}
        self.now: dict[Key, Any] = {}


class WorkingSet:
    """Records by type and primary key, with a journal to undo to."""

    def __init__(self) -> None:
        self._shelves: dict[type[Any], _Shelf] = {}
        self._journal: list[tuple[dict[Key, Any], Key, Any]] = []
        self._addresses: dict[tuple[int, str], int] = {}
        self._threads: dict[tuple[int, int], int] = {}
        self._parts: dict[tuple[int, int], set[int]] = {}
        self.events: list[Event] = []
        self.talked: set[tuple[int, str]] = set()
        self.forgotten: set[tuple[int, int]] = set()
        self.forgotten_messages: set[tuple[int, int]] = set()

    def load(self, record: Any) -> None:
        """A row as it is in the database; a row changed meanwhile in this batch is left alone."""
        kind = type(record)
        shelf = self._shelf(kind)
        key = shelf.key_of(record)
        if key not in shelf.before:
            shelf.before[key] = shelf.now[key] = record
            if shelf.indexed:
                self._index(kind, record)

    def get(self, kind: type[R], *key: Any) -> R | None:
        """The record of that key as it stands, or None."""
        shelf = self._shelves.get(kind)
        return None if shelf is None else shelf.now.get(key)

    def all(self, kind: type[R]) -> Iterator[R]:
        """Every record of a type that is in the set."""
        shelf = self._shelves.get(kind)
        return iter(()) if shelf is None else (record for record in list(shelf.now.values()) if record is not None)

    def put(self, record: R) -> R:
        """A new record, or another state of one."""
        kind = type(record)
        shelf = self._shelves.get(kind) or self._shelf(kind)
        key, now = shelf.key_of(record), shelf.now
        self._journal.append((now, key, now.get(key)))
        now[key] = record
        shelf.touched = True
        if shelf.indexed:
            self._index(kind, record)
        return record

    def remove(self, record: Any) -> None:
        """The row shall be gone."""
        shelf = self._shelf(type(record))
        key = shelf.key_of(record)
        self._journal.append((shelf.now, key, shelf.now.get(key)))
        shelf.now[key] = None
        shelf.touched = True

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

    def since(self, mark: tuple[int, int]) -> list[tuple[Any, Any]]:
        """What was put in or removed since the mark: each record once, as it was (None: not there) and as it is."""
        first: dict[tuple[int, Key], tuple[dict[Key, Any], Any]] = {}
        for shelf, key, before in self._journal[mark[0] :]:
            first.setdefault((id(shelf), key), (shelf, before))
        return [(before, shelf.get(key)) for (_, key), (shelf, before) in first.items()]

    def undo(self, mark: tuple[int, int]) -> None:
        """Puts everything back as it was at the mark."""
        while len(self._journal) > mark[0]:
            now, key, record = self._journal.pop()
            now[key] = record
        del self.events[mark[1] :]

    def changes(self, kind: type[R]) -> tuple[list[R], list[tuple[R, R]], list[R]]:
        """What is to be inserted, updated (before, after) and deleted."""
        shelf = self._shelf(kind)
        now, before = shelf.now, shelf.before
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
        """The record types something was put in or removed from."""
        return [kind for kind, shelf in self._shelves.items() if shelf.touched]

    def _shelf(self, kind: type[Any]) -> _Shelf:
        found = self._shelves.get(kind)
        if found is None:
            found = self._shelves[kind] = _Shelf(kind)
        return found

    def _index(self, kind: type[Any], record: Any) -> None:
        if kind is ContactAddress:
            if record.removed_at is None:
                self._addresses[record.workspace_id, record.value] = record.id
        elif kind is Thread:
            self._threads[record.workspace_id, record.contact_id] = record.id
        else:
            self._parts.setdefault((record.workspace_id, record.message_id), set()).add(record.index)


_INDEXED = frozenset({ContactAddress, Thread, Part})
