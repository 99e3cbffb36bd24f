"""docs/operations.md names every metric with its labels, and the limits and times of the code."""

import re

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from gateway.core import writer
from gateway.core.decisions import receive
from gateway.core.metrics import WriterMetrics
from gateway.domain.policy import Policy
from gateway.domain.retention import KINDS
from gateway.feed import longpoll
from gateway.feed.metrics import FeedMetrics
from gateway.host import decide, dispatch, incoming, spool, tenure, trace
from gateway.host.metrics import HostMetrics
from gateway.sdk import channel
from gateway.storage import facts, purge
from gateway.web.metrics import Metrics
from gateway.workers import backoff, crew, recovery, runner, under_way
from gateway.workers.metrics import WorkMetrics
from tests.docs.pages import read, rows, sections

PAGE = "docs/operations.md"
DAY = 86_400_000
MIB = 1024 * 1024


def registered() -> dict[str, str]:
    """Every metric of the code with its labels."""
    registry = CollectorRegistry()
    made = [kind(registry) for kind in (HostMetrics, WorkMetrics, FeedMetrics, WriterMetrics, Metrics)]
    known = [one for holder in made for one in vars(holder).values() if isinstance(one, Counter | Gauge | Histogram)]
    return {one._name: ", ".join(one._labelnames) for one in known}


def test_every_metric_with_its_labels() -> None:
    shown = {row[0].strip("`"): row[1] for row in list(rows(sections(read(PAGE), 3)["Metrics"]))[2:]}
    assert shown == registered()


def test_metrics_it_names_elsewhere() -> None:
    assert set(re.findall(r"`(onethread_\w+)`", read(PAGE))) == set(registered())


def test_times() -> None:
    kept = {row[0]: row[1] for row in list(rows(sections(read(PAGE), 2)["How long things are kept"]))[2:]}
    said = " ".join(kept.values())
    assert f"{purge.IDEMPOTENCY_KEYS_KEPT // DAY} days" == kept["answers to an `Idempotency-Key`"]
    assert kept["receipts for messages nobody knows"].startswith(f"{purge.PARKED_RECEIPTS_KEPT // DAY} days")
    assert kept["payloads that could not be read"] == f"{KINDS['raw_payloads'].unless_set} days"
    assert f"bucket of {facts.BUCKET_MS // DAY} days" in said
    assert f"{receive.JOIN_WAIT_MS // 60_000} minutes" in said
    assert f"bites of {purge.BITE:,} rows" in read(PAGE)


def test_limits() -> None:
    limits = {row[0]: row[1] for row in list(rows(sections(read(PAGE), 2)["Limits"]))[2:]}
    tries = [one.attempts for one in (backoff.SENDS, backoff.HOOKS, backoff.CHORES, backoff.MEDIA)]
    assert limits["segments of a message"] == f"{Policy().segment_limit}; policy `segment_limit`"
    assert limits["a provider's answer to a send"] == f"{channel.SEND_DEADLINE_S:g} s"
    assert limits["hook: decide, event, stopping"] == ", ".join(
        f"{one:g} s" for one in (decide.DECIDE_DEADLINE_S, dispatch.EVENT_DEADLINE_S, dispatch.STOPPING_DEADLINE_S)
    )
    assert (
        limits["lease of work; look for expired ones"]
        == f"{under_way.LEASE_MS // 1000} s; every {recovery.SWEEP_S:g} s"
    )
    assert limits["work that met changes of others, or a database that was away"] == f"{runner.STORAGE_AGAIN_S:g} s"
    assert limits["lease of a bind or mailbox"] == f"{tenure.LEASE_MS // 1000} s"
    assert limits["tries of a send; of a hook; of timers and joins; of media"] == "; ".join(map(str, tries))
    assert limits["commands that wait for the writer"] == f"{writer.QUEUE:,}"
    assert limits["spool"] == f"{spool.MOST_BYTES // MIB} MiB"
    assert limits["inbound text"] == f"{incoming._LONGEST_BODY:,} characters"
    assert limits["long poll"] == f"{longpoll.LONGEST_WAIT_S:g} s"


def test_other_numbers() -> None:
    text = read(PAGE)
    assert f"get {crew.DRAIN_S:g} s" in text
    assert f"last {trace.LINES_KEPT} requests" in text
