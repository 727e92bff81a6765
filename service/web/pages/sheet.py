"""The answer sheet behind the phone page: what was filled in so far, faults beside their places, the time it took."""

import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from itsdangerous import BadSignature, TimestampSigner
from werkzeug.datastructures import MultiDict

from service.domain.collect.questionnaires import Questionnaire, in_language
from service.domain.collect.questions import CANNOT_SAY, SEED, Question
from service.domain.collect.responses import SUBMISSION_ID
from service.domain.errors import Fault
from service.domain.keys import Key, derive
from service.domain.shapes import without_forbidden
from service.operations.collect.responses import Submission
from service.web.pages.fields import Form, answers_of, gave_both, names_of, ours
from service.web.pages.question_words import what_is_wrong

ID, STARTED, SEED_FIELD, SCREEN = "_id", "_started", "_seed", "_screen"
SIZE, SWITCH, GO = "_size", "_switch", "_go"
BACK = "back"
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})?")


@dataclass(frozen=True)
class Problem:
    """One entry of the summary: whose error it is, the field it leads to, question's number, row, text."""

    name: str
    target: str
    number: int
    row: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """What a person has filled in so far. `values` are form fields: `q` for a question, `m/r` for a matrix row.

    `size` is the size of the letters that the reader chose, in percent; a script sets it.
    """

    id: str
    started: str
    seed: str
    values: Form = field(default_factory=MultiDict)
    problems: Sequence[Problem] = ()
    size: str = ""

    @property
    def errors(self) -> dict[str, str]:
        """Field -> what is wrong with it."""
        return {problem.name: problem.text for problem in self.problems}

    def given(self, name: str) -> list[str]:
        """The codes chosen in a field."""
        return self.values.getlist(name)

    def typed(self, name: str) -> str:
        """The text in a field."""
        return next((text for text in self.values.getlist(name) if text != CANNOT_SAY), "")

    def is_date(self, name: str) -> bool:
        """Whether a field for dates can show what was typed."""
        return bool(_DATE.fullmatch(self.typed(name)))

    def elsewhere(self, shown: Sequence[Question]) -> Iterator[tuple[str, str]]:
        """Names and values of what is not on this screen: it travels in the form, and lies nowhere else."""
        here = {question.id for question in shown}
        for name, text in self.values.items(multi=True):
            if text and name.partition("/")[0] not in here:
                yield name, text


def blank(keys: Sequence[Key]) -> Sheet:
    """A fresh one. Its id makes a repeat harmless and is known to nobody but this page: nothing is stored."""
    id = secrets.token_urlsafe(16)
    return Sheet(id, _signer(keys[0], id).sign(b"").decode(), secrets.token_hex(2))


def again(form: Form, questionnaire: Questionnaire) -> Sheet:
    """The same sheet with its answers kept."""
    known = questionnaire.by_id
    values: Form = MultiDict()
    for name, text in form.items(multi=True):
        if not ours(name) and name.partition("/")[0] in known:
            # What nobody can see nobody can take out: invisible characters are gone from what is shown again.
            values.add(name, without_forbidden(text))
    size = form.get(SIZE, "")
    size = size if size.isascii() and size.isdigit() and len(size) == 3 else ""
    return Sheet(form.get(ID, ""), form.get(STARTED, ""), seed_of(form), values, size=size)


def seed_of(form: Form) -> str:
    seed = form.get(SEED_FIELD, "")
    return seed if SEED.fullmatch(seed) else ""


def submission(
    form: Form, questionnaire: Questionnaire, language: str, keys: Sequence[Key], now: datetime, mode: str
) -> Submission:
    """What was sent, in the shape that operations take. It is judged there."""
    id = form.get(ID, "")
    duration = _seconds_since(form.get(STARTED, ""), id, keys, now)
    answers = answers_of(questionnaire, form)
    return Submission(id, answers, mode, language, duration, order_seed=seed_of(form), lenient=True)


def problems(
    form: Form, shown: Sequence[Question], numbers: Mapping[str, int], language: str, faults: Sequence[Fault]
) -> tuple[Problem, ...]:
    """In the order of the faults; what belongs to no question of this screen leads to the first one."""
    found: list[Problem] = []
    here = {question.id: question for question in shown}
    asking = [question for question in shown if question.kind != "note"] or list(shown)
    first = names_of(asking[0])[0]
    places: set[tuple[str, str]] = set()
    for fault in faults:
        name, _, row = fault.field.removeprefix("answers.").partition(".")
        question = here.get(name)
        labels = {each.id: in_language(each.label, language) for each in question.rows} if question else {}
        target = f"{name}/{row}" if row in labels else names_of(question)[0] if question else first
        owner = name if question and question.kind == "rank" else target
        number, text = (
            numbers.get(name, 0),
            what_is_wrong(question, fault, question is not None and gave_both(question, form)),
        )
        # One a question, and each text once for what belongs to none: a form may be changed to hold thousands of those.
        place = (target, "" if number else text)
        if place in places:
            continue
        places.add(place)
        found.append(Problem(owner, target, number, labels.get(row, ""), text))
    return tuple(found)


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
