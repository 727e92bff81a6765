"""Free text: what people wrote in their own words, and the tags by which an evaluator puts it in order."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.questions import Question
from service.domain.errors import Fault, Refused, invalid

LONGEST_TAG, MOST_TAGS, MOST_AT_ONCE = 40, 60, 200


@dataclass(frozen=True)
class TextTag:
    """One tag on what one answer says to one question. `response` is the answer's random id; `slot` its head."""

    id: str
    campaign: str
    question: str
    response: str
    slot: int
    tag: str
    by: str
    at: datetime


@dataclass(frozen=True)
class WrittenText:
    """What one person wrote, with the tags it bears; of its time the hour only."""

    response: str
    site: str
    session: str
    mode: str
    language: str
    hour: str
    text: str
    tags: tuple[str, ...]


def tag_id(response: str, question: str, tag: str) -> str:
    """The same tag on the same text is one record, however often it is put there."""
    return hashlib.sha256("\n".join((response, question, tag)).encode()).hexdigest()[:40]


def digest(responses: list[str]) -> str:
    """What the journal holds of the answers that an act was about: SHA-256 of their ids, sorted, one a line."""
    return hashlib.sha256("".join(f"{one}\n" for one in sorted(responses)).encode()).hexdigest()


def asked_in_words(questionnaire: Questionnaire) -> list[Question]:
    """The questions that are answered in one's own words."""
    return [question for question in questionnaire.questions if question.kind == "text"]


def question_of(questionnaire: Questionnaire, id: str) -> Question:
    """Raises Refused("invalid") unless it is answered in words."""
    known = {question.id: question for question in asked_in_words(questionnaire)}
    if id not in known:
        raise Refused("invalid", [Fault("question", "not_an_option", {"value": id[:80], "options": ", ".join(known)})])
    return known[id]


def tidy(tag: str) -> str:
    """The tag as it is kept: composed (NFC), single spaces. Raises Refused("invalid")."""
    told = " ".join(unicodedata.normalize("NFC", tag).split())
    if not told:
        raise Refused("invalid", [Fault("tag", "missing")])
    if len(told) > LONGEST_TAG:
        raise Refused("invalid", [Fault("tag", "too_long", {"limit": LONGEST_TAG})])
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in told):
        raise invalid("tag", "no control characters")
    return told
