"""What an HTTP answer means: its status for a message, its body for a file that was asked for."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from gateway.sdk.channel import Health, HealthState
from gateway.sdk.context import HttpClient, HttpResponse
from gateway.sdk.errors import SendError, SendErrorKind
from gateway.sdk.values import MediaReference

LONGEST_S = 3600.0
_KINDS = {
    401: (SendErrorKind.MISCONFIGURED, "The API does not know our secret."),
    403: (SendErrorKind.MISCONFIGURED, "The API does not allow us to send."),
    407: (SendErrorKind.MISCONFIGURED, "A proxy stands in front of the API."),
    429: (SendErrorKind.THROTTLED, "The API asks us to send more slowly."),
}


def failure_of(answer: HttpResponse, *, refused: Collection[int] = (), later: Collection[int] = ()) -> SendError | None:
    """The error of an answer that is no yes, or None for a 2xx. After a 5xx nobody knows whether the message was taken.

    What the provider documents otherwise comes first, 2xx too: `refused` are statuses after which it never sends,
    `later` those after which it has not sent and may be asked again.
    """
    status, retry_after = answer.status, seconds(answer.headers.get("retry-after"))
    if status in refused:
        kind, sentence = SendErrorKind.REJECTED, f"The API refused the message with status {status}."
    elif status in later:
        kind, sentence = SendErrorKind.THROTTLED, f"The API asks us to come later with status {status}."
    elif 200 <= status < 300:
        return None
    elif status in _KINDS:
        kind, sentence = _KINDS[status]
    elif 300 <= status < 400:
        kind, sentence = SendErrorKind.MISCONFIGURED, "The API is somewhere else: it answers with a redirect."
    elif 400 <= status < 500:
        kind, sentence = SendErrorKind.REJECTED, f"The API refused the message with status {status}."
    else:
        kind, sentence = SendErrorKind.UNCERTAIN, f"The API failed with status {status}."
    return SendError(kind, sentence, provider_code=str(status), retry_after=retry_after)


async def reach(http: HttpClient, url: str, headers: Mapping[str, str]) -> Health:
    """Whether an API answers at all and takes our proof: asks what it would take (OPTIONS), and sends nothing."""
    try:
        answer = await http.request("OPTIONS", url, headers=headers)
    except SendError as error:
        return Health(HealthState.DOWN, error.sentence)
    wrong = failure_of(answer) if answer.status in (401, 403) else None
    return Health(HealthState.DOWN, wrong.sentence) if wrong else Health(HealthState.OK)


def seconds(text: str | None) -> float | None:
    """A `Retry-After` in seconds, an hour at most; its other form, a date, is left to our own pauses."""
    return min(float(text), LONGEST_S) if text is not None and text.isascii() and text.isdecimal() else None


def file_of(reference: MediaReference, answer: HttpResponse) -> MediaReference:
    """The reference with the file that was answered. Raises SendError where there is none, or not yet."""
    if answer.status != 200:
        raise SendError(SendErrorKind.UNAVAILABLE, f"The file could not be fetched: status {answer.status}.")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower() or reference.content_type
    return replace(reference, content=answer.body, content_type=kind, size=len(answer.body))
