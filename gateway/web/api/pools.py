"""Pools: senders used as one."""

import msgspec

from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import CreatePool, RemovePool, UpdatePool
from gateway.domain.visibility import Permission
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Id, Name, Unset
from gateway.web.api.lookup import changed, live_record
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.settings import PoolShape, pool_shape
from gateway.web.api.times import ids_in_field

routes = Routes("Pools")


class NewPool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Senders used as one. `sticky`: each contact keeps theirs; `nearest`: new ones get one from where they are.

    Among those that are alike, contacts are spread evenly.
    """

    name: Name
    sender_ids: list[Id] = []
    sticky: bool = True
    nearest: bool = True


class PoolChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes."""

    name: Name | Unset = UNSET
    sender_ids: list[Id] | Unset = UNSET
    sticky: bool | Unset = UNSET
    nearest: bool | Unset = UNSET


@routes.get("/pools")
async def list_pools(call: Call, query: PageQuery) -> Page[PoolShape]:
    """List pools."""
    return page_of(call.view.live(call.view.pools), query, pool_shape, lambda pool: pool.id)


@routes.post("/pools", permission=Permission.MANAGE_GATEWAYS, status=201)
async def create_pool(call: Call, body: NewPool) -> PoolShape:
    """Make a pool."""
    command = CreatePool(
        body.name.strip(), ids_in_field("sender", body.sender_ids, "sender_ids"), body.sticky, body.nearest
    )
    return pool_shape(await call.execute(command, pool_shape))


@routes.get("/pools/{pool_id}")
async def get_pool(call: Call, pool_id: int) -> PoolShape:
    """Read a pool."""
    return pool_shape(live_record(call.view.pools, pool_id, "pool"))


@routes.patch("/pools/{pool_id}", permission=Permission.MANAGE_GATEWAYS)
async def update_pool(call: Call, pool_id: int, body: PoolChange) -> PoolShape:
    """Change a pool."""
    senders = UNCHANGED if body.sender_ids is UNSET else ids_in_field("sender", body.sender_ids, "sender_ids")
    return pool_shape(
        await call.execute(
            UpdatePool(pool_id, changed(body.name), senders, changed(body.sticky), changed(body.nearest))
        )
    )


@routes.delete("/pools/{pool_id}", permission=Permission.MANAGE_GATEWAYS)
async def remove_pool(call: Call, pool_id: int) -> None:
    """Remove a pool; its senders stay."""
    await call.execute(RemovePool(pool_id))
