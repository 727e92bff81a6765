"""The desk's pages on which the group enters evidence: volumes, ratios, measured values, events, findings."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, url_for
from flask_babel import gettext

from schemas.evaluate.entries import EventSchema, GateFindingSchema, MeasureSchema, RatioSchema
from schemas.evaluate.rounds import CounterSchema, DecisionSchema
from service.domain.errors import Refused
from service.domain.evaluate.entries import RoundEvent, RoundGateFinding, RoundMeasure, RoundRatio
from service.domain.evaluate.evidence import DECISIONS
from service.domain.evaluate.rounds import RoundDecision, RoundQuantity
from service.domain.evaluate.schemes import Events, Node
from service.operations.evaluate import entries, rounds
from service.web.auth import actor, now, requires
from service.web.pages.desk.evaluate.node_evidence import ENTERED
from service.web.pages.desk.evaluate.one_round import OneRound, one_round, round_page, steps_to
from service.web.pages.desk.forms import N_, Field, Form, ShownForm, form_page, save
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.ways import way
from service.web.pages.desk.words import local, word

ID, NODE = Field("id", "", "new_id"), Field("node", "", "hidden")
SOURCE = Field("source", N_("Read from"), hint=N_("The register, list or letter that it was read from."))
REASON = Field("reason", N_("Reason"), "long")
# Type of node -> what is entered for it.
FORMS: Mapping[str, Form] = {
    "counter": Form(
        CounterSchema,
        (
            ID,
            NODE,
            Field("target", N_("Target"), "decimal", N_("Empty: that of the contract.")),
            Field("claimed", N_("Claimed"), "decimal", N_("Empty: what the provider files.")),
            Field("verified", N_("Verified"), "decimal"),
            Field("workers", N_("Workers"), "decimal", N_("Only where it is counted per worker.")),
            SOURCE,
        ),
    ),
    "ratio": Form(
        RatioSchema,
        (
            ID,
            NODE,
            Field("numerator", N_("Numerator"), "decimal"),
            Field("denominator", N_("Denominator"), "decimal"),
            SOURCE,
        ),
    ),
    "steps": Form(
        MeasureSchema,
        (ID, NODE, Field("value", N_("Measured value"), "decimal"), Field("unit", N_("Unit"), "choice"), SOURCE),
    ),
    "events": Form(
        EventSchema,
        (
            ID,
            NODE,
            Field("type", N_("Event"), "choice"),
            Field("on", N_("Day"), "date"),
            Field("quantity", N_("Number"), "decimal"),
            Field("modifiers", N_("What holds besides"), "choices"),
            Field("role", N_("Part taken in it"), "choice"),
            SOURCE,
        ),
    ),
    "gate": Form(
        GateFindingSchema,
        (ID, NODE, Field("passed", N_("The condition is met"), "choice", required=True), REASON, SOURCE),
    ),
    "survey": Form(DecisionSchema, (ID, NODE, Field("decision", N_("Decision"), "choice"), REASON)),
}


@blueprint.get("/rounds/<id>/entries", endpoint="entries")
@requires("judgements.read")
@way("round", N_("Entered evidence"), "judgements.read", heading=N_("Evidence"), order=21, endpoint="entries")
def list_entries(id: str) -> Response:
    """Every node for which the group enters something, and how much of it there is."""
    found = one_round(id, "judgements.read")
    counted: dict[str, int] = {}
    kinds: list[Any] = [one for kind in ENTERED.values() for one in entries.of_round(actor(), id, kind)]
    for one in [*kinds, *rounds.quantities(found.round), *rounds.decisions(found.round)]:
        counted[one.node] = counted.get(one.node, 0) + 1
    nodes = [node for node in found.scheme.leaves() if node.type in FORMS]
    return round_page("evaluate/entries.html", found, nodes=nodes, counted=counted)


@blueprint.get("/rounds/<id>/entries/<node>", endpoint="entry")
@requires("rounds.write")
def new_entry(id: str, node: str) -> Response:
    """What is entered for one node, by its type."""
    found = one_round(id, "rounds.write")
    rule = _rule(found, node)
    unit: Any = getattr(rule.spec, "unit", None) if rule.type == "steps" else None
    return _page(found, rule, _form(rule).shown({"node": node, **({"unit": local(unit)} if unit else {})}))


@blueprint.post("/rounds/<id>/entries/<node>")
@requires("rounds.write")
def add_entry(id: str, node: str) -> Response:
    """Enter it; it is never changed, only a later finding takes the place of an earlier one."""
    found = one_round(id, "rounds.write")
    rule = _rule(found, node)
    return save(
        _form(rule),
        lambda values, version: _ACTS[rule.type]({**values, "round": id, "at": now(), "by": actor().id}),
        to=lambda made: url_for("desk.node", id=id, node=node),
        again=lambda shown, status: _page(found, rule, shown, status),
        done=N_("Entered."),
    )


def _quantity(values: dict[str, Any]) -> Any:
    return rounds.enter_quantity(actor(), now(), RoundQuantity(**values))


def _decision(values: dict[str, Any]) -> Any:
    return rounds.decide(actor(), now(), RoundDecision(**values))


def _entering(kind: Any) -> Callable[[dict[str, Any]], Any]:
    def act(values: dict[str, Any]) -> Any:
        if "modifiers" in values:
            values["modifiers"] = tuple(values["modifiers"])
        return entries.enter(actor(), now(), kind(**values))

    return act


_ACTS: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "counter": _quantity,
    "survey": _decision,
    "ratio": _entering(RoundRatio),
    "steps": _entering(RoundMeasure),
    "events": _entering(RoundEvent),
    "gate": _entering(RoundGateFinding),
}


def _rule(found: OneRound, node: str) -> Node:
    """The node's rule, if something is entered for it. Raises Refused("not_found")."""
    for one in found.scheme.leaves():
        if one.id == node and one.type in FORMS:
            return one
    raise Refused("not_found", noun="indicator")


