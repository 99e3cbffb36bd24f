"""Loads what a batch needs in a few set-based queries, threads locked in id order before what is under them."""

from collections.abc import Callable, Iterable
from typing import Any

from gateway.core.belongings import load_belongings
from gateway.core.consents import erased_value
from gateway.core.needs import Needs
from gateway.core.talk_needs import load_talks
from gateway.core.working_set import WorkingSet
from gateway.domain.model import Contact, Conversation, Media, Message, Thread
from gateway.domain.people import Token
from gateway.storage import batch_reads
from gateway.storage.record_table import RecordTable
from gateway.storage.records import (
    ADDRESSES,
    CONSENTS,
    CONTACTS,
    CONVERSATION_TAGS,
    CONVERSATIONS,
    LIST_MEMBERS,
    MEDIA,
    MESSAGES,
    PARKED_RECEIPTS,
    PARTS,
    PENDING_PARTS,
    QUESTIONS,
    RECEIPTS,
    TABLES,
    THREADS,
    TOKENS,
    WORK,
)
from gateway.storage.session import Session


def load(
    session: Session,
    workspace_id: int,
    needs: Needs,
    working: WorkingSet,
    now: int,
    digest: Callable[[str], str],
    *,
    lock: bool = True,
) -> None:
    """Fills the working set with everything `needs` names and what hangs on it. `lock=False` is for reading alone."""
    _Loading(session, workspace_id, needs, working, now, digest, lock).run()


