"""One message, taken in hand: decided, changed while it waits, or read as it was formatted."""

from gateway.domain.record import record


@record(gc=True)
class Decision:
    """A message whose outcome nobody knows."""

    id: str
    body: str
    via: str
    gateway: str
    at: str
    back: str


@record
class ScheduledEdit:
    """A message that waits for its time; `at` and `expires` are local times as a form has them."""

    id: str
    body: str
    appended: str
    at: str
    expires: str
    back: str


@record
class FormattedMail:
    """A mail in a frame. `elsewhere` counts the pictures that are not its own; `pictures` says they are fetched."""

    id: str
    src: str
    title: str
    elsewhere: int
    pictures: bool
