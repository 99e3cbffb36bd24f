"""Registers the action and the scales, and goes on when somebody answered."""

from collections.abc import Sequence

from gateway.sdk import hookimpl
from gateway.sdk.events import EventView, PluginContext
from gateway.sdk.registration import Action, Scale
from gateway_survey.asking import ASK, go_on
from gateway_survey.scales import SCALES


@hookimpl(trylast=True)
def register_actions() -> Sequence[Action]:
    """To be hung on whatever should be asked about. Last: forms begin with what is done most."""
    return (ASK,)


@hookimpl
def register_scales() -> Sequence[Scale]:
    """Each is a section of the statistics once somebody was asked on it."""
    return tuple(SCALES.values())


@hookimpl
async def question_answered(context: PluginContext, event: EventView) -> None:
    """A remark, or thanks."""
    await go_on(context, event)
