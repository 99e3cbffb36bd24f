"""Message ids: centres spell the same id one way in submit_sm_resp and another in their receipts."""

from collections import OrderedDict
from enum import StrEnum
from itertools import chain
from typing import TypeVar

_Key = TypeVar("_Key")

# Ids remembered to learn a centre's habits from: what a busy hour of receipts refers back to.
_REMEMBERED = 20_000
# Widths ids are padded to by centres that were not heard to answer yet: 32-bit numbers in hexadecimal and decimal.
_USUAL_WIDTHS = (8, 10)
_MOST_WIDTHS = 4
# Only 64-bit numbers are converted; longer digits are no number of the centre's but a code.
_MOST_DIGITS = 20


class ReceiptIdForm(StrEnum):
    """How ids in receipts are written: as in the answer, or as a hexadecimal or decimal number of what it was there."""

    AUTO = "auto"
    SAME = "same"
    HEX = "hex"
    DECIMAL = "decimal"


class ReceiptIds:
    """All spellings an id in a receipt may have had in the answer, the most likely first.

    `form` HEX says receipts are hexadecimal and answers decimal, DECIMAL the reverse. AUTO learns: as soon as a receipt
    refers to an answer it has seen, it knows the centre's habit and tries no other base, since the same digits in
    another base may be somebody else's message. Case and lost leading zeros are tried in every form.
    """

    def __init__(self, form: ReceiptIdForm) -> None:
        self._form = form
        self._issued: OrderedDict[str, None] = OrderedDict()
        self._widths: OrderedDict[int, None] = OrderedDict()

    def issued(self, message_id: str) -> None:
        """Remember an id as the centre gave it."""
        _remember(self._issued, message_id, _REMEMBERED)
        if message_id.startswith("0"):
            _remember(self._widths, len(message_id), _MOST_WIDTHS)

    def spellings(self, receipt_id: str) -> tuple[str, ...]:
        """Candidates for the id in the answer, without repeats; one alone when it is sure."""
        receipt_id = receipt_id.strip()
        by_form = {form: self._candidates(form, receipt_id) for form in self._forms()}
        for form, candidates in by_form.items():
            for candidate in candidates:
                if candidate in self._issued:
                    self._form = form
                    return (candidate,)
        return tuple(dict.fromkeys(chain.from_iterable(by_form.values()))) or (receipt_id,)

    def _forms(self) -> tuple[ReceiptIdForm, ...]:
        if self._form is ReceiptIdForm.AUTO:
            return (ReceiptIdForm.SAME, ReceiptIdForm.HEX, ReceiptIdForm.DECIMAL)
        return (self._form,)

    def _candidates(self, form: ReceiptIdForm, receipt_id: str) -> tuple[str, ...]:
        number = _converted(form, receipt_id)
        if number is None:
            return ()
        bare = number.lstrip("0") or "0"
        widths = (*reversed(self._widths), *_USUAL_WIDTHS) if bare.isalnum() and len(bare) <= _MOST_DIGITS else ()
        spelled = (number, bare, *(bare.zfill(width) for width in widths))
        return tuple(dict.fromkeys(chain(spelled, map(str.upper, spelled), map(str.lower, spelled))))


def _remember(memory: OrderedDict[_Key, None], key: _Key, most: int) -> None:
    memory[key] = None
    memory.move_to_end(key)
    if len(memory) > most:
        memory.popitem(last=False)


def _converted(form: ReceiptIdForm, receipt_id: str) -> str | None:
    """The receipt's id in the base of the answer; None if it is no number of its base."""
    if form is ReceiptIdForm.SAME:
        return receipt_id
    number = _digits(receipt_id, 16 if form is ReceiptIdForm.HEX else 10)
    if number is None:
        return None
    return str(number) if form is ReceiptIdForm.HEX else f"{number:x}"


def _digits(text: str, base: int) -> int | None:
    if not text.isascii() or not text.isalnum() or len(text) > _MOST_DIGITS:
        return None
    try:
        return int(text, base)
    except ValueError:
        return None
