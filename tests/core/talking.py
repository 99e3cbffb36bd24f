"""Keywords, forms and polls of a running core, in few words."""

from typing import Any

from gateway.core.commands.lists import CreateList
from gateway.core.commands.settings import CreateTag
from gateway.core.commands.talks import SaveForm, SaveKeyword, SavePoll
from gateway.domain.forms import Choice, Form, Question, QuestionType
from gateway.domain.keywords import Keyword
from gateway.domain.lists import ContactList
from gateway.domain.model import Direction
from gateway.domain.polls import Poll
from gateway.domain.settings import Tag
from tests.core.running import MAYA, Core

SIZES = (Choice("Small", ("S",)), Choice("Large", ("L", "big")))
QUESTIONS = (
    Question("name", "What is your name?", keep="name"),
    Question("size", "Which size, {{ answers.name }}?", QuestionType.CHOICE, SIZES, wrong="1 or 2, please.", tries=3),
    Question("age", "How old are you?", QuestionType.NUMBER, least=1, most=120, tries=2, keep="field:age"),
)


async def keyword(core: Core, *words: str, **more: Any) -> Keyword:
    command = SaveKeyword(words=words, **({"answer": "Thanks!"} | more))
    return await core.writer.execute(command, core.admin)


async def form(core: Core, name: str = "Sizes", *questions: Question, **more: Any) -> Form:
    given = {"thanks": "Thanks, {{ answers.name | default: 'you' }}.", "left": "Left.", "timeout": 3600} | more
    command = SaveForm(name=name, questions=questions or QUESTIONS, **given)  # type: ignore[arg-type]
    return await core.writer.execute(command, core.admin)


async def poll(core: Core, name: str = "Colours", *labels: str, **more: Any) -> Poll:
    choices = tuple({"label": one} for one in labels or ("Red", "Blue"))
    command = SavePoll(name=name, question="Which colour?", choices=choices, **({"thanks": "Counted."} | more))
    return await core.writer.execute(command, core.admin)


async def a_list(core: Core, name: str = "Fair") -> ContactList:
    return await core.writer.execute(CreateList(name), core.admin)


async def a_tag(core: Core, name: str = "Opted in") -> Tag:
    return await core.writer.execute(CreateTag(name), core.admin)


async def texts(core: Core, of: str = MAYA) -> list[str]:
    """What was said in a thread, in order: `natural> Hello` came in, `keyword< Thanks!` went out."""
    from gateway.domain.model import Message

    messages = [one for one in await core.all(Message) if one.their_address == of]
    signs = {Direction.INBOUND: ">", Direction.OUTBOUND: "<"}
    return [f"{one.nature}{signs[one.direction]} {one.body}" for one in messages]


async def tell(core: Core, *said: str, sender: str = MAYA, **more: Any) -> list[str]:
    """A contact texts these, one after the other; everything said so far."""
    for text in said:
        await core.receive(text, sender=sender, **more)
    return await texts(core, sender)
