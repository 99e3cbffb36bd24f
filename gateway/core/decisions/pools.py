"""Pools: senders used as one, named in the sender chain as `pool(name)`."""

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import CreatePool, RemovePool, UpdatePool
from gateway.core.decisions.names import checked_name, require_free, require_live
from gateway.core.errors import conflict, invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.policy import pool_of
from gateway.domain.record import replace
from gateway.domain.settings import Pool
from gateway.domain.visibility import Permission


def pool_needs(command: CreatePool | UpdatePool | RemovePool, needs: Needs) -> None:
    """The settings, locked."""
    needs.settings = True


def create(command: CreatePool, scene: Scene) -> Pool:
    """One more pool."""
    require(scene.caller, Permission.MANAGE_GATEWAYS)
    name = _pool_name(command.name)
    require_free("pool", name, scene.view.pools.values())
    senders = require_live("sender_ids", "sender", command.sender_ids, scene.view.senders)
    pool = scene.working.put(
        Pool(
            scene.workspace_id, scene.new_id(), name, scene.now, senders, sticky=command.sticky, nearest=command.nearest
        )
    )
    scene.settings_changed("pool", pool.id)
    return pool


def update(command: UpdatePool, scene: Scene) -> Pool:
    """Another name, which the sender chain follows, other senders, or another way to choose among them."""
    require(scene.caller, Permission.MANAGE_GATEWAYS)
    before = _live(scene, command.pool_id)
    after = before
    if command.name is not UNCHANGED:
        after = replace(after, name=_pool_name(command.name))
        require_free("pool", after.name, scene.view.pools.values(), before.id)
    if command.sender_ids is not UNCHANGED:
        senders = require_live("sender_ids", "sender", command.sender_ids, scene.view.senders)
        after = replace(after, sender_ids=senders)
    if command.sticky is not UNCHANGED:
        after = replace(after, sticky=command.sticky)
    if command.nearest is not UNCHANGED:
        after = replace(after, nearest=command.nearest)
    if after == before:
        return before
    scene.working.load(before)
    scene.working.put(after)
    if after.name != before.name:
        _rename_in_chain(scene, before.name, after.name)
    scene.settings_changed("pool", after.id)
    return after


def remove(command: RemovePool, scene: Scene) -> None:
    """Its senders stay. One that the sender chain asks can't go: messages would silently leave from elsewhere."""
    require(scene.caller, Permission.MANAGE_GATEWAYS)
    pool = _live(scene, command.pool_id)
    if any(pool_of(resolver) == pool.name for resolver in scene.view.policy.sender_chain):
        raise conflict(
            "pool-in-use", f"The sender chain of this workspace asks “{pool.name}”. Take it out of the chain first."
        )
    scene.working.load(pool)
    scene.working.put(replace(pool, removed_at=scene.now))
    scene.settings_changed("pool", pool.id)


def _rename_in_chain(scene: Scene, old: str, new: str) -> None:
    policy = scene.view.policy
    chain = tuple(f"pool({new})" if pool_of(one) == old else one for one in policy.sender_chain)
    if chain != policy.sender_chain:
        workspace = replace(scene.view.workspace, policy=replace(policy, sender_chain=chain))
        scene.view = replace(scene.view, workspace=workspace)


def _pool_name(name: str) -> str:
    """A name that stands in `pool(name)` must not end it."""
    plain = checked_name(name)
    if "(" in plain or ")" in plain:
        raise invalid("name", "A pool's name has no brackets: the sender chain writes it as pool(name).")
    return plain


def _live(scene: Scene, pool_id: int) -> Pool:
    pool = scene.view.pools.get(pool_id)
    if pool is None or pool.removed_at is not None:
        raise not_found("pool")
    return pool
