"""Frames: lists are frozen before anything is drawn from them."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused, problem
from service.domain.inspect import frames as rules
from service.domain.inspect.frame_rows import FrameRow
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.personal_data import kind_of
from service.domain.keys import Key
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import create_once, load
from service.operations.inspect import contacts
from service.store import records
from service.store.inspect import frame_rows

FRAME_LIMIT = 100_000  # serials of one stored frame: far below what one document holds


def freeze(
    actor: Actor,
    now: datetime,
    id: str,
    project: str,
    name: str,
    source: str,
    serials: Sequence[str],
    strata: Sequence[str] | None,
) -> tuple[FrozenFrame, bool]:
    """Freeze a list: canonical serials, SHA-256, source and date. Raises Refused("frame_invalid") naming the rows."""
    owner = projects.project(actor, project, "frames.write")
    if len(serials) > FRAME_LIMIT:
        raise Refused("frame_invalid", [Fault("serials", "out_of_range", {"lower": 1, "upper": FRAME_LIMIT})])
    if strata is not None and len(strata) != len(serials):
        raise Refused("frame_invalid", [problem("strata", "one stratum for each serial is needed")])
    _refuse_personal(serials)
    frame = rules.freeze(serials, strata)
    frozen = FrozenFrame(
        id=id,
        project=owner.id,
        name=name,
        source=source,
        sha256=rules.frame_sha256(frame),
        serials=frame.serials,
        strata=frame.strata or (),
        frozen_at=now,
        frozen_by=actor.id,
    )
    return keep(actor, now, frozen)


def _refuse_personal(serials: Sequence[str]) -> None:
    """Serials are read by many; none may be somebody's number or name. The refusal does not repeat them."""
    found = ((row, kind_of(serial)) for row, serial in enumerate(serials, 1))
    faults = [Fault(f"rows.{row}", f"serial_is_{kind}") for row, kind in found if kind]
    if faults:
        raise Refused("frame_invalid", faults[: rules.MAX_FAULTS], total=len(faults))


def keep(
    actor: Actor,
    now: datetime,
    frozen: FrozenFrame,
    rows: Sequence[FrameRow] = (),
    people: Sequence[contacts.Person] = (),
    key: Key | None = None,
) -> tuple[FrozenFrame, bool]:
    """Store a frame with its rows and its personal columns: all of it or nothing.

    Who may was checked by the caller. A repeat with the same content finds what it made the first time.
    """
    pieces = secrets.token_hex(8)
    if rows:
        frozen = replace(frozen, pieces=pieces)
    try:
        frame_rows.insert_rows(pieces, frozen.id, now, rows)
        if key and people and frozen.contacts_until:
            sealed = contacts.sealed(key, frozen.id, people)
            frame_rows.insert_contacts(pieces, frozen.id, now, frozen.contacts_until, key.id, sealed)
        scope = projects.scope(frozen.project)
        kept, new = create_once("frame.frozen", actor, now, scope, frozen, ("frozen_at", "frozen_by", "pieces"))
    except BaseException:
        frame_rows.remove_pieces(pieces)
        raise
    if rows and not new:
        frame_rows.remove_pieces(pieces)
    return kept, new


def get(actor: Actor, id: str) -> FrozenFrame:
    found = load(FrozenFrame, id, "frame")
    owner_of(actor, found.project, "frames.read", "frame")
    return found


def of_project(actor: Actor, project: str) -> list[FrozenFrame]:
    projects.project(actor, project, "frames.read")
    return records.find(FrozenFrame, project=project)


def receipts(actor: Actor, project: str) -> list[FrozenFrame]:
    """All frames of a project, for whoever may have their receipts."""
    projects.project(actor, project, "receipts.read")
    return records.find(FrozenFrame, project=project)


def receipt(actor: Actor, id: str) -> FrozenFrame:
    """The frame for whoever may have its receipt: all parties of the project. The receipt names no serial."""
    found = load(FrozenFrame, id, "frame")
    owner_of(actor, found.project, "receipts.read", "frame")
    return found


def row(frame_id: str, serial: str) -> FrameRow | None:
    """What is known of an item; None for a frame that was frozen as bare serials. The caller has checked access."""
    return rows_of(frame_id, (serial,)).get(serial)


def rows_of(frame_id: str, serials: Iterable[str]) -> dict[str, FrameRow]:
    """Serial -> row, for those that have one. The caller has checked access."""
    return frame_rows.rows_of(frame_id, serials)


def owner_of(actor: Actor, id: str, action: str, noun: str) -> Project:
    """The project of a record, if the actor may do `action` there; `noun` is what else would be unknown."""
    owner = load(Project, id, "project")
    if not access.may(actor, "projects.read", owner.parties):
        raise Refused("not_found", noun=noun)
    access.require(actor, action, owner.parties)
    return owner
