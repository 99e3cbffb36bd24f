"""What must be loaded to answer a text by itself: for those alone who hit a word, or are being asked something."""

from typing import Any

from gateway.core.commands.messages import ReceiveMessage
from gateway.core.gateway_choice import health_needs
from gateway.core.needs import Needs
from gateway.core.working_set import WorkingSet
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.asking import asking_of
from gateway.domain.consent_words import whole_word
from gateway.domain.model import Contact, Thread
from gateway.storage.records import ADDRESSES, FORM_RESPONSES, KEYWORD_USES, LIST_MEMBERS, POLL_VOTES
from gateway.storage.session import Session

SPOKEN = frozenset({"sms", "mms", "whatsapp"})
"""Channels on which machines answer to words. A mail is a letter."""


def talk_needs(command: ReceiveMessage, view: WorkspaceView, needs: Needs, now: int) -> None:
    """Whether the text hits a word. Of a part of a longer one that is not known yet."""
    if view.talks is None or command.channel not in SPOKEN or command.nature is not None:
        return
    whole = command.concat is None or not command.concat.is_long
    value = command.sender.value
    if not whole or needs.talks.get(value):
        needs.talks[value] = True
        return
    sender = view.sender_for_address(command.recipient.value, command.channel)
    sender_id = sender.id if sender else None
    found: Any = view.talks.find(command.body, sender_id, now)
    if found is None and view.talks.help:
        found = whole_word(command.body, stopped=True)
    needs.talks[value] = found is not None


def load_talks(session: Session, workspace_id: int, needs: Needs, working: WorkingSet) -> None:
    """Fills the working set with what was said, voted and used before by whoever is answered."""
    roots: dict[int, Thread] = {}
    for value, hit in needs.talks.items():
        root = _root(working, workspace_id, value)
        if hit or (root is not None and root.asking is not None):
            working.talked.add((workspace_id, value))
            needs.consents.add(value)
            if root is not None:
                roots[root.id] = root
    if needs.talkers:
        leading = (one for one in working.all(Thread) if one.workspace_id == workspace_id and one.merged_into is None)
        roots.update((one.id, one) for one in leading)
    if working.talked or roots:
        health_needs(needs)
    if not roots:
        return
    contacts = {one.contact_id for one in roots.values()}
    needs.tags_of.update(one.conversation_id for one in roots.values() if one.conversation_id)
    asked = (asking_of(one.asking) for one in roots.values())
    responses = {one.id for one in asked if one is not None and one.kind == "form"}
    found: list[Any] = FORM_RESPONSES.by(session, workspace_id, "id", responses) if responses else []
    for table in (ADDRESSES, LIST_MEMBERS, KEYWORD_USES, POLL_VOTES):
        found += table.by(session, workspace_id, "contact_id", contacts)
    for record in found:
        working.load(record)


def _root(working: WorkingSet, workspace_id: int, value: str) -> Thread | None:
    """The thread that leads, of the contact who has an address."""
    address = working.address(workspace_id, value)
    contact = working.get(Contact, workspace_id, address.contact_id) if address is not None else None
    thread = working.thread_of(workspace_id, contact.id) if contact is not None else None
    while thread is not None and thread.merged_into is not None:
        thread = working.get(Thread, workspace_id, thread.merged_into)
    return thread
