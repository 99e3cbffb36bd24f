"""What the mail server said, as what it means for a message (RFC 5321, enhanced codes RFC 3463)."""

import re
import ssl

from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from gateway.sdk import SendError, SendErrorKind
from gateway_email.headers import one_line

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_SERVER_IS_AWAY = frozenset({421, 432, 454})
_NOT_SIGNED_IN = frozenset({530, 534, 535, 538})
_ABOUT_THE_MESSAGE = (SMTPSenderRefused, SMTPRecipientRefused, SMTPDataError)
_LONGEST = 300
_TOO_FAST = re.compile(r"rate|too many|too fast|throttl|limit", re.IGNORECASE)


def connection_error(host: str, error: BaseException) -> SendError:
    """Before any mail was given to it: nothing left, so it is tried again, or somebody has to look at the settings."""
    match error:
        case SMTPResponseException():
            return refusal(error)
        case ssl.SSLError():
            sentence = f"The encryption of {host} can't be trusted: {one_line(str(error.reason or error))[:_LONGEST]}."
            return SendError(SendErrorKind.MISCONFIGURED, sentence)
        case TimeoutError():
            return SendError(SendErrorKind.UNAVAILABLE, f"{host} did not answer in time.")
    said = one_line(str(error))[:_LONGEST] or type(error).__name__
    return SendError(SendErrorKind.UNAVAILABLE, f"{host} was not reached: {said}")


def refusal(error: SMTPResponseException) -> SendError:
    """An answer that is no yes. 4xx is later, 5xx is final; what is about us and not the message stops the gateway."""
    said = one_line(error.message)[:_LONGEST]
    enhanced = _ENHANCED.search(said)
    code = f"{error.code} {enhanced[0]}" if enhanced else str(error.code)
    sentence = f"The mail server answered: {error.code} {said}".rstrip()
    return SendError(_kind(error, enhanced[0] if enhanced else "", said), sentence, provider_code=code)


def _kind(error: SMTPResponseException, enhanced: str, said: str) -> SendErrorKind:
    if not 400 <= error.code < 600:  # no word of SMTP's: nobody knows what became of a mail that was on its way
        return SendErrorKind.UNCERTAIN if isinstance(error, SMTPDataError) else SendErrorKind.UNAVAILABLE
    if error.code in _SERVER_IS_AWAY:
        return SendErrorKind.UNAVAILABLE
    if error.code in _NOT_SIGNED_IN or isinstance(error, SMTPAuthenticationError):
        return SendErrorKind.MISCONFIGURED if error.code >= 500 else SendErrorKind.UNAVAILABLE
    if error.code < 500:
        if enhanced.startswith(("4.7.", "4.5.3", "4.3.2")) and _TOO_FAST.search(said):
            return SendErrorKind.THROTTLED
        return SendErrorKind.DEFERRED if isinstance(error, _ABOUT_THE_MESSAGE) else SendErrorKind.UNAVAILABLE
    if isinstance(error, _ABOUT_THE_MESSAGE):
        return SendErrorKind.REJECTED
    return SendErrorKind.MISCONFIGURED
