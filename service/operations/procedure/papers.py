"""Papers: PDF, JPEG or PNG by content, kept under what they belong to. Whoever calls has checked who may."""

import hashlib
from datetime import datetime

from service.domain.access import Actor
from service.domain.collect import scans
from service.domain.errors import Fault, Refused
from service.domain.procedure.papers import Paper
from service.store import records
from service.store.collect import scans as pieces

MOST_PAPERS = 200  # of one subject


def add(actor: Actor, now: datetime, subject: str, project: str, data: bytes, title: str = "") -> Paper:
    """Keep a file; the same content again is the same paper. Raises Refused: invalid, too_large."""
    kind, digest = scans.kind_of(data), hashlib.sha256(data).hexdigest()
    name = digest[:32]
    there = records.get(Paper, f"{subject}/{name}")
    if there is not None:
        return there
    if len(of(subject)) >= MOST_PAPERS:
        raise Refused("invalid", [Fault("files", "too_many", {"limit": MOST_PAPERS})])
    made = Paper(f"{subject}/{name}", subject, project, name, title.strip(), kind, len(data), digest, now, actor.id)
    pieces.write(made, data)
    return made


def of(subject: str) -> list[Paper]:
    """All papers of a subject."""
    return records.find(Paper, subject=subject)


def read(subject: str, name: str) -> tuple[Paper, bytes]:
    """One paper with its bytes. Raises Refused("not_found")."""
    found = records.get(Paper, f"{subject}/{name}")
    if found is None:
        raise Refused("not_found", noun="file")
    return found, pieces.read(found)
