"""Deliveries against real endpoints on loopback: in order, again and again, and never at the cost of another's."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway.core.caller import system
from gateway.core.commands.contacts import EraseContact
from gateway.core.commands.notices import SaveNotices
from gateway.core.commands.settings import SuspendWorkspace
from gateway.core.commands.webhooks import (
    CreateWebhook,
    ReplayDelivery,
    RotateWebhookSecret,
    TestWebhook,
    UpdateWebhook,
)
from gateway.core.decisions.webhook_deliveries import WEBHOOK_LATE, WEBHOOK_OFF
from gateway.core.decisions.webhooks import WEBHOOK
from gateway.domain.address import typed_address
from gateway.domain.model import Message, Work
from gateway.domain.webhooks import SECRET_OVERLAP_MS, DeliveryState, Webhook, WebhookAttempt, WebhookDelivery
from gateway.feed.subscriptions import Subscriptions
from gateway.feed.to_work import FOLLOWER, ToWork
from gateway.host.http import GatewayHttp
from gateway.host.http_sessions import TOTAL_TIMEOUT_S, HttpSessions
from gateway.host.reachable import Reachable
from gateway.host.secrets import SecretBox
from gateway.sdk.proof import written_secret
from gateway.web.api.webhook_bodies import body_of
from gateway.workers.metrics import WorkMetrics
from gateway.workers.recovery import Recovery
from gateway.workers.runner import Kind, Runner
from gateway.workers.webhook_calls import Calls
from gateway.workers.webhook_notices import WebhookNotices
from gateway.workers.webhooks import WebhookDeliveries
from tests.core.running import Core, running_core
from tests.feed.test_following import follower
from tests.host.parts import KEY, Moment
from tests.support.webhook_receiver import HUGE, Receiver, receiving

DAY_MS = 86_400_000
SOON_S = 2.0
SECRET = written_secret(b"k" * 32)
BOX = SecretBox([KEY])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@dataclass
class Post:
    """A node that follows the log and delivers; time passes when told to."""

    core: Core
    moment: Moment
    runner: Runner
    follower: Any
    receiver: Receiver

    async def hook(self, path: str = "/hook", *events: str, url: str | None = None) -> Webhook:
        command = CreateWebhook(url or self.receiver.url(path), events or ("message_received",), BOX.seal(SECRET))
        made: Webhook = await self.core.writer.execute(command, self.core.admin)
        return made

    async def work_off(self) -> None:
        """All that is due now."""
        await self.follower.catch_up()
        while await self.runner.round(lambda: None):
            await self.runner.settled()

    async def pass_time(self, seconds: float) -> None:
        self.core.clock.forward(round(seconds * 1000))
        self.moment.now += seconds
        await self.work_off()

    async def deliveries(self, hook: Webhook | None = None) -> list[WebhookDelivery]:
        found: list[WebhookDelivery] = await self.core.all(WebhookDelivery)
        return [one for one in found if hook is None or one.webhook_id == hook.id]

    async def now(self, hook: Webhook) -> Webhook:
        found: Webhook = next(one for one in await self.core.all(Webhook) if one.id == hook.id)
        return found

    def bodies(self, path: str = "/hook") -> list[str]:
        return [json.loads(one.body)["data"]["message"]["body"] for one in self.receiver.at(path)]


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as core:
        yield core


@pytest.fixture
def patience_s() -> float:
    """After how many seconds an endpoint is given up; a test of silence gives less."""
    return TOTAL_TIMEOUT_S


@pytest.fixture
async def post(core: Core, moment: Moment, receiver: Receiver, patience_s: float) -> AsyncIterator[Post]:
    sessions = HttpSessions(Reachable([f"127.0.0.1:{receiver.port}"]), timeout_s=patience_s)
    pace = moment.pace(core.clock)
    metrics = WorkMetrics(CollectorRegistry())
    http = GatewayHttp(sessions, lambda *_: None, moment)
    webhooks = WebhookDeliveries(
        core.database, core.writer.execute, core.directory.get, body_of, Calls(http, pace), BOX, metrics, pace
    )
    told = WebhookNotices(core.database, core.writer, core.directory.get, "https://desk.example", core.clock)
    kinds = {WEBHOOK: Kind(webhooks.go_through), WEBHOOK_LATE: Kind(webhooks.again), WEBHOOK_OFF: Kind(told.tell)}
    runner = Runner(core.database, kinds, metrics, pace, "node/1")
    to_work = ToWork(lambda _: (), core.around.ids, core.clock, (Subscriptions(core.around.ids, core.clock).work,))
    yield Post(core, moment, runner, follower(core, FOLLOWER, to_work.apply, batch=100), receiver)
    await sessions.close()


async def test_what_happened_is_told_in_its_order_with_how_things_are_now(post: Post, core: Core) -> None:
    hook = await post.hook("/hook", "message_received", "conversation_opened", "message_queued")
    await core.receive("First")
    await core.send("Second")
    await post.work_off()
    said = [json.loads(one.body) for one in post.receiver.at("/hook")]
    assert [one["type"] for one in said] == ["conversation_opened", "message_received", "message_queued"]
    events = {event.position: event for event in await core.events()}
    assert all(events[one["sequence"]].type == one["type"] for one in said)
    assert [one["sequence"] for one in said] == sorted(one["sequence"] for one in said)
    received = said[1]["data"]
    assert (received["message"]["body"], received["message"]["direction"]) == ("First", "inbound")
    assert received["conversation"]["last_message"]["preview"] == "Second", "read when it is delivered"
    assert received["contact"]["addresses"][0]["value"] == "+14155550148"
    assert received["message"]["author"]["type"] == "contact"
    assert said[2]["data"]["actor"]["name"] == "Ana Reyes"
    assert "message" not in said[0]["data"]
    assert {one.state for one in await post.deliveries(hook)} == {DeliveryState.DELIVERED}
    assert await core.all(Work) == [one for one in await core.all(Work) if one.kind == "send"]


async def test_in_a_workspace_that_is_suspended_it_waits_and_goes_on_in_order(post: Post, core: Core) -> None:
    installation = system(core.workspace_id)
    hook = await post.hook()
    await core.writer.execute(SuspendWorkspace(True), installation)
    await core.receive("one")
    await core.receive("two")
    await core.writer.execute(TestWebhook(hook.id), core.admin)
    for _ in range(30):
        await post.pass_time(60)
    assert post.receiver.at("/hook") == []
    assert {one.state for one in await post.deliveries(hook)} == {DeliveryState.WAITING}
    await core.writer.execute(SuspendWorkspace(False), installation)
    await post.pass_time(120)
    said = [json.loads(one.body)["data"] for one in post.receiver.at("/hook")]
    assert [one["message"]["body"] for one in said if "message" in one] == ["one", "two"]
    assert {one.tries for one in await post.deliveries(hook)} == {1}
    assert {one.state for one in await post.deliveries(hook)} == {DeliveryState.DELIVERED}


@pytest.mark.parametrize("patience_s", [SOON_S])
async def test_a_failure_is_tried_again_under_its_id_and_the_next_ones_wait_for_it(post: Post, core: Core) -> None:
    post.receiver.answers["/hook"] = [500, "hang", 200]
    hook = await post.hook()
    await core.receive("one")
    await core.receive("two")
    await post.work_off()
    assert post.bodies() == ["one"]
    await post.pass_time(2)
    assert post.bodies() == ["one"], "not before its time"
    await post.pass_time(3)
    assert post.bodies() == ["one", "one"]
    await core.receive("three")
    await post.pass_time(36)
    assert post.bodies() == ["one", "one", "one", "two", "three"], "the order is kept"
    assert len({one.id for one in post.receiver.at("/hook")[:3]}) == 1
    first = (await post.deliveries(hook))[0]
    tries = [one for one in await core.all(WebhookAttempt) if one.delivery_id == first.id]
    assert [(one.number, one.status, one.answer) for one in tries] == [
        (1, 500, "status 500"), (2, None, None), (3, 200, "status 200"),
    ]  # fmt: skip
    assert "did not answer in time" in (tries[1].error or "")
    times = [one.headers["webhook-timestamp"] for one in post.receiver.at("/hook")[:3]]
    assert times == sorted(set(times)), "each try is signed anew"


async def test_what_fails_three_times_holds_nobody_up_and_is_a_dead_letter_after_a_day(post: Post, core: Core) -> None:
    post.receiver.answers["/hook"] = [500, 500, 500, 200, 500]
    hook = await post.hook()
    await core.receive("bad")
    await core.receive("good")
    for seconds in (0, 4, 37):
        await post.pass_time(seconds)
    assert post.bodies() == ["bad", "bad", "bad", "good"]
    started = (await post.deliveries(hook))[0].created_at
    for seconds in (360, 2_160, 8_640, 21_600, 34_560, 36_400):
        await post.pass_time(seconds)
    dead, good = await post.deliveries(hook)
    assert (dead.state, dead.attempts, good.state) == (DeliveryState.FAILED, 9, DeliveryState.DELIVERED)
    assert (dead.ended_at or 0) - started > 23 * 3_600_000
    await post.pass_time(DAY_MS / 1000)
    assert len(post.receiver.at("/hook")) == 10, "no more of it"
    post.receiver.answers["/hook"] = [200]
    await core.writer.execute(ReplayDelivery(hook.id, dead.id), core.admin)
    await post.work_off()
    assert (await post.deliveries(hook))[0].state is DeliveryState.DELIVERED
    assert post.receiver.at("/hook")[-1].id == post.receiver.at("/hook")[0].id


@pytest.mark.parametrize(
    ("answer", "taken", "says", "patience_s"),
    [
        (204, True, None, TOTAL_TIMEOUT_S),
        (400, False, "status 400", TOTAL_TIMEOUT_S),
        ("drip", False, "in time", SOON_S),
        ("away", False, "Redirects are not followed", TOTAL_TIMEOUT_S),
        ("huge", True, None, TOTAL_TIMEOUT_S),
    ],
)
async def test_what_counts_as_taken(post: Post, core: Core, answer: int | str, taken: bool, says: str | None) -> None:
    post.receiver.answers["/hook"] = [answer]
    await post.hook()
    await core.receive("Hello")
    await post.work_off()
    (one,) = await post.deliveries()
    assert (one.state is DeliveryState.DELIVERED) is taken
    assert (says or "") in (one.error or "")
    assert post.receiver.at("/elsewhere") == []
    (tried,) = await core.all(WebhookAttempt)
    assert len(tried.answer or "") <= 1_024
    assert post.receiver.sent < HUGE, "nobody reads on"


@pytest.mark.parametrize("host", ["localhost", "[::1]", "2130706433"])
async def test_no_name_and_no_notation_leads_to_a_private_address(post: Post, core: Core, host: str) -> None:
    """The operator let 127.0.0.1 through at the receiver's port, and nothing at another."""
    with receiving() as other:
        await post.hook(url=f"http://{host}:{other.port}/hook")
        await core.receive("Hello")
        await post.work_off()
        assert other.got == []
    (one,) = await post.deliveries()
    assert (one.attempts, one.status) == (1, None)
    assert host == "2130706433" or "is not a public address" in (one.error or "")


