"""The thread: its lines, and the head above them."""

from collections.abc import Sequence

from gateway.domain.record import record
from gateway.web.pages.views_list import TagPill
from gateway.web.pages.views_shell import Choice, Person

LONG, SHOWN = 3_000, 1_500  # characters: a text of more is shown in part


@record
class Words:
    """A piece of a sentence; bold for names."""

    text: str
    bold: bool = False


@record
class DayLine:
    """A new day begins."""

    text: str
    day: str  # ISO date
    kind: str = "day"


@record
class NewLine:
    """From here on the reader has seen nothing."""

    count: int
    kind: str = "new"


@record
class EventLine:
    """Something happened to the conversation."""

    seq: int
    id: str
    icon: str
    words: Sequence[Words]
    time: str
    iso: str
    day: str
    auto: bool = False
    group: str = "other"  # opened, finished, assigned, snoozed, tags or other: what the event filter shows
    kind: str = "event"


@record
class NoteLine:
    """Words for the team."""

    seq: int
    id: str
    author: str
    time: str
    iso: str
    day: str
    body: str
    on_contact: bool = False
    kind: str = "note"
    words: Sequence[Words] = ()


@record
class Picture:
    """A picture or file of a message; `src` is empty while it isn't there."""

    src: str
    name: str
    image: bool
    size: str = ""


@record
class Status:
    """How a message is: `tone` a colour's name, `icon` beside the words; `reason` for people."""

    icon: str
    text: str
    tone: str = ""
    bold: bool = False
    reason: str = ""
    retry: bool = False
    cancel: bool = False
    edit: bool = False
    decide: bool = False
    pending: bool = False


@record
class MessageLine:
    """One message. `via` names our sender and `gateway` who carried it; `appended` is the text we add to each."""

    seq: int
    id: str
    out: bool
    author: Person
    body: str
    time: str
    iso: str
    day: str
    via: str
    via_value: str
    gateway: str
    status: Status | None = None
    parts: int = 0
    label: str = ""  # MMS, Email, Campaign, Test: what it is beside a plain text
    subject: str = ""
    mail: bool = False
    sent_from: str = ""  # a mail's two addresses
    sent_to: str = ""
    same: bool = False
    pictures: Sequence[Picture] = ()
    incomplete: bool = False
    failed: bool = False
    quoted: str = ""  # what it repeats of earlier messages
    formatted: str = ""  # where it can be seen as its sender formatted it
    open: bool = False  # more is to be expected of its status
    at: int = 0
    dim: bool = False  # over another sender than the one the list is filtered to
    appended: str = ""  # what was added to the end of `body`
    auto: bool = False  # of a machine, or to one: what the natural view leaves out
    kind: str = "message"

    @property
    def beginning(self) -> str:
        """The text, or of a long one as much as a thread can show without being buried."""
        if len(self.body) <= LONG:
            return self.body
        cut = self.body[:SHOWN]
        before, *after = cut.rsplit(None, 1) or [cut]
        return before if after and len(before) > SHOWN // 2 else cut  # between two words, if there are words

    @property
    def rest(self) -> str:
        """What follows it, shown when asked for."""
        return self.body[len(self.beginning) :].lstrip()


Line = DayLine | NewLine | EventLine | NoteLine | MessageLine


@record
class Previous:
    """An earlier, closed conversation with the same contact."""

    id: str
    title: str
    when: str


@record
class Wish:
    """Words that may mean "no more messages", to be decided about."""

    message: str
    words: str
    when: str


@record
class Head:
    """What stands above the thread, and what may be done there. `primary` is complete, archive or reopen."""

    id: str
    thread: str
    number: int
    person: Person
    named: bool
    saved: bool
    subtitle: str
    state: str
    state_text: str
    sealed: bool
    tags: Sequence[TagPill]
    tag_choices: Sequence[Choice]
    owner: Person | None
    owner_text: str
    mine: bool
    may_claim: bool
    may_assign: bool
    primary: str
    close: str  # the verb that the Close button issues
    close_text: str
    close_said: str  # when it was done
    close_sure: str  # the button that answers the question before
    confirm_close: bool
    previous: Sequence[Previous]
    snooze: Sequence[Choice]
    agents: Sequence[Choice]
    groups: Sequence[Choice]
    query: str
    extras: Sequence[Choice] = ()  # of plugins; `value` is where one leads
    natural: bool = False  # P7: what machines said is not shown until one asks
    may_unsubscribe: bool = False
    may_ask: bool = False  # there are forms or polls
    may_remove: bool = False
    wish: Wish | None = None


@record
class Field:
    """A label and its value."""

    label: str
    value: str
    icon: str = ""
    aux: str = ""


@record
class ConsentLine:
    """What a contact agreed to, on one address."""

    address: str
    text: str
    words: str
    state: str  # subscribed, unsubscribed or unknown
    source: str = ""
    when: str = ""


@record
class PluginPanel:
    """A tab that a plugin adds; `url` is asked for what it shows each time it is opened."""

    id: str
    label: str
    url: str


@record
class Side:
    """The contact panel."""

    contact: str
    person: Person
    saved: bool
    since: str
    addresses: Sequence[Field]
    fields: Sequence[Field]
    consents: Sequence[ConsentLine]
    opted_out: str  # the sentence, when messages are refused
    lists: Sequence[Choice]
    previous: Sequence[Previous]
    activity: Sequence[EventLine]
    notes: Sequence[NoteLine]
    first_address: str = ""
    may_edit: bool = False
    conversation: str = ""
    panels: Sequence[PluginPanel] = ()
