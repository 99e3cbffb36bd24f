"""What went over a gateway's wire, one line each, as people may see it: no secrets, no bodies, numbers masked."""

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from gateway.domain.record import record

LINES_KEPT = 200
_LONGEST = 500
_NOTHING: Mapping[str, str] = MappingProxyType({})
_BODY_KEYS = frozenset({"body", "text", "content", "message", "short_message", "message_payload", "subject", "payload"})
# Also within a URL, where + is %2B and @ is %40.
_NUMBER = re.compile(r"(?:(?<!\w)|(?<=%2B)|(?<=%2b))(\+?)(\d{3})\d{3,}(\d{2})(?!\w)")
# As people write them: "+1 (415) 555-0148", "(0171) 555 01 48". Dates and IP addresses begin otherwise.
_WRITTEN = re.compile(r"(?<!\w)(\+\d{1,3}|\(\d{2,5}\))[ \d().\u00a0/-]{5,}(\d{2})(?!\w)")
_EMAIL = re.compile(r"([^\s@<>\"'=:;,/&?]{1,2})[^\s@<>\"'=:;,/&?]*(@|%40)([\w.-]+)")
_MAY_BE = re.compile(r"@|%40|\d{8}|\+\d|\(\d")


@record
class TraceLine:
    """One request, PDU or mail. `at` is milliseconds since the epoch; `direction` is `in`, `out` or `info`."""

    at: int
    direction: str
    summary: str
    detail: Mapping[str, str]


def mask(text: str) -> str:
    """Phone numbers and e-mail addresses with their middles hidden: enough to recognise, too little to use."""
    if _MAY_BE.search(text) is None:
        return text
    text = _NUMBER.sub(lambda found: f"{found[1]}{found[2]}\N{HORIZONTAL ELLIPSIS}{found[3]}", text)
    text = _WRITTEN.sub(lambda found: f"{found[1]}\N{HORIZONTAL ELLIPSIS}{found[2]}", text)
    return _EMAIL.sub(lambda found: f"{found[1]}\N{HORIZONTAL ELLIPSIS}{found[2]}{found[3]}", text)


class GatewayTrace:
    """The last lines of one gateway, redacted on their way in. This is the `trace` of a GatewayContext."""

    def __init__(self, clock: Callable[[], int], secrets: Sequence[str] = (), kept: int = LINES_KEPT) -> None:
        self._clock = clock
        self._secrets = tuple(secret for secret in secrets if len(secret) > 3)
        self._lines: deque[TraceLine] = deque(maxlen=kept)

    def __call__(self, direction: str, summary: str, detail: Mapping[str, str] | None = None) -> None:
        shown = {key: self._detail(key, str(value)) for key, value in detail.items()} if detail else _NOTHING
        self._lines.append(TraceLine(self._clock(), direction, self._redact(summary), shown))

    @property
    def lines(self) -> list[TraceLine]:
        """The oldest first."""
        return list(self._lines)

    def hide(self, secrets: Sequence[str]) -> None:
        """Secrets of new settings; the old ones stay hidden."""
        self._secrets = tuple(dict.fromkeys((*self._secrets, *(secret for secret in secrets if len(secret) > 3))))

    def _detail(self, key: str, value: str) -> str:
        if key.lower() in _BODY_KEYS:
            return f"({len(value)} characters)"
        if key.lower().endswith("id") and not value.startswith("+"):
            return self._without_secrets(value)[:_LONGEST]
        return self._redact(value)

    def _redact(self, text: str) -> str:
        return mask(self._without_secrets(text))[:_LONGEST]

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text


class Traces:
    """The traces of all gateways of this process, kept while channels are built and closed around them."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._traces: dict[int, GatewayTrace] = {}

    def of(self, gateway_id: int) -> GatewayTrace:
        """The trace of a gateway, empty at first."""
        return self._traces.setdefault(gateway_id, GatewayTrace(self._clock))
