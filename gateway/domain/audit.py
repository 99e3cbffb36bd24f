"""Who did what in administration, and when. Written with the change itself, and never changed afterwards."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from gateway.domain.record import record


@record
class AuditLine:
    """One thing done. `action` is `noun_verbed`; `subject` what it was called then, none for contacts.

    `details` have changed fields with what they were and are, only such as hold no secret and no words of contacts;
    `hidden` among them names the others. `user_id` is the person or the token's user, None for the system.
    `address` is where the request came from.
    """

    workspace_id: int
    id: int
    at: int
    action: str
    actor: str
    actor_name: str | None = None
    user_id: int | None = None
    noun: str | None = None
    subject_id: int | None = None
    subject: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    address: str | None = None
