"""What the simulated phones have got, in the order they got it; it outlives the process."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from gateway.sdk import Outbound
from gateway.sdk.context import Store
from gateway.sdk.faults import Fate
from gateway.sdk.ids import format_message_id

JOURNAL = "outbox"
PAGE = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that reached the simulated network. `at` is milliseconds since the epoch, `ids` one for each part.

    `fails` and `fate`, what will become of its receipts, are drawn when it is sent: a restart changes nothing.
    """

    position: int
    ids: tuple[str, ...]
    attempt: str
    message_id: str
    sender: str
    recipient: str
    body: str
    media: tuple[Mapping[str, Any], ...]
    at: int
    fails: bool
    fate: Fate


async def put(store: Store, outbound: Outbound, at: int, fate: Fate, *, fails: bool) -> tuple[str, ...]:
    """Adds a message; answers the ids of its parts."""
    ids = tuple(f"{outbound.attempt}.{index}" for index in range(1, len(outbound.parts) + 1))
    document = {
        "ids": ids,
        "attempt": outbound.attempt,
        "message_id": format_message_id(outbound.message_id),
        "sender": outbound.sender.value,
        "recipient": outbound.to,
        "body": outbound.body,
        "media": [{"content_type": one.content_type, "url": one.url} for one in outbound.media],
        "at": at,
        "fate": {"fails": fails, **asdict(fate)},
    }
    await store.append(JOURNAL, document)
    return ids


async def read(store: Store, after: int, limit: int = PAGE) -> Sequence[Sent]:
    """Messages beyond a position, in order."""
    return [_sent(position, document) for position, document in await store.read(JOURNAL, after, limit)]


@dataclass(frozen=True, slots=True)
class Spent:
    """How many parts were sent up to a position."""

    position: int = 0
    parts: int = 0


async def spend(store: Store, before: Spent) -> Spent:
    """The same, up to now."""
    spent = before
    while page := await read(store, spent.position):
        spent = Spent(page[-1].position, spent.parts + sum(len(one.ids) for one in page))
    return spent


async def find(store: Store, message_id: str) -> Sequence[Sent]:
    """Every time a message reached the simulated network, oldest first."""
    found: list[Sent] = []
    after = 0
    while page := await read(store, after):
        found += [one for one in page if one.message_id == message_id]
        after = page[-1].position
    return found


def shown(sent: Sent) -> dict[str, Any]:
    """A message as `GET /c/{gateway token}/outbox` says it."""
    return {
        "id": sent.ids[0] if sent.ids else sent.attempt,
        "from": sent.sender,
        "to": sent.recipient,
        "body": sent.body,
        "media": list(sent.media),
        "at": datetime.fromtimestamp(sent.at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "message_id": sent.message_id,
        "position": sent.position,
    }


def _sent(position: int, document: Mapping[str, Any]) -> Sent:
    fate = {**document["fate"]}
    return Sent(
        position=position,
        ids=tuple(document["ids"]),
        attempt=document["attempt"],
        message_id=document["message_id"],
        sender=document["sender"],
        recipient=document["recipient"],
        body=document["body"],
        media=tuple(document["media"]),
        at=document["at"],
        fails=fate.pop("fails"),
        fate=Fate(**fate),
    )
