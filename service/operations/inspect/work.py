"""The work of an auditor's day: visits with their drawn items and checklists, as a phone takes it along."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service.domain.access import Actor
from service.domain.inspect import checklists as checklist_rules
from service.domain.inspect.assignments import WITHDRAWN, Assignment
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.spot_checks import SpotCheck, slot_of
from service.domain.inspect.visits import Visit
from service.domain.organisations import User
from service.domain.projects import Project, Site
from service.operations.inspect import checklists, frames, visits
from service.store import records


@dataclass(frozen=True)
class WorkItem:
    """A drawn item as its auditor sees it; `record` is what is in force of it: id, state, the last comment."""

    assignment: str
    draw: str
    serial: str
    stratum: str
    part: str
    checklist: str
    details: dict[str, str] = field(default_factory=dict)
    on: date | None = None
    amount: Decimal | None = None
    record: dict[str, str] | None = None


@dataclass(frozen=True)
class WorkVisit:
    id: str
    project: str
    project_name: str
    site: Site | None
    on: date
    state: str
    persons: tuple[dict[str, str], ...]
    lead: str
    items: tuple[WorkItem, ...]
    observations: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    user: dict[str, str]
    server_time: datetime
    visits: tuple[WorkVisit, ...]
    checklists: dict[str, dict[str, Any]]


def of(actor: Actor, now: datetime) -> Work:
    """The actor's visits; items only of those that have started, since before that nothing is drawn."""
    own = [_visit(actor, visit) for visit in visits.mine(actor, now)]
    named = {item.checklist for visit in own for item in visit.items} | {
        id for visit in own for id in visit.observations
    }
    definitions = {id: checklist_rules.to_plain(checklists.parsed(id)) for id in sorted(named) if id}
    return Work({"id": actor.id, "name": actor.username}, now, tuple(own), definitions)


def _visit(actor: Actor, visit: Visit) -> WorkVisit:
    held = [one for one in records.find(Assignment, visit=visit.id, auditor=actor.id) if one.state != WITHDRAWN]
    project, site = records.get(Project, visit.project), records.get(Site, visit.site)
    return WorkVisit(
        id=visit.id,
        project=visit.project,
        project_name=project.name if project else "",
        site=site,
        on=visit.on,
        state=visit.state,
        persons=tuple(_person(id) for id in visit.persons),
        lead=visit.lead,
        items=tuple(item for draw in dict.fromkeys(one.draw for one in held) for item in _items(visit, draw, held)),
        observations=visit.checklists,
    )


def _person(id: str) -> dict[str, str]:
    user = records.get(User, id)
    return {"id": id, "name": user.username if user else id}


def _items(visit: Visit, draw_id: str, held: Sequence[Assignment]) -> list[WorkItem]:
    ours = [one for one in held if one.draw == draw_id]
    draw = records.get(RecordedDraw, draw_id)
    rows = frames.rows_of(draw.frame, [one.serial for one in ours]) if draw else {}
    slots = {slot_of(draw_id, one.serial, one.part): one for one in ours}
    there = {spot.slot: spot for spot in records.find(SpotCheck, slot=tuple(slots))}
    items = []
    for slot, one in slots.items():
        row, spot = rows.get(one.serial), there.get(slot)
        items.append(
            WorkItem(
                assignment=one.id,
                draw=draw_id,
                serial=one.serial,
                stratum=row.stratum if row else one.stratum,
                part=one.part,
                checklist=visit.forms.get(draw_id, ""),
                details=dict(row.details) if row else {},
                on=row.on if row else None,
                amount=row.amount if row else None,
                record=_told(spot) if spot else None,
            )
        )
    return items


def _told(spot: SpotCheck) -> dict[str, str]:
    comment = str(spot.reviews[-1].get("comment", "")) if spot.reviews else ""
    return {"id": spot.id, "state": spot.state, "comment": comment}
