"""Which of a contact's addresses a message goes to: the channel says, or the chosen sender, or what was used last."""

from typing import Any

import pytest

from gateway.core.commands.messages import SendMessage
from gateway.core.targets import find_target
from gateway.domain.sender import SenderKind
from gateway.domain.settings import Sender
from tests.core.conftest import GATEWAY, NOW, SENDER, WORKSPACE, MakeScene, make_view, somebody

NUMBER, NEWER, MAIL = "+14155550148", "+14155550149", "maya@customer.example"
DESK = Sender(WORKSPACE, 39, SenderKind.EMAIL, "desk@shop.example", NOW, gateway_ids=(GATEWAY,))
LINE = "+14155550100"
EVERYTHING = (NUMBER, NEWER, MAIL)


@pytest.mark.parametrize(
    ("has", "last", "asked", "expected"),
    [
        pytest.param(EVERYTHING, None, {}, NEWER, id="nothing said: the newest number"),
        pytest.param(EVERYTHING, MAIL, {}, MAIL, id="nothing said: what was used last"),
        pytest.param(EVERYTHING, MAIL, {"from_": LINE}, NEWER, id="a number does not write to a mailbox"),
        pytest.param(EVERYTHING, NUMBER, {"from_": LINE}, NUMBER, id="a number, to the number used last"),
        pytest.param(EVERYTHING, NUMBER, {"from_": DESK.value}, MAIL, id="a mailbox does not text"),
        pytest.param(EVERYTHING, MAIL, {"channel": "sms"}, NEWER, id="the channel says"),
        pytest.param(EVERYTHING, None, {"channel": "email", "from_": LINE}, MAIL, id="the channel, before the sender"),
        pytest.param(
            (NUMBER,), None, {"from_": DESK.value}, NUMBER, id="nothing fits: the sender's own refusal follows"
        ),
        pytest.param(EVERYTHING, MAIL, {"from_": "NOBODY"}, MAIL, id="nobody knows this sender"),
    ],
)
def test_which_address(
    make_scene: MakeScene, has: tuple[str, ...], last: str | None, asked: dict[str, Any], expected: str
) -> None:
    view = make_view(senders=[DESK])
    assert view.senders[SENDER].value == LINE
    scene = make_scene(*somebody(1, *has, sticky_address=last), view=view)
    assert find_target(scene, SendMessage(body="Hello", thread_id=1001, **asked)).address.value == expected
