"""The round: its scheme, what stands behind which node, the demo's judgements and quantities, and the score."""

from typing import Any

import yaml

from service.cli.demonstration.setting_up import PROJECT, RESIDENTS, Stage, template
from service.domain.evaluate.scheme_loading import effective
from service.domain.evaluate.schemes import Check, Counter, Expert, Scheme, Survey

ROUND = "demo-round"
EVIDENCE = "housing_demo_evidence.yaml"
BASE, SCHEME = "guangzhou-services", "guangzhou-housing-demo"


def score(stage: Stage, draw_id: str) -> dict[str, Any]:
    """Publish the scheme, open the round, bind and enter its evidence: the score as the API shows it."""
    base, text = template("schemes", f"{BASE}.yaml"), template("schemes", f"{SCHEME}.yaml")
    stage["authority"].post("/schemes", text=base)
    published = stage["authority"].post("/schemes", text=text)
    evaluator = stage["evaluator"]
    scheme, entered = effective(base, text), yaml.safe_load(template("examples", EVIDENCE))
    opened = evaluator.post(
        "/rounds",
        id=ROUND,
        project=PROJECT,
        kind="mid_term",
        name="中期评估（演示） Mid-term (demo)",
        scheme=published["id"],
    )
    evaluator.put(
        f"/rounds/{ROUND}/sources",
        opened["version"],
        surveys=dict.fromkeys(_nodes(scheme, Survey), RESIDENTS),
        checks=dict.fromkeys(_nodes(scheme, Check), draw_id),
        panels={node: list(entered["judgements"][node]) for node in _nodes(scheme, Expert)},
    )
    _enter(stage, scheme, entered)
    tree: dict[str, Any] = evaluator.get(f"/rounds/{ROUND}/score")
    return tree


def _enter(stage: Stage, scheme: Scheme, entered: dict[str, Any]) -> None:
    """Judgements for all expert nodes, quantities for all counters: values of the demonstration, said to be so."""
    evaluator, path = stage["evaluator"], f"/rounds/{ROUND}"
    for node in _nodes(scheme, Expert):
        for rater, points in entered["judgements"][node].items():
            judged = {"node": node, "rater": rater, "score": str(points), "reason": entered["reason"]}
            evaluator.post(f"{path}/judgements", **judged)
    for node in _nodes(scheme, Counter):
        values = {name: str(value) for name, value in entered["quantities"][node].items()}
        evaluator.post(f"{path}/counters", node=node, source=entered["source"], **values)


def _nodes(scheme: Scheme, spec: type) -> list[str]:
    return [node.id for node in scheme.nodes if isinstance(node.spec, spec)]
