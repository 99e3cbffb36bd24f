"""How far a new installation has come: whether somebody wrote, and whether a person answered."""

from sqlalchemy import bindparam, literal_column, select

from gateway.storage.query import Query, constant
from gateway.storage.schema import messages
from gateway.storage.session import Session

_some = select(messages.c.id).where(messages.c.workspace_id == bindparam("workspace_id")).limit(literal_column("1"))
_RECEIVED = Query(_some.where(messages.c.direction == constant("inbound")))
_ANSWERED = Query(_some.where(messages.c.direction == constant("outbound"), messages.c.author.like("user:%")))


def progress(session: Session, workspace_id: int) -> tuple[bool, bool]:
    """Whether any message came in, and whether any was sent by a person in the Messenger."""
    received = session.first(_RECEIVED, workspace_id=workspace_id) is not None
    answered = session.first(_ANSWERED, workspace_id=workspace_id) is not None
    return received, answered
