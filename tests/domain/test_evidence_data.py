"""Evidence as plain data and back: the same bytes for the same evidence, and older digests that stay."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from scheme_files import GUANGZHOU, HOUSING, OPINIONS, SMALL, check, opinion, survey

from service.domain.errors import Refused
from service.domain.evaluate.canonical import canonical
from service.domain.evaluate.evidence import (
    Event,
    Evidence,
    GateFinding,
    LeadDecision,
    Measure,
    Panel,
    Quantity,
    Ratio,
    from_plain,
    to_plain,
)
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.schemes import digest

OLDER = Evidence(
    surveys=(survey(left_out=(("mode", "paper", 3),)), survey(campaign="a", value=None, reason="no_answers")),
    checks=(check(rate=Decimal("5.5")), check(draw="d0", upper_limit=None)),
    judgements=(opinion("x", "80.50"), opinion("x", "7", "r0")),
    panels=(Panel("x", ("r1", "r0")),),
    quantities=(Quantity("q", "y", Decimal(10), None, Decimal("9.5")),),
    decisions=(LeadDecision("x", "count", "few"),),
)
ALL = replace(
    OLDER,
    ratios=(Ratio("r", "z", Decimal(3), Decimal(4), "list"),),
    measures=(Measure("m", "z", Decimal("-1.5"), "m"),),
    events=(Event("e", "z", "short", Decimal(2), ("praised",), "lead", date(2026, 1, 2)),),
    gates=(GateFinding("g", "z", False, "not registered"),),
)


@pytest.mark.parametrize("evidence", [Evidence(), OLDER, ALL])
def test_evidence_goes_to_plain_data_and_back(evidence: Evidence) -> None:
    data = to_plain(evidence)
    again = from_plain(data)
    assert canonical(to_plain(again)) == canonical(data)
    assert {kind: sorted(map(canonical, getattr(again, kind))) for kind in data} == {
        kind: sorted(map(canonical, getattr(evidence, kind))) for kind in data
    }
    turned = replace(evidence, judgements=evidence.judgements[::-1], surveys=evidence.surveys[::-1])
    assert to_plain(turned) == data


def test_kinds_that_came_later_are_absent_while_empty() -> None:
    assert set(to_plain(OLDER)) == {"surveys", "checks", "judgements", "panels", "quantities", "decisions"}
    assert {"ratios", "measures", "events", "gates"} <= set(to_plain(ALL))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"votes": []}, "votes"),
        ({"ratios": {}}, "ratios"),
        ({"ratios": ["x"]}, "ratios.0"),
        ({"ratios": [{"id": "r", "node": "x", "numerator": "1"}]}, "ratios.0.denominator"),
        ({"ratios": [{"id": "r", "node": "x", "numerator": "one", "denominator": "2"}]}, "ratios.0.numerator"),
        ({"ratios": [{"id": "r", "node": "x", "numerator": 1, "denominator": "2"}]}, "ratios.0.numerator"),
        ({"ratios": [{"id": "r", "node": "x", "numerator": "1", "denominator": "2", "of": 3}]}, "ratios.0.of"),
        ({"events": [{"id": "e", "node": "x", "type": "t", "on": "soon"}]}, "events.0.on"),
        ({"gates": [{"id": "g", "node": "x", "passed": 1, "reason": ""}]}, "gates.0.passed"),
        ({"judgements": [{"id": "j", "node": "x", "rater": "r", "score": "101", "reason": "r"}]}, "score"),
        ({"ratios": [{"id": "r", "node": "x", "numerator": "-1", "denominator": "2"}]}, "numerator"),
        ({"measures": [{"id": "m", "node": "x", "value": "NaN", "unit": "m"}]}, "measures.0.value"),
    ],
)
def test_data_that_are_no_evidence_are_refused_with_their_place(data: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as caught:
        from_plain(data)
    assert [fault.field for fault in caught.value.faults] == [field]


def first_version() -> str:
    """Guangzhou's scheme as it was before terms had a basis and consequences an action."""
    text = GUANGZHOU.replace('id: guangzhou-services\nversion: "2"', 'id: guangzhou-services\nversion: "1"')
    text = re.sub(r" basis: [^,]*,", "", text)
    text = re.sub(r" when: \{(grade: fail), reason: \w+\},", r" \1,", text)
    return re.sub(r" (action: \w+|start: \w+|permanent: true),", "", text)


def test_schemes_published_before_there_was_more_keep_their_digests() -> None:
    base = {"guangzhou-services": first_version()}
    one = {name: text.replace('version: "2"', 'version: "1"') for name, text in (("o", OPINIONS), ("h", HOUSING))}
    assert digest(load_scheme(SMALL)) == "4e4f0566ef1567acfe336a6576d754bb28420b3a78f3be3d45bd505c5b1505e3"
    assert digest(load_scheme(first_version())) == "2b7b7c8e783cd7f98ee1ee8f900e85388eb2309f9a324782210af09f4c10cd4d"
    assert digest(load_scheme(one["o"], base)) == "05c31e101e86c80f96714f5498ec35e87744cca29f0bda1585ec59d3d814da68"
    assert digest(load_scheme(one["h"], base)) == "6238cb3b463c2da34daf291c62c07c04903ac9a0eee80532b4c3d882ef85df52"
