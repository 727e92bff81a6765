"""The journal of a project for its readers: page by page, newest first, and nothing in it that is hidden elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.domain.access import Actor
from service.domain.evaluate.judgements import RoundJudgement, tells_draft
from service.domain.evaluate.rounds import Round
from service.domain.journal import JournalEntry
from service.operations import projects
from service.operations.evaluate import judgements
from service.store import journal, records

A_PAGE = 50
JUDGED = "judgement."


@dataclass(frozen=True)
class ShownEntry:
    """An entry; `hidden`: its details are those of a score that is not known yet. Without details: they were purged."""

    entry: JournalEntry
    hidden: bool = False


@dataclass(frozen=True)
class JournalPage:
    """Entries from the latest on, how many the chain has, and the hash of its last one."""

    entries: tuple[ShownEntry, ...]
    count: int
    head: str


def of_project(actor: Actor, id: str, before: int = 0) -> JournalPage:
    """A page of the project's chain, before the entry of that number. Raises Refused("not_found")."""
    scope = projects.scope(projects.project(actor, id, "journal.read").id)
    count = journal.length(scope)
    last = min(before - 1, count) if before > 0 else count
    found = journal.numbered(scope, range(last, max(last - A_PAGE, 0), -1))
    return JournalPage(tuple(_shown(actor, found)), count, journal.head(scope))


def _shown(actor: Actor, found: Sequence[JournalEntry]) -> list[ShownEntry]:
    """Scores are hidden in the journal as long as they are on every other page, drafts of them for ever."""
    subjects = {one.subject for one in found if one.act.startswith(JUDGED)}
    scored = {one.id: one for one in records.find(RoundJudgement, _id=tuple(subjects))} if subjects else {}
    known: set[str] = set()
    for round in records.find(Round, _id=tuple({one.round for one in scored.values()})) if scored else ():
        known |= {one.id for one in judgements.visible(actor, round)}
    return [_one(actor, entry, known) for entry in found]


def _one(actor: Actor, entry: JournalEntry, known: set[str]) -> ShownEntry:
    if not entry.act.startswith(JUDGED) or entry.details is None or entry.actor == actor.id:
        return ShownEntry(entry)
    if entry.subject not in known or tells_draft(entry):
        return ShownEntry(replace(entry, details=None, salt=None), hidden=True)
    return ShownEntry(entry)
