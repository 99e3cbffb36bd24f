"""The log of what happened, and the work that is still to do.

Part of the model (`domain/model.py`), where the conventions are said.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from gateway.domain.record import record


@record
class Event:
    """One line of the log. `position` is given by the writer at the very end, in commit order."""

    workspace_id: int
    position: int
    type: str
    at: int
    actor: str
    thread_id: int | None = None
    conversation_id: int | None = None
    message_id: int | None = None
    contact_id: int | None = None
    user_id: int | None = None
    group_id: int | None = None
    cause: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@record
class Work:
    """Something to do after a commit: a send, a timer, a hook, a media fetch.

    `lane` orders: of one lane only the oldest row is claimed, unless `lane` is None. `state` is queued, parked or
    running (leased until `lease_until` by `lease_owner`, whose `lease_epoch` fences late writes). A send also names
    its sender (0: none), and whether it is `bulk`, which makes room for people.
    """

    workspace_id: int
    id: int
    kind: str
    due_at: int
    created_at: int
    state: str = "queued"
    lane: int | None = None
    subject_id: int | None = None
    gateway_id: int | None = None
    weight: int = 1
    attempts: int = 0
    lease_owner: str | None = None
    lease_until: int | None = None
    lease_epoch: int = 0
    last_error: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    sender_id: int = 0
    bulk: bool = False
