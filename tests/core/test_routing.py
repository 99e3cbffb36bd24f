"""P5 as a table: who is asked, in which order, what each says, and which gateway then carries it."""

from collections.abc import Sequence
from typing import Any

import pytest

from gateway.core.carrying import Question
from gateway.core.routing import Route, route
from gateway.core.scene import Scene
from gateway.domain.address import Address, AddressKind
from gateway.domain.model import Conversation, Thread
from gateway.domain.policy import Policy
from gateway.domain.record import replace
from gateway.domain.sender import SenderKind
from gateway.domain.settings import Gateway, GatewayChoice, GatewayHealth, Pool, Sender
from tests.core.conftest import GATEWAY, NOW, SENDER, WORKSPACE, MakeScene, make_view, phone, somebody, talk

MAYA = phone("+14155550148")
SECOND, THIRD = 22, 23
TOLL_FREE, BRITISH, NAME = 32, 33, 34


def gateway(number: int, **more: Any) -> Gateway:
    return replace(Gateway(WORKSPACE, number, "simulator", f"Line {number}", f"{number}" * 20, NOW), **more)


def sender(number: int, value: str, kind: SenderKind = SenderKind.LONG_CODE, **more: Any) -> Sender:
    return replace(Sender(WORKSPACE, number, kind, value, NOW, gateway_ids=(GATEWAY,)), **more)


SENDERS = [
    sender(SENDER, "+14155550132"),
    sender(TOLL_FREE, "+18005550199", SenderKind.TOLL_FREE, mms_enabled=True),
    sender(BRITISH, "+442079460123"),
    sender(NAME, "HARBOUR", SenderKind.ALPHANUMERIC),
]


def scene_of(
    make: MakeScene,
    chain: Sequence[str] = ("explicit", "last_used", "inbound_to", "gateway_default"),
    health: dict[int, str] | None = None,
    **given: Any,
) -> Scene:
    given.setdefault("senders", SENDERS)
    view = make_view(Policy(sender_chain=tuple(chain)), **given)
    unwell = [GatewayHealth(WORKSPACE, one, state, NOW, "no answer") for one, state in (health or {}).items()]
    return make(*unwell, view=view)


def ask(scene: Scene, **more: Any) -> Route:
    return route(scene, replace(Question(MAYA, None, has_media=False), **more))


def thread(**more: Any) -> Thread:
    found = next(one for one in somebody(1, MAYA.value) if isinstance(one, Thread))
    return replace(found, **more)


STARTED: Conversation = talk(7, 1, start_sender_id=BRITISH)


@pytest.mark.parametrize(
    ("chain", "asked", "sender_id", "said"),
    [
        (("gateway_default",), {}, SENDER, "The workspace's default"),
        (("last_used", "gateway_default"), {"root": thread(sticky_sender_id=BRITISH)}, BRITISH, "Last used here"),
        (("last_used", "gateway_default"), {"root": thread(sticky_sender_id=99)}, SENDER, "The workspace's default"),
        (("inbound_to", "last_used"), {"root": thread(inbound_sender_id=TOLL_FREE)}, TOLL_FREE, "They wrote to it"),
        (("conversation_start",), {"conversation": STARTED}, BRITISH, "The conversation began on it"),
        (("gateway_default",), {"from_": "HARBOUR"}, NAME, "Chosen for this message"),
        (("gateway_default",), {"has_media": True}, TOLL_FREE, "The workspace's default"),
        (("last_used",), {"has_media": True, "root": thread(sticky_sender_id=SENDER)}, None, "It can't send pictures."),
        (("gateway_default",), {"from_": "HARBOUR", "has_media": True}, None, "It can't send pictures."),
        (("gateway_default",), {"from_": "+15550000000"}, None, "There is no sender +15550000000."),
        (("pool(Nobody)",), {}, None, "There is no such pool."),
        (("gateway_default",), {"to": Address(AddressKind.EMAIL, "a@b.example")}, None, "No sender can carry this."),
    ],
)
def test_the_first_vote_that_can_carry_it_wins_and_all_are_kept(
    make_scene: MakeScene, chain: tuple[str, ...], asked: dict[str, Any], sender_id: int | None, said: str
) -> None:
    found = ask(scene_of(make_scene, chain), **asked)
    assert (found.sender.id if found.sender else None) == sender_id
    assert found.votes[-1].reason == said
    assert found.votes[-1].accepted is (sender_id is not None)
    assert (found.refusal is None) is (sender_id is not None)


