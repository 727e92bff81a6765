"""Frames of persons against case files, sign-in sheets, the purchaser's list, the list of staff."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO

from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect import frame_comparison as rules
from service.domain.inspect.frame_columns import ROLES
from service.domain.inspect.frame_comparison import AGAINST, FrameComparison, Identities
from service.domain.inspect.frames import MAX_FAULTS, normal
from service.domain.inspect.personal_data import number_in
from service.domain.keys import Key
from service.operations import projects
from service.operations.acts import act, load
from service.operations.ciphers import key_of
from service.operations.inspect import contacts, frame_imports, frames
from service.store import records
from service.store.inspect import frame_rows

GIVEN = "given"  # the column of ids that both lists share
MATCHED = ("phone", "id_number", "name", "birth", GIVEN)


def compare(
    actor: Actor,
    now: datetime,
    keys: Sequence[Key],
    id: str,
    frame_id: str,
    file: IO[bytes],
    columns: Mapping[str, str],
    against: str,
    source: str,
) -> tuple[FrameComparison, bool]:
    """Compare a frame with a CSV or XLSX, whose rows are looked at and not kept. `columns`: role -> column.

    Raises Refused("contacts_purged") when there is nothing to recognise persons by any more.
    """
    frame = frames.get(actor, frame_id)
    projects.project(actor, frame.project, "frames.write")
    there = records.get(FrameComparison, id)
    if there is not None:
        if (there.frame, there.against, there.source) != (frame_id, against, source):
            raise Refused("id_taken", id=id)
        return there, False
    if frame.contacts_until is None:
        raise Refused("invalid", [Fault("frame", "nothing_to_match")])
    if frame.contacts_until <= now.astimezone(contacts.CHINA).date():
        raise Refused("contacts_purged", on=frame.contacts_until)
    _check(columns, against, source)
    key_id, ours = frame_rows.identities_of(frame.pieces)
    if not ours:
        raise Refused("contacts_purged", on=frame.contacts_until)
    theirs = _read(file, columns, key_of(keys, key_id), frame_id)
    found = rules.compare(ours, theirs, against)
    made = FrameComparison(id, frame_id, frame.project, against, source, now, actor.id, **found)  # type: ignore[arg-type]
    counts = {name: getattr(made, name) for name in ("rows", "matched", "missing_count", "unconfirmed_count")}
    counts |= {name: getattr(made, name) for name in ("duplicates_count", "repeated_count", "staff_count")}
    details = {"frame": frame_id, "against": against, "source": source, **counts}
    scope = projects.scope(frame.project)
    act("frame.compared", actor, now, scope, frame_id, details, lambda tx: records.insert(made, tx))
    return made, True


def get(actor: Actor, id: str) -> FrameComparison:
    found = load(FrameComparison, id, "comparison")
    frames.owner_of(actor, found.project, "frames.read", "comparison")
    return found


def of_frame(actor: Actor, frame_id: str) -> list[FrameComparison]:
    """The comparisons of a frame, the latest first."""
    frames.get(actor, frame_id)
    return sorted(records.find(FrameComparison, frame=frame_id), key=lambda one: one.at, reverse=True)


def _check(columns: Mapping[str, str], against: str, source: str) -> None:
    faults = []
    if against not in AGAINST:
        faults.append(Fault("against", "not_an_option", {"value": against[:40], "options": ", ".join(AGAINST)}))
    if not source.strip():
        faults.append(Fault("source", "missing"))
    elif number_in(source):
        faults.append(Fault("source", "cell_personal"))
    if not {"phone", "id_number", GIVEN} & set(columns) and not {"name", "birth"} <= set(columns):
        faults.append(Fault("columns", "nothing_to_match"))
    if unknown := set(columns) - set(MATCHED):
        options = ", ".join(MATCHED)
        faults.append(Fault("columns", "not_an_option", {"value": min(unknown)[:40], "options": options}))
    if faults:
        raise Refused("invalid", faults)


def _read(file: IO[bytes], columns: Mapping[str, str], key: Key, frame_id: str) -> dict[int, Identities]:
    read = frame_imports.read(file)
    unknown = [name for name in columns.values() if read.header.count(normal(name)) != 1]
    if unknown:
        known = ", ".join(filter(None, read.header))[:600]
        params = {"name": unknown[0][:60], "columns": known}
        raise Refused("import_invalid", [Fault("columns", "column_unknown", params)])
    at = {role: read.header.index(normal(name)) for role, name in columns.items()}
    found: dict[int, Identities] = {}
    faults: list[Fault] = []
    for number, cells in read.rows:
        if isinstance(cells, Refused):
            faults += cells.faults
            continue
        texts = {role: cells[place] for role, place in at.items()}
        told = rules.identities({role: texts[role] for role in ROLES if role in texts}, texts.get(GIVEN, ""))
        found[number] = contacts.hashed(key, frame_id, told)
    if faults:
        raise Refused("import_invalid", faults[:MAX_FAULTS], total=len(faults))
    return found
