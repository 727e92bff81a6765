"""Assignments change hands with a reason, back-checks go to others, workload is counted; to the right eyes only."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal

import pytest
from factories import EVALUATOR, KEY, NOW, OTHER_EVALUATOR, PROVIDER
from visiting import FIRST, FOURTH, LATER, SECOND, THIRD, TODAY, crew, declare, drawn, employ, planned, started

from service import store
from service.domain.errors import Refused
from service.domain.inspect.assignments import Assignment
from service.domain.inspect.back_checks import BackCheckDraw
from service.domain.inspect.spot_checks import ACCEPTED, SpotCheck, slot_of
from service.domain.inspect.visits import Visit
from service.operations.inspect import assignments, back_checks, checklists, spot_checks, visits
from service.store import journal, records

pytestmark = pytest.mark.usefixtures("database")


def refused(reason: str, act: Callable[..., object], *args: object, **more: object) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **more)
    assert caught.value.reason == reason, caught.value
    return caught.value


def reason_at(told: Refused) -> dict[str, str]:
    return {fault.field: fault.reason for fault in told.faults}


def of(person: str, part: str = "first") -> list[Assignment]:
    return records.find(Assignment, draw="draw-1", auditor=person, part=part)


def look_up(one: Assignment, **attributes: bool) -> None:
    """A record of the item as the phone would send it, and the item done."""
    whole: Mapping[str, bool | None] = {"found": True, "complete": True, "true": True, "timely": True} | attributes
    spot = SpotCheck(
        f"{one.part}-{one.serial}", one.draw, one.serial, whole, NOW, one.auditor, project=one.project, part=one.part
    )
    records.insert(SpotCheck(**vars(spot) | {"state": ACCEPTED, "slot": slot_of(one.draw, one.serial, one.part)}))
    store.retrying(lambda tx: assignments.mark_done(tx, NOW, one.id))


def test_an_item_changes_hands_with_a_reason_and_the_history_stays() -> None:
    crew(FIRST, SECOND, THIRD)
    declare(FOURTH, True)
    employ(PROVIDER)
    drawn()
    planned()
    started()
    item = of(FIRST.id)[0]
    give = assignments.reassign
    assert reason_at(refused("invalid", give, EVALUATOR, NOW, item.id, THIRD.id, " ")) == {"reason": "missing"}
    assert reason_at(refused("conflict_of_interest", give, EVALUATOR, NOW, item.id, FOURTH.id, "ill")) == {
        "auditor": "conflict_declared"
    }
    assert reason_at(refused("conflict_of_interest", give, EVALUATOR, NOW, item.id, PROVIDER.id, "ill")) == {
        "auditor": "conflict_provider"
    }
    refused("undeclared", give, EVALUATOR, NOW, item.id, EVALUATOR.id, "ill")
    refused("forbidden", give, FIRST, NOW, item.id, SECOND.id, "ill")
    refused("not_found", give, OTHER_EVALUATOR, NOW, item.id, SECOND.id, "ill")
    refused("stale", give, EVALUATOR, NOW, item.id, THIRD.id, "ill", 7)
    moved = give(EVALUATOR, NOW, item.id, THIRD.id, "ill", 1)
    assert (moved.auditor, moved.version, moved.history[0]["from"]) == (THIRD.id, 2, FIRST.id)
    assert [visit.id for visit in visits.mine(THIRD, NOW)] == ["visit-1"]  # who helps sees where
    assert [one.id for one in assignments.of_visit(THIRD, "visit-1")] == [item.id]
    assert assignments.holder(FIRST.id, "draw-1", item.serial) is None
    assert assignments.holder(THIRD.id, "draw-1", item.serial) == records.get(Assignment, item.id)
    store.retrying(lambda tx: assignments.mark_done(tx, NOW, item.id))
    refused("state_conflict", give, EVALUATOR, NOW, item.id, FIRST.id, "well again")
    entry = list(journal.entries("project:project-1"))[-1]
    assert (entry.act, entry.details["reason"]) == ("assignment.reassigned", "ill")  # type: ignore[index]


def test_a_person_is_replaced_before_and_after_the_start() -> None:
    crew(FIRST, SECOND, THIRD)
    declare(FOURTH, True)
    drawn()
    planned()
    put = visits.replace_person
    refused("conflict_of_interest", put, EVALUATOR, NOW, "visit-1", SECOND.id, FOURTH.id, "ill")
    refused("invalid", put, EVALUATOR, NOW, "visit-1", SECOND.id, FIRST.id, "ill")  # one person alone
    refused("invalid", put, EVALUATOR, NOW, "visit-1", THIRD.id, SECOND.id, "ill")
    refused("forbidden", put, FIRST, NOW, "visit-1", SECOND.id, THIRD.id, "ill")
    assert put(EVALUATOR, NOW, "visit-1", SECOND.id, THIRD.id, "ill", 1).persons == (FIRST.id, THIRD.id)
    refused("not_found", visits.start, SECOND, NOW, KEY, "visit-1")
    started(by=THIRD)
    held = of(THIRD.id)
    store.retrying(lambda tx: assignments.mark_done(tx, NOW, held[0].id))
    put(EVALUATOR, LATER, "visit-1", THIRD.id, SECOND.id, "had to leave")
    assert [one.id for one in of(THIRD.id)] == [held[0].id]  # what is done stays with who did it
    assert {one.id for one in of(SECOND.id)} == {one.id for one in held[1:]}
    visit = records.get(Visit, "visit-1")
    assert [entry["reason"] for entry in visit.history] == ["ill", "had to leave"]  # type: ignore[union-attr]
    assert assignments.first_hands("draw-1", held[0].serial) == {FIRST.id, SECOND.id, THIRD.id}


def test_workload_counts_items_and_days_with_two_visits() -> None:
    crew(FIRST, SECOND, THIRD)
    drawn()
    planned()
    planned("visit-2", FIRST, THIRD, draw=())
    planned("visit-3", FIRST, SECOND, draw=(), on=TODAY + timedelta(days=1))
    started()
    store.retrying(lambda tx: assignments.mark_done(tx, NOW, of(FIRST.id)[0].id))
    loads = {load.person: load for load in assignments.workload(EVALUATOR, "project-1")}
    first = loads[FIRST.id]
    assert (first.visits, first.open, first.done, first.crowded) == (3, 2, 1, (TODAY,))
    assert first.days == (TODAY, TODAY + timedelta(days=1))
    assert (loads[SECOND.id].open, loads[SECOND.id].crowded, loads[FOURTH.id].visits) == (3, (), 0)
    assert [load.person for load in assignments.workload(SECOND, "project-1")] == [SECOND.id]
    visits.cancel(EVALUATOR, NOW, "visit-2", "not needed")
    assert {load.person: load.crowded for load in assignments.workload(EVALUATOR, "project-1")}[FIRST.id] == ()


def checked(take: int = 20) -> None:
    """A visit whose items are all looked up; every fourth is incomplete."""
    drawn(take=take)
    planned()
    started()
    for place, one in enumerate(records.find(Assignment, draw="draw-1")):
        look_up(one, complete=place % 4 != 0)
    visits.finish(FIRST, NOW, "visit-1")


def test_back_checks_go_to_others_and_wait_for_their_visit() -> None:
    crew(FIRST, SECOND, THIRD)
    checklists.publish_shipped(EVALUATOR, NOW)
    checked()
    again = back_checks.draw_back_checks
    told = refused("invalid", again, EVALUATOR, NOW, "b", "draw-1", Decimal("0.3"))
    assert reason_at(told) == {"share": "out_of_range"}
    refused("invalid", again, EVALUATOR, NOW, "b", "draw-1", Decimal("0.2"), (FIRST.id,))  # was there
    refused("undeclared", again, EVALUATOR, NOW, "b", "draw-1", Decimal("0.2"), (FOURTH.id,))
    refused("forbidden", again, FIRST, NOW, "b", "draw-1")
    made, new = again(EVALUATOR, NOW, "b", "draw-1", Decimal("0.2"))
    assert new
    repeat, new = again(EVALUATOR, LATER, "b", "draw-1", Decimal("0.2"))
    assert (new, repeat.items, repeat.seed) == (False, made.items, made.seed)
    assert sorted(auditor for _, auditor, _ in made.drawn) == [FIRST.id] * 2 + [SECOND.id] * 2
    waiting = of(THIRD.id, "back_check")
    assert {one.serial for one in waiting} == {item.serial for item in made.items}
    assert {(one.visit, one.site) for one in waiting} == {("", "east")}
    refused("conflict_of_interest", assignments.reassign, EVALUATOR, NOW, waiting[0].id, SECOND.id, "busy")
    declare(FOURTH)
    planned("visit-2", THIRD, FOURTH, draw=())
    assert dict(started("visit-2", THIRD).forms) == {"draw-1": "case-record@1"}  # as at the first look
    assert {one.visit for one in of(THIRD.id, "back_check")} == {"visit-2"}
    look_up(waiting[0])
    look_up(waiting[1], found=False)
    told_all = back_checks.agreement(EVALUATOR, "draw-1")
    assert (told_all.overall.n, told_all.waiting) == (2, 2)
    assert (waiting[1].serial, "found") in told_all.differing
    refused("forbidden", back_checks.agreement, FIRST, "draw-1")
    refused("not_found", back_checks.agreement, OTHER_EVALUATOR, "draw-1")


def test_a_second_round_draws_from_the_rest_until_nothing_is_left() -> None:
    crew(FIRST, SECOND, THIRD)
    checked(take=4)
    numbers, seen = [], set[str]()
    for _ in range(2):
        made = back_checks.draw_back_checks(EVALUATOR, NOW, f"b{len(numbers)}", "draw-1")[0]
        numbers.append(made.number)
        assert not seen & {item.serial for item in made.items}
        seen |= {item.serial for item in made.items}
    assert (numbers, len(seen)) == ([1, 2], 4)
    refused("nothing_to_check_again", back_checks.draw_back_checks, EVALUATOR, NOW, "b9", "draw-1")
    assert [made.number for made in back_checks.of_draw(EVALUATOR, "draw-1")] == [1, 2]
    assert len(records.find(BackCheckDraw)) == 2


def test_what_is_logged_by_api_is_done_and_only_by_who_has_it() -> None:
    crew(FIRST, SECOND)
    drawn()
    planned()
    started()
    [one, other] = of(FIRST.id)[:2]
    whole = {"found": True, "complete": True, "true": True, "timely": True}
    spot = SpotCheck("spot-1", "draw-1", one.serial, whole, NOW, SECOND.id)
    assert reason_at(refused("invalid", spot_checks.log, SECOND, NOW, spot)) == {"serial": "not_assigned"}
    spot_checks.log(FIRST, NOW, spot)
    spot_checks.log(EVALUATOR, NOW, SpotCheck("spot-2", "draw-1", other.serial, whole, NOW, EVALUATOR.id))
    assert [item.state for item in of(FIRST.id)].count("done") == 2
    assert spot_checks.log(FIRST, NOW, spot)[1] is False
    assert refused("visit_items_open", visits.finish, FIRST, NOW, "visit-1").params["count"] == 4
