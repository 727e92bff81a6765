"""Results: frozen once when a round is reported, and corrected by new versions only."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from service import store
from service.domain.access import Actor
from service.domain.errors import Fault, Refused, problem
from service.domain.evaluate import disclosures as disclosure_rules
from service.domain.evaluate import results as rules
from service.domain.evaluate.canonical import as_data, canonical, plain
from service.domain.evaluate.corrections import Edit, corrected
from service.domain.evaluate.evidence import Evidence, from_plain, ordered, to_plain
from service.domain.evaluate.remarks import REMARKS, Remark
from service.domain.evaluate.results import Difference, ResultVersion
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Scheme
from service.domain.evaluate.scores import score
from service.domain.keys import Key
from service.operations import projects
from service.operations.collect import campaigns
from service.operations.evaluate import disclosures, result_versions, schemes, scores
from service.store import journal, records

TRIES = 5
Write = Callable[[store.Tx], object]


def freeze(
    actor: Actor,
    now: datetime,
    round: Round,
    *,
    waived: Collection[str] = (),
    keys: Sequence[Key] = (),
    also: Write | None = None,
) -> ResultVersion:
    """Close the bound campaigns for ever and freeze scheme, evidence and score as version 1, at the round's step.

    `waived` are the nodes of which the lead has said, with a reason, that something may be missing. `also` writes in
    the same transaction, such as the round's new state. Raises Refused: evidence_missing, result_frozen, busy.
    """
    for _ in range(TRIES):
        made, write = prepared(actor, now, round, waived=waived, keys=keys)
        if _done(write, also):
            return made
    raise Refused("busy")


def prepared(
    actor: Actor, now: datetime, round: Round, *, waived: Collection[str] = (), keys: Sequence[Key] = ()
) -> tuple[ResultVersion, Write]:
    """(what `freeze` would store, the write of it and of its journal entry, to stand first in another transaction).

    The write raises Refused("busy") when the project's journal has gone on meanwhile: then the evidence may be another.
    """
    if latest(round.id) is not None:
        raise Refused("result_frozen")
    scheme = schemes.parsed(round.scheme)
    campaigns.finalise_bound(actor, now, sorted(set(round.surveys.values())), keys)
    head = journal.head(projects.scope(round.project))
    evidence = ordered(scores.gather(round, scheme))
    _refuse_missing(score(scheme, evidence).missing, waived)
    origin = _Origin(actor, now, round, 1, rules.FIRST, head)
    made = _version(origin, scheme, evidence, disclosures.unsafe(round, scheme, evidence))
    return made, _write(origin, made)


def correct(
    actor: Actor,
    now: datetime,
    round: Round,
    edits: Sequence[Edit],
    reason: str = rules.CORRECTION,
    case: str = "",
    also: Write | None = None,
) -> ResultVersion:
    """The next version: the latest one's frozen evidence after these edits. The old one stays (C20).

    `also` writes in the same transaction, such as the decision of the review. Raises Refused: invalid, not_found, busy.
    """
    if not edits:
        raise Refused("invalid", [Fault("edits", "empty")])
    for _ in range(TRIES):
        there = latest(round.id)
        if there is None:
            raise Refused("not_found", noun="result")
        head = journal.head(projects.scope(round.project))
        evidence = ordered(corrected(from_plain(json.loads(there.evidence)), edits))
        origin = _Origin(actor, now, round, there.number + 1, reason, head, case, there.id, tuple(edits))
        unsafe = disclosure_rules.too_few(evidence) | set(there.withheld)
        made = _version(origin, schemes.parsed(there.scheme), evidence, unsafe)
        if _done(_write(origin, made), also):
            return made
    raise Refused("busy")


def rescored(actor: Actor, now: datetime, round: Round, case: str, also: Write) -> ResultVersion:
    """The next version: the latest one's frozen evidence under the round's scheme, changed after an upheld review.

    `also` writes the changed round in the same transaction. Raises Refused: not_found, evidence_missing (of what the
    former scheme did not ask for), busy.
    """
    scheme = schemes.parsed(round.scheme)
    for _ in range(TRIES):
        there = latest(round.id)
        if there is None:
            raise Refused("not_found", noun="result")
        head = journal.head(projects.scope(round.project))
        evidence = from_plain(json.loads(there.evidence))
        lacking = {remark.node for remark in score(schemes.parsed(there.scheme), evidence).missing}
        _refuse_missing(score(scheme, evidence).missing, lacking)
        origin = _Origin(actor, now, round, there.number + 1, rules.CORRECTION, head, case, there.id)
        made = _version(origin, scheme, evidence, disclosure_rules.too_few(evidence) | set(there.withheld))
        if _done(_write(origin, made), also):
            return made
    raise Refused("busy")


def preview(round: Round, edits: Sequence[Edit]) -> list[Difference]:
    """What `correct` would change, with nothing stored: for whoever decides. Raises Refused: invalid, not_found."""
    there = latest(round.id)
    if there is None:
        raise Refused("not_found", noun="result")
    evidence = ordered(corrected(from_plain(json.loads(there.evidence)), edits))
    after = score(schemes.parsed(there.scheme), evidence)
    return rules.differing(json.loads(there.tree), as_data(after), rules.whys(as_data(one) for one in edits))


def missing(round: Round) -> tuple[Remark, ...]:
    """What a result of this round would lack now; for the gate before reporting."""
    scheme = schemes.parsed(round.scheme)
    return score(scheme, scores.gather(round, scheme)).missing


def versions(round_id: str) -> list[ResultVersion]:
    """All versions, the first one first."""
    return result_versions.versions(round_id)


def latest(round_id: str) -> ResultVersion | None:
    """The version that stands; None before the round is reported."""
    return result_versions.latest(round_id)


def difference(old: ResultVersion, new: ResultVersion) -> list[Difference]:
    """Rows of what changed from one version to a later one, with the reasons of the edits."""
    return rules.difference(old, new)


def _refuse_missing(found: Sequence[Remark], waived: Collection[str]) -> None:
    left = [remark for remark in found if remark.node not in waived]
    if left:
        raise Refused("evidence_missing", [problem(one.node, REMARKS[one.code], **one.params) for one in left])


@dataclass(frozen=True)
class _Origin:
    """Who makes a version of which round, when, from what and why."""

    actor: Actor
    now: datetime
    round: Round
    number: int
    reason: str
    head: str
    case: str = ""
    of: str = ""
    edits: tuple[Edit, ...] = ()


def _version(origin: _Origin, scheme: Scheme, evidence: Evidence, unsafe: Collection[str]) -> ResultVersion:
    tree = score(scheme, evidence)
    return ResultVersion(
        id=rules.id_of(origin.round.id, origin.number),
        round=origin.round.id,
        number=origin.number,
        scheme=origin.round.scheme,
        scheme_digest=tree.scheme_digest,
        inputs_digest=tree.inputs_digest,
        total=Decimal(plain(tree.total)),
        grade=tree.grade.id if tree.grade else "",
        tree=canonical(tree).decode(),
        evidence=canonical(to_plain(evidence)).decode(),
        made_at=origin.now,
        made_by=origin.actor.id,
        reason=origin.reason,
        journal_head=origin.head,
        case=origin.case,
        of=origin.of,
        edits=tuple(as_data(edit) for edit in origin.edits),
        withheld=disclosure_rules.withheld(scheme, tree, unsafe),
    )


def _write(origin: _Origin, made: ResultVersion) -> Write:
    """Insert and journal, if nothing was entered into the project's journal since the evidence was read."""
    scope = projects.scope(origin.round.project)
    details = {
        "number": made.number,
        "total": str(made.total),
        "grade": made.grade,
        "inputs_digest": made.inputs_digest,
        "tree_sha256": rules.text_sha256(made.tree),
        "reason": made.reason,
        "case": made.case,
        "edits": [dict(edit) for edit in made.edits],
    }

    def write(tx: store.Tx) -> None:
        if journal.head(scope, tx) != origin.head:
            raise _Busy("busy")
        records.insert(made, tx)
        journal.append(tx, scope, "result.frozen", origin.actor.id, origin.now, made.id, details)

    return write


class _Busy(Refused):
    """The journal has gone on since the evidence was read."""


def _done(write: Write, also: Write | None) -> bool:
    """False when somebody else has written into the project meanwhile: then everything is read again."""

    def both(tx: store.Tx) -> None:
        write(tx)
        if also is not None:
            also(tx)

    try:
        store.retrying(both)
    except (_Busy, records.Duplicate):
        return False
    return True
