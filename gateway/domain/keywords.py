"""Keywords: words that contacts text, and what is done and answered by itself then."""

from enum import StrEnum

from gateway.domain.record import record

HOUR_MS = 3_600_000
ANSWERS_AN_HOUR = 10
"""To one contact. A machine at the other end that sends our words back is not answered for ever."""

MOST_WORDS = 20
LONGEST_WORD = 40


class Match(StrEnum):
    """Whether the word must be the whole message, or its beginning is enough."""

    WHOLE = "whole"
    FIRST = "first"


@record
class Keyword:
    """Words on some senders (none named: all), and what they do.

    `list_id` is the list one comes to, with `consent` as recorded proof; `off_list_id` the one one leaves. `poll_id`
    with a `choice` is a vote, without one the poll is asked. `answer` is Liquid. `helps`: it is the answer to HELP.
    """

    workspace_id: int
    id: int
    words: tuple[str, ...]
    created_at: int
    match: Match = Match.WHOLE
    sender_ids: tuple[int, ...] = ()
    answer: str | None = None
    list_id: int | None = None
    consent: bool = True
    off_list_id: int | None = None
    tag_id: int | None = None
    form_id: int | None = None
    poll_id: int | None = None
    choice: str | None = None
    helps: bool = False
    enabled: bool = True
    removed_at: int | None = None

    @property
    def name(self) -> str:
        """What people call it: its words."""
        return ", ".join(self.words)


@record
class KeywordUse:
    """How often a contact used a keyword; `answered` of those within the hour that began at `hour_at` were answered."""

    workspace_id: int
    keyword_id: int
    contact_id: int
    first_at: int
    last_at: int
    times: int = 1
    hour_at: int = 0
    answered: int = 0
