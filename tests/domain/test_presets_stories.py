"""The five presets as a customer's and a team's days. Each story is what the help page of that preset says."""

from __future__ import annotations

import pytest

from gateway.domain.conversation import (
    Archive,
    Close,
    Complete,
    MoveRefused,
    NaturalInbound,
    OtherInbound,
    Reopen,
    SentByMachine,
    SentByPerson,
    Snooze,
    Standing,
    State,
    Timer,
    Trigger,
    decide,
)
from gateway.domain.events import EventType
from gateway.domain.policy import DAY, CloseLabel, MmsOver, Policy
from gateway.domain.presets import DEFAULT_PRESET, PRESET_DOCS, PRESETS
from gateway.domain.visibility import Ownership, Role, Viewer, may_see

BUTTON: dict[CloseLabel, Trigger] = {
    CloseLabel.COMPLETE: Complete(),
    CloseLabel.ARCHIVE: Archive(),
    CloseLabel.CLOSE: Close(),
}
ANNA, BEN, CHIEF = (
    Viewer(1, Role.AGENT, frozenset()),
    Viewer(2, Role.AGENT, frozenset()),
    Viewer(3, Role.SUPERVISOR, frozenset()),
)


class Story:
    """One thread in one workspace. Days pass, people act, and `then` says how the newest conversation stands."""

    def __init__(self, preset: str) -> None:
        self.policy: Policy = PRESETS[preset]
        self.now = 1_700_000_000_000
        self.conversations: list[Standing] = []
        self.needs_reply = False
        self.events: list[EventType] = []
        self.refusal = ""

    def customer_writes(self) -> Story:
        return self._happens(NaturalInbound())

    def customer_answers_a_poll(self) -> Story:
        return self._happens(OtherInbound())

    def agent_sends(self) -> Story:
        return self._happens(SentByPerson())

    def campaign_reaches_the_customer(self) -> Story:
        return self._happens(SentByMachine())

    def agent_presses_close(self) -> Story:
        return self._happens(BUTTON[self.policy.close_label])

    def agent_completes(self) -> Story:
        return self._happens(Complete())

    def agent_archives(self) -> Story:
        return self._happens(Archive())

    def agent_snoozes(self, *, days: int) -> Story:
        return self._happens(Snooze(self.now + days * DAY))

    def agent_reopens(self) -> Story:
        return self._happens(Reopen())

    def days_pass(self, days: int) -> Story:
        self.now += days * DAY
        return self._happens(Timer())

    def then(self, state: str, *, number: int = 1, needs_reply: bool = False) -> Story:
        newest = self.conversations[-1]
        assert (newest.state, len(self.conversations), self.needs_reply) == (state, number, needs_reply)
        assert all(older.state is State.CLOSED for older in self.conversations[:-1])
        return self

    def then_nothing_is_open(self) -> Story:
        assert not self.conversations
        return self

    def then_it_was_completed(self, times: int) -> Story:
        assert self.events.count(EventType.CONVERSATION_COMPLETED) == times
        return self

    def then_it_is_refused(self, advice: str) -> Story:
        assert advice in self.refusal
        return self

    def _happens(self, trigger: Trigger) -> Story:
        standing = self.conversations[-1] if self.conversations else None
        self.refusal = ""
        try:
            move = decide(standing, trigger, self.policy, self.now)
        except MoveRefused as refused:
            self.refusal = refused.sentence
            return self
        if standing and move.state:
            count, ended, until = move.completed_count, move.ended_at, move.snoozed_until
            self.conversations[-1] = Standing(move.state, count, ended, until, self.now, ended_by=move.ended_by)
        if move.opens:
            self.conversations.append(Standing(State.OPEN, 0, None, None, self.now))
        self.needs_reply = self.needs_reply if move.needs_reply is None else move.needs_reply
        self.events += move.events
        return self


def test_inbox_zero_empties_the_inbox_and_refills_it_with_whoever_writes_again() -> None:
    story = Story("inbox-zero")
    story.customer_writes().then("open", needs_reply=True)
    story.agent_sends().then("open")
    story.agent_presses_close().then("completed").then_it_was_completed(times=1)
    story.days_pass(300).customer_writes().then("open", needs_reply=True)
    story.agent_presses_close().then("completed").then_it_was_completed(times=2)


def test_inbox_zero_snoozes_until_a_day_or_until_the_customer_writes() -> None:
    story = Story("inbox-zero")
    story.customer_writes().agent_sends().agent_snoozes(days=3).then("snoozed")
    story.days_pass(2).then("snoozed")
    story.days_pass(1).then("open")
    story.agent_snoozes(days=3).customer_writes().then("open", needs_reply=True)


