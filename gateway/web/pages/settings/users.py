"""Users: what they are called and may do, and the links by which somebody becomes one."""

from typing import Final

from aiohttp import web

from gateway.core.commands.people import EndSessions, RemoveUser, RevokeInvitation, UpdateUser
from gateway.core.commands.two_factor import ResetTwoFactor
from gateway.core.errors import Refused, invalid
from gateway.domain.ids import format_id
from gateway.domain.people import Invitation, User
from gateway.domain.record import record
from gateway.domain.visibility import Role
from gateway.storage import credentials
from gateway.web import guard, problems
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_user
from gateway.web.pages.settings.forms import DONE, Faults, answerable, attempt, faults_of, go_to
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.groups import cards
from gateway.web.pages.settings.sections import get, post
from gateway.web.pages.shell import ROLES
from gateway.web.pages.views_shell import Choice, Person

HOME: Final = "/settings/people"
ROLE_WORDS: Final = {
    Role.AGENT: marked("Answers customers: their own conversations, those of their groups and unassigned ones."),
    Role.SUPERVISOR: marked("Sees every conversation, gives work to others, reads the statistics."),
    Role.ADMINISTRATOR: marked("Also sets up gateways, users, tokens and policies."),
}


@record
class Member:
    """A user in the list."""

    id: str
    face: Person
    email: str
    role: str
    groups: tuple[str, ...]
    me: bool
    two_factor: bool


@record
class Link:
    """An invitation that waits."""

    id: str
    who: str
    role: str
    when: str
    expired: bool


async def show(desk: Desk) -> web.StreamResponse:
    """Everybody, the links that wait, and the groups."""
    people = sorted(_people(desk), key=lambda one: one.name.casefold())
    waiting = await desk.read(lambda session: credentials.unused_invitations(session, desk.workspace_id))
    return await settings_page(
        desk,
        "people",
        "settings/people.html",
        said=DONE,
        members=[_member(desk, one) for one in people],
        links=[_link(desk, one) for one in waiting],
        groups=cards(desk),
    )


async def show_invite(desk: Desk) -> web.StreamResponse:
    """The form for a link."""
    return await _invite(desk, {}, {})


async def _invite(desk: Desk, typed: Faults, faults: Faults, url: str = "", days: int = 0) -> web.StreamResponse:
    return await settings_page(
        desk,
        "people",
        "settings/invite.html",
        status=422 if faults else 200,
        faults=faults,
        email=typed.get("email", ""),
        roles=_roles(desk, typed.get("role", Role.AGENT)),
        url=url,
        days=days,
    )


async def invite(desk: Desk) -> web.StreamResponse:
    """Makes a link, which is shown this once."""
    form = await desk.form()
    try:
        role, email = _role(form.get("role", "")), form.get("email", "").strip() or None
        made = await desk.state.auth.invitations.invite(desk.caller, role, email)
    except Refused as refused:
        if not answerable(refused):
            raise
        return await _invite(desk, form, faults_of(refused, desk.language))
    days = round((made.invitation.expires_at - desk.times.now) / 86_400_000)
    return await _invite(desk, form, {}, made.url, days)


async def revoke_invitation(desk: Desk) -> web.StreamResponse:
    """The link works no longer."""
    await desk.form()
    await desk.execute(RevokeInvitation(desk.id("inv")))
    go_to(HOME, "revoked")


async def show_one(desk: Desk) -> web.StreamResponse:
    """One user."""
    return await _one(desk, {}, {})


async def _one(desk: Desk, typed: Faults, faults: Faults, url: str = "") -> web.StreamResponse:
    user = user_of(desk)
    groups = [
        Choice(one.name, format_id("grp", one.id), pressed=one.id in user.group_ids)
        for one in desk.view.live(desk.view.groups)
    ]
    return await settings_page(
        desk,
        "people",
        "settings/user.html",
        status=422 if faults else 200,
        said=DONE,
        faults=faults,
        user=_member(desk, user),
        name=typed.get("name", user.name),
        available=user.available,
        hours=desk.language.gettext(marked("By a week's hours.") if user.working_hours else marked("At any hour.")),
        roles=_roles(desk, typed.get("role", user.role)),
        groups=groups,
        url=url,
    )


