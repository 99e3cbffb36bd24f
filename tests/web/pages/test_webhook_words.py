"""Every event has words on the page of webhooks, once."""

from gateway.domain.events import EventType
from gateway.web.pages.settings.webhook_words import EVENT_GROUPS


def test_every_event_is_in_one_group() -> None:
    named = [event for group in EVENT_GROUPS.values() for event in group]
    assert sorted(named) == sorted(EventType)
