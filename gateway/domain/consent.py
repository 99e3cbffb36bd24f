"""Consent: the ledger of what contacts allow, and what it means for a message.

Entries are only ever added. The latest that speaks of a sender and a purpose stands, with one exception: what
somebody stopped in their own words (or at the provider) is started again only by their own words. No role overrides
it.
"""

from collections.abc import Iterable
from enum import StrEnum

from gateway.domain.address import Address
from gateway.domain.consent_words import ConsentWord, classify
from gateway.domain.record import record

__all__ = [
    "ALL_SENDERS",
    "ConsentEntry",
    "ConsentSource",
    "ConsentState",
    "ConsentWord",
    "Purpose",
    "Scope",
    "allows",
    "classify",
    "spoken",
    "standing",
]

# Which of our senders an entry speaks of: the canonical value of one, or all of them.
Scope = str
ALL_SENDERS: Scope = "all"


class ConsentState(StrEnum):
    """What a contact allows."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    UNKNOWN = "unknown"


class Purpose(StrEnum):
    """What a message is for. `any` in an entry speaks of all of them."""

    MARKETING = "marketing"
    TRANSACTIONAL = "transactional"
    CONVERSATIONAL = "conversational"
    ANY = "any"


class ConsentSource(StrEnum):
    """Where an entry comes from."""

    CONTACT = "contact"
    PROVIDER = "provider"
    FORM = "form"
    AGENT = "agent"
    API = "api"
    IMPORT = "import"


# The contact's own doing: their message, their carrier's or provider's word for it, a form they filled in.
OWN_SOURCES = frozenset({ConsentSource.CONTACT, ConsentSource.PROVIDER, ConsentSource.FORM})


@record
class ConsentEntry:
    """One line of the ledger: who said what about which sender and purpose, in which `words`; ms since the epoch."""

    address: Address
    sender_scope: Scope
    purpose: Purpose
    state: ConsentState
    source: ConsentSource
    words: str | None
    at_ms: int


def spoken(address: Address, sender: Scope, word: ConsentWord, words: str, at_ms: int) -> ConsentEntry | None:
    """The entry that a consent word sent to one of our senders makes: it speaks of that sender, for every purpose.

    None for words that change nothing: help, a suggestion, anything else.
    """
    match word:
        case ConsentWord.STOP:
            state = ConsentState.UNSUBSCRIBED
        case ConsentWord.START:
            state = ConsentState.SUBSCRIBED
        case _:
            return None
    return ConsentEntry(address, sender, Purpose.ANY, state, ConsentSource.CONTACT, words, at_ms)


def standing(entries: Iterable[ConsentEntry], sender: Scope, purpose: Purpose) -> ConsentEntry | None:
    """The entry that decides whether `sender` may write for `purpose`, or None if the ledger says nothing of it.

    One that is `unknown` records that words were looked at and meant nothing; it decides nothing.

    `entries` are one address's, in any order; of two in the same millisecond the later in the iteration counts as
    later.
    """
    relevant = [
        entry
        for entry in entries
        if entry.sender_scope in {sender, ALL_SENDERS}
        and entry.purpose in {purpose, Purpose.ANY}
        and entry.state is not ConsentState.UNKNOWN
    ]
    relevant.sort(key=lambda entry: entry.at_ms)
    stands: ConsentEntry | None = None
    for entry in relevant:
        if stands is None or not _is_own_stop(stands) or entry.source in OWN_SOURCES:
            stands = entry
    return stands


def allows(entries: Iterable[ConsentEntry], sender: Scope, purpose: Purpose) -> bool:
    """Whether `sender` may write for `purpose`: unless what stands is unsubscribed."""
    stands = standing(entries, sender, purpose)
    return stands is None or stands.state is not ConsentState.UNSUBSCRIBED


def _is_own_stop(entry: ConsentEntry) -> bool:
    return entry.state is ConsentState.UNSUBSCRIBED and entry.source in OWN_SOURCES
