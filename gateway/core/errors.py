"""Why a command was refused, as data: the API, the pages and the command line each say it in their own way."""

from collections.abc import Sequence
from enum import StrEnum

from gateway.domain.record import record


class Reason(StrEnum):
    """What kind of no it is."""

    NOT_FOUND = "not_found"  # also for what the caller may not see
    FORBIDDEN = "forbidden"  # visible, but not for this role
    CONFLICT = "conflict"  # the state of things stands in the way
    INVALID = "invalid"  # well-formed, but wrong


@record
class FieldError:
    """One field and what is wrong with it, in a sentence. `code` names it for programs."""

    field: str
    message: str
    code: str = "invalid"


class Refused(Exception):
    """A command that left no trace. `code` is a slug for programs, `detail` a sentence for people."""

    def __init__(self, reason: Reason, code: str, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.reason = reason
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)


def not_found(noun: str) -> Refused:
    """The same answer for what is absent and for what one may not see."""
    return Refused(Reason.NOT_FOUND, "not-found", f"No such {noun}, or it is not yours to see.")


def invalid(field: str, message: str, code: str = "invalid") -> Refused:
    """One field is wrong."""
    return Refused(Reason.INVALID, code, message, (FieldError(field, message, code),))


def conflict(code: str, detail: str) -> Refused:
    """Something stands in the way; `detail` names it."""
    return Refused(Reason.CONFLICT, code, detail)


def forbidden(detail: str) -> Refused:
    """The caller's role does not allow it."""
    return Refused(Reason.FORBIDDEN, "forbidden", detail)
