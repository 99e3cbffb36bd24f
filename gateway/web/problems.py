"""Errors as RFC 9457 says them: one shape for every refusal of the API, and the words a page shows."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import msgspec
from aiohttp import web

from gateway.core.errors import FieldError, Reason, Refused

CONTENT_TYPE = "application/problem+json"
TYPES = "urn:onethread:problems/"
"""A problem's type is this and its code: an identifier, not an address that anybody must be able to reach."""

_STATUS: Mapping[Reason, int] = {
    Reason.NOT_FOUND: 404,
    Reason.FORBIDDEN: 403,
    Reason.CONFLICT: 409,
    Reason.INVALID: 422,
}


class FieldProblem(msgspec.Struct, frozen=True):
    """One field and what is wrong with it."""

    field: str
    message: str


class ProblemDetails(msgspec.Struct, frozen=True):
    """Why a request was refused."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldProblem, ...] = ()


class Problem(Exception):
    """A refusal on its way out. `code` ends the problem's type; `errors` name the fields."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


def of_refusal(refused: Refused) -> Problem:
    """The writer said no."""
    return Problem(_STATUS[refused.reason], refused.code, refused.detail, refused.errors)


def malformed(detail: str, code: str = "malformed") -> Problem:
    """400: what was sent can't be read."""
    return Problem(400, code, detail)


def invalid(field: str, message: str, code: str = "invalid") -> Problem:
    """422: well-formed, but wrong in one field."""
    return Problem(422, code, message, (FieldError(field, message, code),))


def not_found(noun: str = "page") -> Problem:
    """404: absent, or not for this caller to see."""
    return Problem(404, "not-found", f"No such {noun}, or it is not yours to see.")


def forbidden(detail: str, code: str = "forbidden") -> Problem:
    """403: visible, but not for this role."""
    return Problem(403, code, detail)


def unauthorized(detail: str = "Send a token (Authorization: Bearer ...), or sign in.") -> Problem:
    """401: nobody is signed in."""
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": "Bearer"})


def unavailable(seconds: int = 2) -> Problem:
    """503: nothing was stored, and trying again is right."""
    headers = {"Retry-After": str(seconds)}
    return Problem(503, "unavailable", "Nothing was changed. Try again in a moment.", headers=headers)


def too_many(seconds: int, detail: str = "Too many requests.") -> Problem:
    """429: later."""
    return Problem(
        429, "too-many-requests", f"{detail} Try again in {seconds} s.", headers={"Retry-After": str(seconds)}
    )


def too_large(limit: int) -> Problem:
    """413: more than the limit, in bytes."""
    units = ((1_048_576, "MB"), (1024, "KB"), (1, "bytes"))
    most = next(f"{limit / size:.4g} {unit}" for size, unit in units if limit >= size or size == 1)
    return Problem(413, "too-large", f"At most {most} are taken here.")


def title_of(problem: Problem) -> str:
    """A few words: the code's where it says more than the status."""
    generic = {"malformed", "invalid", "not-found", "forbidden", "unauthorized"}
    return HTTPStatus(problem.status).phrase if problem.code in generic else problem.code.replace("-", " ").capitalize()


def details_of(problem: Problem) -> ProblemDetails:
    """The body of the answer."""
    errors = tuple(FieldProblem(error.field, error.message) for error in problem.errors)
    return ProblemDetails(TYPES + problem.code, title_of(problem), problem.status, problem.detail, errors)


def respond(problem: Problem) -> web.Response:
    """The answer of the API."""
    return web.Response(
        status=problem.status,
        body=msgspec.json.encode(details_of(problem)),
        headers={**problem.headers, "Content-Type": CONTENT_TYPE},
    )
