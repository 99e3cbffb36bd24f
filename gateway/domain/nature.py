"""Nature: why a message exists."""

from enum import StrEnum


class Nature(StrEnum):
    """Why a message exists. Only `natural` traffic opens conversations and counts as unread."""

    NATURAL = "natural"
    KEYWORD = "keyword"
    POLL = "poll"
    FORM = "form"
    AUTO = "auto"
    CAMPAIGN = "campaign"
    TEST = "test"


MACHINE = frozenset({Nature.CAMPAIGN, Nature.AUTO, Nature.POLL, Nature.FORM})
"""What goes out by itself, in any number: it makes room for people, and waits through quiet hours. The answer to a
keyword was asked for, and a test is ours.
"""

_ANSWERS = "msg_"


def goes_by_itself(nature: Nature, cause: str | None) -> bool:
    """Whether it is one of many that wait for people and for the morning.

    What answers a message of the contact's, which is its cause then, was asked for: the next question of a form.
    """
    return nature in MACHINE and (cause is None or not cause.startswith(_ANSWERS))


def is_person(nature: Nature) -> bool:
    """Whether a person stands behind the message: someone writing to us, an agent, or an API token acting as one."""
    return nature is Nature.NATURAL
