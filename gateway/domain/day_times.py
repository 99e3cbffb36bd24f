"""Times of day as people write them: 21:30."""


def minute_of_day(text: str) -> int:
    """Minutes after midnight of a time of day such as 21:30."""
    return int(text[:2]) * 60 + int(text[3:])


def clock_text(minute: int) -> str:
    """A minute of the day as 21:30."""
    return f"{minute // 60:02}:{minute % 60:02}"
