"""The sections of the settings, in the order of their navigation: the one place to add a page to.

To add a section, add a line here, a module beside this one with its `ROUTES`, and that module to `routes.py`:

    ROUTES = (get("", show), get("/new", show_new), post("/new", create), get("/{id}", show_one), post("/{id}", change))

Paths are below `/settings/<name>`. A handler answers with `settings_page(desk, "<name>", "settings/<name>.html")` of
`frame.py`, whose template extends `settings/frame.html`. Who lacks the section's permission
neither sees nor reaches any of it.
"""

from collections.abc import Callable

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.record import record
from gateway.domain.visibility import Permission
from gateway.web.language import marked
from gateway.web.pages.desk import Handler

MESSAGING, PEOPLE = marked("Messaging"), marked("People")
RULES, DEVELOPERS = marked("Rules"), marked("Developers")
YOU = marked("You")


@record(gc=True)
class Section:
    """One page at `/settings/<name>`. `permission` is what it takes; None lets in everybody who is signed in.

    `count` is the number beside its name, where there is one. One of the `installation` is there in its first workspace
    alone.
    """

    name: str
    label: str
    icon: str
    group: str
    permission: Permission | None
    count: Callable[[WorkspaceView], int] | None = None
    installation: bool = False


@record(gc=True)
class SectionRoute:
    """An address below a section's own."""

    method: str
    path: str
    handler: Handler


def get(path: str, handler: Handler) -> SectionRoute:
    """Shows something."""
    return SectionRoute("GET", path, handler)


def post(path: str, handler: Handler) -> SectionRoute:
    """Changes something; the handler reads `await desk.form()`, which checks that the form is ours."""
    return SectionRoute("POST", path, handler)


def _live(records: str) -> Callable[[WorkspaceView], int]:
    """How many records of a name there are that were not removed."""
    return lambda view: sum(1 for _ in view.live(getattr(view, records)))


def _people(view: WorkspaceView) -> int:
    return sum(one.kind == "person" for one in view.live(view.users))


def _rules(view: WorkspaceView) -> int:
    return len(view.workspace.assignment)


SECTIONS = (
    Section("account", marked("Your account"), "user", YOU, None),
    Section("notifications", marked("Notifications"), "bell", YOU, None),
    Section("gateways", marked("Gateways"), "radio-tower", MESSAGING, Permission.MANAGE_GATEWAYS, _live("gateways")),
    Section("numbers", marked("Numbers"), "hash", MESSAGING, Permission.MANAGE_GATEWAYS, _live("senders")),
    Section("pools", marked("Pools"), "layers", MESSAGING, Permission.MANAGE_GATEWAYS, _live("pools")),
    Section("templates", marked("Templates"), "file-text", MESSAGING, None),
    Section("quick", marked("Quick replies"), "zap", MESSAGING, None),
    Section("tags", marked("Tags"), "tag", MESSAGING, Permission.MANAGE_CONTENT, _live("tags")),
    Section("people", marked("Users and groups"), "users", PEOPLE, Permission.MANAGE_USERS, _people),
    Section("security", marked("Sign-in"), "lock", PEOPLE, Permission.MANAGE_SETTINGS),
    Section("roles", marked("Roles"), "shield-check", PEOPLE, None),
    Section("audit", marked("Audit trail"), "history", PEOPLE, Permission.VIEW_AUDIT),
    Section("automations", marked("Automations"), "workflow", RULES, Permission.MANAGE_AUTOMATIONS),
    Section("keywords", marked("Keywords"), "zap", RULES, Permission.MANAGE_OUTREACH, _live("keywords")),
    Section("forms", marked("Forms"), "clipboard-list", RULES, Permission.MANAGE_OUTREACH, _live("forms")),
    Section("polls", marked("Polls"), "chart-column", RULES, Permission.MANAGE_OUTREACH, _live("polls")),
    Section("assignment", marked("Assignment"), "users", RULES, Permission.MANAGE_SETTINGS, _rules),
    Section("policies", marked("Policies"), "sliders-horizontal", RULES, Permission.MANAGE_SETTINGS),
    Section("workspaces", marked("Workspaces"), "layers", DEVELOPERS, Permission.MANAGE_SETTINGS, installation=True),
    Section("data", marked("Data"), "hard-drive", RULES, Permission.MANAGE_SETTINGS),
    Section("plugins", marked("Plugins"), "plug", DEVELOPERS, Permission.MANAGE_SETTINGS),
    Section("work", marked("Parked work"), "rotate-ccw", DEVELOPERS, Permission.MANAGE_GATEWAYS),
    Section("tokens", marked("API tokens"), "key-round", DEVELOPERS, Permission.MANAGE_TOKENS),
    Section("webhooks", marked("Webhooks"), "webhook", DEVELOPERS, Permission.MANAGE_TOKENS),
)
BY_NAME = {section.name: section for section in SECTIONS}
