"""What is known of the log without reading it: an unbroken piece of it, or nothing."""

import pytest

from gateway.domain.model import Event
from gateway.feed.tail import EventTail


def events(*positions: int, workspace_id: int = 1) -> list[Event]:
    return [Event(workspace_id, position, "message_received", 0, "system") for position in positions]


@pytest.mark.parametrize(
    ("commits", "after", "expected"),
    [
        pytest.param([[5, 6], [7]], 4, [5, 6, 7], id="from its beginning"),
        pytest.param([[5, 6], [7]], 6, [7], id="from its middle"),
        pytest.param([[5, 6], [7]], 7, [], id="nothing newer"),
        pytest.param([[5, 6], [7]], 3, [], id="older than it reaches"),
        pytest.param([], 0, [], id="nothing yet"),
        pytest.param([[5], [9, 10]], 5, [], id="a gap that others wrote"),
        pytest.param([[5], [9, 10]], 8, [9, 10], id="behind the gap"),
        pytest.param([[9, 10], [7, 8]], 8, [9, 10], id="answered in another order than committed"),
        pytest.param([[9, 10], [7, 8]], 6, [], id="and what came late is not there"),
        pytest.param([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]], 3, [4, 5, 6], id="no more than asked for"),
        pytest.param([list(range(1, 21))], 2, [], id="no more than is kept"),
    ],
)  # fmt: skip
def test_what_follows_a_position(commits: list[list[int]], after: int, expected: list[int]) -> None:
    tail = EventTail(kept=10)
    for commit in commits:
        tail.take(events(*commit))
    assert [event.position for event in tail.after(1, after, 3)] == expected


def test_each_workspace_has_a_log_of_its_own() -> None:
    tail = EventTail()
    tail.take([*events(1), *events(40, workspace_id=2), *events(2)])
    assert [event.position for event in tail.after(1, 0, 9)] == [1, 2]
    assert [event.position for event in tail.after(2, 39, 9)] == [40]
