"""Event names are a public contract: they are hook names, webhook types and automation triggers."""

import pytest

from gateway.domain.events import EVENT_DOCS, Actor, ActorKind, EventType

PUBLISHED = """
    message_received message_queued message_sent message_status_changed message_failed
    conversation_opened conversation_reopened conversation_assigned conversation_snoozed conversation_woken
    assignment_waiting
    conversation_completed conversation_archived conversation_closed
    contact_created contact_merged contact_opted_out contact_opted_in
    opt_out_suggested opt_out_decided question_asked question_answered
    keyword_received form_started form_completed form_ended poll_answered
    campaign_scheduled campaign_started campaign_paused campaign_resumed campaign_cancelled campaign_completed
    tag_added tag_removed note_added thread_read media_stored gateway_health_changed settings_changed
"""


def test_the_names_are_the_published_ones() -> None:
    assert {str(event) for event in EventType} == set(PUBLISHED.split())


def test_every_event_is_explained_in_one_sentence_of_its_own() -> None:
    assert set(EVENT_DOCS) == set(EventType)
    assert len(set(EVENT_DOCS.values())) == len(EventType)
    assert all(doc.endswith(".") and doc.count(". ") == 0 for doc in EVENT_DOCS.values())


@pytest.mark.parametrize(
    ("kind", "number", "text"),
    [
        ("user", 123, "user:123"),
        ("contact", 7, "contact:7"),
        ("automation", 2**62, "automation:4611686018427387904"),
        ("api", 0, "api:0"),
        ("system", None, "system"),
    ],
)
def test_an_actor_has_a_compact_form_and_comes_back_from_it(kind: ActorKind, number: int | None, text: str) -> None:
    assert str(Actor(kind, number)) == text
    assert Actor.parse(text) == Actor(kind, number)


@pytest.mark.parametrize("text", ["", "robot:1", "user:", "user:x", "user:-1", "user:1:2", "User:1", "user:²"])
def test_what_is_not_an_actor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an actor"):
        Actor.parse(text)
