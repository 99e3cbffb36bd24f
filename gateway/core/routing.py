"""P5: which sender a message goes out from. Every resolver is asked in turn and its vote kept, so that a message can
explain its number; the first vote that can carry the message wins.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from gateway.core.carrying import CHANNELS, Question, can_carry, capabilities_through, no_channel
from gateway.core.errors import FieldError
from gateway.core.gateway_choice import GatewayVote, choose_gateway
from gateway.core.pool_choice import choose_member
from gateway.core.scene import Scene
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.address import InvalidAddress, typed_address
from gateway.domain.ids import parse_id
from gateway.domain.policy import pool_of
from gateway.domain.record import record
from gateway.domain.sender import Capabilities, SenderKind
from gateway.domain.settings import Gateway, Pool, Sender


@record
class Vote:
    """What one resolver said, and why it was or was not followed."""

    resolver: str
    sender: Sender | None
    accepted: bool
    reason: str

    def as_facts(self) -> dict[str, Any]:
        """As it is stored with the message."""
        sender = self.sender
        return {
            "step": "sender",
            "resolver": self.resolver,
            "sender_id": sender.id if sender else None,
            "sender": sender.value if sender else None,
            "accepted": self.accepted,
            "reason": self.reason,
        }


@record(gc=True)
class Route:
    """The sender and gateway a message will use, with all votes; or why there is none.

    `detour`: the gateway stands in for one that is preferred and not well.
    """

    sender: Sender | None
    gateway: Gateway | None
    capabilities: Capabilities | None
    votes: tuple[Vote, ...]
    refusal: FieldError | None = None
    gateways: tuple[GatewayVote, ...] = ()
    detour: bool = False

    def as_facts(self) -> tuple[dict[str, Any], ...]:
        """As it is stored with the message."""
        return (*(vote.as_facts() for vote in self.votes), *(vote.as_facts() for vote in self.gateways))


def route(scene: Scene, question: Question) -> Route:
    """Asks the workspace's chain."""
    votes: list[Vote] = []
    chain = scene.view.policy.sender_chain
    if "explicit" not in chain:
        chain = ("explicit", *chain)
    for resolver in chain:
        for vote in _votes(scene, question, resolver):
            votes.append(vote)
            chosen = choose_gateway(scene, question, vote.sender) if vote.accepted and vote.sender else None
            if chosen is not None:
                return Route(
                    vote.sender,
                    chosen.gateway,
                    chosen.capabilities,
                    tuple(votes),
                    gateways=chosen.votes,
                    detour=chosen.detour,
                )
        if resolver == "explicit" and question.from_ is not None:
            break
    return Route(None, None, None, tuple(votes), _refusal(question, votes))


def _votes(scene: Scene, question: Question, resolver: str) -> Iterator[Vote]:
    if resolver == "explicit":
        yield from _explicit(scene, question)
        return
    pool_name = pool_of(resolver)
    if pool_name is not None:
        pool = next((one for one in scene.view.live(scene.view.pools) if one.name == pool_name), None)
        yield _pool_vote(scene, question, resolver, pool)
        return
    root, conversation = question.root, question.conversation
    match resolver:
        case "last_used":
            yield _known(scene, question, resolver, root.sticky_sender_id if root else None, "Last used here")
        case "inbound_to":
            yield _known(scene, question, resolver, root.inbound_sender_id if root else None, "They wrote to it")
        case "conversation_start":
            start = conversation.start_sender_id if conversation else None
            yield _known(scene, question, resolver, start, "The conversation began on it")
        case "gateway_default":
            yield _default(scene, question, resolver)


def _explicit(scene: Scene, question: Question) -> Iterator[Vote]:
    if question.from_ is not None:
        named = find_named(scene, question.from_)
        if isinstance(named, Pool):
            yield _pool_vote(scene, question, "explicit", named)
        elif named is None:
            yield Vote("explicit", None, False, f"There is no sender {question.from_}.")
        else:
            yield _judge(scene, question, "explicit", named, "Chosen for this message")
    elif scene.verdict.vote is not None:
        vote = scene.verdict.vote
        yield _known(scene, question, "plugin", vote.sender.id, vote.reason)


