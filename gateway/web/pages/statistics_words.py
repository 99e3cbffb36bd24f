"""Figures in words: durations, shares, and what changed since the period before."""

from typing import Final

from gateway.domain.statistics import Measure
from gateway.web.language import Language, marked
from gateway.web.pages.views_statistics import Kpi
from gateway.web.reports.figures import Figures

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def duration_text(ms: int | None, language: Language) -> str:
    """`38 s`, `4 m 12 s`, `1 h 06 m`, `2 d 3 h`; a dash for nothing."""
    _ = language.gettext
    if ms is None:
        return "\N{EN DASH}"
    seconds = round(ms / 1000)
    if seconds < MINUTE:
        return _("%(seconds)s s", seconds=seconds)
    if seconds < HOUR:
        return _("%(minutes)s m %(seconds)s s", minutes=seconds // MINUTE, seconds=f"{seconds % MINUTE:02}")
    if seconds < DAY:
        return _("%(hours)s h %(minutes)s m", hours=seconds // HOUR, minutes=f"{seconds % HOUR // MINUTE:02}")
    return _("%(days)s d %(hours)s h", days=seconds // DAY, hours=seconds % DAY // HOUR)


def share_text(part: int, whole: int, language: Language) -> str:
    """`98.6%`; a dash where there is nothing to share."""
    return f"{language.number(round(part * 100 / whole, 1))}%" if whole else "\N{EN DASH}"


_REASONS: Final = {
    "rejected": marked("refused by the provider"),
    "opted_out": marked("opted out"),
    "recipient-opted-out": marked("opted out"),
    "undelivered": marked("not delivered"),
    "absent": marked("telephone not reached"),
    "failed": marked("failed on the way"),
    "expired": marked("too late"),
    "unavailable": marked("gateway not reached"),
    "misconfigured": marked("gateway set up wrongly"),
    "throttled": marked("too many at once"),
    "gateway-removed": marked("gateway removed"),
    "settled": marked("marked as failed by hand"),
}
_MOST_REASONS: Final = 3


def reasons_text(figures: Figures, language: Language) -> str:
    """Why messages failed most often, with their shares; nothing where none did."""
    _ = language.gettext
    by_words: dict[str, int] = {}
    for code, count in figures.failures.items():
        words = _(_REASONS[code]) if code in _REASONS else code
        by_words[words] = by_words.get(words, 0) + count
    whole = sum(by_words.values())
    most = sorted(by_words.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_REASONS]
    return ", ".join(f"{words} {share_text(count, whole, language)}" for words, count in most)


def kpis_of(now: Figures, before: Figures, language: Language, *, own: bool) -> list[Kpi]:
    """What stands on top: five figures, each beside what it was."""
    _ = language.gettext
    counted = ([(_("Messages sent"), Measure.OUTBOUND)] if own else [(_("New conversations"), Measure.OPENED)]) + [
        (_("Completed"), Measure.COMPLETED)
    ]
    found = [_count(label, now.count(one), before.count(one), language) for label, one in counted]
    for label, measure in (
        (_("Median first reply"), Measure.FIRST_REPLY),
        (_("Median time to close"), Measure.RESOLUTION),
    ):
        found.append(_duration(label, now.median(measure), before.median(measure), language))
    if own:
        found.append(Kpi(_("Delivered"), share_text(now.count(Measure.DELIVERED), now.settled, language)))
    else:
        came_back, all_of_them = now.count(Measure.REOPENED), now.count(Measure.OPENED) + now.count(Measure.REOPENED)
        found.append(Kpi(_("Reopened"), share_text(came_back, all_of_them, language)))
    return found


def _count(label: str, now: int, before: int, language: Language) -> Kpi:
    if not before:
        return Kpi(label, language.number(now))
    change = round((now - before) * 100 / before)
    return Kpi(label, language.number(now), _signed(f"{abs(change)}%", change), None if not change else change > 0)


def _duration(label: str, now: int | None, before: int | None, language: Language) -> Kpi:
    value = duration_text(now, language)
    if now is None or before is None or duration_text(now, language) == duration_text(before, language):
        return Kpi(label, value)
    return Kpi(label, value, _signed(duration_text(abs(now - before), language), now - before), now < before)


def _signed(words: str, change: int) -> str:
    if not change:
        return words
    return f"+{words}" if change > 0 else f"\N{MINUS SIGN}{words}"
