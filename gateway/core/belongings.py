"""Everything that is stored of a contact, loaded to be erased, by keys that are there for other reasons."""

from collections.abc import Collection, Iterable
from typing import Any

from gateway.core.working_set import WorkingSet
from gateway.domain.ids import format_id
from gateway.domain.model import Contact, ContactAddress, Entry, Message, Thread
from gateway.domain.notices import named_in_notice
from gateway.storage import batch_reads
from gateway.storage.facts import Draft, ParkedReceipt
from gateway.storage.record_table import RecordTable
from gateway.storage.records import (
    ADDRESSES,
    AUTOMATION_HOLDS,
    AUTOMATION_RUNS,
    CAMPAIGN_RECIPIENTS,
    CONVERSATIONS,
    DRAFTS,
    ENTRIES,
    FORM_RESPONSES,
    IMPORTS,
    KEYWORD_USES,
    LIST_MEMBERS,
    MEDIA,
    MESSAGES,
    NOTES,
    PARKED_RECEIPTS,
    PARTS,
    PENDING_PARTS,
    POLL_VOTES,
    QUESTIONS,
    RAW_PAYLOADS,
    RECEIPTS,
    SAVED_VIEWS,
    WEBHOOK_ATTEMPTS,
    WEBHOOK_DELIVERIES,
    WORK,
)
from gateway.storage.session import Session


def with_merged(working: WorkingSet, contact_ids: Iterable[int]) -> set[int]:
    """These contacts and everybody merged into them, as far as they are loaded."""
    contacts = set(contact_ids)
    fresh = contacts
    while fresh:
        fresh = {one.id for one in working.all(Contact) if one.merged_into in fresh} - contacts
        contacts = contacts | fresh
    return contacts


def called(working: WorkingSet, contacts: Collection[int]) -> set[str]:
    """What notices to the team call these contacts."""
    names = {one.name for one in working.all(Contact) if one.id in contacts and one.name}
    theirs = (one.value for one in working.all(ContactAddress) if one.contact_id in contacts)
    return names | {named_in_notice(None, value) for value in theirs}


def load_belongings(session: Session, workspace_id: int, contact_ids: Iterable[int], working: WorkingSet) -> None:
    """Fills the working set with their conversations, messages, notes, files, receipts and drafts.

    They are the contacts and whoever was merged into them; their threads were loaded and locked before. Of what
    nobody could read, of saved views, of tables read in, and of answers kept for repeated requests, everything is
    loaded that may name them; the decision looks closer.
    """
    contacts = with_merged(working, contact_ids)
    threads = {one.id for one in working.all(Thread) if one.workspace_id == workspace_id and one.contact_id in contacts}

    def take(table: RecordTable[Any], column: str, values: Iterable[Any]) -> list[Any]:
        found = table.by(session, workspace_id, column, values)
        for record in found:
            working.load(record)
        return found

    take(CONVERSATIONS, "thread_id", threads)
    drafts: list[Draft] = take(DRAFTS, "thread_id", threads)
    entries: list[Entry] = ENTRIES.by(session, workspace_id, "thread_id", threads)
    take(NOTES, "id", {one.note_id for one in entries if one.note_id})
    message_ids = {one.message_id for one in entries if one.message_id}
    messages: list[Message] = take(MESSAGES, "id", message_ids)
    take(PARTS, "message_id", message_ids)
    take(RECEIPTS, "message_id", message_ids)
    media_ids = {media_id for one in messages for media_id in (*one.media_ids, one.html_id) if media_id is not None}
    media_ids.update(media_id for one in drafts for media_id in one.media_ids)
    take(MEDIA, "id", media_ids)
    take(WORK, "subject_id", message_ids | media_ids)
    take(ADDRESSES, "value", {one.value for one in take(ADDRESSES, "contact_id", contacts)})
    take(AUTOMATION_RUNS, "contact_id", contacts)
    take(AUTOMATION_HOLDS, "thread_id", threads)
    for table in (LIST_MEMBERS, CAMPAIGN_RECIPIENTS, FORM_RESPONSES, KEYWORD_USES, POLL_VOTES):
        take(table, "contact_id", contacts)
    take(QUESTIONS, "thread_id", threads)
    take(PENDING_PARTS, "workspace_id", [workspace_id])
    take(RAW_PAYLOADS, "workspace_id", [workspace_id])
    take(SAVED_VIEWS, "workspace_id", [workspace_id])
    take(IMPORTS, "workspace_id", [workspace_id])
    told_of = take(WEBHOOK_DELIVERIES, "contact_id", contacts)
    take(WEBHOOK_ATTEMPTS, "delivery_id", {one.id for one in told_of})
    parked: list[ParkedReceipt] = PARKED_RECEIPTS.by(session, workspace_id, "workspace_id", [workspace_id])
    take(RECEIPTS, "id", {one.receipt_id for one in parked})
    told = batch_reads.notices_naming(session, workspace_id, called(working, contacts))
    for notice in told:
        working.load(notice)
    take(CONVERSATIONS, "id", {one.conversation_id for one in told if one.conversation_id})
    for contact_id in contacts:
        for answer in batch_reads.answers_naming(session, workspace_id, format_id("contact", contact_id)):
            working.load(answer)
