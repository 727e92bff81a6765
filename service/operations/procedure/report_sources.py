"""What a report rests on: the frozen result of the round, or the score as it stands where none is frozen yet."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.evaluate import disclosures as disclosure_rules
from service.domain.evaluate.canonical import sha256
from service.domain.evaluate.evidence import Evidence, from_plain, to_plain
from service.domain.evaluate.plain_records import record
from service.domain.evaluate.results import ResultVersion, text_sha256
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Scheme
from service.domain.evaluate.scores import ScoreTree, score
from service.domain.procedure.groups import GroupMember
from service.operations.evaluate import disclosures, judgements, readings, result_versions, schemes, scores
from service.store import records


@dataclass(frozen=True)
class Source:
    """`told` names the result: its id and number, empty for a draft. `hidden` are the nodes whose numbers would tell
    of too few persons (design §7), as they are hidden wherever the result is shown."""

    round: Round
    scheme: Scheme
    evidence: Evidence
    tree: ScoreTree
    hidden: frozenset[str]
    evidence_digest: str
    told: Mapping[str, Any]
    members: tuple[GroupMember, ...] = ()


def of_round(actor: Actor, now: datetime, round: Round) -> Source:
    """The latest frozen result with its own scheme and evidence; a draft rests on what may be seen now.

    A draft is a look at the evidence, as the score is: from the first one on the scheme stands (G53).
    """
    members = tuple(records.find(GroupMember, round=round.id))
    frozen = result_versions.latest(round.id)
    if frozen is None:
        scheme = schemes.parsed(round.scheme)
        blind = judgements.blind_nodes(round)
        evidence = disclosure_rules.without_judgements(scores.gather(round, scheme), blind)
        readings.note(actor, now, round, evidence)
        tree = disclosure_rules.blinded(score(scheme, evidence), blind)
        hidden = disclosure_rules.withheld(scheme, tree, disclosures.unsafe(round, scheme, evidence))
        told = {"id": "", "number": 0, "reason": "", "day": None, "edits": [], "journal": ""}
        digest = sha256(to_plain(evidence))
        return Source(round, scheme, evidence, tree, frozenset(hidden), digest, told, members)
    return Source(
        round=round,
        scheme=schemes.parsed(frozen.scheme),
        evidence=from_plain(json.loads(frozen.evidence)),
        tree=record(ScoreTree, json.loads(frozen.tree), "tree"),
        hidden=frozenset(frozen.withheld),
        evidence_digest=text_sha256(frozen.evidence),
        told=_told(frozen),
        members=members,
    )


def _told(frozen: ResultVersion) -> dict[str, Any]:
    return {
        "id": frozen.id,
        "number": frozen.number,
        "reason": frozen.reason,
        "day": day_of(frozen.made_at).isoformat(),
        "edits": [{"node": str(edit.get("node", "")), "reason": str(edit.get("reason", ""))} for edit in frozen.edits],
        "journal": frozen.journal_head,
    }
