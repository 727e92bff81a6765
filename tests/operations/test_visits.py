"""Visits: who may go, when they start, how drawn items are shared out, and what is left when starts collide or stop."""

import itertools
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from factories import AUDITOR, EVALUATOR, KEY, NOW, OTHER_EVALUATOR, PROVIDER
from pausing import PAUSER
from visiting import FIRST, FOURTH, LATER, SECOND, THIRD, TODAY, crew, declare, drawn, employ, planned, started

from service import store
from service.domain.errors import Refused
from service.domain.inspect.assignments import Assignment
from service.domain.inspect.conflicts import Declaration
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.visits import Visit
from service.operations.inspect import assignments, conflicts, visit_ends, visits
from service.store import journal, records

pytestmark = pytest.mark.usefixtures("database")


def refused(reason: str, act: Callable[..., object], *args: object, **more: object) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **more)
    assert caught.value.reason == reason, caught.value
    return caught.value


def fields(told: Refused) -> dict[str, str]:
    return {fault.field: fault.reason for fault in told.faults}


def acts() -> list[str]:
    return [entry.act for entry in journal.entries("project:project-1")]


def handed() -> list[Assignment]:
    return records.find(Assignment, draw="draw-1")


def serials() -> list[str]:
    return [item.serial for item in records.get(RecordedDraw, "draw-1").items]  # type: ignore[union-attr]


def test_the_drawn_items_of_a_visit_are_shared_out_in_turns() -> None:
    crew(FIRST, SECOND)
    drawn(take=7)
    visit = planned()
    assert handed() == []
    assert started().state == "started"
    holders = {one.serial: one.auditor for one in handed()}
    assert [holders[serial] for serial in serials()] == [FIRST.id, SECOND.id] * 3 + [FIRST.id]
    assert {(one.visit, one.part, one.state, one.site) for one in handed()} == {(visit.id, "first", "open", "east")}
    assert acts()[-1] == "visit.started"
    assert assignments.holder(FIRST.id, "draw-1", serials()[0]).visit == visit.id  # type: ignore[union-attr]
    assert assignments.holder(SECOND.id, "draw-1", serials()[0]) is None


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"persons": ("field-1",)}, "invalid", "persons"),
        ({"persons": ("field-1", "field-1")}, "invalid", "persons"),
        ({"persons": ("field-1", "provider-1")}, "conflict_of_interest", "persons.1"),
        ({"persons": ("field-1", "nobody")}, "invalid", "persons.1"),
        ({"persons": ("field-1", "field-3")}, "conflict_of_interest", "persons.1"),
        ({"persons": ("field-1", "field-4")}, "conflict_of_interest", "persons.1"),
        ({"site": "north"}, "invalid", "site"),
        ({"draws": ("draw-9",)}, "invalid", "draws.0"),
        ({"draws": ("draw-1",), "trigger": "complaint"}, "invalid", "draws.0"),
        ({"checklists": ("document-review@99",)}, "invalid", "checklists.0"),
        ({"kind": "surprise"}, "invalid", "kind"),
        ({"trigger": "rumour"}, "invalid", "trigger"),
    ],
)
def test_what_does_not_fit_a_visit_is_named(change: dict[str, object], reason: str, field: str) -> None:
    crew(FIRST, SECOND)
    drawn()
    employ(PROVIDER)
    declare(THIRD, True, organisation="provider-org")
    declare(FOURTH, True)
    whole = Visit("visit-1", "project-1", "east", TODAY, (FIRST.id, SECOND.id))
    told = refused(reason, visits.plan, EVALUATOR, NOW, replace(whole, **change))  # type: ignore[arg-type]
    assert field in fields(told)
    assert visits.of_project(EVALUATOR, "project-1") == []


def test_only_on_its_day_only_by_its_persons_only_after_declarations() -> None:
    crew(FIRST)
    drawn()
    planned()
    midnight = NOW.replace(hour=16, minute=0)  # of that day in the project's time zone, which is ahead of UTC
    assert fields(refused("undeclared", visits.start, FIRST, NOW, KEY, "visit-1")) == {"persons.1": "person_undeclared"}
    declare(SECOND)
    refused("visit_not_today", visits.start, FIRST, midnight, KEY, "visit-1")
    refused("visit_not_today", visits.start, FIRST, midnight - timedelta(days=1, microseconds=1), KEY, "visit-1")
    refused("not_of_visit", visits.start, EVALUATOR, NOW, KEY, "visit-1")
    refused("not_found", visits.start, THIRD, NOW, KEY, "visit-1")
    refused("not_found", visits.start, PROVIDER, NOW, KEY, "visit-1")
    refused("not_found", visits.start, OTHER_EVALUATOR, NOW, KEY, "visit-1")
    assert handed() == []
    visits.start(FIRST, midnight - timedelta(microseconds=1), KEY, "visit-1")
    assert len(handed()) == 6