async def change(desk: Desk) -> web.StreamResponse:
    """Name, role, groups and availability."""
    user, form = user_of(desk), await desk.form()
    fields = await guard.posted(desk.request)
    chosen = tuple(desk.parse(str(one), "grp") for one in fields.getall("group", ()))

    async def act() -> None:
        role, available = _role(form.get("role", "")), form.get("available") == "1"
        await desk.execute(UpdateUser(user.id, form.get("name", ""), role, chosen, available))

    return await attempt(desk, act, lambda faults: _one(desk, form, faults), HOME)


async def sign_out(desk: Desk) -> web.StreamResponse:
    """Out of every browser; for oneself all but this one."""
    user = user_of(desk)
    await desk.form()
    here = desk.signed.session.id if desk.signed.session and user.id == desk.signed.user.id else None
    await desk.execute(EndSessions(user.id, keep_session=here))
    desk.state.auth.sessions.forget()
    go_to(f"{HOME}/{format_id('usr', user.id)}", "signed-out")


async def renew_password(desk: Desk) -> web.StreamResponse:
    """A link with which they choose a new password."""
    user = user_of(desk)
    await desk.form()
    made = await desk.state.auth.invitations.invite(desk.caller, user.role, user.email)
    return await _one(desk, {}, {}, made.url)


async def reset_two_factor(desk: Desk) -> web.StreamResponse:
    """Phone and recovery codes are lost: their password alone lets them in, to set it up anew."""
    user = user_of(desk)
    await desk.form()
    await desk.execute(ResetTwoFactor(user.id))
    desk.state.auth.sessions.forget()
    go_to(f"{HOME}/{format_id('usr', user.id)}", "reset")


async def deactivate(desk: Desk) -> web.StreamResponse:
    """They can't sign in any more, and what they own is free."""
    user = user_of(desk)
    await desk.form()
    return await attempt(
        desk, lambda: desk.execute(RemoveUser(user.id)), lambda faults: _one(desk, {}, faults), HOME, "deactivated"
    )


def _people(desk: Desk) -> list[User]:
    return [one for one in desk.view.live(desk.view.users) if one.kind == "person"]


def user_of(desk: Desk) -> User:
    """The one the address names, or 404."""
    wanted = desk.id("usr")
    found = next((one for one in _people(desk) if one.id == wanted), None)
    if found is None:
        raise problems.not_found("user")
    return found


def _member(desk: Desk, user: User) -> Member:
    groups = tuple(desk.view.groups[one].name for one in user.group_ids if one in desk.view.groups)
    role = desk.language.gettext(ROLES[user.role])
    face = face_of_user(user, desk.times.now)
    return Member(face.id, face, user.email or "", role, groups, user.id == desk.signed.user.id, user.two_factor)


def _link(desk: Desk, one: Invitation) -> Link:
    _ = desk.language.gettext
    expired = one.expires_at <= desk.times.now
    day = desk.times.day_name(one.expires_at)
    when = _("Expired on %(day)s", day=day) if expired else _("Works until %(day)s", day=day)
    return Link(format_id("inv", one.id), one.email or _("Whoever has the link"), _(ROLES[one.role]), when, expired)


def _roles(desk: Desk, chosen: str) -> list[Choice]:
    _ = desk.language.gettext
    return [Choice(_(ROLES[role]), role, note=_(words), pressed=role == chosen) for role, words in ROLE_WORDS.items()]


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise invalid("role", "Choose a role.") from None


ROUTES = (
    get("", show),
    get("/invite", show_invite),
    post("/invite", invite),
    post("/invitations/{id}/revoke", revoke_invitation),
)
ROUTES_OF_ONE = (
    get("/{id}", show_one),
    post("/{id}", change),
    post("/{id}/sign-out", sign_out),
    post("/{id}/password", renew_password),
    post("/{id}/two-factor", reset_two_factor),
    post("/{id}/deactivate", deactivate),
)
