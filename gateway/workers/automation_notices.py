"""Administrators are told, each where they want to be, that an automation is held, since a machine answers it."""

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.model import Work
from gateway.domain.people import User
from gateway.storage import automation_reads
from gateway.storage.session import Session
from gateway.workers.notice_post import NoticePost


class AutomationNotices(NoticePost):
    """Of one rule that is still held somewhere."""

    def words(self, session: Session, view: WorkspaceView, user: User, work: Work) -> str | None:
        """Names no contact: a notice stands in a thread that outlives them."""
        rule = automation_reads.automation(session, view.id, int(work.data["automation"]))
        threads = 0 if rule is None else automation_reads.how_many_held(session, view.id).get(rule.id, 0)
        if rule is None or not threads:
            return None
        where = "one contact" if threads == 1 else f"{threads} contacts"
        link = f"{self._public_url}/settings/automations/{format_id(PREFIXES['automation'], rule.id)}/runs"
        return f"The automation “{rule.name}” is held for {where}: it was set off too often, like in a loop.\n{link}"
