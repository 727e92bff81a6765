"""What a report rests on: the frozen result of the round, or the score as it stands where none is frozen yet."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.evaluate.evidence import Evidence, from_plain, to_plain
from service.domain.evaluate.results import text_sha256
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Scheme, canonical, sha256
from service.domain.evaluate.scores import ScoreTree, score
from service.operations.evaluate import results, schemes, scores


@dataclass(frozen=True)
class Source:
    """`told` names the result: its id and number, empty for a draft."""

    round: Round
    scheme: Scheme
    evidence: Evidence
    tree: ScoreTree
    evidence_digest: str
    told: Mapping[str, Any]


def of_round(round: Round) -> Source:
    """The latest frozen result with its own scheme and evidence; a draft rests on what there is now.

    Raises Refused("report_differs") if the frozen evidence does not give the frozen score any more.
    """
    frozen = results.latest(round.id)
    if frozen is None:
        scheme = schemes.parsed(round.scheme)
        evidence = scores.gather(round, scheme)
        told = {"id": "", "number": 0, "reason": "", "day": None, "edits": [], "journal": ""}
        return Source(round, scheme, evidence, score(scheme, evidence), sha256(to_plain(evidence)), told)
    scheme = schemes.parsed(frozen.scheme)
    evidence = from_plain(json.loads(frozen.evidence))
    tree = score(scheme, evidence)
    if canonical(tree).decode() != frozen.tree:
        raise Refused("report_differs", result=frozen.id)
    told = {
        "id": frozen.id,
        "number": frozen.number,
        "reason": frozen.reason,
        "day": day_of(frozen.made_at).isoformat(),
        "edits": [{"node": str(edit.get("node", "")), "reason": str(edit.get("reason", ""))} for edit in frozen.edits],
        "journal": frozen.journal_head,
    }
    return Source(round, scheme, evidence, tree, text_sha256(frozen.evidence), told)
