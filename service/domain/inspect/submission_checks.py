"""What a record from a phone must be to be kept: answers that fit its checklist, numbers, signatures and files."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from service.domain.collect.question_parts import ID
from service.domain.collect.questionnaires import check_answers
from service.domain.collect.responses import today_of
from service.domain.errors import Fault, Refused
from service.domain.inspect import evidence_files
from service.domain.inspect.checklists import Checklist
from service.domain.inspect.spot_checks import MAX_NOTE, OBSERVATION, PARTS
from service.domain.inspect.submissions import SOURCES, Submission
from service.domain.shapes import has_forbidden, shown, without_forbidden

MOST_TIMINGS, MOST_CHANGES, MOST_WORDS = 1000, 500, 1000
MOST_WHY = 40
EARLIEST, LATEST = 1970, 2300  # years: a phone whose clock was never set is a fact, the end of the calendar is none
MOST_CHANGED = 4000  # characters of an answer before and after a change
MOST_SECONDS = 10_000_000
HANDS = ("auditor", "witness", "second")
_POSITION = {"latitude": 90.0, "longitude": 180.0, "accuracy_m": 1e7, "age_s": 1e9}
_PLACEHOLDER = "0" * 32  # stands for a photo while the answers are checked: photos travel as files


def check(submission: Submission, checklist: Checklist, now: datetime) -> dict[str, str]:
    """The flat answers; what constraints call today is the day of the signing.

    Raises Refused: invalid (by field), answers_invalid (`answers.<question>`).
    """
    faults = [
        *_texts(submission),
        *_numbers(submission),
        *_times(submission),
        *_signatures(submission),
        *_changes(submission),
        *evidence_files.entry_faults(submission.media, [question.id for question in checklist.photos]),
    ]
    if submission.part not in PARTS:
        options = {"value": shown(submission.part), "options": ", ".join(PARTS)}
        faults.append(Fault("part", "not_an_option", options))
    elif (submission.part == OBSERVATION) == checklist.drawn:
        expected = "a visit" if submission.part == OBSERVATION else "drawn items"
        faults.append(Fault("checklist", "other_kind", {"found": checklist.record_kind, "expected": expected}))
    if faults:
        raise Refused("invalid", faults)
    return _answers(submission, checklist, today_of(submission.signed_at or now))


def _answers(submission: Submission, checklist: Checklist, today: date) -> dict[str, str]:
    """A photo counts as an answer where one was taken; one of a question that is no longer asked is left aside."""
    photos = {question.id for question in checklist.photos}
    if not isinstance(submission.answers, Mapping):
        raise Refused("answers_invalid", [Fault("answers", "wrong_type", {"expected": "a mapping"})])
    given = {name: value for name, value in submission.answers.items() if name not in photos}
    taken = {str(entry["question"]) for entry in submission.media if entry.get("question")}
    try:
        found = check_answers(checklist.questionnaire, given | dict.fromkeys(taken, _PLACEHOLDER), today=today)
    except Refused as refused:
        extra = {fault.field.removeprefix("answers.") for fault in refused.faults if fault.reason == "unknown_question"}
        if not extra or extra - taken:
            raise
        kept = dict.fromkeys(taken - extra, _PLACEHOLDER)
        found = check_answers(checklist.questionnaire, given | kept, today=today)
    return {name: value for name, value in found.items() if name not in photos}


def _texts(submission: Submission) -> Iterator[Fault]:
    limits = {"note": MAX_NOTE, "device": 200, "app_version": 80, "corrects": 80, "visit": 80, "assignment": 200}
    for name, limit in limits.items():
        value = getattr(submission, name)
        if len(value) > limit:
            yield Fault(name, "too_long", {"limit": limit})
        if has_forbidden(value):
            yield Fault(name, "control_characters")
    if submission.source not in SOURCES:
        yield Fault("source", "not_an_option", {"value": shown(submission.source), "options": ", ".join(SOURCES)})


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value  # NaN is not itself


def _seconds(value: Any, path: str) -> Iterator[Fault]:
    if not (_is_number(value) and 0 <= value <= MOST_SECONDS):
        yield Fault(path, "out_of_range", {"lower": 0, "upper": MOST_SECONDS})


def _numbers(submission: Submission) -> Iterator[Fault]:
    if submission.elapsed_s is not None:
        yield from _seconds(submission.elapsed_s, "elapsed_s")
    if len(submission.timings) > MOST_TIMINGS:
        yield Fault("timings", "too_many", {"limit": MOST_TIMINGS})
    for name, value in list(submission.timings.items())[:MOST_TIMINGS]:
        if not ID.fullmatch(name):
            yield Fault(f"timings.{shown(name)}", "unknown_question")
        yield from _seconds(value, f"timings.{shown(name)}")
    for name, value in submission.position.items():
        if value is not None:
            yield from _position(name, value)
    if ("latitude" in submission.position) != ("longitude" in submission.position):
        yield Fault("position", "wrong_type", {"expected": "latitude and longitude, or neither"})


def _position(name: str, value: Any) -> Iterator[Fault]:
    if name == "mock":
        if not isinstance(value, bool):
            yield Fault("position.mock", "wrong_type", {"expected": "true or false"})
    elif name == "missing":
        if not isinstance(value, str) or len(value) > MOST_WHY or has_forbidden(value):
            yield Fault("position.missing", "too_long", {"limit": MOST_WHY})
    elif name not in _POSITION:
        yield Fault(f"position.{shown(name)}", "unknown_field")
    else:
        upper = _POSITION[name]
        lower = -upper if name in ("latitude", "longitude") else 0
        if not (_is_number(value) and lower <= value <= upper):
            yield Fault(f"position.{name}", "out_of_range", {"lower": lower, "upper": upper})


def _times(submission: Submission) -> Iterator[Fault]:
    for name in ("started_at", "signed_at", "sent_at"):
        at: datetime | None = getattr(submission, name)
        if at is None:
            continue
        if at.utcoffset() is None:
            yield Fault(name, "wrong_type", {"expected": "a time with its offset from UTC"})
        elif not EARLIEST <= at.year <= LATEST:
            yield Fault(name, "out_of_range", {"lower": EARLIEST, "upper": LATEST})


def _signatures(submission: Submission) -> Iterator[Fault]:
    """A witness who will not sign is recorded with the reason, and a second auditor signs for it."""
    names = {entry.get("name") for entry in submission.media}
    for hand, signed in submission.signatures.items():
        at = f"signatures.{shown(hand)}"
        if hand not in HANDS:
            yield Fault(at, "unknown_field")
            continue
        for name in ("name", "media", "reason"):
            text = signed.get(name) or ""
            if not isinstance(text, str) or len(text) > MOST_WORDS or has_forbidden(text):
                yield Fault(f"{at}.{name}", "too_long", {"limit": MOST_WORDS})
        if signed.get("media") and signed["media"] not in names:
            yield Fault(f"{at}.media", "no_such_picture")
    witness, second = (submission.signatures.get(hand) or {} for hand in ("witness", "second"))
    if witness.get("refused") and not (str(witness.get("reason") or "").strip() and second.get("media")):
        yield Fault("signatures.witness", "not_a_witness")


def _changes(submission: Submission) -> Iterator[Fault]:
    if len(submission.changes) > MOST_CHANGES:
        yield Fault("changes", "too_many", {"limit": MOST_CHANGES})
    for place, change in enumerate(submission.changes[:MOST_CHANGES]):
        if not str(change.get("question") or ""):
            yield Fault(f"changes.{place}.question", "missing")
        if not str(change.get("reason") or "").strip() and submission.source == "web":
            yield Fault(f"changes.{place}.reason", "missing")


def tidied(submission: Submission) -> Submission:
    """Without what says nothing (a position without numbers, files without their empty fields), changes as texts."""
    position = {name: value for name, value in submission.position.items() if value is not None}
    media = tuple({name: value for name, value in entry.items() if value is not None} for entry in submission.media)
    return replace(submission, position=position, media=media, changes=tuple(map(_as_texts, submission.changes)))


def _as_texts(change: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was changed, in the shape of any question, as a text that every database takes and every page shows."""
    return {**change, **{name: _text(change.get(name)) for name in ("before", "after")}}


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return without_forbidden(text)[:MOST_CHANGED]
