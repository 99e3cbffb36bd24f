"""Commands that do nothing but leave their line in the audit trail (`core/audited.py`)."""

from gateway.core.commands.audit import RecordExport, RecordFailedSignIn
from gateway.core.errors import forbidden
from gateway.core.needs import Needs
from gateway.core.scene import Scene


def nothing_needed(command: RecordExport | RecordFailedSignIn, needs: Needs) -> None:
    """The line stands for itself."""


def failed_sign_in(command: RecordFailedSignIn, scene: Scene) -> None:
    """Only the door says so."""
    if scene.caller.is_person:
        raise forbidden("Your role does not allow this.")


def exported(command: RecordExport, scene: Scene) -> None:
    """Whoever may take it out was asked before."""
