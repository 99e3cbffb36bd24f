"""Who a note names: an @ and a colleague's whole name, as the composer writes it."""

from collections.abc import Mapping

from gateway.domain.record import record


@record
class Mention:
    """Where a name stands, `@` included, and whose it is."""

    start: int
    end: int
    user_id: int


def mentions_in(text: str, names: Mapping[int, str]) -> list[Mention]:
    """The mentions in a text, in order. Upper case doesn't matter; of two names that fit, the longer one counts."""
    by_length = sorted(names.items(), key=lambda item: (-len(item[1]), item[0]))
    lower = text.lower()
    known = [(user_id, name.lower()) for user_id, name in by_length if name.strip() and len(name.lower()) == len(name)]
    found: list[Mention] = []
    at = text.find("@") if len(lower) == len(text) else -1
    while at >= 0:
        end = at + 1
        if at == 0 or not text[at - 1].isalnum():
            for user_id, name in known:
                if lower.startswith(name, at + 1) and _ends(text, at + 1 + len(name)):
                    end = at + 1 + len(name)
                    found.append(Mention(at, end, user_id))
                    break
        at = text.find("@", end)
    return found


def _ends(text: str, at: int) -> bool:
    """A name ends where its word does: `@Ana` is not in `@Anatol`."""
    return at >= len(text) or not text[at].isalnum()
