"""Asynchronous providers beside Playwright's pages, which have an event loop of their own."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from plugins.sms_smpp.tests.centre import NODE, Centre

DESK = "14155550132"
CONTACT = "14155550148"
T = TypeVar("T")


class Beside:
    """An event loop in a thread of its own: Playwright's pages and a centre's process can't share one."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="centre", daemon=True)
        self._thread.start()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        done: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(30)

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Provider:
    """A message centre that sends a receipt when it is told to, and the gateway bound to it."""

    def __init__(self) -> None:
        self._beside = Beside()
        self._centre = self._beside.wait(Centre.start(NODE, {"PASSWORD": "secret", "RECEIPT": "none"}))

    @property
    def settings(self) -> dict[str, Any]:
        return {"host": "127.0.0.1", "port": self._centre.port, "system_id": "shop", "password": "secret"}

    def said(self, event: str) -> dict[str, Any]:
        return self._beside.wait(self._centre.said(event))[0]

    def deliver(self, body: str, **facts: Any) -> None:
        """A deliver_sm from the contact to the desk."""
        self._beside.wait(
            self._tell({"source_addr": CONTACT, "destination_addr": DESK, "short_message": body, **facts})
        )

    async def _tell(self, facts: dict[str, Any]) -> None:
        self._centre.tell("deliver", **facts)

    def report(self, state: str) -> None:
        """The receipt of the first message it took."""
        text = f"id:123 sub:001 dlvrd:001 submit date:2611211030 done date:2611211031 stat:{state} err:000 text:"
        self.deliver(text, esm_class=4)

    def stop(self) -> None:
        self._beside.wait(self._centre.stop())
        self._beside.end()
