"""Work under a lease, as the decisions see it."""

from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.log import Work
from gateway.domain.record import replace


def work_needs(work: Work, needs: Needs) -> None:
    """The message of a send, with its work."""
    assert work.subject_id is not None, "a send is about a message"
    needs.messages.add(work.subject_id)
    needs.work_of.add(work.subject_id)


def fenced(scene: Scene, work: Work) -> Work | None:
    """The work as it is, if the lease it was claimed under still stands; a late worker's write is refused here."""
    current = scene.find(Work, work.id)
    if current is None or current.lease_epoch != work.lease_epoch or current.lease_owner != work.lease_owner:
        return None
    return current


def put_back(scene: Scene, work: Work, due_at: int, reason: str | None, **changes: object) -> Work:
    """Queued again, for whoever claims it then."""
    back = {"state": "queued", "due_at": due_at, "lease_owner": None, "lease_until": None, "last_error": reason}
    return scene.working.put(replace(work, **{**back, **changes}))  # type: ignore[arg-type]
