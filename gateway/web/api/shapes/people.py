"""How people of the team, and their working hours, look from outside."""

from datetime import datetime

import msgspec

from gateway.domain.people import User
from gateway.domain.working_hours import written
from gateway.web.api.times import to_id, to_time


class ShiftShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Times of day as `09:00`; one that ends no later than it starts ends on the next day, `24:00` is midnight."""

    start: str
    end: str


class WeekShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hours of each day."""

    monday: list[ShiftShape] = []
    tuesday: list[ShiftShape] = []
    wednesday: list[ShiftShape] = []
    thursday: list[ShiftShape] = []
    friday: list[ShiftShape] = []
    saturday: list[ShiftShape] = []
    sunday: list[ShiftShape] = []


class WorkingHoursShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When somebody takes new conversations, by the clocks in their time zone; on days off (`2026-12-24`) never."""

    timezone: str
    week: WeekShape
    days_off: list[str] = []


class UserShape(msgspec.Struct, frozen=True):
    """Somebody of the team, or the user behind a token (`kind` token)."""

    id: str
    kind: str
    name: str
    email: str | None
    role: str
    available: bool
    group_ids: list[str]
    created_at: datetime
    two_factor: bool = False
    working_hours: WorkingHoursShape | None = None


def user_shape(user: User) -> UserShape:
    """A user."""
    return UserShape(
        id=to_id("user", user.id),
        kind=user.kind,
        name=user.name,
        email=user.email,
        role=user.role,
        available=user.available,
        group_ids=[to_id("group", one) for one in user.group_ids],
        created_at=to_time(user.created_at),
        two_factor=user.two_factor,
        working_hours=msgspec.convert(written(user.working_hours), WorkingHoursShape) if user.working_hours else None,
    )
