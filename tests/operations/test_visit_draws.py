"""What a start opens: sealed draws, items of its site only, by the checklist of that moment; and who sees them when."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from factories import EVALUATOR, KEY, NOW, PROVIDER
from visiting import FIRST, FOURTH, LATER, SECOND, THIRD, crew, drawn, planned, started

from service.domain.errors import Refused
from service.domain.inspect.assignments import Assignment
from service.domain.inspect.ceremonies import DrawPlan
from service.domain.inspect.draws import RecordedDraw, commitment
from service.domain.inspect.frame_rows import FrameRow
from service.domain.inspect.frames import FrozenFrame, frame_sha256, freeze
from service.domain.inspect.visits import Visit
from service.operations.inspect import ceremonies, checklists, draws, frames, visits
from service.store import journal, records

pytestmark = pytest.mark.usefixtures("database")
SECRET = "a7" * 32


def sealed(id: str = "draw-1", reveal: bool = True) -> str:
    """A draw that evaluator and provider make together; the evaluator's secret lies on the server."""
    serials = [f"R{number:03}" for number in range(40)]
    frame = frames.freeze(EVALUATOR, NOW, f"{id}-frame", "project-1", "Records", "case register", serials, None)[0]
    asked = DrawPlan(
        id=id,
        frame=frame.id,
        allocation={"": 6},
        parties=("evaluator", "provider"),
        commit_by=NOW + timedelta(hours=1),
        reveal_by=NOW + timedelta(hours=2),
    )
    draws.plan(EVALUATOR, NOW, KEY, asked)
    ceremonies.commit(PROVIDER, NOW, id, "provider", commitment(bytes.fromhex(SECRET)))
    if reveal:
        ceremonies.reveal(PROVIDER, NOW, id, "provider", SECRET)
    return id


def acts(name: str) -> int:
    return sum(entry.act == name for entry in journal.entries("project:project-1"))


def test_the_sealed_draw_is_opened_by_the_start_and_not_before() -> None:
    crew(FIRST, SECOND)
    sealed(reveal=False)
    planned()
    with pytest.raises(Refused) as caught:
        started()
    assert caught.value.reason == "draw_not_ready"
    assert visits.get(FIRST, "visit-1").state == "planned"
    ceremonies.reveal(PROVIDER, NOW, "draw-1", "provider", SECRET)
    assert records.get(RecordedDraw, "draw-1").drawn == ()  # type: ignore[union-attr]
    started()
    opened = records.get(RecordedDraw, "draw-1")
    assert opened is not None
    assert (opened.state, opened.opened_by, len(opened.drawn)) == ("opened", FIRST.id, 6)
    held = records.find(Assignment, draw="draw-1")
    assert {one.serial for one in held} == {item.serial for item in opened.items}
    assert draws.get(PROVIDER, "draw-1").drawn == ()
    visits.finish(FIRST, LATER, "visit-1", "logged by API")
    assert draws.get(PROVIDER, "draw-1").drawn == opened.drawn


def test_two_persons_who_start_at_once_open_it_once() -> None:
    crew(FIRST, SECOND)
    for number in range(3):
        draw, visit = sealed(f"draw-{number}"), f"visit-{number}"
        planned(visit, draw=(draw,))
        gate, told = threading.Barrier(2), []

        def go(person: object, id: str = visit, gate: threading.Barrier = gate, told: list[Visit] = told) -> None:
            gate.wait()
            told.append(visits.start(person, NOW, KEY, id))  # type: ignore[arg-type]

        both = [threading.Thread(target=go, args=(person,)) for person in (FIRST, SECOND)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert len(told) == 2
        assert told[0] == told[1]
        assert len(records.find(Assignment, draw=draw)) == 6
        assert (acts("draw.opened"), acts("visit.started")) == (number + 1, number + 1)


def framed(sites: list[str]) -> None:
    """A frame whose rows say at which site each record lies, by id or by name."""
    serials = [f"R{number:03}" for number in range(len(sites))]
    frame = freeze(serials)
    frozen = FrozenFrame(
        id="frame-1",
        project="project-1",
        name="Records",
        source="case register",
        sha256=frame_sha256(frame),
        serials=frame.serials,
        frozen_at=NOW,
        frozen_by=EVALUATOR.id,
    )
    rows = [
        FrameRow(f"frame-1:{serial}", "frame-1", serial, site=site)
        for serial, site in zip(frame.serials, sites, strict=True)
    ]
    frames.keep(EVALUATOR, NOW, frozen, rows)
    draws.draw(EVALUATOR, NOW, "draw-1", "frame-1", len(sites))


def test_of_a_draw_over_two_sites_each_visit_gets_its_own_items() -> None:
    crew(FIRST, SECOND, THIRD, FOURTH)
    framed(["east"] * 3 + ["West"] * 2 + [""])
    planned()
    started()
    assert {one.serial for one in records.find(Assignment, visit="visit-1")} == {"R000", "R001", "R002", "R005"}
    visits.finish(FIRST, NOW, "visit-1", "logged by API")
    assert draws.get(PROVIDER, "draw-1").drawn == ()  # nobody has been to the other site
    planned("visit-2", THIRD, FOURTH, site="west")
    started("visit-2", THIRD)
    assert {one.serial: one.site for one in records.find(Assignment, visit="visit-2")} == {
        "R003": "west",
        "R004": "west",
    }
    assert draws.get(PROVIDER, "draw-1").drawn == ()
    visits.finish(THIRD, NOW, "visit-2", "logged by API")
    assert len(draws.get(PROVIDER, "draw-1").drawn) == 6


def test_the_checklist_is_fixed_when_the_visit_starts() -> None:
    crew(FIRST, SECOND)
    shipped = {one.checklist: one for one in checklists.publish_shipped(EVALUATOR, NOW)}
    drawn()
    drawn("draw-2")
    planned(checklists=(shipped["observation-visit"].id,))
    assert dict(started().forms) == {"draw-1": "case-record@1"}
    first = dict(shipped["case-record"].definition)
    checklists.publish(EVALUATOR, LATER, first | {"version": 2, "form": dict(first["form"]) | {"version": 2}})
    assert dict(visits.get(FIRST, "visit-1").forms) == {"draw-1": "case-record@1"}
    planned("visit-2", draw=("draw-2",))
    assert dict(started("visit-2").forms) == {"draw-2": "case-record@2"}
    with pytest.raises(Refused):  # what is drawn is no checklist of a whole visit
        visits.plan(
            EVALUATOR, NOW, replace(visits.get(FIRST, "visit-2"), id="visit-3", draws=(), checklists=("case-record@1",))
        )
