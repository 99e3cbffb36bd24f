"""What became of a message, as status callbacks say it."""

from gateway.sdk import Receipt, WebhookError
from gateway_sms_twilio.codes import OPTED_OUT, sentence_of
from gateway_sms_twilio.forms import Fields
from gateway_sms_twilio.inbound import sid_of
from gateway_sms_twilio.money import micros
from gateway_sms_twilio.statuses import CANCELED, status_of

ATTEMPT = "attempt"
"""The name, in the query of a callback's address, under which our attempt id comes back."""


def receipt_of(fields: Fields, attempt: str | None, raw: bytes) -> Receipt:
    """The receipt of a whole message: Twilio has one id for all its parts. Raises WebhookError without any."""
    sid, word = sid_of(fields), fields.get("MessageStatus", "")
    if not sid and not attempt:
        raise WebhookError("A status without MessageSid.")
    code = fields.get("ErrorCode") or None
    price = micros(fields.get("Price"))
    return Receipt(
        provider_ids=(sid,) if sid else (),
        state=status_of(word, code),
        attempt=attempt,
        code=code or ("canceled" if word == "canceled" else None),
        text=CANCELED if word == "canceled" else sentence_of(code, fields.get("ErrorMessage")),
        raw=raw,
        opted_out=code == OPTED_OUT,
        cost_micros=price,
        currency=fields.get("PriceUnit") if price is not None else None,
    )
