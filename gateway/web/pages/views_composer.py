"""Writing: From, the counter's facts, and words kept for use again."""

from collections.abc import Sequence

from gateway.domain.record import record
from gateway.web.pages.views_shell import Choice


@record
class SenderOption:
    """A sender as From offers it. `reason` says why it is the default, `barred` why it can't be used."""

    id: str
    label: str
    value: str
    channel: str
    can: str
    price: str
    appended: str
    unit_micros: int
    currency: str
    chosen: bool = False
    reason: str = ""
    barred: str = ""
    no_media: str = ""  # why pictures can't go along; empty where they can
    media_price: str = ""


@record
class SenderGroup:
    """The senders one gateway serves."""

    gateway: str
    plugin: str
    options: Sequence[SenderOption]


@record
class Attachment:
    """A file to go along. `src` is where it is seen; `url` where it is fetched from when it is not ours yet."""

    id: str
    name: str
    size: str
    src: str
    image: bool
    url: str = ""


@record
class Kit:
    """What helps to write: words kept to be used again, merge fields with their values, files, times."""

    quick_replies: Sequence[Choice] = ()
    templates: Sequence[Choice] = ()
    quick_notes: Sequence[Choice] = ()
    merge: Sequence[Choice] = ()  # `value` is what is put in, `note` what becomes of it
    sources: Sequence[Choice] = ()
    times: Sequence[Choice] = ()
    people: Sequence[Choice] = ()
    may_share: bool = False  # whether what one keeps may be the whole team's


@record
class Composer:
    """The box below a thread. `locked` is a sentence when replies are refused; notes still work, unless sealed."""

    conversation: str
    thread: str
    name: str
    groups: Sequence[SenderGroup]
    chosen: SenderOption | None
    draft: str
    last_seq: int
    kit: Kit
    locked: str = ""
    sealed: bool = False
    subject: str = ""
    attached: Sequence[Attachment] = ()
    note: str = ""  # half written, beside the reply
    draft_at: int = 0  # when the draft was last changed
    draft_tab: str = ""  # and by which tab of a browser


@record
class Found:
    """Somebody the new conversation may go to."""

    value: str
    name: str
    initials: str
    hue: int
    address: str
    state: str
    open_href: str = ""


@record
class NewConversation:
    """The dialog, or the page, that starts a conversation."""

    groups: Sequence[SenderGroup]
    chosen: SenderOption | None
    to: str = ""
    body: str = ""
    problem: str = ""
    problem_field: str = ""
    open_href: str = ""
    kit: Kit = Kit()
    understood: str = ""
    reopen: bool = False  # the conversation there is has ended; opening it brings it back
    subject: str = ""
    attached: Sequence[Attachment] = ()
