"""Keywords, forms and polls as pages and the API show them: who used, answered, voted, and how many."""

from collections.abc import Iterable
from functools import cache

from sqlalchemy import (
    BigInteger,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB

from gateway.domain.forms import FormResponse
from gateway.domain.polls import PollVote
from gateway.storage.query import POSTGRESQL, SQLITE, Query, in_set
from gateway.storage.records import FORM_RESPONSES, POLL_VOTES
from gateway.storage.schema import contacts
from gateway.storage.schema_automation import form_responses, keyword_uses, poll_votes
from gateway.storage.session import Session

LAST = (1 << 63) - 1

_USES = Query(
    select(keyword_uses.c.keyword_id, func.count(), func.sum(keyword_uses.c.times))
    .where(keyword_uses.c.workspace_id == bindparam("workspace_id"), in_set(keyword_uses.c.keyword_id, "keywords"))
    .group_by(keyword_uses.c.keyword_id)
)
_STATES = Query(
    select(form_responses.c.form_id, form_responses.c.state, func.count())
    .where(form_responses.c.workspace_id == bindparam("workspace_id"), in_set(form_responses.c.form_id, "forms"))
    .group_by(form_responses.c.form_id, form_responses.c.state)
)
_winner = poll_votes.alias("winner")
_voters = poll_votes.join(
    contacts, and_(contacts.c.workspace_id == poll_votes.c.workspace_id, contacts.c.id == poll_votes.c.contact_id)
)
_counts_once = or_(
    contacts.c.merged_into.is_(None),
    ~select(_winner.c.contact_id)
    .where(
        _winner.c.workspace_id == poll_votes.c.workspace_id,
        _winner.c.poll_id == poll_votes.c.poll_id,
        _winner.c.contact_id == contacts.c.merged_into,
    )
    .exists(),
)
_TALLY = Query(
    select(poll_votes.c.poll_id, poll_votes.c.choice, func.count())
    .select_from(_voters)
    .where(poll_votes.c.workspace_id == bindparam("workspace_id"), in_set(poll_votes.c.poll_id, "polls"), _counts_once)
    .group_by(poll_votes.c.poll_id, poll_votes.c.choice)
)
_VOTES = Query(
    POLL_VOTES.select()
    .select_from(_voters)
    .where(
        poll_votes.c.workspace_id == bindparam("workspace_id"),
        poll_votes.c.poll_id == bindparam("poll_id"),
        poll_votes.c.contact_id < bindparam("before", type_=BigInteger),
        _counts_once,
    )
    .order_by(poll_votes.c.contact_id.desc())
    .limit(bindparam("limit", type_=BigInteger))
)


def _answers(dialect: str) -> Query:
    """Every answer that every response holds, as a line; the value of those alone whose key is asked for."""
    kept = form_responses.c.answers
    if dialect == SQLITE:
        one = func.json_each(kept).table_valued("value", name="answer", joins_implicitly=True)
        key, value = (type_coerce(func.json_extract(one.c.value, f"$.{name}"), Text) for name in ("key", "value"))
    else:
        one = func.jsonb_array_elements(cast(kept, JSONB)).table_valued(
            column("value", JSONB), name="answer", joins_implicitly=True
        )
        key, value = (type_coerce(one.c.value.op("->>")(name), Text) for name in ("key", "value"))
    looked_at = case((in_set(key, "counted"), value), else_=None)
    return Query(
        select(key, looked_at, func.count())
        .select_from(form_responses, one)
        .where(
            form_responses.c.workspace_id == bindparam("workspace_id"), form_responses.c.form_id == bindparam("form_id")
        )
        .group_by(key, looked_at)
    )


_ANSWERS = {dialect: _answers(dialect) for dialect in (SQLITE, POSTGRESQL)}


@cache
def _responses(of_state: bool) -> Query:
    statement = (
        FORM_RESPONSES.select()
        .where(
            form_responses.c.workspace_id == bindparam("workspace_id"),
            form_responses.c.form_id == bindparam("form_id"),
            form_responses.c.id < bindparam("before", type_=BigInteger),
        )
        .order_by(form_responses.c.id.desc())
        .limit(bindparam("limit", type_=BigInteger))
    )
    if of_state:
        statement = statement.where(form_responses.c.state == bindparam("state", type_=Text))
    return Query(statement)


def keyword_uses_of(session: Session, workspace_id: int, keyword_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """How many contacts texted each keyword, and how often."""
    wanted = list(keyword_ids)
    rows = session.rows(_USES, workspace_id=workspace_id, keywords=session.set_of(wanted))
    return dict.fromkeys(wanted, (0, 0)) | {row[0]: (int(row[1]), int(row[2])) for row in rows}


def response_counts(session: Session, workspace_id: int, form_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """How many are how far with each form, by state."""
    found: dict[int, dict[str, int]] = {one: {} for one in form_ids}
    for form_id, state, count in session.rows(_STATES, workspace_id=workspace_id, forms=session.set_of(found)):
        found[form_id][state] = int(count)
    return found


def answer_counts(
    session: Session, workspace_id: int, form_id: int, counted: Iterable[str]
) -> dict[str, dict[str | None, int]]:
    """How often each question was answered, by its key: of the `counted` ones by value, of the others all at None."""
    found: dict[str, dict[str | None, int]] = {}
    given = {"workspace_id": workspace_id, "form_id": form_id, "counted": session.set_of(counted)}
    for key, value, count in session.rows(_ANSWERS[session.dialect], **given):
        found.setdefault(key, {})[value] = int(count)
    return found


def response_page(
    session: Session, workspace_id: int, form_id: int, limit: int, before: int = LAST, state: str | None = None
) -> list[FormResponse]:
    """Who began a form, the latest first."""
    more = {} if state is None else {"state": state}
    query = _responses(state is not None)
    given = {"workspace_id": workspace_id, "form_id": form_id, "limit": limit, "before": before, **more}
    return FORM_RESPONSES.fetch(session, query, **given)


def form_response(session: Session, workspace_id: int, response_id: int) -> FormResponse | None:
    """One of them."""
    found = FORM_RESPONSES.by(session, workspace_id, "id", [response_id])
    return found[0] if found else None


def vote_counts(session: Session, workspace_id: int, poll_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """Votes of each poll by the place of the choice. Contacts that were merged have the one vote of who leads."""
    found: dict[int, dict[int, int]] = {one: {} for one in poll_ids}
    for poll_id, choice, count in session.rows(_TALLY, workspace_id=workspace_id, polls=session.set_of(found)):
        found[poll_id][choice] = int(count)
    return found


def vote_page(session: Session, workspace_id: int, poll_id: int, limit: int, before: int = LAST) -> list[PollVote]:
    """Who voted what, the newest contact first."""
    return POLL_VOTES.fetch(session, _VOTES, workspace_id=workspace_id, poll_id=poll_id, limit=limit, before=before)
