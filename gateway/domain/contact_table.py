"""Tables of people as spreadsheets write them (CSV): which column means what, and a person from a line."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from io import StringIO
from typing import Final

from gateway.domain.address import Address, InvalidAddress, typed_address
from gateway.domain.record import record
from gateway.domain.spreadsheet import unguarded
from gateway.domain.time_zones import zone_named

LONGEST_CELL = 2_000
LONGEST_NAME = 200
MOST_COLUMNS = 100
MOST_ADDRESSES = 20
_DELIMITERS = ",;\t|"
_SEPARATOR_LINE = re.compile(rf"\"?sep=([{re.escape(_DELIMITERS)}])\"?[ ,;\t]*(?:\r\n|\r|\n)", re.IGNORECASE)
_SEVERAL = re.compile(r"[;\n]")

IGNORED: Final = ""
NAME: Final = "name"
FIRST_NAME: Final = "first_name"
LAST_NAME: Final = "last_name"
ADDRESS: Final = "address"
TIMEZONE: Final = "timezone"
FIELD: Final = "field:"
"""`field:tier` puts the cell into the contact's field `tier`."""

_HEADS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("name", "full name", "contact", "contact name", "vollständiger name"), NAME),
    **dict.fromkeys(("first name", "firstname", "first", "given name", "vorname"), FIRST_NAME),
    **dict.fromkeys(("last name", "lastname", "last", "surname", "family name", "nachname", "familienname"), LAST_NAME),
    **dict.fromkeys(
        ("phone", "phone number", "mobile", "mobile number", "mobile phone", "cell", "cell phone", "number", "msisdn"),
        ADDRESS,
    ),
    **dict.fromkeys(("telefon", "telefonnummer", "handy", "handynummer", "mobil", "mobilnummer", "nummer"), ADDRESS),
    **dict.fromkeys(("e-mail", "email", "mail", "e-mail address", "email address", "e-mail-adresse"), ADDRESS),
    **dict.fromkeys(("timezone", "time zone", "zeitzone"), TIMEZONE),
}


class BadTable(ValueError):
    """What was given is no table of people. Its text is a sentence for whoever gave it."""


class BadLine(ValueError):
    """A line that names nobody. Its text is a sentence."""


@record
class Table:
    """A head and its lines, each with its number in the file (the head is line 1)."""

    head: tuple[str, ...]
    lines: Sequence[tuple[int, Sequence[str]]]


@record
class Person:
    """What one line says of somebody: at least one address."""

    addresses: tuple[Address, ...]
    name: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    timezone: str | None = None


