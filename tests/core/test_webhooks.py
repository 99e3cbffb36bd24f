"""Webhooks as decisions: whose they are to set up, what becomes of a try, and when an endpoint is switched off."""

from typing import Any

import pytest

from gateway.core.commands.webhooks import (
    CreateWebhook,
    GiveUpDelivery,
    RecordAttempt,
    RemoveWebhook,
    ReplayDelivery,
    ReplayFailed,
    RotateWebhookSecret,
    TestWebhook,
    UpdateWebhook,
)
from gateway.core.decisions import webhook_deliveries, webhooks
from gateway.core.decisions.table import DECISIONS
from gateway.core.errors import Reason, Refused
from gateway.core.scene import Scene
from gateway.domain.model import Contact, Work
from gateway.domain.record import replace
from gateway.domain.webhooks import (
    OFF_AFTER_MS,
    SECRET_OVERLAP_MS,
    TEST,
    DeliveryState,
    OffReason,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
    WebhookHealth,
)
from tests.core.conftest import ADMIN, ADMINISTRATOR, AGENTS_OWN, DAY, NOW, SUPERVISING, WORKSPACE, MakeScene

HOOK = Webhook(WORKSPACE, 91, "https://shop.example/hook", ("*",), "sealed", NOW - DAY)
OFF = replace(HOOK, id=92, enabled=False, off_reason=OffReason.FAILING, off_at=NOW - DAY)
WAITS = WebhookDelivery(WORKSPACE, 95, 91, "message_received", 7, NOW - 1_000, NOW - 1_000)
DEAD = replace(WAITS, id=96, state=DeliveryState.FAILED, attempts=9, tries=9, ended_at=NOW, in_order=False)
FAILED = RecordAttempt(91, 95, 1, NOW - 50, 50, 500, "It said 500.", "oops", NOW + 3_000)


def decide(command: Any, scene: Scene) -> Any:
    return DECISIONS[type(command)].decide(command, scene)


@pytest.mark.parametrize(
    "command",
    [
        CreateWebhook("https://shop.example/", ("*",), "sealed"),
        UpdateWebhook(91, enabled=False),
        RotateWebhookSecret(91, "other"),
        RemoveWebhook(91),
        TestWebhook(91),
        ReplayDelivery(91, 96),
        ReplayFailed(91, (96,)),
    ],
)
def test_they_are_administrators_business(make_scene: MakeScene, command: Any) -> None:
    for caller in (AGENTS_OWN, SUPERVISING):
        with pytest.raises(Refused) as refused:
            decide(command, make_scene(HOOK, DEAD, caller=caller))
        assert refused.value.reason is Reason.FORBIDDEN
    decide(command, make_scene(HOOK, DEAD, caller=ADMINISTRATOR))


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (CreateWebhook("shop.example", ("*",), "s"), "url"),
        (CreateWebhook("https://shop.example/", (), "s"), "events"),
        (CreateWebhook("https://shop.example/", ("No such thing",), "s"), "events"),
        (CreateWebhook("https://shop.example/", ("a",) * 101, "s"), "events"),
        (CreateWebhook("https://shop.example/", ("*",), "s", "x" * 501), "description"),
        (UpdateWebhook(91, url="ftp://shop.example/"), "url"),
        (UpdateWebhook(91, events=()), "events"),
    ],
)
def test_what_may_not_stand_in_one(make_scene: MakeScene, command: Any, field: str) -> None:
    with pytest.raises(Refused) as refused:
        decide(command, make_scene(HOOK, caller=ADMINISTRATOR))
    assert [error.field for error in refused.value.errors] == [field]


