"""Scenario: what it costs to store a message for good, against an empty handler and an ORM transaction a request."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bench.database_server import durable_postgres
from bench.effort import Effort
from bench.peers.group_commit import stored
from bench.product import serving
from bench.report import Finding, Section
from bench.served import Served, cpu_of
from bench.spread import ratios, short, spread
from bench.wrk import Load, load
from tests.support.ports import LOOPBACK, find_free_port

CONNECTIONS = (64, 256)
_BOUNDS = {64: (0.35, 0.55), 256: (0.50, 0.75)}
_POSTGRES_BOUNDS: dict[int, tuple[float | None, float | None]] = {64: (None, None), 256: (0.50, 1.5)}

EMPTY, BARE, OURS, ORM, POSTGRES = (
    "empty handler",
    "bare group commit",
    "Onethread on SQLite",
    "ORM transaction a request",
    "Onethread on PostgreSQL",
)


@dataclass(slots=True)
class Variant:
    """A server, what was measured of it, and how to count what it stored (None: it stores nothing)."""

    name: str
    url: str
    cpu: Callable[[], float]
    stored: Callable[[], int] | None = None
    database_cpu: Callable[[], float] | None = None
    last_answers: float = 2.0
    loads: dict[int, list[Load]] = field(default_factory=dict)
    costs: dict[int, list[float]] = field(default_factory=dict)
    database_costs: dict[int, list[float]] = field(default_factory=dict)
    unanswered: int = 0

    def run(self, connections: int, seconds: float, number: int, *, keep: bool) -> None:
        """One run. Raises RuntimeError when less is stored than was answered."""
        before = self.stored() if self.stored else 0
        cpu, database_cpu = self.cpu(), self.database_cpu() if self.database_cpu else 0.0
        found = load(self.url, connections=connections, seconds=seconds, run=number, last_answers=self.last_answers)
        if keep:
            self.loads.setdefault(connections, []).append(found)
            self.costs.setdefault(connections, []).append((self.cpu() - cpu) / found.answered * 1e6)
            if self.database_cpu:
                used = self.database_cpu() - database_cpu
                self.database_costs.setdefault(connections, []).append(used / found.answered * 1e6)
        if self.stored:
            self._compare(found.answered, self.stored() - before)

    def _compare(self, answered: int, stored: int) -> None:
        """Nothing answered may be missing; what is stored and was not answered in time is told beside the result."""
        if stored < answered:
            raise RuntimeError(f"{self.name}: {answered} answered, {stored} stored")
        self.unanswered += stored - answered

    def rates(self, connections: int) -> list[float]:
        """Messages a second, round by round."""
        return [one.rate for one in self.loads[connections]]

    def p99(self, connections: int) -> list[float]:
        """Microseconds, round by round."""
        return [one.p99_us for one in self.loads[connections]]

    def story(self, connections: int) -> str:
        """What else was seen."""
        words = f"{short(spread(self.rates(connections)).median)}/s, {spread(self.costs[connections])} µs of the server"
        if connections in self.database_costs:
            words += f" and {spread(self.database_costs[connections])} µs of the database"
        if self.unanswered:
            words += f", {self.unanswered} stored but not answered in time,"
        return f"{words} a message, p99 {short(spread(self.p99(connections)).median / 1000)} ms"


def measure(effort: Effort) -> Section:
    """Runs all variants in turns."""
    numbers = count(1)
    with _variants(effort) as variants:
        for connections in CONNECTIONS:
            taking_part = [one for one in variants if one.name != ORM or connections == CONNECTIONS[0]]
            for variant in taking_part:
                variant.run(connections, effort.warm_up, next(numbers), keep=False)
            for _ in range(effort.rounds):
                for variant in taking_part:
                    variant.run(connections, effort.seconds, next(numbers), keep=True)
        return Section("Durable inbound over HTTP", _how(effort), list(_findings({one.name: one for one in variants})))


def _how(effort: Effort) -> str:
    return (
        f"wrk with keep-alive posts to the simulator's route: 20 % new contacts, texts of 20-300 characters; "
        f"{effort.rounds} rounds of {effort.seconds:g} s in turns after {effort.warm_up:g} s of warm-up. "
        "After each run nothing that was answered is missing."
    )


def _findings(variants: dict[str, Variant]) -> Iterator[Finding]:
    empty, bare, ours, orm, postgres = (variants[name] for name in (EMPTY, BARE, OURS, ORM, POSTGRES))
    for connections in CONNECTIONS:
        yield Finding(
            f"{OURS}, of the {EMPTY}, {connections} connections",
            ratios(ours.rates(connections), empty.rates(connections)),
            "x",
            *_BOUNDS[connections],
            detail=f"{ours.story(connections)}; empty: {empty.story(connections)}",
        )
    for connections in CONNECTIONS:
        yield Finding(
            f"a {BARE} without any rules, of the {EMPTY}, {connections} connections",
            ratios(bare.rates(connections), empty.rates(connections)),
            "x",
            detail=bare.story(connections),
        )
    yield Finding(
        f"p99 against the {EMPTY}'s, 256 connections", ratios(ours.p99(256), empty.p99(256)), "x", 1.2, 0.6, most=True
    )
    yield Finding(
        f"against one {ORM}, 64 connections", ratios(ours.rates(64), orm.rates(64)), "x", 10, 50, detail=orm.story(64)
    )
    for connections in CONNECTIONS:
        yield Finding(
            f"{POSTGRES}, of the {EMPTY}, {connections} connections",
            ratios(postgres.rates(connections), empty.rates(connections)),
            "x",
            *_POSTGRES_BOUNDS[connections],
            detail=postgres.story(connections),
        )


@contextmanager
def _variants(effort: Effort) -> Iterator[list[Variant]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onethread-bench-")))
        for name in ("sqlite", "postgres", "orm", "bare"):
            (folder / name).mkdir()
        empty = _peer(stack, "empty")
        bare = _peer(stack, "group_commit", folder / "bare")
        ours = stack.enter_context(serving(folder / "sqlite"))
        orm = _peer(stack, "orm", folder / "orm")
        database = stack.enter_context(durable_postgres())
        theirs = stack.enter_context(serving(folder / "postgres", database.url(database.create_database())))
        yield [
            Variant(EMPTY, empty[1], empty[0].cpu),
            Variant(BARE, bare[1], bare[0].cpu, lambda: stored(folder / "bare")),
            Variant(OURS, ours.inbound_url(), ours.served.cpu, ours.stored),
            Variant(ORM, orm[1], orm[0].cpu, last_answers=3.0),
            Variant(
                POSTGRES,
                theirs.inbound_url(),
                theirs.served.cpu,
                theirs.stored,
                lambda: cpu_of(database.process.pid),
                4.0,
            ),
        ]


def _peer(stack: ExitStack, name: str, *more: Path) -> tuple[Served, str]:
    port = find_free_port()
    served = stack.enter_context(Served([sys.executable, "-m", f"bench.peers.{name}", str(port), *more]))
    served.process.wait_for_port(port)
    return served, f"http://{LOOPBACK}:{port}/c/phone/inbound"