@pytest.mark.parametrize("patience_s", [SOON_S])
async def test_a_slow_endpoint_holds_up_no_other(post: Post, core: Core) -> None:
    post.receiver.answers["/slow"] = ["hang"]
    slow, quick = await post.hook("/slow"), await post.hook("/quick")
    for number in range(3):
        await core.receive(str(number))
    await post.follower.catch_up()
    await post.runner.round(lambda: None)
    await asyncio.to_thread(post.receiver.wait, 3, "/quick")
    assert len(post.receiver.at("/slow")) == 1, "one at a time"
    await post.runner.settled()
    assert [one.attempts for one in await post.deliveries(slow)] == [1, 0, 0]
    assert [one.attempts for one in await post.deliveries(quick)] == [1, 1, 1]


async def test_one_that_asks_for_time_gets_it(post: Post, core: Core) -> None:
    post.receiver.answers["/hook"] = ["later", 200]
    await post.hook()
    await core.receive("Hello")
    await post.work_off()
    await post.pass_time(50)
    assert len(post.receiver.at("/hook")) == 1
    await post.pass_time(11)
    assert len(post.receiver.at("/hook")) == 2


async def test_gone_is_gone_and_administrators_read_it(post: Post, core: Core) -> None:
    post.receiver.answers["/hook"] = [410]
    address = typed_address("+14155550199", None)
    await core.writer.execute(SaveNotices(address, 2), core.admin)
    hook = await post.hook()
    await core.receive("Hello")
    await core.receive("More")
    await post.work_off()
    await post.work_off()
    off = await post.now(hook)
    assert (off.enabled, off.off_reason) == (False, "gone")
    assert [one.attempts for one in await post.deliveries(hook)] == [1, 0]
    await core.receive("And more")
    await post.pass_time(3_600)
    assert len(post.receiver.at("/hook")) == 1
    told = [one.body for one in await core.all(Message) if one.their_address == "+14155550199"]
    assert told == [
        "The webhook to 127.0.0.1 was switched off: it wants nothing any more.\nhttps://desk.example/settings/webhooks"
    ]
    post.receiver.answers["/hook"] = [200]
    await core.writer.execute(UpdateWebhook(hook.id, enabled=True), core.admin)
    await post.work_off()
    assert post.bodies() == ["Hello", "More"], "what waited goes on; what came while it was off was never meant for it"


