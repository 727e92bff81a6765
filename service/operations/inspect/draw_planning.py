"""How many to draw, asked without keeping anything; the same for the API and the desk."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.inspect import draw_planning as rules

ERROR_RATE, SURVEY, BOUNDARY, STAGES = "error_rate", "survey", "boundary", "stages"
GOALS = (ERROR_RATE, SURVEY, BOUNDARY, STAGES)


def plan(goal: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers for one goal. Raises Refused("invalid") naming what is missing or impossible."""
    if goal == SURVEY:
        return _survey(_needed(asked, "population")[0], asked)
    if goal == BOUNDARY:
        return _boundary(asked)
    tolerable, risk = (Fraction(value) for value in _needed(asked, "tolerable", "risk"))
    if goal == STAGES:
        return _stages(tolerable, asked)
    plans = rules.error_rate_plans(tolerable, risk, asked.get("population"), asked.get("most_errors", 4))
    return {"plans": [{"errors": one.errors, "n": one.n, "risk": rules.shown(one.risk)} for one in plans]}


def _needed(asked: Mapping[str, Any], *names: str) -> list[Any]:
    if faults := [Fault(name, "missing") for name in names if asked.get(name) is None]:
        raise Refused("invalid", faults)
    return [asked[name] for name in names]


def _survey(population: int, asked: Mapping[str, Any]) -> dict[str, Any]:
    n = rules.krejcie_morgan(population)
    response = asked.get("response")
    issue = n if response is None else rules.to_issue(n, float(response))
    return {"n": n, "issue": min(issue, population), "census": issue > population}


def _stages(tolerable: Fraction, asked: Mapping[str, Any]) -> dict[str, Any]:
    stages = asked.get("stages") or []
    population = asked.get("population")
    n = stages[0]["n"] if stages else 0
    rules.check_stages(stages, n, population or rules.MOST_N)
    sizes, limits = [stage["n"] for stage in stages], [stage["errors"] for stage in stages]
    return {"total_risk": rules.shown(rules.acceptance(sizes, limits, tolerable, population))}


def _boundary(asked: Mapping[str, Any]) -> dict[str, Any]:
    expected = float(_needed(asked, "expected")[0])
    if asked.get("edge") is not None:
        edge = float(asked["edge"])
    else:
        distance, points = (float(value) for value in _needed(asked, "distance", "points"))
        edge = rules.rate_at_edge(expected, distance, points)
    defaults = {"confidence": "0.95", "power": "0.8", "design_effect": "1", "response": "1"}
    options = {name: float(asked.get(name) or Decimal(value)) for name, value in defaults.items()}
    found = rules.separate(edge, expected, asked.get("population"), **options)
    return {**vars(found), "edge": f"{edge:.4f}"}
