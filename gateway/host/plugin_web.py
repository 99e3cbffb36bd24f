"""Plugins' routes, pages and media sources: called under a deadline, measured. Any front may serve them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from gateway.host.deadline import Abandoned, Overdue, Raised, run_guarded
from gateway.host.dispatch import MOST_ABANDONED, ContextFor
from gateway.host.faults import Faults
from gateway.host.metrics import HostMetrics
from gateway.host.registry import Registry
from gateway.sdk.registration import MediaSource, Scale
from gateway.sdk.values import MediaReference
from gateway.sdk.webhook import WebhookRequest, WebhookResponse
from gateway.storage.database import StorageUnavailable

ANSWER_DEADLINE_S = 10.0
ROUTES, PAGES, SOURCES = "register_routes", "register_pages", "register_media_sources"

T = TypeVar("T")


class NotServed(Exception):
    """The plugin could not. `retry_after` is in seconds, where it rests and will be asked again."""

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__()
        self.retry_after = retry_after


class PluginWeb:
    """What plugins answer browsers and programs. The front limits the body's size, and knows who asks for a page."""

    def __init__(
        self,
        registry: Registry,
        context_for: ContextFor,
        faults: Faults,
        metrics: HostMetrics,
        monotonic: Callable[[], float],
        *,
        deadline_s: float = ANSWER_DEADLINE_S,
    ) -> None:
        self._routes = registry.routes
        self._pages = registry.pages
        self._sources = registry.media_sources
        self._scales = registry.scales
        self._context_for = context_for
        self._faults = faults
        self._metrics = metrics
        self._monotonic = monotonic
        self._deadline_s = deadline_s
        self._abandoned = Abandoned()

    def methods(self, plugin: str, path: str) -> tuple[str, ...]:
        """What a path may be asked with; empty where there is no such route. GET brings HEAD with it."""
        found = {method for owner, method, route in self._routes if (owner, route) == (plugin, path)}
        return tuple(sorted(found | ({"HEAD"} if "GET" in found else set())))

    async def answer(self, plugin: str, path: str, request: WebhookRequest) -> WebhookResponse:
        """A route's answer, for one of its methods. Raises NotServed, and StorageUnavailable from within."""
        found = self._routes.get((plugin, request.method, path)) or self._routes[plugin, "GET", path]
        return await self._call(plugin, ROUTES, lambda: found.item.handle(request), _is_response)

    def has_page(self, plugin: str, path: str) -> bool:
        """Whether there is such a page."""
        return (plugin, path) in self._pages

    async def render(self, plugin: str, path: str, workspace_id: int, query: Mapping[str, str]) -> str:
        """The HTML of a page that there is. Raises NotServed, and StorageUnavailable from within."""
        page, context = self._pages[plugin, path].item, self._context_for(plugin, workspace_id, None)
        return await self._call(plugin, PAGES, lambda: page.render(context, query), _is_text)

    @property
    def media_sources(self) -> Sequence[MediaSource]:
        """Where pictures may be taken from, in the order of their plugins."""
        return [found.item for found in self._sources.values()]

    @property
    def scales(self) -> Sequence[Scale]:
        """What answers are counted by, in the order of their plugins."""
        return [found.item for found in self._scales.values()]

    async def search_media(self, source: str, workspace_id: int, words: str) -> Sequence[MediaReference]:
        """What a source finds. Raises KeyError for a source that is none, and NotServed."""
        found = self._sources[source]
        context = self._context_for(found.plugin, workspace_id, None)
        return await self._call(found.plugin, SOURCES, lambda: found.item.search(context, words), _are_links)

    async def _call(
        self, plugin: str, hook: str, function: Callable[[], Awaitable[T]], fits: Callable[[object], bool]
    ) -> T:
        if self._faults.is_disabled(plugin):
            self._metrics.hook_calls.labels(plugin, hook, "disabled").inc()
            raise NotServed(self._faults.rest_left(plugin))
        started = self._monotonic()
        try:
            answer = await run_guarded(plugin, function, self._deadline_s, self._abandoned)
        except Overdue:
            self._count(plugin, hook, "overdue", started)
            self._faults.failed(plugin, hook, f"it took longer than {self._deadline_s:g} s")
            if self._abandoned.count(plugin) >= MOST_ABANDONED:
                self._faults.leaked(plugin, hook)
            raise NotServed from None
        except Raised as error:
            if isinstance(error.__cause__, StorageUnavailable):
                raise error.__cause__ from None
            self._count(plugin, hook, "raised", started)
            self._faults.failed(plugin, hook, "it raised", error.__cause__)
            raise NotServed from error
        if not fits(answer):
            self._count(plugin, hook, "rubbish", started)
            self._faults.failed(plugin, hook, f"it returned a {type(answer).__name__} that won't do")
            raise NotServed
        self._count(plugin, hook, "done", started)
        self._faults.succeeded(plugin)
        return answer

    def _count(self, plugin: str, hook: str, outcome: str, started: float) -> None:
        self._metrics.hook_calls.labels(plugin, hook, outcome).inc()
        self._metrics.hook_seconds.labels(plugin, hook).observe(self._monotonic() - started)


def _is_text(answer: object) -> bool:
    return isinstance(answer, str)


def _are_links(answer: object) -> bool:
    """Pictures on the web. They are fetched through us, when one is chosen."""
    if not isinstance(answer, list | tuple):
        return False
    return all(isinstance(one, MediaReference) and (one.url or "").startswith("https://") for one in answer)


def _is_response(answer: object) -> bool:
    """A response that a front can send: a status of its own to end with, bytes, and headers of one line each."""
    if not isinstance(answer, WebhookResponse) or not isinstance(answer.body, bytes):
        return False
    lines = [*answer.headers, *answer.headers.values(), answer.content_type]
    whole = isinstance(answer.status, int) and 200 <= answer.status <= 599
    return whole and all(isinstance(line, str) and line.isprintable() for line in lines)
