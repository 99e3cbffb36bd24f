"""What every page shows around its content. Templates take these and nothing else; ids are the outside's strings."""

from collections.abc import Sequence
from dataclasses import field

from gateway.domain.record import record


@record(gc=True)
class Person:
    """Somebody as an avatar: a user of the team or a contact. `hue` is 0 to 35, tens of degrees."""

    id: str
    name: str
    initials: str
    hue: int
    available: bool = True


@record
class Shell:
    """The frame: who is signed in, what one may reach, and where the log stood when the page was made."""

    workspace: str
    me: Person
    role: str
    groups: Sequence[str]
    page: (
        str  # inbox, contacts, statistics, phone, settings, or the address of a plugin's page: which module is current
    )
    unread: int
    position: int  # the event log's position the page shows; the live stream goes on from there
    may_phone: bool = True
    balances: Sequence["BalanceLine"] = ()
    balances_at: str = ""  # the page that says more about them
    pages: Sequence["Choice"] = ()  # of plugins; `value` is the address
    others: Sequence["Choice"] = ()  # workspaces one can switch to


@record
class BalanceLine:
    """What is left at one provider: `12.30` of a unit, which is a currency or credits."""

    gateway: str
    amount: str
    unit: str


@record
class Choice:
    """One entry of a menu: a link, a value, or a button."""

    label: str
    value: str
    icon: str = ""
    aux: str = ""
    note: str = ""
    key: str = ""
    pressed: bool | None = None
    red: bool = False
    disabled: bool = False


@record
class Notice:
    """A page that says one thing: not found, not now, not yours."""

    icon: str
    title: str
    words: str
    link: str = ""
    link_label: str = ""


@record
class SignIn:
    """The login page. `problem` is a sentence; `next` the page one was on the way to.

    `providers` are others one may come through: where to, and what each is called.
    """

    email: str = ""
    problem: str = ""
    next: str = ""
    providers: Sequence[tuple[str, str]] = ()
    passwords: bool = True


@record
class SignedOut:
    """Out here, and on the way to be signed out at a provider."""

    url: str
    provider: str


@record
class Invited:
    """The page behind an invitation link. `gone` says why it can't be used any more."""

    welcome: str
    email: str = ""
    name: str = ""
    fixed_email: bool = False
    gone: str = ""
    problems: dict[str, str] = field(default_factory=dict)
