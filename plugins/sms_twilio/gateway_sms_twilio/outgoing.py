"""A message of ours as Twilio's form, and Twilio's answer as a result."""

from urllib.parse import urlencode

from gateway.sdk import Outbound, PartResult, SendResult
from gateway.sdk.text import Status
from gateway_sms_twilio.addresses import contact_address, sender_address
from gateway_sms_twilio.codes import sentence_of
from gateway_sms_twilio.receipts import ATTEMPT
from gateway_sms_twilio.resource import Resource
from gateway_sms_twilio.statuses import CANCELED, status_of

LONGEST_VALIDITY_S = 36_000
_CONTENT_SID, _CONTENT_VARIABLES = "content_sid", "content_variables"
"""What a message's metadata may name: an approved template of Twilio's Content API, and its values as JSON."""


def form_of(outbound: Outbound, *, service: str, callback: str, now: int) -> list[tuple[str, str]]:
    """The fields of a new message. `callback` is where Twilio tells what becomes of it; empty for nowhere."""
    form = [
        ("To", contact_address(outbound.to, outbound.channel)),
        ("From", sender_address(outbound.sender)),
    ]
    if service:
        form.append(("MessagingServiceSid", service))
    form += _content(outbound)
    form += [("MediaUrl", media.url) for media in outbound.media if media.url]
    if outbound.channel == "mms" and not outbound.media:
        form.append(("SendAsMms", "true"))
    if callback:
        form.append(("StatusCallback", f"{callback}?{urlencode({ATTEMPT: outbound.attempt})}"))
    if outbound.expires_at is not None:
        seconds = (outbound.expires_at - now) // 1000
        if seconds < LONGEST_VALIDITY_S:
            form.append(("ValidityPeriod", str(max(1, seconds))))
    return form


def result_of(made: Resource, outbound: Outbound) -> SendResult:
    """Twilio has one id for a message, however many parts it has."""
    status = status_of(made.status, made.error_code)
    failed = status in (Status.FAILED, Status.UNDELIVERED, Status.EXPIRED)
    reason = sentence_of(made.error_code, made.error_message) or (CANCELED if made.status == "canceled" else None)
    parts = tuple(
        PartResult(
            index,
            made.sid,
            status if failed and status is not None else Status.SENT,
            made.error_code if failed else None,
            reason if failed else None,
        )
        for index in range(1, len(outbound.parts) + 1)
    )
    return SendResult(parts, made.price, made.currency)


def _content(outbound: Outbound) -> list[tuple[str, str]]:
    template = outbound.metadata.get(_CONTENT_SID)
    if template:
        variables = outbound.metadata.get(_CONTENT_VARIABLES)
        return [("ContentSid", template), *([("ContentVariables", variables)] if variables else [])]
    return [("Body", outbound.body)] if outbound.body else []
