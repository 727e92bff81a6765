"""The scoring of a round as its lead runs it: the last day, who is lapsed, what is reopened, and how far they agree."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.evaluate import agreement as agreements
from service.domain.evaluate import judgements as judgement_rules
from service.domain.evaluate.agreement import Agreement, Spread
from service.domain.evaluate.judgements import IN, LAPSED, RoundJudgement
from service.domain.evaluate.rounds import ENTERING, Round
from service.domain.procedure import judging as rules
from service.domain.procedure.due import Due
from service.domain.procedure.groups import check_reason
from service.domain.procedure.judging import Awaited, Judging
from service.domain.procedure.papers import Paper
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, load, plain
from service.operations.evaluate import judgements, rounds, schemes
from service.operations.procedure import papers
from service.store import Tx, records

LABEL = {"zh-Hans": "评分截止", "zh-Hant": "評分截止", "en": "Last day for scores"}


@dataclass(frozen=True)
class Asked:
    """One who was asked for a node, of which category (empty for a name on the panel): waiting | in | lapsed."""

    rater: str
    name: str
    category: str
    state: str


@dataclass(frozen=True)
class NodeProgress:
    """How far one node is; `spread` only once its scores may be seen."""

    node: str
    blind: bool
    quorum: int
    given: int
    asked: tuple[Asked, ...]
    spread: Spread | None
    reopened: bool


@dataclass(frozen=True)
class Progress:
    """How far the scoring is; `agreement` is over the nodes whose scores may be seen."""

    due_on: date | None
    nodes: tuple[NodeProgress, ...]
    agreement: Agreement
    version: int


def set_day(actor: Actor, now: datetime, round_id: str, due_on: date, version: int) -> Judging:
    """Set the last day for scores, or give more time. Raises Refused: not_lead, invalid, stale."""
    there, owner = _led(actor, round_id)
    before = judgements.load_judging(there)
    rules.check_due(before, due_on, day_of(now))
    after = replace(before, due_on=due_on, set_at=now, set_by=actor.id)
    return _put(actor, now, owner, "judging.day_set", after, version, {"due_on": due_on.isoformat()})


def reopen(actor: Actor, now: datetime, round_id: str, node: str, is_open: bool, reason: str, version: int) -> Judging:
    """Let a node's scores be changed although they are known, or end that; with the reason.

    Raises Refused: not_lead, invalid, stale, state_conflict (its scores are still hidden: they can be changed anyway).
    """
    there, owner = _led(actor, round_id)
    scheme = schemes.parsed(there.scheme)
    judgement_rules.require_judged(scheme, node)
    if judgements.awaited(there, scheme)[node].blind:
        raise Refused("state_conflict", noun="node", state="blind")
    before, said = judgements.load_judging(there), check_reason(reason)
    kept = {name: entry for name, entry in before.reopened.items() if name != node}
    opened = kept | ({node: {"reason": said, "at": now, "by": actor.id}} if is_open else {})
    name = "judging.reopened" if is_open else "judging.closed"
    return _put(actor, now, owner, name, replace(before, reopened=opened), version, {"node": node, "reason": said})


def lapse(actor: Actor, now: datetime, lapsed: RoundJudgement) -> RoundJudgement:
    """Go on without a score that was not given by the last day, by the lead and with the reason.

    Raises Refused: not_lead, lapse_early, not_asked, invalid.
    """
    there, owner = _led(actor, lapsed.round)
    scheme = schemes.parsed(there.scheme)
    judgement_rules.require_judged(scheme, lapsed.node)
    wanted, judging = judgements.awaited(there, scheme)[lapsed.node], judgements.load_judging(there)
    reason = rules.check_lapse(judging, wanted, lapsed.rater, day_of(now), lapsed.reason)
    draft = next((one for one in wanted.judgements if one.rater == lapsed.rater), None)
    ended = replace(draft or lapsed, score=None, reason=reason, state=LAPSED, at=now, by=actor.id)
    scope, details = projects.scope(owner.id), {"node": ended.node, "rater": ended.rater, "reason": reason}
    kept = ended if draft is None else replace(ended, version=draft.version + 1)
    check = rounds.still(there.id, *ENTERING)

    def write(tx: Tx) -> None:
        check(tx)
        if draft is None:
            records.insert(kept, tx)
        else:
            records.replace(kept, draft.version, tx)

    act("judgement.lapsed", actor, now, scope, kept.id, details, write)
    return kept


def progress(actor: Actor, round_id: str) -> Progress:
    """Who has scored what and how far they agree; for the group and those who lead. Raises Refused("forbidden")."""
    there = rounds.get(actor, round_id, "scoring.read")
    if not judgements.is_insider(actor, there):
        raise Refused("forbidden")
    judging = judgements.load_judging(there)
    wanted = [one for _, one in sorted(judgements.awaited(there, schemes.parsed(there.scheme)).items())]
    known = {one.node: _scores(one) for one in wanted if not one.blind}
    nodes = tuple(_progress(one, one.node in judging.reopened) for one in wanted)
    return Progress(judging.due_on, nodes, agreements.agreement(known), judging.version)


def _scores(one: Awaited) -> dict[str, Decimal]:
    return {each.rater: each.score for each in one.judgements if each.state == IN and each.score is not None}


def _progress(one: Awaited, reopened: bool) -> NodeProgress:
    names = {member.id: member.name for member in one.members}
    kinds = {member.id: member.category for member in one.members}
    states = {each.rater: each.state for each in one.judgements if each.state in (IN, LAPSED)}
    raters = dict.fromkeys((*one.names, *(member.id for member in one.asked), *states))
    asked = tuple(
        Asked(rater, names.get(rater, rater), kinds.get(rater, ""), states.get(rater, "waiting")) for rater in raters
    )
    spread = None if one.blind else agreements.spread(tuple(_scores(one).values()))
    return NodeProgress(one.node, one.blind, one.quorum, one.given, asked, spread, reopened)


def add_sheet(actor: Actor, now: datetime, round_id: str, data: bytes) -> Paper:
    """Keep a signed sheet of scores, or what a scorer rests a score on. Raises Refused: invalid, too_large."""
    there = rounds.get(actor, round_id, "scoring.write")
    rounds.require_state(there, *ENTERING)
    if not judgements.is_insider(actor, there):
        raise Refused("forbidden")
    return papers.add(actor, now, judgements.sheets_of(round_id), there.project, data)


def sheet(actor: Actor, round_id: str, name: str) -> tuple[Paper, bytes]:
    """A sheet with its bytes: for whoever sent it, for others once all scores that it shows may be seen."""
    there = rounds.get(actor, round_id, "scoring.read")
    found, data = papers.read(judgements.sheets_of(round_id), name)
    if found.by == actor.id:
        return found, data
    shows = [one for one in judgements.of_round(there) if name in one.papers]
    blind = judgements.blind_nodes(there)
    if not shows or not judgements.is_insider(actor, there) or any(one.node in blind for one in shows):
        raise Refused("not_found", noun="file")
    return found, data


def due(project_ids: Sequence[str], today: date) -> list[Due]:
    """The last days for scores that are still waited for."""
    found: list[Due] = []
    dated = [(one, one.due_on) for one in records.find(Judging) if one.due_on is not None]
    going = {row.id for row in rounds.rows(project_ids) if row.state in ENTERING} if dated else set()
    for judging, due_on in dated:
        if judging.id not in going:
            continue
        round = load(Round, judging.id, "round")
        wanted = judgements.awaited(round, schemes.parsed(round.scheme)).values()
        if any(one.waiting for one in wanted):
            late = due_on < today
            item = Due(round.project, round.id, "scoring", round.id, LABEL, due_on, False, round.lead, overdue=late)
            found.append(item)
    return found


def _led(actor: Actor, round_id: str) -> tuple[Round, Project]:
    there = rounds.get(actor, round_id, "judging.write")
    owner = rounds.require_lead(actor, there)
    rounds.require_state(there, *ENTERING)
    return there, owner


def _put(
    actor: Actor, now: datetime, owner: Project, name: str, judging: Judging, version: int, details: dict[str, str]
) -> Judging:
    stored = replace(judging, version=version + 1)
    scope, check = projects.scope(owner.id), rounds.still(judging.id, *ENTERING)

    def write(tx: Tx) -> None:
        check(tx)
        if version:
            records.replace(stored, version, tx)
        else:
            records.insert(stored, tx)

    try:
        act(name, actor, now, scope, judging.id, plain(details), write)
    except records.Duplicate:
        raise Refused("stale", version=judging.version) from None
    return stored
