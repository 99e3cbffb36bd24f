"""What the writer measures of its own trouble."""

from prometheus_client import CollectorRegistry, Counter


class WriterMetrics:
    """Made once, with the registry that `/-/metrics` shows. `reason` is `conflict` (others were first) or `fault`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.batches_apart = Counter(
            "onethread_batches_apart",
            "Batches that could not be written together, and were written command by command.",
            ("reason",),
            registry=registry,
        )
        self.commands_unwritten = Counter(
            "onethread_commands_unwritten",
            "Commands that could not be written even alone.",
            ("reason",),
            registry=registry,
        )
