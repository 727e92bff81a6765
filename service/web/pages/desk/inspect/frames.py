"""The desk's pages of lists: put one in, say what its columns are, see what is wrong, freeze it; receipts."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, make_response, redirect, request, url_for

from service.domain import access
from service.domain.errors import Fault, Refused
from service.domain.inspect.frame_columns import ColumnMapping
from service.domain.inspect.frame_comparison import AGAINST
from service.domain.inspect.frame_imports import FrameImport, amount_of
from service.domain.inspect.frames import DIRECTIONS, KINDS
from service.operations import projects
from service.operations.inspect import frame_comparisons, frame_imports, frames
from service.operations.inspect.frame_imports import FILE_LIMIT, Asked
from service.web.auth import actor, now, requires
from service.web.errors import status_of
from service.web.extensions import keys
from service.web.pages.desk.home import LARGE_FORMS, blueprint, message, page
from service.web.pages.desk.inspect import frame_words
from service.web.pages.desk.ways import N_, way

FORM_BYTES = 100_000
LARGE_FORMS["desk.put_list"] = LARGE_FORMS["desk.compare_frame"] = FILE_LIMIT + FORM_BYTES
SINGLE = ("serial", "stratum", "site", "on", "amount")
_SHOWN_HERE = ("invalid", "import_invalid", "import_unchecked", "stale", "contacts_purged")


@blueprint.get("/projects/<id>/frames")
@requires("receipts.read")
@way("project", N_("Lists and receipts"), "receipts.read", heading=N_("Inspecting"), order=40)
def project_frames(id: str) -> Response:
    """The frozen lists of a project with their receipts; for the evaluator also those on their way, and the form."""
    return _project_page(id)


@blueprint.post("/projects/<id>/frames")
@requires("frames.write")
def put_list(id: str) -> Response:
    """Read a file and go on to its columns."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Refused("invalid", [Fault("file", "missing")])
        made = frame_imports.begin(actor(), now(), keys(), id, secrets.token_hex(8), sent.stream)
    except Refused as refused:
        return _project_page(id, refused)
    return make_response(redirect(url_for("desk.frame_import", id=made.id), 303))


def _project_page(id: str, refused: Refused | None = None) -> Response:
    found = projects.project(actor(), id, "receipts.read")
    writes = access.may(actor(), "frames.write", found.parties)
    return page(
        "inspect/frames.html",
        _status(refused),
        project=found,
        frames=frames.receipts(actor(), id),
        waiting=frame_imports.of_project(actor(), id) if writes else [],
        writes=writes,
        kinds=frame_words.named(frame_words.KIND_WORDS),
        **_trouble(refused),
    )


@blueprint.get("/frame-imports/<id>")
@requires("frames.write")
def frame_import(id: str) -> Response:
    """The columns of a list, what each is taken for, and what was found when it was checked last."""
    return _import_page(id)


@blueprint.post("/frame-imports/<id>")
@requires("frames.write")
def check_list(id: str) -> Response:
    """Go through all rows under the mapping of the form."""
    found = frame_imports.get(actor(), id)
    try:
        frame_imports.check(actor(), now(), keys(), id, _asked(found), _version())
    except Refused as refused:
        if refused.reason not in _SHOWN_HERE:
            raise
        return _import_page(id, refused, request.form)
    return make_response(redirect(url_for("desk.frame_import", id=id), 303))


@blueprint.post("/frame-imports/<id>/freeze")
@requires("frames.write")
def freeze_list(id: str) -> Response:
    """Freeze what was checked."""
    try:
        frame, _ = frame_imports.freeze(actor(), now(), keys(), id)
    except Refused as refused:
        if refused.reason not in _SHOWN_HERE:
            raise
        return _import_page(id, refused)
    return make_response(redirect(url_for("desk.frame", id=frame.id), 303))


@blueprint.post("/frame-imports/<id>/discard")
@requires("frames.write")
def discard_list(id: str) -> Response:
    """Throw it away."""
    project = frame_imports.get(actor(), id).project
    frame_imports.discard(actor(), now(), id)
    return make_response(redirect(url_for("desk.project_frames", id=project), 303))


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _asked(found: FrameImport) -> Asked:
    """The form as what is said of a list; `use.<number of the column>` says what a column is."""
    given = {name: request.form.get(name, "").strip()[:400] for name in ("name", "source", "counter")}
    faults = []
    claimed = request.form.get("claimed", "").strip()
    number: Decimal | None = amount_of(claimed) if claimed else None
    if claimed and number is None:
        faults.append(Fault("claimed", "not_a_number"))
    until = request.form.get("contacts_until", "").strip()
    try:
        day = date.fromisoformat(until) if until else None
    except ValueError:
        day = None
        faults.append(Fault("contacts_until", "not_a_date"))
    if faults:
        raise Refused("invalid", faults)
    kind, direction = request.form.get("kind", ""), request.form.get("direction", "")
    return Asked(
        mapping=_mapping(found.columns), kind=kind, direction=direction, claimed=number, contacts_until=day, **given
    )