def test_a_conflict_declared_after_the_planning_stops_the_start_and_the_latest_word_counts() -> None:
    crew(FIRST, SECOND)
    drawn()
    planned()
    declare(SECOND, True)
    assert fields(refused("conflict_of_interest", visits.start, FIRST, NOW, KEY, "visit-1")) == {
        "persons.1": "conflict_declared"
    }
    conflicts.declare(SECOND, LATER, Declaration("later", SECOND.id, False, project="project-1", text="she left"))
    assert started().state == "started"


def test_a_declaration_is_of_oneself_or_of_a_colleague_by_the_evaluator() -> None:
    crew()
    about = {"project": "project-1"}
    conflicts.declare(EVALUATOR, NOW, Declaration("a", FIRST.id, False, **about))
    refused("forbidden", conflicts.declare, FIRST, NOW, Declaration("b", SECOND.id, False, **about))
    refused("forbidden", conflicts.declare, PROVIDER, NOW, Declaration("b", PROVIDER.id, False, **about))
    refused("invalid", conflicts.declare, OTHER_EVALUATOR, NOW, Declaration("b", FIRST.id, False, **about))
    refused("invalid", conflicts.declare, FIRST, NOW, Declaration("b", FIRST.id, True, **about))  # which one?
    refused("invalid", conflicts.declare, FIRST, NOW, Declaration("b", FIRST.id, False))  # about what?
    assert {user: len(found) for user, found in conflicts.of_project(EVALUATOR, "project-1").items()} == {
        EVALUATOR.id: 0,
        FIRST.id: 1,
        SECOND.id: 0,
        THIRD.id: 0,
        FOURTH.id: 0,
    }
    assert list(conflicts.of_project(SECOND, "project-1")) == [SECOND.id]


def test_a_visit_goes_one_way_and_edits_need_the_version() -> None:
    crew(FIRST, SECOND)
    drawn()
    visit = planned()
    assert visits.plan(EVALUATOR, LATER, replace(visit, version=1)) == (visit, False)
    moved = replace(visit, on=TODAY + timedelta(days=1))
    refused("id_taken", visits.plan, EVALUATOR, NOW, moved)
    refused("stale", visits.change, EVALUATOR, NOW, moved, 9)
    assert visits.change(EVALUATOR, NOW, moved, 1).version == 2
    refused("visit_not_today", visits.start, FIRST, NOW, KEY, "visit-1")
    visits.change(EVALUATOR, NOW, visit, 2)
    refused("state_conflict", visits.finish, EVALUATOR, NOW, "visit-1")
    started()
    refused("state_conflict", visits.change, EVALUATOR, NOW, moved, 4)
    assert refused("visit_items_open", visits.finish, FIRST, LATER, "visit-1").params["count"] == 6
    refused("forbidden", visits.cancel, FIRST, LATER, "visit-1", "rain")
    over = visits.finish(FIRST, LATER, "visit-1", "the flood came")
    assert (over.state, over.history[-1]["open"], over.finished_by) == ("finished", 6, FIRST.id)
    assert visits.finish(SECOND, LATER, "visit-1").version == over.version
    refused("state_conflict", visits.cancel, EVALUATOR, LATER, "visit-1", "rain")
    refused("state_conflict", visits.start, FIRST, LATER, KEY, "visit-1")
    assert acts()[-4:] == ["visit.changed", "visit.changed", "visit.started", "visit.finished"]


def test_each_sees_the_own_visits_and_a_week_of_finished_ones() -> None:
    crew(FIRST, SECOND, THIRD)
    drawn()
    planned()
    planned("visit-2", SECOND, THIRD, draw=())
    assert [visit.id for visit in visits.mine(FIRST, NOW)] == ["visit-1"]
    assert [visit.id for visit in visits.of_project(FIRST, "project-1")] == ["visit-1"]
    assert [visit.id for visit in visits.of_project(EVALUATOR, "project-1")] == ["visit-1", "visit-2"]
    refused("not_found", visits.get, FIRST, "visit-2")
    refused("not_found", visits.get, PROVIDER, "visit-1")
    refused("not_found", visits.of_project, OTHER_EVALUATOR, "project-1")
    refused("forbidden", visits.of_project, PROVIDER, "project-1")
    refused("forbidden", visits.plan, AUDITOR, NOW, visits.get(EVALUATOR, "visit-1"))
    started()
    visits.finish(FIRST, NOW, "visit-1", "nobody was there")
    assert [visit.id for visit in visits.mine(FIRST, NOW + timedelta(days=6))] == ["visit-1"]
    assert visits.mine(FIRST, NOW + timedelta(days=7)) == []


