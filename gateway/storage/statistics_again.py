"""The statistics counted again from the beginning of the log: for what they count since a later version only.

Answers to campaigns are another follower's: they stay, and campaigns that have none get those of their recipients.
"""

from sqlalchemy import BigInteger, and_, bindparam, delete, exists, not_, or_, select, update

from gateway.domain.ids import created_ms
from gateway.domain.statistics import Dimension, Measure, Tally, quarter_of
from gateway.storage import event_log, statistics
from gateway.storage.query import Query
from gateway.storage.schema import cursors, tallies, waits
from gateway.storage.schema_automation import campaign_recipients
from gateway.storage.session import Session

_ANSWER = or_(tallies.c.measure == str(Measure.REPLIED), tallies.c.measure == str(Measure.OPTED_OUT))
_workspace = bindparam("workspace_id", type_=BigInteger)
_BACK = Query(
    update(cursors)
    .where(cursors.c.workspace_id == _workspace, cursors.c.follower == bindparam("follower"))
    .values(position=0)
)
_FORGET = (
    Query(delete(tallies).where(tallies.c.workspace_id == _workspace, not_(_ANSWER))),
    Query(delete(waits).where(waits.c.workspace_id == _workspace)),
)
_to = campaign_recipients.c
_KNOWN = exists().where(
    and_(
        tallies.c.workspace_id == _to.workspace_id,
        tallies.c.dimension == str(Dimension.CAMPAIGN),
        tallies.c.subject_id == _to.campaign_id,
        _ANSWER,
    )
)
_UNCOUNTED = Query(
    select(_to.campaign_id, _to.message_id, _to.replied_at, _to.opted_out_at)
    .where(_to.workspace_id == _workspace, _to.message_id.is_not(None), ~_KNOWN)
    .where(or_(_to.replied_at.is_not(None), _to.opted_out_at.is_not(None)))
)


def is_whole(session: Session, workspace_id: int) -> bool:
    """Whether the log still begins where the workspace did: positions are counted from 1."""
    first = event_log.after(session, workspace_id, 0, 1)
    return not first or first[0].position == 1


def begin_again(session: Session, workspace_id: int, follower: str) -> None:
    """Forgets what the follower counted, and where it is; it counts all of the log once more."""
    # The cursor first: a step of the follower that is under way waits for this, or this for it, and then is undone.
    session.run(_BACK, workspace_id=workspace_id, follower=follower)
    found: list[Tally] = []
    for campaign_id, message_id, replied_at, opted_out_at in session.rows(_UNCOUNTED, workspace_id=workspace_id):
        quarter = quarter_of(created_ms(message_id))
        for measure, at in ((Measure.REPLIED, replied_at), (Measure.OPTED_OUT, opted_out_at)):
            if at is not None:
                found.append(Tally(workspace_id, Dimension.CAMPAIGN, quarter, campaign_id, measure, 0, 1, 0))
    for query in _FORGET:
        session.run(query, workspace_id=workspace_id)
    for one in found:
        statistics.add(session, [one])