def _form(rule: Node) -> Form:
    """The form of the node's type, with the scheme's own words to choose from."""
    spec: Any = rule.spec
    choices: dict[str, list[tuple[str, str]]] = {
        "passed": [("true", gettext("yes")), ("false", gettext("no"))],
        "decision": [(one, word("decision", one)) for one in DECISIONS],
    }
    if rule.type == "steps":
        choices["unit"] = [(local(spec.unit), local(spec.unit))]
    if isinstance(spec, Events):
        choices["type"] = [(id, local(one.label)) for id, one in spec.types.items()]
        modifiers = {id: one.label for kind in spec.types.values() for id, one in kind.modifiers.items()}
        choices["modifiers"] = [(id, local(label)) for id, label in modifiers.items()]
        choices["role"] = [
            (one, one) for one in dict.fromkeys(role for kind in spec.types.values() for role in kind.roles)
        ]
    form = FORMS[rule.type]
    unused = [name for name in ("modifiers", "role") if name in choices and not choices[name]]
    kept = tuple(one for one in form.fields if one.name not in unused)
    return Form(form.schema, kept).having(choices)


def _page(found: OneRound, rule: Node, shown: ShownForm, status: int = 200) -> Response:
    steps = steps_to(found, (gettext("Entered evidence"), url_for("desk.entries", id=found.round.id)))
    lead = _lead(rule)
    title = gettext("%(type)s: %(name)s", type=word("type", rule.type), name=local(rule.label))
    return form_page(title, shown, gettext("Enter"), steps, status, lead=lead)


def _lead(rule: Node) -> str:
    spec: Any = rule.spec
    if rule.type == "ratio":
        return f"{local(spec.numerator)} / {local(spec.denominator)}"
    if rule.type == "survey":
        return gettext("Only where the answers stay below what the scheme asks for at least.")
    return local(rule.description) if rule.description else ""
