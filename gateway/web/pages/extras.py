"""What plugins add to a thread, as its templates take it."""

from collections.abc import Sequence

from gateway.web.pages.desk import Desk
from gateway.web.pages.views_shell import Choice
from gateway.web.pages.views_thread import PluginPanel


async def menu_of(desk: Desk, thread_id: int) -> Sequence[Choice]:
    """Entries of the thread's menu; `value` is where they lead."""
    items = await desk.state.thread_extras.menu(thread_id)
    return [Choice(str(item.label), item.url, icon=desk.templates.icon(item.icon)) for item in items]


async def panels_of(desk: Desk, thread_id: int) -> Sequence[PluginPanel]:
    """Tabs of the contact panel."""
    panels = await desk.state.thread_extras.panels(thread_id)
    return [PluginPanel(f"plugin-{number}", str(one.label), one.url) for number, one in enumerate(panels)]