def decode(content: bytes) -> str:
    """A file's text: UTF-8, UTF-16 by its mark or where its head shows it, else what old spreadsheets write."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", "replace")
    head = content[:200]
    for encoding, zeros, letters in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        # Columns have mostly Latin names, every other byte of which is zero; one that is there by mistake stands alone.
        if zeros.count(0) > len(zeros) // 4 and not letters.count(0):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read_table(text: str) -> Table:
    """The table in a text. BadTable when it has no head, no lines, or quotes that never end."""
    said, text = _separator_line(text)
    head_line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = said or max(_DELIMITERS, key=head_line.count)
    lines = list(_lines(text, delimiter, 2 if said else 1))
    if not lines:
        raise BadTable("The file is empty.")
    head = tuple(cell.strip() for cell in lines[0][1])
    if len(head) > MOST_COLUMNS:
        raise BadTable(f"The table has {len(head)} columns; at most {MOST_COLUMNS} can be read.")
    named = [name for name in head if name]
    if len(set(named)) != len(named):
        raise BadTable("Two columns have the same name. Give each its own in the first line.")
    if len(lines) == 1:
        raise BadTable("There is only one line. The first line names the columns; people follow from the second on.")
    return Table(head, lines[1:])


def _separator_line(text: str) -> tuple[str | None, str]:
    """The separator that a first line `sep=;` names, which spreadsheets write for each other, and what follows it."""
    found = _SEPARATOR_LINE.match(text)
    return (found[1], text[found.end() :]) if found else (None, text)


def _lines(text: str, delimiter: str, begins: int) -> Iterator[tuple[int, list[str]]]:
    """Lines that hold something, the first of them with the number `begins`.

    A quote that was never closed would swallow all that follows: that is an error.
    """
    before = begins - 1
    reader = csv.reader(StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = before + reader.line_num + 1
    except csv.Error as error:
        what = "what begins with a quotation mark does not end, or goes on behind its end"
        if "limit" in str(error):
            what = f"a cell has more than {csv.field_size_limit()} characters"
        raise BadTable(f"This is not a table one can read: from line {begins} on, {what}.") from error


def guess(head: Sequence[str]) -> dict[str, str]:
    """What each column holds, by its name; any other becomes a field of that name."""
    return {
        name: _HEADS.get(name.casefold().replace("_", " "), f"{FIELD}{name}" if len(name) <= 100 else IGNORED)
        for name in head
        if name
    }


def check_columns(columns: Mapping[str, str], head: Sequence[str]) -> None:
    """BadTable unless each is in the head and means something, and one of them holds addresses."""
    meanings = {IGNORED, NAME, FIRST_NAME, LAST_NAME, ADDRESS, TIMEZONE}
    for column, meaning in columns.items():
        if column not in head:
            raise BadTable(f"The table has no column “{column}”.")
        plain = meaning.removeprefix(FIELD).strip()
        if meaning not in meanings and not (meaning.startswith(FIELD) and 1 <= len(plain) <= 100):
            known = ", ".join(sorted(meanings))
            raise BadTable(f"“{meaning}” is nothing a column can hold. It holds one of {known}, or {FIELD}<name>.")
    if ADDRESS not in columns.values():
        raise BadTable("No column holds a number or an e-mail address. Say which one does.")


def person_of(
    cells: Sequence[str], head: Sequence[str], columns: Mapping[str, str], default_country: str | None
) -> Person:
    """The person of a line. BadLine with what is wrong with it."""
    said: dict[str, list[str]] = {}
    fields: dict[str, str] = {}
    for name, cell in zip(head, cells, strict=False):
        meaning, value = columns.get(name, IGNORED), cell.strip()
        value = unguarded(value)
        if not value or meaning == IGNORED:
            continue
        if len(value) > LONGEST_CELL:
            raise BadLine(f"“{name}” has {len(value)} characters; at most {LONGEST_CELL} fit.")
        if meaning.startswith(FIELD):
            fields[meaning.removeprefix(FIELD).strip()] = value
        else:
            said.setdefault(meaning, []).append(value)
    addresses = _addresses(said.get(ADDRESS, []), default_country)
    whole = " ".join(said.get(NAME, ()) or (*said.get(FIRST_NAME, ()), *said.get(LAST_NAME, ())))
    if len(whole) > LONGEST_NAME:
        raise BadLine(f"The name has {len(whole)} characters; at most {LONGEST_NAME} fit.")
    return Person(addresses, whole or None, fields, _zone(said.get(TIMEZONE, [])))


def _addresses(cells: Sequence[str], default_country: str | None) -> tuple[Address, ...]:
    found: dict[Address, None] = {}
    for value in (part.strip() for cell in cells for part in _SEVERAL.split(cell)):
        if not value:
            continue
        try:
            found[typed_address(value, default_country)] = None
        except InvalidAddress as error:
            raise BadLine(str(error)) from None
    if not found:
        raise BadLine("No number and no e-mail address.")
    if len(found) > MOST_ADDRESSES:
        raise BadLine(f"{len(found)} addresses; at most {MOST_ADDRESSES} belong to one person.")
    return tuple(found)


def _zone(cells: Sequence[str]) -> str | None:
    if not cells:
        return None
    if zone_named(cells[0]) is None:
        raise BadLine(f"“{cells[0]}” is not a time zone; use a name like Europe/Paris.")
    return cells[0]
