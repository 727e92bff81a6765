"""Lists become frames in two steps: what is wrong is shown row by row, then the list that was checked is frozen."""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from service import store
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect import frame_columns, personal_data
from service.domain.inspect import frame_imports as rules
from service.domain.inspect import frames as frame_rules
from service.domain.inspect.frame_columns import ColumnMapping
from service.domain.inspect.frame_comparison import identities
from service.domain.inspect.frame_imports import CHECKED, FROZEN, READ, Checked, Facts, FrameImport, Item
from service.domain.inspect.frame_rows import FrameRow, opaque_serial
from service.domain.inspect.frames import CLAIMS, DIRECTIONS, FrozenFrame
from service.domain.keys import Key
from service.domain.projects import Project, Site
from service.operations import projects, tables
from service.operations.acts import act, load, plain
from service.operations.ciphers import Cipher, key_of
from service.operations.inspect import contacts, frames
from service.store import records
from service.store.inspect import frame_imports

FILE_LIMIT = 30_000_000  # bytes of a file
PIECE = 1000  # rows that are encrypted together
ROWS, SERIALS = "frame-import", "frame-serial"
Row = tuple[int, Sequence[str] | Refused]
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Asked:
    """What people say of a list: its name and source, what kind it is, what is claimed, and which column is what."""

    name: str
    source: str
    mapping: ColumnMapping
    kind: str = "case"
    direction: str = CLAIMS
    counter: str = ""
    claimed: Decimal | None = None
    contacts_until: date | None = None


@dataclass(frozen=True)
class Read:
    """A list that was read: its encoding, its header, and its rows below it."""

    encoding: str
    header: tuple[str, ...]
    rows: Iterable[Row] = field(repr=False)


def read(file: IO[bytes], progress: Progress = lambda rows: None) -> Read:
    """Open a CSV (UTF-8 or GB18030) or XLSX. Raises Refused("import_invalid") if it is neither or has no header."""
    encoding = tables.encoding_of(file)
    lines = tables.rows(file, tables.UTF_8 if encoding == tables.XLSX else encoding, merged=False)
    _, first = next(lines)
    if isinstance(first, Refused):
        raise first
    return Read(encoding, frame_columns.header_of(first), _counted(lines, progress))


def _counted(lines: Iterator[Row], progress: Progress) -> Iterator[Row]:
    for done, line in enumerate(lines, 1):
        yield line
        if done % PIECE == 0:
            progress(done)


def take_in(
    actor: Actor,
    now: datetime,
    keys: Sequence[Key],
    project: str,
    id: str,
    read: Read,
    asked: Asked,
    progress: Progress = lambda rows: None,
) -> tuple[FrozenFrame, bool]:
    """Check and freeze in one go, for a command. Raises Refused("import_invalid") with everything to mend."""
    owner = projects.project(actor, project, "frames.write")
    checked = _checked(owner, keys, read.header, read.rows, asked)
    if checked.faults.total:
        raise Refused("import_invalid", checked.faults.listed, total=checked.faults.total)
    progress(checked.rows)
    return _freeze(actor, now, keys[0], owner, id, checked, asked)


def begin(actor: Actor, now: datetime, keys: Sequence[Key], project: str, id: str, file: IO[bytes]) -> FrameImport:
    """Read a file and keep its rows, encrypted, until it is frozen or for a day."""
    owner = projects.project(actor, project, "frames.write")
    if records.get(FrameImport, id) is not None:
        raise Refused("id_taken", id=id)
    found = read(file)
    count = 0

    def pieces() -> Iterator[bytes]:
        nonlocal count
        cipher, rows = Cipher(keys[0], ROWS, id), iter(found.rows)
        while part := list(islice(rows, PIECE)):
            yield cipher.seal(_packed(part), f"{id}:{count // PIECE}")
            count += len(part)

    try:
        frame_imports.insert_pieces(id, now, pieces())
        made = FrameImport(id, owner.id, now, actor.id, keys[0].id, found.encoding, found.header, count)
        details = {"rows": count, "encoding": found.encoding}
        scope = projects.scope(owner.id)
        act("frame_import.read", actor, now, scope, id, details, lambda tx: records.insert(made, tx))
    except BaseException:
        frame_imports.remove_pieces(id)
        raise
    return made


