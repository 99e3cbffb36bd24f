"""Whether a campaign can be what somebody wants it to be: each field, and all of it before it starts."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.core.automation_facts import FIELDS
from gateway.core.decisions.names import checked_text, require_live
from gateway.core.errors import FieldError, Reason, Refused, invalid
from gateway.core.routing import named_sender
from gateway.core.scene import Scene
from gateway.core.templates import KNOWN, check
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.attachments import why_not_taken
from gateway.domain.campaigns import Campaign
from gateway.domain.consent import Purpose
from gateway.domain.model import Media
from gateway.domain.prices import CHANNELS
from gateway.domain.rules import MOST_CONDITIONS, BadRule, Rule, rule_of
from gateway.domain.sender import SenderKind
from gateway.domain.settings import Pool, Sender

MOST_LISTS: Final = 50
MOST_MEDIA: Final = 10
FASTEST: Final = 100_000
_DAY: Final = 1440
_NAMES: Final = {name: KNOWN[name] for name in ("contact", "user")}
"""What its text may name: whoever gets it, and whoever sends it."""


def check_fields(scene: Scene, campaign: Campaign, given: Mapping[str, Any]) -> Campaign:
    """The campaign with what was given cleaned; refuses the first field that can't be."""
    if "list_ids" in given:
        require_live("lists", "list", campaign.list_ids, scene.view.lists)
        if len(campaign.list_ids) > MOST_LISTS:
            raise invalid("lists", f"At most {MOST_LISTS} lists; these are {len(campaign.list_ids)}.")
    if "conditions" in given:
        rules_of(campaign.conditions)
    if "body" in given:
        check_text(campaign.body, "body")
    if "subject" in given and checked_text("subject", campaign.subject, 998):
        check_text(campaign.subject or "", "subject")
    if campaign.from_ is not None and "from_" in given and named_sender(scene.view, campaign.from_) is None:
        raise invalid("from", f"There is no sender {campaign.from_}.", "not-found")
    if campaign.channel is not None and campaign.channel not in CHANNELS:
        raise invalid("channel", f"A channel is one of {', '.join(CHANNELS)}.")
    if campaign.purpose not in set(Purpose) - {Purpose.ANY}:
        raise invalid("purpose", f"A purpose is one of {', '.join(sorted(set(Purpose) - {Purpose.ANY}))}.")
    _check_times(campaign)
    if "media_ids" in given:
        _check_media(scene, campaign)
    return campaign


def check_text(source: str, field: str) -> None:
    """Words with merge fields: of whoever gets it and whoever sends it, and of nothing else."""
    check(source, field, _NAMES, closed=True)


def _check_times(campaign: Campaign) -> None:
    if campaign.pace is not None and not 1 <= campaign.pace <= FASTEST:
        raise invalid("pace", f"A pace is 1 to {FASTEST} messages a minute; leave it out for no limit.")
    quiet = (campaign.quiet_start, campaign.quiet_end)
    if (None in quiet and quiet != (None, None)) or not all(0 <= one < _DAY for one in quiet if one is not None):
        raise invalid("quiet_hours", "Give both times of day, such as 21:00 and 08:00.")
    if campaign.quiet_start is not None and campaign.quiet_start == campaign.quiet_end:
        raise invalid("quiet_hours", "Quiet hours end at another time than they start.")
    if campaign.send_at is not None and campaign.expires_at is not None and campaign.expires_at <= campaign.send_at:
        raise invalid("expires_at", "It would expire before it is sent.", "expired")


def _check_media(scene: Scene, campaign: Campaign) -> None:
    if len(campaign.media_ids) > MOST_MEDIA:
        raise invalid("media", f"At most {MOST_MEDIA} files; these are {len(campaign.media_ids)}.")
    for media_id in campaign.media_ids:
        media = scene.find(Media, media_id)
        if media is None or media.state == "unavailable" or not (media.library or _own(scene, media)):
            raise invalid("media", "There is no such file in the team's library.", "not-found")
        channel = campaign.channel or _channel_of(scene, campaign)
        unfit = why_not_taken(channel, media.content_type, media.name) if media.state == "stored" else None
        if unfit is not None:
            raise invalid("media", unfit, "media-type")


