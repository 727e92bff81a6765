"""A project with checked draws for tests: lists of claimed items, draws from them, and what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from factories import AUDITOR, EVALUATOR, NOW

from service.domain.inspect.assignments import Assignment
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frame_rows import FrameRow
from service.domain.inspect.frames import FrozenFrame, frame_sha256
from service.domain.inspect.frames import freeze as frozen_list
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.inspect.visits import Visit
from service.operations.inspect import draws, frames, spot_checks
from service.store import records, retrying

GOOD = {"found": True, "complete": True, "true": True, "timely": True}
LOST = {"found": False}


def make_list(
    id: str,
    serials: Sequence[str],
    strata: Sequence[str] | None = None,
    amounts: Mapping[str, int] | None = None,
    **more: Any,
) -> FrozenFrame:
    """Freeze a list of the project `project-1`; `amounts` are those claimed for each serial."""
    frame = frozen_list(serials, strata)
    frozen = FrozenFrame(
        id=id,
        project="project-1",
        name=f"List {id}",
        source="register",
        sha256=frame_sha256(frame),
        serials=frame.serials,
        frozen_at=NOW,
        frozen_by=EVALUATOR.id,
        strata=frame.strata or (),
        **more,
    )
    rows = [
        FrameRow(f"{id}:{serial}", id, serial, stratum, "", None, Decimal(amounts[serial]), {})
        for serial, stratum in zip(frame.serials, frame.strata or [""] * len(frame.serials), strict=True)
        if amounts
    ]
    return frames.keep(EVALUATOR, NOW, frozen, rows)[0]


def draw_from(id: str, frame: str, take: int | Mapping[str, int], trigger: str = "plan") -> RecordedDraw:
    """Draw at once, as a check that was planned or that something else caused."""
    drawn, _ = draws.draw(EVALUATOR, NOW, id, frame, take)
    if trigger == "plan":
        return drawn
    caused = replace(drawn, trigger=trigger, version=drawn.version + 1)
    retrying(lambda tx: records.replace(caused, drawn.version, tx))
    return caused


def find(
    draw: RecordedDraw,
    place: int,
    attributes: Mapping[str, bool | None] = GOOD,
    amount: int | None = None,
    by: Any = EVALUATOR,
    at: datetime = NOW,
) -> SpotCheck:
    """Log what was found of the item drawn at `place` (from 0); the evaluator's records are accepted with it."""
    serial = draw.items[place].serial
    verified = None if amount is None else Decimal(amount)
    spot = SpotCheck(f"{draw.id}-{place}", draw.id, serial, attributes, at, by.id, amount=verified)
    return spot_checks.log(by, NOW, spot)[0]


def find_all(draw: RecordedDraw, failing: Mapping[int, Mapping[str, bool | None]] | None = None) -> None:
    """Everything that was drawn is in order, but for the places named."""
    for place in range(len(draw.items)):
        find(draw, place, (failing or {}).get(place, GOOD))


def visit_all(draw: RecordedDraw) -> None:
    """A finished visit that looked up every item of the draw."""
    visit = Visit(f"visit-{draw.id}", draw.project, "east", NOW.date(), ("a", "b"), (draw.id,), state="finished")
    records.insert(visit)
    for item in draw.items:
        id = f"{draw.id}-{item.serial}"
        records.insert(Assignment(id, draw.project, draw.id, item.serial, visit.id, "a", state="done"))


__all__ = ["AUDITOR", "GOOD", "LOST", "draw_from", "find", "find_all", "make_list", "visit_all"]
