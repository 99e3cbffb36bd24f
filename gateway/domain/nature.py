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


def is_person(nature: Nature) -> bool:
    """Whether a person stands behind the message: someone writing to us, an agent, or an API token acting as one."""
    return nature is Nature.NATURAL
