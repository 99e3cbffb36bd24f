"""Consent: words are obeyed, the ledger says what stands, and no role overrides somebody's own stop."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.address import Address, AddressKind
from gateway.domain.consent import (
    ALL_SENDERS,
    ConsentEntry,
    ConsentSource,
    ConsentState,
    ConsentWord,
    Purpose,
    allows,
    classify,
    spoken,
    standing,
)

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "consent-words.json").read_text())["cases"]
ANN = Address(AddressKind.PHONE, "+14155550100")
OURS, OTHER = "+14155550199", "12345"
UNSUBSCRIBED, SUBSCRIBED, UNKNOWN = ConsentState.UNSUBSCRIBED, ConsentState.SUBSCRIBED, ConsentState.UNKNOWN
LEGAL = [
    "stop",
    "stopall",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "revoke",
    "optout",
    "start",
    "unstop",
    "help",
    "info",
]

noise = st.text(st.sampled_from(" .!?-*\"'\t\u200b\u00ad\u202a\ufe0f\U0001f6d1"), max_size=3)


@pytest.mark.parametrize(("text", "meaning"), VECTORS)
def test_the_vectors(text: str, meaning: str) -> None:
    assert classify(text).value == meaning


@given(st.sampled_from(LEGAL), st.booleans(), st.data())
def test_decoration_never_hides_a_word(word: str, wide: bool, data: st.DataObject) -> None:
    letters = [letter.upper() if data.draw(st.booleans()) else letter for letter in word]
    if wide:
        letters = [chr(ord(letter) + 0xFEE0) for letter in letters]
    text = "".join(data.draw(noise) + letter for letter in letters) + data.draw(noise)
    assert classify(text) is classify(word)
    assert classify(text) in {ConsentWord.STOP, ConsentWord.START, ConsentWord.HELP}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("STOP\n--\nAnn Smith", "stop"),
        ("Stop\n\nAnn Smith\nAcme Ltd", "stop"),
        ("stop\n- Ann", "stop"),
        ("Unsubscribe\r\n\r\nSent from my phone", "stop"),
        ("CANCEL\n\nGet Outlook for phones", "stop"),
        ("END\n\nOn Tue, 3 Feb 2026, Acme wrote:\n> Reply END to stop", "stop"),
        ("STOP\n> your message", "stop"),
        ("HELP\n-- \nAnn", "help"),
        ("START\n--\nAnn", "start"),
        ("stop\nall", "stop"),
        ("\n\n stop \n\n", "stop"),
        ("Cancel\nMonday", "none"),
        ("End\nOf Story", "none"),
        ("Cancel\nmy 3pm appointment", "none"),
        ("Stop\nwhat time do you open tomorrow", "none"),
        ("Stop\nA\nB\nC\nD", "none"),
        ("Stop\nWho Are You?", "none"),
    ],
)
def test_a_signature_may_follow_and_a_sentence_may_not(text: str, meaning: str) -> None:
    assert classify(text).value == meaning


@pytest.mark.parametrize(
    "text",
    [
        "stop it",
        "Please stop!",
        "stop stop stop",
        "STOP NOW please",
        "stop sending me these",
        "stop the messages",
        "Quit texting me",
        "cancel these alerts",
        "please unsubscribe me",
        "opt me out",
        "take me off this list",
        "Please remove my number",
        "delete me from your database",
        "No more of these messages",
        "Don\u2019t text me again",
        "do not contact this number",
        "I don't want any more texts",
        "leave me alone",
        "lose my number",
        "You have the wrong person",
    ],
)
def test_what_sounds_like_a_stop_is_suggested(text: str) -> None:
    assert classify(text) is ConsentWord.SUGGEST


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u200b",
        "ok",
        "Please don't stop texting me",
        "I never want to unsubscribe",
        "won't stop calling? my brother is like that",
        "Which bus stop is nearest?",
        "Get me a table for two at the end of the month",
        "I take two, option B",
        "the wrong size came",
        "remove the onions please",
        "information",
        "restart",
        "x" * 100_000,
        "stop" * 10_000,
        "\n" * 10_000,
    ],
)
def test_other_talk_means_nothing(text: str) -> None:
    assert classify(text) is ConsentWord.NONE


@pytest.mark.parametrize(
    ("text", "stopped", "meaning"),
    [("YES", True, "start"), ("yes!", True, "start"), ("YES", False, "none"), ("yes please", True, "none")],
)
def test_yes_is_start_only_for_who_has_stopped(text: str, stopped: bool, meaning: str) -> None:
    assert classify(text, stopped=stopped).value == meaning


@given(st.text(st.characters(exclude_categories=[])), st.booleans())
def test_no_text_makes_classifying_fail(text: str, stopped: bool) -> None:
    assert classify(text, stopped=stopped) in ConsentWord


def entry(
    at: int,
    state: ConsentState,
    source: ConsentSource = ConsentSource.CONTACT,
    scope: str = OURS,
    purpose: Purpose = Purpose.ANY,
) -> ConsentEntry:
    return ConsentEntry(ANN, scope, purpose, state, source, None, at)


def test_a_stop_speaks_of_the_sender_it_was_sent_to_for_every_purpose() -> None:
    stop = spoken(ANN, OURS, ConsentWord.STOP, "Stop!", 1)
    assert stop == ConsentEntry(ANN, OURS, Purpose.ANY, UNSUBSCRIBED, ConsentSource.CONTACT, "Stop!", 1)
    assert stop is not None
    assert not any(allows([stop], OURS, purpose) for purpose in Purpose)
    assert all(allows([stop], OTHER, purpose) for purpose in Purpose)
    assert standing([stop], OTHER, Purpose.MARKETING) is None


def test_start_takes_a_stop_back() -> None:
    ledger = [
        said
        for at, word in enumerate([ConsentWord.STOP, ConsentWord.START])
        if (said := spoken(ANN, OURS, word, word.value, at)) is not None
    ]
    assert allows(ledger, OURS, Purpose.MARKETING)
    found = standing(reversed(ledger), OURS, Purpose.MARKETING)
    assert found == ledger[1]


@pytest.mark.parametrize("word", [ConsentWord.HELP, ConsentWord.SUGGEST, ConsentWord.NONE])
def test_other_words_leave_the_ledger_alone(word: ConsentWord) -> None:
    assert spoken(ANN, OURS, word, "words", 1) is None


def test_an_agent_s_unsubscribe_stops_campaigns_and_the_conversation_goes_on() -> None:
    ledger = [entry(1, UNSUBSCRIBED, ConsentSource.AGENT, ALL_SENDERS, Purpose.MARKETING)]
    assert not allows(ledger, OURS, Purpose.MARKETING)
    assert not allows(ledger, OTHER, Purpose.MARKETING)
    assert allows(ledger, OURS, Purpose.CONVERSATIONAL)
    assert allows(ledger, OURS, Purpose.TRANSACTIONAL)
    ledger.append(entry(2, SUBSCRIBED, ConsentSource.AGENT, ALL_SENDERS, Purpose.MARKETING))
    assert allows(ledger, OURS, Purpose.MARKETING)


@pytest.mark.parametrize("stopped_by", [ConsentSource.CONTACT, ConsentSource.PROVIDER, ConsentSource.FORM])
@pytest.mark.parametrize("source", [ConsentSource.AGENT, ConsentSource.API, ConsentSource.IMPORT])
@pytest.mark.parametrize("state", [SUBSCRIBED, UNKNOWN])
def test_nobody_else_starts_what_a_contact_stopped(
    stopped_by: ConsentSource, source: ConsentSource, state: ConsentState
) -> None:
    ledger = [
        entry(1, UNSUBSCRIBED, stopped_by),
        entry(2, UNSUBSCRIBED, source, ALL_SENDERS, Purpose.MARKETING),
        entry(3, state, source, ALL_SENDERS, Purpose.MARKETING),
        entry(4, state, source),
    ]
    assert not allows(ledger, OURS, Purpose.MARKETING)
    assert not allows(ledger, OURS, Purpose.CONVERSATIONAL)
    assert allows(ledger, OTHER, Purpose.MARKETING) is (state is SUBSCRIBED)  # unknown decides nothing
    assert allows([*ledger, entry(5, SUBSCRIBED)], OURS, Purpose.MARKETING)


def test_a_stop_to_all_senders_holds_for_each() -> None:
    assert not allows([entry(1, UNSUBSCRIBED, scope=ALL_SENDERS)], OTHER, Purpose.TRANSACTIONAL)


def test_of_one_millisecond_the_later_line_counts() -> None:
    assert allows([entry(1, UNSUBSCRIBED), entry(1, SUBSCRIBED)], OURS, Purpose.MARKETING)
    assert not allows([entry(1, SUBSCRIBED), entry(1, UNSUBSCRIBED)], OURS, Purpose.MARKETING)


def test_silence_and_the_unknown_allow() -> None:
    assert allows([], OURS, Purpose.MARKETING)
    assert allows([entry(1, UNKNOWN)], OURS, Purpose.MARKETING)


entries = st.lists(
    st.builds(
        entry,
        st.integers(0, 10**6),
        st.sampled_from(ConsentState),
        st.sampled_from(ConsentSource),
        st.sampled_from([OURS, OTHER, ALL_SENDERS]),
        st.sampled_from(Purpose),
    ),
    unique_by=lambda line: line.at_ms,
    max_size=8,
).flatmap(lambda ledger: st.tuples(st.just(ledger), st.permutations(ledger)))


@given(entries, st.sampled_from(Purpose))
def test_the_order_of_reading_the_ledger_does_not_matter(
    ledgers: tuple[list[ConsentEntry], list[ConsentEntry]], purpose: Purpose
) -> None:
    assert standing(ledgers[0], OURS, purpose) == standing(ledgers[1], OURS, purpose)


@given(entries)
def test_after_a_stop_nothing_leaves_whatever_came_before(
    ledgers: tuple[list[ConsentEntry], list[ConsentEntry]],
) -> None:
    ledger = [*ledgers[0], entry(10**7, UNSUBSCRIBED)]
    assert not any(allows(ledger, OURS, purpose) for purpose in Purpose)
