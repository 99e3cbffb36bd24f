"""Fair shares: room is used up, never overdrawn, people come first, and no queue is left out."""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from gateway.storage.send_queue import SendQueue
from gateway.workers.fair_share import share

PEOPLE, BULK = (SendQueue(1, 31, bulk=False), SendQueue(1, 31, bulk=True))


@dataclass
class Rooms:
    """So much for each gateway, of which bulk may not use all."""

    of: dict[int, int]
    kept: int = 0
    used: Counter[SendQueue] = field(default_factory=Counter)

    def left(self, queue: SendQueue) -> int:
        taken = sum(count for one, count in self.used.items() if one.gateway_id == queue.gateway_id)
        return self.of[queue.gateway_id] - taken - (self.kept if queue.bulk else 0)

    def use(self, queue: SendQueue, count: int) -> None:
        self.used[queue] += count


def run(waiting: dict[SendQueue, int], rooms: Rooms, turn: int = 0) -> Counter[SendQueue]:
    left = Counter(waiting)

    def take(queue: SendQueue, limit: int) -> int:
        got = min(limit, left[queue])
        left[queue] -= got
        return got

    assert share(list(waiting), rooms, take, turn) == sum(rooms.used.values())
    return rooms.used


queues = st.builds(SendQueue, st.integers(1, 3), st.integers(31, 36), bulk=st.booleans())


@given(
    waiting=st.dictionaries(queues, st.integers(1, 50), max_size=15),
    room=st.integers(0, 64),
    kept=st.integers(0, 8),
    turn=st.integers(0, 1000),
)
def test_whatever_waits(waiting: dict[SendQueue, int], room: int, kept: int, turn: int) -> None:
    used = run(waiting, Rooms(dict.fromkeys((1, 2, 3), room), kept), turn)
    for gateway_id in (1, 2, 3):
        people = {one: count for one, count in waiting.items() if one.gateway_id == gateway_id and not one.bulk}
        bulk = {one: count for one, count in waiting.items() if one.gateway_id == gateway_id and one.bulk}
        for_people = min(room, sum(people.values()))
        assert sum(used[one] for one in people) == for_people, "people get all they can"
        assert sum(used[one] for one in bulk) == min(max(0, room - kept - for_people), sum(bulk.values()))
        for served in (people, bulk):
            short = [one for one in served if used[one] < served[one]]
            for one in short:  # who got less than it wanted got no less than any other, but for what can't be divided
                assert all(used[other] <= used[one] + 1 for other in served)


def test_a_campaign_leaves_room_for_whoever_answers() -> None:
    used = run({BULK: 100_000, PEOPLE: 3}, Rooms({1: 64}, kept=8))
    assert (used[PEOPLE], used[BULK]) == (3, 53)


def test_where_there_is_room_for_one_each_has_its_turn() -> None:
    campaigns = {SendQueue(1, number, bulk=True): 1_000 for number in (31, 32, 33)}
    served: Counter[SendQueue] = Counter()
    for turn in range(30):
        served += run(campaigns, Rooms({1: 1}), turn)
    assert set(served.values()) == {10}


def test_one_gateway_without_room_takes_nothing_from_another() -> None:
    elsewhere = SendQueue(2, 32, bulk=True)
    used = run({BULK: 500, elsewhere: 20}, Rooms({1: 0, 2: 10}))
    assert used == {elsewhere: 10}
