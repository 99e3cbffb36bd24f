"""Scenario: our SMPP session against the least one possible, both against node-smpp."""

import subprocess
import sys

from bench.centre import message_centre
from bench.effort import Effort
from bench.machine import cores, on_core
from bench.report import Finding, Section
from bench.spread import ratios, short, spread

WINDOWS = (10, 50)


def measure(effort: Effort) -> Section:
    """In turns, a connection each."""
    with message_centre(receipts=False) as port:
        findings = [_compare(port, window, effort) for window in WINDOWS]
    return Section(
        "SMPP session",
        f"submit_sm to a node-smpp server until it answers, {effort.rounds} rounds of {effort.seconds:g} s in turns; "
        "the client on the server's core, the centre on the generator's.",
        findings,
    )


def _compare(port: int, window: int, effort: Effort) -> Finding:
    rates: dict[str, list[float]] = {"bare_smpp": [], "own_smpp": []}
    for number in range(effort.rounds + 1):
        for peer, seen in rates.items():
            rate = _run(peer, port, window, effort.seconds if number else effort.warm_up)
            if number:
                seen.append(rate)
    bare, own = (short(spread(seen).median) for seen in rates.values())
    return Finding(
        f"our session, of the bare one, window {window}",
        ratios(rates["own_smpp"], rates["bare_smpp"]),
        "x",
        0.5,
        0.8,
        detail=f"{own} and {bare} messages a second",
    )


def _run(peer: str, port: int, window: int, seconds: float) -> float:
    words = [sys.executable, "-m", f"bench.peers.{peer}", str(port), str(window), str(seconds)]
    done = subprocess.run(on_core(cores().server, words), capture_output=True, text=True, check=True)
    return float(done.stdout)
