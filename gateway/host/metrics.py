"""What the host measures of plugins, channels and the way in."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10)


class HostMetrics:
    """Made once, with the registry that `/-/metrics` shows. No label ever holds a number, an address or a text."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.hook_calls = Counter(
            "onethread_hook_calls", "Calls of plugin hooks.", ("plugin", "hook", "outcome"), registry=registry
        )
        self.hook_seconds = Histogram(
            "onethread_hook_seconds",
            "Duration of plugin hooks.",
            ("plugin", "hook"),
            registry=registry,
            buckets=_SECONDS,
        )
        self.plugin_disabled = Gauge(
            "onethread_plugin_disabled", "1 while a plugin's hooks are not called.", ("plugin",), registry=registry
        )
        self.plugin_blocking = Counter(
            "onethread_plugin_blocking",
            "Times a plugin was seen blocking the event loop.",
            ("plugin",),
            registry=registry,
        )
        self.webhooks = Counter(
            "onethread_webhooks", "Requests from providers.", ("plugin", "outcome"), registry=registry
        )
        self.inbound = Counter(
            "onethread_inbound_items", "What channels handed over, by what became of it.", ("kind", "outcome"),
            registry=registry,
        )  # fmt: skip
        self.spool_bytes = Gauge("onethread_spool_bytes", "Size of the spool on disk.", registry=registry)
        self.spool_damaged = Gauge("onethread_spool_damaged", "Spool lines that could not be read.", registry=registry)
        self.channel_restarts = Counter(
            "onethread_channel_restarts", "Long-lived channels that ended and were started again.", ("plugin",),
            registry=registry,
        )  # fmt: skip
        self.channels_running = Gauge(
            "onethread_channels_running", "Long-lived channels this node runs.", ("plugin",), registry=registry
        )
