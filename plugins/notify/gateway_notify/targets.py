"""Which targets are taken: services that are spoken to over the network, by HTTP."""

import re

# What Apprise also has, and nobody gets: what runs programs, writes files, talks to this machine's desktop or syslog,
# or to protocols that hide where they go.
SCHEMES = frozenset({
    "dingtalk", "discord", "feishu", "form", "forms", "gchat", "gotify", "gotifys", "guilded", "hassio",
    "hassios", "json", "jsons", "lark", "line", "matrix", "matrixs", "mmost", "mmosts", "nctalk",
    "nctalks", "ntfy", "ntfys", "opsgenie", "pagerduty", "pbul", "pover", "rocket", "rockets", "ryver",
    "signal", "signals", "slack", "splunk", "tgram", "twist", "victorops", "wecombot", "workflow", "workflows",
    "wxteams", "xml", "xmls", "zulip",
})  # fmt: skip
LONGEST = 2_000
_SCHEME = re.compile(r"([a-z0-9]{2,20})://\S+", re.IGNORECASE)


def scheme_of(target: str) -> str | None:
    """What stands before `://`, in lower case; None for what is no target."""
    found = _SCHEME.fullmatch(target)
    return found[1].lower() if found else None


def complaint(target: str) -> str | None:
    """What is wrong with a target, in a sentence; None where nothing is. Whether it is complete, Apprise says later."""
    if len(target) > LONGEST:
        return f"A target has at most {LONGEST} characters; this has {len(target)}."
    scheme = scheme_of(target.strip())
    if scheme is None:
        return "A target is written like slack://… or ntfy://…, without blanks."
    if scheme not in SCHEMES:
        return f"{scheme}:// is not one of the services that can be told. There are {', '.join(sorted(SCHEMES))}."
    return None
