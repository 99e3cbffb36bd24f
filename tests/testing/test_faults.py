"""The dials, and what becomes of what is asked and told."""

from collections.abc import Callable

import pytest

from gateway.sdk import WebhookRequest
from gateway.sdk.faults import Dials, Fate, Fault, arrange, draw_fate, draw_fault, only
from gateway.testing import FakeProvider, post_json


def chances(*values: float) -> Callable[[], float]:
    rest = list(values)
    return lambda: rest.pop(0)


@pytest.mark.parametrize(
    ("fates", "arrived"),
    [
        ([Fate(), Fate(), Fate()], "abc"),
        ([Fate(late=True), Fate(), Fate()], "bac"),
        ([Fate(), Fate(), Fate(late=True)], "abc"),
        ([Fate(late=True), Fate(late=True), Fate()], "bac"),
        ([Fate(doubles=True), Fate(), Fate()], "aabc"),
        ([Fate(doubles=True, late=True), Fate(), Fate()], "baac"),
        ([Fate(lost=True), Fate(), Fate(lost=True)], "b"),
        ([Fate(lost=True, doubles=True, late=True), Fate(), Fate()], "bc"),
    ],
)
def test_what_is_told_arrives_as_its_fate_says(fates: list[Fate], arrived: str) -> None:
    assert "".join(arrange((letter, fate) for letter, fate in zip("abc", fates, strict=True))) == arrived


def test_pieces_keep_together() -> None:
    assert arrange([(["a1", "a2"], Fate(late=True, doubles=True)), (["b1", "b2"], Fate())]) == [
        "b1",
        "b2",
        "a1",
        "a2",
        "a1",
        "a2",
    ]


@pytest.mark.parametrize("fault", list(Fault))
def test_one_dial_turned_fully_is_always_that_fault(fault: Fault) -> None:
    assert draw_fault(only(fault), chances(0.999)) is fault
    assert draw_fault(only(None), chances()) is None


def test_a_share_is_a_share() -> None:
    dials = Dials(throttle=0.1, hang=0.5, double=0.3, lose=0.3)
    assert draw_fault(dials, chances(0.09)) is Fault.THROTTLE
    assert draw_fault(dials, chances(0.1, 0.49)) is Fault.HANG
    assert draw_fault(dials, chances(0.1, 0.5)) is None
    assert draw_fate(dials, chances(0.29, 0.3)) == Fate(doubles=True)
    assert draw_fate(Dials(), chances()) == Fate()


@pytest.mark.parametrize("wrong", [{"lose": 1.1}, {"double": -0.1}, {"delay": -1}])
def test_a_dial_that_can_not_be_turned_so(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="share"):
        Dials(**wrong)


@pytest.mark.parametrize(
    ("dials", "drawn", "heard"),
    [
        (Dials(), (), "abc"),
        (Dials(double=1), (0.5, 0.5, 0.5), "aabbcc"),
        (Dials(lose=0.5), (0.1, 0.9, 0.1), "b"),
        (Dials(reorder=0.5), (0.1, 0.9, 0.9), "bac"),
    ],
)
async def test_a_provider_calls_back_as_its_network_lets_it(dials: Dials, drawn: tuple[float, ...], heard: str) -> None:
    async with FakeProvider() as us, FakeProvider(chance=chances(*drawn)) as far:
        await far.turn(dials)
        told: list[WebhookRequest] = [post_json({"say": letter}, url=us.url) for letter in "abc"]
        assert set(await far.post(*told)) <= {201}
        assert "".join(us.texts()) == heard
