"""The brake on guessing passwords."""

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable

MOST_KEYS = 10_000
NETWORK = 64
"""Bits of an IPv6 address that say whose it is: everybody draws the others as they like, as often as they like."""
WIDER = 5
"""One address may try for this many accounts' worth: an office shares one."""


class Attempts:
    """Failed sign-ins of the last `window` seconds, by e-mail and address together and by address alone.

    Counted in memory of this node; at most `MOST_KEYS` are remembered, the oldest forgotten first.
    """

    def __init__(self, tries: int, window: float, monotonic: Callable[[], float]) -> None:
        self._tries = tries
        self._window = window
        self._monotonic = monotonic
        self._failed: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def wait(self, email: str, address: str) -> int | None:
        """Seconds until another try, or None when one may be made now. The same for known and unknown users."""
        now, place = self._monotonic(), _place(address)
        waits = [
            self._until(key, most, now)
            for key, most in (((email.casefold(), place), self._tries), (("", place), self._tries * WIDER))
        ]
        longest = max(waits)
        return int(longest) + 1 if longest > 0 else None

    def failed(self, email: str, address: str) -> None:
        """One more that was wrong."""
        place = _place(address)
        for key in ((email.casefold(), place), ("", place)):
            times = self._failed.setdefault(key, deque(maxlen=self._tries * WIDER))
            times.append(self._monotonic())
            self._failed.move_to_end(key)
        while len(self._failed) > MOST_KEYS:
            self._failed.popitem(last=False)

    def succeeded(self, email: str, address: str) -> None:
        """That was them: their own slips are forgotten."""
        self._failed.pop((email.casefold(), _place(address)), None)

    def _until(self, key: tuple[str, str], most: int, now: float) -> float:
        times = self._failed.get(key)
        if times is None:
            return 0
        while times and times[0] <= now - self._window:
            times.popleft()
        return times[-most] + self._window - now if len(times) >= most else 0


def _place(address: str) -> str:
    """What counts as one address: of IPv6 the network; what is none, as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Address(int(found) >> NETWORK << NETWORK))