def find_named(scene: Scene, text: str) -> Sender | Pool | None:
    """A sender by id or value, or a pool by id or name."""
    return named_sender(scene.view, text)


def named_sender(view: WorkspaceView, text: str) -> Sender | Pool | None:
    """The same, of a workspace."""
    records: Sequence[tuple[str, Any]] = (("snd", view.senders), ("pol", view.pools))
    for prefix, known in records:
        if text.startswith(prefix + "_"):
            try:
                found = known.get(parse_id(text, prefix))
            except ValueError:
                return None
            return found if found is not None and found.removed_at is None else None
    compact = text.strip()
    try:
        typed = typed_address(compact, view.policy.default_country).value
    except InvalidAddress:
        typed = compact
    for sender in view.live(view.senders):
        if sender.label == compact or typed == sender.value or compact.lstrip("+") == sender.value.lstrip("+"):
            return sender
    return next((pool for pool in view.live(view.pools) if pool.name == compact), None)


def _known(scene: Scene, question: Question, resolver: str, sender_id: int | None, reason: str) -> Vote:
    sender = scene.view.senders.get(sender_id) if sender_id is not None else None
    if sender is None:
        return Vote(resolver, None, False, "Nothing to go by yet.")
    return _judge(scene, question, resolver, sender, reason)


def _judge(scene: Scene, question: Question, resolver: str, sender: Sender, reason: str) -> Vote:
    if sender.removed_at is not None:
        return Vote(resolver, sender, False, "This sender was removed.")
    serving = scene.view.serving(sender)
    if not serving:
        return Vote(resolver, sender, False, "No gateway serves it at the moment.")
    refusals = [can_carry(capabilities_through(scene, gateway, sender), question) for gateway in serving]
    if all(refusals):
        return Vote(resolver, sender, False, str(refusals[0]))
    return Vote(resolver, sender, True, reason)


def _pool_vote(scene: Scene, question: Question, resolver: str, pool: Pool | None) -> Vote:
    if pool is None or pool.removed_at is not None:
        return Vote(resolver, None, False, "There is no such pool.")
    if not any(one in scene.view.senders and scene.view.senders[one].removed_at is None for one in pool.sender_ids):
        return Vote(resolver, None, False, f"The pool {pool.name} has no numbers. Put some in it in the settings.")
    member = choose_member(scene, question, pool)
    if member is None:
        return Vote(resolver, None, False, f"No sender of {pool.name} can carry this.")
    return Vote(resolver, member.sender, True, member.reason)


def _default(scene: Scene, question: Question, resolver: str) -> Vote:
    """The oldest sender that can carry it: a real one before a simulated one, then one that can be answered.

    A simulated one at all only where no gateway is real: an answer that reaches nobody must not pass for delivered.
    """
    able = [one for one in scene.view.live(scene.view.senders) if _judge(scene, question, resolver, one, "").accepted]
    able = [one for one in able if not _simulated(scene, one) or not _is_real(scene, one)]
    able.sort(key=lambda one: (_simulated(scene, one), one.kind is SenderKind.ALPHANUMERIC, one.id))
    if not able:
        return Vote(resolver, None, False, "No sender can carry this.")
    return Vote(resolver, able[0], True, "The workspace's default")


def _simulated(scene: Scene, sender: Sender) -> bool:
    return all(capabilities_through(scene, gateway, sender).simulated for gateway in scene.view.serving(sender))


def _is_real(scene: Scene, sender: Sender) -> bool:
    """Whether the workspace has a gateway that would really send for such a sender."""
    gateways = (one for one in scene.view.live(scene.view.gateways) if one.enabled)
    return not all(capabilities_through(scene, gateway, sender).simulated for gateway in gateways)


def _refusal(question: Question, votes: Sequence[Vote]) -> FieldError:
    if question.channel is not None and question.channel not in CHANNELS:
        return FieldError("channel", no_channel(question.channel), "no-channel")
    if question.from_ is not None and votes:
        return FieldError("from", votes[-1].reason, "sender-unusable")
    return FieldError("from", "No sender can carry this message. Add one, or switch its gateway on.", "no-sender")
