import dataclasses
from typing import Generic, TypeVar, get_type_hints

import pytest

from gateway.domain.record import record, replace, values_of

T = TypeVar("T", covariant=True)


class Kind(Generic[T]):
    __slots__ = ()


@record
class Parcel(Kind[int]):
    """What is on its way."""

    number: int
    to: str = "depot"
    marks: list[str] = dataclasses.field(default_factory=list)
    code: str = dataclasses.field(default="secret", repr=False)

    @property
    def words(self) -> str:
        return f"{self.number} to {self.to}"


@record(kw_only=True, gc=True)
class Depot:
    town: str = "Bergen"
    doors: int


def test_it_is_used_like_a_frozen_dataclass() -> None:
    one = Parcel(1, to="shop")
    assert (one, one.words, isinstance(one, Kind)) == (Parcel(1, "shop"), "1 to shop", True)
    assert one != Parcel(2, "shop")
    assert Parcel(1).marks is not Parcel(1).marks
    assert repr(one) == "Parcel(number=1, to='shop', marks=[])", "what is hidden stays hidden"
    assert Depot(doors=2) == Depot(town="Bergen", doors=2)
    assert hash(Depot(doors=2)) == hash(Depot(doors=2))
    with pytest.raises(AttributeError):
        one.number = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        one.weight = 2  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        Depot("Oslo", 1)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Parcel()  # type: ignore[call-arg]
    match one:
        case Parcel(number, "shop"):
            assert number == 1
        case _:
            pytest.fail("fields are matched in order")


def test_dataclasses_know_it() -> None:
    one = Parcel(1)
    assert [field.name for field in dataclasses.fields(Parcel)] == ["number", "to", "marks", "code"]
    assert dataclasses.asdict(one) == {"number": 1, "to": "depot", "marks": [], "code": "secret"}
    assert dataclasses.replace(one, to="shop") == replace(one, to="shop") == Parcel(1, "shop")
    assert values_of(one) == (1, "depot", [], "secret")
    assert get_type_hints(Parcel)["marks"] == list[str]
    assert Parcel.__doc__ == "What is on its way."


def test_what_it_would_do_otherwise_than_a_dataclass_is_refused() -> None:
    with pytest.raises(TypeError, match="inherits fields"):

        @record
        class Crate(Parcel):
            weight: int = 0

    for odd in ({"init": False}, {"compare": False}, {"kw_only": True}):
        with pytest.raises(TypeError, match="takes a dataclass"):
            record(type("Odd", (), {"__annotations__": {"one": int}, "one": dataclasses.field(default=1, **odd)}))  # type: ignore[call-overload]