def _mapping(columns: Sequence[str]) -> ColumnMapping:
    single: dict[str, str] = {}
    personal: dict[str, str] = {}
    details: list[str] = []
    made = request.form.get("make_all") == "1"
    for at, column in enumerate(columns):
        use, _, role = request.form.get(f"use.{at}", "").partition(".")
        if use in (*SINGLE, "made"):
            place = "serial" if use == "made" else use
            if place in single:
                raise Refused("invalid", [Fault(f"use.{at}", "use_twice", {"a": single[place], "b": column})])
            single[place] = column
            made = made or use == "made"
        elif use == "detail":
            details.append(column)
        if role:
            personal[column] = role
    return ColumnMapping(make=made, personal=personal, details=tuple(details), **single)


def _uses(mapping: ColumnMapping) -> dict[str, str]:
    """Column -> what it is taken for, as the form's choice has it."""
    uses = {name: f"personal.{role}" for name, role in mapping.personal.items()}
    uses |= dict.fromkeys(mapping.details, "detail")
    uses |= {getattr(mapping, place): place for place in SINGLE if getattr(mapping, place)}
    if mapping.make and mapping.serial:
        role = mapping.personal.get(mapping.serial)
        uses[mapping.serial] = f"made.{role}" if role else "made"
    return uses


def _import_page(id: str, refused: Refused | None = None, typed: Mapping[str, str] | None = None) -> Response:
    found = frame_imports.get(actor(), id)
    if found.frame:
        return make_response(redirect(url_for("desk.frame", id=found.frame), 303))
    asked = frame_imports.asked_of(found) if found.asked else None
    uses = _uses(asked.mapping if asked else frame_imports.suggested(found))
    values = {name: getattr(asked, name) for name in vars(asked)} if asked else {}
    chosen = [uses.get(name, "") for name in found.columns]
    if typed is not None:
        values, chosen = dict(typed), [typed.get(f"use.{at}", "") for at in range(len(found.columns))]
    return page(
        "inspect/frame_import.html",
        _status(refused),
        found=found,
        project=projects.project(actor(), found.project),
        samples=frame_imports.sample(actor(), keys(), id),
        chosen=chosen,
        make_all=bool(asked and asked.mapping.make and not asked.mapping.serial),
        values=values,
        uses=frame_words.named(frame_words.USE_WORDS),
        kinds={code: frame_words.named(frame_words.KIND_WORDS)[code] for code in KINDS},
        directions={code: frame_words.named(frame_words.DIRECTION_WORDS)[code] for code in DIRECTIONS},
        faults=[frame_words.of_fault(fault) for fault in frame_imports.faults_of(found.faults)],
        findings=[frame_words.of_fault(fault) for fault in frame_imports.faults_of(found.findings)],
        **_trouble(refused),
    )


@blueprint.get("/frames/<id>")
@requires("frames.read")
def frame(id: str) -> Response:
    """One frozen list: how many of which stratum, whether it adds up, and what comparisons found."""
    return _frame_page(id)


@blueprint.post("/frames/<id>")
@requires("frames.write")
def compare_frame(id: str) -> Response:
    """Compare a frame of persons with a file, which is not kept."""
    sent = request.files.get("file")
    columns = {role: text for role in frame_comparisons.MATCHED if (text := request.form.get(role, "").strip())}
    against, source = request.form.get("against", ""), request.form.get("source", "").strip()[:400]
    try:
        if sent is None or not sent.filename:
            raise Refused("invalid", [Fault("file", "missing")])
        own = secrets.token_hex(8)
        frame_comparisons.compare(actor(), now(), keys(), own, id, sent.stream, columns, against, source)
    except Refused as refused:
        if refused.reason not in _SHOWN_HERE:
            raise
        return _frame_page(id, refused, request.form)
    return make_response(redirect(f"{url_for('desk.frame', id=id)}#comparisons", 303))


def _frame_page(id: str, refused: Refused | None = None, typed: Mapping[str, str] | None = None) -> Response:
    found = frames.get(actor(), id)
    return page(
        "inspect/frame.html",
        _status(refused),
        **_frame_values(found),
        comparisons=frame_comparisons.of_frame(actor(), id),
        against={code: frame_words.named(frame_words.AGAINST_WORDS)[code] for code in AGAINST},
        matches=frame_words.named(frame_words.MATCH_WORDS),
        matched=frame_comparisons.MATCHED,
        typed=typed or {},
        **_trouble(refused),
    )


@blueprint.get("/frames/<id>/receipt")
@requires("receipts.read")
def frame_receipt(id: str) -> Response:
    """For all parties, to print and keep: what was frozen when, under which hash."""
    return page("inspect/frame_receipt.html", **_frame_values(frames.receipt(actor(), id)))


def _frame_values(found: Any) -> dict[str, Any]:
    return {
        "frame": found,
        "project": projects.project(actor(), found.project),
        "kind": frame_words.named(frame_words.KIND_WORDS).get(found.kind, found.kind),
        "direction": frame_words.named(frame_words.DIRECTION_WORDS).get(found.direction, found.direction),
        "findings": [frame_words.of_fault(fault) for fault in frame_imports.faults_of(found.findings)],
    }


def _status(refused: Refused | None) -> int:
    return status_of(refused) if refused else 200


def _trouble(refused: Refused | None) -> dict[str, Any]:
    """What was refused, as a sentence and a table."""
    if refused is None:
        return {"error": "", "problems": []}
    return {"error": message(refused), "problems": [frame_words.of_fault(fault) for fault in refused.faults]}
