"""A contact's message, as the webhooks of a number and of a Messaging Service say it, the fallback's the same way."""

from gateway.sdk import Inbound, MediaReference, WebhookError
from gateway.sdk.text import ConsentWord
from gateway_sms_twilio.addresses import channel_of
from gateway_sms_twilio.forms import Fields

MOST_MEDIA = 100  # Twilio's own limit is 10

# What Twilio's own keyword lists, which an account may change, made of the text. HELP moves no consent.
_CONSENT = {"STOP": ConsentWord.STOP, "START": ConsentWord.START}
_KEPT = {
    "ProfileName": "profile_name",
    "MessagingServiceSid": "messaging_service_sid",
    "FromCity": "from_city",
    "FromState": "from_state",
    "FromCountry": "from_country",
    "ButtonText": "button_text",
    "ButtonPayload": "button_payload",
    "Latitude": "latitude",
    "Longitude": "longitude",
    "Address": "address",
    "Label": "label",
    "OriginalRepliedMessageSid": "reply_to",
    "ReferralSourceUrl": "referral_url",
}


def sid_of(fields: Fields) -> str:
    """The message's id; old and new webhooks name it differently. Empty where there is none."""
    return fields.get("MessageSid") or fields.get("SmsSid") or fields.get("SmsMessageSid") or ""


def inbound_of(fields: Fields, raw: bytes) -> Inbound:
    """The message. Raises WebhookError where it has no id, or comes from or goes to nobody."""
    sid, sender, recipient = sid_of(fields), fields.get("From"), fields.get("To")
    if not sid or not sender or not recipient:
        raise WebhookError("A message without MessageSid, From or To.")
    media = media_of(fields)
    return Inbound(
        sender=sender,
        recipient=recipient,
        body=fields.get("Body") or _place(fields),
        provider_id=sid,
        channel=channel_of(sender, sid, has_media=bool(media)),
        media=media,
        metadata={name: fields[field] for field, name in _KEPT.items() if fields.get(field)},
        consent=_CONSENT.get(fields.get("OptOutType", "").upper()),
        raw=raw,
    )


def media_of(fields: Fields) -> tuple[MediaReference, ...]:
    """All files of a message; they are fetched later."""
    try:
        count = min(int(fields.get("NumMedia") or 0), MOST_MEDIA)
    except ValueError as error:
        raise WebhookError("NumMedia is no number.") from error
    found = ((fields.get(f"MediaUrl{n}"), fields.get(f"MediaContentType{n}")) for n in range(count))
    return tuple(MediaReference(kind or "application/octet-stream", url) for url, kind in found if url)


def _place(fields: Fields) -> str:
    """A WhatsApp message may be a place on the map and nothing else."""
    if not fields.get("Latitude") or not fields.get("Longitude"):
        return ""
    named = ", ".join(fields[name] for name in ("Label", "Address") if fields.get(name))
    where = f"{fields['Latitude']}, {fields['Longitude']}"
    return f"{named} ({where})" if named else where
