"""Results: frozen once when a round is reported, corrected by new versions only, read by who may at this time."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from service import store
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.evaluate import results as rules
from service.domain.evaluate.corrections import Edit, corrected
from service.domain.evaluate.evidence import Evidence
from service.domain.evaluate.evidence_plain import from_plain, ordered, to_plain
from service.domain.evaluate.node_scores import Remark
from service.domain.evaluate.results import Difference, ResultVersion
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Scheme, canonical, plain
from service.domain.evaluate.scores import score
from service.domain.keys import Key
from service.operations import projects
from service.operations.acts import act
from service.operations.collect import campaigns
from service.operations.evaluate import schemes, scores
from service.store import journal, records

TRIES = 5
Also = Callable[[store.Tx], object]


def freeze(
    actor: Actor,
    now: datetime,
    round: Round,
    *,
    waived: Collection[str] = (),
    keys: Sequence[Key] = (),
    also: Also | None = None,
) -> ResultVersion:
    """Close the bound campaigns for ever and freeze scheme, evidence and score as version 1, at the round's step.

    `waived` are the nodes of which the lead has said, with a reason, that something may be missing. `also` writes in
    the same transaction, such as the round's new state. Raises Refused: evidence_missing, result_frozen, busy.
    """
    if latest(round.id) is not None:
        raise Refused("result_frozen")
    scheme = schemes.parsed(round.scheme)
    campaigns.finalise_bound(actor, now, sorted(set(round.surveys.values())), keys)
    for _ in range(TRIES):
        head = journal.head(projects.scope(round.project))
        evidence = ordered(scores.gather(round, scheme))
        _refuse_missing(score(scheme, evidence).missing, waived)
        made = _version(round, scheme, evidence, 1, actor, now, rules.FIRST, head)
        if _stored(actor, now, round, made, also):
            return made
    raise Refused("busy")


def correct(
    actor: Actor,
    now: datetime,
    round: Round,
    edits: Sequence[Edit],
    reason: str = rules.CORRECTION,
    case: str = "",
    also: Also | None = None,
) -> ResultVersion:
    """The next version: the latest one's frozen evidence after these edits. The old one stays (C20).

    Raises Refused: invalid, not_found, busy.
    """
    if not edits:
        raise Refused("invalid", [Fault("edits", "empty")])
    for _ in range(TRIES):
        there = latest(round.id)
        if there is None:
            raise Refused("not_found", noun="result")
        head = journal.head(projects.scope(round.project))
        evidence = corrected(from_plain(json.loads(there.evidence)), edits)
        made = _version(
            round, schemes.parsed(there.scheme), ordered(evidence), there.number + 1, actor, now, reason, head,
            case, there.id, edits,
        )  # fmt: skip
        if _stored(actor, now, round, made, also):
            return made
    raise Refused("busy")


def missing(round: Round) -> tuple[Remark, ...]:
    """What a result of this round would lack now; for the gate before reporting."""
    scheme = schemes.parsed(round.scheme)
    return score(scheme, scores.gather(round, scheme)).missing


def versions(round_id: str) -> list[ResultVersion]:
    """All versions, the first one first."""
    return sorted(records.find(ResultVersion, round=round_id), key=lambda version: version.number)


def latest(round_id: str) -> ResultVersion | None:
    """The version that stands; None before the round is reported."""
    found = versions(round_id)
    return found[-1] if found else None


def difference(old: ResultVersion, new: ResultVersion) -> list[Difference]:
    """Rows of what changed from one version to a later one, with the reasons of the edits."""
    return rules.difference(old, new)


def _refuse_missing(found: Sequence[Remark], waived: Collection[str]) -> None:
    open_ = [remark for remark in found if remark.node not in waived]
    if open_:
        faults = [Fault(remark.node, "problem", {"text": remark.message}) for remark in open_]
        raise Refused("evidence_missing", faults)


def _version(
    round: Round,
    scheme: Scheme,
    evidence: Evidence,
    number: int,
    actor: Actor,
    now: datetime,
    reason: str,
    head: str,
    case: str = "",
    of: str = "",
    edits: Sequence[Edit] = (),
) -> ResultVersion:
    tree = score(scheme, evidence)
    return ResultVersion(
        id=rules.id_of(round.id, number),
        round=round.id,
        number=number,
        scheme=round.scheme,
        scheme_digest=tree.scheme_digest,
        inputs_digest=tree.inputs_digest,
        total=Decimal(plain(tree.total)),
        grade=tree.grade.id if tree.grade else "",
        tree=canonical(tree).decode(),
        evidence=canonical(to_plain(evidence)).decode(),
        made_at=now,
        made_by=actor.id,
        reason=reason,
        journal_head=head,
        case=case,
        of=of,
        edits=tuple(asdict(edit) for edit in edits),
    )


def _stored(actor: Actor, now: datetime, round: Round, made: ResultVersion, also: Also | None) -> bool:
    """False when something was entered into the project's journal meanwhile: then the evidence is read again."""
    scope = projects.scope(round.project)

    def write(tx: store.Tx) -> bool:
        if journal.head(scope, tx) != made.journal_head:
            raise _Moved
        records.insert(made, tx)
        if also is not None:
            also(tx)
        return True

    details = {
        "number": made.number,
        "total": str(made.total),
        "grade": made.grade,
        "inputs_digest": made.inputs_digest,
        "tree_sha256": rules.text_sha256(made.tree),
        "reason": made.reason,
        "case": made.case,
        "edits": list(made.edits),
    }
    try:
        return act("result.frozen", actor, now, scope, made.id, details, write)
    except (_Moved, records.Duplicate):
        return False


class _Moved(Exception):
    """The journal has gone on since the evidence was read."""