def test_a_cancelled_visit_gives_its_open_items_to_the_next_one() -> None:
    crew(FIRST, SECOND, THIRD, FOURTH)
    drawn()
    planned()
    started()
    done = handed()[0]
    store.retrying(lambda tx: assignments.mark_done(tx, NOW, done.id))
    visits.cancel(EVALUATOR, NOW, "visit-1", "the road is closed")
    assert Counter(one.state for one in handed()) == {"withdrawn": 5, "done": 1}
    assert assignments.holder(FIRST.id, "draw-1", done.serial) is not None or done.auditor != FIRST.id
    planned("visit-2", THIRD, FOURTH)
    started("visit-2", THIRD)
    assert Counter((one.visit, one.state) for one in handed()) == {("visit-2", "open"): 5, ("visit-1", "done"): 1}
    assert {one.auditor for one in handed() if one.visit == "visit-2"} == {THIRD.id, FOURTH.id}
    assert all(one.history[0]["reason"] == "the road is closed" for one in handed() if one.visit == "visit-2")


def test_whoever_is_checked_learns_the_items_when_all_visits_of_the_draw_are_over() -> None:
    crew(FIRST, SECOND)
    drawn()
    draw = records.get(RecordedDraw, "draw-1")
    assert draw is not None
    assert not visit_ends.over(draw)
    planned()
    started()
    assert not visit_ends.over(draw)
    planned("visit-2", FIRST, SECOND)
    visits.finish(FIRST, NOW, "visit-1", "done by API")
    assert not visit_ends.over(draw)  # another one is still to come
    visits.cancel(EVALUATOR, NOW, "visit-2", "not needed")
    assert visit_ends.over(draw)


def no_half_start(draw: str, ids: list[str]) -> None:
    """A visit that is not started has no items, a started draw has all of them, each start is entered once."""
    states = {id: records.get(Visit, id).state for id in ids}  # type: ignore[union-attr]
    held = records.find(Assignment, draw=draw)
    assert {one.visit for one in held if one.state == "open"} <= {id for id in ids if states[id] == "started"}
    assert len(held) in ((4,) if "started" in states.values() else (0, 4))
    entered = [entry.subject for entry in journal.entries("project:project-1") if entry.act == "visit.started"]
    assert all(entered.count(id) == 1 for id in ids if states[id] == "started")


def meanwhile_nothing(one: str, other: str) -> None:
    """Dead for good, or just slow."""


def meanwhile_the_other_starts(one: str, other: str) -> None:
    started(one, SECOND)


def meanwhile_a_person_is_replaced(one: str, other: str) -> None:
    visits.replace_person(EVALUATOR, NOW, one, SECOND.id, THIRD.id, "ill")


def meanwhile_another_visit_of_the_draw_starts(one: str, other: str) -> None:
    started(other, FOURTH)


def meanwhile_it_is_cancelled(one: str, other: str) -> None:
    visits.cancel(EVALUATOR, NOW, one, "rain")


@pytest.mark.parametrize(
    "meanwhile",
    [
        meanwhile_nothing,
        meanwhile_the_other_starts,
        pytest.param(meanwhile_a_person_is_replaced, marks=pytest.mark.long),
        pytest.param(meanwhile_another_visit_of_the_draw_starts, marks=pytest.mark.long),
        pytest.param(meanwhile_it_is_cancelled, marks=pytest.mark.long),
    ],
)
def test_a_start_stopped_before_any_command_leaves_nothing_half_done(meanwhile: Callable[[str, str], None]) -> None:
    crew(FIRST, SECOND, THIRD, FOURTH)
    for k in itertools.count(1):
        draw, one, other = drawn(f"draw-{k}", 4, 8), f"one-{k}", f"other-{k}"
        planned(one, draw=(draw,))
        planned(other, THIRD, FOURTH, draw=(draw,))
        first = PAUSER.start(lambda id=one: started(id), stop_before=k)  # type: ignore[misc]
        with suppress(Refused):  # busy: the stopped one holds its transaction open
            meanwhile(one, other)
        no_half_start(draw, [one, other])
        first.go_on()
        if not first.reached:
            break
        cancelled = records.get(Visit, one).state == "cancelled"  # type: ignore[union-attr]
        if cancelled:
            assert first.error is None or str(first.error)
        else:
            assert first.error is None
            started(one)
        no_half_start(draw, [one, other])
        shared = Counter(held.auditor for held in records.find(Assignment, visit=one, state="open"))
        assert set(shared) <= set(records.get(Visit, one).persons)  # type: ignore[union-attr]
        assert set(shared.values()) <= {2}
    assert k > 8, "a start takes more steps than that"
