"""Statuses climb and never go back, whatever order the receipts come in."""

from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.status import FAILURES, WAITING, Status, advance, is_final, overall, rank

S = Status
LADDER = [S.SCHEDULED, S.HELD, S.QUEUED, S.SENDING, S.UNCERTAIN, S.SENT, S.FAILED, S.DELIVERED, S.READ]
statuses = st.sampled_from(Status)
ours = st.sampled_from([*LADDER, S.UNDELIVERED, S.EXPIRED])


@pytest.mark.parametrize("lower", range(len(LADDER)))
def test_each_step_goes_up_and_none_down(lower: int) -> None:
    for higher in range(lower, len(LADDER)):
        assert advance(LADDER[lower], LADDER[higher]) is LADDER[higher]
        assert advance(LADDER[higher], LADDER[lower]) is LADDER[higher]


@pytest.mark.parametrize(("first", "second"), list(permutations(sorted(FAILURES), 2)))
def test_of_two_failures_the_first_stands(first: Status, second: Status) -> None:
    assert advance(first, second) is first


@pytest.mark.parametrize("failure", sorted(FAILURES))
def test_a_failure_lies_between_sent_and_delivered(failure: Status) -> None:
    assert advance(S.SENT, failure) is failure
    assert advance(failure, S.SENT) is failure
    assert advance(failure, S.DELIVERED) is S.DELIVERED
    assert advance(S.READ, failure) is S.READ


@pytest.mark.parametrize("report", [S.SENT, *sorted(FAILURES), S.DELIVERED, S.READ])
def test_any_receipt_settles_what_is_uncertain(report: Status) -> None:
    assert advance(S.UNCERTAIN, report) is report


@pytest.mark.parametrize("report", list(Status))
def test_nothing_moves_what_is_cancelled_or_received(report: Status) -> None:
    assert advance(S.CANCELLED, report) is S.CANCELLED
    assert advance(S.RECEIVED, report) is S.RECEIVED


@pytest.mark.parametrize("current", list(Status))
def test_only_what_waits_can_be_cancelled(current: Status) -> None:
    assert (advance(current, S.CANCELLED) is S.CANCELLED) == (current in WAITING or current is S.CANCELLED)


@pytest.mark.parametrize("current", list(Status))
def test_a_message_of_ours_is_never_received(current: Status) -> None:
    assert advance(current, S.RECEIVED) is current


@given(statuses, statuses)
def test_a_status_never_goes_back_and_a_repeat_changes_nothing(current: Status, report: Status) -> None:
    after = advance(current, report)
    assert rank(after) >= rank(current)
    assert advance(after, report) is after
    assert advance(after, current) is after


@given(st.lists(ours, max_size=6).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_receipts_in_any_order_come_to_the_same(told: tuple[list[Status], list[Status]]) -> None:
    one, other = (reduce(advance, reports, S.QUEUED) for reports in told)
    assert rank(one) == rank(other)
    if one not in FAILURES:
        assert one is other


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([S.DELIVERED], S.DELIVERED),
        ([S.DELIVERED, S.DELIVERED, S.DELIVERED], S.DELIVERED),
        ([S.DELIVERED, S.SENT], S.SENT),
        ([S.DELIVERED, S.READ], S.DELIVERED),
        ([S.READ, S.READ], S.READ),
        ([S.DELIVERED, S.FAILED], S.FAILED),
        ([S.UNDELIVERED, S.FAILED], S.FAILED),
        ([S.EXPIRED, S.UNDELIVERED, S.DELIVERED], S.UNDELIVERED),
        ([S.EXPIRED, S.SENT], S.EXPIRED),
        ([S.SENT, S.UNCERTAIN, S.QUEUED], S.UNCERTAIN),
        ([S.UNCERTAIN, S.FAILED], S.FAILED),
        ([S.SENT, S.SENDING, S.QUEUED], S.QUEUED),
        ([S.CANCELLED, S.SENT], S.CANCELLED),
        ([S.RECEIVED], S.RECEIVED),
    ],
)
def test_delivered_when_all_are_otherwise_the_worst_part_rules(parts: list[Status], status: Status) -> None:
    assert overall(parts) is status
    assert overall(reversed(parts)) is status


@given(st.lists(statuses, min_size=1))
def test_a_message_is_in_a_state_that_one_of_its_parts_is_in(parts: list[Status]) -> None:
    assert overall(parts) in parts
    assert (overall(parts) is S.DELIVERED) == (S.DELIVERED in parts and set(parts) <= {S.DELIVERED, S.READ, S.RECEIVED})


def test_a_message_without_parts_has_no_status() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        overall([])


def test_what_nothing_more_is_awaited_of() -> None:
    final = {status for status in Status if is_final(status)}
    assert final == {*FAILURES, S.DELIVERED, S.READ, S.CANCELLED, S.RECEIVED}
