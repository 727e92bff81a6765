"""Comparing a frame of persons with another list: who is missing, who stands twice, whose number belongs to staff.

Persons are compared by hashes under a key of the server. The result names serials and rows, never a number or a name.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.inspect.frame_imports import day_of
from service.domain.inspect.frames import normal
from service.domain.inspect.personal_data import mobile_of, plain

AGAINST = ("case_files", "sign_in", "purchaser", "staff")  # whose list it is
STAFF = "staff"
KINDS = ("id_number", "phone", "name_birth", "given")  # what two rows can have in common, the surest first
MOST_LISTED = 5000
Identities = Sequence[tuple[str, bytes]]  # (kind, keyed hash)


@dataclass(frozen=True)
class FrameComparison:
    """What a comparison found. Rows are those of the other list, as a spreadsheet numbers them."""

    id: str
    frame: str
    project: str
    against: str
    source: str
    at: datetime
    by: str
    rows: int = 0  # of the other list
    matched: int = 0  # items of the frame that the other list has
    matched_by: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[int, ...] = ()  # rows whose person the frame does not have
    missing_count: int = 0
    unconfirmed: tuple[str, ...] = ()  # serials whose person the other list does not have
    unconfirmed_count: int = 0
    duplicates: tuple[Mapping[str, object], ...] = ()  # {"by": kind, "serials": [...]}
    duplicates_count: int = 0
    repeated: tuple[Mapping[str, object], ...] = ()  # {"by": kind, "rows": [...]} of the other list
    repeated_count: int = 0
    staff: tuple[Mapping[str, object], ...] = ()  # {"serial": ..., "by": kind}
    staff_count: int = 0
    unmatchable: int = 0  # rows of the other list, and items of the frame, that have nothing to match by


def identities(roles: Mapping[str, str], given: str = "") -> list[tuple[str, str]]:
    """(kind, normalised text) of a person: what would be equal in two lists however it is written."""
    found = []
    if number := plain(roles.get("id_number", "")).replace(" ", "").replace("-", "").upper():
        found.append(("id_number", number))
    if len(phone := mobile_of(roles.get("phone", ""))) >= 7:
        found.append(("phone", phone))
    name, born = plain(roles.get("name", "")).replace(" ", "").casefold(), day_of(roles.get("birth", ""))
    if name and born:
        found.append(("name_birth", f"{name}\n{born.isoformat()}"))
    if given := normal(given):
        found.append(("given", given))
    return found


def compare(ours: Mapping[str, Identities], theirs: Mapping[int, Identities], against: str) -> dict[str, object]:
    """The fields of a FrameComparison that follow from both lists: ours by serial, theirs by row."""
    our_index, their_index = _index(ours), _index(theirs)
    by_kind = dict.fromkeys(KINDS, 0)
    matched = {serial: kind for serial, found in ours.items() if (kind := _common(found, their_index))}
    for kind in matched.values():
        by_kind[kind] += 1
    missing = [row for row, found in theirs.items() if found and not _common(found, our_index)]
    # A worker who is no recipient is not missing, and a recipient who is no worker needs no confirmation.
    staff = against == STAFF
    unconfirmed = [] if staff else [serial for serial, found in ours.items() if found and serial not in matched]
    return {
        "rows": len(theirs),
        "matched": len(matched),
        "matched_by": {kind: count for kind, count in by_kind.items() if count},
        **_listed("missing", [] if staff else sorted(missing)),
        **_listed("unconfirmed", sorted(unconfirmed)),
        **_listed("duplicates", [{"by": kind, "serials": same} for kind, same in _repeated(our_index)]),
        **_listed("repeated", [{"by": kind, "rows": same} for kind, same in _repeated(their_index)]),
        **_listed("staff", [{"serial": one, "by": kind} for one, kind in sorted(matched.items())] if staff else []),
        "unmatchable": sum(not found for found in (*theirs.values(), *ours.values())),
    }


def _index(persons: Mapping[str, Identities] | Mapping[int, Identities]) -> dict[tuple[str, bytes], list[object]]:
    index: dict[tuple[str, bytes], list[object]] = defaultdict(list)
    for name, found in persons.items():
        for identity in found:
            index[identity].append(name)
    return dict(index)


def _common(found: Identities, index: Mapping[tuple[str, bytes], object]) -> str:
    """The surest kind by which a person stands in the other list too, or ""."""
    return next((kind for kind in KINDS for identity in found if identity[0] == kind and identity in index), "")


def _repeated(index: Mapping[tuple[str, bytes], list[object]]) -> list[tuple[str, list[object]]]:
    """(kind, names) of those that share a number; each group once, under the surest kind."""
    groups: dict[tuple[object, ...], str] = {}
    for (kind, _), names in sorted(index.items(), key=lambda each: KINDS.index(each[0][0])):
        if len(names) > 1:
            groups.setdefault(tuple(names), kind)
    return sorted(((kind, list(names)) for names, kind in groups.items()), key=lambda each: str(each[1][0]))


def _listed(name: str, found: Sequence[object]) -> dict[str, object]:
    return {name: tuple(found[:MOST_LISTED]), f"{name}_count": len(found)}
