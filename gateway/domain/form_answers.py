"""Reading an answer by what its question asks for."""

import re
from datetime import date, timedelta

from gateway.domain.address import Address, AddressKind, InvalidAddress, typed_address
from gateway.domain.folding import ascii_digits, visible
from gateway.domain.forms import Choice, DateOrder, Question, QuestionType
from gateway.domain.record import record
from gateway.domain.said import plain

LONGEST_ANSWER = 1_000

_YES = {"yes", "y", "yeah", "yep", "yup", "ja", "j", "jo", "jawohl", "oui", "sim", "true"}
_YES_ALONE = _YES | {"1", "ok", "okay", "sure", "si", "da"}
_NO = {"no", "n", "nope", "nah", "nein", "non", "nao", "niet", "false"}
_NO_ALONE = _NO | {"2", "ne"}
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)")
_BETWEEN_GROUPS = re.compile(r"(?<=\d)[ '\u2019\u00a0\u202f](?=\d{3}(?!\d))")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WRITTEN = re.compile(r"(\d{1,2})[./ -]\s*(\d{1,2})[./ -]\s*(\d{4}|\d{2})")
_DAYS = {"today": 0, "heute": 0, "tomorrow": 1, "morgen": 1, "yesterday": -1, "gestern": -1}


@record
class Answer:
    """A good answer: its value as it is kept, and the choice it names where it names one."""

    value: str
    choice: Choice | None = None


class WrongAnswer(Exception):
    """It is none; the sentence says to the contact what would be one."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_answer(question: Question, text: str, today: date, country: str | None = None) -> Answer:
    """The answer in a text. Raises WrongAnswer. `country` is how numbers without one are read."""
    said = visible(text).strip()
    if not said or len(said) > LONGEST_ANSWER:
        raise WrongAnswer("Please answer with a text." if not said else "That is too long.")
    match question.type:
        case QuestionType.NUMBER:
            return Answer(_number(question, said))
        case QuestionType.CHOICE:
            return _choice(question.choices, said)
        case QuestionType.YES_NO:
            return Answer(_yes_no(said))
        case QuestionType.DATE:
            return Answer(_date(question, said, today))
        case QuestionType.EMAIL:
            return Answer(_email(said))
        case QuestionType.PHONE:
            return Answer(_phone(said, country))
    return Answer(_text(question, said))


def choice_of(choices: tuple[Choice, ...], text: str) -> int | None:
    """The place of the choice that a text names by its number, its label or another of its words."""
    said = plain(ascii_digits(text))
    if not said:
        return None
    if said.isdecimal() and len(said) < 4 and 1 <= int(said) <= len(choices):
        return int(said) - 1
    for place, one in enumerate(choices):
        if said in {plain(word) for word in (one.label, *one.words)}:
            return place
    return None


def _text(question: Question, said: str) -> str:
    if question.least is not None and len(said) < question.least:
        raise WrongAnswer(f"Please write at least {question.least:g} characters.")
    if question.most is not None and len(said) > question.most:
        raise WrongAnswer(f"Please write at most {question.most:g} characters.")
    return said


def _number(question: Question, said: str) -> str:
    """With a comma or a point; what is written as thousands are written (1.000, 1,000) is thousands."""
    digits = _BETWEEN_GROUPS.sub("", ascii_digits(said).replace("\u2212", "-").strip(" .!"))
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "").replace(".", "")
    elif "," in digits and "." in digits:
        digits = digits.replace("," if digits.rindex(",") < digits.rindex(".") else ".", "")
    digits = digits.replace(",", ".", 1)
    if not _NUMBER.fullmatch(digits):
        raise WrongAnswer("Please answer with a number.")
    number = float(digits)
    if question.least is not None and number < question.least:
        raise WrongAnswer(f"Please answer with a number from {question.least:g}.")
    if question.most is not None and number > question.most:
        raise WrongAnswer(f"Please answer with a number up to {question.most:g}.")
    return f"{number:.0f}" if number.is_integer() else repr(number)


def _choice(choices: tuple[Choice, ...], said: str) -> Answer:
    place = choice_of(choices, said)
    if place is None:
        raise WrongAnswer(f"Please answer with a number from 1 to {len(choices)}.")
    return Answer(choices[place].label, choices[place])


def _yes_no(said: str) -> str:
    word = plain(said)
    first = word.split(" ", 1)[0]
    if word in _YES_ALONE or first in _YES:
        return "yes"
    if word in _NO_ALONE or first in _NO:
        return "no"
    raise WrongAnswer("Please answer YES or NO.")


def _date(question: Question, said: str, today: date) -> str:
    word = plain(said)
    if word in _DAYS:
        return (today + timedelta(days=_DAYS[word])).isoformat()
    digits = ascii_digits(said).strip(" .!")
    year, month, day = 0, 0, 0
    if found := _ISO.fullmatch(digits):
        year, month, day = (int(one) for one in found.groups())
    elif found := _WRITTEN.fullmatch(digits):
        first, second, year = (int(one) for one in found.groups())
        day, month = (first, second) if question.order is DateOrder.DAY_FIRST else (second, first)
        year = year if year > 99 else _century(year, today)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        shape = "31.12.2030" if question.order is DateOrder.DAY_FIRST else "12/31/2030"
        raise WrongAnswer(f"Please answer with a date, such as {shape}.") from None


def _century(year: int, today: date) -> int:
    """Two digits mean the year nearest to now that isn't more than twenty years ahead."""
    full = today.year - today.year % 100 + year
    return full - 100 if full > today.year + 20 else full


def _email(said: str) -> str:
    address = _address(said.strip(" .,;<>"), None)
    if address is None or address.kind is not AddressKind.EMAIL:
        raise WrongAnswer("Please answer with an e-mail address.")
    return address.value


def _phone(said: str, country: str | None) -> str:
    address = _address(said, country)
    if address is None or address.kind is not AddressKind.PHONE:
        raise WrongAnswer("Please answer with a phone number and its country code, such as +1 415 555 2671.")
    return address.value


def _address(said: str, country: str | None) -> Address | None:
    try:
        return typed_address(said, country)
    except InvalidAddress:
        return None
