"""Times of day, as a form has them."""

from gateway.core.errors import invalid


def minutes_of(text: str) -> int:
    """Minutes of the day of `22:00`; 0 for nothing. Refused (422) for what is no time of day."""
    if not text:
        return 0
    hours, _, minutes = text.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(hours[:3]) < 24 and int(minutes[:3]) < 60):
        raise invalid("quiet_from", "Give a time of day, like 22:00.")
    return int(hours) * 60 + int(minutes)
