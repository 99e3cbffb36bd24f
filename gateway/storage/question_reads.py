"""What contacts said about what they had been asked."""

from sqlalchemy import BigInteger, bindparam, literal_column, select

from gateway.domain.record import record
from gateway.storage.query import Query
from gateway.storage.schema import messages
from gateway.storage.schema_automation import questions_asked
from gateway.storage.session import Session

MOST_REMARKS = 50
_rated = questions_asked.alias("rated")
_REMARKS = Query(
    select(
        questions_asked.c.answered_at,
        messages.c.body,
        _rated.c.value,
        _rated.c.conversation_id,
        _rated.c.user_id,
        _rated.c.sender_id,
    )
    .join(
        messages,
        (messages.c.workspace_id == questions_asked.c.workspace_id) & (messages.c.id == questions_asked.c.answer_id),
    )
    .join(
        _rated,
        (_rated.c.workspace_id == questions_asked.c.workspace_id) & (_rated.c.id == questions_asked.c.about),
    )
    .where(
        questions_asked.c.workspace_id == bindparam("workspace_id"),
        questions_asked.c.scale == bindparam("scale"),
        questions_asked.c.asked_at >= bindparam("first", type_=BigInteger),
        questions_asked.c.asked_at < bindparam("last", type_=BigInteger),
        questions_asked.c.about.is_not(None),
        questions_asked.c.answer_id.is_not(None),
    )
    .order_by(questions_asked.c.asked_at.desc())
    .limit(literal_column(str(10 * MOST_REMARKS)))
)


@record
class Remark:
    """Words beside an answer, and whose conversation it was about; ms since the epoch."""

    at: int
    words: str
    value: int | None
    conversation_id: int | None
    user_id: int | None
    sender_id: int | None


def remarks(
    session: Session, workspace_id: int, scale: str, first: int, last: int, user_id: int | None = None
) -> list[Remark]:
    """Those of questions asked from `first` up to, not including, `last`; of one user's conversations where named.

    At most 50, the newest first. Of an erased contact nothing is left.
    """
    rows = session.rows(_REMARKS, workspace_id=workspace_id, scale=scale, first=first, last=last)
    found = [Remark(*row) for row in rows]
    return [one for one in found if one.words.strip() and user_id in (None, one.user_id)][:MOST_REMARKS]