def get(actor: Actor, id: str) -> FrameImport:
    found = load(FrameImport, id, "import")
    frames.owner_of(actor, found.project, "frames.write", "import")
    return found


def of_project(actor: Actor, project: str) -> list[FrameImport]:
    """Those that are not frozen yet."""
    projects.project(actor, project, "frames.write")
    return [one for one in records.find(FrameImport, project=project) if one.state != FROZEN]


def suggested(found: FrameImport) -> ColumnMapping:
    return frame_columns.suggested(found.columns)


def sample(actor: Actor, keys: Sequence[Key], id: str, count: int = 3) -> list[Sequence[str]]:
    """The first rows, for whoever maps the columns; only while the list is not frozen."""
    found = get(actor, id)
    good = (cells for _, cells in _stored_rows(found, keys) if not isinstance(cells, Refused))
    return [] if found.state == FROZEN else list(islice(good, count))


def check(actor: Actor, now: datetime, keys: Sequence[Key], id: str, asked: Asked, version: int) -> FrameImport:
    """Go through all rows under this mapping. What must be mended and what is only told is kept with the import."""
    found = get(actor, id)
    owner = projects.project(actor, found.project, "frames.write")
    if found.state == FROZEN:
        raise Refused("state_conflict", noun="import", state=found.state)
    if found.version != version:
        raise Refused("stale", version=found.version)
    done = _checked(owner, keys, found.columns, _stored_rows(found, keys), asked)
    changed = replace(
        found,
        state=CHECKED,
        asked=_asked_plain(asked),
        faults=_told(done.faults.listed),
        faults_count=done.faults.total,
        findings=_told(done.remarks.listed),
        findings_count=done.remarks.total,
        strata=_strata(done.items),
        amount_sum=done.amount_sum,
        marked=done.marked,
        version=version + 1,
    )
    details = {"rows": done.rows, "faults": done.faults.total, "findings": done.remarks.total, "marked": done.marked}
    scope = projects.scope(owner.id)
    act("frame_import.checked", actor, now, scope, id, details, lambda tx: records.replace(changed, version, tx))
    return changed


def freeze(actor: Actor, now: datetime, keys: Sequence[Key], id: str) -> tuple[FrozenFrame, bool]:
    """Freeze what was checked; the frame has the import's id. A repeat finds it. The rows are gone afterwards."""
    found = get(actor, id)
    if found.state == FROZEN:
        return frames.get(actor, found.frame), False
    if found.state == READ or found.faults_count:
        raise Refused("import_unchecked")
    owner, asked = projects.project(actor, found.project, "frames.write"), asked_of(found)
    done = _checked(owner, keys, found.columns, _stored_rows(found, keys), asked)
    if done.faults.total:  # the project changed meanwhile, its sites say
        raise Refused("import_invalid", done.faults.listed, total=done.faults.total)
    made, new = _freeze(actor, now, keys[0], owner, id, done, asked)
    changed = replace(found, state=FROZEN, frame=made.id, version=found.version + 1)
    store.retrying(lambda tx: records.replace(changed, found.version, tx))
    frame_imports.remove_pieces(id)
    return made, new


def discard(actor: Actor, now: datetime, id: str) -> None:
    """Throw a list away that is not frozen."""
    found = get(actor, id)
    if found.state == FROZEN:
        raise Refused("state_conflict", noun="import", state=found.state)
    scope = projects.scope(found.project)
    act(
        "frame_import.discarded",
        actor,
        now,
        scope,
        id,
        {},
        lambda tx: records.remove(FrameImport, id, found.version, tx),
    )
    frame_imports.remove_pieces(id)


def asked_of(found: FrameImport) -> Asked:
    """What was said of the list when it was checked last."""
    given = dict(found.asked)
    given["mapping"] = ColumnMapping(**given["mapping"] | {"details": tuple(given["mapping"]["details"])})
    given["claimed"] = Decimal(given["claimed"]) if given["claimed"] else None
    given["contacts_until"] = date.fromisoformat(given["contacts_until"]) if given["contacts_until"] else None
    return Asked(**given)


def _asked_plain(asked: Asked) -> dict[str, Any]:
    mapping = vars(asked.mapping) | {"personal": dict(asked.mapping.personal), "details": list(asked.mapping.details)}
    until = asked.contacts_until and asked.contacts_until.isoformat()
    return vars(asked) | {"mapping": mapping, "claimed": _number(asked.claimed), "contacts_until": until or ""}


