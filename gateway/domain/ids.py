"""Ids: 63-bit time-ordered integers inside, prefixed strings outside.

    41 bits milliseconds since 2024-01-01 UTC | 10 bits node | 12 bits sequence

41 bits of milliseconds last until 2093. Outside, an id is `msg_0H7Q...`: what it names, and 13 characters of
Crockford's base32, so that a pasted id says what it is and JavaScript can't round it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z
MAX_NODE = 1023
MAX_ID = (1 << 63) - 1

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "workspace": "wsp",
        "message": "msg",
        "conversation": "cnv",
        "thread": "thr",
        "contact": "cnt",
        "gateway": "gtw",
        "sender": "snd",
        "pool": "pol",
        "tag": "tag",
        "template": "tpl",
        "quick_reply": "qrp",
        "quick_note": "qnt",
        "user": "usr",
        "group": "grp",
        "token": "tok",
        "media": "med",
        "event": "evt",
        "work": "wrk",
        "payload": "pay",
        "note": "nte",
        "address": "adr",
        "part": "prt",
        "view": "viw",
        "list": "lst",
        "import": "imp",
        "campaign": "cmp",
        "invitation": "inv",
        "webhook": "whk",
        "delivery": "dlv",
        "chat_target": "tgt",
        "subscription": "psh",
        "automation": "aut",
        "run": "run",
        "audit": "aud",
        "keyword": "kwd",
        "form": "frm",
        "response": "rsp",
        "poll": "pll",
        "question": "qst",
    }
)

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(high + low for high in _ALPHABET for low in _ALPHABET)
_LENGTH = 13
# Python's own base 32 counts 0-9, a-v; I, L and O are read as the digits they are mistaken for, and U is no digit.
_TO_PYTHON = str.maketrans(
    _ALPHABET + _ALPHABET[10:].lower() + "ILOilo", "0123456789" + "abcdefghijklmnopqrstuv" * 2 + "110110"
)
_TO_PYTHON |= str.maketrans("Uu", "!!")


class IdSource:
    """Makes one node's ids, each larger than the one before.

    `clock` gives milliseconds since the Unix epoch. When it goes back, or when a millisecond's 4,096 are used up, the
    ids run on ahead of it until it catches up. Not for use by several threads at once.
    """

    __slots__ = ("_clock", "_last", "_node")

    def __init__(self, node: int, clock: Callable[[], int]) -> None:
        """Begin on `node` (0 to 1023), which no other running process may use."""
        if not 0 <= node <= MAX_NODE:
            raise ValueError(f"node is {node}; it must be 0 to {MAX_NODE}")
        self._node = node << 12
        self._clock = clock
        self._last = -1  # milliseconds and sequence in one number: a full sequence carries into the milliseconds

    def next(self) -> int:
        """The next id. OverflowError from 2093 on."""
        self._last = tick = max((self._clock() - EPOCH_MS) << 12, self._last + 1)
        made = (tick >> 12) << 22 | self._node | tick & 0xFFF
        if made > MAX_ID:
            raise OverflowError("the clock is past the last moment that an id can hold")
        return made


def created_ms(made: int) -> int:
    """When an id was made, in milliseconds since the Unix epoch."""
    return (made >> 22) + EPOCH_MS


def first_id_at(ms: int) -> int:
    """The smallest id that could have been made at that moment; 0 for one before there were any."""
    return max(0, ms - EPOCH_MS) << 22


def format_id(prefix: str, made: int) -> str:
    """The id as the outside sees it: `msg_` and 13 characters. ValueError if it isn't a 63-bit number."""
    if not 0 <= made <= MAX_ID:
        raise ValueError(f"{made} is no id: ids have 63 bits")
    pairs = _PAIRS
    return (
        f"{prefix}_{_ALPHABET[made >> 60]}{pairs[made >> 50 & 1023]}{pairs[made >> 40 & 1023]}"
        f"{pairs[made >> 30 & 1023]}{pairs[made >> 20 & 1023]}{pairs[made >> 10 & 1023]}{pairs[made & 1023]}"
    )


def parse_id(text: str, prefix: str) -> int:
    """Read an id of the kind `prefix` says, in upper or lower case, with I and L read as 1 and O as 0.

    ValueError, with a sentence for people, for anything else: another kind's id, a wrong length, a character too many.
    """
    kind, _, digits = text.partition("_")
    if kind.lower() != prefix:
        raise ValueError(f"{text[:40]!r} is not an id of this kind: those begin with {prefix}_")
    # isalnum keeps out the blanks, signs and underscores that int() would skip.
    if len(digits) == _LENGTH and digits.isascii() and digits.isalnum():
        try:
            made = int(digits.translate(_TO_PYTHON), 32)
        except ValueError:
            made = MAX_ID + 1
        if made <= MAX_ID:
            return made
    raise ValueError(f"{text[:40]!r} is not an id: {prefix}_ is followed by 13 letters and digits")
