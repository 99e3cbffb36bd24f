"""How times and addresses are written for people, in the reader's own zone and language."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers

from gateway.domain.address import AddressKind
from gateway.domain.record import record
from gateway.domain.time_zones import zone_named
from gateway.web.language import ENGLISH, Language


def zone_of_browser(name: str | None) -> ZoneInfo:
    """The zone a browser named in its cookie; UTC for anything that is none."""
    return zone_named(name[:64] if name else None) or ZoneInfo("UTC")


@record
class Times:
    """Writes times (milliseconds since the epoch) as seen from `now` in `zone`, in the reader's language."""

    now: int
    zone: ZoneInfo
    language: Language = ENGLISH

    def at(self, ms: int) -> datetime:
        """The moment in the reader's zone."""
        return datetime.fromtimestamp(ms / 1000, self.zone)

    def iso(self, ms: int) -> str:
        """For the `datetime` attribute of a `time` element."""
        return datetime.fromtimestamp(ms // 1000, UTC).isoformat()

    def clock(self, ms: int) -> str:
        """`09:41`."""
        return self.language.clock(self.at(ms))

    def day(self, ms: int) -> str:
        """The ISO date, which says where a day ends."""
        return self.at(ms).date().isoformat()

    def day_name(self, ms: int) -> str:
        """What stands between two days of a thread: Today, Yesterday, `Mon 18 Nov`, with the year when it's another."""
        day, today = self.at(ms).date(), self.at(self.now).date()
        _ = self.language.gettext
        if day == today:
            return _("Today")
        if day == today - timedelta(days=1):
            return _("Yesterday")
        return self.language.date(day, "MMMEd" if day.year == today.year else "yMMMEd")

    def short(self, ms: int) -> str:
        """What a list row shows: the time today, else the day."""
        day, today = self.at(ms).date(), self.at(self.now).date()
        if day == today:
            return self.clock(ms)
        return self.language.date(day, "MMMd" if day.year == today.year else "yMMMd")

    def date(self, ms: int) -> str:
        """`18 Nov 2026`: a day that is long past is named whole."""
        day = self.at(ms).date()
        return self.language.date(day, "yMMMd")

    def full(self, ms: int) -> str:
        """`Today 09:41`, `18 Nov 16:20`."""
        return f"{self.day_name(ms)} {self.clock(ms)}"


@lru_cache(maxsize=8192)
def address_text(kind: AddressKind, value: str) -> str:
    """An address as people read it: numbers in groups, everything else as it is."""
    if kind is not AddressKind.PHONE:
        return value
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace("-", " ")


def sender_text(value: str) -> str:
    """One of our own addresses, or whoever has no other name, as people read it."""
    return address_text(AddressKind.PHONE, value) if value.startswith("+") else value
