"""Mark all as read means all, however many there are; one press stays a matter of seconds."""

import pytest

from gateway.web.pages import action_pages
from tests.web.client import Client
from tests.web.conftest import World
from tests.web.test_page_sight import Phones, ask, browser_of


@pytest.mark.parametrize(
    ("rounds", "left", "said"), [(25, 0, "All conversations marked as read"), (2, 1, "4 conversations marked as read")]
)
async def test_all_of_them_a_few_at_a_time(
    world: World, admin: Client, phone: Phones, monkeypatch: pytest.MonkeyPatch, rounds: int, left: int, said: str
) -> None:
    monkeypatch.setattr(action_pages, "MOST_READ", 2)
    monkeypatch.setattr(action_pages, "MOST_ROUNDS", rounds)
    ann = await browser_of(world, admin, "ann@team.example")
    for number in range(5):
        await phone(f"+1202555017{number}").text("Hello")
    assert (await ask(ann, "GET", "/unread"))[1] == '{"unread": 5}'
    answer = await ann.ask(
        "POST",
        "/api/../conversations/read-all",
        data={"csrf": ann.csrf, "view": "inbox"},
        headers={"HX-Request": "true"},
    )
    assert answer.status == 200
    assert said in answer.headers["HX-Trigger"]
    assert (await ask(ann, "GET", "/unread"))[1] == f'{{"unread": {left}}}'