def test_one_is_made_and_fifty_are_enough(make_scene: MakeScene) -> None:
    command = CreateWebhook(" https://shop.example/ ", ("tag_added", "*", "tag_added"), "sealed", " Shop ")
    scene = make_scene(caller=ADMINISTRATOR)
    made = webhooks.create(command, scene)
    assert (made.url, made.events, made.description) == ("https://shop.example/", ("*",), "Shop")
    assert (made.user_id, made.enabled) == (ADMIN, True)
    assert [event.data for event in scene.working.events] == [{"noun": "webhook", "id": made.id}]
    many = [replace(HOOK, id=1_000 + n) for n in range(50)]
    with pytest.raises(Refused) as refused:
        webhooks.create(command, make_scene(*many, caller=ADMINISTRATOR))
    assert refused.value.code == "too-many-webhooks"
    webhooks.create(command, make_scene(*many[1:], replace(many[0], removed_at=NOW), caller=ADMINISTRATOR))


def test_the_former_secret_signs_for_a_day(make_scene: MakeScene) -> None:
    after = webhooks.rotate(RotateWebhookSecret(91, "other"), make_scene(HOOK, caller=ADMINISTRATOR))
    assert (after.secret, after.previous_secret, after.previous_until) == ("other", "sealed", NOW + SECRET_OVERLAP_MS)


def test_switching_on_again_lets_go_on_what_waits(make_scene: MakeScene) -> None:
    health = WebhookHealth(WORKSPACE, 92, NOW - DAY, failing_since=NOW - 6 * DAY, last_error="no")
    scene = make_scene(OFF, health, caller=ADMINISTRATOR)
    after = webhooks.update(UpdateWebhook(92, enabled=True), scene)
    assert (after.enabled, after.off_reason, after.off_at) == (True, None, None)
    assert [one.failing_since for one in scene.working.all(WebhookHealth)] == [None], "its days count anew"
    assert [(one.kind, one.lane) for one in scene.working.all(Work)] == [("webhook", 92)]


@pytest.mark.parametrize("command", [TestWebhook(92), ReplayDelivery(92, 96), ReplayFailed(92, (96,))])
def test_one_that_is_off_is_told_nothing(make_scene: MakeScene, command: Any) -> None:
    with pytest.raises(Refused) as refused:
        decide(command, make_scene(OFF, DEAD, caller=ADMINISTRATOR))
    assert refused.value.code == "webhook-off"


def test_a_failure_holds_the_next_ones_back_three_times_and_then_waits_alone(make_scene: MakeScene) -> None:
    one = WAITS
    seen = []
    for number in (1, 2, 3, 4):
        scene = make_scene(HOOK, one)
        after = webhook_deliveries.record(replace_number(FAILED, number), scene)
        assert after is not None
        one = after
        seen.append((one.in_order, one.tries, [work.kind for work in scene.working.all(Work)]))
    assert seen == [
        (True, 1, []), (True, 2, []), (False, 3, ["webhook_late"]), (False, 4, ["webhook_late"]),
    ]  # fmt: skip


def replace_number(command: RecordAttempt, number: int, **more: Any) -> RecordAttempt:
    import dataclasses

    return dataclasses.replace(command, number=number, **more)


def test_a_try_is_recorded_once(make_scene: MakeScene) -> None:
    scene = make_scene(HOOK, WAITS)
    taken = replace_number(FAILED, 1, status=204, error=None, retry_at=None)
    after = webhook_deliveries.record(taken, scene)
    assert after is not None
    assert (after.state, after.attempts, after.status, after.ended_at) == (DeliveryState.DELIVERED, 1, 204, NOW)
    assert webhook_deliveries.record(FAILED, scene) is None, "another worker was there first"
    assert len(list(scene.working.all(WebhookAttempt))) == 1


def test_an_erased_contacts_words_do_not_come_back_in_an_answer(make_scene: MakeScene) -> None:
    gone = Contact(WORKSPACE, 70, NOW, erased_at=NOW)
    scene = make_scene(HOOK, WAITS, gone)
    webhook_deliveries.record(replace_number(FAILED, 1, contact_id=70), scene)
    assert [one.answer for one in scene.working.all(WebhookAttempt)] == [None]


