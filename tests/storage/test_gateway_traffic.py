"""What went out through each gateway: today, by hour, and how much of it arrived."""

from gateway.domain.ids import first_id_at
from gateway.domain.model import Direction, Message
from gateway.domain.nature import Nature
from gateway.domain.record import replace
from gateway.domain.status import Status
from gateway.storage.database import Database
from gateway.storage.gateway_traffic import HOUR, gateway_traffic
from gateway.storage.records import MESSAGES
from gateway.storage.session import Session
from tests.storage.samples import bare

NOW = 1_800_000_000_000
MIDNIGHT = NOW - 5 * HOUR
FIRST, SECOND, NONE = 21, 22, None


def sent(minutes_ago: int, gateway_id: int | None, status: Status, number: int = 0) -> Message:
    at = NOW - minutes_ago * 60_000
    made = first_id_at(at) + number
    return replace(
        bare(Message),
        workspace_id=1,
        id=made,
        gateway_id=gateway_id,
        status=status,
        created_at=at,
        direction=Direction.OUTBOUND,
    )


def took(minutes_ago: int, gateway_id: int, ms: int) -> Message:
    message = sent(minutes_ago, gateway_id, Status.SENT)
    return replace(message, sent_at=message.created_at + ms)


async def test_figures_are_of_this_workspace_of_today_and_of_what_left(database: Database) -> None:
    messages = [
        sent(10, FIRST, Status.DELIVERED),
        sent(10, FIRST, Status.READ, 1),
        sent(10, FIRST, Status.QUEUED, 2),
        sent(70, FIRST, Status.FAILED),
        sent(130, FIRST, Status.SENT),
        sent(5 * 60 + 40, FIRST, Status.DELIVERED),
        sent(30 * 60, FIRST, Status.FAILED),
        sent(20, SECOND, Status.SENT),
        sent(20, NONE, Status.FAILED, 3),
        took(30, FIRST, 1_200),
        took(40, FIRST, 90),
        took(50, FIRST, 60_000),
        replace(took(51, FIRST, 900_000), nature=Nature.CAMPAIGN),
        replace(took(55, FIRST, 600_900), send_at=NOW - 45 * 60_000),
    ]

    def store(session: Session) -> None:
        MESSAGES.insert(session, messages)

    await database.write(store)
    found = await database.read(lambda session: gateway_traffic(session, 1, NOW, MIDNIGHT))
    first = found[FIRST]
    assert (first.sent, first.arrived, first.lost, first.arrived_share) == (9, 3, 1, 0.75)
    assert [first.hours[place] for place in (-1, -2, -3, -6)] == [7, 1, 1, 1]
    assert sum(first.hours) == 10, "the one of yesterday is too old for the line"
    assert first.latency == 1_050, "the middle of 90, 900, 1,200 and 60,000: its campaign waits for its pace"
    assert (found[SECOND].sent, found[SECOND].arrived_share, found[SECOND].latency) == (1, None, None)
    assert set(found) == {FIRST, SECOND}
    assert not await database.read(lambda session: gateway_traffic(session, 2, NOW, MIDNIGHT))
