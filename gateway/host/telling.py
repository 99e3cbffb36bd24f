"""Telling the team something: a message of ours to where a user wants notices, to each of a group, or to an address."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from gateway.core.commands.messages import SendMessage
from gateway.core.errors import invalid
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.address import InvalidAddress, typed_address
from gateway.domain.consent import Purpose
from gateway.domain.nature import Nature
from gateway.domain.notices import NoticeSetting, not_before
from gateway.domain.people import User
from gateway.host.named import find_named
from gateway.storage.database import Database
from gateway.storage.notice_reads import notice_settings


class Telling:
    """Users are told where their notices go, else by e-mail, and not in their quiet hours."""

    def __init__(
        self, database: Database, view_of: Callable[[int], Awaitable[WorkspaceView]], clock: Callable[[], int]
    ) -> None:
        self._database = database
        self._view_of = view_of
        self._clock = clock

    async def messages(self, workspace_id: int, target: str, body: str) -> list[SendMessage]:
        """One for each who is to be told. Raises Refused for a target that is nobody, or nowhere to be reached."""
        view = await self._view_of(workspace_id)
        settings = await self._database.read(partial(notice_settings, workspace_id=workspace_id))
        known = {one.user_id: one for one in settings}
        user = find_named(view, (), "user", target)
        if user is not None:
            return [self._to_user(user, known.get(user.id), body)]
        group = find_named(view, (), "group", target)
        if group is not None:
            members = [one for one in view.live(view.users) if group.id in one.group_ids and one.kind == "person"]
            reached = [one for one in members if one.id in known or one.email]
            if not reached:
                raise invalid("target", f"Nobody in {group.name} can be reached.", "not-found")
            return [self._to_user(one, known.get(one.id), body) for one in reached]
        return [_message(target, body, view.policy.default_country)]

    def _to_user(self, user: User, setting: NoticeSetting | None, body: str) -> SendMessage:
        if setting is None:
            if user.email is None:
                raise invalid("target", f"{user.name} has no e-mail address and asked for no notices.", "not-found")
            return _message(user.email, body, None)
        now = self._clock()
        at = not_before(setting, now)
        return _message(setting.address, body, None, at if at > now else None)


def _message(target: str, body: str, country: str | None, send_at: int | None = None) -> SendMessage:
    try:
        address = typed_address(target, country)
    except InvalidAddress:
        raise invalid("target", f"“{target[:80]}” is no user, group, e-mail address or number.", "not-found") from None
    subject = body.strip().partition("\n")[0][:100] if "@" in address.value else None
    return SendMessage(
        body=body,
        to=address,
        subject=subject,
        send_at=send_at,
        nature=Nature.AUTO,
        purpose=Purpose.TRANSACTIONAL,
    )


Tell = Callable[[int, str, str], Awaitable[Sequence[SendMessage]]]
"""(workspace id, target, body) to the messages that tell it: `Telling.messages`."""