def _number(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def _checked(owner: Project, keys: Sequence[Key], header: Sequence[str], rows: Iterable[Row], asked: Asked) -> Checked:
    _check_asked(owner, asked)
    where = frame_columns.places(header, asked.mapping)
    names = {site.name: site.id for site in records.find(Site, project=owner.id)}
    sites = names | {id: id for id in names.values()}
    facts = Facts(asked.kind, owner.starts_on, owner.ends_on, sites, asked.claimed)

    def make(source: str) -> str:
        return opaque_serial(keys[0].hash(SERIALS, owner.id, asked.kind, source))

    return rules.check(rows, where, facts, make)


def _check_asked(owner: Project, asked: Asked) -> None:
    rules.check_kind(asked.kind)
    faults = []
    if asked.direction not in DIRECTIONS:
        faults.append(Fault("direction", "not_an_option", {"value": asked.direction, "options": ", ".join(DIRECTIONS)}))
    if asked.mapping.personal and asked.contacts_until is None:
        faults.append(Fault("contacts_until", "missing"))
    faults += [
        Fault(name, "cell_personal") for name in ("name", "source") if personal_data.number_in(getattr(asked, name))
    ]
    faults += [Fault(name, "missing") for name in ("name", "source") if not getattr(asked, name).strip()]
    if faults:
        raise Refused("invalid", faults)


def _freeze(
    actor: Actor, now: datetime, key: Key, owner: Project, id: str, done: Checked, asked: Asked
) -> tuple[FrozenFrame, bool]:
    items, mapping = done.items, asked.mapping
    frame = frame_rules.freeze(
        [item.serial for item in items], [item.stratum for item in items] if mapping.stratum else None
    )
    frozen = FrozenFrame(
        id=id,
        project=owner.id,
        name=asked.name,
        source=asked.source,
        sha256=frame_rules.frame_sha256(frame),
        serials=frame.serials,
        strata=frame.strata or (),
        frozen_at=now,
        frozen_by=actor.id,
        kind=asked.kind,
        direction=asked.direction,
        counter=asked.counter,
        claimed=asked.claimed,
        amount_sum=done.amount_sum,
        findings=_told(done.remarks.listed),
        findings_count=done.remarks.total,
        marked=done.marked,
        contacts_until=asked.contacts_until if mapping.personal else None,
    )
    rows = [
        FrameRow(f"{id}:{item.serial}", id, item.serial, item.stratum, item.site, item.on, item.amount, item.details)
        for item in items
    ]
    people = [_person(item, mapping) for item in items] if mapping.personal else []
    return frames.keep(actor, now, frozen, rows, people, key)


def _person(item: Item, mapping: ColumnMapping) -> contacts.Person:
    roles = frame_columns.by_role(mapping, item.personal)
    return contacts.Person(item.serial, item.personal, identities(roles, item.source or item.serial))


def _told(faults: Iterable[Fault]) -> tuple[Mapping[str, Any], ...]:
    return tuple({"place": each.field, "reason": each.reason, "params": plain(each.params)} for each in faults)


def faults_of(told: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """Findings as they are kept, as faults whose message can be read."""
    return [Fault(each["place"], each["reason"], each["params"]) for each in told]


def _strata(items: Sequence[Item]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for item in items:
        counts[item.stratum] = counts.get(item.stratum, 0) + 1
    return tuple(sorted(counts.items()))


def _stored_rows(found: FrameImport, keys: Sequence[Key]) -> Iterator[Row]:
    cipher = Cipher(key_of(keys, found.key_id), ROWS, found.id)
    for number, sealed in enumerate(frame_imports.pieces(found.id)):
        yield from _unpacked(cipher.unseal(sealed, f"{found.id}:{number}"))


def _packed(rows: Iterable[Row]) -> bytes:
    made = [
        [row, list(cells)] if not isinstance(cells, Refused) else [row, None, list(_told(cells.faults))]
        for row, cells in rows
    ]
    return zlib.compress(json.dumps(made, ensure_ascii=False).encode("utf-8", "surrogatepass"), 1)


def _unpacked(content: bytes) -> Iterator[Row]:
    for row, cells, *faults in json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass")):
        yield row, cells if cells is not None else Refused("import_invalid", faults_of(faults[0]))
