"""Charts as geometry, drawn by templates as SVG: no script, no inline style, and the same numbers as a table beside."""

from collections.abc import Sequence
from typing import Final

from gateway.domain.record import record

LEFT, BOTTOM, TOP = 40, 24, 8
LINES: Final = 4
_STEPS: Final = (4, 8, 12, 20, 40, 60, 80)
_LABELS: Final = 8
EVERY_BAR: Final = 2  # how many bars share a label


@record
class Series:
    """One line: a colour's class, a name, its values."""

    colour: str
    name: str
    values: Sequence[float]


@record
class Line:
    """A horizontal line of the grid, with what it stands for."""

    y: float
    label: str


@record
class Label:
    """A word under the chart."""

    x: float
    anchor: str
    text: str


@record
class Curve:
    """A series as points; `area` is set for the first, which is filled."""

    colour: str
    name: str
    points: str
    area: str


@record
class Dot:
    """A value, shown while one points at its place."""

    colour: str
    x: float
    y: float


@record
class Spot:
    """A place one can point at: what it says, and its dots or its bar."""

    title: str
    x: float
    width: float
    dots: Sequence[Dot] = ()
    y: float = 0
    height: float = 0
    colour: str = ""


@record
class Chart:
    """A chart of lines or of bars. `rows` is its content as a table, under `head`."""

    caption: str
    width: int
    height: int
    grid: Sequence[Line]
    labels: Sequence[Label]
    spots: Sequence[Spot]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    curves: Sequence[Curve] = ()
    target: Line | None = None

    @property
    def floor(self) -> int:
        """Where the lowest line is."""
        return self.height - BOTTOM


def ceiling(largest: float) -> float:
    """A round number at or above it, that four lines divide evenly."""
    power = 1
    while _STEPS[-1] * power < largest:
        power *= 10
    return float(next(step * power for step in _STEPS if step * power >= largest))


def line_chart(
    caption: str, first: str, places: Sequence[str], series: Sequence[Series], *, width: int = 1060, height: int = 220
) -> Chart:
    """Some series over the same places, of which the first is filled. `first` heads the column of places."""
    top = ceiling(max((value for one in series for value in one.values), default=0) or 1)
    inner, floor = width - LEFT, height - BOTTOM
    step = inner / max(len(places) - 1, 1)
    xs = [LEFT + number * step for number in range(len(places))]
    points = [[(x, floor - value * floor / top) for x, value in zip(xs, one.values, strict=True)] for one in series]
    curves = [
        Curve(
            one.colour,
            one.name,
            _points(found),
            f"{LEFT},{floor} {_points(found)} {xs[-1]:.1f},{floor}" if not number else "",
        )
        for number, (one, found) in enumerate(zip(series, points, strict=True))
    ]
    rows = [[place, *(f"{one.values[number]:g}" for one in series)] for number, place in enumerate(places)]
    spots = [
        Spot(
            f"{place}: "
            + ", ".join(f"{value} {one.name}" for value, one in zip(rows[number][1:], series, strict=True)),
            xs[number] - step / 2,
            step,
            [Dot(one.colour, *found[number]) for one, found in zip(series, points, strict=True)],
        )
        for number, place in enumerate(places)
    ]
    every = max(1, -(-len(places) // _LABELS))
    labels = [
        Label(xs[number], "start" if number == 0 else "middle", place)
        for number, place in enumerate(places)
        if number % every == 0 and xs[number] <= width - 20
    ]
    head = [first, *(one.name for one in series)]
    return Chart(caption, width, height, _grid(top, floor), labels, spots, head, rows, curves)


def bar_chart(
    caption: str,
    head: tuple[str, str],
    places: Sequence[str],
    values: Sequence[float],
    shown: Sequence[str],
    *,
    width: int = 600,
    height: int = 210,
    target: tuple[float, str] | None = None,
) -> Chart:
    """One bar a place; `shown` is each value in words. Bars beyond the `target`, named in words, stand out."""
    top = ceiling(max(max(values, default=0), target[0] if target else 0) or 1)
    floor = height - BOTTOM
    wide = (width - LEFT) / max(len(values), 1)
    spots = [
        Spot(
            f"{place}: {words}",
            LEFT + number * wide + wide * 0.16,
            wide * 0.68,
            y=floor - value * floor / top,
            height=max(value * floor / top, 1 if value else 0),
            colour="ba c3" if target and value > target[0] else "ba c1",
        )
        for number, (place, value, words) in enumerate(zip(places, values, shown, strict=True))
    ]
    labels = [
        Label(LEFT + number * wide + wide / 2, "middle", place)
        for number, place in enumerate(places)
        if number % EVERY_BAR == 0
    ]
    rows = [[place, words] for place, words in zip(places, shown, strict=True)]
    aim = Line(round(floor - target[0] * floor / top, 1), target[1]) if target else None
    return Chart(caption, width, height, _grid(top, floor), labels, spots, head, rows, target=aim)


@record
class Share:
    """A piece of a bar, in percent of it."""

    colour: str
    x: float
    width: float


def shares(parts: Sequence[tuple[str, int]]) -> list[Share]:
    """Colours with their counts as pieces of one bar; what is nothing has none."""
    whole = sum(count for _, count in parts)
    found: list[Share] = []
    at = 0.0
    for colour, count in parts:
        if whole and count > 0:
            width = count * 100 / whole
            found.append(Share(colour, round(at, 2), round(width, 2)))
            at += width
    return found


def spark(values: Sequence[float], width: int = 120, height: int = 28) -> tuple[str, str]:
    """The points of a small line, and of the area under it."""
    top, step = max(values, default=0) or 1, width / max(len(values) - 1, 1)
    line = _points([(number * step, height - 2 - value * (height - 4) / top) for number, value in enumerate(values)])
    return line, f"0,{height} {line} {width},{height}"


def _points(found: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in found)


def _grid(top: float, floor: int) -> list[Line]:
    return [Line(round(floor - number * floor / LINES, 1), f"{top * number / LINES:g}") for number in range(LINES + 1)]
