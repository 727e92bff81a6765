"""The answer sheet behind the phone page: form fields to answers and back, faults to places, the time it took."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.datastructures import MultiDict

from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.questions import Question
from service.domain.collect.responses import SUBMISSION_ID
from service.domain.errors import Fault
from service.domain.keys import Key, derive
from service.domain.shapes import without_forbidden
from service.operations.collect.responses import Submission
from service.web.errors import fault_text

# Our own fields begin with an underscore, as no question does.
ID, STARTED, SWITCH = "_id", "_started", "_switch"
_OURS = (ID, STARTED, SWITCH)
# Faults that a person can mend as they are worded. The others come from forms that somebody has changed.
_PLAIN = frozenset({"required", "too_long", "nothing_answered"})


@dataclass(frozen=True)
class Problem:
    """One entry of the summary: the id of the field it leads to, the number of its question, the row, the text."""

    target: str
    number: int
    row: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """What a person has filled in so far. `values` are form fields: `q` for a question, `m/r` for a matrix row."""

    id: str
    started: str
    values: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[Problem] = ()

    @property
    def errors(self) -> dict[str, str]:
        """Field -> what is wrong with it."""
        return {problem.target: problem.text for problem in self.problems}


def blank(keys: Sequence[Key]) -> Sheet:
    """A fresh one. Its id makes a repeat harmless and is known to nobody but this page: nothing is stored."""
    id = secrets.token_urlsafe(16)
    return Sheet(id, _signer(keys[0], id).sign(b"").decode())


def submission(
    form: MultiDict[str, str], language: str, keys: Sequence[Key], now: datetime, mode: str = "own_phone"
) -> Submission:
    """What was sent, in the shape that operations take. It is judged there."""
    id = form.get(ID, "")
    duration = _seconds_since(form.get(STARTED, ""), id, keys, now)
    return Submission(id, _answers(form), mode, language, duration)


def again(form: MultiDict[str, str], questionnaire: Questionnaire, language: str, faults: Sequence[Fault]) -> Sheet:
    """The same sheet with its answers kept and each fault beside its question."""
    # What nobody can see nobody can take out: invisible characters are gone from what is shown again.
    values = {name: without_forbidden(text) for name, text in form.items() if name not in _OURS}
    problems = tuple(_problems(questionnaire, language, faults))
    return Sheet(form.get(ID, ""), form.get(STARTED, ""), values, problems)


def _answers(form: MultiDict[str, str]) -> dict[str, Any]:
    """{"q": "5", "m/r": "4"} -> {"q": "5", "m": {"r": "4"}}. What contradicts itself: a list, which none takes."""
    answers: dict[str, Any] = {}
    for name, texts in form.lists():
        if name in _OURS:
            continue
        value = texts[0] if len(texts) == 1 else texts
        question, slash, row = name.partition("/")
        if not slash:
            answers[question] = [value] if question in answers else value
        elif isinstance(rows := answers.setdefault(question, {}), dict):
            rows[row] = value
        else:
            answers[question] = [value]
    return answers


def _problems(questionnaire: Questionnaire, language: str, faults: Sequence[Fault]) -> Iterator[Problem]:
    """In the order of the questions; what belongs to none of them leads to the first one."""
    numbers = {question.id: number for number, question in enumerate(questionnaire.questions, start=1)}
    first = next(_fields(questionnaire.questions[0]))
    shown: set[tuple[str, str]] = set()
    for fault in faults:
        name, _, row = fault.field.removeprefix("answers.").partition(".")
        question = questionnaire.by_id.get(name)
        labels = {each.id: each.label[language] for each in question.rows} if question else {}
        target = f"{name}/{row}" if row in labels else next(_fields(question)) if question else first
        number, text = numbers.get(name, 0), _text(fault)
        # One a question, and each text once for what belongs to none: a form may be changed to hold thousands of those.
        place = (target, "" if number else text)
        if place in shown:
            continue
        shown.add(place)
        yield Problem(target, number, labels.get(row, ""), text)


def _fields(question: Question) -> Iterator[str]:
    """Names of the form fields of a question."""
    yield from [item.id for item in question.items] or [question.id]


def _text(fault: Fault) -> str:
    if fault.reason in _PLAIN:
        return fault_text(fault)
    if fault.reason == "control_characters":
        return gettext("The text held invisible characters. They have been removed. Please check it and send it again.")
    if fault.field.startswith("answers."):
        return gettext("Please choose one of the answers shown.")
    return gettext("The page was no longer complete. Please send it once more.")


def _signer(key: Key, id: str) -> TimestampSigner:
    """For one sheet: the time of another one is no use in it."""
    return TimestampSigner(derive(key.secret, "page-start"), salt=id, digest_method=hashlib.sha256)


def _seconds_since(started: str, id: str, keys: Sequence[Key], now: datetime) -> float | None:
    """None for a missing or forged start: it is one mark of quality, not a reason to turn an answer away."""
    if not SUBMISSION_ID.fullmatch(id):
        return None
    for key in keys:
        try:
            _, at = _signer(key, id).unsign(started, return_timestamp=True)
        except BadSignature:
            continue
        return max((now - at).total_seconds(), 0.0)
    return None
