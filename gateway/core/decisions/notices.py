"""Notices are one's own business; what is nobody's address, or no time of day, is refused."""

from gateway.core.commands.notices import SaveNotices
from gateway.core.errors import forbidden, invalid
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.notices import DIGESTS, NoticeSetting
from gateway.domain.time_zones import zone_named

_DAY = 1_440


def save_needs(command: SaveNotices, needs: Needs) -> None:
    """What the caller chose before."""
    if needs.user_id is not None:
        needs.record(NoticeSetting, "user_id", [needs.user_id])


def save(command: SaveNotices, scene: Scene) -> None:
    """Takes the place of what was chosen before."""
    user_id = scene.caller.user_id
    if user_id is None:
        raise forbidden("Only somebody who is signed in can be told.")
    if command.digest not in DIGESTS:
        raise invalid("digest", f"A notice waits {', '.join(map(str, DIGESTS))} minutes.")
    if not (0 <= command.quiet_start < _DAY and 0 <= command.quiet_end < _DAY):
        raise invalid("quiet_start", "Quiet hours begin and end at a time of day.")
    if zone_named(command.timezone) is None:
        raise invalid("timezone", "This is not a time zone; use a name like Europe/Paris.")
    known = scene.find(NoticeSetting, user_id)
    if known is not None:
        scene.working.remove(known)
    if command.address is None:
        return
    scene.working.put(
        NoticeSetting(
            scene.workspace_id,
            user_id,
            command.address.value,
            command.digest,
            command.quiet_start,
            command.quiet_end,
            command.timezone,
        )
    )
