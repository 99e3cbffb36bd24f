"""An answer belongs to the number that asked: what a contact texts to another of ours is said to whoever is there."""

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.sender import SenderKind


def is_answered_at(view: WorkspaceView, asked_from: int | None, told: int | None) -> bool:
    """Whether what is written to the sender `told` can be an answer to what was asked from another one, or the same.

    That is the very number, another one of a pool with it, or the same number on another channel. Who was asked from a
    number that takes no answers, is gone or is not known answers anywhere.
    """
    asking = view.senders.get(asked_from or 0)
    if asking is None or asking.removed_at is not None or asking.kind is SenderKind.ALPHANUMERIC:
        return True
    here = view.senders.get(told or 0)
    if here is None or here.value == asking.value:
        return here is not None
    pools = (set(one.sender_ids) for one in view.live(view.pools))
    return any({here.id, asking.id} <= members for members in pools)
