"""Delivered again, or written again?"""

import pytest

from gateway_sms_smpp.deliveries import Delivery
from gateway_sms_smpp.pdu import DeliverSm, Header
from gateway_sms_smpp.repeats import REMEMBERED, Repeats, Stored

from .peer import Standing


class Story:
    """One contact's texts as they come over links, and the names they get."""

    def __init__(self) -> None:
        self.clock = 1_795_000_000_000
        self.link = Standing()
        self.repeats = Repeats(lambda: self.clock)
        self.written: list[Stored] = []
        self.minute: int | None = None
        self._sequence = 0

    def come(self, text: str = "ok", *, stored: bool = True) -> str:
        self._sequence += 1
        raw = bytes(12) + self._sequence.to_bytes(4, "big") + text.encode()
        delivery = Delivery(Header(5, 0, self._sequence), DeliverSm(), raw, self.link)
        if (due := self.repeats.due()) is not None:
            self.minute = due
            self.repeats.begin(due)
        name = self.repeats.name(delivery)
        if stored:
            self.repeats.stored(delivery)
        return name

    def wait(self, seconds: float) -> None:
        self.link.now += seconds
        self.clock += int(seconds * 1000)

    def write(self) -> None:
        """A moment has passed."""
        self.written += self.repeats.unwritten()

    def restart(self, down: float = 1.0, *, at_once: bool = False) -> "Story":
        """The process is killed (`at_once`: within its moment); another one begins with what was written down."""
        if not at_once:
            self.write()
        after = Story()
        after.clock = self.clock + int(down * 1000)
        after.written, after.minute = list(self.written), self.minute
        after.repeats.recall(self.written, after.link.now, self.minute)
        return after

    def rebind(self) -> None:
        self.link.end()
        now = self.link.now
        self.link = Standing()
        self.link.now = now


def test_the_same_text_twice_on_one_link_is_two_messages() -> None:
    story = Story()
    assert len({story.come(), story.come(), story.come(), story.come("no")}) == 4


def test_what_could_not_be_stored_is_the_same_message_when_it_comes_again() -> None:
    story = Story()
    first = story.come(stored=False)
    story.wait(600)
    assert story.come() == first
    assert story.come() != first


def test_what_was_answered_as_the_link_ended_is_the_same_message() -> None:
    story = Story()
    first = story.come()
    story.wait(1)
    story.rebind()
    story.wait(300)
    assert story.come() == first
    assert story.come() != first


def test_what_was_answered_well_before_the_link_ended_is_not() -> None:
    story = Story()
    first = story.come()
    story.wait(30)
    story.rebind()
    assert story.come() != first


def test_the_same_text_long_after_is_a_new_message() -> None:
    story = Story()
    first = story.come()
    story.rebind()
    story.wait(3_700)
    assert story.come() != first


def test_after_a_restart_a_repetition_within_the_minute_is_known_by_its_name() -> None:
    before, after = Story(), Story()
    first = before.come()
    assert after.come() == first
    after.wait(60)
    assert after.come() != first


def test_after_a_kill_what_was_stored_last_is_known_for_an_hour() -> None:
    before = Story()
    first = before.come()
    after = before.restart()
    after.wait(300)
    assert after.come() == first
    assert after.come() != first, "and then it is written again"


def test_after_a_kill_what_was_answered_well_before_is_not_taken_for_a_repetition() -> None:
    before = Story()
    first = before.come("ok")
    before.wait(61)
    before.come("something else")
    after = before.restart()
    after.wait(300)
    assert after.come("ok") != first


@pytest.mark.parametrize("down", [1.0, 61.0, 3_000.0])
def test_after_a_kill_what_was_stored_in_its_last_moment_is_known(down: float) -> None:
    """However quiet it was before, and whatever minute it is by now; what was written again is told from it."""
    before = Story()
    early = before.come("ok")
    before.wait(20)
    before.come("another")
    before.write()
    again, last = before.come("ok"), before.come("no")
    after = before.restart(down, at_once=True)
    assert [after.come("no"), after.come("ok")] == [last, again]
    known = {early, again, last, *(after.come(text) for text in ("no", "ok", "yes", "no", "ok", "yes"))}
    assert len(known) == 9, "all the others are written, not repeated"


@pytest.mark.parametrize("lives", [1, 2, 3])
def test_after_several_kills_what_was_stored_in_the_last_moment_of_each_is_known(lives: int) -> None:
    """The first of a run has the names of the run before it; so has what the centre then brings to the one after."""
    story = Story()
    story.come("at first")
    for life in range(lives):
        story = story.restart(70, at_once=True)
        early = story.come("ok")
        story.wait(20)
        story.come("another")
        story.write()
        later, new = story.come("ok"), story.come(f"new {life}")
        after = story.restart(70, at_once=True)
        assert [after.come(f"new {life}"), after.come("ok")] == [new, later]
        assert after.come("ok") not in {early, later, new}
        story = after


def test_a_minute_that_goes_on_ends_with_the_hour_or_when_it_is_told_to() -> None:
    before = Story()
    before.come()
    after = before.restart(90)
    assert after.come("one").split("-")[1] == str(before.minute)
    assert after.repeats.goes_on
    after.repeats.end_minute()
    assert after.come("two").split("-")[1] == str(after.minute) != str(before.minute)
    assert not before.restart(3_600).repeats.goes_on, "what was named in it may be too old to be recalled"


def test_after_a_quiet_night_the_first_message_is_known_after_a_kill_in_its_moment() -> None:
    before = Story()
    before.come("evening")
    before.write()
    before.wait(40_000)
    first = before.come("morning")
    after = before.restart(90, at_once=True)
    assert after.come("morning") == first
    assert after.come("evening") != first


def test_names_of_the_run_before_are_given_once_each_and_not_for_ever() -> None:
    before = Story()
    before.come()
    late, flooded = before.restart(3_700, at_once=True), before.restart(90, at_once=True)
    assert late.come("new").split("-")[1] == str(late.minute), "an hour later nothing comes again"
    first = flooded.come("text 0")
    names = {flooded.come(f"text {n}") for n in range(1, REMEMBERED + 101)}
    assert flooded.come("text 0") not in {first, *names}, "forgotten, and still another message"


def test_a_run_that_ended_long_ago_is_forgotten() -> None:
    before = Story()
    first = before.come()
    assert before.restart(down=3_700).come() != first


def test_memory_is_bounded() -> None:
    story = Story()
    first = story.come("first", stored=False)
    for number in range(REMEMBERED):
        story.come(str(number))
    story.wait(60)
    assert story.come("first") != first
