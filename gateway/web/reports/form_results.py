"""What was answered to a form, question by question: read for its page and the API."""

from gateway.domain.form_results import COUNTED, QuestionResult, result_of
from gateway.domain.forms import Form, questions_in
from gateway.storage.session import Session
from gateway.storage.talk_reads import answer_counts


def load_results(session: Session, workspace_id: int, form: Form) -> list[QuestionResult]:
    """The questions as they are now, each with all that was answered to it, then or now."""
    questions = questions_in(form.questions)
    counted = [one.key for one in questions if one.type in COUNTED]
    found = answer_counts(session, workspace_id, form.id, counted)
    return [result_of(one, found.get(one.key, {})) for one in questions]
