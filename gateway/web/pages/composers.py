"""The box below a thread: From with its default, what is kept to be used again, the draft, and why it may be locked."""

from collections.abc import Sequence
from typing import Protocol

from gateway.core.consents import OPTED_OUT
from gateway.core.preview import Preview
from gateway.core.scene import CapabilitiesOf
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.address import AddressKind
from gateway.domain.conversation import State
from gateway.domain.ids import format_id
from gateway.domain.settings import Snippet
from gateway.storage.thread_views import ConversationView
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.senders import chosen_of, groups_of
from gateway.web.pages.views_composer import Composer
from gateway.web.pages.views_shell import Choice


class Kept(Protocol):
    """What is kept for a composer."""

    @property
    def draft(self) -> str:
        """What was typed and not sent."""

    @property
    def snippets(self) -> Sequence[Snippet]:
        """Templates, quick replies and quick notes."""


def composer_of(
    view: WorkspaceView, capabilities: CapabilitiesOf, found: ConversationView, ahead: Preview, kept: Kept
) -> Composer:
    """The composer of one conversation."""
    row = found.row
    to = row.addresses[0].value if row.addresses else ""
    kind = row.addresses[0].kind if len({one.kind for one in row.addresses}) == 1 else None
    groups = groups_of(view, capabilities, ahead, kind if kind is not AddressKind.SHORT_CODE else None, to)
    return Composer(
        conversation=format_id("cnv", row.conversation.id),
        thread=format_id("thr", row.thread.id),
        name=face_of_contact(row.contact, list(row.addresses)).name,
        groups=groups,
        chosen=chosen_of(groups),
        draft=kept.draft,
        last_seq=row.thread.seq,
        quick_replies=_words(kept.snippets, "quick_reply"),
        templates=_templates(kept.snippets),
        quick_notes=_words(kept.snippets, "quick_note"),
        locked=_locked(ahead),
        sealed=row.conversation.state is State.CLOSED,
    )


def _locked(ahead: Preview) -> str:
    """The sentence of an opt-out; everything else is said while writing."""
    return next((one.message for one in ahead.refusals if one.code == OPTED_OUT), "")


def _words(snippets: Sequence[Snippet], kind: str) -> list[Choice]:
    return [Choice(one.name, one.body, note=one.body) for one in snippets if one.kind == kind]


def _templates(snippets: Sequence[Snippet]) -> list[Choice]:
    return [Choice(one.name, format_id("tpl", one.id), note=one.body) for one in snippets if one.kind == "template"]