def test_every_resolver_before_the_winner_says_why_it_was_passed_over(make_scene: MakeScene) -> None:
    removed = replace(SENDERS[2], removed_at=NOW)
    scene = scene_of(make_scene, senders=[*SENDERS[:2], removed, SENDERS[3]])
    found = ask(scene, root=thread(sticky_sender_id=BRITISH))
    assert [(one.resolver, one.accepted, one.reason) for one in found.votes] == [
        ("last_used", False, "This sender was removed."),
        ("inbound_to", False, "Nothing to go by yet."),
        ("gateway_default", True, "The workspace's default"),
    ]


BOTH = sender(SENDER, "+14155550132", gateway_ids=(GATEWAY, SECOND, THIRD))
DEAR, CHEAP = {"sms": "0.05", "currency": "USD"}, {"sms": "0.01", "currency": "USD"}
LINES = [gateway(GATEWAY, prices=DEAR), gateway(SECOND, prices=CHEAP), gateway(THIRD)]
USED = {"root": thread(sticky_gateway_id=SECOND, sticky_sender_id=SENDER)}


@pytest.mark.parametrize(
    ("choice", "health", "asked", "gateway_id", "said"),
    [
        (GatewayChoice.ORDER, {}, {}, GATEWAY, "In order"),
        (GatewayChoice.ORDER, {}, USED, GATEWAY, "In order"),
        (GatewayChoice.ORDER, {GATEWAY: "down"}, {}, SECOND, "In order"),
        (GatewayChoice.ORDER, {GATEWAY: "degraded"}, {}, SECOND, "In order"),
        (GatewayChoice.ORDER, {GATEWAY: "degraded", SECOND: "down", THIRD: "down"}, {}, GATEWAY, "In order"),
        (GatewayChoice.ORDER, {one.id: "down" for one in LINES}, {}, GATEWAY, "In order"),
        (GatewayChoice.LAST_USED, {}, USED, SECOND, "Used with this contact before"),
        (GatewayChoice.LAST_USED, {SECOND: "down"}, USED, GATEWAY, "In order"),
        (GatewayChoice.LAST_USED, {}, {}, GATEWAY, "In order"),
        (GatewayChoice.CHEAPEST, {}, {}, SECOND, "The cheapest, at 0.01 USD"),
        (GatewayChoice.CHEAPEST, {SECOND: "down"}, {}, GATEWAY, "The cheapest, at 0.05 USD"),
        (GatewayChoice.CHEAPEST, {SECOND: "down", GATEWAY: "down"}, {}, THIRD, "In order; its price isn't known"),
        (GatewayChoice.ORDER, {THIRD: "down"}, {"gateway_id": THIRD}, THIRD, "Chosen for this message"),
    ],
)
def test_which_gateway(
    make_scene: MakeScene,
    choice: GatewayChoice,
    health: dict[int, str],
    asked: dict[str, Any],
    gateway_id: int,
    said: str,
) -> None:
    scene = scene_of(make_scene, health=health, gateways=LINES, senders=[replace(BOTH, gateway_choice=choice)])
    found = ask(scene, **asked)
    assert found.gateway is not None
    assert (found.gateway.id, found.gateways[0].reason) == (gateway_id, said)
    assert {one.gateway.id for one in found.gateways} == {one.id for one in LINES}


def test_what_stands_in_for_another_is_a_detour_and_says_so(make_scene: MakeScene) -> None:
    scene = scene_of(make_scene, health={GATEWAY: "down"}, gateways=LINES, senders=[BOTH])
    found = ask(scene)
    assert found.detour
    assert ("Line 21", "It is down: no answer") in [(one.gateway.name, one.reason) for one in found.gateways]
    assert not ask(scene_of(make_scene, gateways=LINES, senders=[BOTH])).detour


