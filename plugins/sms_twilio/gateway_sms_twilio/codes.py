"""Twilio's error codes: what each means for a send, and the sentence a person reads.

Source: Twilio's error and warning dictionary. The same codes come at once, as the answer to a send, and later, in a
status callback; `kind` counts only at once.
"""

from dataclasses import dataclass

from gateway.sdk import SendErrorKind

_REJECTED, _LATER, _SETTINGS = SendErrorKind.REJECTED, SendErrorKind.THROTTLED, SendErrorKind.MISCONFIGURED

OPTED_OUT = "21610"


@dataclass(frozen=True, slots=True)
class Code:
    """One of them."""

    sentence: str
    kind: SendErrorKind = _REJECTED


CODES = {
    # the account
    "10001": Code("This Twilio account is not active.", _SETTINGS),
    "20003": Code("Twilio does not accept the account SID and the auth token.", _SETTINGS),
    "20005": Code("This Twilio account is suspended or closed.", _SETTINGS),
    "20404": Code("Twilio knows no such account at this address.", _SETTINGS),
    "20429": Code("Twilio takes no more requests at the moment.", _LATER),
    "30002": Code("This Twilio account is suspended.", _SETTINGS),
    "30010": Code("This message costs more than the account's limit for one message."),
    # how fast
    "14107": Code("Twilio takes no more messages from this sender at the moment.", _LATER),
    "21611": Code("Twilio's queue for this sender is full.", _LATER),
    "30001": Code("Twilio's queue was full, and the message was dropped."),
    "63018": Code("WhatsApp takes no more messages from this sender at the moment.", _LATER),
    # the recipient
    "21211": Code("This is not a number that can be written to."),
    "21217": Code("This is not a number that can be written to."),
    "21408": Code("This Twilio account may not send to that country: allow it under Geo permissions."),
    "21604": Code("Twilio got no number to send to."),
    "21608": Code("A trial account may only write to numbers that were verified in Twilio's console."),
    OPTED_OUT: Code("This contact opted out of messages from this sender.", SendErrorKind.OPTED_OUT),
    "21612": Code("This sender can't reach that number: a sender of another kind or country is needed."),
    "21614": Code("This is not a mobile number."),
    "21635": Code("This is a landline, which takes no texts."),
    # the sender
    "21212": Code("Twilio does not take this sender."),
    "21266": Code("The sender and the recipient are the same number."),
    "21603": Code("Twilio got no sender."),
    "21606": Code("This sender is not one of the Twilio account's, or can't send texts."),
    "21659": Code("This sender is not one of the Twilio account's."),
    "21660": Code("This sender belongs to another Twilio account."),
    "21701": Code("There is no such Messaging Service in this Twilio account.", _SETTINGS),
    "21703": Code("The Messaging Service has no sender that can reach this number."),
    "21704": Code("The Messaging Service has no sender."),
    "21705": Code("The Messaging Service of this gateway is not a valid one.", _SETTINGS),
    "21712": Code("This sender is not part of the gateway's Messaging Service."),
    "30024": Code("This sender is not yet set up with the phone networks."),
    "30032": Code("This toll-free number must be verified with Twilio before it may send."),
    "30034": Code("This number is not registered for business messages (A2P 10DLC)."),
    # what was said
    "21602": Code("Twilio got a message without a text."),
    "21609": Code("Twilio can't call us back: set ONETHREAD_PUBLIC_URL to an address it can reach.", _SETTINGS),
    "21617": Code("The text is too long: Twilio takes 1,600 characters."),
    "21619": Code("Twilio got a message with neither a text nor a file."),
    "21620": Code("Twilio can't fetch a file from our public address."),
    "21623": Code("Twilio takes at most ten files with a message."),
    "12300": Code("Twilio does not take a file of this type."),
    "11751": Code("The files of this message are too large for the phone network."),
    "30019": Code("The files of this message are too large for the phone network."),
    "30044": Code("A trial account may only send short messages."),
    # the phone networks
    "30003": Code("The phone could not be reached: it may be off or out of coverage."),
    "30004": Code("The recipient can't get this message: their phone or network blocks it."),
    "30005": Code("The number is not in use, or the phone is unknown to its network."),
    "30006": Code("This is a landline, or a network that can't be reached."),
    "30007": Code("The phone network filtered the message, as it does with what looks like spam."),
    "30008": Code("The phone network could not deliver it, and does not say why."),
    "30011": Code("Picture messages don't work in the recipient's region."),
    "30023": Code("The day's limit of messages to this phone network is used up."),
    "30027": Code("The day's limit of messages to this phone network is used up."),
    "30036": Code("It could not be delivered in time."),
    "30039": Code("Twilio stopped a loop of messages between two numbers."),
    "30410": Code("The phone network did not answer Twilio in time."),
    # WhatsApp
    "21654": Code("This WhatsApp message needs a template."),
    "21655": Code("There is no such WhatsApp template in this Twilio account."),
    "21656": Code("The values given do not fit the WhatsApp template."),
    "63001": Code("Twilio can't sign in to WhatsApp for this sender."),
    "63003": Code("This number is not on WhatsApp."),
    "63005": Code("WhatsApp does not take this kind of content."),
    "63007": Code("This sender is not set up for WhatsApp in the Twilio account."),
    "63013": Code("WhatsApp refused the message by its rules."),
    "63015": Code("In the WhatsApp sandbox only phones that joined it can be written to."),
    "63016": Code("The contact last wrote more than 24 hours ago: WhatsApp then takes approved templates only."),
    "63019": Code("WhatsApp could not fetch a file of this message."),
    "63021": Code("WhatsApp does not take what is in this message."),
    "63024": Code("This number is not on WhatsApp, or can't get this message."),
}


def sentence_of(code: str | None, theirs: str | None = None) -> str | None:
    """What people read: our sentence, else Twilio's own, else the code; None without any of them."""
    known = CODES.get(code or "")
    if known is not None:
        return known.sentence
    said = " ".join((theirs or "").split())[:300]
    if said:
        return said if said[-1] in ".!?" else f"{said}."
    return f"Twilio reports error {code}." if code else None
