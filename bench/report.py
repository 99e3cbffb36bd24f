"""Findings as a table: on the terminal, and in docs/performance.md."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.machine import commit_of, machine_line
from bench.spread import Spread

_WORDS = (
    "# Performance\n\n"
    "Ratios of runs that took turns on one machine; seconds alone say more about the machine than about the code. "
    "`make bench` measures them again; `python -m bench --write [SCENARIO ...]` puts what it measured into this page.\n"
)
_HEAD = ("what", "measured", "at least", "go for", "")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table. `at_least` and `go_for` are bounds of the median; `most` turns them into upper bounds.

    Without bounds the line only informs. `detail` says what else was seen: processor time, latencies, versions.
    """

    what: str
    measured: Spread
    unit: str = "x"
    at_least: float | None = None
    go_for: float | None = None
    most: bool = False
    detail: str = ""

    @property
    def verdict(self) -> str:
        """Whether a bound is kept, in a word."""
        if self.at_least is None:
            return ""
        if self.go_for is not None and self._keeps(self.go_for):
            return "beyond"
        return "kept" if self._keeps(self.at_least) else "missed"

    def _keeps(self, bound: float) -> bool:
        return self.measured.median <= bound if self.most else self.measured.median >= bound

    def cells(self) -> tuple[str, ...]:
        """The line's cells under the table's head."""
        return (
            self.what,
            f"{self.measured} {self.unit}",
            self._bound(self.at_least),
            self._bound(self.go_for),
            self.verdict,
        )

    def _bound(self, value: float | None) -> str:
        return "-" if value is None else f"{'at most ' if self.most else ''}{value:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Section:
    """What one scenario found."""

    title: str
    how: str
    findings: Sequence[Finding]

    def plain(self) -> str:
        """For a terminal: aligned columns, details underneath."""
        rows = [_HEAD, *(finding.cells() for finding in self.findings)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
        lines = [f"\n{self.title}", self.how, ""]
        for index, row in enumerate(rows):
            lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
            if index and self.findings[index - 1].detail:
                lines.append(f"    {self.findings[index - 1].detail}")
        return "\n".join(lines)

    def markdown(self, measured: str) -> str:
        """For the page, with the words that say when and on what it was measured."""
        head = (*_HEAD[:-1], "verdict", "beside it")
        lines = [f"## {self.title}", "", measured, "", self.how, "", _row(head), _row("---" for _ in head)]
        lines += [_row((*finding.cells(), finding.detail)) for finding in self.findings]
        return "\n".join(lines) + "\n"


def write_page(path: Path, sections: Sequence[Section], quick: bool) -> None:
    """Puts what was measured in place of its older figures; each section says its day, commit and machine."""
    how = "with `--quick`, so read it as a hint" if quick else "at full length"
    measured = (
        f"Measured on {datetime.now(UTC).date().isoformat()} at commit {commit_of(path.parent)}, {how}.  \n"
        f"{machine_line()}"
    )
    standing = _standing(path.read_text(encoding="utf-8")) if path.exists() else {}
    fresh = {section.title: section.markdown(measured) for section in sections}
    path.write_text("\n".join([_WORDS, *(standing | fresh).values()]), encoding="utf-8")


def _standing(page: str) -> dict[str, str]:
    """The sections of a page by their titles, in their order."""
    found = (f"## {section.strip()}\n" for section in page.split("\n## ")[1:])
    return {section.partition("\n")[0].removeprefix("## "): section for section in found}


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
