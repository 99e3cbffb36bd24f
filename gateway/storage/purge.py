"""What is kept only for a while, and removed by the janitor in small bites, so that no write waits long behind it.

That while is ours to say; what a workspace says itself is in `retention.py`.
"""

from sqlalchemy import BigInteger, ColumnElement, Table, and_, bindparam, delete, or_, select, tuple_

from gateway.domain.record import record
from gateway.storage import schema
from gateway.storage.facts import bucket_of
from gateway.storage.query import Query
from gateway.storage.schema_automation import automation_marks
from gateway.storage.session import Session

DAY = 86_400_000
IDEMPOTENCY_KEYS_KEPT = 7 * DAY
PARKED_RECEIPTS_KEPT = 7 * DAY
AUTOMATION_EVENTS_KEPT = 30 * DAY
BLANK_DRAFTS_KEPT = 31 * DAY  # a day longer than a browser keeps what could not be saved
BITE = 5_000


@record
class Purged:
    """How many rows of each kind were removed; a kind that filled its bite has more."""

    idempotency_keys: int
    parked_receipts: int
    inbound_keys: int
    provider_keys: int
    login_sessions: int
    automation_marks: int
    drafts: int

    @property
    def more(self) -> bool:
        """Whether it is worth asking again at once."""
        return BITE in (
            self.idempotency_keys,
            self.parked_receipts,
            self.inbound_keys,
            self.provider_keys,
            self.login_sessions,
            self.automation_marks,
            self.drafts,
        )


def _bite(table: Table, condition: ColumnElement[bool]) -> Query:
    key = list(table.primary_key)
    old = select(*key).where(condition).limit(bindparam("bite", type_=BigInteger))
    return Query(delete(table).where(tuple_(*key).in_(old)))


_before = bindparam("before", type_=BigInteger)
_IDEMPOTENCY_KEYS = _bite(schema.idempotency_keys, schema.idempotency_keys.c.at < _before)
_PARKED_RECEIPTS = _bite(schema.parked_receipts, schema.parked_receipts.c.at < _before)
_INBOUND_KEYS = _bite(schema.inbound_keys, schema.inbound_keys.c.bucket < _before)
_PROVIDER_KEYS = _bite(schema.provider_keys, schema.provider_keys.c.bucket < _before)
_marks = automation_marks
# That an event was dealt with is forgotten when nobody deals with it again; that once is enough never is.
_AUTOMATION_MARKS = _bite(_marks, and_(_marks.c.at < _before, _marks.c.key.like("%|event|%")))
_drafts = schema.drafts
_DRAFTS = _bite(
    _drafts, and_(_drafts.c.at < _before, _drafts.c.body == "", _drafts.c.note == "", _drafts.c.media_ids == "[]")
)
_sessions = schema.login_sessions
_LOGIN_SESSIONS = _bite(_sessions, or_(_sessions.c.ended_at.is_not(None), _sessions.c.expires_at < _before))


def purge(session: Session, now: int) -> Purged:
    """Removes up to `BITE` rows of each kind that are past their time at `now` (milliseconds)."""

    def bite(query: Query, before: int) -> int:
        return session.run(query, before=before, bite=BITE)

    # Keys are looked up in the current and the previous bucket of 32 days.
    oldest_bucket = bucket_of(now) - 1
    return Purged(
        idempotency_keys=bite(_IDEMPOTENCY_KEYS, now - IDEMPOTENCY_KEYS_KEPT),
        parked_receipts=bite(_PARKED_RECEIPTS, now - PARKED_RECEIPTS_KEPT),
        inbound_keys=bite(_INBOUND_KEYS, oldest_bucket),
        provider_keys=bite(_PROVIDER_KEYS, oldest_bucket),
        login_sessions=bite(_LOGIN_SESSIONS, now),
        automation_marks=bite(_AUTOMATION_MARKS, now - AUTOMATION_EVENTS_KEPT),
        drafts=bite(_DRAFTS, now - BLANK_DRAFTS_KEPT),
    )
