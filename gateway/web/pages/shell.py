"""The frame around every page, made from who is signed in."""

from gateway.domain.visibility import Permission, Role
from gateway.sdk.values import Balance
from gateway.storage import event_log
from gateway.storage.session import Session
from gateway.storage.totals import view_totals
from gateway.web.language import Language, marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_user
from gateway.web.pages.questions import sight
from gateway.web.pages.views_shell import BalanceLine, Choice, Shell

ROLES = {
    Role.ADMINISTRATOR: marked("Administrator"),
    Role.SUPERVISOR: marked("Supervisor"),
    Role.AGENT: marked("Agent"),
}


def shell_of(desk: Desk, page: str, unread: int, position: int) -> Shell:
    """The frame; `position` is where the log stood when the content was read."""
    user, view = desk.signed.user, desk.view
    groups = [view.groups[one].name for one in user.group_ids if one in view.groups]
    return Shell(
        workspace=view.workspace.name,
        me=face_of_user(view.users.get(user.id, user)),
        role=desk.language.gettext(ROLES[user.role]),
        groups=groups,
        page=page,
        unread=unread,
        position=position,
        pages=[
            Choice(found.item.label, address_of(*where), icon=desk.templates.icon(found.item.icon))
            for where, found in desk.state.registry.pages.items()
        ],
        balances=balances_of(desk) if desk.signed.may(Permission.VIEW_REPORTS) else (),
        balances_at="/settings/gateways" if desk.signed.may(Permission.MANAGE_GATEWAYS) else "/settings",
        others=desk.others,
        may_phone=any(one.plugin == "simulator" for one in view.live(view.gateways)),
    )


def balances_of(desk: Desk) -> list[BalanceLine]:
    """What is left at each provider that tells, as far as it is known."""
    gateways = {one.id: one for one in desk.view.live(desk.view.gateways)}
    return [
        BalanceLine(gateways[gateway_id].name, *balance_words(balance, desk.language))
        for gateway_id, balance in desk.state.balances.of(gateways.values()).items()
    ]


def balance_words(balance: Balance, language: Language) -> tuple[str, str]:
    """`12.30` and `USD`, or `1,284` and `credits`."""
    if balance.unit == "credits":
        return language.number(balance.amount), language.gettext("credits")
    return language.money(balance.amount), balance.unit


async def lone_shell(desk: Desk, page: str) -> Shell:
    """The frame of a page that reads nothing else of the log."""

    def read(session: Session) -> tuple[int, int]:
        return event_log.head(session, desk.workspace_id), view_totals(session, sight(desk)).unread_messages

    position, unread = await desk.read(read)
    return shell_of(desk, page, unread, position)


def address_of(plugin: str, path: str) -> str:
    """Where a plugin's page is."""
    return f"/p/{plugin}/{path}"