async def test_one_that_fails_for_days_is_switched_off(post: Post, core: Core) -> None:
    post.receiver.answers["/hook"] = [500]
    hook = await post.hook()
    for _ in range(6):
        await core.receive("Hello")
        for seconds in (0, 5, 40, DAY_MS / 1000):
            await post.pass_time(seconds)
    assert (await post.now(hook)).off_reason == "failing"


async def test_what_waited_a_day_for_its_turn_is_not_begun(post: Post, core: Core) -> None:
    hook = await post.hook()
    await core.receive("old")
    await post.follower.catch_up()
    core.clock.forward(DAY_MS + 1)
    await core.receive("new")
    await post.work_off()
    assert post.bodies() == ["new"]
    assert [one.state for one in await post.deliveries(hook)] == [DeliveryState.FAILED, DeliveryState.DELIVERED]


async def test_both_secrets_sign_for_a_day(post: Post, core: Core) -> None:
    other = written_secret(b"o" * 32)
    hook = await post.hook()
    await core.writer.execute(RotateWebhookSecret(hook.id, BOX.seal(other)), core.admin)
    await core.receive("one")
    await post.work_off()
    await post.pass_time(SECRET_OVERLAP_MS / 1000)
    await core.receive("two")
    await post.work_off()
    counts = [len(one.headers["webhook-signature"].split()) for one in post.receiver.at("/hook")]
    assert counts == [2, 1]


