"""All checks together."""

from gateway.testing.contract_secrets import SecretChecks
from gateway.testing.contract_sends import SendChecks
from gateway.testing.contract_webhooks import WebhookChecks
from gateway.testing.contract_whole import WholeWayChecks


class ChannelContract(WebhookChecks, SendChecks, SecretChecks, WholeWayChecks):
    """Subclass it in a test module, with a name that begins with `Test`: pytest finds the checks by themselves.

    It needs `channel` and `settings`; `inbound` and `sign` where there are webhooks, `outbound` for what its provider
    has words of its own for, `receipt` where receipts come by webhook, `far_side` where the wire isn't HTTP.
    """
