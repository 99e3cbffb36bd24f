"""Who is behind a token, a cookie, a link or an e-mail address: lookups by digest, over all workspaces."""

from sqlalchemy import BindParameter, and_, bindparam, func, select

from gateway.domain.oidc import OidcSettings
from gateway.domain.people import Invitation, LoginSession, Token, User
from gateway.domain.second_factor import SecondFactor
from gateway.storage.query import Query
from gateway.storage.records import INVITATIONS, LOGIN_SESSIONS, OIDC_SETTINGS, SECOND_FACTORS, TOKENS, USERS
from gateway.storage.schema import invitations, login_sessions, oidc_settings, tokens, users, workspaces
from gateway.storage.session import Session

_DIGEST: BindParameter[str] = bindparam("digest")
# Nobody gets into a workspace that is suspended or removed, whichever door they come to.
_SHUT = select(workspaces.c.id).where(workspaces.c.suspended_at.is_not(None))
_OPEN = users.c.workspace_id.not_in(_SHUT)
_USER_OF_TOKEN = Query(
    USERS.select()
    .join(tokens, and_(tokens.c.workspace_id == users.c.workspace_id, tokens.c.user_id == users.c.id))
    .where(tokens.c.digest == _DIGEST, tokens.c.revoked_at.is_(None), users.c.removed_at.is_(None), _OPEN)
)
_SESSION = Query(LOGIN_SESSIONS.select().where(login_sessions.c.digest == _DIGEST, login_sessions.c.ended_at.is_(None)))
_USER = Query(
    USERS.select().where(
        users.c.workspace_id == bindparam("workspace_id"),
        users.c.id == bindparam("id"),
        users.c.removed_at.is_(None),
        _OPEN,
    )
)
_INVITATION = Query(
    INVITATIONS.select().where(invitations.c.digest == _DIGEST, invitations.c.workspace_id.not_in(_SHUT))
)
_BY_EMAIL = Query(
    USERS.select()
    .where(
        func.lower(users.c.email) == bindparam("email"), users.c.kind == "person", users.c.removed_at.is_(None), _OPEN
    )
    .order_by(users.c.workspace_id)
)
_PROVIDERS = Query(
    OIDC_SETTINGS.select()
    .where(oidc_settings.c.enabled, oidc_settings.c.workspace_id.not_in(_SHUT))
    .order_by(oidc_settings.c.workspace_id)
)
_TOKENS = Query(
    TOKENS.select()
    .where(tokens.c.workspace_id == bindparam("workspace_id"), tokens.c.revoked_at.is_(None))
    .order_by(tokens.c.id)
)
_INVITATIONS = Query(
    INVITATIONS.select()
    .where(
        invitations.c.workspace_id == bindparam("workspace_id"),
        invitations.c.used_at.is_(None),
        invitations.c.revoked_at.is_(None),
    )
    .order_by(invitations.c.id.desc())
    .limit(bindparam("limit"))
)
_SESSIONS = Query(
    LOGIN_SESSIONS.select()
    .where(
        login_sessions.c.workspace_id == bindparam("workspace_id"),
        login_sessions.c.user_id == bindparam("user_id"),
        login_sessions.c.ended_at.is_(None),
        login_sessions.c.expires_at > bindparam("now"),
    )
    .order_by(login_sessions.c.id.desc())
    .limit(bindparam("limit"))
)


def user_of_token(session: Session, digest: str) -> User | None:
    """The user whose live token has this digest."""
    row = session.first(_USER_OF_TOKEN, digest=digest)
    return None if row is None else USERS.load(row)


def session_by_digest(session: Session, digest: str) -> tuple[User, LoginSession] | None:
    """A session that did not end (it may have expired), and its user."""
    row = session.first(_SESSION, digest=digest)
    if row is None:
        return None
    found = LOGIN_SESSIONS.load(row)
    owner = session.first(_USER, workspace_id=found.workspace_id, id=found.user_id)
    return None if owner is None else (USERS.load(owner), found)


def invitation_by_digest(session: Session, digest: str) -> Invitation | None:
    """An invitation, used or not."""
    row = session.first(_INVITATION, digest=digest)
    return None if row is None else INVITATIONS.load(row)


def users_by_email(session: Session, email: str) -> list[User]:
    """The people who sign in with this e-mail address (lower case), of the oldest workspace first."""
    return USERS.fetch(session, _BY_EMAIL, email=email)


def second_factor_of(session: Session, workspace_id: int, user_id: int) -> SecondFactor | None:
    """A user's second factor, confirmed or not."""
    found = SECOND_FACTORS.by(session, workspace_id, "user_id", [user_id])
    return found[0] if found else None


def oidc_of(session: Session, workspace_id: int) -> OidcSettings | None:
    """A workspace's identity provider, switched on or not."""
    found = OIDC_SETTINGS.by(session, workspace_id, "workspace_id", [workspace_id])
    return found[0] if found else None


def oidc_providers(session: Session) -> list[OidcSettings]:
    """Every provider that is switched on, of the oldest workspace first."""
    return OIDC_SETTINGS.fetch(session, _PROVIDERS)


def live_user(session: Session, workspace_id: int, user_id: int) -> User | None:
    """A user who was not removed."""
    row = session.first(_USER, workspace_id=workspace_id, id=user_id)
    return None if row is None else USERS.load(row)


def live_tokens(session: Session, workspace_id: int) -> list[Token]:
    """A workspace's tokens that were not revoked, the oldest first."""
    return TOKENS.fetch(session, _TOKENS, workspace_id=workspace_id)


def unused_invitations(session: Session, workspace_id: int, limit: int = 200) -> list[Invitation]:
    """Links that were neither used nor revoked, expired ones among them; the newest first."""
    return INVITATIONS.fetch(session, _INVITATIONS, workspace_id=workspace_id, limit=limit)


def live_sessions(session: Session, workspace_id: int, user_id: int, now: int, limit: int = 50) -> list[LoginSession]:
    """The browsers in which somebody is signed in, the newest first."""
    return LOGIN_SESSIONS.fetch(session, _SESSIONS, workspace_id=workspace_id, user_id=user_id, now=now, limit=limit)
