"""Drafts of questionnaires: a text that may still be wrong, what it says, and the test answers given to it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.collect import tallies
from service.domain.collect.questionnaires import QUESTIONNAIRE_ID, Questionnaire, parse
from service.domain.collect.tallies import Cell, Counts
from service.domain.errors import Fault, Refused
from service.domain.yaml_texts import lines_of, load_once

DRAFT_LIMIT = 400_000  # characters
TRIAL_LIMIT = 500  # test answers that are kept of one questionnaire
_CELL = Cell("", "", "", "own_phone", "", "", "", "", "")


@dataclass(frozen=True)
class QuestionnaireDraft:
    """The next version of a questionnaire while it is written; `id` is the questionnaire's.

    `text` is YAML or JSON exactly as it was typed, comments too. `based_on` is the version or the template it began
    from, empty for none. Only `organisation` sees it.
    """

    id: str
    organisation: str
    text: str
    based_on: str
    created_at: datetime
    changed_at: datetime
    changed_by: str
    version: int = 1


@dataclass(frozen=True)
class TrialAnswer:
    """One test answer, `answers` flat as those of respondents; it belongs to the text with this `digest`."""

    id: str
    questionnaire: str
    organisation: str
    digest: str
    answers: Mapping[str, str]
    language: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Reading:
    """What a draft says as version `number`: a questionnaire, or the faults that keep it from being one.

    `lines` gives the line of the text for each path, for those that can be found.
    """

    number: int
    questionnaire: Questionnaire | None = None
    faults: tuple[Fault, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return self.questionnaire.digest if self.questionnaire else ""

    def line(self, path: str) -> int | None:
        """The line where the fault at `path` is, or the nearest part around it that stands in the text."""
        parts = path.split(".")
        known = (self.lines.get(".".join(parts[:length])) for length in range(len(parts), 0, -1))
        return next((line for line in known if line), None)


def read(id: str, text: str, number: int) -> Reading:
    """What `text` says as version `number` of the questionnaire `id`; a version number in the text is not looked at.

    Never refuses: whatever is wrong is a fault with its path.
    """
    try:
        data = load_once(text, "questionnaire_invalid")
    except Refused as refused:
        return Reading(number, faults=refused.faults)
    faults: list[Fault] = []
    questionnaire = None
    if isinstance(data, Mapping):
        if data.get("id") != id:
            faults.append(Fault("id", "draft_id", {"id": id}))
        data = {**data, "version": number}
    try:
        questionnaire = parse(data)
    except Refused as refused:
        seen = {fault.field for fault in faults}
        faults += [fault for fault in refused.faults if fault.field not in seen]
    if not faults:
        return Reading(number, questionnaire)
    return Reading(number, None, tuple(faults), lines_of(text))


def check_id(id: str) -> None:
    """Raises Refused("invalid") unless a questionnaire may be called so."""
    if not QUESTIONNAIRE_ID.fullmatch(id):
        allowed = "a lower-case letter, then lower-case letters, digits or hyphens"
        raise Refused("invalid", [Fault("id", "bad_name", {"value": id[:40], "allowed": allowed})])


def check_size(text: str) -> None:
    """Raises Refused("invalid") for a text over DRAFT_LIMIT characters: the only thing for which none is kept."""
    if len(text) > DRAFT_LIMIT:
        raise Refused("invalid", [Fault("text", "too_long", {"limit": DRAFT_LIMIT})])


def renamed(text: str, id: str) -> str:
    """The text of a template as a draft called `id`: without its version number, which publishing gives."""
    text = re.sub(r"(?m)^version:.*\n", "", text, count=1)
    return re.sub(r"(?m)^id:.*$", f"id: {id}", text, count=1)


def tried(questionnaire: Questionnaire, answers: Iterable[TrialAnswer]) -> Counts:
    """The counts of test answers, keyed as in a tally; those of other texts are left out."""
    own = [answer for answer in answers if answer.digest == questionnaire.digest]
    return tallies.counts_of(tallies.total(tallies.tally_of(questionnaire, _CELL, answer.answers) for answer in own))
