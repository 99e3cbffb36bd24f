"""What the pages of people and words share: refusals beside their fields, and a sentence after something was done."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NoReturn

from aiohttp import web

from gateway.core.errors import Refused
from gateway.web.language import Language, marked
from gateway.web.pages.desk import Desk
from gateway.web.problems import Problem
from gateway.web.told import told

Faults = Mapping[str, str]
"""Sentences by field; the empty name is the form as a whole."""

DONE: Final = {
    "saved": marked("Saved."),
    "made": marked("Made."),
    "removed": marked("Removed."),
    "merged": marked("Merged. Every conversation has the other tag now."),
    "revoked": marked("Revoked. It is refused from now on."),
    "signed-out": marked("Signed out everywhere."),
    "two-factor-off": marked("The second step is off. Every other browser is signed out."),
    "reset": marked("Reset. They sign in with their password alone, and are signed out everywhere."),
    "password": marked("Your password is changed. Every other browser is signed out."),
    "deactivated": marked("Deactivated. Their conversations are free to claim."),
}


def faults_of(refused: Refused | Problem, language: Language) -> Faults:
    """A refusal by the fields it names."""
    found = {error.field: told(language, error.message) for error in refused.errors}
    return found or {"": told(language, refused.detail)}


def go_to(path: str, said: str = "") -> NoReturn:
    """On to a page, which says what was done: a key of `DONE`."""
    raise web.HTTPSeeOther(f"{path}?said={said}" if said else path)


async def attempt(
    desk: Desk,
    act: Callable[[], Awaitable[object]],
    again: Callable[[Faults], Awaitable[web.StreamResponse]],
    target: str,
    said: str = "saved",
) -> web.StreamResponse:
    """Does it and goes on; a refusal that the form can answer shows the form again, with what was typed."""
    try:
        await act()
    except (Refused, Problem) as refused:
        if not answerable(refused):
            raise
        return await again(faults_of(refused, desk.language))
    go_to(target, said)


def answerable(refused: Refused | Problem) -> bool:
    """Whether another try with other words could work: 409 and 422."""
    if isinstance(refused, Problem):
        return refused.status in {409, 422}
    return refused.reason in {"conflict", "invalid"}