async def test_a_test_is_tried_once_whatever_waits(post: Post, core: Core) -> None:
    post.receiver.answers["/hook"] = [500]
    hook = await post.hook()
    await core.receive("Hello")
    await post.work_off()
    await core.writer.execute(TestWebhook(hook.id), core.admin)
    await post.work_off()
    last = json.loads(post.receiver.at("/hook")[-1].body)
    assert (last["type"], last["sequence"], last["data"]["contact"]) == ("webhook_test", 0, None)
    assert [one.state for one in await post.deliveries(hook)] == [DeliveryState.WAITING, DeliveryState.FAILED]


async def test_a_worker_that_dies_delivers_again_and_nothing_is_left_behind(post: Post, core: Core) -> None:
    """CASES 23: killed between the endpoint's yes and our record of it."""
    post.receiver.answers["/hook"] = ["hang", 200]
    hook = await post.hook()
    await core.receive("Hello")
    await post.follower.catch_up()
    await post.runner.round(lambda: None)
    await asyncio.to_thread(post.receiver.wait, 1)
    await post.runner.drain(0.0)  # its tasks are cancelled where they stand
    await post.runner.settled()
    pace = post.moment.pace(core.clock)
    metrics = WorkMetrics(CollectorRegistry())

    async def never(_: Work) -> bool:
        return False

    recovery = Recovery(core.database, core.writer.execute, frozenset, never, metrics, pace)
    assert await recovery.take_up("node", "node/2") == 1
    await post.pass_time(60)
    assert post.bodies() == ["Hello", "Hello"]
    assert len({one.id for one in post.receiver.at("/hook")}) == 1, "its receiver can tell"
    assert [one.state for one in await post.deliveries(hook)] == [DeliveryState.DELIVERED]


async def test_nothing_of_an_erased_contact_is_left_in_the_log_or_told_any_more(post: Post, core: Core) -> None:
    post.receiver.answers["/hook"] = ["echo", 200]
    await post.hook()
    received = await core.receive("My secret")
    assert received.message is not None
    await post.work_off()
    assert "My secret" in str(await core.all(WebhookAttempt))
    await core.writer.execute(EraseContact(received.message.contact_id), core.admin)
    assert "My secret" not in str(await core.all(WebhookAttempt))
    await post.pass_time(4)
    again = json.loads(post.receiver.at("/hook")[-1].body)["data"]
    assert again["message"]["body"] == ""
    assert "+14155550148" not in json.dumps(again)


async def test_a_later_try_whose_work_was_lost_is_made_all_the_same(post: Post, core: Core) -> None:
    hook = await post.hook()
    await core.receive("one")
    await post.work_off()
    (one,) = await post.deliveries(hook)
    lost = replace(one, state=DeliveryState.WAITING, in_order=False, next_at=core.clock())
    from gateway.storage.records import WEBHOOK_DELIVERIES

    await core.database.write(lambda session: WEBHOOK_DELIVERIES.update(session, [(one, lost)]))
    await post.pass_time(61)
    await core.receive("two")
    await post.work_off()
    assert post.bodies() == ["one", "one", "two"]
