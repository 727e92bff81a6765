"""Imports: answers that were given on paper or in an interview, from a table. Each row is accepted as any answer is.

The file is read row by row and never held as a whole. All or nothing: a first reading judges every row, and only if
none is wrong a second one takes them in. A repeat of the same file finds each row where it is: nothing counts twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import IO

from service.domain.access import Actor
from service.domain.collect import imports as rules
from service.domain.collect.campaigns import OPEN
from service.domain.collect.imports import CHINA, Columns, Row
from service.domain.collect.tickets import SLIP, Batch, Ticket, normalise
from service.domain.errors import Fault, Refused
from service.domain.keys import Key
from service.operations import projects, tables
from service.operations.acts import act
from service.operations.collect import campaigns, responses, tickets
from service.operations.collect import seals as sealing
from service.operations.collect.campaigns import View
from service.operations.collect.responses import ENTERING, GROUP, Asked, Submission, Tried
from service.store import records
from service.store.collect import inbox

MOST_FAULTS = 1000
ALL_OR_NOTHING, GOOD_ROWS = "all_or_nothing", "good_rows"


@dataclass
class Outcome:
    """`accepted` are new, `repeated` were there already; `faults` name the rows that were not taken in."""

    rows: int = 0
    accepted: int = 0
    repeated: int = 0
    refused: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class _Job:
    """What all rows of one import share. `seen`: row ids and places of answers -> the row they first stood in."""

    view: View
    columns: Columns
    keys: tuple[Key, ...]
    now: datetime
    batches: dict[str, Batch]
    seen: dict[str, int] = field(default_factory=dict)


_Judged = tuple[int, Tried | Refused]


def take_in(
    actor: Actor, now: datetime, campaign: str, file: IO[bytes], keys: tuple[Key, ...], mode: str = ALL_OR_NOTHING
) -> Outcome:
    """Take the rows of a CSV or XLSX in. With `all_or_nothing` one wrong row is Refused("import_invalid") for all.

    Journalled with its numbers; the rows themselves are not, as no single answer is.
    """
    there = campaigns.get(actor, campaign, "responses.write")
    if campaigns.state(campaign) != OPEN:
        raise Refused("state_conflict", noun="campaign", state=campaigns.state(campaign))
    if mode == ALL_OR_NOTHING:
        judged = _run(_job(campaign, file, keys, now), file, enter=False)
        if judged.refused:
            raise Refused("import_invalid", judged.faults)
    done = _run(_job(campaign, file, keys, now), file, enter=True)
    details = {name: getattr(done, name) for name in ("rows", "accepted", "repeated", "refused")} | {"mode": mode}
    scope = projects.scope(there.project)
    act("responses.imported", actor, now, scope, campaign, details, lambda tx: None)
    sealing.seal(campaign)
    return done


def _job(campaign: str, file: IO[bytes], keys: tuple[Key, ...], now: datetime) -> _Job:
    view = campaigns.view(campaign)
    _, header = next(tables.rows(file))
    if isinstance(header, Refused):
        raise header
    columns = rules.read_header(header, view.questionnaire)
    batches = {batch.id: batch for batch in records.find(Batch, campaign=campaign)}
    return _Job(view, columns, keys, now, batches)


def _run(job: _Job, file: IO[bytes], enter: bool) -> Outcome:
    lines = tables.rows(file)
    next(lines)
    outcome = Outcome()
    while group := list(islice(lines, GROUP)):
        judged = _judged(job, group)
        _note_taken(judged)
        if enter:
            entered = responses.enter([tried for _, tried in judged])
            judged = [(number, tried) for (number, _), tried in zip(judged, entered, strict=True)]  # type: ignore[misc]
        for number, tried in judged:
            _count(outcome, number, tried)
    return outcome


def _count(outcome: Outcome, number: int, tried: Tried | Refused) -> None:
    outcome.rows += 1
    try:
        if isinstance(tried, Refused):
            raise tried
        if tried.outcome == ENTERING or not responses.repeated(tried):
            outcome.accepted += 1
        else:
            outcome.repeated += 1
    except Refused as refused:
        outcome.refused += 1
        outcome.faults += rules.placed(number, refused)[: MOST_FAULTS - len(outcome.faults)]


def _note_taken(judged: list[_Judged]) -> None:
    """What lies in the inbox already is a repeat or a slip that was used: step 4 tells which, without an insert."""
    entering = [tried.envelope.env for _, tried in judged if isinstance(tried, Tried) and tried.outcome == ENTERING]
    taken = inbox.taken(entering) if entering else set()
    for at, (number, tried) in enumerate(judged):
        if isinstance(tried, Tried) and tried.outcome == ENTERING and tried.envelope.env in taken:
            judged[at] = (number, replace(tried, outcome=inbox.TAKEN))


def _judged(job: _Job, group: Sequence[tuple[int, list[str] | Refused]]) -> list[_Judged]:
    """Each row as an answer in its envelope, or what is wrong with it."""
    read = [_read(job, number, cells) for number, cells in group]
    codes = [row.code for _, row in read if isinstance(row, Row) and row.code]
    found = dict(zip(codes, tickets.find(codes, job.keys), strict=True)) if codes else {}
    judged: list[_Judged] = []
    for number, row in read:
        try:
            if isinstance(row, Refused):
                raise row
            tried = responses.opened(_asked(job, row), _ticket(job, row, found))
            _once(job, number, "_code" if row.code else "_row", tried.envelope.env)
            judged.append((number, tried))
        except Refused as refused:
            judged.append((number, refused))
    return judged


def _read(job: _Job, number: int, cells: list[str] | Refused) -> tuple[int, Row | Refused]:
    try:
        if isinstance(cells, Refused):
            raise cells
        today = job.now.astimezone(CHINA).date()
        row = rules.read_row(number, cells, job.columns, job.view.campaign, today)
        _once(job, number, "_row", f"id {row.id}")
        answers = rules.answers_of(cells, job.columns, job.view.questionnaire)
        return number, replace(row, code=normalise(row.code) if row.code else "", answers=answers)
    except Refused as refused:
        return number, refused


def _once(job: _Job, number: int, column: str, what: str) -> None:
    """A row id, and a slip, stands in one row of a file only."""
    first = job.seen.setdefault(what, number)
    if first != number:
        value = what.removeprefix("id ") if what.startswith("id ") else "the code"
        raise Refused(
            "import_invalid", [Fault(f"rows.{number}.{column}", "repeats_row", {"value": value, "row": first})]
        )


def _asked(job: _Job, row: Row) -> Asked:
    campaign = job.view.campaign.id
    submission = Submission(row.submission_id(campaign), row.answers, row.mode, row.language, lenient=True)
    return Asked(row.code, submission, row.received, job.keys, rules.MODES)


def _ticket(job: _Job, row: Row, found: dict[str, tuple[Ticket, Batch] | None]) -> tuple[Ticket, Batch] | None:
    """The code's ticket, which must be of this campaign; without a code, a place under the batch that the row names."""
    if row.code:
        known = found.get(row.code)
        if known and known[1].campaign != job.view.campaign.id:
            raise Refused("code_elsewhere")
        return known
    batch = job.batches.get(row.batch)
    place = f"rows.{row.number}._batch"
    if batch is None:
        options = ", ".join(list(job.batches)[:20])
        raise Refused("import_invalid", [Fault(place, "not_an_option", {"value": row.batch[:80], "options": options})])
    if batch.kind == SLIP:
        raise Refused("import_invalid", [Fault(place, "batch_of_slips")])
    return Ticket("", batch.id, job.keys[0]), batch


def lines_of(faults: Sequence[Fault]) -> Iterator[str]:
    """Each fault for people: `row 17, column q1: …`."""
    for fault in faults:
        _, number, *column = fault.field.split(".", 2)
        yield f"row {number}{', column ' + column[0] if column else ''}: {fault.message}"
