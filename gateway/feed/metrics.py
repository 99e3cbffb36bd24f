"""What the feed measures."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class FeedMetrics:
    """Made once, with the registry that `/-/metrics` shows."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.followed = Counter(
            "onethread_followed_events", "Events a follower has dealt with.", ("follower",), registry=registry
        )
        self.faults = Counter(
            "onethread_follower_faults", "Batches a follower could not deal with.", ("follower",), registry=registry
        )
        self.live_events = Counter("onethread_live_events", "Events read for live streams.", registry=registry)
        self.live_frames = Counter("onethread_live_frames", "Frames put into live streams.", registry=registry)
        self.live_streams = Gauge("onethread_live_listeners", "Live streams open on this node.", registry=registry)
        self.live_dropped = Counter(
            "onethread_live_reloads", "Live streams told to reload because they did not keep up.", registry=registry
        )
