"""What plugins said before the command was decided; it travels with the command, so that deciding stays pure."""

from gateway.domain.nature import Nature
from gateway.domain.record import record
from gateway.sdk.decisions import Assignment, SenderVote


@record
class Verdict:
    """None everywhere: no plugin had anything to say. `refusal` is the sentence of a vetting hook."""

    nature: Nature | None = None
    assignment: Assignment | None = None
    vote: SenderVote | None = None
    refusal: str | None = None


NO_VERDICT = Verdict()
