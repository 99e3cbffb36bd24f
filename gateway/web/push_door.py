"""What browsers need to subscribe for web push, and which push services may be named."""

from urllib.parse import urlsplit

from gateway.domain.record import record
from gateway.host.reachable import Reachable


@record(gc=True)
class PushDoor:
    """`public_key` is the installation's; `reachable` knows which hosts the operator let through."""

    public_key: str
    reachable: Reachable

    def may_reach(self, endpoint: str) -> bool:
        """Whether an endpoint is one of https, or of a host let through. What is dialled is looked at once more."""
        try:
            parts = urlsplit(endpoint)
            host, port = parts.hostname, parts.port
        except ValueError:
            return False
        if not host or parts.username is not None or parts.password is not None or parts.fragment:
            return False
        return parts.scheme == "https" or (parts.scheme == "http" and self.reachable.lets_through(host, port or 80))
