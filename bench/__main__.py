"""`python -m bench [SCENARIO ...]`: measures, prints ratios, and with `--write` puts them into docs/performance.md."""

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from bench.effort import Effort
from bench.machine import machine_line
from bench.report import Section, write_page

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"

SCENARIOS = ("inbound", "outbound", "smpp", "inbox", "start", "live", "pages", "campaign")


def main() -> None:
    """Runs the scenarios one after the other."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "scenario", nargs="*", choices=[[], *SCENARIOS], help=", ".join(SCENARIOS) + "; all without any"
    )
    parser.add_argument("--quick", action="store_true", help="shorter and smaller: hints, no results")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    given = parser.parse_args()
    effort = Effort.of(quick=given.quick)
    sys.stdout.write(machine_line() + "\n")
    sections = []
    for name in given.scenario or SCENARIOS:
        sections.append(measure(name, effort))
        sys.stdout.write(sections[-1].plain() + "\n")
        sys.stdout.flush()
    if given.write:
        write_page(PAGE, sections, given.quick)


def measure(name: str, effort: Effort) -> Section:
    """One scenario; imported here, since another one's peers needn't be there."""
    found: Callable[[Effort], Section] = import_module(f"bench.{name}").measure
    return found(effort)


if __name__ == "__main__":
    main()
