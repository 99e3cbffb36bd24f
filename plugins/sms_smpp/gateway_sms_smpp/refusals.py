"""What a centre's command_status means for a message."""

from dataclasses import dataclass

from gateway.sdk import SendError, SendErrorKind
from gateway_sms_smpp.pdu import Status

_REJECTED = SendErrorKind.REJECTED
_THROTTLED = SendErrorKind.THROTTLED
_MISCONFIGURED = SendErrorKind.MISCONFIGURED
_UNAVAILABLE = SendErrorKind.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Refusal:
    """A submit_sm that was not accepted: what to do, a sentence for people, and the centre's number."""

    kind: SendErrorKind
    sentence: str
    code: str

    def error(self) -> SendError:
        """The same as an exception."""
        return SendError(self.kind, self.sentence, provider_code=self.code)


_MEANINGS: dict[int, tuple[SendErrorKind, str]] = {
    Status.RINVMSGLEN: (_REJECTED, "The message centre says the text is too long."),
    Status.RINVCMDLEN: (_REJECTED, "The message centre could not read the request."),
    Status.RINVCMDID: (_MISCONFIGURED, "The message centre does not take messages on this bind."),
    Status.RINVBNDSTS: (_MISCONFIGURED, "The message centre does not take messages on this bind."),
    Status.RSYSERR: (_UNAVAILABLE, "The message centre has an internal error."),
    Status.RINVSRCADR: (_REJECTED, "The message centre does not allow this sender."),
    Status.RINVDSTADR: (_REJECTED, "The message centre says the recipient's number is wrong."),
    Status.RMSGQFUL: (_THROTTLED, "The message centre's queue is full."),
    Status.RINVESMCLASS: (_REJECTED, "The message centre does not take long messages in this form."),
    Status.RSUBMITFAIL: (_REJECTED, "The message centre could not submit the message."),
    Status.RINVSRCTON: (_REJECTED, "The message centre does not allow this kind of sender."),
    Status.RINVSRCNPI: (_REJECTED, "The message centre does not allow this kind of sender."),
    Status.RINVDSTTON: (_REJECTED, "The message centre does not take this kind of recipient."),
    Status.RINVDSTNPI: (_REJECTED, "The message centre does not take this kind of recipient."),
    Status.RINVSYSTYP: (_MISCONFIGURED, "The message centre says the system_type is wrong."),
    Status.RTHROTTLED: (_THROTTLED, "The message centre asks to send more slowly."),
    Status.RINVSCHED: (_REJECTED, "The message centre does not take this delivery time."),
    Status.RINVEXPIRY: (_REJECTED, "The message centre does not take this validity period."),
    Status.RX_T_APPN: (_UNAVAILABLE, "The message centre has a temporary error."),
    Status.RX_P_APPN: (_REJECTED, "The message centre refuses this message for good."),
    Status.RX_R_APPN: (_REJECTED, "The message centre refuses this message."),
    Status.RDELIVERYFAILURE: (_REJECTED, "The message centre could not deliver the message."),
}


def refusal(status: int) -> Refusal:
    """The meaning of a status other than ROK. One we do not know is final: it was an answer, and it was no."""
    kind, sentence = _MEANINGS.get(status, (_REJECTED, "The message centre refused the message."))
    return Refusal(kind, f"{sentence} (status 0x{status:X})", f"0x{status:08X}")
