"""A plugin that would silently do nothing stops the start, and is told what would be right."""

from collections.abc import Callable
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any

import pytest

from gateway.host.manager import Plugins, find_plugins
from gateway.host.plugins import Plugin, PluginError
from gateway.host.registry import build_registry
from gateway.sdk import Channel, hookimpl
from gateway.sdk.registration import EventTypeSpec
from tests.host.parts import make_plugin, make_plugins, with_channels


def register_chanels() -> list[Any]:
    return []


def register_channels(everything: Any) -> list[Any]:
    return []


async def message_recieved(context: Any, event: Any) -> None:
    pass


def message_received(context: Any, event: Any) -> None:
    pass


async def vet_outbound(message: Any) -> None:
    pass


async def message_sent(context: Any, evnt: Any) -> None:
    pass


async def message_failed(**everything: Any) -> None:
    pass


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        (register_chanels, ["shop", "register_chanels", "Did you mean register_channels?"]),
        (message_recieved, ["shop", "message_recieved", "Did you mean message_received?"]),
        (message_received, ["shop", "message_received", "coroutine"]),
        (vet_outbound, ["shop", "vet_outbound", "plain function"]),
        (register_channels, ["shop", "register_channels", "everything"]),
        (message_sent, ["shop", "message_sent", "evnt", "Did you mean event?"]),
        (message_failed, ["shop", "message_failed", "everything"]),
    ],
)
def test_a_wrong_hook_stops_the_start(hook: Callable[..., Any], said: list[str]) -> None:
    with pytest.raises(PluginError) as caught:
        make_plugins(make_plugin("shop", hook))
    assert [word for word in said if word not in str(caught.value)] == []


def test_a_hook_without_its_mark_is_noticed() -> None:
    module = ModuleType("shop")
    module.note_added = lambda context, event: None  # type: ignore[attr-defined]
    with pytest.raises(PluginError, match="note_added is a hook's name; mark it with @hookimpl"):
        Plugins([Plugin("shop", module)])


def test_a_wrapper_is_refused() -> None:
    def classify_inbound(message: Any) -> Any:
        yield

    module = ModuleType("shop")
    module.classify_inbound = hookimpl(wrapper=True)(classify_inbound)  # type: ignore[attr-defined]
    with pytest.raises(PluginError, match="classify_inbound can't be a wrapper"):
        Plugins([Plugin("shop", module)])


def test_a_hook_may_leave_out_arguments() -> None:
    async def message_sent(event: Any) -> None:
        pass

    (found,) = make_plugins(make_plugin("shop", message_sent)).implementing("message_sent")
    assert found.bind(context=1, event=2) == {"event": 2}


def test_two_of_one_name_stop_the_start() -> None:
    with pytest.raises(PluginError, match="shop"):
        make_plugins(make_plugin("shop"), make_plugin("shop"))


def test_plugins_are_found_by_entry_points() -> None:
    found = find_plugins()
    assert {"simulator", "sms_smpp"} <= {plugin.name for plugin in found}
    assert {plugin.name: plugin.distribution for plugin in found}["simulator"] == "onethread-simulator"
    assert "simulator" not in {plugin.name for plugin in find_plugins(disabled={"simulator"})}
    assert {"simulator", "sms_smpp"} <= set(build_registry(Plugins(found)).channels)


@pytest.mark.parametrize("value", ["no_such_module_anywhere", "json:no_such_name"])
def test_a_plugin_that_cannot_be_imported_is_named(value: str) -> None:
    with pytest.raises(PluginError, match="shop"):
        find_plugins([EntryPoint("shop", value, "onethread")])


def channel_class(**attributes: Any) -> type[Channel]:
    async def send(self: Channel, outbound: Any) -> Any:
        return None

    return type("Shop", (Channel,), {"capabilities": lambda self, sender: None, "send": send, **attributes})


WHOLE = {"type": "carrier", "label": "Carrier", "Settings": object}


def test_the_same_channel_twice_names_both() -> None:
    with pytest.raises(PluginError, match=r"Plugins .*one.* and .*two.* both bring carrier"):
        build_registry(
            make_plugins(with_channels("two", channel_class(**WHOLE)), with_channels("one", channel_class(**WHOLE)))
        )


@pytest.mark.parametrize(
    ("brought", "said"),
    [
        (channel_class(type="carrier"), "has no label and no Settings"),
        (type("Half", (Channel,), WHOLE), "abstract"),
        (dict, "no Channel class"),
    ],
)
def test_a_half_channel_is_refused(brought: Any, said: str) -> None:
    with pytest.raises(PluginError, match=said):
        build_registry(make_plugins(with_channels("shop", brought)))


@pytest.mark.parametrize("returned", [None, "channels", 5])
def test_a_register_hook_must_return_a_list(returned: Any) -> None:
    def register_actions() -> Any:
        return returned

    with pytest.raises(PluginError, match="register_actions must return a list"):
        build_registry(make_plugins(make_plugin("shop", register_actions)))


def test_a_register_hook_that_raises_is_named() -> None:
    def register_pages() -> Any:
        raise SystemExit(3)

    with pytest.raises(PluginError, match="shop: register_pages failed"):
        build_registry(make_plugins(make_plugin("shop", register_pages)))


@pytest.mark.parametrize("name", ["sold", "message_received", "other_sold"])
def test_an_event_type_carries_its_plugins_name(name: str) -> None:
    def register_event_types() -> list[EventTypeSpec]:
        return [EventTypeSpec(name, "Sold.")]

    with pytest.raises(PluginError, match="must begin with shop_"):
        build_registry(make_plugins(make_plugin("shop", register_event_types)))


def test_an_unknown_channel_is_answered_with_the_nearest() -> None:
    registry = build_registry(make_plugins(with_channels("shop", channel_class(**WHOLE))))
    assert registry.channel("carier") is None
    assert registry.unknown_channel("carier") == "There is no plugin carier. Did you mean carrier? Installed: carrier."
