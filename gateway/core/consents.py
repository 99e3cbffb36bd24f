"""The consent ledger as the writer uses it: who may be written to, and what words change that."""

from collections.abc import Callable

from gateway.core.commands.messages import ReceiveMessage
from gateway.core.errors import FieldError, Reason, Refused
from gateway.core.scene import Scene
from gateway.core.threads import Place
from gateway.domain.address import Address, AddressKind
from gateway.domain.consent import (
    ALL_SENDERS,
    ConsentEntry,
    ConsentSource,
    ConsentState,
    ConsentWord,
    Purpose,
    Scope,
    spoken,
    standing,
)
from gateway.domain.events import EventType
from gateway.domain.model import ConsentRecord, Contact, Message
from gateway.domain.nature import Nature

OPTED_OUT = "recipient-opted-out"


def ledger(scene: Scene, value: str) -> list[ConsentEntry]:
    """What is known of one address, oldest first."""
    names = (value, erased_value(scene.digest, value))
    records = (one for one in scene.working.all(ConsentRecord) if one.value in names)
    return [entry_of(one) for one in sorted(records, key=lambda one: one.id)]


def erased_value(digest: Callable[[str], str], value: str) -> str:
    """What stands in the ledger for an erased address: found by who knows the address, told to nobody."""
    return f"erased:{digest(value)}"


def entry_of(record: ConsentRecord) -> ConsentEntry:
    """A stored line as the domain reads it."""
    return ConsentEntry(
        Address(record.kind, record.value),
        record.sender_scope,
        Purpose(record.purpose),
        ConsentState(record.state),
        ConsentSource(record.source),
        record.words,
        record.at,
    )


def is_stopped(scene: Scene, value: str) -> bool:
    """Whether anything the address was sent is stopped, so that a plain YES means start."""
    latest: dict[str, ConsentState] = {}
    for entry in ledger(scene, value):
        if entry.state is not ConsentState.UNKNOWN:
            latest[entry.sender_scope] = entry.state
    return ConsentState.UNSUBSCRIBED in latest.values()


def purpose_of(purpose: str | None, nature: Nature) -> Purpose:
    """What a message is for, when its sender did not say."""
    if purpose is not None:
        return Purpose(purpose)
    return Purpose.MARKETING if nature is Nature.CAMPAIGN else Purpose.CONVERSATIONAL


def refusal(scene: Scene, value: str, sender: Scope, purpose: Purpose) -> FieldError | None:
    """Why this address may not be written to, in a sentence that names the proof; None when it may."""
    stands = standing(ledger(scene, value), sender, purpose)
    if stands is None or stands.state is not ConsentState.UNSUBSCRIBED:
        return None
    return FieldError("to", _why(stands), OPTED_OUT)


def _why(stands: ConsentEntry) -> str:
    """Who said it, in which words, of what; and who can start it again."""
    said = f" with the words “{stands.words}”" if stands.words else ""
    match stands.source:
        case ConsentSource.PROVIDER:
            told = f" ({stands.words})" if stands.words else ""
            return (
                f"This contact opted out of {stands.sender_scope} at the provider{told}. Only they can start it again."
            )
        case ConsentSource.AGENT | ConsentSource.API | ConsentSource.IMPORT:
            told = f": “{stands.words}”" if stands.words else ""
            if stands.purpose is Purpose.ANY:
                return f"The team recorded that this contact wants no messages{told}. Subscribe them again to write."
            what = f"no {stands.purpose} messages"
            return f"The team recorded that this contact wants {what}{told}. Subscribe them again to write."
    return f"This contact opted out{said}. Only they can start it again."


def agreed(scene: Scene, value: str, sender: Scope, purpose: Purpose) -> bool:
    """Whether the ledger knows that this address agreed to such messages."""
    stands = standing(ledger(scene, value), sender, purpose)
    return stands is not None and stands.state is ConsentState.SUBSCRIBED


def require(scene: Scene, value: str, sender: Scope, purpose: Purpose) -> None:
    """Refuses a message to somebody who does not want it."""
    error = refusal(scene, value, sender, purpose)
    if error is not None:
        raise Refused(Reason.INVALID, OPTED_OUT, error.message, (error,))


def record(scene: Scene, entry: ConsentEntry) -> None:
    """One more line of the ledger."""
    scene.working.put(
        ConsentRecord(
            scene.workspace_id,
            scene.new_id(),
            entry.address.kind,
            entry.address.value,
            entry.sender_scope,
            str(entry.purpose),
            str(entry.state),
            str(entry.source),
            entry.at_ms,
            entry.words,
            scene.caller.actor,
        )
    )


def record_word(scene: Scene, place: Place, command: ReceiveMessage, word: ConsentWord) -> None:
    """STOP and START take effect in the transaction that stores the message, for every sender of the workspace.

    Whoever says stop to one number of a business means the business (docs/decisions/0007-consent-words.md).
    """
    entry = spoken(command.sender, ALL_SENDERS, word, command.body, scene.now)
    if entry is None:
        return
    record(scene, entry)
    announce(scene, place.contact, entry)


def record_provider_stop(scene: Scene, message: Message, code: str | None, sentence: str | None) -> None:
    """The provider says that this contact opted out there; its code and sentence are the proof."""
    address = Address(AddressKind(message.their_kind), message.their_address)
    entry = ConsentEntry(
        address,
        message.our_address,
        Purpose.ANY,
        ConsentState.UNSUBSCRIBED,
        ConsentSource.PROVIDER,
        ": ".join(one for one in (code, sentence) if one) or None,
        scene.now,
    )
    record(scene, entry)
    contact = scene.find(Contact, message.contact_id)
    if contact is not None:
        announce(scene, contact, entry)


def announce(scene: Scene, contact: Contact, entry: ConsentEntry) -> None:
    """Tells followers of the log. Words and address stay where an erasure reaches them; the log keeps ids."""
    out = entry.state is ConsentState.UNSUBSCRIBED
    address = scene.working.address(scene.workspace_id, entry.address.value)
    thread = scene.working.thread_of(scene.workspace_id, contact.id)
    root = scene.root(thread) if thread else None
    scene.emit(
        EventType.CONTACT_OPTED_OUT if out else EventType.CONTACT_OPTED_IN,
        thread=root,
        conversation=scene.newest(root) if root else None,
        contact_id=contact.id,
        data={
            "address_id": address.id if address else None,
            "sender_scope": entry.sender_scope,
            "purpose": str(entry.purpose),
            "source": str(entry.source),
        },
    )
