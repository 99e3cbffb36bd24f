"""Message ids: centres spell the same id one way in submit_sm_resp and another in their receipts."""

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import TypeVar

_Key = TypeVar("_Key")

# Ids remembered to learn a centre's habits from: what a busy hour of receipts refers back to.
_REMEMBERED = 20_000
# Widths ids are padded to by centres that were not heard to answer yet: 32-bit numbers in hexadecimal and decimal.
_USUAL_WIDTHS = (8, 10)
_MOST_WIDTHS = 4
# Receipts that must agree before a habit is learnt, and what a habit is worth at most: so many that disagree undo it.
_SURE = 3
_CERTAIN = 10
# Only 64-bit numbers are converted; longer digits are no number of the centre's but a code.
_MOST_DIGITS = 20


class ReceiptIdForm(StrEnum):
    """How ids in receipts are written: as in the answer, or as a hexadecimal or decimal number of what it was there."""

    AUTO = "auto"
    SAME = "same"
    HEX = "hex"
    DECIMAL = "decimal"


_LEARNT = (ReceiptIdForm.SAME, ReceiptIdForm.HEX, ReceiptIdForm.DECIMAL)


@dataclass(frozen=True, slots=True)
class Habits:
    """What was learnt of a centre: how many receipts spoke for each form, and to which widths it pads its ids."""

    scores: tuple[tuple[ReceiptIdForm, int], ...] = ()
    widths: tuple[int, ...] = ()


class ReceiptIds:
    """All spellings an id in a receipt may have had in the answer, the most likely first.

    `form` HEX says receipts are hexadecimal and answers decimal, DECIMAL the reverse. AUTO learns: receipts that refer
    to answers it has seen, and in one base only, tell the centre's habit. Once three have agreed no other base is
    tried, since the same digits in another base may be somebody else's message. Case and lost leading zeros are tried
    in every form.
    """

    def __init__(self, form: ReceiptIdForm) -> None:
        self._form = form
        self._scores = dict.fromkeys(_LEARNT, 0)
        self._issued: OrderedDict[str, None] = OrderedDict()
        self._widths: OrderedDict[int, None] = OrderedDict()

    @property
    def habits(self) -> Habits:
        """What was learnt, for the next run to begin with."""
        return Habits(tuple(self._scores.items()), tuple(self._widths))

    def recall(self, habits: Habits) -> None:
        """What an earlier run learnt."""
        self._scores.update((form, score) for form, score in habits.scores if form in _LEARNT)
        for width in habits.widths:
            _remember(self._widths, width, _MOST_WIDTHS)

    def issued(self, message_id: str) -> None:
        """Remember an id as the centre gave it."""
        _remember(self._issued, message_id, _REMEMBERED)
        if message_id.startswith("0"):
            _remember(self._widths, len(message_id), _MOST_WIDTHS)

    def spellings(self, receipt_id: str) -> tuple[str, ...]:
        """Candidates for the id in the answer, without repeats; one alone when it is sure."""
        receipt_id = receipt_id.strip()
        by_form = {form: self._candidates(form, receipt_id) for form in self._forms()}
        found = {form: hit for form, candidates in by_form.items() if (hit := self._hit(candidates)) is not None}
        likely = self._likely(tuple(by_form))
        if len(found) == 1:
            self._learn(*found)
        sure = tuple(dict.fromkeys(found[form] for form in likely if form in found))
        return sure or tuple(dict.fromkeys(chain.from_iterable(by_form[form] for form in likely))) or (receipt_id,)

    def _forms(self) -> tuple[ReceiptIdForm, ...]:
        """Those that are possible at all, the most likely first."""
        if self._form is not ReceiptIdForm.AUTO:
            return (self._form,)
        return tuple(sorted(_LEARNT, key=lambda form: -self._scores[form]))

    def _likely(self, forms: tuple[ReceiptIdForm, ...]) -> tuple[ReceiptIdForm, ...]:
        """Those to believe: the one that was learnt, or all."""
        return forms[:1] if self._scores[forms[0]] >= _SURE else forms

    def _hit(self, candidates: tuple[str, ...]) -> str | None:
        return next((candidate for candidate in candidates if candidate in self._issued), None)

    def _learn(self, form: ReceiptIdForm) -> None:
        for one, score in self._scores.items():
            self._scores[one] = min(_CERTAIN, score + 1) if one is form else max(0, score - 1)

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