def test_the_last_failure_is_a_dead_letter_which_can_be_replayed(make_scene: MakeScene) -> None:
    last = replace(WAITS, attempts=8, tries=8, in_order=False)
    scene = make_scene(HOOK, last, caller=ADMINISTRATOR)
    dead = webhook_deliveries.record(replace_number(FAILED, 9, retry_at=None), scene)
    assert dead is not None
    assert (dead.state, dead.ended_at) == (DeliveryState.FAILED, NOW)
    again = webhook_deliveries.replay(ReplayDelivery(91, 95), scene)
    assert (again.state, again.id, again.attempts, again.tries) == (DeliveryState.WAITING, 95, 9, 0)
    assert [(one.kind, one.subject_id) for one in scene.working.all(Work)] == [("webhook_late", 95)]
    with pytest.raises(Refused) as refused:
        webhook_deliveries.replay(ReplayDelivery(91, 95), scene)
    assert refused.value.code == "delivery-waiting"


def test_of_another_webhook_nothing_is_replayed(make_scene: MakeScene) -> None:
    other = replace(HOOK, id=93)
    scene = make_scene(other, DEAD, WAITS, caller=ADMINISTRATOR)
    with pytest.raises(Refused) as refused:
        webhook_deliveries.replay(ReplayDelivery(93, 96), scene)
    assert refused.value.reason is Reason.NOT_FOUND
    assert webhook_deliveries.replay_failed(ReplayFailed(93, (95, 96, 97)), scene) == 0
    scene = make_scene(HOOK, DEAD, WAITS, caller=ADMINISTRATOR)
    assert webhook_deliveries.replay_failed(ReplayFailed(91, (95, 96, 97)), scene) == 1, "what waits is left alone"


def test_what_was_never_tried_is_given_up_with_its_reason(make_scene: MakeScene) -> None:
    scene = make_scene(HOOK, WAITS)
    webhook_deliveries.give_up(GiveUpDelivery(95, "It waited."), scene)
    one = scene.find(WebhookDelivery, 95)
    assert one is not None
    assert (one.state, one.error) == (DeliveryState.FAILED, "It waited.")


@pytest.mark.parametrize(
    ("since", "gone", "reason"),
    [
        (NOW - OFF_AFTER_MS, False, OffReason.FAILING),
        (NOW - OFF_AFTER_MS + 1, False, None),
        (None, True, OffReason.GONE),
        (None, False, None),
    ],
)
def test_an_endpoint_is_switched_off_and_administrators_are_told(
    make_scene: MakeScene, since: int | None, gone: bool, reason: str | None
) -> None:
    health = WebhookHealth(WORKSPACE, 91, NOW - 1, failing_since=since)
    scene = make_scene(HOOK, WAITS, health)
    webhook_deliveries.record(replace_number(FAILED, 1, gone=gone, retry_at=None if gone else NOW + 1), scene)
    hook = scene.find(Webhook, 91)
    assert hook is not None
    assert (hook.enabled, hook.off_reason) == (reason is None, reason)
    told = [(one.subject_id, one.data) for one in scene.working.all(Work) if one.kind == "webhook_off"]
    assert told == ([] if reason is None else [(ADMIN, {"webhook": 91})])
    assert bool(scene.working.events) is (reason is not None), "whoever follows the log reads it again"


def test_a_success_forgives_and_a_failed_test_counts_for_nothing(make_scene: MakeScene) -> None:
    health = WebhookHealth(WORKSPACE, 91, NOW - 1, failing_since=NOW - OFF_AFTER_MS)
    scene = make_scene(HOOK, replace(WAITS, type=TEST), health)
    webhook_deliveries.record(replace_number(FAILED, 1, retry_at=None), scene)
    assert list(scene.working.all(WebhookHealth)) == [health]
    scene = make_scene(HOOK, WAITS, health)
    webhook_deliveries.record(replace_number(FAILED, 1, error=None, retry_at=None), scene)
    assert [one.failing_since for one in scene.working.all(WebhookHealth)] == [None]
