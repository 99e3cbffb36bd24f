"""Secrets of the whole installation, made at its first start and sealed, so that every node has the same."""

import base64
from collections.abc import Callable

from gateway.storage.leases import acquire
from gateway.storage.plugin_documents import Namespace, get, put
from gateway.storage.session import Session

_OURS = Namespace(0, "installation", 0)
KEY = "key"
VAPID = "vapid"
"""The private key that proves to push services who we are: browsers that subscribed know its public half."""


def shared_key(
    session: Session,
    fresh: bytes,
    seal: Callable[[str], str],
    unseal: Callable[[str], str],
    owner: str,
    name: str = KEY,
) -> bytes:
    """The installation's secret of that name, or `fresh` if it had none. Of two nodes at once, the second waits.

    Raises what `unseal` raises when this node's secret key is another than the one it was sealed with.
    """
    acquire(session, "installation key", owner, 1)  # locks the row until the commit
    known = get(session, _OURS, name)
    if known is not None:
        return base64.b64decode(unseal(known))
    put(session, _OURS, name, seal(base64.b64encode(fresh).decode()))
    return fresh
