"""Settings > Keywords: each as a sentence, one written, and what a text would do, tried."""

from typing import Any, Final

from aiohttp import web

from gateway.core.errors import Refused
from gateway.core.talk_trial import try_text
from gateway.domain.ids import format_id
from gateway.domain.keywords import Keyword, Match
from gateway.domain.polls import choices_of
from gateway.domain.record import record
from gateway.storage.talk_reads import keyword_uses_of
from gateway.web.api import keywords as api
from gateway.web.api.body import to_type
from gateway.web.api.lookup import live_record
from gateway.web.language import marked
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.settings import plugin_fields
from gateway.web.pages.settings.fields import Field, Form, Option
from gateway.web.pages.settings.frame import address, call_of, settings_page
from gateway.web.pages.settings.keyword_words import sentence, tried_words
from gateway.web.pages.settings.sections import get, post
from gateway.web.pages.settings.talk_fields import chosen_from, numbers, ticked
from gateway.web.problems import Problem

HOME: Final = "/settings/keywords"
MATCHES: Final = {
    Match.WHOLE: marked("The message is just the word"),
    Match.FIRST: marked("The message begins with the word"),
}
SAID = {
    "made": marked("Made. Whoever texts it from now on is answered."),
    "saved": marked("Saved."),
    "on": marked("Switched on."),
    "off": marked("Switched off. Its words are for people again."),
    "removed": marked("Removed. Its words are for people again."),
}


@record
class KeywordRow:
    """A keyword in the list."""

    href: str
    name: str
    words: tuple[str, ...]
    enabled: bool
    sentence: str
    used: str


@record
class Trying:
    """The box in which a text is tried."""

    text: str
    to: str
    senders: list[Option]
    said: str = ""
    tone: str = ""


async def show(desk: Desk) -> web.StreamResponse:
    """All of them, and a text to try."""
    trying = _trying(desk)
    if desk.by_script and "text" in desk.request.query:
        return html(desk.pieces("keyword_tried", trying=trying))
    live = sorted(desk.view.live(desk.view.keywords), key=lambda one: one.name.casefold())
    used = await desk.read(lambda session: keyword_uses_of(session, desk.workspace_id, [one.id for one in live]))
    rows = [_row(desk, one, used[one.id]) for one in live]
    return await settings_page(desk, "keywords", "settings/keywords.html", said=SAID, rows=rows, trying=trying)


async def show_new(desk: Desk) -> web.StreamResponse:
    """An empty one."""
    return await _page(desk, None)


async def show_one(desk: Desk) -> web.StreamResponse:
    """One as it is."""
    return await _page(desk, _found(desk))


async def create(desk: Desk) -> web.StreamResponse:
    """Makes it."""
    form = Form(await desk.form(), desk.language)
    try:
        await api.create_keyword(call_of(desk), to_type(_read(form), api.NewKeyword))
    except (Problem, Refused) as error:
        form.take(error)
        return await _page(desk, None, form)
    raise web.HTTPSeeOther(f"{HOME}?said=made")


async def change(desk: Desk) -> web.StreamResponse:
    """Saves it."""
    keyword, form = _found(desk), Form(await desk.form(), desk.language)
    try:
        await api.update_keyword(call_of(desk), keyword.id, to_type(_read(form), api.KeywordChange))
    except (Problem, Refused) as error:
        form.take(error)
        return await _page(desk, keyword, form)
    raise web.HTTPSeeOther(f"{HOME}?said=saved")


async def switch(desk: Desk) -> web.StreamResponse:
    """On or off."""
    keyword, form = _found(desk), await desk.form()
    on = form.get("to") == "on"
    await api.update_keyword(call_of(desk), keyword.id, to_type({"enabled": on}, api.KeywordChange))
    raise web.HTTPSeeOther(f"{HOME}?said={'on' if on else 'off'}")


async def remove(desk: Desk) -> web.StreamResponse:
    """Takes it away."""
    await desk.form()
    await api.remove_keyword(call_of(desk), _found(desk).id)
    raise web.HTTPSeeOther(f"{HOME}?said=removed")


def _trying(desk: Desk) -> Trying:
    query = desk.request.query
    text, to = query.get("text", "")[:1600].replace("\0", ""), query.get("to", "")
    live = list(desk.view.live(desk.view.senders))
    senders = [Option(format_id("snd", one.id), one.label or one.value) for one in live]
    if not text.strip():
        return Trying("", to, senders)
    sender = next((one.id for one in live if format_id("snd", one.id) == to), live[0].id if live else None)
    words, tone = tried_words(desk, try_text(desk.view, text, sender, desk.state.clock()))
    return Trying(text, to, senders, words, tone)


def _read(form: Form) -> dict[str, Any]:
    """The request. `then` is one of a form, a poll, or a choice of a poll."""
    kind, _, what = form.text("then").partition(":")
    poll, _, choice = what.partition(":")
    return {
        "words": [one.strip() for one in form.text("words").replace("\n", ",").split(",") if one.strip()],
        "match": form.text("match") or Match.WHOLE,
        "senders": ticked(form),
        "answer": form.text("answer") or None,
        "add_to_list": form.text("add_to_list") or None,
        "consent": form.is_on("consent"),
        "remove_from_list": form.text("remove_from_list") or None,
        "tag": form.text("tag") or None,
        "start_form": what if kind == "form" else None,
        "ask_poll": what if kind == "ask" else None,
        "vote": {"poll": poll, "choice": choice} if kind == "vote" else None,
        "enabled": form.is_on("enabled"),
    }


