"""The usual way: one ORM transaction a request, SQLAlchemy on aiosqlite, as durable as ours.

`python -m bench.peers.orm PORT FOLDER`
"""

import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from aiohttp import web
from sqlalchemy import ForeignKey, event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bench.peers.empty import Text


class Base(DeclarativeBase):
    """The tables."""


class Contact(Base):
    """A person with one number, and their thread in one row."""

    __tablename__ = "contacts"
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(unique=True)
    unread: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[float] = mapped_column(default=0.0)
    preview: Mapped[str] = mapped_column(default="")
    messages: Mapped[list["Message"]] = relationship(back_populates="contact")


class Message(Base):
    """What they wrote."""

    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str]
    at: Mapped[float]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    contact: Mapped[Contact] = relationship(back_populates="messages")


_decoder = msgspec.json.Decoder(Text)
_SESSIONS: web.AppKey[async_sessionmaker[AsyncSession]] = web.AppKey("sessions")


async def inbound(request: web.Request) -> web.Response:
    """Stores one message."""
    text = _decoder.decode(await request.read())
    async with request.app[_SESSIONS]() as session:
        try:
            await store(session, text)
        except IntegrityError:  # two at once from somebody new
            await session.rollback()
            await store(session, text)
    return web.Response(body=b'{"accepted": 1}', content_type="application/json")


async def store(session: AsyncSession, text: Text) -> None:
    """Finds or makes the contact, adds the message, commits."""
    contact = await session.scalar(select(Contact).where(Contact.address == text.sender))
    if contact is None:
        contact = Contact(address=text.sender, unread=0)
        session.add(contact)
        await session.flush()
    at = time.time()
    session.add(Message(provider_id=text.id, body=text.body, at=at, contact_id=contact.id))
    contact.unread += 1
    contact.last_at = at
    contact.preview = text.body[:160]
    await session.commit()


def durable(connection: Any, _: Any) -> None:
    """The same promises as ours."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def main() -> None:
    """Serves until it is stopped."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{Path(sys.argv[2]) / 'orm.db'}", pool_size=1, max_overflow=0, pool_timeout=300
    )
    event.listen(engine.sync_engine, "connect", durable)

    async def opened(app: web.Application) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        app[_SESSIONS] = async_sessionmaker(engine, expire_on_commit=False)
        yield
        await engine.dispose()

    app = web.Application()
    app.cleanup_ctx.append(opened)
    app.router.add_post("/c/{token}/inbound", inbound)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
