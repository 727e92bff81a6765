"""The desk's pages about what moves a score: how sure the total is, which indicator decides the grade, and what if."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Response, request
from flask_babel import gettext
from marshmallow import ValidationError

from schemas.evaluate.results import WhatIfRequestSchema
from service.domain.errors import Fault, Refused
from service.domain.evaluate.corrections import Edit
from service.domain.evaluate.evidence import Evidence
from service.domain.evaluate.scores import ScoreTree
from service.domain.evaluate.what_if import STEP, WhatIf
from service.operations.evaluate import scores
from service.operations.evaluate.scores import Scored
from service.operations.procedure import groups
from service.web.auth import actor, now, requires
from service.web.errors import status_of
from service.web.pages.desk.evaluate.one_round import one_round, round_page
from service.web.pages.desk.home import blueprint, told
from service.web.pages.desk.ways import N_, way

# What of a piece of evidence may be tried otherwise: its kind in Evidence -> its numbers.
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "surveys": ("figure_value",),
    "checks": ("errors",),
    "judgements": ("score",),
    "quantities": ("target", "verified"),
    "ratios": ("numerator", "denominator"),
    "measures": ("value",),
    "events": ("quantity",),
    "gates": ("passed",),
}
EDIT, WEIGHT = "edit", "weight"
BETWEEN = "|"


@dataclass(frozen=True)
class Trial:
    """One number that may be tried otherwise: the form's name for it, what it is, and what it is now."""

    name: str
    node: str
    kind: str
    id: str
    field: str
    now: Any
    who: str = ""


@blueprint.get("/rounds/<id>/uncertainty")
@requires("scores.read")
@way("round", N_("How sure the total is"), "scores.read", heading=N_("Scores"), order=33)
def uncertainty(id: str) -> Response:
    """The interval of the total as far as it is known, and the grades that it does not separate; for the group."""
    found = one_round(id, "scores.read")
    return round_page("evaluate/uncertainty.html", found, interval=scores.uncertainty(actor(), now(), id))


@blueprint.get("/rounds/<id>/sensitivity")
@requires("scores.read")
@way("round", N_("What decides the grade"), "scores.read", heading=N_("Scores"), order=34)
def sensitivity(id: str) -> Response:
    """How far each indicator moves the total; those first that need the fewest of their own points."""
    found = one_round(id, "scores.read")
    grade, rows = scores.sensitivity(actor(), now(), id)
    return round_page("evaluate/sensitivity.html", found, grade=grade, rows=rows, step=STEP)


@blueprint.get("/rounds/<id>/what-if")
@requires("scores.read")
@way("round", N_("What if"), "scores.read", heading=N_("Scores"), order=35)
def what_if(id: str) -> Response:
    """Every number of the evidence and every weight, to be tried otherwise."""
    return _trying(id)


@blueprint.post("/rounds/<id>/what-if", endpoint="try_what_if")
@requires("scores.read")
def try_what_if(id: str) -> Response:
    """The score as it would be; nothing is stored."""
    scored = scores.of_round(actor(), now(), id)
    try:
        asked = _asked(scored)
        edits = [Edit(**change) for change in asked["changes"]]
        return _trying(id, scores.what_if(actor(), now(), id, edits, asked["weights"]))
    except Refused as refused:
        return _trying(id, refused=refused)


def _trying(id: str, tried: WhatIf | None = None, refused: Refused | None = None) -> Response:
    found, scored = one_round(id, "scores.read"), scores.of_round(actor(), now(), id)
    tree: ScoreTree = scored.tree
    members = {one.id: one.name for one in groups.of_round(actor(), id)}
    return round_page(
        "evaluate/what_if.html",
        found,
        status_of(refused) if refused else 200,
        tree=tree,
        trials={node.id: list(_trials(scored.evidence, node.id, members)) for node in tree.walk()},
        tried=tried,
        errors=told(refused),
        typed=request.form,
        weight=WEIGHT + BETWEEN,
        weighed=any(value and name.startswith(WEIGHT) for name, value in request.form.items()),
        labels={node.id: node.label for node in tree.walk()},
    )


def _trials(evidence: Evidence, node: str, members: Mapping[str, str] | None = None) -> Iterator[Trial]:
    """The numbers of one node's evidence; `members` are the names of those who scored."""
    for kind, names in NUMBERS.items():
        for place, piece in enumerate(getattr(evidence.of(node), kind), 1):
            who = _who(kind, piece, place, members or {})
            fields = ("rate",) if kind == "checks" and piece.rate is not None else names
            for field in fields:
                name = BETWEEN.join((EDIT, kind, node, piece.id, field))
                yield Trial(name, node, kind, piece.id, field, getattr(piece, field), who)


def _who(kind: str, piece: Any, place: int, members: Mapping[str, str]) -> str:
    """Which of several pieces this is: who judged, or the day of an event."""
    if kind == "judgements":
        return members.get(piece.rater) or gettext("Scorer %(number)s", number=place)
    return str(piece.on) if kind == "events" else ""


def _asked(scored: Scored) -> dict[str, Any]:
    """What was typed, as the API takes it; fields that were left empty change nothing. Raises Refused("invalid")."""
    trials = {one.name: one for node in scored.tree.walk() for one in _trials(scored.evidence, node.id)}
    changes, weights = [], {}
    for name, given in request.form.items():
        typed = given.strip()
        if typed and name in trials:
            changes.append(_change(trials[name], typed))
        elif typed and name.startswith(WEIGHT + BETWEEN):
            weights[name.removeprefix(WEIGHT + BETWEEN)] = typed
    try:
        loaded: dict[str, Any] = WhatIfRequestSchema().load({"changes": changes, "weights": weights})
    except ValidationError:
        raise Refused("invalid", [Fault("weights", "wrong_type", {"expected": "100"})]) from None
    return loaded


def _change(one: Trial, typed: str) -> dict[str, Any]:
    """One change with a value of the type that the evidence has."""
    value: Any = typed
    if isinstance(one.now, bool):
        value = typed == "yes"
    elif isinstance(one.now, int) and typed.isascii() and typed.isdecimal():
        value = int(typed)
    elif isinstance(one.now, int) or not _is_number(typed):
        raise Refused("invalid", [Fault(one.node, "wrong_type", {"expected": "85"})])
    reason = gettext("What if")
    return {"kind": one.kind, "node": one.node, "id": one.id, "field": one.field, "value": value, "reason": reason}


def _is_number(typed: str) -> bool:
    try:
        return Decimal(typed).is_finite()
    except ArithmeticError:
        return False
