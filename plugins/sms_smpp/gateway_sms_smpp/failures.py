"""How a session's requests fail. What the caller needs to know is whether the centre may have taken the request."""

from gateway_sms_smpp.pdu import Status


class SessionError(Exception):
    """A request without an answer. `left` is False only when provably none of its octets reached the network."""

    def __init__(self, reason: str, *, left: bool) -> None:
        super().__init__(reason)
        self.left = left


class NotBoundError(SessionError):
    """There is no bound session to send on, or it takes nothing new any more."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, left=False)


class WindowFullError(SessionError):
    """No turn in the window for too long: the centre answers, or wants to be asked, too slowly for what it is given."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The message centre left no room in its window for {seconds:g} s", left=False)


class ConnectionLostError(SessionError):
    """The connection ended before the answer came."""


class ResponseTimeoutError(SessionError):
    """No answer within the response timeout."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The message centre did not answer within {seconds:g} s", left=True)


class GarbledResponseError(SessionError):
    """The answer came, said yes, and could not be read any further."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The message centre's answer could not be read: {reason}", left=True)


class BindRefusedError(Exception):
    """The centre answered the bind with `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(f"The message centre refused the bind: {_REFUSALS.get(status, f'status 0x{status:X}')}")
        self.status = status


_REFUSALS: dict[int, str] = {
    Status.RINVPASWD: "the password is wrong (status 0xE)",
    Status.RINVSYSID: "the system_id is unknown (status 0xF)",
    Status.RINVSYSTYP: "the system_type is wrong (status 0x53)",
    Status.RALYBND: "this account is bound already, perhaps too many binds (status 0x5)",
    Status.RBINDFAIL: "the bind failed; check system_id, password and the allowed addresses (status 0xD)",
}
