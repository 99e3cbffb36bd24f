"""What Prometheus scrapes: counted as it happens, and read from the database at the scrape."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

PREFIX = "onethread"


class Metrics:
    """One registry for an application; nothing global."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self._requests = Counter(
            f"{PREFIX}_api_requests", "API requests by operation and status.", ("operation", "status"),
            registry=self.registry,
        )  # fmt: skip
        self._webhooks = Counter(
            f"{PREFIX}_provider_requests", "Provider requests by status.", ("status",), registry=self.registry
        )
        self._streams = Gauge(f"{PREFIX}_live_streams", "Live streams that are open.", registry=self.registry)

    def request(self, operation: str, status: int) -> None:
        """An API request was answered."""
        self._requests.labels(operation, str(status)).inc()

    def webhook(self, status: int) -> None:
        """A provider's request was answered."""
        self._webhooks.labels(str(status)).inc()

    def streams(self, open_now: int) -> None:
        """So many live streams are open."""
        self._streams.set(open_now)

    def gauge(self, name: str, description: str, labels: tuple[str, ...] = ()) -> Gauge:
        """A gauge of this registry, set by whoever knows."""
        return Gauge(f"{PREFIX}_{name}", description, labels, registry=self.registry)

    def text(self) -> bytes:
        """All of it, in Prometheus' text form."""
        return generate_latest(self.registry)
