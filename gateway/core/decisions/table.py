"""Which decision answers which command, and what it needs loaded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.core.commands import conversations as verbs
from gateway.core.commands import messages
from gateway.core.decisions import (
    conversations,
    notes,
    ownership,
    reading,
    receipts,
    receive,
    scheduled,
    send,
    sending,
    tagging,
)
from gateway.core.needs import Needs
from gateway.core.scene import Scene


@dataclass(frozen=True, slots=True)
class Decision:
    """The two functions of a command: what to load, and what becomes of it."""

    needs: Callable[[Any, Needs], None]
    decide: Callable[[Any, Scene], Any]


def _nothing(command: Any, needs: Needs) -> None:
    """Some commands only add."""


DECISIONS: Mapping[type[Any], Decision] = {
    messages.ReceiveMessage: Decision(receive.receive_needs, receive.receive),
    messages.FlushIncomplete: Decision(receive.flush_needs, receive.flush),
    messages.KeepRaw: Decision(_nothing, receive.keep_raw),
    messages.RecordReceipt: Decision(receipts.receipt_needs, receipts.record_receipt),
    messages.SendMessage: Decision(send.send_needs, send.send),
    messages.RetryMessage: Decision(scheduled.retry_needs, scheduled.retry),
    messages.EditScheduled: Decision(scheduled.message_needs, scheduled.edit),
    messages.CancelMessage: Decision(scheduled.message_needs, scheduled.cancel),
    messages.SettleMessage: Decision(scheduled.message_needs, scheduled.settle),
    messages.ReleaseScheduled: Decision(scheduled.message_needs, scheduled.release),
    messages.BeginSend: Decision(sending.begin_needs, sending.begin),
    messages.RecordSent: Decision(sending.sent_needs, sending.record_sent),
    messages.RecordSendFailure: Decision(sending.failure_needs, sending.record_failure),
    messages.RecoverSend: Decision(sending.recover_needs, sending.recover),
    verbs.ClaimConversation: Decision(ownership.owner_needs, ownership.claim),
    verbs.ReleaseConversation: Decision(ownership.owner_needs, ownership.release),
    verbs.AssignConversation: Decision(ownership.owner_needs, ownership.assign),
    verbs.SnoozeConversation: Decision(conversations.verb_needs, conversations.snooze),
    verbs.WakeConversation: Decision(conversations.verb_needs, conversations.wake),
    verbs.CompleteConversation: Decision(conversations.verb_needs, conversations.complete),
    verbs.ArchiveConversation: Decision(conversations.verb_needs, conversations.archive),
    verbs.CloseConversation: Decision(conversations.verb_needs, conversations.close),
    verbs.ReopenConversation: Decision(conversations.verb_needs, conversations.reopen),
    verbs.FireTimer: Decision(conversations.verb_needs, conversations.fire_timer),
    verbs.MarkRead: Decision(reading.read_needs, reading.mark_read),
    verbs.MarkUnread: Decision(reading.read_needs, reading.mark_unread),
    verbs.SaveDraft: Decision(reading.draft_needs, reading.save_draft),
    verbs.ChangeTags: Decision(tagging.tag_needs, tagging.change_tags),
    verbs.AddNote: Decision(notes.note_needs, notes.add_note),
}
