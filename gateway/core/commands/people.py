"""Users, groups, invitations, sessions and tokens. Secrets arrive here as digests; only their makers see them."""

from gateway.core.commands.base import UNCHANGED, Command
from gateway.domain.people import Group, Invitation, LoginSession, Token, User
from gateway.domain.record import record
from gateway.domain.visibility import Role
from gateway.domain.working_hours import WorkingHours


@record
class InviteUser(Command[Invitation]):
    """A one-time link; `digest` is SHA-256 of its secret. With a user's own address it leads to a new password."""

    role: Role
    digest: str
    expires_at: int
    email: str | None = None


@record
class RevokeInvitation(Command[None]):
    """Its link works no longer."""

    invitation_id: int


@record
class AcceptInvitation(Command[User]):
    """Used once: makes the user. An invitation of somebody who is a user sets their password instead.

    `user_id` is the invitation's own, so that the sessions of that user are loaded to be ended.
    """

    digest: str
    name: str
    email: str
    password_hash: str
    user_id: int | None = None


@record
class CreateUser(Command[User]):
    """An administrator makes a user who can sign in once a password is set by invitation."""

    name: str
    email: str
    role: Role
    group_ids: tuple[int, ...] = ()
    password_hash: str | None = None


@record
class UpdateUser(Command[User]):
    """Role and groups by administrators; name, availability and preferences also by oneself.

    `language` None is what the browser asks for; `working_hours` None is at any hour.
    """

    user_id: int
    name: str = UNCHANGED
    role: Role = UNCHANGED
    group_ids: tuple[int, ...] = UNCHANGED
    available: bool = UNCHANGED
    language: str | None = UNCHANGED
    single_keys: bool = UNCHANGED
    working_hours: WorkingHours | None = UNCHANGED


@record
class ChangePassword(Command[None]):
    """Ends every other session of the user. `keep_session` is the one that asked."""

    user_id: int
    password_hash: str
    keep_session: int | None = None


@record
class RemoveUser(Command[None]):
    """Ends their sessions and tokens, releases what they own."""

    user_id: int


@record
class StartSession(Command[LoginSession]):
    """Somebody proved who they are."""

    user_id: int
    digest: str
    csrf: str
    expires_at: int
    browser: str | None = None
    method: str = "password"


@record
class EndSession(Command[None]):
    """Signed out."""

    session_id: int


@record
class EndSessions(Command[None]):
    """Signed out everywhere, but for `keep_session`."""

    user_id: int
    keep_session: int | None = None


@record
class CreateToken(Command[Token]):
    """An API token with a user of its own and that role."""

    name: str
    role: Role
    digest: str
    group_ids: tuple[int, ...] = ()


@record
class RevokeToken(Command[None]):
    """Refused from the next request on."""

    token_id: int


@record
class RecordTokenUse(Command[None]):
    """The token of this user was used now. A fact beside the settings: nobody reads them again for it."""

    user_id: int


@record
class CreateGroup(Command[Group]):
    """Some of the team who share work."""

    name: str
    user_ids: tuple[int, ...] = ()


@record
class UpdateGroup(Command[Group]):
    """Another name, other members."""

    group_id: int
    name: str = UNCHANGED
    user_ids: tuple[int, ...] = UNCHANGED


@record
class RemoveGroup(Command[None]):
    """Its conversations go to nobody."""

    group_id: int
