"""What may happen, by name, and who made it happen.

An event type is also the name of its plugin hook, the `when` of an automation, and what a webhook subscribes to, so
a name once published stays. Presence (who is viewing, who is typing) is no event: nothing about it is worth keeping.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, cast, get_args

from gateway.domain.record import record


class EventType(StrEnum):
    MESSAGE_RECEIVED = "message_received"
    MESSAGE_QUEUED = "message_queued"
    MESSAGE_SENT = "message_sent"
    MESSAGE_STATUS_CHANGED = "message_status_changed"
    MESSAGE_FAILED = "message_failed"
    CONVERSATION_OPENED = "conversation_opened"
    CONVERSATION_REOPENED = "conversation_reopened"
    CONVERSATION_ASSIGNED = "conversation_assigned"
    ASSIGNMENT_WAITING = "assignment_waiting"
    CONVERSATION_SNOOZED = "conversation_snoozed"
    CONVERSATION_WOKEN = "conversation_woken"
    CONVERSATION_COMPLETED = "conversation_completed"
    CONVERSATION_ARCHIVED = "conversation_archived"
    CONVERSATION_CLOSED = "conversation_closed"
    CONTACT_CREATED = "contact_created"
    CONTACT_MERGED = "contact_merged"
    CONTACT_OPTED_OUT = "contact_opted_out"
    CONTACT_OPTED_IN = "contact_opted_in"
    OPT_OUT_SUGGESTED = "opt_out_suggested"
    OPT_OUT_DECIDED = "opt_out_decided"
    QUESTION_ASKED = "question_asked"
    QUESTION_ANSWERED = "question_answered"
    TAG_ADDED = "tag_added"
    TAG_REMOVED = "tag_removed"
    NOTE_ADDED = "note_added"
    THREAD_READ = "thread_read"
    MEDIA_STORED = "media_stored"
    KEYWORD_RECEIVED = "keyword_received"
    FORM_STARTED = "form_started"
    FORM_COMPLETED = "form_completed"
    FORM_ENDED = "form_ended"
    POLL_ANSWERED = "poll_answered"
    CAMPAIGN_SCHEDULED = "campaign_scheduled"
    CAMPAIGN_STARTED = "campaign_started"
    CAMPAIGN_PAUSED = "campaign_paused"
    CAMPAIGN_RESUMED = "campaign_resumed"
    CAMPAIGN_CANCELLED = "campaign_cancelled"
    CAMPAIGN_COMPLETED = "campaign_completed"
    GATEWAY_HEALTH_CHANGED = "gateway_health_changed"
    SETTINGS_CHANGED = "settings_changed"


EVENT_DOCS: Mapping[EventType, str] = MappingProxyType(
    {
        EventType.MESSAGE_RECEIVED: "An inbound message, of whatever nature, was stored in its contact's thread.",
        EventType.MESSAGE_QUEUED: "An outbound message was accepted and waits for its turn to be sent.",
        EventType.MESSAGE_SENT: "The provider accepted every part of an outbound message.",
        EventType.MESSAGE_STATUS_CHANGED: "The status of a message moved forward, for example to delivered or read.",
        EventType.MESSAGE_FAILED: "An outbound message can't be delivered; the data names the reason and the code.",
        EventType.CONVERSATION_OPENED: "A new conversation was opened in a thread.",
        EventType.CONVERSATION_REOPENED: "A completed or archived conversation is open again.",
        EventType.CONVERSATION_ASSIGNED: "The owner of a conversation changed: claimed, released, or transferred.",
        EventType.ASSIGNMENT_WAITING: "Nobody could be found for a conversation by the rules of assignment; it waits.",
        EventType.CONVERSATION_SNOOZED: "A conversation was put aside until a time, or that time was changed.",
        EventType.CONVERSATION_WOKEN: "A snooze ended, by its time, by an inbound message, or by a user.",
        EventType.CONVERSATION_COMPLETED: "A conversation was completed; fires once for each time, with the count.",
        EventType.CONVERSATION_ARCHIVED: "A conversation was archived without being completed by it.",
        EventType.CONVERSATION_CLOSED: "A conversation was sealed for good.",
        EventType.CONTACT_CREATED: "A contact was created, by hand, by import, or by its first message.",
        EventType.CONTACT_MERGED: "A contact was merged into another, or unmerged again.",
        EventType.CONTACT_OPTED_OUT: "One of a contact's addresses no longer wants messages.",
        EventType.CONTACT_OPTED_IN: "One of a contact's addresses wants messages, for the first time or again.",
        EventType.OPT_OUT_SUGGESTED: "A contact's words may mean that they want no more messages; machines wait.",
        EventType.OPT_OUT_DECIDED: "It was decided whether a contact's words were an opt-out; machines go on.",
        EventType.QUESTION_ASKED: "A plugin asked a contact something, and waits for the answer.",
        EventType.QUESTION_ANSWERED: "A contact answered what a plugin had asked; the data has the value.",
        EventType.TAG_ADDED: "A tag was put on a conversation.",
        EventType.TAG_REMOVED: "A tag was taken off a conversation.",
        EventType.NOTE_ADDED: "A user left an internal note on a conversation or a contact.",
        EventType.THREAD_READ: "A user's read position in a thread moved, forward (read) or back (unread).",
        EventType.MEDIA_STORED: "A message's media arrived and was stored, or was given up as unavailable.",
        EventType.KEYWORD_RECEIVED: "A contact texted a keyword; the data names it, and whether it was answered.",
        EventType.FORM_STARTED: "A form was begun with a contact; its first question is on its way.",
        EventType.FORM_COMPLETED: "A contact answered every question of a form.",
        EventType.FORM_ENDED: "A form ended before its last question; the data says how.",
        EventType.POLL_ANSWERED: "A contact voted in a poll, or changed their vote.",
        EventType.CAMPAIGN_SCHEDULED: "A campaign was set to start by itself at its time.",
        EventType.CAMPAIGN_STARTED: "A campaign began: its recipients are written down, then it sends.",
        EventType.CAMPAIGN_PAUSED: "A campaign stands still, because somebody wanted it or its sender is gone.",
        EventType.CAMPAIGN_RESUMED: "A campaign that stood still goes on.",
        EventType.CAMPAIGN_CANCELLED: "A campaign was called off; whoever was not written to by then is not.",
        EventType.CAMPAIGN_COMPLETED: "A campaign is through: nothing of it waits any more.",
        EventType.GATEWAY_HEALTH_CHANGED: "A gateway's health became ok, degraded, down or paused.",
        EventType.SETTINGS_CHANGED: "Somebody changed a setting of the workspace or of something in it.",
    }
)

ActorKind = Literal["user", "contact", "automation", "api", "system"]
_KINDS: tuple[str, ...] = get_args(ActorKind)


@record
class Actor:
    """Who caused something; `id` is the user's, contact's, automation's or token's. The system itself has none."""

    kind: ActorKind
    id: int | None = None

    def __str__(self) -> str:
        """The compact form that is stored: `user:123`, or the bare kind where there is no id."""
        return self.kind if self.id is None else f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Actor:
        """Read the compact form back; ValueError for anything `str(actor)` would not have written."""
        kind, colon, number = text.partition(":")
        if kind not in _KINDS or (colon and not (number.isascii() and number.isdigit())):
            raise ValueError(f"{text!r} is not an actor: expected one of {', '.join(_KINDS)}, then a colon and an id")
        return cls(cast("ActorKind", kind), int(number) if colon else None)
