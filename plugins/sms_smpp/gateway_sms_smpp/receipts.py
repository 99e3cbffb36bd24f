"""Receipts: deliver_sm and data_sm whose esm_class says so, with the facts in parameters or in the text's usual form.

The text form is SMPP 3.4, appendix B; it varies from centre to centre, so words are found wherever they stand.
"""

import re
from dataclasses import dataclass

from gateway.sdk.text import Status
from gateway_sms_smpp.long import piece
from gateway_sms_smpp.pdu import DataSm, DeliverSm, Tag, find
from gateway_sms_smpp.text import Codings

# Message type, bits 2 to 5 of esm_class: a centre's delivery receipt, the recipient's own delivery acknowledgement, and
# an intermediate notification.
_TYPE_MASK = 0x3C
_RECEIPT = 0x04
_ACKNOWLEDGEMENT = 0x08
_INTERMEDIATE = 0x20

_STATES = {
    0: Status.SENT,  # SCHEDULED, as later revisions number it
    1: Status.SENT,  # ENROUTE
    2: Status.DELIVERED,
    3: Status.EXPIRED,
    4: Status.FAILED,  # DELETED
    5: Status.UNDELIVERED,
    6: Status.SENT,  # ACCEPTED
    8: Status.FAILED,  # REJECTED
}
_WORDS = {
    "ENROUTE": Status.SENT,
    "ACCEPTD": Status.SENT,
    "DELIVRD": Status.DELIVERED,
    "EXPIRED": Status.EXPIRED,
    "DELETED": Status.FAILED,
    "UNDELIV": Status.UNDELIVERED,
    "REJECTD": Status.FAILED,
}
# What the message said follows "text:" and may look like anything, a receipt included.
_QUOTE = re.compile(r"(?:^|\s)text:", re.IGNORECASE)
_WORD = {name: re.compile(rf"(?:^|\s){name}:\s*(\S+)", re.IGNORECASE) for name in ("id", "stat", "err")}


@dataclass(frozen=True, slots=True)
class Report:
    """What a receipt says. `state` is None for an unknown word; `code` is an error's, never that of no error;
    `reference` is our user_message_reference, echoed.
    """

    message_id: str | None
    state: Status | None
    code: str | None
    reference: int | None = None


def report_of(message: DeliverSm | DataSm, codings: Codings) -> Report | None:
    """The report in a message, or None when it is none: only its PDU fields decide, never what its text looks like.

    Parameters win over the text. An acknowledgement of the recipient's without an id is a text they wrote.
    """
    kind = message.esm_class & _TYPE_MASK
    if kind not in {_RECEIPT, _ACKNOWLEDGEMENT, _INTERMEDIATE}:
        return None
    written = piece(message, codings).text
    message_id, state, code = read(written)
    tlvs = message.tlvs
    if (tlv := find(tlvs, Tag.RECEIPTED_MESSAGE_ID)) and tlv.text():
        message_id = tlv.text()
    if (tlv := find(tlvs, Tag.MESSAGE_STATE)) and tlv.value:
        state = _STATES.get(tlv.number())
    if (tlv := find(tlvs, Tag.NETWORK_ERROR_CODE)) and len(tlv.value) == 3:
        code = str(int.from_bytes(tlv.value[1:], "big"))
    reference = find(tlvs, Tag.USER_MESSAGE_REFERENCE)
    if kind == _ACKNOWLEDGEMENT and message_id is None and reference is None:
        return None
    known = code if code and code.strip("0") else None
    return Report(message_id, state, known, reference.number() if reference else None)


def read(written: str) -> tuple[str | None, Status | None, str | None]:
    """Id, state and error code in a receipt's text; None for each that is not there."""
    quote = _QUOTE.search(written)
    facts = written[: quote.start()] if quote else written
    found = {name: match[1] if (match := word.search(facts)) else None for name, word in _WORD.items()}
    word = found["stat"]
    return found["id"], _WORDS.get(word.upper()) if word else None, found["err"]
