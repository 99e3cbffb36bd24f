"""Filling in what is Liquid: a template, or a body that comes with merge fields. Any other body is literal."""

from dataclasses import replace

from gateway.core.commands.messages import SendMessage
from gateway.core.errors import invalid
from gateway.core.preview import render_body
from gateway.core.templates import check
from gateway.domain.ids import PREFIXES, parse_id
from gateway.domain.settings import Snippet
from gateway.web.api.call import Call
from gateway.web.api.snippets import visible_snippets


async def rendered(
    call: Call, command: SendMessage, template: str | None, merge: dict[str, object] | None
) -> SendMessage:
    """The command with its final body. Refused (422) for an unknown template, bad Liquid, or a missing field."""
    if template is not None:
        if command.body:
            raise invalid("body", "Send a body or a template, not both.")
        command = replace(command, body=(await named_template(call, template)).body)
    elif merge is None:
        return command
    else:
        check(command.body)
    state = call.state
    return await render_body(state.database, state.around, state.clock(), command, call.caller, merge or {})


async def named_template(call: Call, named: str) -> Snippet:
    """A template by id or name. Refused (422) where there is none."""
    known = await visible_snippets(call, "template")
    found = next((one for one in known if one.name == named), None)
    if found is None and named.startswith(f"{PREFIXES['template']}_"):
        try:
            made = parse_id(named, PREFIXES["template"])
        except ValueError as error:
            raise invalid("template", f"{error}.") from None
        found = next((one for one in known if one.id == made), None)
    if found is None:
        raise invalid("template", "There is no such template.", "not-found")
    return found
