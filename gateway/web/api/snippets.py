"""Templates (Liquid), quick replies and quick notes (literal): the same thing in three circles."""

from collections.abc import Awaitable, Callable

import msgspec

from gateway.core.commands.settings import CreateSnippet, RemoveSnippet, UpdateSnippet
from gateway.core.templates import check
from gateway.domain.settings import Snippet
from gateway.domain.visibility import Permission
from gateway.storage.records import SNIPPETS
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Body, Name, Unset
from gateway.web.api.lookup import changed
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.settings import SnippetShape, snippet_shape


class NewSnippet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words kept for use again; `shared` with the whole team, or only one's own."""

    name: Name
    body: Body
    shared: bool = True


class SnippetChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes."""

    name: Name | Unset = UNSET
    body: Body | Unset = UNSET
    shared: bool | Unset = UNSET


def snippet_routes(kind: str, path: str, tag: str, what: str, *, checked: bool) -> Routes:
    """The routes of one kind; `checked` bodies are Liquid and must parse when saved."""
    routes = Routes(tag)
    placeholder = f"{path}/{{{kind}_id}}"
    _list(routes, kind, path, what)
    _create(routes, kind, path, what, checked=checked)
    _one(routes, kind, placeholder, what, checked=checked)
    return routes


def _list(routes: Routes, kind: str, path: str, what: str) -> None:
    async def list_them(call: Call, query: PageQuery) -> Page[SnippetShape]:
        return page_of(await visible_snippets(call, kind), query, snippet_shape, lambda snippet: snippet.id)

    _named(list_them, f"list_{kind}s", f"List {what}s.")
    routes.get(path)(list_them)


def _create(routes: Routes, kind: str, path: str, what: str, *, checked: bool) -> None:
    async def create(call: Call, body: NewSnippet) -> SnippetShape:
        _may_change(call, shared=body.shared)
        if checked:
            check(body.body)
        return snippet_shape(
            await call.execute(CreateSnippet(kind, body.name.strip(), body.body, body.shared), snippet_shape)
        )

    _named(create, f"create_{kind}", f"Keep a {what}.")
    routes.post(path, status=201)(create)


def _one(routes: Routes, kind: str, path: str, what: str, *, checked: bool) -> None:
    async def read(call: Call, **of: int) -> SnippetShape:
        return snippet_shape(await _find(call, kind, of[f"{kind}_id"]))

    async def update(call: Call, body: SnippetChange, **of: int) -> SnippetShape:
        before = await _find(call, kind, of[f"{kind}_id"])
        _may_change(call, shared=before.shared or body.shared is True)
        if checked and body.body is not UNSET:
            check(body.body)
        command = UpdateSnippet(before.id, kind, changed(body.name), changed(body.body), changed(body.shared))
        return snippet_shape(await call.execute(command))

    async def remove(call: Call, **of: int) -> None:
        before = await _find(call, kind, of[f"{kind}_id"])
        _may_change(call, shared=before.shared)
        await call.execute(RemoveSnippet(before.id, kind))

    for handler, verb, register in (
        (read, "read", routes.get),
        (update, "update", routes.patch),
        (remove, "remove", routes.delete),
    ):
        handler.__annotations__[f"{kind}_id"] = int
        _named(handler, f"{verb}_{kind}", f"{verb.capitalize()} a {what}.")
        register(path)(handler)


def _named(handler: Callable[..., Awaitable[object]], name: str, doc: str) -> None:
    handler.__name__, handler.__doc__ = name, doc


async def visible_snippets(call: Call, kind: str) -> list[Snippet]:
    """Those of a kind that the caller may use: shared ones, and their own."""
    found = await call.read(lambda session: SNIPPETS.by(session, call.workspace_id, "kind", [kind]))
    mine = call.signed.user.id
    return [one for one in found if one.removed_at is None and (one.shared or one.user_id == mine)]


async def _find(call: Call, kind: str, made: int) -> Snippet:
    found = next((one for one in await visible_snippets(call, kind) if one.id == made), None)
    if found is None:
        raise problems.not_found(kind.replace("_", " "))
    return found


def _may_change(call: Call, *, shared: bool) -> None:
    """What the whole team uses is for those who manage content; one's own is one's own."""
    if shared and not call.signed.may(Permission.MANAGE_CONTENT):
        raise problems.forbidden("Shared ones are kept by supervisors and administrators; make it your own.")


TEMPLATES = snippet_routes("template", "/templates", "Templates", "template", checked=True)
QUICK_REPLIES = snippet_routes("quick_reply", "/quick-replies", "Quick replies", "quick reply", checked=False)
QUICK_NOTES = snippet_routes("quick_note", "/quick-notes", "Quick notes", "quick note", checked=False)
