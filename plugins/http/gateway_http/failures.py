"""What an HTTP status means for a message."""

from gateway.sdk import SendError, SendErrorKind

_LONGEST_S = 3600.0
_KINDS = {
    401: (SendErrorKind.MISCONFIGURED, "The API does not know our secret."),
    403: (SendErrorKind.MISCONFIGURED, "The API does not allow us to send."),
    407: (SendErrorKind.MISCONFIGURED, "A proxy stands in front of the API."),
    429: (SendErrorKind.THROTTLED, "The API asks us to send more slowly."),
}


def failure_of(status: int, retry_after: str | None) -> SendError:
    """The error of an answer that is not 2xx. After a 5xx nobody knows whether the message was taken."""
    if status in _KINDS:
        kind, sentence = _KINDS[status]
    elif 300 <= status < 400:
        kind, sentence = SendErrorKind.MISCONFIGURED, "The API is somewhere else: it answers with a redirect."
    elif status < 500:
        kind, sentence = SendErrorKind.REJECTED, f"The API refused the message with status {status}."
    else:
        kind, sentence = SendErrorKind.UNCERTAIN, f"The API failed with status {status}."
    return SendError(kind, sentence, provider_code=str(status), retry_after=_seconds(retry_after))


def _seconds(text: str | None) -> float | None:
    """`Retry-After` in seconds; its other form, a date, is left to our own pauses."""
    return min(float(text), _LONGEST_S) if text is not None and text.isascii() and text.isdecimal() else None
