"""Tags."""

from typing import Annotated

import msgspec

from gateway.core.commands.settings import CreateTag, MergeTags, RemoveTag, UpdateTag
from gateway.domain.visibility import Permission
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Id, Unset
from gateway.web.api.lookup import changed, live_record
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.settings import TagShape, tag_shape
from gateway.web.api.times import id_in_field

routes = Routes("Tags")

TagName = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"\S")]
Colour = Annotated[str, msgspec.Meta(min_length=1, max_length=30, pattern="^[a-z]+$")]


class NewTag(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word for conversations."""

    name: TagName
    colour: Colour = "orange"


class TagChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes."""

    name: TagName | Unset = UNSET
    colour: Colour | Unset = UNSET


class TagMerge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tag that is left."""

    into: Id


@routes.get("/tags")
async def list_tags(call: Call, query: PageQuery) -> Page[TagShape]:
    """List tags."""
    return page_of(call.view.live(call.view.tags), query, tag_shape, lambda tag: tag.id)


@routes.post("/tags", permission=Permission.MANAGE_CONTENT, status=201)
async def create_tag(call: Call, body: NewTag) -> TagShape:
    """Make a tag."""
    return tag_shape(await call.execute(CreateTag(body.name.strip(), body.colour), tag_shape))


@routes.get("/tags/{tag_id}")
async def get_tag(call: Call, tag_id: int) -> TagShape:
    """Read a tag."""
    return tag_shape(live_record(call.view.tags, tag_id, "tag"))


@routes.patch("/tags/{tag_id}", permission=Permission.MANAGE_CONTENT)
async def update_tag(call: Call, tag_id: int, body: TagChange) -> TagShape:
    """Change a tag."""
    return tag_shape(await call.execute(UpdateTag(tag_id, changed(body.name), changed(body.colour))))


@routes.delete("/tags/{tag_id}", permission=Permission.MANAGE_CONTENT)
async def remove_tag(call: Call, tag_id: int) -> None:
    """Remove a tag, from every conversation too."""
    await call.execute(RemoveTag(tag_id))


@routes.post("/tags/{tag_id}/merge", permission=Permission.MANAGE_CONTENT)
async def merge_tag(call: Call, tag_id: int, body: TagMerge) -> TagShape:
    """Merge a tag into another: every conversation with the one gets the other."""
    live_record(call.view.tags, tag_id, "tag")
    return tag_shape(await call.execute(MergeTags(tag_id, id_in_field("tag", body.into, "into"))))
