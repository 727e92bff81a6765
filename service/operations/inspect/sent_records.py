"""What collecting apps sent, kept before anything can go wrong; what could not become a spot check, for a human."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect.sent_records import SentFile, SentXml, SetAside
from service.domain.inspect.xform_records import XFormRecord
from service.domain.inspect.xforms import Upload
from service.store import records

LARGEST_FILE: Final = 12_000_000  # bytes: one document holds it
MOST_FILES: Final = 60  # of one record
MOST_REFUSED: Final = 20  # other contents that are kept under one number


def record_id(record: XFormRecord) -> str:
    """The spot check's id: what a phone calls its record could be another form's too."""
    return "odk-" + hashlib.sha256(f"{record.form_id}\0{record.instance_id}".encode()).hexdigest()[:40]


def keep(actor: Actor, now: datetime, id: str, record: XFormRecord, content: bytes) -> None:
    """Keep the XML as it came. Raises Refused("record_differs") when another one came before; both are kept."""
    sha256 = hashlib.sha256(content).hexdigest()
    sent = SentXml(
        id=id,
        of=id,
        form=f"{record.form_id}@{record.version}",
        instance_id=record.instance_id,
        sha256=sha256,
        content=content,
        user=actor.id,
        organisation=actor.organisation,
        received_at=now,
    )
    if _inserted(sent):
        return
    there = records.get(SentXml, id)
    if there is None or there.sha256 == sha256:
        return
    if len(records.find(SentXml, of=id)) <= MOST_REFUSED:
        _inserted(SentXml(**vars(sent) | {"id": f"{id}-{sha256[:16]}", "refused": True}))
    raise Refused("record_differs")


def set_aside(actor: Actor, now: datetime, id: str, problem: str, uploads: Sequence[Upload]) -> set[str]:
    """Keep a record's files for the office, with the problem. -> the names of its files that are there."""
    _inserted(SetAside(id, problem[:1000], actor.id, actor.organisation, now))
    return keep_files(now, id, uploads)


def keep_files(now: datetime, id: str, uploads: Sequence[Upload]) -> set[str]:
    """Keep files as they came, not looked into. -> the names of those that are there."""
    there = {file.name for file in _files(id)}
    for upload in uploads:
        if len(upload.content) > LARGEST_FILE:
            raise Refused("too_large", limit=LARGEST_FILE)
        if upload.name not in there:
            if len(there) >= MOST_FILES:
                raise Refused("record_unreadable", [Fault("files", "too_many", {"limit": MOST_FILES})])
            name = hashlib.sha256(upload.name.encode()).hexdigest()[:16]
            _inserted(SentFile(f"{id}/{name}", id, upload.name, upload.content, now))
            there.add(upload.name)
    return there


def for_the_office(actor: Actor) -> list[tuple[SentXml, str]]:
    """Records that a human must look at, each with its problem ("" for other words under a known number), by time."""
    access.require(actor, "field_tokens.write")
    problems = {one.id: one.problem for one in records.find(SetAside, organisation=actor.organisation)}
    refused = records.find(SentXml, organisation=actor.organisation, refused=True)
    aside = records.find(SentXml, organisation=actor.organisation, _id=tuple(problems)) if problems else []
    found = [(one, "") for one in refused] + [(one, problems[one.id]) for one in aside]
    return sorted(found, key=lambda pair: pair[0].received_at, reverse=True)


def bundle(actor: Actor, id: str) -> bytes:
    """A record as it came with its files that were not looked into, as ZIP, for the office of its sender.

    Raises Refused("not_found").
    """
    access.require(actor, "field_tokens.write")
    found = records.get(SentXml, id)
    if found is None or found.organisation != actor.organisation:
        raise Refused("not_found", noun="record")
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("record.xml", found.content)
        for file in _files(found.of):
            archive.writestr(f"files/{file.name}", file.content)
    return written.getvalue()


def _files(id: str) -> list[SentFile]:
    return records.find(SentFile, of=id)


def _inserted(record: Any) -> bool:
    try:
        records.insert(record)
    except records.Duplicate:
        return False
    return True
