"""What a campaign has queued and then put aside: for the morning, or while it was paused."""

from sqlalchemy import BigInteger, bindparam, exists, select

from gateway.domain.campaigns import RecipientState
from gateway.domain.status import Status
from gateway.storage.query import Query, constant
from gateway.storage.schema import messages, work
from gateway.storage.schema_automation import campaign_recipients as recipients
from gateway.storage.session import Session

_OF_IT = (
    recipients.c.workspace_id == bindparam("workspace_id", type_=BigInteger),
    recipients.c.campaign_id == bindparam("campaign_id", type_=BigInteger),
    recipients.c.state == constant(str(RecipientState.HELD)),
    messages.c.workspace_id == recipients.c.workspace_id,
    messages.c.id == recipients.c.message_id,
)
# Put aside until an hour: it has a row of work by then. What a person has to decide about has none.
_RELEASED_LATER = exists().where(
    work.c.workspace_id == recipients.c.workspace_id,
    work.c.subject_id == messages.c.id,
    work.c.kind == constant("release"),
)
_UNDER_WAY = messages.c.status.in_([constant(str(one)) for one in (Status.QUEUED, Status.SENDING)])
_ANY = Query(select(messages.c.id).where(*_OF_IT, _UNDER_WAY | _RELEASED_LATER).limit(1))
_HELD = Query(
    select(messages.c.id)
    .where(*_OF_IT, messages.c.status == constant(str(Status.HELD)))
    .order_by(messages.c.id)
    .limit(bindparam("limit", type_=BigInteger))
)


def any_put_aside(session: Session, workspace_id: int, campaign_id: int) -> bool:
    """Whether any message waits for its hour: for the morning, or for a look at its campaign, which was paused.

    What a recipient's state says of it comes a moment after the message itself, which counts.
    """
    return session.first(_ANY, workspace_id=workspace_id, campaign_id=campaign_id) is not None


def held_messages(session: Session, workspace_id: int, campaign_id: int, limit: int) -> list[int]:
    """The first of its messages that are held, for whatever reason."""
    given = {"workspace_id": workspace_id, "campaign_id": campaign_id, "limit": limit}
    return [row[0] for row in session.rows(_HELD, **given)]
