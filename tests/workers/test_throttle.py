"""Rates, rests and pauses, by a clock that moves when told to."""

import pytest

from gateway.workers.backoff import Backoff
from gateway.workers.flow import KEPT_FOR_PEOPLE, WINDOW, Flow
from gateway.workers.throttle import Throttle
from tests.host.parts import Moment


def test_a_second_at_once_then_the_rate(moment: Moment) -> None:
    throttle = Throttle(moment)
    waits = [throttle.reserve("gateway", 5.0) for _ in range(15)]
    assert waits[:5] == [0] * 5
    assert waits[5:] == pytest.approx([number / 5 for number in range(1, 11)])


@pytest.mark.parametrize("rate", [0.2, 1.0, 7.0, 100.0])
def test_over_a_long_time_the_rate_is_kept_and_used(moment: Moment, rate: float) -> None:
    throttle, gone = Throttle(moment), 0
    started = moment.now
    while moment.now < started + 100:
        wait = throttle.reserve("gateway", rate)
        moment.now += wait
        gone += 1
    assert rate * 100 - 1 <= gone <= rate * 101 + 1


def test_keys_have_their_own_and_no_rate_means_no_wait(moment: Moment) -> None:
    throttle = Throttle(moment)
    assert [throttle.reserve("a", 1.0), throttle.reserve("b", 1.0)] == [0, 0]
    assert [throttle.reserve("c", None) for _ in range(1000)] == [0] * 1000
    assert throttle.room("c", None, 1.0) == float("inf")


def test_a_long_message_weighs_its_parts_and_still_goes(moment: Moment) -> None:
    throttle = Throttle(moment)
    assert throttle.reserve("gateway", 2.0, 10) == 0
    assert throttle.reserve("gateway", 2.0, 1) == pytest.approx(4.5)


def test_room_grows_with_time_and_what_is_given_back(moment: Moment) -> None:
    throttle = Throttle(moment)
    for _ in range(4):
        throttle.reserve("gateway", 2.0)
    assert throttle.room("gateway", 2.0, 0) == 0
    throttle.give_back("gateway", 3)
    assert throttle.room("gateway", 2.0, 0) == pytest.approx(1)
    moment.now += 100
    assert throttle.room("gateway", 2.0, 0) == 2


def test_a_rate_may_change(moment: Moment) -> None:
    throttle = Throttle(moment)
    throttle.reserve("gateway", 1.0)
    assert throttle.reserve("gateway", 1.0) == pytest.approx(1)
    assert throttle.reserve("gateway", 10.0) == pytest.approx(0.2)


def test_trouble_rests_a_gateway_and_success_opens_it_step_by_step(moment: Moment) -> None:
    flow = Flow()
    assert [flow.unreachable(moment.now) for _ in range(3)] == [False, False, True]
    assert (flow.free(moment.now), flow.is_out(moment.now)) == (0, True)
    moment.now += 1.0
    assert flow.free(moment.now) == 1, "a probe"
    flow.unreachable(moment.now)
    moment.now += 1.9
    assert flow.free(moment.now) == 0
    moment.now += 0.2
    flow.succeeded(moment.now)
    assert flow.free(moment.now) == 2
    for _ in range(1000):
        flow.succeeded(moment.now)
    assert flow.free(moment.now) == WINDOW


def test_a_share_of_the_window_is_kept_from_bulk(moment: Moment) -> None:
    flow = Flow()
    flow.under_way = WINDOW - KEPT_FOR_PEOPLE
    assert (flow.free(moment.now, bulk=True), flow.free(moment.now)) == (0, KEPT_FOR_PEOPLE)
    flow.window, flow.under_way = 1, 0
    assert flow.free(moment.now, bulk=True) == 1, "where there is room for one only, nobody is kept out"


def test_too_fast_halves_the_window_and_waits_as_asked(moment: Moment) -> None:
    flow = Flow()
    assert flow.throttled(moment.now, 7.0) == 7.0
    assert flow.window == WINDOW // 2
    assert [flow.throttled(moment.now, None) for _ in range(8)] == [2, 4, 8, 16, 32, 60, 60, 60]
    assert flow.window == 1
    assert flow.is_resting(moment.now + 59)
    assert not flow.is_resting(moment.now + 61)
    assert not flow.is_out(moment.now), "too fast is no outage"


def test_pauses_double_up_to_a_limit_with_jitter(moment: Moment) -> None:
    backoff = Backoff(1.0, 10.0, 3)
    assert [backoff.pause(failures, moment.pace()) for failures in (1, 2, 3, 4, 5, 99)] == [1, 2, 4, 8, 10, 10]
    assert [backoff.exhausted(failures) for failures in (2, 3, 4)] == [False, True, True]