async def _page(desk: Desk, keyword: Keyword | None, form: Form | None = None) -> web.StreamResponse:
    fields = _fields(desk, keyword)
    problems: list[str] = []
    if form is not None:
        named = {"start_form": "then", "ask_poll": "then", "vote": "then"}
        for name, target in named.items():
            if name in form.faults.fields:
                form.faults.add(target, form.faults.fields.pop(name))
        fields = form.faults.place(plugin_fields.refilled(fields, form))
        problems = form.faults.general or [marked("Some fields need another look.")]
    return await settings_page(
        desk,
        "keywords",
        "settings/keyword.html",
        status=200 if form is None else 422,
        keyword=keyword,
        href=address("keywords", "kwd", keyword.id) if keyword else f"{HOME}/new",
        sentence=sentence(desk, keyword) if keyword else "",
        fields=fields,
        numbers=numbers(desk, keyword.sender_ids if keyword else (), form),
        problems=problems,
    )


def _fields(desk: Desk, one: Keyword | None) -> list[Field]:
    _ = desk.language.gettext
    lists = chosen_from(desk, "list", _("None"))
    return [
        Field(
            *("words", marked("Words"), "text", ", ".join(one.words) if one else ""),
            hint=marked("Several with commas. Case, accents and punctuation don't count."),
            required=True,
            wide=True,
        ),
        Field(
            *("match", marked("How the word is known"), "choice", one.match if one else Match.WHOLE),
            options=[Option(one, words) for one, words in MATCHES.items()],
        ),
        Field(
            *("answer", marked("Answer"), "area", (one.answer if one else "") or ""),
            hint=marked("What is sent back. Liquid: {{ contact.first_name | default: 'there' }}."),
        ),
        Field(
            "add_to_list", marked("Put on a list"), "choice", _id("lst", one.list_id if one else None), options=lists
        ),
        Field(
            *("consent", marked("That is their consent"), "boolean", "on" if one is None or one.consent else ""),
            marked("Kept with the words, the number and the time."),
        ),
        Field(
            *("remove_from_list", marked("Take off a list"), "choice", _id("lst", one.off_list_id if one else None)),
            options=lists,
        ),
        Field(
            "tag",
            marked("Tag the conversation"),
            "choice",
            _tag(desk, one),
            options=chosen_from(desk, "tag", _("None")),
        ),
        Field("then", marked("Then"), "choice", _then(one), options=_thens(desk)),
        Field("enabled", marked("On"), "boolean", "on" if one is None or one.enabled else ""),
    ]


def _thens(desk: Desk) -> list[Option]:
    _ = desk.language.gettext
    made = [Option("", _("Nothing more"))]
    made.extend(
        Option(f"form:{format_id('frm', form.id)}", _("start the form %(name)s", name=form.name))
        for form in desk.view.live(desk.view.forms)
    )
    for poll in desk.view.live(desk.view.polls):
        named = format_id("pll", poll.id)
        made.append(Option(f"ask:{named}", _("ask the poll %(name)s", name=poll.name)))
        for choice in choices_of(poll):
            label = _("count a vote for %(choice)s in %(name)s", choice=choice.label, name=poll.name)
            made.append(Option(f"vote:{named}:{choice.label}", label))
    return made


def _then(one: Keyword | None) -> str:
    if one is None:
        return ""
    if one.form_id is not None:
        return f"form:{format_id('frm', one.form_id)}"
    if one.poll_id is None:
        return ""
    named = format_id("pll", one.poll_id)
    return f"ask:{named}" if one.choice is None else f"vote:{named}:{one.choice}"


def _row(desk: Desk, one: Keyword, used: tuple[int, int]) -> KeywordRow:
    people, times = used
    words = desk.language.ngettext("%(num)s contact", "%(num)s contacts", people)
    often = desk.language.ngettext("%(num)s time", "%(num)s times", times)
    used_words = f"{words}, {often}" if people else desk.language.gettext("Not used yet")
    return KeywordRow(
        address("keywords", "kwd", one.id), one.name, one.words, one.enabled, sentence(desk, one), used_words
    )


def _tag(desk: Desk, one: Keyword | None) -> str:
    tag = desk.view.tags.get(one.tag_id or 0) if one else None
    return tag.name if tag else ""


def _id(prefix: str, made: int | None) -> str:
    return "" if made is None else format_id(prefix, made)


def _found(desk: Desk) -> Keyword:
    return live_record(desk.view.keywords, desk.id("kwd"), "keyword")


ROUTES = (
    get("", show),
    get("/new", show_new),
    post("/new", create),
    get("/{id}", show_one),
    post("/{id}", change),
    post("/{id}/switch", switch),
    post("/{id}/remove", remove),
)
