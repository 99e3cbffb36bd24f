"""All checks together."""

from gateway.testing.contract_arrivals import ArrivalChecks
from gateway.testing.contract_bad_days import BadDayChecks
from gateway.testing.contract_secrets import SecretChecks
from gateway.testing.contract_sends import SendChecks
from gateway.testing.contract_webhooks import WebhookChecks


class ChannelContract(WebhookChecks, ArrivalChecks, SendChecks, SecretChecks, BadDayChecks):
    """Subclass it in a test module, with a name that begins with `Test`: pytest finds the checks by themselves.

    It needs `channel` and `settings`; `inbound`, `sign` and `written` where there are webhooks, `outbound` for what
    its provider has words of its own for, `receipt` where receipts come by webhook. Where the wire isn't HTTP it needs
    `far_side`, and `deliver`, `report` and `joined` instead of webhooks.
    """
