"""Who works here, and how they prove it. Secrets are kept only as hashes."""

from gateway.domain.record import record
from gateway.domain.visibility import Role
from gateway.domain.working_hours import WorkingHours, at_work


@record
class User:
    """A person of the team, or the user behind an API token (`kind` person or token).

    `language` is None for what their browser asks for; `single_keys` whether letters alone are shortcuts (WCAG 2.1.4).
    `two_factor` is whether a confirmed second factor (`domain/second_factor.py`) is asked for after the password.
    `available` is what they say of themselves; `working_hours` None is at any hour.
    `oidc_subject` is whom an identity provider knows them as (`domain/oidc.subject_of`).
    """

    workspace_id: int
    id: int
    name: str
    role: Role
    created_at: int
    kind: str = "person"
    email: str | None = None
    password_hash: str | None = None
    available: bool = True
    group_ids: tuple[int, ...] = ()
    removed_at: int | None = None
    language: str | None = None
    single_keys: bool = True
    two_factor: bool = False
    oidc_subject: str | None = None
    working_hours: WorkingHours | None = None

    def takes_work(self, now: int) -> bool:
        """Whether new conversations are given to them at a moment (ms)."""
        return self.available and (self.working_hours is None or at_work(self.working_hours, now))

    @property
    def initials(self) -> str:
        """Two letters for an avatar."""
        words = self.name.replace("@", " ").split()
        letters = [word[0] for word in words if word[0].isalnum()]
        return ("".join(letters[:1] + letters[-1:]) if len(letters) > 1 else self.name[:2]).upper()


@record
class Group:
    """Some of the team who share work. Members are named by `User.group_ids`."""

    workspace_id: int
    id: int
    name: str
    created_at: int
    removed_at: int | None = None


@record
class Token:
    """An API token; `digest` is SHA-256 of the secret. It acts as a user of its own.

    `last_used_at` is kept to some minutes (`RecordTokenUse`).
    """

    workspace_id: int
    id: int
    user_id: int
    name: str
    digest: str
    created_at: int
    revoked_at: int | None = None
    last_used_at: int | None = None


@record
class LoginSession:
    """A browser that signed in; `digest` is SHA-256 of its cookie, `csrf` the token its forms carry.

    `browser` is what it called itself (User-Agent), which its user recognises it by. `method` is how it began: with a
    `password` (and a code, where the user has a second factor), or `oidc`, where another server vouched for them.
    """

    workspace_id: int
    id: int
    user_id: int
    digest: str
    csrf: str
    created_at: int
    expires_at: int
    ended_at: int | None = None
    browser: str | None = None
    method: str = "password"


@record
class Invitation:
    """A one-time link; `user_id` is set once it was used. `email` is None for the first administrator's."""

    workspace_id: int
    id: int
    role: Role
    digest: str
    created_at: int
    expires_at: int
    email: str | None = None
    user_id: int | None = None
    used_at: int | None = None
    revoked_at: int | None = None
