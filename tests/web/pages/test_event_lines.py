"""Lifecycle lines: sentences with names that stand out, in whatever order a language wants them."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.core.workspace_view import view_of
from gateway.domain.events import EventType
from gateway.domain.model import Entry, EntryKind
from gateway.domain.people import Group, User
from gateway.domain.settings import Workspace
from gateway.domain.visibility import Role
from gateway.web.pages.event_lines import event_line
from gateway.web.pages.formatting import Times

NOON = 1_795_262_400_000
VIEW = view_of(
    Workspace(1, "Shop", 0),
    {
        "gateways": [], "senders": [], "pools": [], "tags": [], "lists": [],
        "users": [User(1, 7, "Ana Reyes", Role.AGENT, 0), User(1, 8, "Tom Becker", Role.AGENT, 0)],
        "groups": [Group(1, 9, "Orders", 0)],
    },
)  # fmt: skip
CASES: list[tuple[str, str, dict[str, Any], str, str]] = [
    (EventType.CONVERSATION_OPENED, "system", {"number": 3}, "Conversation 3 opened", "opened"),
    (EventType.CONVERSATION_ASSIGNED, "user:7", {"user_id": 7}, "*Ana Reyes* claimed this conversation", "assigned"),
    (
        EventType.CONVERSATION_ASSIGNED, "user:7", {"user_id": 8, "group_id": 9},
        "*Ana Reyes* assigned this to *Tom Becker · Orders*", "assigned",
    ),
    (EventType.CONVERSATION_ASSIGNED, "system", {"group_id": 9}, "Assigned to *Orders*", "assigned"),
    (EventType.CONVERSATION_ASSIGNED, "user:7", {}, "*Ana Reyes* gave this conversation back", "assigned"),
    (
        EventType.CONVERSATION_SNOOZED, "user:8", {"until": NOON},
        "*Tom Becker* snoozed this conversation until Today 12:00", "snoozed",
    ),
    (EventType.CONVERSATION_COMPLETED, "system", {}, "Completed", "finished"),
    (EventType.CONVERSATION_CLOSED, "api:99", {}, "*Somebody* closed this conversation", "finished"),
    (EventType.TAG_ADDED, "user:7", {"tag": "100 % <b>"}, "*Ana Reyes* added the tag *100 % <b>*", "tags"),
    (EventType.CONTACT_OPTED_OUT, "contact:5", {}, "*Maya* opted out", "other"),
    (
        EventType.MESSAGE_STATUS_CHANGED, "user:7", {"action": "settled as sent"},
        "*Ana Reyes* marked a message as sent", "other",
    ),
    ("shop_order_shipped", "automation:4", {}, "Shop order shipped", "other"),
]  # fmt: skip


@pytest.mark.parametrize(("event", "actor", "data", "said", "group"), CASES)
def test_what_happened_is_a_sentence(event: str, actor: str, data: dict[str, Any], said: str, group: str) -> None:
    entry = Entry(1, 2, 3, 4, EntryKind.EVENT, NOON, actor, event=str(event), data=data)
    line = event_line(entry, VIEW, Times(NOON, ZoneInfo("UTC")), "Maya")
    assert "".join(f"*{one.text}*" if one.bold else one.text for one in line.words) == said
    assert (line.group, line.auto) == (group, actor.startswith("automation"))
