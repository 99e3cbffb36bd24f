"""Users: people of the team, and the users behind API tokens."""

from datetime import datetime
from typing import Annotated

import msgspec

from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.people import CreateUser, EndSessions, RemoveUser, RevokeInvitation, UpdateUser
from gateway.core.commands.two_factor import ResetTwoFactor
from gateway.core.errors import invalid
from gateway.domain.address import AddressKind, InvalidAddress, typed_address
from gateway.domain.people import Invitation
from gateway.domain.visibility import Permission, Role
from gateway.domain.working_hours import HoursError, WorkingHours, hours_of
from gateway.storage import credentials
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, AddressText, Id, Name, Unset
from gateway.web.api.lookup import changed, live_record
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.people import UserShape, WorkingHoursShape, user_shape
from gateway.web.api.times import ids_in_field, to_id, to_time

routes = Routes("Users")

Password = Annotated[str, msgspec.Meta(min_length=10, max_length=500)]


class NewUser(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody of the team. Without a password they need an invitation before they can sign in."""

    email: AddressText
    role: Role
    name: Name | None = None
    group_ids: list[Id] = []
    password: Password | None = None


class PasswordChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The password as it is, and as it shall be."""

    old: Annotated[str, msgspec.Meta(max_length=500)]
    new: Password


class UserChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes. Role and groups by administrators; name, availability and working hours also by oneself."""

    name: Name | Unset = UNSET
    role: Role | Unset = UNSET
    group_ids: list[Id] | Unset = UNSET
    available: bool | Unset = UNSET
    working_hours: WorkingHoursShape | Unset | None = UNSET


class NewInvitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A one-time link; whoever opens it becomes a user of that role."""

    role: Role
    email: AddressText | None = None


class InvitationShape(msgspec.Struct, frozen=True):
    """The link, shown this once."""

    url: str
    role: str
    email: str | None
    expires_at: datetime


class WaitingInvitation(msgspec.Struct, frozen=True):
    """A link that was not used yet. Its address can't be shown again."""

    id: str
    role: str
    email: str | None
    created_at: datetime
    expires_at: datetime


@routes.get("/users")
async def list_users(call: Call, query: PageQuery) -> Page[UserShape]:
    """List users."""
    return page_of(call.view.live(call.view.users), query, user_shape, lambda user: user.id)


@routes.get("/users/me")
async def get_own_user(call: Call) -> UserShape:
    """Read the user who asks."""
    return user_shape(call.signed.user)


@routes.post("/users", permission=Permission.MANAGE_USERS, status=201)
async def create_user(call: Call, body: NewUser) -> UserShape:
    """Add a user."""
    email = _email(body.email)
    hashed = await call.state.auth.passwords.hash(body.password) if body.password else None
    name = (body.name or email.partition("@")[0]).strip()
    groups = ids_in_field("group", body.group_ids, "group_ids")
    return user_shape(await call.execute(CreateUser(name, email, body.role, groups, hashed), user_shape))


@routes.post("/users/invitations", permission=Permission.MANAGE_USERS, status=201)
async def invite_user(call: Call, body: NewInvitation) -> InvitationShape:
    """Make a one-time link for somebody."""
    email = _email(body.email) if body.email else None
    random = call.once.secret if call.once else None
    invited = await call.state.auth.invitations.invite(call.caller, body.role, email, random)
    found = invited.invitation
    return InvitationShape(invited.url, found.role, found.email, to_time(found.expires_at))


@routes.get("/users/invitations", permission=Permission.MANAGE_USERS)
async def list_invitations(call: Call, query: PageQuery) -> Page[WaitingInvitation]:
    """List links that were not used yet, expired ones too."""
    found = await call.read(lambda session: credentials.unused_invitations(session, call.workspace_id))
    return page_of(found, query, _waiting, lambda one: one.id)


@routes.delete("/users/invitations/{invitation_id}", permission=Permission.MANAGE_USERS)
async def revoke_invitation(call: Call, invitation_id: int) -> None:
    """Revoke a link: it works no longer."""
    await call.execute(RevokeInvitation(invitation_id))


@routes.post("/users/me/password", status=204)
async def change_own_password(call: Call, body: PasswordChange) -> None:
    """Change one's own password; every other session ends."""
    if call.signed.session is None:
        raise problems.forbidden("A token has no password. Sign in to change yours.")
    await call.state.auth.change_password(call.signed, body.old, body.new)


@routes.get("/users/{user_id}")
async def get_user(call: Call, user_id: int) -> UserShape:
    """Read a user."""
    return user_shape(live_record(call.view.users, user_id, "user"))


@routes.patch("/users/{user_id}")
async def update_user(call: Call, user_id: int, body: UserChange) -> UserShape:
    """Change a user."""
    live_record(call.view.users, user_id, "user")
    own = user_id == call.signed.user.id and body.role is UNSET and body.group_ids is UNSET
    if not own and not call.signed.may(Permission.MANAGE_USERS):
        raise problems.forbidden("Only administrators change other users, roles and groups.")
    groups = UNCHANGED if body.group_ids is UNSET else ids_in_field("group", body.group_ids, "group_ids")
    hours = UNCHANGED if body.working_hours is UNSET else _hours(body.working_hours)
    name, role, available = changed(body.name), changed(body.role), changed(body.available)
    return user_shape(await call.execute(UpdateUser(user_id, name, role, groups, available, working_hours=hours)))


@routes.delete("/users/{user_id}", permission=Permission.MANAGE_USERS)
async def remove_user(call: Call, user_id: int) -> None:
    """Remove a user: sessions and tokens end, what they own is released."""
    await call.execute(RemoveUser(user_id))


@routes.post("/users/{user_id}/sign-out", status=204)
async def sign_out_user(call: Call, user_id: int) -> None:
    """Sign a user out everywhere: oneself, or anybody by administrators."""
    live_record(call.view.users, user_id, "user")
    if user_id != call.signed.user.id and not call.signed.may(Permission.MANAGE_USERS):
        raise problems.forbidden("Only administrators sign others out.")
    await call.execute(EndSessions(user_id))
    call.state.auth.sessions.forget()


@routes.delete("/users/{user_id}/two-factor", permission=Permission.MANAGE_USERS)
async def reset_two_factor(call: Call, user_id: int) -> None:
    """Reset somebody's second step: their password alone lets them in; every session of theirs ends."""
    live_record(call.view.users, user_id, "user")
    await call.execute(ResetTwoFactor(user_id))
    call.state.auth.sessions.forget()


def _waiting(one: Invitation) -> WaitingInvitation:
    made, expires = to_time(one.created_at), to_time(one.expires_at)
    return WaitingInvitation(to_id("invitation", one.id), str(one.role), one.email, made, expires)


def _hours(body: WorkingHoursShape | Unset | None) -> WorkingHours | None:
    try:
        return hours_of(msgspec.to_builtins(body)) if isinstance(body, WorkingHoursShape) else None
    except HoursError as error:
        raise invalid(f"working_hours.{error.field}", str(error)) from None


def _email(text: str) -> str:
    try:
        address = typed_address(text, None)
    except InvalidAddress as error:
        raise invalid("email", str(error)) from None
    if address.kind is not AddressKind.EMAIL:
        raise invalid("email", "This is not an e-mail address.")
    return address.value
