"""Writing down what became of a campaign's recipients, as the follower of the log learns it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import BigInteger, Text, bindparam, or_, select, update

from gateway.domain.campaigns import UNDER_WAY, CampaignRecipient, RecipientState
from gateway.domain.ids import created_ms
from gateway.domain.record import replace
from gateway.storage.inbox import with_merged
from gateway.storage.query import Query, in_set
from gateway.storage.records import CAMPAIGN_RECIPIENTS
from gateway.storage.schema_automation import campaign_recipients as recipients
from gateway.storage.schema_automation import campaign_table as campaigns
from gateway.storage.session import Session

APART_MS = 5_000
"""How far STOP may seem to be before the message that it met in the queue: nodes' clocks differ, and a batch may wait
for another's. Whoever had opted out of that sender before got no message from it."""

_MOVE = Query(
    update(recipients)
    .where(recipients.c.workspace_id == bindparam("its_workspace"), in_set(recipients.c.message_id, "messages"))
    .values(state=bindparam("to_state", type_=Text))
)
_LATELY = Query(
    select(campaigns.c.ended_at).where(
        campaigns.c.workspace_id == bindparam("workspace_id", type_=BigInteger),
        campaigns.c.started_at.is_not(None),
        or_(in_set(campaigns.c.state, "under_way"), campaigns.c.ended_at.is_not(None)),
    )
)


def ended_lately(session: Session, workspace_id: int) -> Sequence[int | None]:
    """When the campaign that ended last did (ms), and None where one is under way; nothing where none ever was."""
    rows = session.rows(_LATELY, workspace_id=workspace_id, under_way=session.set_of(map(str, UNDER_WAY)))
    ends = {row[0] for row in rows}
    found: list[int | None] = [None] if None in ends else []
    known = [one for one in ends if one is not None]
    return [*found, max(known)] if known else found


def record_states(session: Session, workspace_id: int, states: Mapping[int, str]) -> None:
    """The state of whoever got each of these messages."""
    by_state: dict[str, list[int]] = {}
    for message_id, state in states.items():
        by_state.setdefault(state, []).append(message_id)
    for state, ids in sorted(by_state.items()):
        session.run(_MOVE, its_workspace=workspace_id, messages=session.set_of(ids), to_state=state)


def record_answers(
    session: Session, workspace_id: int, replies: Mapping[int, int], stops: Mapping[int, int], within_ms: int
) -> Sequence[tuple[CampaignRecipient, CampaignRecipient]]:
    """Who answered, and who opted out, each counted for the last campaign that wrote to them and once. What changed,
    as it was and as it is.
    """
    changes = []
    for contact_id in {**replies, **stops}:
        family = with_merged(session, workspace_id, [contact_id])
        rows = [
            one
            for one in CAMPAIGN_RECIPIENTS.by(session, workspace_id, "contact_id", family)
            if one.message_id is not None and one.state is not RecipientState.CANCELLED
        ]
        if not rows:
            continue
        last = max(rows, key=lambda one: one.message_id or 0)
        after, sent = last, created_ms(last.message_id or 0)
        replied, stopped = replies.get(contact_id), stops.get(contact_id)
        if replied is not None and last.replied_at is None and sent <= replied < sent + within_ms:
            after = replace(after, replied_at=replied)
        if stopped is not None and last.opted_out_at is None and sent - APART_MS <= stopped < sent + within_ms:
            after = replace(after, opted_out_at=stopped)
        if after is not last:
            changes.append((last, after))
    CAMPAIGN_RECIPIENTS.update(session, changes)
    return changes
