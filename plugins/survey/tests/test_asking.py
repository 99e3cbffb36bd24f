"""The survey by itself: what it asks, what it says after an answer, and that it says it once."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.sdk import ActionRefused
from gateway.sdk.events import EventView, PluginContext
from gateway_survey.asking import SurveySettings, ask
from gateway_survey.plugin import question_answered, register_scales
from gateway_survey.scales import FIVE, TEN, YES, answers_of

DONE = EventView(1, 7, "conversation_completed", 0, 2, 3, None, 4, "user", None, {})
ANSWERED = EventView(1, 9, "question_answered", 0, 2, 3, 8, 4, "contact", None, {})


class Shelf(dict[str, Any]):
    async def get(self, key: str) -> Any:  # type: ignore[override]
        return super().get(key)

    async def put(self, key: str, value: Any) -> None:
        self[key] = value


class Desk:
    """Remembers what was issued."""

    def __init__(self) -> None:
        self.issued: list[tuple[str, dict[str, Any]]] = []
        self.once: set[str] = set()
        self.fails = 0
        store: Any = Shelf()
        nothing: Any = None
        self.context = PluginContext("survey", lambda: 0, store, nothing, self.execute, once="run_1-1")

    async def execute(self, name: str, **fields: Any) -> str:
        if self.fails:
            self.fails -= 1
            raise OSError("The database is away.")
        once = fields.pop("once", None)
        if once is None or once not in self.once:
            self.issued.append((name, fields))
        self.once |= {once} if once else set()
        return "qst_0000000000001"


async def answered(desk: Desk, **data: Any) -> None:
    known = {"plugin": "survey", "key": desk.issued[0][1]["key"], "question_id": "qst_1", "scale": FIVE.name}
    await question_answered(event=replace(ANSWERED, data={**known, "about": None, **data}), context=desk.context)


async def test_it_asks_then_for_a_remark_and_says_thanks_once() -> None:
    desk = Desk()
    assert await ask(desk.context, DONE, SurveySettings()) == {"question_id": "qst_0000000000001"}
    await answered(desk, value=5)
    for _ in range(2):
        await answered(desk, value=None, about="qst_1")
    assert [name for name, _ in desk.issued] == ["ask", "ask", "send_message"]
    (_, first), (_, second), (_, last) = desk.issued
    assert (first["answers"], first["not_within_days"]) == (answers_of(FIVE), 30)
    assert (second["about"], second["body"]) == ("qst_1", SurveySettings().comment)
    assert (last["body"], last["nature"]) == (SurveySettings().thanks, "form")


async def test_without_a_remark_it_says_thanks_at_once_and_others_answers_are_none_of_its() -> None:
    desk = Desk()
    await ask(desk.context, DONE, SurveySettings(comment=" "))
    await answered(desk, value=1)
    await answered(desk, value=1, plugin="shop")
    assert [name for name, _ in desk.issued] == ["ask", "send_message"]
    quiet = Desk()
    await ask(quiet.context, DONE, SurveySettings(comment="", thanks=""))
    await answered(quiet, value=1)
    assert len(quiet.issued) == 1


async def test_thanks_that_failed_are_said_when_the_event_comes_again() -> None:
    desk = Desk()
    await ask(desk.context, DONE, SurveySettings(comment=""))
    desk.fails = 1
    with pytest.raises(OSError, match="away"):
        await answered(desk, value=5)
    for _ in range(2):
        await answered(desk, value=5)
    assert [name for name, _ in desk.issued] == ["ask", "send_message"]


async def test_nobody_is_asked_nowhere() -> None:
    with pytest.raises(ActionRefused, match="no thread"):
        await ask(Desk().context, replace(DONE, thread_id=None), SurveySettings())


@pytest.mark.parametrize("settings", [{"question": " "}, {"thanks": "x" * 601}, {"every_days": 4000}, {"hours": 721}])
def test_settings_that_will_not_do(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        SurveySettings(**settings)


def test_every_value_has_words_of_its_own() -> None:
    assert [scale.name for scale in register_scales()] == [FIVE.name, YES.name, TEN.name]
    for scale in register_scales():
        words = [word for said in answers_of(scale).values() for word in said]
        assert set(answers_of(scale)) == {str(value) for value in scale.points}
        assert len(words) == len(set(words))
