"""Senders: our own addresses, and what each kind of them can carry."""

from enum import StrEnum

from gateway.domain.record import record


class SenderKind(StrEnum):
    """What kind of address a sender is."""

    LONG_CODE = "long_code"
    SHORT_CODE = "short_code"
    TOLL_FREE = "toll_free"
    ALPHANUMERIC = "alphanumeric"
    WHATSAPP = "whatsapp"
    EMAIL = "email"


SMS_KINDS = frozenset({SenderKind.LONG_CODE, SenderKind.SHORT_CODE, SenderKind.TOLL_FREE, SenderKind.ALPHANUMERIC})

# An 8-bit concatenation header counts to 255; the far lower limit of segments for one message is a setting of its own.
MOST_PARTS = 255


@record
class Capabilities:
    """What a sender, a gateway, or the two together can do.

    `inbound` and `outbound` are seen from us; `max_parts` is how many segments one SMS may have, at least 1. What is
    `simulated` reaches nobody, so anything real is preferred to it. `media_types` are the types of files that it takes
    by MMS and WhatsApp, where they aren't those of `domain/attachments.py`; mail takes any.
    """

    inbound: bool = True
    outbound: bool = True
    sms: bool = False
    mms: bool = False
    whatsapp: bool = False
    email: bool = False
    receipts: bool = True
    max_parts: int = MOST_PARTS
    simulated: bool = False
    media_types: frozenset[str] | None = None

    def __post_init__(self) -> None:
        """Refuse a count of parts that could carry nothing."""
        if self.max_parts < 1:
            raise ValueError(f"max_parts is {self.max_parts}; a message has at least one part")

    @property
    def reply(self) -> bool:
        """Whether a contact can answer what this sends: never to an alphanumeric sender."""
        return self.inbound and self.outbound

    @property
    def media(self) -> bool:
        """Whether pictures and files can be sent along."""
        return self.outbound and (self.mms or self.whatsapp or self.email)

    def __and__(self, other: "Capabilities") -> "Capabilities":
        """What both can do: a sender through a gateway."""
        return Capabilities(
            inbound=self.inbound and other.inbound,
            outbound=self.outbound and other.outbound,
            sms=self.sms and other.sms,
            mms=self.mms and other.mms,
            whatsapp=self.whatsapp and other.whatsapp,
            email=self.email and other.email,
            receipts=self.receipts and other.receipts,
            max_parts=min(self.max_parts, other.max_parts),
            simulated=self.simulated or other.simulated,
            media_types=_both(self.media_types, other.media_types),
        )


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return other if one is None else one if other is None else one & other


def capabilities_of(kind: SenderKind, *, mms_enabled: bool = False) -> Capabilities:
    """What a sender of this kind can do by itself, before its gateway is asked.

    MMS is never assumed: a number, and a short code more than any, must be enabled for it at the provider first.
    An alphanumeric sender is one-way and carries no MMS, whatever is set.
    """
    match kind:
        case SenderKind.EMAIL:
            return Capabilities(email=True)
        case SenderKind.WHATSAPP:
            return Capabilities(whatsapp=True)
        case SenderKind.ALPHANUMERIC:
            return Capabilities(inbound=False, sms=True)
        case SenderKind.LONG_CODE | SenderKind.SHORT_CODE | SenderKind.TOLL_FREE:
            return Capabilities(sms=True, mms=mms_enabled)
