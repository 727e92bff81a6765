"""Files of cases: sent while a case is a draft, told by their content, read by whoever may read the case."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.domain.access import Actor
from service.domain.collect import scans
from service.domain.errors import Fault, Refused, invalid
from service.domain.procedure.cases import MOST_FILES, CaseFile
from service.store import records
from service.store.collect import scans as pieces


def require_own(id: str, other: type) -> None:
    """Files go by the id of their case, so no objection has that of an appeal. Raises Refused("id_taken")."""
    if records.get(other, id) is not None:
        raise Refused("id_taken", id=id)


def add(actor: Actor, now: datetime, case: str, data: bytes) -> CaseFile:
    """Keep a file: PDF, JPEG or PNG by content. The same one again is the same. Raises Refused: invalid, too_large."""
    kind, digest = scans.kind_of(data), hashlib.sha256(data).hexdigest()
    name = digest[:32]
    made = CaseFile(f"{case}/{name}", case, name, kind, len(data), digest, now, actor.id)
    others = [one for one in of(case) if one.name != name]
    if len(others) >= MOST_FILES:
        raise Refused("invalid", [Fault("attachments", "too_many", {"limit": MOST_FILES})])
    pieces.write(made, data)
    return made


def of(case: str) -> list[CaseFile]:
    """What was sent so far."""
    return records.find(CaseFile, case=case)


def chosen(case: str, names: Sequence[str] | None) -> list[Mapping[str, Any]]:
    """The files of a filed case: those named, or all that were sent. Raises Refused("invalid") for unknown ones."""
    sent = {one.name: one for one in of(case)}
    if unknown := [name for name in names or () if name not in sent]:
        raise invalid("attachments", "there is no file {name!r}", name=unknown[0])
    return [sent[name].told for name in (sent if names is None else names)]


def read(case: str, name: str) -> tuple[CaseFile, bytes]:
    """A file of a case; the caller has asked whether it may be read. Raises Refused("not_found")."""
    found = records.get(CaseFile, f"{case}/{name}")
    if found is None:
        raise Refused("not_found", noun="file")
    return found, pieces.read(found)
