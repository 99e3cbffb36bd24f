"""What a batch must load before it can be decided, gathered command by command."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Needs:
    """Keys of one workspace. Asking for more than is used costs a row; asking for less is a bug that tests find.

    `messages` bring their parts and threads; `conversations` and `contacts` their threads; a thread brings its
    contact, its newest conversation and, through a merge, the winner's. `addresses` are canonical values. `ledger`
    brings all addresses of every contact that was loaded, and of those merged into them, with what was said about
    consent; `merges` everybody merged with those contacts, the newest conversation of every thread itself, and its
    readers; `settings` locks the workspace, whose settings will change. `owners` and `owner_groups` bring the
    conversations these users and groups own, closed ones aside; `tokens` those of the tokens' users; `belongings`
    everything that is stored of these contacts and of those merged into them; `files` what the messages carry,
    whosoever it is; `held` the messages that wait in any thread that was loaded; `memberships` the lists of every
    contact that was loaded; `locked` records that several nodes change, one after the other; `whole` all records of a
    type, of which there are few. `talks` brings what an answer of ours to what these addresses texted takes, if
    something waits for their answer or (true) they hit a word; `talkers` the same for all threads. `user_id` is the
    user behind the command that is being asked at the moment.
    """

    addresses: set[str] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)
    threads: set[int] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)
    messages: set[int] = field(default_factory=set)
    consents: set[str] = field(default_factory=set)
    inbound_keys: set[str] = field(default_factory=set)
    provider_keys: set[str] = field(default_factory=set)
    parked_keys: set[str] = field(default_factory=set)
    pending_parts: set[str] = field(default_factory=set)
    cursors: set[tuple[int, int]] = field(default_factory=set)
    entries: set[tuple[int, int]] = field(default_factory=set)
    tags_of: set[int] = field(default_factory=set)
    media: set[int] = field(default_factory=set)
    owners: set[int] = field(default_factory=set)
    owner_groups: set[int] = field(default_factory=set)
    tokens: set[int] = field(default_factory=set)
    belongings: set[int] = field(default_factory=set)
    work_of: set[int] = field(default_factory=set)
    idempotency: set[tuple[int, str]] = field(default_factory=set)
    records: dict[type[Any], set[tuple[Any, ...]]] = field(default_factory=dict)
    locked: dict[type[Any], set[tuple[Any, ...]]] = field(default_factory=dict)
    whole: set[type[Any]] = field(default_factory=set)
    talks: dict[str, bool] = field(default_factory=dict)
    user_id: int | None = None
    talkers: bool = False
    ledger: bool = False
    settings: bool = False
    merges: bool = False
    files: bool = False
    memberships: bool = False
    held: bool = False

    def everything(self, kind: type[Any]) -> None:
        """All records of a type that the workspace has: for what there is little of."""
        self.whole.add(kind)

    def record(self, kind: type[Any], column: str, values: Iterable[Any]) -> None:
        """Any other record type by one of its columns."""
        self.records.setdefault(kind, set()).update((column, value) for value in values)

    def lock(self, kind: type[Any], column: str, values: Iterable[Any]) -> None:
        """The same, locked until the commit."""
        self.locked.setdefault(kind, set()).update((column, value) for value in values)
