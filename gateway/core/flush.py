"""Writes what a batch changed: deletes and updates, then inserts, then counters and the index, and the events last."""

from typing import Any

from gateway.core.working_set import WorkingSet
from gateway.domain.model import Contact, ContactAddress, Conversation, Event
from gateway.storage import event_log, search, view_counts
from gateway.storage.records import TABLES
from gateway.storage.session import Session


def flush(session: Session, working: WorkingSet) -> list[Event]:
    """Everything in a handful of statements. Answers the events with their positions."""
    changes = {kind: working.changes(kind) for kind in working.touched()}
    for kind, (_, updated, deleted) in changes.items():
        table = TABLES[kind]
        if deleted:
            table.delete(session, deleted)
        if updated:
            table.update(session, updated)
    for kind, (inserted, _, _) in changes.items():
        if inserted:
            TABLES[kind].insert(session, inserted)
    opened, moved, _ = changes.get(Conversation, ([], [], []))
    view_counts.record(session, opened, moved)
    _index(session, working, changes)
    return event_log.append(session, working.events) if working.events else []


def _index(session: Session, working: WorkingSet, changes: dict[type[Any], Any]) -> None:
    """Names and numbers are searchable as of the commit; message text follows a moment later."""
    ids: set[tuple[int, int]] = set()
    for kind in (Contact, ContactAddress):
        inserted, updated, deleted = changes.get(kind, ([], [], []))
        for record in (*inserted, *(after for _, after in updated), *deleted):
            contact_id = record.id if isinstance(record, Contact) else record.contact_id
            ids.add((record.workspace_id, contact_id))
    contacts = [found for key in sorted(ids) if (found := working.get(Contact, *key)) is not None]
    if contacts:
        search.index_contacts(session, contacts)
    for workspace_id in {workspace_id for workspace_id, _ in working.forgotten}:
        forgotten = [contact for workspace, contact in sorted(working.forgotten) if workspace == workspace_id]
        search.forget_contacts(session, workspace_id, forgotten)
    for workspace_id in {workspace_id for workspace_id, _ in working.forgotten_messages}:
        words = [message for workspace, message in sorted(working.forgotten_messages) if workspace == workspace_id]
        search.forget_messages(session, workspace_id, words)
