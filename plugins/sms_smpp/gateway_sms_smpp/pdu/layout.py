"""How the mandatory fields of a body are read and written, prepared once for each kind of body."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from operator import attrgetter
from typing import Any

from gateway_sms_smpp.pdu.body import Body
from gateway_sms_smpp.pdu.fields import WIRE, Counted, CString, Field, Octet
from gateway_sms_smpp.pdu.status import PduError, Status

Writer = Callable[[Body], bytes]


class Layout:
    """The mandatory fields of one kind of body, in the order of the wire."""

    __slots__ = ("_readers", "_writers")

    def __init__(self, kind: type[Body]) -> None:
        self._readers: tuple[tuple[str, Field], ...] = tuple(
            (field.name, field.metadata[WIRE]) for field in fields(kind) if WIRE in field.metadata
        )
        self._writers = tuple(_writers(self._readers))

    def write(self, body: Body) -> bytes:
        """Octets of the fields. Raises PduError."""
        return b"".join([write(body) for write in self._writers])

    def read(self, data: bytes, at: int) -> tuple[dict[str, Any], int]:
        """The fields by name, and where they end. Raises PduError."""
        values: dict[str, Any] = {}
        for name, field in self._readers:
            values[name], at = field.read(name, data, at)
        return values, at


def _writers(readers: tuple[tuple[str, Field], ...]) -> Iterator[Writer]:
    """One writer a field, but one for each run of octets: half of a message's fields are, and calls are what costs."""
    run: list[str] = []
    for name, field in readers:
        if isinstance(field, Octet):
            run.append(name)
            continue
        if run:
            yield _octets(tuple(run))
            run.clear()
        yield _field(name, field)
    if run:
        yield _octets(tuple(run))


def _field(name: str, field: CString | Counted) -> Writer:
    write: Callable[[str, Any], bytes] = field.write
    value_of = attrgetter(name)
    return lambda body: write(name, value_of(body))


def _octets(names: tuple[str, ...]) -> Writer:
    values_of: Callable[[Body], Any] = attrgetter(*names)

    def write(body: Body) -> bytes:
        values = values_of(body)
        try:
            return bytes(values if len(names) > 1 else (values,))
        except ValueError:
            raise PduError(f"{', '.join(names)}: not all are octets", Status.RINVPARLEN) from None

    return write
