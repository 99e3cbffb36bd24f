"""What the workers measure."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)


class WorkMetrics:
    """Made once, with the registry that `/-/metrics` shows. No label ever holds a number, an address or a text."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.sends = Counter("onethread_sends", "Sends by what came of them.", ("plugin", "outcome"), registry=registry)
        self.send_seconds = Histogram(
            "onethread_send_seconds", "Duration of provider calls.", ("plugin",), registry=registry, buckets=_SECONDS
        )
        self.in_flight = Gauge("onethread_sends_in_flight", "Sends under way on this node.", registry=registry)
        self.throttled_seconds = Counter(
            "onethread_throttled_seconds", "Time sends waited for their turn.", ("plugin",), registry=registry
        )
        self.breakers_open = Gauge(
            "onethread_gateways_resting", "Gateways that are left alone after failures.", registry=registry
        )
        self.breaker_openings = Counter(
            "onethread_breaker_openings", "Times a gateway was left alone because it was not reached.", ("plugin",),
            registry=registry,
        )  # fmt: skip
        self.failovers = Counter(
            "onethread_failovers", "Sends that went to another gateway of their sender.", registry=registry
        )
        self.work = Counter("onethread_work", "Other work by what came of it.", ("kind", "outcome"), registry=registry)
        self.webhook_attempts = Counter(
            "onethread_webhook_attempts", "Tries of outgoing webhooks by what came of them.", ("outcome",),
            registry=registry,
        )  # fmt: skip
        self.webhook_seconds = Histogram(
            "onethread_webhook_seconds", "Duration of calls to outgoing webhooks.", registry=registry, buckets=_SECONDS
        )
        self.recovered = Counter(
            "onethread_work_recovered", "Work whose worker was gone, picked up again.", ("kind",), registry=registry
        )
        self.purged = Counter("onethread_purged_rows", "Rows past their time, removed.", ("table",), registry=registry)
        self.waiting = Gauge("onethread_work_rows", "Work by kind and state.", ("kind", "state"), registry=registry)
        self.oldest = Gauge(
            "onethread_work_oldest_seconds", "How long the oldest work of a kind has been due.", ("kind", "state"),
            registry=registry,
        )  # fmt: skip
