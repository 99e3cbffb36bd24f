"""A form as the settings draw and read it: fields with what they hold, and what is wrong with each.

Reading never stops at the first fault: what was typed goes back into the form as it was, with a sentence at each field.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import TypeVar

from gateway.core.errors import FieldError, Reason, Refused
from gateway.domain.record import record
from gateway.web.language import Language, marked
from gateway.web.problems import Problem
from gateway.web.told import told

N = TypeVar("N")
FASTEST = 100_000
_NAMED = {"name-taken": "name", "sender-exists": "value"}  # conflicts that are about one field


@record
class Option:
    """One value of a choice. `words` explain what it does, where a name doesn't."""

    value: str
    label: str
    words: str = ""


@record
class Field:
    """One field. `type` is text, email, secret, number, integer, boolean, choice, area or code.

    `kept` says of a secret that one is stored: leaving the field empty keeps it. `forgettable` is one that may be
    missing as well. `wide` takes a whole line.
    """

    name: str
    label: str
    type: str = "text"
    value: str = ""
    hint: str = ""
    required: bool = False
    options: Sequence[Option] = ()
    least: str = ""
    placeholder: str = ""
    kept: bool = False
    forgettable: bool = False
    wide: bool = False
    error: str = ""

    @property
    def id(self) -> str:
        """Its id in the page."""
        return f"f-{self.name.replace('.', '-').replace('_', '-')}"


@dataclass(slots=True)
class Faults:
    """What is wrong with a form: a sentence for each field, and those that belong to none, as `language` says them."""

    language: Language
    fields: dict[str, str] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.fields or self.general)

    def add(self, name: str, sentence: str) -> None:
        """The first sentence for a field stands."""
        self.fields.setdefault(name, sentence)

    def take(self, error: Problem | Refused) -> None:
        """Those of a refused command or request."""
        named = _NAMED.get(error.code, "")
        for one in error.errors or (FieldError(named, str(error)),):
            sentence = _said(told(self.language, one.message))
            if one.field:
                self.add(one.field, sentence)
            else:
                self.general.append(sentence)

    def place(self, fields: Sequence[Field]) -> list[Field]:
        """The fields with their sentences; what names none of them goes to `general`."""
        placed = [replace(one, error=self.of(one.name)) for one in fields]
        names = [one.name for one in fields]
        for name, sentence in self.fields.items():
            if not any(name == one or name.startswith((f"{one}.", f"{one}[")) for one in names):
                self.general.append(sentence)
        return placed

    def of(self, name: str) -> str:
        """The sentence for a field, or for something within it; empty where all is well."""
        found = self.fields.get(name)
        if found is None:
            found = next((one for key, one in self.fields.items() if key.startswith((f"{name}.", f"{name}["))), "")
        return found


def _can_be_mended(error: Problem | Refused) -> bool:
    """Whether the form is the place for it."""
    if isinstance(error, Refused):
        return error.reason in {Reason.INVALID, Reason.CONFLICT}
    return error.status in {409, 422}


class Form:
    """The posted fields, read one by one; what can't be read is a fault of that field."""

    def __init__(self, given: Mapping[str, str], language: Language) -> None:
        self.given = given
        self.faults = Faults(language)

    def take(self, error: Problem | Refused) -> None:
        """What a command or a request was refused for; raised again where no form can mend it."""
        if not _can_be_mended(error):
            raise error
        self.faults.take(error)

    def text(self, name: str) -> str:
        """As it was typed, without the blanks around it."""
        return self.given.get(name, "").replace("\r\n", "\n").strip()

    def required(self, name: str, sentence: str) -> str:
        """A text that must be there."""
        found = self.text(name)
        if not found:
            self.faults.add(name, sentence)
        return found

    def is_on(self, name: str) -> bool:
        """A checkbox."""
        return name in self.given

    def number(self, name: str) -> float | None:
        """A number, or None for an empty field."""
        return self._parsed(name, _decimal, marked("Enter a number, such as 2.5."))

    def integer(self, name: str) -> int | None:
        """A whole number, or None for an empty field."""
        return self._parsed(name, _whole, marked("Enter a whole number, such as 10."))

    def rate(self, name: str) -> float | None:
        """So many a second, or None for no limit."""
        found = self.number(name)
        if found is not None and not 0 < found <= FASTEST:
            self.faults.add(name, marked("Enter a number above 0, up to 100000. Empty: no limit."))
        return found

    def chosen(self, name: str, values: Collection[str]) -> str:
        """One of the values on offer."""
        found = self.text(name)
        if found not in values:
            self.faults.add(name, marked("Choose one of these."))
        return found

    def _parsed(self, name: str, parse: Callable[[str], N], sentence: str) -> N | None:
        found = self.text(name)
        if not found:
            return None
        try:
            return parse(found)
        except ValueError:
            self.faults.add(name, sentence)
            return None


def _decimal(text: str) -> float:
    found = float(text.replace(",", "."))
    if not isfinite(found):
        raise ValueError(text)
    return found


def _whole(text: str) -> int:
    if len(text) > 18 or not text.isascii():
        raise ValueError(text)
    return int(text)


def _said(message: str) -> str:
    """A sentence of the API for the eyes of a person: without its code marks, and with a capital."""
    plain = message.replace("`", "").strip()
    return plain[:1].upper() + plain[1:]
