"""What plugins add to a thread: entries of its menu, panels beside it. Asked in spare threads; who fails is skipped."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from gateway.domain.ids import PREFIXES, format_id
from gateway.host.manager import Implementation, Plugins
from gateway.host.questions import Fits, NoAnswer, Questions
from gateway.sdk.registration import MenuItem, Panel


class ThreadExtras:
    """Asks every plugin at once, so that all together take no longer than the slowest may."""

    def __init__(self, plugins: Plugins, questions: Questions) -> None:
        self._plugins = plugins
        self._questions = questions

    async def menu(self, thread_id: int) -> Sequence[MenuItem]:
        """Entries, in the order of the plugins."""
        return await self._all("thread_menu", thread_id, _list_of(MenuItem, leads_somewhere))

    async def panels(self, thread_id: int) -> Sequence[Panel]:
        """Panels, in the order of the plugins. Their addresses are ours: a page may load nothing from elsewhere."""
        return await self._all("thread_panels", thread_id, _list_of(Panel, leads_within))

    async def _all(self, hook: str, thread_id: int, fits: Fits) -> list[Any]:
        asked = self._plugins.implementing(hook)
        named = format_id(PREFIXES["thread"], thread_id)
        found = await asyncio.gather(*(self._ask(one, fits, named) for one in asked))
        return [item for items in found for item in items]

    async def _ask(self, implementation: Implementation, fits: Fits, thread_id: str) -> Sequence[Any]:
        try:
            return await self._questions.ask(implementation, fits, thread_id=thread_id) or ()
        except NoAnswer:
            return ()


def leads_within(url: str) -> bool:
    """A path of this server. Browsers take two slashes, and a slash and a backslash, for another host's name."""
    return url.startswith("/") and url[1:2] not in {"/", "\\"}


def leads_somewhere(url: str) -> bool:
    """A path of this server, or an address on the web; never a script."""
    return leads_within(url) or url.startswith(("https://", "http://"))


def _list_of(kind: type[MenuItem] | type[Panel], allowed: Callable[[str], bool]) -> Fits:
    def fits(answer: Any) -> bool:
        if answer is None:
            return True
        return isinstance(answer, list | tuple) and all(isinstance(one, kind) and allowed(one.url) for one in answer)

    return fits
