"""A message of ours as submit_sm requests, and the centre's answers as results."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.sdk import Outbound, PartResult, SendError, SendErrorKind, SendResult
from gateway.sdk.text import Status
from gateway_sms_smpp.addresses import Numbering
from gateway_sms_smpp.long import LongMessages, Segment, segments
from gateway_sms_smpp.parameters import ANSWER, merged, metadata_of, of_metadata
from gateway_sms_smpp.pdu import Pdu, SubmitSm, SubmitSmResp, Tag, Tlv
from gateway_sms_smpp.refusals import Refusal, refusal
from gateway_sms_smpp.text import Codings
from gateway_sms_smpp.times import Validity, validity_period

_RECEIPT_WANTED = 0x01
_TEMPORARY = frozenset({SendErrorKind.THROTTLED, SendErrorKind.UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class Submission:
    """One submit_sm and the indexes, from 0, of the core's parts it answers for."""

    parts: tuple[int, ...]
    request: SubmitSm


@dataclass(frozen=True, slots=True)
class Accepted:
    """The centre took it; its id, or None when it gave none, and the optional parameters of its answer."""

    message_id: str | None
    tlvs: tuple[Tlv, ...] = ()


@dataclass(frozen=True, slots=True)
class Unanswered:
    """It had left and no answer came."""

    reason: str


Outcome = Accepted | Refusal | Unanswered


@dataclass(frozen=True, slots=True)
class Style:
    """How one centre wants its submit_sm. `tlvs` go with each, unless the message brings its own of the same tag."""

    codings: Codings = field(default_factory=Codings)
    form: LongMessages = LongMessages.UDH
    numbering: Numbering = field(default_factory=Numbering)
    validity: Validity = Validity.ABSOLUTE
    service_type: str = ""
    tlvs: tuple[Tlv, ...] = ()


def submissions(outbound: Outbound, style: Style, reference: int, now: int) -> tuple[Submission, ...]:
    """The requests of a message, in order; each asks for its receipt and carries our `reference`. Raises ValueError."""
    source = style.numbering.sender(outbound.sender.kind, outbound.sender.value)
    target = style.numbering.recipient(outbound.to)
    echo = Tlv.of_int(Tag.USER_MESSAGE_REFERENCE, reference, 2)
    given = merged(style.tlvs, of_metadata(outbound.metadata))
    until = validity_period(style.validity, outbound.expires_at, now)

    def request(segment: Segment) -> SubmitSm:
        return SubmitSm(
            service_type=style.service_type,
            source_addr_ton=source.ton,
            source_addr_npi=source.npi,
            source_addr=source.value,
            dest_addr_ton=target.ton,
            dest_addr_npi=target.npi,
            destination_addr=target.value,
            esm_class=segment.esm_class,
            validity_period=until,
            registered_delivery=_RECEIPT_WANTED,
            data_coding=segment.data_coding,
            short_message=segment.octets,
            tlvs=(*segment.tlvs, echo, *given),
        )

    cut = segments(outbound.parts, outbound.encoding, outbound.reference, style.codings, style.form)
    return tuple(Submission(segment.parts, request(segment)) for segment in cut)


def outcome(answer: Pdu) -> Accepted | Refusal:
    """What an answer to a submit_sm says."""
    if answer.status:
        return refusal(answer.status)
    body = answer.body
    return Accepted(body.message_id or None, body.tlvs) if isinstance(body, SubmitSmResp) else Accepted(None)


def summary(result: Outcome) -> str:
    """One line for the gateway's log, without numbers or text."""
    match result:
        case Accepted(message_id):
            return f"accepted as {message_id}"
        case Unanswered(reason):
            return f"unanswered: {reason}"
        case Refusal(kind, sentence):
            return f"not accepted ({kind}): {sentence}"


def is_temporary(result: Outcome | None) -> bool:
    """Whether the same request may be accepted a moment later; None is one not tried yet."""
    return result is None or (isinstance(result, Refusal) and result.kind in _TEMPORARY)


def result_of(done: Sequence[Submission], outcomes: Sequence[Outcome]) -> SendResult:
    """The outcome of the message. Raises SendError when no request of it was accepted.

    An unanswered request makes the whole uncertain then; of refusals a final one counts before a temporary one.
    """
    if not any(isinstance(result, Accepted) for result in outcomes):
        raise _error(outcomes)
    parts: dict[int, PartResult] = {}
    for submission, result in zip(done, outcomes, strict=True):
        for index in submission.parts:
            part = _part(index, result)
            if index not in parts or parts[index].status is Status.SENT:
                parts[index] = part
    said = [tlv for result in outcomes if isinstance(result, Accepted) for tlv in result.tlvs]
    return SendResult(tuple(parts[index] for index in sorted(parts)), metadata=metadata_of(said, ANSWER))


def _part(index: int, result: Outcome) -> PartResult:
    match result:
        case Accepted(message_id):
            return PartResult(index, message_id)
        case Unanswered(reason):
            return PartResult(index, None, Status.UNCERTAIN, reason=reason)
        case Refusal(_, sentence, code):
            return PartResult(index, None, Status.FAILED, code, sentence)


def _error(outcomes: Sequence[Outcome]) -> SendError:
    for result in outcomes:
        if isinstance(result, Unanswered):
            return SendError(SendErrorKind.UNCERTAIN, result.reason)
    refusals = [result for result in outcomes if isinstance(result, Refusal)]
    return min(refusals, key=is_temporary).error()
