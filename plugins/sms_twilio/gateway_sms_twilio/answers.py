"""What Twilio's API answers: JSON, or an error that says what it means for a send."""

import json
from typing import Any

from gateway.sdk import SendError, SendErrorKind
from gateway.sdk.context import HttpResponse
from gateway_sms_twilio.codes import CODES, sentence_of

_UNREADABLE = "Twilio's answer could not be read."
_STRANGER = "What answers at the API address is not Twilio: check the gateway's settings."


def document_of(response: HttpResponse) -> dict[str, Any]:
    """The JSON object of an answer that says yes. Raises SendError for every other one."""
    document = _json(response.body)
    if 200 <= response.status < 300:
        if document is None:
            raise SendError(SendErrorKind.UNCERTAIN, _UNREADABLE, provider_code=str(response.status))
        return document
    raise error_of(response, document or {})


def error_of(response: HttpResponse, document: dict[str, Any]) -> SendError:
    """Only what Twilio itself said no to was provably not taken."""
    status = response.status
    code = _code(document)
    known = CODES.get(code or "")
    named = code or str(status)
    if status >= 500 or status == 408:
        return SendError(SendErrorKind.UNCERTAIN, f"Twilio failed with status {status}.", provider_code=named)
    if status == 429:
        sentence = known.sentence if known else CODES["20429"].sentence
        return SendError(SendErrorKind.THROTTLED, sentence, provider_code=named, retry_after=_seconds(response.headers))
    if known is not None:
        return SendError(known.kind, known.sentence, provider_code=code)
    if status == 401:
        return SendError(SendErrorKind.MISCONFIGURED, CODES["20003"].sentence, provider_code=named)
    if code is None:  # whatever it is, it speaks no Twilio, and has taken nothing
        return SendError(SendErrorKind.MISCONFIGURED, _STRANGER, provider_code=named)
    sentence = sentence_of(code, _said(document)) or f"Twilio refused it with status {status}."
    return SendError(SendErrorKind.REJECTED, sentence, provider_code=named)


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _code(document: dict[str, Any]) -> str | None:
    code = document.get("code")
    return str(code) if isinstance(code, int | str) and not isinstance(code, bool) and code != "" else None


def _said(document: dict[str, Any]) -> str | None:
    message = document.get("message")
    return message if isinstance(message, str) else None


def _seconds(headers: Any) -> float | None:
    """`Retry-After`, as Twilio gives it: whole seconds."""
    text = headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None