def _channel_of(scene: Scene, campaign: Campaign) -> str:
    """The one its files leave by, as far as that is settled already: its sender says, or by mail, which takes any."""
    named = named_sender(scene.view, campaign.from_) if campaign.from_ is not None else None
    if not isinstance(named, Sender) or named.kind is SenderKind.EMAIL:
        return "email"
    return "whatsapp" if named.kind is SenderKind.WHATSAPP else "mms"


def _own(scene: Scene, media: Media) -> bool:
    return media.message_id is None and media.user_id is not None and media.user_id == scene.caller.user_id


def rules_of(conditions: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The conditions, read. They are asked of the contact alone: there is no conversation and no message yet."""
    if len(conditions) > MOST_CONDITIONS:
        raise invalid("conditions", f"At most {MOST_CONDITIONS} conditions; these are {len(conditions)}.")
    rules = []
    for index, one in enumerate(conditions):
        try:
            rule = rule_of(one)
        except BadRule as error:
            raise invalid(f"conditions[{index}].{error.part}".rstrip("."), str(error)) from None
        head, _, rest = rule.field.partition(".")
        if head != "contact" or rest.partition(".")[0] not in FIELDS["contact"]:
            sentence = f"{rule.field[:40]} is nothing of a contact; use contact.fields.<name> or contact.timezone."
            raise invalid(f"conditions[{index}].field", sentence, "unknown-field")
        rules.append(rule)
    return tuple(rules)


def require_ready(scene: Scene, campaign: Campaign) -> None:
    """All that is missing before it can start, together."""
    errors = []
    live = [one for one in campaign.list_ids if one in scene.view.lists and scene.view.lists[one].removed_at is None]
    if not live:
        errors.append(FieldError("lists", "Choose at least one list.", "empty"))
    if not campaign.body.strip() and not campaign.media_ids:
        errors.append(FieldError("body", "Write something, or attach a file.", "empty"))
    stuck = blocked(scene.view, campaign)
    if stuck is not None:
        errors.append(FieldError("from", stuck, "sender-unusable"))
    if campaign.expires_at is not None and campaign.expires_at <= scene.now:
        errors.append(FieldError("expires_at", "That time has passed.", "expired"))
    if errors:
        raise Refused(Reason.INVALID, errors[0].code, errors[0].message, tuple(errors))


def blocked(view: WorkspaceView, campaign: Campaign) -> str | None:
    """Why nothing of it can leave, whoever it is for; None where it can."""
    if campaign.from_ is None:
        able = any(view.serving(one) for one in view.live(view.senders))
        return None if able else "No sender can carry this campaign. Add one, or switch its gateway on."
    named = named_sender(view, campaign.from_)
    if named is None:
        return "The sender of this campaign was removed. Choose another."
    members = [named] if isinstance(named, Sender) else [view.senders[one] for one in named.sender_ids]
    if isinstance(named, Pool) and all(one.removed_at is not None for one in members):
        return f"The pool {named.name} has no numbers. Put some in it in the settings."
    if any(view.serving(one) for one in members if one.removed_at is None):
        return None
    return "No gateway serves the sender of this campaign at the moment."


def is_mail(view: WorkspaceView, campaign: Campaign) -> bool:
    """Whether it goes to e-mail addresses: as its channel says, else its sender, else its subject."""
    if campaign.channel is not None:
        return campaign.channel == "email"
    named = named_sender(view, campaign.from_) if campaign.from_ is not None else None
    if isinstance(named, Sender):
        return named.kind is SenderKind.EMAIL
    return campaign.subject is not None
