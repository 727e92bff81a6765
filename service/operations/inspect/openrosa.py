"""What the collecting app asks for and sends. A record becomes the same spot check as one from our own web app."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.inspect import xform_records, xforms
from service.domain.inspect.checklists import Checklist
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.inspect.submissions import Submission
from service.domain.inspect.xform_records import XFormRecord
from service.domain.inspect.xforms import MediaFile, Upload, XForm
from service.operations.inspect import (
    audit_logs,
    checklists,
    field_items,
    safe_xml,
    sent_records,
    spot_media,
    submissions,
)
from service.operations.inspect import xforms as forms
from service.operations.inspect.field_items import Target
from service.store import records

ITEM_UNKNOWN = "the record names no item that was ever assigned"


@dataclass(frozen=True)
class Received:
    """`waiting`: names of files still to come; `problem`: why the record is kept for the office, if it is."""

    waiting: tuple[str, ...] = ()
    problem: str = ""


def forms_of(actor: Actor, now: datetime) -> list[XForm]:
    """One current version of each form that the auditor has items for: the newest that any visit asks for."""
    newest: dict[str, Checklist] = {}
    for id in {each.checklist for each in field_items.of_auditor(actor, now)}:
        checklist = checklists.parsed(id)
        there = newest.get(checklist.id)
        if there is None or there.version < checklist.version:
            newest[checklist.id] = checklist
    return [forms.make(now, checklist) for _, checklist in sorted(newest.items())]


def form(id: str) -> XForm:
    """Any version that was ever published."""
    return forms.get(id)


def files_of(actor: Actor, now: datetime, id: str) -> list[MediaFile]:
    """The files that a form names: the auditor's own items. Whatever version they were assigned by."""
    ours = forms.get(id).form_id
    items = [each.item for each in field_items.of_auditor(actor, now) if each.checklist.partition("@")[0] == ours]
    return [MediaFile(xforms.ITEMS_FILE, xforms.items_file(items))]


def receive(actor: Actor, now: datetime, content: bytes, uploads: Sequence[Upload]) -> Received:
    """Take in a record, or a part of it. The same part again changes nothing.

    What is a record of ours but cannot become a spot check (an answer that does not fit, an item that never was) is
    kept for the office: on the phone it would be tried again for ever. Raises Refused: record_unreadable,
    record_edited, record_differs (kept for the office too), not_found for a version that was never published and for
    items of others, picture_invalid.
    """
    record = xform_records.read(safe_xml.parsed(content))
    checklist = checklists.parsed(forms.get(f"{record.form_id}@{record.version}").id)
    named = xform_records.files(checklist.questionnaire, record)
    for upload in uploads:
        xform_records.checked_name(upload.name)
    target = field_items.target(actor, record.leaves.get(xforms.ITEM, ""))
    id = sent_records.record_id(record)
    sent_records.keep(actor, now, id, record, content)
    if target is None:
        return _set_aside(actor, now, id, ITEM_UNKNOWN, named, uploads)
    try:
        submissions.receive(actor, now, _submission(id, checklist, record, named, target))
    except Refused as refused:
        if refused.reason not in ("answers_invalid", "invalid"):
            raise
        return _set_aside(actor, now, id, str(refused), named, uploads)
    for upload in uploads:
        if upload.name == xforms.AUDIT_FILE:
            audit_logs.enter(id, upload.content)
        _keep_file(actor, now, id, upload, referenced=upload.name in named)
    spots = records.find(SpotCheck, origin=id)
    return Received(tuple(dict.fromkeys(name for spot in spots for name in spot_media.waiting_for(spot))))


def _keep_file(actor: Actor, now: datetime, id: str, upload: Upload, *, referenced: bool) -> None:
    """A file beside its record. What the record does not name may be anything; it holds up nobody's record."""
    try:
        spot_media.whole(actor, now, id, upload.name, upload.content)
    except Refused as refused:
        if referenced or refused.reason != "picture_invalid":
            raise
        sent_records.keep_files(now, id, [upload])


def _set_aside(
    actor: Actor, now: datetime, id: str, problem: str, named: Mapping[str, str], uploads: Sequence[Upload]
) -> Received:
    there = sent_records.set_aside(actor, now, id, problem, uploads)
    return Received(tuple(name for name in named if name not in there), problem)


def _submission(
    id: str, checklist: Checklist, record: XFormRecord, named: Mapping[str, str], target: Target
) -> Submission:
    """All of it from the XML alone, so that each part of a split record says the same."""
    leaves = record.leaves
    photos = {question.id for question in checklist.photos}
    files = [{"name": name, "question": place if place in photos else ""} for name, place in named.items()]
    values: dict[str, Any] = {
        "id": id,
        "checklist": checklist.version_id,
        "answers": xform_records.answers(checklist.questionnaire, record),
        "note": leaves.get(xforms.NOTE, "")[:2000],
        "started_at": xform_records.moment(leaves.get("start", "")),
        "signed_at": xform_records.moment(leaves.get("end", "")),
        "position": xform_records.place(leaves.get(xforms.PLACE, "")),
        "signatures": xform_records.signatures(record),
        "media": tuple(files),
        "source": "openrosa",
        "device": leaves.get("deviceid", "")[:100],
    }
    return Submission(**values | vars(target))
