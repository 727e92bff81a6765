"""Self-evaluations: kept as a draft by the provider, filed once with purchaser and authority (G48, G49, G50)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.unmet import Unmet
from service.domain.procedure import self_evaluations as rules
from service.domain.procedure.papers import Paper
from service.domain.procedure.self_evaluations import Entry, SelfEvaluation
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, load, plain
from service.operations.evaluate import quantities, rounds, schemes
from service.operations.procedure import papers
from service.store import records

# A provider may prepare before its turn, and file late while evidence is still being gathered.
SAVING = ("opened", "self_evaluation", "evidence")
FILING = ("self_evaluation", "evidence")
GATE = "self_evaluation_filed_or_due"


def get(actor: Actor, round_id: str) -> SelfEvaluation:
    """The round's self-evaluation; its draft is the provider's own, to everybody else nothing stands there yet."""
    round = rounds.get(actor, round_id, "self_evaluations.read")
    there = of_round(round)
    owner = load(Project, round.project, "project")
    if there.filed or access.may(actor, "self_evaluations.write", owner.parties):
        return there
    return SelfEvaluation(round.id, round.project, version=there.version)


def of_round(round: Round) -> SelfEvaluation:
    """What is stored of it; an empty draft of version 0 where nothing is."""
    return quantities.self_evaluation(round)


def save(
    actor: Actor,
    now: datetime,
    round_id: str,
    entries: Mapping[str, Entry],
    facts: Mapping[str, Decimal],
    version: int,
) -> SelfEvaluation:
    """Keep the draft as it stands now. Raises Refused: invalid, stale, state_conflict."""
    round = rounds.get(actor, round_id, "self_evaluations.write")
    rounds.require_state(round, *SAVING)
    draft = rules.saved(of_round(round), entries, facts)
    rules.check_draft(schemes.parsed(round.scheme), draft, [one.name for one in files(round.id)])
    stored = replace(draft, saved_at=now, saved_by=actor.id, version=version + 1)
    _put(actor, now, "self_evaluation.saved", stored, version, {"nodes": sorted(stored.entries)}, SAVING)
    return stored


def file(actor: Actor, now: datetime, round_id: str, version: int) -> SelfEvaluation:
    """File it with purchaser and authority, once; after its last day it is marked late (G48, G49).

    Raises Refused: invalid naming what is missing, stale, state_conflict.
    """
    round = rounds.get(actor, round_id, "self_evaluations.write")
    rounds.require_state(round, *FILING)
    there = of_round(round)
    scheme = schemes.parsed(round.scheme)
    known = {one.name: one.sha256 for one in files(round.id)}
    rules.check_draft(scheme, there, known)
    rules.check_filing(scheme, there)
    owner = load(Project, round.project, "project")
    last = last_day(round)
    late = last is not None and day_of(now) > last
    stored = replace(rules.filed(there, owner.parties, known, now, actor.id, late), version=version + 1)
    details = {"digest": stored.digest, "late": late, "receipts": plain(stored.receipts)}
    _put(actor, now, "self_evaluation.filed", stored, version, details, FILING)
    return stored


def last_day(round: Round) -> date | None:
    """The day by which it is owed, as the round's deadlines say; None while none of them runs."""
    found = [
        date.fromisoformat(str(one["on"]))
        for id, one in round.deadlines.items()
        if id.endswith("self-evaluation") and one.get("on")
    ]
    return max(found, default=None)


def unmet(round: Round, now: datetime) -> list[Unmet]:
    """For the gate `self_evaluation_filed_or_due` (G50): filed, or its last day has passed and the lead says so.

    The measures do not say what follows when the provider never files: the lead may go on with a reason of its own, a
    waiver, but not before the last day is over. Nothing is asked of a round before the project (G46).
    """
    if round.kind == "pre" or of_round(round).filed:
        return []
    last = last_day(round)
    if last is None:
        return [Unmet(GATE, "", "self_evaluation_undated")]
    late = day_of(now) > last
    code = "self_evaluation_overdue" if late else "self_evaluation_awaited"
    return [Unmet(GATE, "", code, {"last": last.isoformat()}, waivable=late)]


def add_file(actor: Actor, now: datetime, round_id: str, data: bytes, title: str) -> Paper:
    """Keep a file that an entry will name. Raises Refused: invalid, too_large, state_conflict."""
    round = rounds.get(actor, round_id, "self_evaluations.write")
    rounds.require_state(round, *SAVING)
    if of_round(round).filed:
        raise Refused("state_conflict", noun="self-evaluation", state=rules.FILED)
    return papers.add(actor, now, _subject(round.id), round.project, data, title)


def files(round_id: str) -> list[Paper]:
    return papers.of(_subject(round_id))


def own_files(actor: Actor, round_id: str) -> list[Paper]:
    """The provider's files, those too that no entry names."""
    rounds.get(actor, round_id, "self_evaluations.write")
    return files(round_id)


def read_file(actor: Actor, round_id: str, name: str) -> tuple[Paper, bytes]:
    """A file of the self-evaluation, for whoever may read it: those that no filed entry names are the provider's."""
    there = get(actor, round_id)
    round = rounds.get(actor, round_id, "self_evaluations.read")
    owner = load(Project, round.project, "project")
    named = {name for one in there.entries.values() for name in one.get("evidence", ())}
    if name not in named and not access.may(actor, "self_evaluations.write", owner.parties):
        raise Refused("not_found", noun="file")
    return papers.read(_subject(round_id), name)


def _subject(round_id: str) -> str:
    return f"self-evaluation:{round_id}"


def _put(
    actor: Actor,
    now: datetime,
    name: str,
    stored: SelfEvaluation,
    version: int,
    details: Mapping[str, object],
    states: Collection[str],
) -> None:
    check = rounds.still(stored.id, *states)

    def write(tx: store.Tx) -> None:
        check(tx)
        if version:
            records.replace(stored, version, tx)
        else:
            records.insert(stored, tx)

    try:
        act(name, actor, now, projects.scope(stored.project), stored.id, details, write)
    except records.Duplicate:
        there = records.get(SelfEvaluation, stored.id)
        raise Refused("stale", version=there.version if there else 0) from None
