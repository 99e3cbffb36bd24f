"""The frame around every page, made from who is signed in."""

from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_user
from gateway.web.pages.views_shell import Shell


def shell_of(desk: Desk, page: str, unread: int, position: int) -> Shell:
    """The frame; `position` is where the log stood when the content was read."""
    user, view = desk.signed.user, desk.view
    groups = [view.groups[one].name for one in user.group_ids if one in view.groups]
    return Shell(
        workspace=view.workspace.name,
        me=face_of_user(view.users.get(user.id, user)),
        role=user.role.capitalize(),
        groups=groups,
        page=page,
        unread=unread,
        position=position,
        may_phone=any(one.plugin == "simulator" for one in view.live(view.gateways)),
    )
