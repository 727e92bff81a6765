"""Batches after printing: when their codes work, voiding, and the counts that must add up."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from factories import ADMIN, EVALUATOR, KEY, NOW, OTHER_EVALUATOR, PROVIDER, Opened, issue, open_campaign

from service.domain.collect.batches import Count
from service.domain.collect.tickets import Batch
from service.domain.errors import Refused
from service.domain.projects import Site
from service.operations import projects
from service.operations.collect import batches, campaigns, responses, satisfaction, seals, tickets
from service.operations.collect.responses import Submission, submit
from service.store import journal, records

ANSWERS = {"satisfaction": "High", "influence": "Low", "contact": "High"}
START, END = NOW, NOW + timedelta(hours=2)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def opened(database: None) -> Opened:
    made = open_campaign(12)
    hold(START, END)
    return made


def hold(starts_at: datetime | None, ends_at: datetime | None) -> Site:
    """The session of Monday at the site east, held at this time."""
    site = records.get(Site, "east")
    assert site is not None
    session = {"id": "monday", "name": "Monday", "starts_at": starts_at, "ends_at": ends_at}
    changed = projects.change_site(ADMIN, NOW, replace(site, sessions=(session,)), site.version)
    campaigns.forget_views()
    return changed


def print_batch(opened: Opened, count: int = 12, id: str = "printed", **more: Any) -> list[str]:
    values = {"kind": "slip", "site": "east", "session": "monday", "distribution": "all_present_evaluator"} | more
    batch = Batch(id=id, campaign=opened.id, count=count, key_id=KEY.id, created_at=NOW, created_by="x", **values)
    return tickets.create_batch(EVALUATOR, NOW, batch, KEY)[1]


def send(code: str, at: datetime, number: int = 1, mode: str = "own_phone") -> responses.Acknowledgement:
    return submit(code, Submission(f"submission-{code}-{number}", ANSWERS, mode), at, (KEY,), (mode,))


def refused(reason: str, act: Any, *args: Any, **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **more)
    assert caught.value.reason == reason, caught.value
    return caught.value


def look(code: str, at: datetime) -> None:
    view, batch = responses.form_of(code, (KEY,))
    responses.refuse_if_closed(view, batch, at)


def version(opened: Opened, id: str = "printed") -> int:
    return batches.get(EVALUATOR, opened.id, id).version


def void(opened: Opened, reason: str = "the box was lost", id: str = "printed", at: datetime = NOW) -> Batch:
    return batches.void(EVALUATOR, at, opened.id, id, reason, version(opened, id))


def count(opened: Opened, *numbers: int, at: datetime = NOW, id: str = "printed") -> Batch:
    return batches.count(EVALUATOR, at, opened.id, id, Count(*numbers), version(opened, id), (KEY,))


def told(opened: Opened, at: datetime, id: str = "printed") -> Any:
    found = batches.reconciliation(EVALUATOR, at, opened.id, (KEY,))
    return next(one for one in found if one.batch.id == id)


@pytest.mark.parametrize("grace", [0, 30])
def test_a_batch_of_a_session_works_from_its_start_to_its_end_and_the_grace(opened: Opened, grace: int) -> None:
    codes, last = print_batch(opened, grace_minutes=grace), END + grace * MINUTE
    for act in (look, send):
        assert refused("session_not_begun", act, codes[0], START - MINUTE / 60).params["at"] == START
        assert refused("session_over", act, codes[0], last).params["at"] == last
    first = send(codes[0], START)
    send(codes[1], last - MINUTE / 60)
    for at in (START - MINUTE, last + MINUTE):
        again = send(codes[0], at)
        assert (again.repeated, again.receipt) == (True, first.receipt)
    seals.seal(opened.id)
    assert send(codes[0], last + MINUTE).receipt == first.receipt
    send(opened.codes[0], last + MINUTE)  # a batch of the whole site works as long as the campaign


def test_what_was_written_on_paper_in_the_session_is_typed_in_after_it(opened: Opened) -> None:
    codes = print_batch(opened)
    assert not send(codes[0], END + timedelta(days=2), mode="paper").repeated


def test_a_session_that_is_moved_takes_its_codes_along(opened: Opened) -> None:
    [code] = print_batch(opened, 1)
    site = hold(START + timedelta(days=7), END + timedelta(days=7))
    refused("session_not_begun", send, code, START)
    assert not send(code, START + timedelta(days=7)).repeated
    refused("stale", projects.change_site, ADMIN, NOW, site, site.version - 1)
    refused("forbidden", projects.change_site, PROVIDER, NOW, site, site.version)
    for sessions in ((), ({"id": "monday", "name": "Monday", "starts_at": None, "ends_at": None},)):
        refused("invalid", projects.change_site, ADMIN, NOW, replace(site, sessions=sessions), site.version)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"session": "sunday"}, "session"),
        ({"grace_minutes": -1}, "grace_minutes"),
        ({"grace_minutes": 10081}, "grace_minutes"),
        ({"grace_minutes": 5, "session": ""}, "grace_minutes"),
        ({"replaces": "campaign-1-batch-1"}, "replaces"),
        ({"replaces": "nothing"}, "replaces"),
    ],
)
def test_a_batch_that_could_not_know_when_to_work_is_not_made(opened: Opened, more: Any, field: str) -> None:
    told = refused("invalid", print_batch, opened, **more)
    assert [fault.field for fault in told.faults] == [field]


def test_a_session_without_times_has_no_codes(opened: Opened) -> None:
    hold(None, None)
    assert "no start and end" in str(refused("invalid", print_batch, opened))
    bad = {"id": "a", "name": "A", "starts_at": END, "ends_at": START}
    half = {"id": "a", "name": "A", "starts_at": END, "ends_at": None}
    site = records.get(Site, "east")
    assert site is not None
    found = refused("invalid", projects.change_site, ADMIN, NOW, replace(site, sessions=(bad, half)), site.version)
    assert [fault.field for fault in found.faults] == ["sessions.0.ends_at", "sessions.1.id", "sessions.1.ends_at"]


def test_a_voided_slip_is_turned_away_and_what_was_accepted_stays(opened: Opened) -> None:
    codes = print_batch(opened)
    first = send(codes[0], START)
    void(opened)
    for act in (look, send):
        refused("batch_voided", act, codes[1], START)
    refused("batch_voided", send, codes[1], START, mode="paper")
    assert send(codes[0], START).receipt == first.receipt
    seals.seal(opened.id)
    assert send(codes[0], START).receipt == first.receipt
    assert sum(counts["n"] for counts in seals.read(opened.id)[0].values()) == 1
    shown = told(opened, NOW + MINUTE)
    assert (shown.used, shown.batch.void_reason, shown.batch.voided_at) == (1, "the box was lost", NOW)
    entries = [entry for entry in journal.entries("project:project-1") if entry.act == "tickets.voided"]
    assert [(entry.subject, entry.details["reason"]) for entry in entries] == [("printed", "the box was lost")]


def test_another_process_notices_within_two_seconds(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    codes, clock = print_batch(opened), [1000.0]
    monkeypatch.setattr(tickets.time, "monotonic", lambda: clock[0])
    campaigns.forget_views()
    tickets.forget_batches()
    send(codes[0], START)
    tickets.keep_in_mind()
    kept = dict(tickets._batches)
    void(opened)
    tickets._batches.update(kept)  # as a process that has not heard of it
    clock[0] += campaigns.FRESH_SECONDS - 0.1
    send(codes[1], START)
    clock[0] += 0.1
    refused("batch_voided", send, codes[2], START)


def test_voiding_needs_a_reason_the_version_and_the_right(opened: Opened) -> None:
    print_batch(opened)
    refused("invalid", void, opened, "  ")
    refused("stale", batches.void, EVALUATOR, NOW, opened.id, "printed", "lost", 9)
    refused("not_found", batches.void, OTHER_EVALUATOR, NOW, opened.id, "printed", "lost", 1)
    refused("forbidden", batches.void, PROVIDER, NOW, opened.id, "printed", "lost", 1)
    refused("not_found", batches.void, EVALUATOR, NOW, opened.id, "other", "lost", 1)
    void(opened)
    refused("state_conflict", void, opened)


def test_slips_that_replace_a_voided_batch_are_for_the_same_persons(opened: Opened) -> None:
    print_batch(opened, 10)
    refused("invalid", print_batch, opened, 10, "again", replaces="printed")
    void(opened)
    for more in ({"count": 11}, {"distribution": "free_choice"}, {"session": ""}):
        refused("invalid", print_batch, opened, **{"count": 10, "id": "again", "replaces": "printed"} | more)
    codes = print_batch(opened, 10, "again", replaces="printed")
    refused("invalid", print_batch, opened, 10, "third", replaces="printed")
    send(codes[0], START)
    [(_, east)] = satisfaction.figures(EVALUATOR, opened.id, by=("site",)).groups
    assert (east.issued, east.answered) == (22, 1)  # 12 of the whole site and 10 of the session, not 20


def test_a_frame_can_be_printed_anew_and_keeps_its_interval(opened: Opened) -> None:
    drawn = {"session": "", "distribution": "drawn_persons", "frame": "persons"}
    print_batch(opened, 400, "first", **drawn)
    void(opened, id="first")
    refused("invalid", print_batch, opened, 400, "second", **drawn)
    codes = print_batch(opened, 400, "second", replaces="first", **drawn)
    for code in codes[:40]:
        send(code, START)
    where = {"distribution": ["drawn_persons"]}
    [(_, drawn_persons)] = satisfaction.figures(EVALUATOR, opened.id, where=where).groups
    assert (drawn_persons.issued, drawn_persons.population, drawn_persons.answered) == (400, 400, 40)


def test_a_reconciled_batch_adds_up(opened: Opened) -> None:
    codes = print_batch(opened, 20)
    count(opened, 15, 2, 1)
    for code in codes[:9]:
        send(code, START)
    before = told(opened, END - MINUTE)
    assert (before.used, before.why, before.left, before.missing) == (None, "not_over", 3, None)
    seals.seal(opened.id)
    responses.withdraw(send(codes[0], START).receipt)  # the slip stays used
    after = told(opened, END)
    assert (after.used, after.why, after.left, after.missing) == (9, "", 3, 5)
    assert after.share_used == Fraction(9, 15)
    entries = [dict(entry.details) for entry in journal.entries("project:project-1") if entry.act == "tickets.counted"]
    assert [(e["handed_out"], e["spoilt"], e["returned"]) for e in entries] == [(15, 2, 1)]


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        ((21,), "handed_out"),
        ((18, 3), "handed_out"),
        ((10, 0, 11), "returned"),
        ((8,), "handed_out"),
        ((10, 0, 2), "handed_out"),
        ((10, -1), "spoilt"),
    ],
)
def test_impossible_counts_are_refused_with_the_field(opened: Opened, numbers: tuple[int, ...], field: str) -> None:
    for code in print_batch(opened, 20)[:9]:
        send(code, START)
    found = refused("invalid", count, opened, *numbers, at=END)
    assert field in [fault.field for fault in found.faults]
    assert version(opened) == 1


def test_nobody_watches_a_number_move_or_learns_who_took_part(opened: Opened) -> None:
    codes = print_batch(opened, 10)
    few = print_batch(opened, 9, "few")
    [poster] = print_batch(opened, 1, "poster", kind="poster", distribution="poster", session="")
    for code in (codes[0], few[0], poster):
        send(code, START)
    assert {told(opened, END - MINUTE, id).why for id in ("printed", "few")} == {"not_over"}
    void(opened)
    assert told(opened, NOW + MINUTE / 60).why == "not_over"  # other processes may still take one in
    assert [told(opened, END, id).why for id in ("printed", "few", "poster")] == ["", "too_few", "not_a_slip"]
    assert "only slips" in str(refused("invalid", count, opened, 1, id="poster"))


def test_the_number_used_outlives_the_places_in_the_inbox(opened: Opened) -> None:
    codes = print_batch(opened, 12)
    for code in codes[:4]:
        send(code, START)
    at = campaigns.get(EVALUATOR, opened.id).version
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", at, (KEY,))
    assert (told(opened, END).used, told(opened, END, f"{opened.id}-batch-1").used) == (4, 0)
    count(opened, 12)
    refused("invalid", count, opened, 3)


def test_without_its_key_a_batch_has_no_number(opened: Opened) -> None:
    print_batch(opened)
    [one] = [each for each in batches.reconciliation(EVALUATOR, END, opened.id, ()) if each.batch.id == "printed"]
    assert (one.used, one.why) == (None, "not_counted")
    issue(opened, 1)
