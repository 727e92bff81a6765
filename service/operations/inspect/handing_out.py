"""What a visit that starts has to look up: the drawn items of its site, shared out between its persons."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from service.domain.errors import Refused
from service.domain.inspect.assignments import BACK_CHECK, FIRST, OPEN, WITHDRAWN, Assignment, assignment_id, share_out
from service.domain.inspect.checklists import EVIDENCE, RECORD_KINDS
from service.domain.inspect.draws import Drawn, RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.visits import Visit
from service.domain.projects import Site
from service.operations.acts import load
from service.operations.inspect import checklists, frames
from service.store import records


def for_start(visit: Visit, opened: Sequence[RecordedDraw], now: datetime) -> tuple[list[Assignment], list[Assignment]]:
    """(new assignments, those taken over from cancelled visits and waiting back-checks with their versions raised)."""
    wanted, freed = [], {}
    for draw in opened:
        known = {one.serial: one for one in records.find(Assignment, draw=draw.id, part=FIRST)}
        for item in _of_site(draw, visit):
            there = known.get(item.serial)
            if there is None or there.state == WITHDRAWN:
                wanted.append((draw, item))
            if there is not None and there.state == WITHDRAWN:
                freed[draw.id, item.serial] = there
    holders = share_out([(draw.id, item.serial) for draw, item in wanted], visit.persons)
    made = [
        _made(visit, draw, item, holders[draw.id, item.serial], now)
        for draw, item in wanted
        if (draw.id, item.serial) not in freed
    ]
    taken = [_taken(there, visit, holders[place], now) for place, there in freed.items()]
    return made, [*taken, *_back_checks(visit)]


def forms_of(opened: Sequence[RecordedDraw], taken: Sequence[Assignment]) -> dict[str, str]:
    """Draw -> the checklist version by which its items are looked up from now on; none for draws of persons.

    A back-check uses the version of the first look: two looks by different questions could not be compared.
    """
    forms: dict[str, str] = {}
    for one in taken:
        if one.part == BACK_CHECK and one.draw not in forms:
            forms |= _form_of_first(one)
    for draw in opened:
        frame = load(FrozenFrame, draw.frame, "frame")
        if not looked_up(frame):
            continue
        try:
            forms[draw.id] = checklists.for_kind(frame.kind, frame.direction).id
        except Refused:  # none is published for this kind: such items are recorded by API only
            continue
    return forms


def _form_of_first(one: Assignment) -> dict[str, str]:
    first = records.get(Assignment, assignment_id(one.draw, one.serial, FIRST))
    visit = records.get(Visit, first.visit) if first else None
    return {one.draw: visit.forms[one.draw]} if visit and one.draw in visit.forms else {}


def looked_up(frame: FrozenFrame) -> bool:
    """Whether auditors look its items up. Drawn persons are asked one at a time, by interviews."""
    return frame.kind in RECORD_KINDS or frame.direction == EVIDENCE


def _of_site(draw: RecordedDraw, visit: Visit) -> Iterator[Drawn]:
    """The items of the visit's site (by id or by name), and those of which no site is known."""
    frame = load(FrozenFrame, draw.frame, "frame")
    if not looked_up(frame):
        return
    site = load(Site, visit.site, "site")
    rows = frames.rows_of(draw.frame, [item.serial for item in draw.items])
    for item in draw.items:
        row = rows.get(item.serial)
        if row is None or row.site in ("", site.id, site.name):
            yield item


def _made(visit: Visit, draw: RecordedDraw, item: Drawn, auditor: str, now: datetime) -> Assignment:
    return Assignment(
        id=assignment_id(draw.id, item.serial, FIRST),
        project=visit.project,
        draw=draw.id,
        serial=item.serial,
        visit=visit.id,
        auditor=auditor,
        site=visit.site,
        stratum=item.stratum or "",
        assigned_at=now,
    )


def _taken(there: Assignment, visit: Visit, auditor: str, now: datetime) -> Assignment:
    """An item of a cancelled visit, in the hands of this one."""
    entry = {"from": there.auditor, "to": auditor, "reason": f"visit {visit.id}", "at": now, "by": ""}
    return replace(
        there,
        visit=visit.id,
        site=visit.site,
        auditor=auditor,
        state=OPEN,
        history=(*there.history, entry),
        version=there.version + 1,
    )


def _back_checks(visit: Visit) -> list[Assignment]:
    """Those of this site that wait for a visit of their auditor."""
    waiting = records.find(Assignment, project=visit.project, visit="", part=BACK_CHECK, state=OPEN)
    own = [one for one in waiting if one.site == visit.site and one.auditor in visit.persons]
    return [replace(one, visit=visit.id, version=one.version + 1) for one in own]
