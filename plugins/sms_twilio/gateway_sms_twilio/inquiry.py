"""Asking Twilio what became of a send whose answer was lost: by its id if we have one, else in the list of messages."""

from collections.abc import Sequence

from gateway.sdk import Inquiry, Receipt
from gateway_sms_twilio.addresses import contact_address
from gateway_sms_twilio.api import TwilioApi
from gateway_sms_twilio.codes import OPTED_OUT, sentence_of
from gateway_sms_twilio.resource import Resource
from gateway_sms_twilio.statuses import CANCELED, status_of

CLOCKS_DIFFER_MS = 2_000
MOST_SEEN = 500
_PAGE = 100
_TRIAL = "Sent from your Twilio trial account - "


async def ask(api: TwilioApi, inquiry: Inquiry, now: int) -> Sequence[Receipt]:
    """What Twilio knows of the send. Raises SendError when it can't be asked."""
    if inquiry.provider_ids:
        known = [await api.fetch(sid) for sid in dict.fromkeys(inquiry.provider_ids)]
        return [receipt_of(one, inquiry.message_id) for one in known if one is not None]
    alike = await _alike(api, inquiry, now)
    # Of two that are alike nobody can say which is meant, unless their ids are known: then each settles its own.
    attempt = inquiry.message_id if len(alike) == 1 else None
    return [receipt_of(one, attempt) for one in alike]


def receipt_of(message: Resource, attempt: str | None) -> Receipt:
    """A message of Twilio's list as a receipt."""
    text = CANCELED if message.status == "canceled" else sentence_of(message.error_code, message.error_message)
    return Receipt(
        provider_ids=(message.sid,),
        state=status_of(message.status, message.error_code),
        attempt=attempt,
        code=message.error_code,
        text=text,
        raw=message.raw,
        opted_out=message.error_code == OPTED_OUT,
        cost_micros=message.price,
        currency=message.currency,
    )


async def _alike(api: TwilioApi, inquiry: Inquiry, now: int) -> list[Resource]:
    """Messages with the same words to the same number, made while we waited for the answer.

    Twilio filters by the time of sending, which a queued message does not have yet: so the newest are looked through.
    """
    since = (inquiry.since or 0) - CLOCKS_DIFFER_MS
    until = (inquiry.until or now) + CLOCKS_DIFFER_MS
    found: list[Resource] = []
    seen = 0
    async for one in api.messages({"To": contact_address(inquiry.to, inquiry.channel)}, _PAGE):
        seen += 1
        if one.created_at is None or one.created_at > until:
            continue
        if one.created_at < since or seen > MOST_SEEN:
            break
        if not one.is_inbound and _same(one, inquiry):
            found.append(one)
    return found


def _same(one: Resource, inquiry: Inquiry) -> bool:
    """A Messaging Service that has not chosen yet names no sender."""
    ours = contact_address(inquiry.sender, inquiry.channel)
    said = one.body.removeprefix(_TRIAL).strip()
    return one.sender in ("", ours) and said == inquiry.body.strip()
