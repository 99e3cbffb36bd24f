"""API tokens. A token acts as a user of its own, with its role and its read cursors."""

from datetime import datetime

import msgspec

from gateway.core.commands.people import CreateToken, RevokeToken
from gateway.domain.people import Token
from gateway.domain.visibility import Permission, Role
from gateway.storage import credentials
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import Id, Name
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.settings import TokenShape, token_shape
from gateway.web.api.times import ids_in_field, to_id, to_time
from gateway.web.auth.secret import BYTES, TOKEN_PREFIX, digest_of, written

routes = Routes("Tokens")


class NewToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token and the role of its user."""

    name: Name
    role: Role
    group_ids: list[Id] = []


class MadeToken(msgspec.Struct, frozen=True):
    """A new token; `token` is its secret, shown this once."""

    id: str
    name: str
    user_id: str
    role: str
    token: str
    created_at: datetime


@routes.get("/tokens", permission=Permission.MANAGE_TOKENS)
async def list_tokens(call: Call, query: PageQuery) -> Page[TokenShape]:
    """List tokens; their secrets can't be shown again."""
    tokens = await call.read(lambda session: credentials.live_tokens(session, call.workspace_id))
    return page_of(tokens, query, lambda token: token_shape(token, call.view), lambda token: token.id)


@routes.post("/tokens", permission=Permission.MANAGE_TOKENS, status=201)
async def create_token(call: Call, body: NewToken) -> MadeToken:
    """Make a token."""
    secret = TOKEN_PREFIX + written(call.once.secret if call.once else call.state.random(BYTES))

    def answer(token: Token) -> MadeToken:
        made, user = to_id("token", token.id), to_id("user", token.user_id)
        return MadeToken(made, token.name, user, body.role, secret, to_time(token.created_at))

    groups = ids_in_field("group", body.group_ids, "group_ids")
    command = CreateToken(body.name.strip(), body.role, digest_of(secret), groups)
    return answer(await call.execute(command, answer))


@routes.get("/tokens/{token_id}", permission=Permission.MANAGE_TOKENS)
async def get_token(call: Call, token_id: int) -> TokenShape:
    """Read a token, without its secret."""
    tokens = await call.read(lambda session: credentials.live_tokens(session, call.workspace_id))
    found = next((token for token in tokens if token.id == token_id), None)
    if found is None:
        raise problems.not_found("token")
    return token_shape(found, call.view)


@routes.delete("/tokens/{token_id}", permission=Permission.MANAGE_TOKENS)
async def revoke_token(call: Call, token_id: int) -> None:
    """Revoke a token: it is refused from now on, and its open streams end."""
    await call.execute(RevokeToken(token_id))
    call.state.auth.tokens.forget()
