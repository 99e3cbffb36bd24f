"""From what somebody wrote to what leaves: appended text, encoding, count, P6, price, and every reason to refuse it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from gateway.core import consents
from gateway.core.commands.messages import SendMessage
from gateway.core.errors import FieldError
from gateway.core.routing import Question, Route, route
from gateway.core.scene import Scene
from gateway.domain.address import Address, AddressKind
from gateway.domain.encoding import Encoding
from gateway.domain.model import Conversation, Thread
from gateway.domain.nature import Nature
from gateway.domain.policy import LongText, MmsOver
from gateway.domain.segments import Segmentation, split
from gateway.domain.sender import Capabilities
from gateway.domain.settings import Sender

MAX_SEGMENTS = 10
TEXTS = frozenset({"sms", "mms", "whatsapp"})


@dataclass(frozen=True, slots=True)
class Price:
    """Money in micro-units of a currency."""

    micros: int
    currency: str


@dataclass(frozen=True, slots=True)
class Composition:
    """A message as it would leave, and why it may not. `refusals` empty: it may."""

    text: str
    appended: str | None
    channel: str
    encoding: Encoding | None
    units: int
    parts: tuple[str, ...]
    route: Route
    price: Price | None
    refusals: tuple[FieldError, ...]

    @property
    def segments(self) -> int:
        """How many short messages it is; 1 for everything that is not SMS."""
        return len(self.parts)


def compose(
    scene: Scene, command: SendMessage, to: Address, root: Thread | None, conversation: Conversation | None
) -> Composition:
    """Puts a message together without changing anything."""
    has_media = bool(command.media_ids or command.media_urls)
    question = Question(to, command.channel, has_media, command.from_, root, conversation)
    chosen = route(scene, question)
    sender = chosen.sender
    channel = _channel(command, to, chosen.capabilities, has_media)
    appended = sender.append_text if sender and channel in TEXTS else None
    text = f"{command.body}\n{appended}" if appended and command.body else appended or command.body
    cut = split(text) if channel in TEXTS else None
    if channel == "sms" and cut and sender and _as_mms(scene, cut, sender, chosen.capabilities):
        channel = "mms"
    parts = cut.parts if cut and channel == "sms" else (text,)
    return Composition(
        text,
        appended,
        channel,
        cut.encoding if cut and channel == "sms" else None,
        cut.units if cut else len(text),
        parts,
        chosen,
        price_of(sender, channel, len(parts)) if sender else None,
        tuple(_refusals(scene, command, to, chosen, parts, has_media)),
    )


def price_of(sender: Sender, channel: str, segments: int) -> Price | None:
    """What a message costs: `prices` holds an amount per segment (SMS) or message for each channel, and a currency."""
    amount = _amount(sender.prices.get(channel))
    if amount is None:
        return None
    micros = int(amount * 1_000_000) * (segments if channel == "sms" else 1)
    return Price(micros, str(sender.prices.get("currency", "USD")))


def _amount(value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _channel(command: SendMessage, to: Address, capabilities: Capabilities | None, has_media: bool) -> str:
    if command.channel is not None:
        return command.channel
    if to.kind is AddressKind.EMAIL:
        return "email"
    if capabilities is not None and capabilities.whatsapp and not capabilities.sms:
        return "whatsapp"
    return "mms" if has_media else "sms"


def _as_mms(scene: Scene, cut: Segmentation, sender: Sender, capabilities: Capabilities | None) -> bool:
    """P6: whether a long text leaves as MMS, only where the sender can and is enabled for it."""
    if capabilities is None or not capabilities.mms:
        return False
    match scene.view.policy.long_text:
        case MmsOver(units):
            return cut.units > units
        case LongText.CHEAPEST:
            as_mms, as_sms = price_of(sender, "mms", 1), price_of(sender, "sms", len(cut.parts))
            return as_mms is not None and as_sms is not None and as_mms.micros < as_sms.micros
    return False


def _refusals(
    scene: Scene, command: SendMessage, to: Address, chosen: Route, parts: Sequence[str], has_media: bool
) -> list[FieldError]:
    found: list[FieldError] = []
    if not command.body.strip() and not has_media:
        found.append(FieldError("body", "Write something, or attach a file.", "empty"))
    if chosen.refusal is not None:
        found.append(chosen.refusal)
    if len(parts) > MAX_SEGMENTS:
        sentence = f"This text needs {len(parts)} parts; at most {MAX_SEGMENTS} are allowed. Shorten it."
        found.append(FieldError("body", sentence, "too-many-segments"))
    if to.kind is AddressKind.ALPHANUMERIC:
        found.append(FieldError("to", f"{to.value} is a name; messages can't be sent to it.", "not-reachable"))
    if command.subject and chosen.capabilities is not None and not chosen.capabilities.email:
        found.append(FieldError("subject", "Only e-mail has a subject.", "no-subject"))
    if command.send_at is not None and command.expires_at is not None and command.expires_at <= command.send_at:
        found.append(FieldError("expires_at", "It would expire before it is sent.", "expired"))
    if command.expires_at is not None and command.expires_at <= scene.now:
        found.append(FieldError("expires_at", "That time has passed.", "expired"))
    purpose = consents.purpose_of(command.purpose, command.nature or Nature.NATURAL)
    scope = chosen.sender.value if chosen.sender else ""
    opted_out = consents.refusal(scene, to.value, scope, purpose)
    if opted_out is not None:
        found.append(opted_out)
    if scene.verdict.refusal is not None:
        found.append(FieldError("body", scene.verdict.refusal, "vetted"))
    return found
