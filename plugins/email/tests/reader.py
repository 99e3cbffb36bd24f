"""A reader of mail as the channel makes one, with a key that is known."""

from typing import Any

from gateway.sdk import Inbound, Receipt, Unparsed
from gateway_email.incoming import Envelope, Incoming
from gateway_email.message_ids import MessageIds

from .values import SHOP


class Memory:
    """A store that forgets."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}

    async def get(self, key: str) -> Any:
        return self.documents.get(key)

    async def put(self, key: str, value: Any) -> None:
        self.documents[key] = value


async def open_ids() -> MessageIds:
    store: Any = Memory()
    ids = MessageIds(store)
    await ids.open()
    return ids


async def read(raw: bytes, *, envelope: Envelope | None = None, ids: MessageIds | None = None) -> list[Any]:
    """Everything a mail is."""
    return list(Incoming(SHOP, ids or await open_ids()).items(raw, {SHOP, "sales@shop.example"}, envelope))


async def message(raw: bytes, envelope: Envelope | None = None) -> Inbound:
    """The one message that a mail is."""
    [item] = await read(raw, envelope=envelope)
    assert isinstance(item, Inbound), item
    return item


async def receipt(raw: bytes, ids: MessageIds) -> Receipt:
    """The one receipt that a mail is."""
    [item] = await read(raw, ids=ids)
    assert isinstance(item, Receipt), item
    return item


async def unparsed(raw: bytes) -> Unparsed:
    """What nobody can read."""
    [item] = await read(raw)
    assert isinstance(item, Unparsed), item
    return item
