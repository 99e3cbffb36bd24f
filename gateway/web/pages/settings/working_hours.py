"""When somebody works: one's own hours, and those of others for administrators. The same form for both."""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import available_timezones

from aiohttp import web

from gateway.core.commands.people import UpdateUser
from gateway.core.errors import invalid
from gateway.domain.ids import format_id
from gateway.domain.people import User
from gateway.domain.record import record
from gateway.domain.working_hours import (
    WEEKDAYS,
    HoursError,
    WorkingHours,
    hours_of,
    shifts_text,
    shifts_typed,
)
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings import users
from gateway.web.pages.settings.forms import DONE, Faults, attempt
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get, post

LABELS: Final = {
    "monday": marked("Monday"),
    "tuesday": marked("Tuesday"),
    "wednesday": marked("Wednesday"),
    "thursday": marked("Thursday"),
    "friday": marked("Friday"),
    "saturday": marked("Saturday"),
    "sunday": marked("Sunday"),
}


@record
class Day:
    """A day of the week in the form."""

    name: str
    label: str
    hours: str


async def show_own(desk: Desk) -> web.StreamResponse:
    """One's own."""
    return await _page(desk, _me(desk), {}, {})


async def save_own(desk: Desk) -> web.StreamResponse:
    """One's own, anew."""
    return await _save(desk, _me(desk))


async def show_theirs(desk: Desk) -> web.StreamResponse:
    """Somebody else's."""
    return await _page(desk, users.user_of(desk), {}, {})


async def save_theirs(desk: Desk) -> web.StreamResponse:
    """Somebody else's, anew."""
    return await _save(desk, users.user_of(desk))


async def _save(desk: Desk, user: User) -> web.StreamResponse:
    form = await desk.form()

    async def act() -> None:
        await desk.execute(UpdateUser(user.id, working_hours=_typed(form)))
        desk.state.auth.sessions.forget()

    return await attempt(desk, act, lambda faults: _page(desk, user, form, faults), _address(desk, user))


def _typed(form: Mapping[str, str]) -> WorkingHours | None:
    """What was typed; None, at any hour, where no day has hours."""
    try:
        week = {name: shifts_typed(name, form.get(name, "")) for name in WEEKDAYS}
        if not any(week.values()):
            return None
        off = form.get("days_off", "").replace(",", " ").split()
        return hours_of({"timezone": form.get("timezone", "").strip(), "week": week, "days_off": off})
    except HoursError as error:
        raise invalid(error.field, str(error)) from None


async def _page(desk: Desk, user: User, typed: Mapping[str, str], faults: Faults) -> web.StreamResponse:
    own, known = user.id == desk.signed.user.id and not _of_others(desk), user.working_hours
    week: tuple[Any, ...] = known.week if known else ((),) * len(WEEKDAYS)
    stored = {name: shifts_text(shifts) for name, shifts in zip(WEEKDAYS, week, strict=True)}
    off = " ".join(one.isoformat() for one in known.days_off) if known else ""
    return await settings_page(
        desk,
        "account" if own else "people",
        "settings/working_hours.html",
        status=422 if faults else 200,
        said=DONE,
        faults=faults,
        whose="" if own else user.name,
        here=_address(desk, user),
        days=[Day(name, desk.language.gettext(LABELS[name]), typed.get(name, stored[name])) for name in WEEKDAYS],
        timezone=typed.get("timezone", known.timezone if known else desk.times.zone.key),
        zones=sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")),
        days_off=typed.get("days_off", off),
    )


def _me(desk: Desk) -> User:
    return desk.view.users.get(desk.signed.user.id, desk.signed.user)


def _of_others(desk: Desk) -> bool:
    return desk.request.path.startswith(users.HOME)


def _address(desk: Desk, user: User) -> str:
    return f"{users.HOME}/{format_id('usr', user.id)}/hours" if _of_others(desk) else "/settings/account/hours"


OWN_ROUTES = (get("/hours", show_own), post("/hours", save_own))
ROUTES_OF_ONE = (get("/{id}/hours", show_theirs), post("/{id}/hours", save_theirs))
