"""Rules of assignment: to whom a conversation that nobody has is given; the first that fits and has somebody counts."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from gateway.domain.ids import PREFIXES, format_id, parse_id
from gateway.domain.record import record

MOST_RULES = 50
LARGEST_CAP = 1_000
_FIELDS = frozenset({"method", "group_id", "sender_id", "tag_id", "cap"})


class Method(StrEnum):
    """How one of those who are available is chosen."""

    ROUND_ROBIN = "round_robin"  # whoever had the last one longest ago
    LEAST_BUSY = "least_busy"  # whoever has the fewest open, then in turn


@record
class AssignmentRule:
    """Members of a group (None: everybody), for one sender or tag where they are named, up to `cap` open each."""

    method: Method
    group_id: int | None = None
    sender_id: int | None = None
    tag_id: int | None = None
    cap: int | None = None

    def fits(self, group_id: int | None, sender_id: int | None, tag_ids: Iterable[int]) -> bool:
        """Whether the rule is about such a conversation. What belongs to a group is given to its members alone."""
        return (
            (group_id is None or group_id == self.group_id)
            and self.sender_id in (None, sender_id)
            and (self.tag_id is None or self.tag_id in tag_ids)
        )

    def free(self, people: Iterable[int], load: Mapping[int, int]) -> list[int]:
        """Those of the people who may get one more; `load` is how many open conversations each has."""
        return [one for one in people if self.cap is None or load.get(one, 0) < self.cap]


class RuleError(ValueError):
    """What is wrong with a rule, in a sentence; `place` counts from 1."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place = place


def rules_of(stored: Sequence[Mapping[str, Any]]) -> tuple[AssignmentRule, ...]:
    """The rules that a workspace keeps, as they were checked. Raises RuleError for what was not."""
    if len(stored) > MOST_RULES:
        raise RuleError(MOST_RULES + 1, f"There are at most {MOST_RULES} rules.")
    return tuple(_rule(place, one) for place, one in enumerate(stored, 1))


def written(rule: AssignmentRule) -> dict[str, Any]:
    """A rule as it is kept, and as the API writes it."""
    ids = {"group_id": rule.group_id, "sender_id": rule.sender_id, "tag_id": rule.tag_id}
    named = {name: None if one is None else format_id(_prefix(name), one) for name, one in ids.items()}
    return {"method": str(rule.method), **named, "cap": rule.cap}


def _rule(place: int, given: Mapping[str, Any]) -> AssignmentRule:
    if not isinstance(given, Mapping) or set(given) - _FIELDS or given.get("method") not in list(Method):
        raise RuleError(
            place, f"A rule has a method ({', '.join(Method)}), and may have group_id, sender_id, tag_id, cap."
        )
    cap = given.get("cap")
    if cap is not None and (type(cap) is not int or not 1 <= cap <= LARGEST_CAP):
        raise RuleError(place, f"A cap is a whole number from 1 to {LARGEST_CAP}.")
    ids = {name: _id(place, name, given.get(name)) for name in ("group_id", "sender_id", "tag_id")}
    return AssignmentRule(Method(given["method"]), **ids, cap=cap)


def _id(place: int, name: str, value: object) -> int | None:
    try:
        return None if value is None else parse_id(str(value), _prefix(name))
    except ValueError as error:
        raise RuleError(place, str(error)) from error


def _prefix(name: str) -> str:
    return PREFIXES[name.removesuffix("_id")]


def next_in_turn(people: Iterable[int], last: int) -> int:
    """Whose turn it is after `last`, in the order in which they joined. Of nobody ValueError."""
    everybody = sorted(people)
    return next((one for one in everybody if one > last), everybody[0])


def chosen_by(method: Method, people: Sequence[int], last: int, load: Mapping[int, int]) -> int:
    """One of the people; `load` is how many open conversations each has."""
    if method is Method.LEAST_BUSY:
        fewest = min(load.get(one, 0) for one in people)
        people = [one for one in people if load.get(one, 0) == fewest]
    return next_in_turn(people, last)
