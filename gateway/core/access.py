"""P4 for commands: what the caller may not see does not exist, what the role does not allow is refused."""

from gateway.core.caller import Caller
from gateway.core.errors import forbidden, not_found
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.conversation import State
from gateway.domain.model import Conversation
from gateway.domain.visibility import Ownership, Permission, may, may_see, may_see_closed


def owner_of(conversation: Conversation | None) -> Ownership | None:
    """The ownership that decides who sees a thread; None when no conversation of it is live."""
    if conversation is None or conversation.state is State.CLOSED:
        return None
    return Ownership(conversation.user_id, conversation.group_id)


def sees_thread(view: WorkspaceView, caller: Caller, newest: Conversation | None) -> bool:
    """Whether the caller may see the thread whose newest conversation this is."""
    return caller.viewer is None or may_see(caller.viewer, owner_of(newest), view.policy)


def sees_conversation(
    view: WorkspaceView, caller: Caller, conversation: Conversation, newest: Conversation | None
) -> bool:
    """Whether the caller may see this conversation, live or closed."""
    if caller.viewer is None:
        return True
    if conversation.state is State.CLOSED:
        return may_see_closed(caller.viewer, owner_of(newest), view.policy)
    return may_see(caller.viewer, owner_of(conversation), view.policy)


def require(caller: Caller, permission: Permission) -> None:
    """Refuses what the caller's role does not allow; the system may do everything."""
    if caller.viewer is not None and not may(caller.viewer.role, permission):
        raise forbidden("Your role does not allow this.")


def require_visible(visible: bool, noun: str) -> None:
    """Refuses as if it were not there."""
    if not visible:
        raise not_found(noun)