def test_inbox_zero_shows_a_hundred_and_closes_without_asking() -> None:
    policy = PRESETS["inbox-zero"]
    assert (policy.open_cap, policy.close_label, policy.confirm_close) == (100, CloseLabel.COMPLETE, False)


def test_chat_archives_a_chat_and_brings_the_same_one_back() -> None:
    story = Story("chat")
    story.customer_writes().agent_sends().agent_presses_close().then("archived").then_it_was_completed(times=0)
    story.customer_writes().then("open", needs_reply=True)
    story.agent_presses_close().agent_sends().then("open")
    story.agent_presses_close().agent_reopens().then("open")


def test_chat_answers_from_the_number_used_last_unless_another_is_chosen() -> None:
    assert PRESETS["chat"].sender_chain[:2] == ("explicit", "last_used")


def test_broadcast_reply_opens_a_conversation_only_when_a_person_answers() -> None:
    story = Story("broadcast-reply")
    story.campaign_reaches_the_customer().then_nothing_is_open()
    story.customer_answers_a_poll().then_nothing_is_open()
    story.customer_writes().then("open", needs_reply=True)
    story.campaign_reaches_the_customer().then("open", needs_reply=True)
    story.agent_sends().agent_presses_close().then("archived")
    story.campaign_reaches_the_customer().customer_answers_a_poll().then("archived")


def test_broadcast_reply_hides_machine_traffic_and_sends_long_texts_as_mms() -> None:
    policy = PRESETS["broadcast-reply"]
    assert (policy.natural_only, policy.long_text) == (True, MmsOver(160))


def test_case_desk_seals_a_case_and_opens_the_next_for_the_next_request() -> None:
    story = Story("case-desk")
    story.customer_writes().agent_sends().agent_presses_close().then("closed")
    story.agent_reopens().then_it_is_refused("closed for good").then("closed")
    story.customer_writes().then("open", number=2, needs_reply=True)
    story.agent_presses_close().agent_sends().then("open", number=3)


def test_case_desk_begins_a_new_case_even_after_one_that_was_only_completed() -> None:
    story = Story("case-desk")
    story.customer_writes().agent_completes().then("completed").then_it_was_completed(times=1)
    story.customer_writes().then("open", number=2, needs_reply=True)
    story.agent_completes().agent_sends().then("open", number=3).then_it_was_completed(times=2)


def test_case_desk_shows_a_case_to_its_owner_and_to_supervisors_and_asks_before_sealing() -> None:
    policy = PRESETS["case-desk"]
    nobodys, annas = Ownership(), Ownership(ANNA.user_id)
    assert [may_see(viewer, nobodys, policy) for viewer in (ANNA, BEN, CHIEF)] == [True, True, True]
    assert [may_see(viewer, annas, policy) for viewer in (ANNA, BEN, CHIEF)] == [True, False, True]
    assert policy.confirm_close


def test_crm_counts_one_outcome_and_archives_what_comes_after() -> None:
    story = Story("crm")
    story.customer_writes().agent_sends().agent_completes().then("completed").then_it_was_completed(times=1)
    story.customer_writes().then("open", needs_reply=True)
    story.agent_completes().then_it_is_refused("Archive it instead").then("open", needs_reply=True)
    story.agent_archives().then("archived").then_it_was_completed(times=1)


def test_crm_puts_a_conversation_aside_until_its_day() -> None:
    story = Story("crm")
    story.agent_sends().then("open").agent_snoozes(days=30).then("snoozed")
    story.days_pass(30).then("open")
    story.agent_completes().then("completed").then_it_was_completed(times=1)


@pytest.mark.parametrize("preset", PRESETS)
def test_under_every_preset_no_machine_opens_or_ends_anything(preset: str) -> None:
    story = Story(preset)
    story.campaign_reaches_the_customer().customer_answers_a_poll().days_pass(400).then_nothing_is_open()
    story.customer_writes().days_pass(400).campaign_reaches_the_customer().then("open", needs_reply=True)


def test_there_are_five_presets_each_with_a_sentence_and_one_to_start_from() -> None:
    assert list(PRESETS) == ["inbox-zero", "chat", "broadcast-reply", "case-desk", "crm"]
    assert list(PRESET_DOCS) == list(PRESETS)
    assert all(doc.endswith(".") and doc.count(". ") == 0 for doc in PRESET_DOCS.values())
    assert len(set(PRESETS.values())) == len(PRESETS)
    assert PRESETS[DEFAULT_PRESET] == Policy()
