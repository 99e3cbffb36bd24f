"""The page about being told while away: what was chosen comes back, what is wrong is said, devices are forgotten."""

from tests.support.push_service import Device
from tests.web.conftest import World
from tests.web.test_sign_in import Browser, link_of

PAGE = "/api/../settings/notifications"


async def _ann(world: World) -> Browser:
    ann = Browser(world.nobody())
    await ann.accept(link_of(world))
    await ann.learn_csrf()
    return ann


async def test_a_choice_is_kept_and_taken_back(world: World) -> None:
    ann = await _ann(world)
    chosen = {
        "csrf": ann.csrf,
        "address": "+1 (415) 555-0777",
        "digest": "60",
        "quiet_from": "22:00",
        "quiet_to": "07:30",
    }
    saved = await ann.ask("POST", PAGE, data=chosen)
    assert (saved.status, saved.headers["Location"]) == (303, "/settings/notifications?said=saved")
    page = (await ann.ask("GET", f"{PAGE}?said=saved")).text
    for shown in ('value="+14155550777"', 'value="22:00"', 'value="07:30"', '<option value="60" selected>', "Saved."):
        assert shown in page, shown
    assert (await ann.ask("POST", PAGE, data={**chosen, "address": ""})).status == 303
    assert 'value="+14155550777"' not in (await ann.ask("GET", PAGE)).text


async def test_what_is_wrong_is_said_with_what_was_typed(world: World) -> None:
    ann = await _ann(world)
    for wrong in (
        {"address": "<b>nobody</b>"},
        {"address": "ann@team.example", "quiet_from": "25:00"},
        {"address": "ann@team.example", "quiet_from": "²1:00"},
        {"address": "ann@team.example", "digest": "3"},
    ):
        answer = await ann.ask("POST", PAGE, data={"csrf": ann.csrf, "digest": "2", **wrong})
        assert answer.status == 422
        assert 'role="alert"' in answer.text
        assert "<b>nobody</b>" not in answer.text


async def test_a_device_is_shown_and_forgotten(world: World) -> None:
    ann = await _ann(world)
    body = {**Device().subscription("https://push.example/ann"), "label": "Ann's <telephone>"}
    made = await ann.ask("POST", "/push", body=body, headers={"X-CSRF-Token": ann.csrf})
    assert made.status == 201, made.text
    assert "Ann&#39;s &lt;telephone&gt;" in (await ann.ask("GET", PAGE)).text
    gone = await ann.ask("POST", f"{PAGE}/devices/{made['id']}/forget", data={"csrf": ann.csrf})
    assert gone.status == 303
    assert (await ann.ask("GET", "/push"))["items"] == []
    assert (await ann.ask("POST", f"{PAGE}/devices/{made['id']}/forget", data={"csrf": ann.csrf})).status == 404
