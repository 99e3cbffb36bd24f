"""The breaker: it opens at an outage, tries again with one, and opens up as long as all goes well."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gateway.domain.breaker import (
    FAILURES_TO_OPEN,
    FIRST_REST_S,
    LONGEST_REST_S,
    Breaker,
    BreakerState,
)

MOST = 8


def opened(now: float = 0.0) -> Breaker:
    breaker = Breaker(MOST)
    assert [breaker.failed(now) for _ in range(FAILURES_TO_OPEN)] == [False] * (FAILURES_TO_OPEN - 1) + [True]
    return breaker


def test_failures_that_are_not_in_a_row_open_nothing() -> None:
    breaker = Breaker(MOST)
    for _ in range(20):
        assert not breaker.failed(0)
        assert not breaker.failed(0)
        breaker.succeeded(0)
    assert breaker.allows(0) == MOST


def test_it_opens_rests_probes_and_closes_step_by_step() -> None:
    breaker = opened()
    assert (breaker.state(0.5), breaker.allows(0.5)) == (BreakerState.OPEN, 0)
    assert (breaker.state(1.0), breaker.allows(1.0)) == (BreakerState.HALF_OPEN, 1)
    allowed = []
    while breaker.state(1.0) is BreakerState.HALF_OPEN:
        allowed.append(breaker.allows(1.0))
        breaker.succeeded(1.0)
    assert allowed == list(range(1, MOST))
    assert breaker.allows(1.0) == MOST


def test_each_probe_that_fails_doubles_the_rest_up_to_a_minute() -> None:
    breaker, now, rests = opened(), 0.0, []
    for _ in range(9):
        rests.append(breaker.open_until - now)
        now = breaker.open_until
        assert breaker.failed(now)
    assert rests == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_full_window_that_fails_at_once_is_one_outage() -> None:
    breaker = opened()
    for _ in range(60):
        assert not breaker.failed(0.1)
    assert breaker.open_until == FIRST_REST_S
    assert not breaker.succeeded(0.2), "an answer to what had begun before"
    assert breaker.allows(0.3) == 0


def test_after_it_closed_the_next_outage_rests_as_shortly_as_the_first() -> None:
    breaker = opened()
    for _ in range(MOST):
        breaker.succeeded(1.0)
    for _ in range(FAILURES_TO_OPEN):
        breaker.failed(100.0)
    assert breaker.open_until == 100.0 + FIRST_REST_S


class Outages(RuleBasedStateMachine):
    """Whatever happens in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.breaker = Breaker(MOST)
        self.now = 0.0
        self.well = 0  # successes in a row while it was not open

    @rule(seconds=st.integers(1, 100))
    def wait(self, seconds: int) -> None:
        self.now += seconds

    @rule()
    def succeed(self) -> None:
        if self.breaker.state(self.now) is not BreakerState.OPEN:
            self.well += 1
        self.breaker.succeeded(self.now)

    @rule()
    def fail(self) -> None:
        before = self.breaker.state(self.now)
        did_open = self.breaker.failed(self.now)
        if before is BreakerState.HALF_OPEN:
            assert did_open
        if did_open:
            assert self.breaker.state(self.now) is BreakerState.OPEN
        if before is not BreakerState.OPEN:
            self.well = 0

    @precondition(lambda self: self.well >= MOST)
    @rule()
    def enough_success_means_closed(self) -> None:
        assert self.breaker.state(self.now) is BreakerState.CLOSED

    @invariant()
    def it_stays_within_its_bounds(self) -> None:
        assert 0 <= self.breaker.allows(self.now) <= MOST
        assert self.breaker.open_until - self.now <= LONGEST_REST_S
        assert (self.breaker.allows(self.now) == 0) == (self.breaker.state(self.now) is BreakerState.OPEN)


Outages.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestOutages = Outages.TestCase
