"""Gateways, senders, pools, tags, snippets and the workspace: who may, what is refused and in which words."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.core.caller import Caller
from gateway.core.commands.settings import (
    CreateGateway,
    CreatePool,
    CreateSender,
    CreateSnippet,
    CreateTag,
    MergeTags,
    OrderSnippets,
    RecordSnippetUse,
    RemoveGateway,
    RemovePool,
    RemoveSender,
    RemoveSnippet,
    RemoveTag,
    ReportHealth,
    UpdateGateway,
    UpdatePool,
    UpdateSender,
    UpdateSnippet,
    UpdateTag,
    UpdateWorkspace,
)
from gateway.core.decisions import gateways, pools, senders, snippets, tags, workspace
from gateway.core.errors import Reason, Refused
from gateway.core.scene import Scene
from gateway.core.workspace_view import with_records
from gateway.domain.policy import AfterInbound, Policy, Visibility
from gateway.domain.record import replace
from gateway.domain.sender import SenderKind
from gateway.domain.settings import Gateway, GatewayChoice, GatewayHealth, Pool, Sender, Snippet, Tag
from gateway.storage.facts import ConversationTag
from tests.core.conftest import (
    ADMINISTRATOR,
    AGENT,
    AGENTS_OWN,
    DAY,
    GATEWAY,
    NOW,
    SENDER,
    SUPERVISING,
    WORKSPACE,
    MakeScene,
    make_view,
)

TOKEN = "t" * 24
POOL = Pool(WORKSPACE, 51, "Support", NOW - DAY, (SENDER,))
TAG = Tag(WORKSPACE, 61, "VIP", NOW - DAY, "violet")
NOTE = Snippet(WORKSPACE, 71, "quick_note", "Call back", "Asked to be called.", NOW - DAY, AGENT, shared=False)
VIEW = make_view(pools=[POOL], tags=[TAG])

Decide = Callable[[Any, Scene], Any]
SMS = SenderKind.LONG_CODE


@pytest.mark.parametrize(
    ("decide", "command", "allowed"),
    [
        (gateways.create, CreateGateway("simulator", "Second", token=TOKEN), (ADMINISTRATOR,)),
        (gateways.update, UpdateGateway(GATEWAY, paused=True), (ADMINISTRATOR,)),
        (gateways.remove, RemoveGateway(GATEWAY), (ADMINISTRATOR,)),
        (senders.create, CreateSender(SMS, "+14155550199"), (ADMINISTRATOR,)),
        (senders.update, UpdateSender(SENDER, label="Desk"), (ADMINISTRATOR,)),
        (senders.remove, RemoveSender(SENDER), (ADMINISTRATOR,)),
        (pools.create, CreatePool("Sales"), (ADMINISTRATOR,)),
        (pools.update, UpdatePool(51, name="Sales"), (ADMINISTRATOR,)),
        (pools.remove, RemovePool(51), (ADMINISTRATOR,)),
        (tags.create, CreateTag("Refund"), (ADMINISTRATOR, SUPERVISING)),
        (tags.update, UpdateTag(61, colour="red"), (ADMINISTRATOR, SUPERVISING)),
        (tags.remove, RemoveTag(61), (ADMINISTRATOR, SUPERVISING)),
        (snippets.create, CreateSnippet("template", "Hello", "Hi!"), (ADMINISTRATOR, SUPERVISING)),
        (
            snippets.create,
            CreateSnippet("quick_reply", "Hello", "Hi!", False),
            (ADMINISTRATOR, SUPERVISING, AGENTS_OWN),
        ),
        (workspace.update, UpdateWorkspace(preset="chat"), (ADMINISTRATOR,)),
    ],
)
def test_who_may(make_scene: MakeScene, decide: Decide, command: Any, allowed: tuple[Caller, ...]) -> None:
    for who in (ADMINISTRATOR, SUPERVISING, AGENTS_OWN):
        scene = make_scene(view=VIEW, caller=who)
        if who in allowed:
            decide(command, scene)
            assert [event.type for event in scene.working.events][-1:] in (
                ["settings_changed"],
                ["gateway_health_changed"],
            )
        else:
            with pytest.raises(Refused) as refused:
                decide(command, scene)
            assert refused.value.reason is Reason.FORBIDDEN
            assert not scene.working.events


@pytest.mark.parametrize(
    ("decide", "command", "reason", "field"),
    [
        (gateways.create, CreateGateway("simulator", "  ", token=TOKEN), Reason.INVALID, "name"),
        (gateways.create, CreateGateway("simulator", "x" * 201, token=TOKEN), Reason.INVALID, "name"),
        (gateways.create, CreateGateway("simulator", "MAIN line", token=TOKEN), Reason.CONFLICT, "Main line"),
        (gateways.create, CreateGateway("simulator", "Second", token="short"), Reason.INVALID, "token"),
        (gateways.create, CreateGateway("simulator", "Second", rate=0.0, token=TOKEN), Reason.INVALID, "rate"),
        (gateways.update, UpdateGateway(999, paused=True), Reason.NOT_FOUND, "gateway"),
        (senders.create, CreateSender(SMS, "12"), Reason.INVALID, "value"),
        (senders.create, CreateSender(SenderKind.SHORT_CODE, "+14155550199"), Reason.INVALID, "value"),
        (senders.create, CreateSender(SMS, "1 (415) 555-0100"), Reason.CONFLICT, "+14155550100"),
        (senders.create, CreateSender(SMS, "+14155550199", gateway_ids=(9,)), Reason.INVALID, "gateway_ids"),
        (senders.create, CreateSender(SMS, "+14155550199", gateway_ids=(21, 21)), Reason.INVALID, "gateway_ids"),
        (
            senders.create,
            CreateSender(SenderKind.ALPHANUMERIC, "Shop", mms_enabled=True),
            Reason.INVALID,
            "mms_enabled",
        ),
        (senders.update, UpdateSender(SENDER, rate=-1.0), Reason.INVALID, "rate"),
        (senders.update, UpdateSender(SENDER, append_text="x" * 161), Reason.INVALID, "append_text"),
        (pools.create, CreatePool("support"), Reason.CONFLICT, "Support"),
        (pools.create, CreatePool("A (b)"), Reason.INVALID, "name"),
        (pools.create, CreatePool("Sales", (9,)), Reason.INVALID, "sender_ids"),
        (tags.create, CreateTag("vip"), Reason.CONFLICT, "VIP"),
        (tags.create, CreateTag("Refund", "pink"), Reason.INVALID, "colour"),
        (snippets.create, CreateSnippet("poem", "Hello", "Hi!"), Reason.INVALID, "kind"),
        (snippets.create, CreateSnippet("template", "Hello", " "), Reason.INVALID, "body"),
        (workspace.update, UpdateWorkspace(preset="zen"), Reason.INVALID, "preset"),
        (workspace.update, UpdateWorkspace(policy={"visibility": "some"}), Reason.INVALID, "policy.visibility"),
        (workspace.update, UpdateWorkspace(policy={"mood": 1}), Reason.INVALID, "policy.mood"),
        (
            workspace.update,
            UpdateWorkspace(policy={"sender_chain": ["pool(Sales)"]}),
            Reason.INVALID,
            "policy.sender_chain",
        ),
    ],
)
def test_what_is_refused(make_scene: MakeScene, decide: Decide, command: Any, reason: Reason, field: str) -> None:
    scene = make_scene(view=VIEW)
    with pytest.raises(Refused) as refused:
        decide(command, scene)
    assert refused.value.reason is reason
    if reason is Reason.INVALID:
        assert [error.field for error in refused.value.errors] == [field]
    else:
        assert field in refused.value.detail


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prices": {"sms": "cheap"}}, "prices.sms"),
        ({"prices": {"to": {"+44": {"fax": 1}}}}, "prices.to.+44.fax"),
        ({"gateway_weights": {22: 1}}, "gateway_weights"),
        ({"gateway_weights": {GATEWAY: -1}}, "gateway_weights"),
        ({"gateway_weights": {GATEWAY: 1_001}}, "gateway_weights"),
        ({"gateway_weights": {GATEWAY: 0}}, "gateway_weights"),
    ],
)
def test_prices_and_weights_that_make_no_sense_say_where(
    make_scene: MakeScene, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        senders.update(UpdateSender(SENDER, **changes), make_scene(view=VIEW, caller=ADMINISTRATOR))
    assert refused.value.errors[0].field == field


def test_a_gateway_that_serves_a_sender_no_more_has_no_weight_there(make_scene: MakeScene) -> None:
    scene = make_scene(view=VIEW, caller=ADMINISTRATOR)
    weighed = UpdateSender(SENDER, gateway_choice=GatewayChoice.WEIGHT, gateway_weights={GATEWAY: 3})
    assert senders.update(weighed, scene).gateway_weights == {str(GATEWAY): 3}
    scene = make_scene(view=with_records(scene.view, scene.working), caller=ADMINISTRATOR)
    after = senders.update(UpdateSender(SENDER, gateway_ids=()), scene)
    assert (after.gateway_weights, after.gateway_choice) == ({}, GatewayChoice.WEIGHT)


def test_a_removed_gateway_leaves_its_senders_and_its_name_is_free_again(make_scene: MakeScene) -> None:
    scene = make_scene()
    gateways.remove(RemoveGateway(GATEWAY), scene)
    later = make_scene(view=with_records(scene.view, scene.working))
    assert later.view.senders[SENDER].gateway_ids == ()
    gateways.create(CreateGateway("simulator", "Main line", token=TOKEN), later)
    with pytest.raises(Refused):
        gateways.update(UpdateGateway(GATEWAY, name="Back"), later)


def test_a_sender_is_stored_in_its_one_spelling_and_can_be_added_again_once_removed(make_scene: MakeScene) -> None:
    scene = make_scene(view=VIEW)
    senders.remove(RemoveSender(SENDER), scene)
    later = make_scene(view=with_records(scene.view, scene.working))
    assert later.view.pools[51].sender_ids == ()
    again = senders.create(CreateSender(SMS, "tel:+1 415-555-0100", label=" ", gateway_ids=(GATEWAY,)), later)
    assert (again.value, again.label, again.gateway_ids) == ("+14155550100", None, (GATEWAY,))


def test_an_update_that_changes_nothing_is_no_news(make_scene: MakeScene) -> None:
    scene = make_scene(view=VIEW)
    gateways.update(UpdateGateway(GATEWAY, name="Main line", paused=False), scene)
    senders.update(UpdateSender(SENDER, label=None), scene)
    pools.update(UpdatePool(51, sender_ids=(SENDER,)), scene)
    tags.update(UpdateTag(61, name="VIP"), scene)
    workspace.update(UpdateWorkspace(policy={"visibility": "all"}), scene)
    assert scene.working.events == []
    assert scene.view is VIEW


def test_pausing_is_told_as_health_and_resuming_tells_how_it_is_now(make_scene: MakeScene) -> None:
    health = GatewayHealth(WORKSPACE, GATEWAY, "down", NOW - DAY, "No route.")
    scene = make_scene(health)
    gateways.update(UpdateGateway(GATEWAY, paused=True), scene)
    later = make_scene(health, view=with_records(scene.view, scene.working))
    gateways.update(UpdateGateway(GATEWAY, paused=False), later)
    told = [event.data["state"] for one in (scene, later) for event in one.working.events if "state" in event.data]
    assert told == ["paused", "down"]


def test_only_another_state_of_a_gateway_is_news(make_scene: MakeScene) -> None:
    scene = make_scene()
    for state, reason in (("ok", None), ("down", "No route."), ("down", "Refused."), ("ok", None)):
        gateways.report_health(ReportHealth(GATEWAY, state, reason), scene)
    assert [event.data["state"] for event in scene.working.events] == ["down", "ok"]
    with pytest.raises(Refused):
        gateways.report_health(ReportHealth(GATEWAY, "tired"), scene)


def test_a_state_began_when_it_began(make_scene: MakeScene) -> None:
    scene = make_scene(GatewayHealth(WORKSPACE, GATEWAY, "down", NOW - DAY, "No route."))
    gateways.report_health(ReportHealth(GATEWAY, "down", "Refused."), scene)
    known = scene.working.get(GatewayHealth, WORKSPACE, GATEWAY)
    assert known == GatewayHealth(WORKSPACE, GATEWAY, "down", NOW - DAY, "Refused.")


def test_the_sender_chain_follows_a_pool_that_gets_another_name_and_keeps_it_from_being_removed(
    make_scene: MakeScene,
) -> None:
    view = make_view(Policy(sender_chain=("explicit", "pool(Support)")), pools=[POOL])
    scene = make_scene(view=view)
    with pytest.raises(Refused) as refused:
        pools.remove(RemovePool(51), scene)
    assert refused.value.code == "pool-in-use"
    pools.update(UpdatePool(51, name="Help"), scene)
    assert scene.view.policy.sender_chain == ("explicit", "pool(Help)")


def test_ones_own_snippet_is_nobody_elses_business(make_scene: MakeScene) -> None:
    mine, theirs = make_scene(NOTE, caller=AGENTS_OWN), make_scene(NOTE, caller=SUPERVISING)
    changed = snippets.update(UpdateSnippet(71, "quick_note", body="Call after 5."), mine)
    assert changed.body == "Call after 5."
    for act in (
        lambda: snippets.update(UpdateSnippet(71, "quick_note", name="Mine"), theirs),
        lambda: snippets.remove(RemoveSnippet(71, "quick_note"), theirs),
        lambda: snippets.update(UpdateSnippet(71, "template", name="Other kind"), mine),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason is Reason.NOT_FOUND
    with pytest.raises(Refused) as refused:
        snippets.update(UpdateSnippet(71, "quick_note", shared=True), mine)
    assert refused.value.reason is Reason.FORBIDDEN


def test_a_preset_sets_all_policies_and_single_ones_apply_on_top(make_scene: MakeScene) -> None:
    scene = make_scene(view=make_view(Policy(default_country="DE", natural_only=True)))
    after = workspace.update(UpdateWorkspace("Desk", "case-desk", {"visibility": "group"}), scene)
    assert (after.name, after.preset, after.version) == ("Desk", "case-desk", 1)
    policy = after.policy
    assert (policy.after_inbound, policy.visibility) == (AfterInbound.NEW, Visibility.GROUP)
    assert (policy.natural_only, policy.default_country) == (False, "DE")


def test_with_records_shows_what_a_batch_has_changed_of_this_workspace(make_scene: MakeScene) -> None:
    scene = make_scene(Sender(WORKSPACE + 1, 99, SMS, "+14155550111", NOW))
    made = senders.create(CreateSender(SMS, "+14155550199"), scene)
    gateways.update(UpdateGateway(GATEWAY, paused=True), scene)
    view = with_records(scene.view, scene.working)
    assert view.sender_of(SMS, "+14155550199") == made
    assert view.gateways[GATEWAY].paused
    assert 99 not in view.senders
    assert isinstance(view.gateways[GATEWAY], Gateway)


def test_of_two_tags_one_is_left_and_each_conversation_has_it_once(make_scene: MakeScene) -> None:
    late = Tag(WORKSPACE, 62, "Very important", NOW - DAY)
    rows = [ConversationTag(WORKSPACE, on, of) for on, of in ((1, TAG.id), (2, TAG.id), (2, late.id), (3, late.id))]
    scene = make_scene(*rows, view=make_view(tags=[TAG, late]), caller=SUPERVISING)
    assert tags.merge(MergeTags(late.id, TAG.id), scene) == TAG
    left = {(row.conversation_id, row.tag_id) for row in scene.working.all(ConversationTag)}
    assert left == {(1, TAG.id), (2, TAG.id), (3, TAG.id)}
    assert [(one.id, one.removed_at) for one in scene.working.all(Tag)] == [(late.id, NOW)]
    for command, reason in ((MergeTags(TAG.id, TAG.id), Reason.INVALID), (MergeTags(99, TAG.id), Reason.NOT_FOUND)):
        with pytest.raises(Refused) as refused:
            tags.merge(command, make_scene(view=VIEW, caller=SUPERVISING))
        assert refused.value.reason is reason
    with pytest.raises(Refused) as refused:
        tags.merge(MergeTags(late.id, TAG.id), make_scene(view=VIEW, caller=AGENTS_OWN))
    assert refused.value.reason is Reason.FORBIDDEN


def test_words_stand_in_the_order_they_are_given_and_their_uses_are_counted(make_scene: MakeScene) -> None:
    hours, thanks = (Snippet(WORKSPACE, made, "quick_reply", name, name, NOW) for made, name in ((72, "a"), (73, "b")))
    scene = make_scene(hours, thanks, caller=SUPERVISING)
    snippets.order(OrderSnippets("quick_reply", (73, 72)), scene)
    assert {one.id: one.position for one in scene.working.all(Snippet)} == {73: 1, 72: 2}
    snippets.record_use(RecordSnippetUse(72, "quick_reply"), scene)
    assert {one.id: one.uses for one in scene.working.all(Snippet)} == {73: 0, 72: 1}
    with pytest.raises(Refused) as refused:
        snippets.order(OrderSnippets("quick_reply", (72, 73)), make_scene(hours, thanks, caller=AGENTS_OWN))
    assert refused.value.reason is Reason.FORBIDDEN
    somebody_elses = replace(NOTE, user_id=SENDER)
    with pytest.raises(Refused) as refused:
        snippets.record_use(RecordSnippetUse(71, "quick_note"), make_scene(somebody_elses, caller=AGENTS_OWN))
    assert refused.value.reason is Reason.NOT_FOUND
