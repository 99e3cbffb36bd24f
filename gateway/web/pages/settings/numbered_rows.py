"""Rows that the buttons of a form add, move and take away: the steps of a rule, the questions of a form.

A row keeps its number when it moves, so its fields keep their names (`then.4.body`), and what somebody types while the
page is drawn anew finds its place. The order is the one in which the page has them.
"""

import re
from collections.abc import Iterable
from typing import TypeVar

R = TypeVar("R")


def numbers_in(names: Iterable[str], kind: str, part: str, most: int) -> list[int]:
    """The numbers of the rows of a posted form, told by a field that each of them has (`then.4.type`)."""
    found = (re.fullmatch(rf"{kind}\.([0-9]{{1,4}})\.{part}", name) for name in names)
    return [int(one[1]) for one in found if one][:most]


def add(rows: list[R], numbers: list[int], row: R) -> None:
    """One more at the end, with a number that no other has."""
    rows.append(row)
    numbers.append(max(numbers, default=-1) + 1)


def arrange(rows: list[R], numbers: list[int], verb: str, number: str) -> None:
    """Takes away the row of a number (`drop`), or moves it up (`up`). A number that isn't there changes nothing."""
    place = [str(one) for one in numbers].index(number) if number in map(str, numbers) else -1
    match verb:
        case "drop" if place >= 0:
            del rows[place], numbers[place]
        case "up" if place > 0:
            rows.insert(place - 1, rows.pop(place))
            numbers.insert(place - 1, numbers.pop(place))
