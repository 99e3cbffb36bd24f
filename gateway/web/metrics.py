"""What Prometheus scrapes: counted as it happens, and read from the database at the scrape."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

PREFIX = "onethread"


class Metrics:
    """Made once, with the registry that `/-/metrics` shows. No label ever holds a number, an address or a text."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._requests = Counter(
            f"{PREFIX}_api_requests",
            "API requests by operation and status.",
            ("operation", "status"),
            registry=registry,
        )

    def request(self, operation: str, status: int) -> None:
        """An API request was answered."""
        self._requests.labels(operation, str(status)).inc()

    def gauge(self, name: str, description: str, labels: tuple[str, ...] = ()) -> Gauge:
        """A gauge of this registry, set by whoever knows."""
        return Gauge(f"{PREFIX}_{name}", description, labels, registry=self.registry)

    def text(self) -> bytes:
        """All of it, in Prometheus' text form."""
        return generate_latest(self.registry)