def test_a_paused_gateway_comes_last_and_one_that_is_off_never(make_scene: MakeScene) -> None:
    lines = [gateway(GATEWAY, paused=True), gateway(SECOND, enabled=False), gateway(THIRD)]
    found = ask(scene_of(make_scene, health={THIRD: "down"}, gateways=lines, senders=[BOTH]))
    assert found.gateway is not None
    assert [(one.gateway.id, one.chosen) for one in found.gateways] == [(THIRD, True), (GATEWAY, False)]


def test_weights_share_contacts_out_and_each_keeps_theirs(make_scene: MakeScene) -> None:
    weighed = replace(
        BOTH, gateway_choice=GatewayChoice.WEIGHT, gateway_weights={str(GATEWAY): 3, str(SECOND): 1, str(THIRD): 0}
    )
    scene = scene_of(make_scene, gateways=LINES, senders=[weighed])
    numbers = [phone(f"+1415555{number:04}") for number in range(400)]
    first = [ask(scene, to=to).gateway for to in numbers]
    assert first == [ask(scene, to=to).gateway for to in numbers]
    share = sum(one is not None and one.id == GATEWAY for one in first)
    assert 260 < share < 340
    assert not any(one is not None and one.id == THIRD for one in first)


POOL = Pool(WORKSPACE, 51, "Front", NOW, (SENDER, TOLL_FREE, BRITISH))
EAST = sender(35, "+12125550132")


@pytest.mark.parametrize(
    ("pool", "to", "root", "health", "sender_id", "said"),
    [
        (POOL, MAYA, None, {}, SENDER, "Of Front, one from their area"),
        (POOL, phone("+12065550148"), None, {}, SENDER, "Of Front, one from their region"),
        (POOL, phone("+442079460999"), None, {}, BRITISH, "Of Front, one from their area"),
        (POOL, MAYA, thread(sticky_sender_id=BRITISH), {}, BRITISH, "Of Front, the one they know"),
        (POOL, MAYA, thread(inbound_sender_id=TOLL_FREE), {}, TOLL_FREE, "Of Front, the one they know"),
        (POOL, MAYA, thread(sticky_sender_id=35), {}, SENDER, "Of Front, one from their area"),
        (replace(POOL, sticky=False), MAYA, thread(sticky_sender_id=BRITISH), {}, SENDER, None),
        (replace(POOL, sender_ids=(BRITISH, 99)), MAYA, None, {}, BRITISH, "Of Front, their share"),
        (replace(POOL, sender_ids=(NAME,)), MAYA, None, {}, NAME, "Of Front, their share"),
        (replace(POOL, sender_ids=(SENDER, 35)), MAYA, None, {GATEWAY: "down"}, 35, "Of Front, one from their country"),
        (
            replace(POOL, sender_ids=()),
            MAYA,
            None,
            {},
            None,
            "The pool Front has no numbers. Put some in it in the settings.",
        ),
        (replace(POOL, removed_at=NOW), MAYA, None, {}, None, "There is no such pool."),
    ],
)
def test_which_number_of_a_pool(
    make_scene: MakeScene,
    pool: Pool,
    to: Address,
    root: Thread | None,
    health: dict[int, str],
    sender_id: int | None,
    said: str | None,
) -> None:
    senders = [*SENDERS, replace(EAST, gateway_ids=(SECOND,))]
    scene = scene_of(make_scene, ("pool(Front)",), health, senders=senders, pools=[pool], gateways=[gateway(SECOND)])
    found = ask(scene, to=to, root=root)
    assert (found.sender.id if found.sender else None) == sender_id
    if said is not None:
        assert found.votes[-1].reason == said


def test_numbers_that_are_alike_are_used_alike(make_scene: MakeScene) -> None:
    alike = [sender(60 + number, f"+1415555010{number}") for number in range(4)]
    pool = Pool(WORKSPACE, 51, "Front", NOW, tuple(one.id for one in alike))
    scene = scene_of(make_scene, ("pool(Front)",), senders=alike, pools=[pool])
    found = [ask(scene, to=phone(f"+1415555{number:04}")).sender for number in range(2_000, 2_400)]
    uses = [sum(one is not None and one.id == each.id for one in found) for each in alike]
    assert all(70 < count < 130 for count in uses), uses