class _Loading:
    def __init__(
        self,
        session: Session,
        workspace_id: int,
        needs: Needs,
        working: WorkingSet,
        now: int,
        digest: Callable[[str], str],
        lock: bool,
    ) -> None:
        self.session = session
        self.workspace_id = workspace_id
        self.needs = needs
        self.working = working
        self.now = now
        self.digest = digest
        self.lock = lock

    def run(self) -> None:
        self._keys()
        self._addresses()
        self._threads()
        self._messages()
        self._conversations()
        if self.needs.talks or self.needs.talkers:
            load_talks(self.session, self.workspace_id, self.needs, self.working)
        self._around()
        if self.needs.belongings:
            load_belongings(self.session, self.workspace_id, self.needs.belongings, self.working)

    def _take(self, records: Iterable[Any]) -> None:
        for record in records:
            self.working.load(record)

    def _by(self, table: RecordTable[Any], column: str, values: Iterable[Any]) -> list[Any]:
        found = table.by(self.session, self.workspace_id, column, values)
        self._take(found)
        return found

    def _keys(self) -> None:
        needs, session = self.needs, self.session
        if needs.inbound_keys:
            self._take(batch_reads.inbound_keys(session, needs.inbound_keys, self.now))
        if needs.provider_keys:
            keys = batch_reads.provider_keys(session, needs.provider_keys, self.now)
            self._take(keys)
            needs.messages.update(key.message_id for key in keys if key.workspace_id == self.workspace_id)
        if needs.parked_keys:
            parked = self._by(PARKED_RECEIPTS, "key", needs.parked_keys)
            self._by(RECEIPTS, "id", {one.receipt_id for one in parked})
        if needs.pending_parts:
            self._by(PENDING_PARTS, "key", needs.pending_parts)
        if needs.idempotency:
            self._take(batch_reads.idempotency_keys(session, self.workspace_id, needs.idempotency))

    def _messages(self) -> None:
        if not self.needs.messages:
            return
        messages: list[Message] = self._by(MESSAGES, "id", self.needs.messages)
        self._by(PARTS, "message_id", self.needs.messages)
        files = {media_id for message in messages for media_id in message.media_ids} if self.needs.files else set()
        if files:
            self._by(MEDIA, "id", files)
        self.needs.conversations.update(message.conversation_id for message in messages if message.conversation_id)

    def _addresses(self) -> None:
        needs = self.needs
        self._owned()
        if needs.media:
            media: list[Media] = self._by(MEDIA, "id", needs.media)
            needs.messages.update(one.message_id for one in media if one.message_id)
        if needs.conversations:
            unlocked: list[Conversation] = CONVERSATIONS.by(self.session, self.workspace_id, "id", needs.conversations)
            needs.threads.update(one.thread_id for one in unlocked)
        if needs.messages:
            needs.threads.update(batch_reads.threads_of_messages(self.session, self.workspace_id, needs.messages))
        if needs.addresses:
            found = batch_reads.live_addresses(self.session, self.workspace_id, needs.addresses)
            self._take(found)
            needs.contacts.update(one.contact_id for one in found)
        if needs.threads:
            peeked: list[Thread] = THREADS.by(self.session, self.workspace_id, "id", needs.threads)
            needs.contacts.update(one.contact_id for one in peeked)
        needs.contacts |= needs.belongings
        self._merged()

    def _owned(self) -> None:
        """What somebody owns who is about to go."""
        needs = self.needs
        if needs.tokens:
            tokens: list[Token] = self._by(TOKENS, "id", needs.tokens)
            needs.owners.update(one.user_id for one in tokens)
        if needs.owners or needs.owner_groups:
            owned = batch_reads.owned_conversations(self.session, self.workspace_id, needs.owners, needs.owner_groups)
            needs.conversations.update(owned)

    def _merged(self) -> None:
        """The contacts, whom they were merged into, and, where addresses or merges matter, who was merged into them."""
        needs = self.needs
        fresh = set(needs.contacts)
        while fresh:
            contacts: list[Contact] = self._by(CONTACTS, "id", fresh)
            found = {one.merged_into for one in contacts if one.merged_into}
            if needs.merges or needs.ledger or needs.belongings:
                losers: list[Contact] = self._by(CONTACTS, "merged_into", fresh)
                found.update(one.id for one in losers)
            fresh = found - needs.contacts
            needs.contacts |= fresh

    def _threads(self) -> None:
        """Locks the threads, so what is read under them from here on stands still until the commit."""
        needs = self.needs
        if not needs.contacts:
            return
        ids = needs.threads | set(batch_reads.thread_ids(self.session, self.workspace_id, needs.contacts))
        found = THREADS.by(self.session, self.workspace_id, "id", ids, lock=self.lock)
        self._take(found)
        missing = {one.merged_into for one in found if one.merged_into} - {one.id for one in found}
        if missing:
            self._take(THREADS.by(self.session, self.workspace_id, "id", missing, lock=self.lock))

    def _conversations(self) -> None:
        wanted = set(self.needs.conversations)
        wanted.update(one.conversation_id for one in self.working.all(Thread) if one.conversation_id)
        if wanted:
            self._by(CONVERSATIONS, "id", wanted)
        if self.needs.merges:
            threads = {one.id for one in self.working.all(Thread) if one.workspace_id == self.workspace_id}
            self._take(batch_reads.newest_conversations(self.session, self.workspace_id, threads))
            self._take(batch_reads.readers(self.session, self.workspace_id, threads))

    def _around(self) -> None:
        needs, session, workspace_id = self.needs, self.session, self.workspace_id
        if (needs.ledger or needs.belongings) and needs.contacts:
            found = self._by(ADDRESSES, "contact_id", needs.contacts)
            needs.consents.update(one.value for one in found)
        if needs.consents:
            erased = {erased_value(self.digest, value) for value in needs.consents}
            self._by(CONSENTS, "value", needs.consents | erased)
        self._waiting()
        if needs.memberships and needs.contacts:
            self._by(LIST_MEMBERS, "contact_id", needs.contacts)
        if needs.cursors:
            self._take(batch_reads.read_cursors(session, workspace_id, self._leading(needs.cursors)))
        if needs.entries:
            self._take(batch_reads.entries(session, workspace_id, needs.entries))
        if needs.tags_of:
            self._by(CONVERSATION_TAGS, "conversation_id", needs.tags_of)
        if needs.work_of:
            self._by(WORK, "subject_id", needs.work_of)
        self._named()

    def _named(self) -> None:
        needs, workspace_id = self.needs, self.workspace_id
        for kind in needs.whole:
            self._by(TABLES[kind], "workspace_id", [workspace_id])
        for kind, wanted in needs.locked.items():
            for column in sorted({column for column, _ in wanted}):
                values = {value for name, value in wanted if name == column}
                self._take(TABLES[kind].by(self.session, workspace_id, column, values, lock=self.lock))
        for kind, wanted in needs.records.items():
            for column in {column for column, _ in wanted}:
                self._by(TABLES[kind], column, {value for name, value in wanted if name == column})

    def _waiting(self) -> None:
        """What was asked in the threads that were loaded; where it matters also what is held there."""
        asked = {one.question_id for one in self.working.all(Thread) if one.question_id is not None}
        if asked:
            self._by(QUESTIONS, "id", asked)
        if self.needs.held:
            threads = {one.id for one in self.working.all(Thread)}
            self._take(batch_reads.held_messages(self.session, self.workspace_id, threads))

    def _leading(self, cursors: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
        """Cursors stand on the thread that leads after a merge."""
        threads = {one.id: one.merged_into or one.id for one in self.working.all(Thread)}
        return {(user, threads.get(thread, thread)) for user, thread in cursors}
