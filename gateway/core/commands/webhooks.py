"""Outgoing webhooks: set up by an administrator, tried by the system. Secrets come sealed."""

from gateway.core.commands.base import UNCHANGED, Command
from gateway.domain.record import record
from gateway.domain.webhooks import Webhook, WebhookDelivery


@record
class CreateWebhook(Command[Webhook]):
    """`events` are types, or `*` alone."""

    url: str
    events: tuple[str, ...]
    secret: str
    description: str = ""
    enabled: bool = True


@record
class UpdateWebhook(Command[Webhook]):
    """What is named changes. Switching it on again lets go on what waits."""

    webhook_id: int
    url: str = UNCHANGED
    events: tuple[str, ...] = UNCHANGED
    description: str = UNCHANGED
    enabled: bool = UNCHANGED


@record
class RotateWebhookSecret(Command[Webhook]):
    """Another secret; the former one signs too for a day."""

    webhook_id: int
    secret: str


@record
class RemoveWebhook(Command[None]):
    """It is told nothing any more."""

    webhook_id: int


@record
class TestWebhook(Command[WebhookDelivery]):
    """Delivers something that stands for nothing, once."""

    __test__ = False  # no test of ours

    webhook_id: int


@record
class ReplayDelivery(Command[WebhookDelivery]):
    """Delivers it again, under its own id, and tries that as often as the first time."""

    webhook_id: int
    delivery_id: int


@record
class ReplayFailed(Command[int]):
    """Those of some deliveries that are dead letters. Answers how many."""

    webhook_id: int
    delivery_ids: tuple[int, ...]


@record
class RecordAttempt(Command[WebhookDelivery | None]):
    """A delivery was tried for the `number`th time; `error` says what was wrong, None that it was taken.

    After a failure it is tried again at `retry_at` (ms), or given up. `gone`: the endpoint wants nothing any more.
    None when somebody else had recorded that try before.
    """

    webhook_id: int
    delivery_id: int
    number: int
    at: int
    duration_ms: int
    status: int | None = None
    error: str | None = None
    answer: str | None = None
    retry_at: int | None = None
    gone: bool = False
    contact_id: int | None = None


@record
class GiveUpDelivery(Command[None]):
    """It became a dead letter without being tried: it waited too long, or there is nothing to deliver."""

    delivery_id: int
    reason: str
