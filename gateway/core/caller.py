"""On whose behalf a command is issued."""

from functools import lru_cache

from gateway.domain.record import record
from gateway.domain.visibility import Role, Viewer


@record
class Caller:
    """Who asks. `viewer` is None for the system itself, which sees everything and is no person.

    `actor` is `kind:id` (`user:12`, `api:12`, `system`), `name` what people read beside it, `cause` the position of the
    event that led to this, for loop guards. `address` is where the request came from, for the audit trail.
    """

    workspace_id: int
    actor: str
    viewer: Viewer | None = None
    name: str | None = None
    cause: str | None = None
    address: str | None = None

    @property
    def user_id(self) -> int | None:
        """The user behind the caller, if there is one."""
        return self.viewer.user_id if self.viewer else None

    @property
    def is_person(self) -> bool:
        """A user of the page, or an API token, which is a person too."""
        return self.viewer is not None

    @property
    def role(self) -> Role | None:
        """The caller's role; None for the system."""
        return self.viewer.role if self.viewer else None


@lru_cache(maxsize=1024)
def system(workspace_id: int, cause: str | None = None) -> Caller:
    """The caller for timers, workers and channels."""
    return Caller(workspace_id, "system", cause=cause)
