"""A workspace's settings as one frozen picture: what every decision reads and none changes in place."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from gateway.core.working_set import WorkingSet
from gateway.domain.campaigns import Campaign
from gateway.domain.forms import Form
from gateway.domain.keywords import Keyword
from gateway.domain.lists import ContactList
from gateway.domain.people import Group, User
from gateway.domain.policy import Policy
from gateway.domain.polls import Poll
from gateway.domain.record import record
from gateway.domain.sender import SenderKind
from gateway.domain.settings import Gateway, Pool, Sender, Tag, Workspace
from gateway.domain.talks import Talks, talks_of

R = TypeVar("R")


@record
class WorkspaceView:
    """Settings at one version. The mappings hold removed records too: history still names them.

    `talks` are the words that machines answer to; None where there never was a keyword, a form or a poll.
    Of campaigns there are those under way or scheduled, the cancelled ones, and with hours of their own the completed
    ones of which something is still held: what a send must know.
    """

    workspace: Workspace
    gateways: Mapping[int, Gateway]
    senders: Mapping[int, Sender]
    pools: Mapping[int, Pool]
    tags: Mapping[int, Tag]
    lists: Mapping[int, ContactList]
    campaigns: Mapping[int, Campaign]
    users: Mapping[int, User]
    groups: Mapping[int, Group]
    keywords: Mapping[int, Keyword]
    forms: Mapping[int, Form]
    polls: Mapping[int, Poll]
    talks: Talks | None
    senders_by_value: Mapping[tuple[str, str], Sender]
    senders_by_address: Mapping[str, Sender]

    @property
    def id(self) -> int:
        """The workspace's id."""
        return self.workspace.id

    @property
    def policy(self) -> Policy:
        """P1 to P8 and the rest."""
        return self.workspace.policy

    @staticmethod
    def live(records: Mapping[int, R]) -> Iterator[R]:
        """Those that were not removed, oldest first."""
        return (record for record in records.values() if getattr(record, "removed_at", None) is None)

    def sender_of(self, kind: SenderKind, value: str) -> Sender | None:
        """The live sender with that canonical value."""
        return self.senders_by_value.get((kind, value))

    def sender_for_address(self, value: str, channel: str) -> Sender | None:
        """The live sender an inbound message was written to: of its channel's kind where one number is two senders."""
        if channel == "whatsapp" and (found := self.senders_by_value.get((SenderKind.WHATSAPP, value))):
            return found
        return self.senders_by_address.get(value)

    def serving(self, sender: Sender) -> list[Gateway]:
        """The gateways that send for it, best first: enabled and not removed. A paused one comes last: it will wait."""
        found = (self.gateways.get(gateway_id) for gateway_id in sender.gateway_ids)
        return sorted((one for one in found if one and one.enabled and one.removed_at is None), key=_is_paused)

    def user_available(self, user_id: int | None, now: int) -> bool:
        """Whether an owner can be expected to answer at a moment (ms); nobody at all counts as available."""
        if user_id is None:
            return True
        user = self.users.get(user_id)
        return user is not None and user.removed_at is None and user.takes_work(now)


def _is_paused(gateway: Gateway) -> bool:
    return gateway.paused


_KIND_ORDER = {kind: place for place, kind in enumerate(SenderKind)}


def _precedence(sender: Sender) -> int:
    """Of two senders written alike the kind that is named first counts."""
    return _KIND_ORDER[sender.kind]


def view_of(workspace: Workspace, records: Mapping[str, list[Any]]) -> WorkspaceView:
    """Puts a picture together from records by what they are (`_KINDS`)."""
    by_id: dict[str, dict[int, Any]] = {name: {one.id: one for one in records.get(name, ())} for name in _KINDS}
    live = [sender for sender in records["senders"] if sender.removed_at is None]
    keywords, forms, polls = by_id["keywords"], by_id["forms"], by_id["polls"]
    return WorkspaceView(
        workspace=workspace,
        gateways=by_id["gateways"],
        senders=by_id["senders"],
        pools=by_id["pools"],
        tags=by_id["tags"],
        lists=by_id["lists"],
        campaigns=by_id["campaigns"],
        users=by_id["users"],
        groups=by_id["groups"],
        keywords=keywords,
        forms=forms,
        polls=polls,
        talks=talks_of(keywords.values(), polls.values()) if keywords or forms or polls else None,
        senders_by_value={(sender.kind, sender.value): sender for sender in live},
        senders_by_address={sender.value: sender for sender in sorted(live, key=_precedence, reverse=True)},
    )


def with_records(view: WorkspaceView, working: WorkingSet) -> WorkspaceView:
    """The picture with what a batch has changed so far laid over it, for the commands that follow in the same batch."""
    changed: dict[str, list[Any]] = {}
    for name, kind in _KINDS.items():
        known: dict[int, Any] = dict(getattr(view, name))
        known.update({one.id: one for one in working.all(kind) if one.workspace_id == view.id})
        changed[name] = [known[record_id] for record_id in sorted(known)]
    workspace = working.get(Workspace, view.id) or view.workspace
    return view_of(workspace, changed)


_KINDS: Mapping[str, type[Any]] = {
    "gateways": Gateway,
    "senders": Sender,
    "pools": Pool,
    "tags": Tag,
    "lists": ContactList,
    "campaigns": Campaign,
    "users": User,
    "groups": Group,
    "keywords": Keyword,
    "forms": Form,
    "polls": Poll,
}
