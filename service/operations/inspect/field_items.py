"""What an auditor is to look up now, as choices of the app: drawn items of started visits, and the visits."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from service.domain.access import Actor
from service.domain.inspect.assignments import OPEN, Assignment
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frame_rows import FrameRow
from service.domain.inspect.spot_checks import OBSERVATION
from service.domain.inspect.visits import STARTED, Visit
from service.domain.inspect.xforms import Item
from service.domain.projects import Site
from service.operations import projects
from service.operations.inspect import assignments, frames, visits
from service.store import records

VISIT_PREFIX: Final = "visit:"  # no id holds a colon


@dataclass(frozen=True)
class FieldItem:
    """A choice of the app and the checklist version (`case-record@1`) that it is looked up by."""

    item: Item
    checklist: str


@dataclass(frozen=True)
class Target:
    """What a record is about. Empty draw and serial: what is looked at once a visit."""

    visit: str
    part: str
    draw: str = ""
    serial: str = ""
    assignment: str = ""


def of_auditor(actor: Actor, now: datetime) -> list[FieldItem]:
    """The open items of visits that have started, and what is filled in once a visit."""
    started = {visit.id: visit for visit in visits.mine(actor, now) if visit.state == STARTED}
    open_items: dict[str, list[Assignment]] = defaultdict(list)
    for one in assignments.of_auditor(actor):
        if one.visit in started and one.state == OPEN:
            open_items[one.visit].append(one)
    return [item for visit in started.values() for item in _of_visit(visit, open_items[visit.id])]


def _of_visit(visit: Visit, assigned: list[Assignment]) -> Iterator[FieldItem]:
    site = records.get(Site, visit.site)
    name = site.name if site else visit.site
    by_draw: dict[str, list[Assignment]] = defaultdict(list)
    for one in assigned:
        by_draw[one.draw].append(one)
    for draw, ours in by_draw.items():
        checklist = visit.forms.get(draw)
        if checklist:
            rows = _rows(draw, [one.serial for one in ours])
            yield from (FieldItem(_item(one, name, rows.get(one.serial)), checklist) for one in ours)
    for checklist in visit.checklists:
        on = visit.on.isoformat()
        yield FieldItem(Item(f"{VISIT_PREFIX}{visit.id}", f"{name} · {on}", name, "", on), checklist)


def _rows(draw: str, serials: list[str]) -> dict[str, FrameRow]:
    found = records.get(RecordedDraw, draw)
    return frames.rows_of(found.frame, serials) if found else {}


def _item(one: Assignment, site: str, row: FrameRow | None) -> Item:
    details = "; ".join(f"{name}: {text}" for name, text in row.details.items()) if row else ""
    on = row.on.isoformat() if row and row.on else ""
    return Item(one.id, f"{one.serial} · {site}", site, one.serial, on, details)


def target(actor: Actor, key: str) -> Target | None:
    """What the choice stands for, also when it is nobody's any more; None for what never was one.

    Raises Refused("not_found") for what belongs to another organisation's project.
    """
    if key.startswith(VISIT_PREFIX):
        visit = records.get(Visit, key.removeprefix(VISIT_PREFIX))
        if visit is None:
            return None
        projects.project(actor, visit.project, "spot_checks.write")
        return Target(visit.id, OBSERVATION)
    found = records.get(Assignment, key)
    if found is None:
        return None
    projects.project(actor, found.project, "spot_checks.write")
    return Target(found.visit, found.part, found.draw, found.serial, found.id)
