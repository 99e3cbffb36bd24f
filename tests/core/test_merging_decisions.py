"""Two contacts are one person: what becomes of their threads, conversations and readers, and the way back."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from gateway.core.commands.contacts import MergeContacts, UnmergeContact
from gateway.core.decisions import merging
from gateway.core.errors import Reason, Refused
from gateway.core.scene import Scene
from gateway.domain.conversation import State
from gateway.domain.model import Contact, Conversation, Entry, ReadCursor, Thread
from gateway.domain.policy import Policy, Visibility
from tests.core.conftest import (
    AGENT,
    AGENTS_OWN,
    NOW,
    SUPERVISOR,
    WORKSPACE,
    MakeScene,
    make_view,
    somebody,
    talk,
)

OLD, NEW = "+14155550148", "+14155550149"
LOSER, WINNER, THIRD = 101, 102, 103


def couple(
    theirs: Conversation | None = None,
    ours: Conversation | None = None,
    *,
    their_thread: Mapping[str, Any] = MappingProxyType({}),
    our_thread: Mapping[str, Any] = MappingProxyType({}),
) -> list[Any]:
    """The contact who will turn out to be the other, and the other."""
    return [
        *somebody(LOSER, OLD, name="M.", conversation=theirs, **their_thread),
        *somebody(WINNER, NEW, name="Maya", conversation=ours, **our_thread),
    ]


def thread(scene: Scene, contact: int) -> Thread:
    found = scene.working.thread_of(WORKSPACE, contact)
    assert found is not None
    return found


def conversation(scene: Scene, number: int) -> Conversation:
    found = scene.find(Conversation, number)
    assert found is not None
    return found


def merge(scene: Scene, loser: int = LOSER, winner: int = WINNER) -> Contact:
    return merging.merge(MergeContacts(loser, winner), scene)


def unmerge(scene: Scene, contact: int = LOSER) -> Contact:
    return merging.unmerge(UnmergeContact(contact), scene)


def test_nothing_moves_and_the_winner_leads(make_scene: MakeScene) -> None:
    scene = make_scene(*couple(talk(501, LOSER), None), caller=AGENTS_OWN)
    assert merge(scene).id == WINNER
    assert scene.need(Contact, LOSER, "contact").merged_into == WINNER
    theirs, ours = thread(scene, LOSER), thread(scene, WINNER)
    assert (theirs.merged_into, ours.merged_into) == (ours.id, None)
    assert (theirs.conversation_id, ours.conversation_id) == (501, 501)
    assert conversation(scene, 501).thread_id == theirs.id
    told = scene.working.events[-1]
    assert (told.type, told.contact_id, told.thread_id, told.data) == (
        "contact_merged",
        LOSER,
        theirs.id,
        {"into": WINNER},
    )
    assert [(one.thread_id, one.event) for one in scene.working.all(Entry)] == [(theirs.id, "contact_merged")]


@pytest.mark.parametrize(
    ("older", "younger", "goes_on_as", "told"),
    [
        (State.OPEN, State.OPEN, State.OPEN, []),
        (State.OPEN, State.SNOOZED, State.OPEN, ["conversation_woken"]),
        (State.OPEN, State.COMPLETED, State.OPEN, ["conversation_reopened"]),
        (State.SNOOZED, State.ARCHIVED, State.OPEN, ["conversation_reopened"]),
        (State.SNOOZED, State.SNOOZED, State.SNOOZED, []),
        (State.COMPLETED, State.OPEN, State.OPEN, []),
        (State.COMPLETED, State.SNOOZED, State.SNOOZED, []),
        (State.COMPLETED, State.ARCHIVED, State.ARCHIVED, []),
    ],
)
@pytest.mark.parametrize("winner_is_younger", [True, False])
def test_of_two_live_conversations_the_older_is_closed_and_work_under_way_is_not_buried(
    make_scene: MakeScene,
    older: State,
    younger: State,
    goes_on_as: State,
    told: list[str],
    winner_is_younger: bool,
) -> None:
    first, second = (LOSER, WINNER) if winner_is_younger else (WINNER, LOSER)
    pair = {first: talk(501, first, older), second: talk(502, second, younger)}
    scene = make_scene(*couple(pair[LOSER], pair[WINNER]))
    merge(scene)
    closed = conversation(scene, 501)
    assert (closed.state, closed.ended_by, closed.ended_at) == (State.CLOSED, "merge", NOW)
    assert conversation(scene, 502).state is goes_on_as
    assert thread(scene, WINNER).conversation_id == 502
    assert [event.type for event in scene.working.events] == ["conversation_closed", *told, "contact_merged"]


@pytest.mark.parametrize(
    ("theirs", "ours", "leads"),
    [
        (None, None, None),
        (talk(501, LOSER, State.CLOSED), None, 501),
        (talk(501, LOSER, State.CLOSED), talk(502, WINNER, State.CLOSED), 502),
        (talk(503, LOSER, State.CLOSED), talk(502, WINNER, State.CLOSED), 503),
        (talk(503, LOSER, State.CLOSED), talk(502, WINNER, State.COMPLETED), 502),
        (talk(501, LOSER, State.OPEN), talk(502, WINNER, State.CLOSED), 501),
    ],
)
def test_the_live_conversation_leads_or_else_the_newest(
    make_scene: MakeScene, theirs: Conversation | None, ours: Conversation | None, leads: int | None
) -> None:
    scene = make_scene(*couple(theirs, ours))
    merge(scene)
    assert thread(scene, WINNER).conversation_id == leads
    assert [event.type for event in scene.working.events] == ["contact_merged"]


def test_who_waited_still_waits_since_then(make_scene: MakeScene) -> None:
    waiting = talk(501, LOSER, needs_reply=True, waiting_since=NOW - 900)
    later = talk(502, WINNER, needs_reply=True, waiting_since=NOW - 100)
    scene = make_scene(*couple(waiting, later))
    merge(scene)
    assert (conversation(scene, 501).needs_reply, conversation(scene, 501).waiting_since) == (False, None)
    assert (conversation(scene, 502).needs_reply, conversation(scene, 502).waiting_since) == (True, NOW - 900)


def test_nobodys_unread_changes(make_scene: MakeScene) -> None:
    cursors = [
        ReadCursor(WORKSPACE, AGENT, LOSER + 1000, 4, 3),
        ReadCursor(WORKSPACE, AGENT, WINNER + 1000, 9, 5),
        ReadCursor(WORKSPACE, SUPERVISOR, LOSER + 1000, 6, 4),
    ]
    known = couple(
        their_thread={"inbound_count": 4, "message_seq": 30, "seq": 31},
        our_thread={"inbound_count": 6, "message_seq": 12},
    )
    scene = make_scene(*known, *cursors)
    merge(scene)
    ours = thread(scene, WINNER)
    assert (ours.inbound_count, ours.message_seq) == (10, 30)
    unread = {
        one.user_id: ours.inbound_count - one.read_inbound
        for one in scene.working.all(ReadCursor)
        if one.thread_id == ours.id
    }
    assert unread == {AGENT: 1 + 1, SUPERVISOR: 0 + 6}


@pytest.mark.parametrize(
    ("loser", "winner", "reason", "code"),
    [
        (LOSER, LOSER, Reason.INVALID, "invalid"),
        (LOSER, 999, Reason.NOT_FOUND, "not-found"),
        (999, WINNER, Reason.NOT_FOUND, "not-found"),
        (THIRD, WINNER, Reason.CONFLICT, "already-merged"),
        (LOSER, THIRD, Reason.CONFLICT, "already-merged"),
    ],
)
def test_what_can_not_be_merged(make_scene: MakeScene, loser: int, winner: int, reason: Reason, code: str) -> None:
    scene = make_scene(*couple(), *somebody(THIRD, name="Third"))
    merge(scene, THIRD, WINNER)
    with pytest.raises(Refused) as refused:
        merge(scene, loser, winner)
    assert (refused.value.reason, refused.value.code) == (reason, code)


def test_what_one_may_not_see_one_can_not_merge(make_scene: MakeScene) -> None:
    view = make_view(Policy(visibility=Visibility.OWNER))
    hidden = talk(501, LOSER, user_id=SUPERVISOR)
    for loser, winner in ((LOSER, WINNER), (WINNER, LOSER)):
        with pytest.raises(Refused) as refused:
            merge(make_scene(*couple(hidden), view=view, caller=AGENTS_OWN), loser, winner)
        assert refused.value.reason is Reason.NOT_FOUND


def test_parted_again_each_has_its_own_newest_conversation_and_loses_no_unread(make_scene: MakeScene) -> None:
    known = couple(
        talk(501, LOSER), talk(502, WINNER), their_thread={"inbound_count": 2}, our_thread={"inbound_count": 3}
    )
    scene = make_scene(*known, ReadCursor(WORKSPACE, AGENT, WINNER + 1000, 0, 2))
    merge(scene)
    after = unmerge(scene)
    theirs, ours = thread(scene, LOSER), thread(scene, WINNER)
    assert (after.merged_into, theirs.merged_into, ours.merged_into) == (None, None, None)
    assert (theirs.conversation_id, ours.conversation_id) == (501, 502)
    assert conversation(scene, 501).state is State.CLOSED
    unread = {
        one.thread_id: {LOSER + 1000: theirs, WINNER + 1000: ours}[one.thread_id].inbound_count - one.read_inbound
        for one in scene.working.all(ReadCursor)
        if one.user_id == AGENT
    }
    assert unread == {LOSER + 1000: 3, WINNER + 1000: 3}
    assert scene.working.events[-1].data == {"into": None, "from": WINNER}
    with pytest.raises(Refused) as refused:
        unmerge(scene)
    assert refused.value.code == "not-merged"


def test_a_live_conversation_goes_with_the_thread_it_is_in(make_scene: MakeScene) -> None:
    scene = make_scene(*couple(talk(503, LOSER), talk(502, WINNER)))
    merge(scene)
    assert conversation(scene, 502).state is State.CLOSED
    unmerge(scene)
    assert (thread(scene, LOSER).conversation_id, thread(scene, WINNER).conversation_id) == (503, 502)
    assert conversation(scene, 503).state is State.OPEN


def test_a_chain_of_merges_reads_as_one_thread_and_comes_apart_where_it_was_joined(make_scene: MakeScene) -> None:
    scene = make_scene(*couple(talk(501, LOSER)), *somebody(THIRD, name="Third"))
    merge(scene, LOSER, WINNER)
    merge(scene, WINNER, THIRD)
    third = thread(scene, THIRD)
    assert {thread(scene, one).merged_into for one in (LOSER, WINNER)} == {third.id}
    assert third.conversation_id == 501
    unmerge(scene, WINNER)
    assert thread(scene, LOSER).merged_into == thread(scene, WINNER).id
    assert (thread(scene, WINNER).conversation_id, thread(scene, THIRD).conversation_id) == (501, None)


def test_out_of_a_chain_the_first_comes_alone(make_scene: MakeScene) -> None:
    scene = make_scene(*couple(talk(501, LOSER)), *somebody(THIRD, name="Third"))
    merge(scene, LOSER, WINNER)
    merge(scene, WINNER, THIRD)
    unmerge(scene, LOSER)
    assert thread(scene, LOSER).merged_into is None
    assert thread(scene, WINNER).merged_into == thread(scene, THIRD).id
    assert (thread(scene, LOSER).conversation_id, thread(scene, THIRD).conversation_id) == (501, None)
