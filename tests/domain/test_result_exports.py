"""Exports of rounds: recomputed byte for byte from the file alone; whatever was tampered with is named."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from scheme_files import SMALL, check, opinion, survey

from service.domain.errors import Refused
from service.domain.evaluate.canonical import as_data, canonical
from service.domain.evaluate.corrections import Edit, corrected
from service.domain.evaluate.evidence import Evidence, ordered, to_plain
from service.domain.evaluate.exports import export, verify
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.schemes import SchemeVersion, digest
from service.domain.evaluate.scores import score

SCHEME = load_scheme(SMALL)
VERSION = SchemeVersion("small@1", "small", "1", digest(SCHEME), SMALL, {})
EVIDENCE = ordered(
    Evidence(
        surveys=(survey("views"),),
        checks=(check(node="records"),),
        judgements=(opinion("plans", "80", "b"), opinion("plans", "70.125", "a")),
    )
)
EDIT = Edit("judgements", "plans", "score", "90", "The second plan had not been looked at.", id="plans-b")


def version(number: int, evidence: Evidence, edits: tuple[Edit, ...] = ()) -> ResultVersion:
    tree = score(SCHEME, evidence)
    return ResultVersion(
        id=f"round-1#{number}",
        round="round-1",
        number=number,
        scheme=VERSION.id,
        scheme_digest=tree.scheme_digest,
        inputs_digest=tree.inputs_digest,
        total=tree.total,
        grade=tree.grade.id if tree.grade else "",
        tree=canonical(tree).decode(),
        evidence=canonical(to_plain(evidence)).decode(),
        made_at=datetime(2026, 3, 2, tzinfo=UTC),
        made_by="evaluator-1",
        reason="correction" if edits else "first",
        journal_head=f"head{number}",
        edits=tuple(as_data(edit) for edit in edits),
    )


FILE = export(
    {"id": "round-1"}, VERSION, [version(1, EVIDENCE), version(2, ordered(corrected(EVIDENCE, [EDIT])), (EDIT,))]
)


def test_every_version_is_recomputed_from_the_text_of_the_scheme_and_the_first_evidence() -> None:
    verdict = verify(FILE)
    assert verdict.deviation is None
    assert (verdict.versions, verdict.journal_head) == (2, "head2")
    assert Decimal(verdict.total) == score(SCHEME, corrected(EVIDENCE, [EDIT])).total


def tampered(change: Callable[[dict[str, Any]], object]) -> str:
    data = json.loads(FILE)
    change(data)
    return json.dumps(data)


def of_node(data: dict[str, Any], result: int, node: str) -> dict[str, Any]:
    [top] = data["results"][result]["tree"]["standards"]
    return {child["id"]: child for child in top["children"]}[node]


@pytest.mark.parametrize(
    ("change", "what", "place"),
    [
        (lambda d: d["scheme"].update(text=d["scheme"]["text"].replace("tolerable_rate: 5", "tolerable_rate: 9")),
         "scheme", "digest"),
        (lambda d: d["evidence"]["checks"][0].update(errors=1), "evidence", "records.score"),
        (lambda d: d["evidence"]["judgements"][0].update(reason="other words"), "evidence", "plans.inputs"),
        (lambda d: d["evidence"].update(decisions=[{"node": "views", "decision": "count", "reason": "why"}]),
         "evidence", "views.inputs"),
        (lambda d: of_node(d, 0, "records").update(points="99"), "tree", "records.points"),
        (lambda d: of_node(d, 1, "plans").update(score="91"), "tree", "plans.score"),
        (lambda d: d["results"][1]["tree"].update(total="99"), "total", "total"),
        (lambda d: d["results"][1]["edits"][0].update(value="95"), "evidence", "plans.score"),
        (lambda d: d["results"][1].update(edits=[]), "edits", ""),
        (lambda d: d["results"][0].update(tree_sha256="0" * 64), "tree", "tree_sha256"),
    ],
)  # fmt: skip
def test_what_was_tampered_with_is_named_with_its_first_place(
    change: Callable[[dict[str, Any]], object], what: str, place: str
) -> None:
    found = verify(tampered(change)).deviation
    assert found is not None
    assert (found.what, found.place) == (what, place)
    assert found.expected != found.found


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "file"),
        ("[]", "format"),
        (tampered(lambda d: d.update(format="minyi-round/2")), "format"),
        (tampered(lambda d: d.update(results=[])), "results"),
        (tampered(lambda d: d["results"][0].pop("tree")), "results.0.tree"),
        (tampered(lambda d: d["evidence"]["checks"][0].pop("errors")), "checks.0.errors"),
        (tampered(lambda d: d["evidence"]["judgements"][0].update(score=70)), "judgements.0.score"),
        (tampered(lambda d: d["evidence"].update(rumours=[])), "rumours"),
        (tampered(lambda d: d["scheme"].update(bases={"a": 1})), "scheme.text"),
        (tampered(lambda d: d["results"][1].update(edits=["all"])), "results.1.edits.0"),
        (tampered(lambda d: d["results"][1]["edits"][0].update(reason=7)), "results.1.edits.0"),
        ("[" * 100_000, "file"),
    ],
)
def test_what_is_no_export_is_refused_with_the_place(text: str, place: str) -> None:
    with pytest.raises(Refused) as refused:
        verify(text)
    assert [fault.field for fault in refused.value.faults] == [place]


def test_evidence_read_in_another_order_gives_the_same_bytes() -> None:
    turned = Evidence(surveys=EVIDENCE.surveys, checks=EVIDENCE.checks, judgements=EVIDENCE.judgements[::-1])
    assert canonical(score(SCHEME, ordered(turned))) == canonical(score(SCHEME, EVIDENCE))
    assert to_plain(turned) == to_plain(EVIDENCE)


def test_the_first_differing_node_is_a_leaf_before_the_sums_that_follow_from_it() -> None:
    def all_of(data: dict[str, Any]) -> None:
        of_node(data, 0, "views")["score"] = "1"
        data["results"][0]["tree"]["standards"][0]["score"] = "1"

    found = verify(tampered(all_of)).deviation
    assert found is not None
    assert found.place == "views.score"
