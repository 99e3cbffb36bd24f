"""Cells that a spreadsheet would run as a formula: guarded on the way out, and taken back on the way in."""

import re
from typing import Final

_WIDE: Final = "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
_SIGNS: Final = rf"[=+\-@\t\r\n{_WIDE}]"
_FORMULA: Final = re.compile(_SIGNS)
_NUMBER: Final = re.compile(r"[+-][\d ()]+")
_GUARDED: Final = re.compile(f"'{_SIGNS}")


def guarded(cell: str, *, numbers: bool = False) -> str:
    """The cell behind a `'` if it begins as a formula does; with `numbers` phone numbers stay as they are."""
    if not _FORMULA.match(cell) or (numbers and _NUMBER.fullmatch(cell)):
        return cell
    return f"'{cell}"


def unguarded(cell: str) -> str:
    """The cell as it was before it was guarded."""
    return cell[1:] if _GUARDED.match(cell) else cell
