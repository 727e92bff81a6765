"""What a collecting app needs on the server: published checklists, a started visit with drawn items, a live token."""

import functools
from dataclasses import dataclass
from typing import Any

from factories import EVALUATOR, KEY, NOW
from stages import staged
from visiting import FIRST, SECOND, crew, drawn, planned

from service.domain.access import Actor
from service.domain.inspect import checklists as rules
from service.domain.inspect.assignments import Assignment
from service.domain.inspect.xforms import XForm
from service.operations.inspect import checklists, field_tokens, visits, xforms
from service.store import records

OBSERVATION = "observation-visit@1"


@dataclass
class Stage:
    """`token` is the first auditor's."""

    token: str
    assignments: list[Assignment]


@staged
def prepared(take: int = 6) -> Stage:
    """A started visit of two auditors with drawn case records, and an observation."""
    crew(FIRST, SECOND)
    for name in ("case-record", "observation-visit"):
        publish(name)
    drawn("draw-1", take)
    planned("visit-1", FIRST, SECOND, draw=("draw-1",), checklists=(OBSERVATION,))
    visits.start(FIRST, NOW, (KEY,), "visit-1")
    token, _ = field_tokens.make(EVALUATOR, NOW, FIRST.id)
    return Stage(token, of(FIRST))


_made: dict[str, XForm] = {}


@staged
def publish(name: str) -> None:
    """A checklist as shipped with its form; the converter is asked once a process, for it takes a second."""
    checklist = _shipped()[name]
    checklists.publish(EVALUATOR, NOW, rules.to_plain(checklist))
    if name in _made:
        records.insert(_made[name])
    else:
        _made[name] = xforms.make(NOW, checklist)


@functools.cache
def _shipped() -> dict[str, rules.Checklist]:
    return {checklist.id: checklist for checklist in checklists.shipped().values()}


def of(auditor: Actor) -> list[Assignment]:
    """In the order of their serials."""
    return sorted(records.find(Assignment, auditor=auditor.id), key=lambda one: one.serial)


def publish_next(id: str = "case-record", change: dict[str, Any] | None = None) -> str:
    """The next version of a checklist, with another title."""
    latest = max((one for one in checklists.published() if one.checklist == id), key=lambda one: one.number)
    definition = dict(latest.definition) | {"version": latest.number + 1} | (change or {})
    definition["title"] = {name: f"{text} {latest.number + 1}" for name, text in latest.definition["title"].items()}
    definition["form"] = {**definition["form"], "version": latest.number + 1, "title": definition["title"]}
    return checklists.publish(EVALUATOR, NOW, rules.to_plain(rules.parse(definition)))[0].id


_ATTRIBUTES = ("in_period", "signed", "complete", "consistent", "plausible", "counted_once", "timely", "confirmed")
FOUND = dict.fromkeys(("exists", *_ATTRIBUTES), "yes")


def looked_up(item: str, **more: str) -> dict[str, str]:
    """What an auditor fills in for a case record that is in order; the witness signs."""
    return (
        {
            "start": "2026-03-02T09:40:00.000+08:00",
            "end": "2026-03-02T09:52:30.500+08:00",
            "deviceid": "collect:AbCdEfGhIjKlMnOp",
            "_item": item,
            "_place": "23.1291 113.2644 12.0 4.8",
            "_witness": "signed",
            "_witness_name": "李四",
            "_witness_signature": "witness.png",
            "amount": "3",
        }
        | FOUND
        | more
    )


def log_of(mock: bool = False) -> bytes:
    """audit.csv of a record that took 12 minutes; the position was 90 s old when it was signed."""
    start, accuracy = 1_772_415_600_000, "0.0" if mock else "6.5"
    rows = [
        f"form start,,{start},,,,,,,u,",
        f"question,/data/exists,{start},{start + 30_000},23.129,113.264,{accuracy},,,u,",
        f"question,/data/_place,{start + 30_000},{start + 40_000},23.129,113.264,{accuracy},,,u,",
        f"question,/data/amount,{start + 40_000},{start + 45_000},23.129,113.264,{accuracy},2,3,u,typed wrongly",
        f"form finalize,,{start + 130_000},,,,,,,u,",
    ]
    head = "event,node,start,end,latitude,longitude,accuracy,old-value,new-value,user,change-reason"
    return "\n".join([head, *rows, ""]).encode()
