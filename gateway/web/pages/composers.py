"""The box below a thread: From with its default, what helps to write, the draft, and why it may be locked."""

from collections.abc import Sequence
from typing import Protocol

from gateway.core.consents import OPTED_OUT
from gateway.core.preview import Preview
from gateway.core.scene import CapabilitiesOf
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.address import AddressKind
from gateway.domain.conversation import State
from gateway.domain.ids import format_id
from gateway.domain.model import Media
from gateway.domain.settings import Snippet
from gateway.storage.facts import Draft
from gateway.storage.thread_views import ConversationView
from gateway.web.language import Language
from gateway.web.pages.attachments import attachment
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.kits import KitMaker
from gateway.web.pages.senders import chosen_of, groups_of
from gateway.web.pages.views_composer import Composer


class Kept(Protocol):
    """What is kept for a composer."""

    @property
    def draft(self) -> Draft | None:
        """What was typed and not sent."""

    @property
    def draft_files(self) -> Sequence[Media]:
        """The uploads that were to go along, as far as they are still there."""

    @property
    def subject(self) -> str:
        """What the thread's mails are about."""

    @property
    def snippets(self) -> Sequence[Snippet]:
        """Templates, quick replies and quick notes."""


def composer_of(
    view: WorkspaceView,
    capabilities: CapabilitiesOf,
    language: Language,
    found: ConversationView,
    ahead: Preview,
    kept: Kept,
    maker: KitMaker,
) -> Composer:
    """The composer of one conversation."""
    row, draft = found.row, kept.draft
    to = row.addresses[0].value if row.addresses else ""
    kind = row.addresses[0].kind if len({one.kind for one in row.addresses}) == 1 else None
    groups = groups_of(view, capabilities, language, ahead, kind if kind is not AddressKind.SHORT_CODE else None, to)
    return Composer(
        conversation=format_id("cnv", row.conversation.id),
        thread=format_id("thr", row.thread.id),
        name=face_of_contact(row.contact, list(row.addresses), language).name,
        groups=groups,
        chosen=chosen_of(groups),
        draft=draft.body if draft else "",
        last_seq=row.thread.seq,
        kit=maker.kit(kept.snippets, row.contact, row.addresses),
        locked=_locked(ahead),
        sealed=row.conversation.state is State.CLOSED,
        subject=(draft.subject if draft else None) or _reply_to(kept.subject),
        attached=[attachment(one, language) for one in kept.draft_files],
        note=draft.note if draft else "",
        draft_at=draft.at if draft else 0,
        draft_tab=(draft.tab if draft else None) or "",
    )


def _reply_to(subject: str) -> str:
    """`Re:` once, however often it went back and forth."""
    return subject if not subject or subject.lower().startswith("re:") else f"Re: {subject}"


def _locked(ahead: Preview) -> str:
    """The sentence of an opt-out; everything else is said while writing."""
    return next((one.message for one in ahead.refusals if one.code == OPTED_OUT), "")
