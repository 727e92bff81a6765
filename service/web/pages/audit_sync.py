"""What the auditor's app reads and sends: the work of a day, records, and their files in pieces to be repeated."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import Response, jsonify, make_response, request
from flask_babel import gettext
from marshmallow import ValidationError
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from schemas.base import Schema
from schemas.inspect import submissions as schemas
from service.domain.errors import Fault, Refused, problem
from service.domain.inspect.evidence_files import PIECE
from service.domain.inspect.submissions import CONFLICT, REPEAT, Outcome, Submission
from service.operations.inspect import spot_checks, spot_media, visits, work
from service.web.auth import actor, now, requires
from service.web.extensions import keys
from service.web.pages.audit import blueprint
from service.web.reading import read

CLOCK = "X-Minyi-Clock"  # what the phone's wall clock shows at the sending
_STATUS = {REPEAT: 200, CONFLICT: 202}
_MOST_SMALL = 64 * 1024  # bytes of every other body
# Why a record lies with a human; what the person in the field is told.
REASONS = {
    "other_content": "Another record was already sent under this number. Both are kept; the office decides.",
    "item_taken": "There is already a record of this item. Both are kept; the office decides.",
    "not_assigned": "This item is not assigned to you any more. The record is kept; the office decides.",
    "not_of_visit": "You are not one of this visit's persons. The record is kept; the office decides.",
    "visit_not_started": "This visit was not started. The record is kept; the office decides.",
    "visit_closed": "This visit is finished. The record is kept; the office decides.",
    "visit_cancelled": "This visit was cancelled. The record is kept; the office decides.",
}


@blueprint.get("/data/work")
@requires("spot_checks.write")
def read_work() -> Response:
    """Everything that the phone takes along."""
    return _work()


@blueprint.post("/data/visits/<id>/start")
@requires("spot_checks.write")
def start_visit(id: str) -> Response:
    """Open the sealed draws of a visit; the same again changes nothing."""
    visits.start(actor(), now(), keys(), id)
    return _work()


@blueprint.post("/data/visits/<id>/finish")
@requires("spot_checks.write")
def finish_visit(id: str) -> Response:
    """End a visit; the reason says why something was left open."""
    reason = _body(_MOST_SMALL).get("reason", "")
    visits.finish(actor(), now(), id, reason if isinstance(reason, str) else "")
    return _work()


@blueprint.get("/data/records/<id>")
@requires("spot_checks.write")
def read_record(id: str) -> Response:
    """The auditor's own record, to be corrected."""
    return jsonify(schemas.OwnRecordSchema().dump(spot_checks.own(actor(), id)))


@blueprint.put("/data/records/<id>")
@requires("spot_checks.write")
def send_record(id: str) -> Response:
    """Keep a record; the same again is recognised."""
    values = _loaded(schemas.SubmissionSchema(), _body(schemas.RECORD_BYTES) | {"id": id})
    values |= {name: tuple(values[name]) for name in ("changes", "media")}
    submission = Submission(source="web", sent_at=_clock(), **values)
    return _outcome(spot_checks.receive(actor(), now(), submission))


@blueprint.get("/data/records/<id>/media/<sha256>")
@requires("spot_checks.write")
def file_progress(id: str, sha256: str) -> Response:
    """How much of a file is there."""
    return jsonify(schemas.ProgressSchema().dump(spot_media.progress(actor(), id, sha256)))


@blueprint.put("/data/records/<id>/media/<sha256>")
@requires("spot_checks.write")
def send_piece(id: str, sha256: str) -> Response:
    """Keep a piece of a file."""
    at = _loaded(schemas.PieceSchema(), request.args)
    content = _content(PIECE)
    done = spot_media.piece(actor(), now(), id, sha256, at["offset"], at["total"], content)
    return jsonify(schemas.ProgressSchema().dump(done))


@blueprint.post("/data/records/status")
@requires("spot_checks.write")
def record_status() -> Response:
    """State of each record, and whether all of it is there, so that the phone may forget it."""
    asked = _loaded(schemas.AskedSchema(), _body(_MOST_SMALL))["ids"]
    return jsonify(spot_checks.status(actor(), asked))


def _work() -> Response:
    return jsonify(schemas.WorkSchema().dump(work.of(actor(), now())))


def _outcome(outcome: Outcome) -> Response:
    told = {
        "outcome": outcome.outcome,
        "state": outcome.spot_check.state,
        "waiting_for": outcome.waiting_for,
        "reason": outcome.reason,
        "message": gettext(REASONS[outcome.reason]) if outcome.reason else "",
    }
    return make_response(jsonify(schemas.OutcomeSchema().dump(told)), _STATUS.get(outcome.outcome, 201))


def _content(limit: int) -> bytes:
    """The body; what is too large is not read."""
    request.max_content_length = limit
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Refused("too_large", limit=limit) from None


def _body(limit: int) -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send JSON, with Content-Type: application/json.")
    data = read(_content(limit))
    if not isinstance(data, dict):
        raise Refused("invalid", [Fault("", "wrong_type", {"expected": "a mapping"})])
    return data


def _loaded(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """The values in the types of a schema. Raises Refused("invalid") by field, as for everything that a phone sends."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        faults = [problem(path, text) for path, text in _messages(error.normalized_messages(), "")]
        raise Refused("invalid", faults) from None
    return loaded


def _messages(found: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(found, Mapping):
        for name, inner in found.items():
            yield from _messages(inner, f"{path}.{name}".strip("."))
    else:
        yield from ((path[:200], str(text)) for text in found)


def _clock() -> datetime | None:
    """The phone's wall clock; None where it was not told, or not understandably."""
    try:
        told = datetime.fromisoformat(request.headers.get(CLOCK, ""))
    except ValueError:
        return None
    known = told.utcoffset() is not None and 1970 <= told.year <= 2300
    return told.replace(microsecond=told.microsecond // 1000 * 1000) if known else None
