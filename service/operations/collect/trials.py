"""Trying out a draft: test answers in a collection of their own, never in the inbox and in no figure."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.access import Actor
from service.domain.collect import drafts as rules
from service.domain.collect.drafts import TrialAnswer
from service.domain.collect.questionnaires import Questionnaire, check_answers
from service.domain.collect.responses import SUBMISSION_ID, today_of
from service.domain.collect.tallies import Counts
from service.domain.errors import Fault, Refused
from service.operations import acts
from service.operations.collect import drafts, questionnaires
from service.store import records


@dataclass(frozen=True)
class Trial:
    """Test answers of a draft: those of its present text with their counts, and those of older texts."""

    digest: str
    present: tuple[TrialAnswer, ...]
    older: tuple[TrialAnswer, ...]
    counts: Counts

    @property
    def tried(self) -> bool:
        return bool(self.present)


def of_draft(actor: Actor, id: str) -> Trial:
    """All test answers of a draft. Of a faulty one all are of an older text."""
    draft = drafts.get(actor, id)
    return trial(draft, drafts.read(draft).questionnaire)


def trial(draft: rules.QuestionnaireDraft, questionnaire: Questionnaire | None) -> Trial:
    """As `of_draft`, for what was read already."""
    given = records.find(TrialAnswer, questionnaire=draft.id, organisation=draft.organisation)
    given.sort(key=lambda answer: (answer.at, answer.id))
    digest = questionnaire.digest if questionnaire else ""
    present = tuple(answer for answer in given if answer.digest == digest)
    older = tuple(answer for answer in given if answer.digest != digest)
    return Trial(digest, present, older, rules.tried(questionnaire, present) if questionnaire else {})


def answer(
    actor: Actor,
    now: datetime,
    id: str,
    answers: Mapping[str, Any],
    language: str = "",
    submission_id: str = "",
    digest: str = "",
    lenient: bool = False,
) -> tuple[TrialAnswer, bool]:
    """Take in a test answer, judged as a respondent's is. A repeat of the same submission finds the first one.

    Raises Refused: draft_faulty, answers_invalid, stale if the text is no longer the one with this `digest`,
    trials_full, submission_differs.
    """
    draft = drafts.get(actor, id)
    questionnaire = drafts.readable(draft)
    if digest and digest != questionnaire.digest:
        raise Refused("stale", version=draft.version)
    name = submission_id or secrets.token_urlsafe(16)
    if not SUBMISSION_ID.fullmatch(name):
        raise Refused(
            "answers_invalid", [Fault("submission_id", "bad_name", {"value": "", "allowed": "A-Z a-z 0-9 _ -"})]
        )
    flat = check_answers(questionnaire, answers, lenient=lenient, today=today_of(now))
    known = language if language in questionnaire.languages else questionnaire.languages[0]
    given = TrialAnswer(f"{id}:{name}", id, draft.organisation, questionnaire.digest, flat, known, now, actor.id)
    _check_room(draft)
    try:
        records.insert(given)
    except records.Duplicate:
        there = records.get(TrialAnswer, given.id)
        if there is None or (there.digest, dict(there.answers)) != (given.digest, dict(given.answers)):
            raise Refused("submission_differs") from None
        return there, False
    return given, True


def _check_room(draft: rules.QuestionnaireDraft) -> None:
    if len(records.find(TrialAnswer, questionnaire=draft.id, organisation=draft.organisation)) >= rules.TRIAL_LIMIT:
        raise Refused("trials_full", limit=rules.TRIAL_LIMIT)


def delete(actor: Actor, now: datetime, id: str) -> int:
    """Delete all test answers of a draft, also those of older texts; how many they were."""
    draft = drafts.get(actor, id)
    given = records.find(TrialAnswer, questionnaire=draft.id, organisation=draft.organisation)
    if not given:
        return 0
    details = {"count": len(given)}
    return acts.act(
        "questionnaire.trials_deleted",
        actor,
        now,
        questionnaires.scope(id),
        id,
        details,
        lambda tx: records.remove_all(TrialAnswer, tx, questionnaire=id, organisation=draft.organisation),
    )


def counted(questionnaire: Questionnaire, counts: Counts) -> list[tuple[str, Sequence[tuple[str, int]]]]:
    """(item, ((code, persons), …)) in order of the questions; what nobody gave is left out."""
    by_item: dict[str, list[tuple[str, int]]] = {}
    for key, persons in counts.items():
        kind, _, rest = key.partition("|")
        item, _, code = rest.partition("|")
        if kind in ("c", "r") and persons:
            by_item.setdefault(item, []).append((code, persons))
    keys = [key for question in questionnaire.questions for key in question.keys]
    return [(key, by_item[key]) for key in keys if key in by_item]
