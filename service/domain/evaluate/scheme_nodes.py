"""Reading the nodes of a scheme file: what all have, and what each type has of its own."""

from collections.abc import Callable
from decimal import Decimal

from service.domain.evaluate import schemes
from service.domain.evaluate.marked import Fields
from service.domain.evaluate.schemes import (
    FULL,
    Check,
    Composite,
    Counter,
    Events,
    EventType,
    Expert,
    Gate,
    Linear,
    Measured,
    Modifier,
    Node,
    Ratio,
    Spec,
    Step,
    Steps,
    Survey,
    Tags,
    Target,
    ZeroAt,
)
from service.domain.inspect.spot_checks import ATTRIBUTES
from service.domain.modes import CARRIES_POINTS, DISTRIBUTIONS, MODES

NODE_LIMIT = 500
ORDERS = ("rising", "falling", "free")
COMBINE = ("sum", "max")
ON_FAILURE = ("fail", "hold")
MOST_POINTS = "100000"
ZERO = Decimal(0)


def read_nodes(doc: Fields) -> list[tuple[Node, Fields]]:
    """The nodes in file order, each with its reader for later faults; over NODE_LIMIT none are read."""
    entries = doc.entries("nodes", optional=False)
    if len(entries) > NODE_LIMIT:
        doc.fault("scheme_range", "nodes", lower=1, upper=NODE_LIMIT)
        return []
    return [(_node(entry), entry) for entry in entries]


def _node(entry: Fields) -> Node:
    named = entry.values.get("id")
    if named is not None and isinstance(named.value, str):
        entry.node, entry.path = named.value, f"nodes.{named.value}"
    kind = entry.choice("type", READERS)
    node = Node(
        id=entry.name("id"),
        parent=entry.text("parent", optional=True) or None,
        type=kind,
        label=entry.label("label"),
        description=entry.label("description", optional=True) if "description" in entry.values else None,
        weight=entry.number("weight", lower="0.0001", optional=True) or ZERO,  # whether it may: scheme_checks
        rules=entry.codes("rules"),
        tags=_tags(entry, optional=kind == "composite"),
        methods=entry.codes("methods", schemes.METHODS, optional=kind == "composite"),
        example=entry.flag("example"),
        spec=READERS[kind](entry) if kind else Composite(),
        source=entry.text("judged_by", optional=True),
        not_quantified=entry.label("not_quantified", optional=True),
    )
    if kind:  # with an unknown type, nobody knows which fields are too many
        entry.close()
    return node


def _tags(entry: Fields, optional: bool) -> Tags | None:
    tags = entry.inner("tags", optional)
    if tags is None:
        return None
    found = Tags(
        tags.choice("nature", schemes.NATURES),
        tags.choice("view", schemes.VIEWS),
        tags.codes("object", schemes.OBJECTS),
    )
    tags.close()
    return found


def _composite(entry: Fields) -> Spec:
    return Composite()


def _survey(entry: Fields) -> Spec:
    share = entry.text("figure") == "share"
    return Survey(
        population=entry.name("population"),
        questionnaire=entry.name("questionnaire"),
        scale=entry.name("scale"),
        figure=entry.text("figure"),
        share_of=entry.codes("share_of") if share else (),
        points=_points(entry),
        distributions=_distributions(entry),
        modes=entry.codes("modes", MODES),
        min_n=entry.whole("min_n", 1, 10**6) or 1,
        min_response=entry.number("min_response") or ZERO,
        if_below=entry.choice("if_below", schemes.IF_BELOW),
    )


def _distributions(entry: Fields) -> tuple[str, ...]:
    given = entry.codes("distributions", DISTRIBUTIONS)
    for code in given:
        if code and code not in CARRIES_POINTS:
            allowed = ", ".join(sorted(CARRIES_POINTS))
            entry.fault("scheme_distribution", "distributions", value=code, options=allowed)
    return given


def _points(entry: Fields) -> Linear | Steps | Target:
    item = entry.values.get("points")
    if item is not None and item.value == "linear":
        entry.seen.add("points")
        return Linear()
    points = entry.inner("points")
    if points is None:
        return Linear()
    if "steps" in points.values:
        found: Steps | Target = _steps(points, "rising")
    else:
        found = Target(points.number("target") or ZERO, points.number("deduct_per_point") or ZERO)
    points.close()
    return found


def _steps(outer: Fields, order: str) -> Steps:
    """Steps from 0 upwards; points rise for a figure and fall for an error rate, or better work would earn less."""
    steps = _intervals(outer, order)
    if not steps or steps[0].start != 0:
        outer.fault("scheme_steps_start", "steps")
    return Steps(steps)


def _intervals(outer: Fields, order: str, lowest: str = "0", highest: str = "100") -> tuple[Step, ...]:
    """Intervals by their starts, each above the one before; `order` is how their points go: ORDERS."""
    entries = outer.entries("steps", optional=False)
    steps = [Step(entry.number("from", lowest, highest) or ZERO, entry.number("points") or ZERO) for entry in entries]
    for entry in entries:
        entry.close()
    for entry, before, after in zip(entries[1:], steps, steps[1:], strict=False):
        better = after.points - before.points
        worse = (order == "rising" and better < 0) or (order == "falling" and better > 0)
        if after.start <= before.start or worse:
            entry.fault("scheme_steps_order", "from")
    return tuple(steps)


def _check(entry: Fields) -> Spec:
    attributes = entry.codes("attributes", ATTRIBUTES)
    tolerable = entry.number("tolerable_rate") or ZERO
    points = entry.inner("error_points")
    if points is None:
        return Check(attributes, ZeroAt(FULL), tolerable)
    scale: ZeroAt | Steps
    if "steps" in points.values:
        scale = _steps(points, "falling")
    else:
        scale = ZeroAt(points.number("zero_at", lower="0.0001") or FULL)
    points.close()
    return Check(attributes, scale, tolerable)


def _expert(entry: Fields) -> Spec:
    scale = entry.codes("scale")
    if scale and scale != ("0", "100"):
        entry.fault("scheme_type", "scale", expected="[0, 100]")
    aggregate = entry.choice("aggregate", schemes.AGGREGATES)
    least = 3 if aggregate == "trimmed_mean" else 1  # a trimmed mean drops the lowest and the highest
    return Expert(entry.choice("raters", schemes.RATERS), aggregate, entry.whole("min_raters", least, 1000) or least)


def _counter(entry: Fields) -> Spec:
    level = entry.choice("level", schemes.LEVELS)
    denominator = entry.choice("denominator", schemes.DENOMINATORS) if level == "per_worker" else None
    cap = entry.number("cap", lower="1")  # above 100 one volume would make up for another, and the total leave 0..100
    return Counter(entry.label("unit"), level, cap or FULL, denominator)


def _ratio(entry: Fields) -> Spec:
    return Ratio(
        numerator=entry.label("numerator"),
        denominator=entry.label("denominator"),
        points=_ratio_points(entry),
        part=entry.flag("part"),
        cap=entry.number("cap", lower="1", upper="100000", optional=True) or FULL,
    )


def _ratio_points(entry: Fields) -> Linear | Steps | Target | ZeroAt:
    """As of a figure; or falling from 100 (turnover), or by intervals of which the middle is best (spent of budget)."""
    points = entry.inner("points") if _is_mapping(entry, "points") else None
    if points is None or not points.values.keys() & {"zero_at", "order"}:
        return _points(entry)
    found: ZeroAt | Steps
    if "zero_at" in points.values:
        found = ZeroAt(points.number("zero_at", lower="0.0001") or FULL)
    else:
        steps = _intervals(points, points.choice("order", ORDERS), highest="100000")
        if not steps or steps[0].start != 0:
            points.fault("scheme_steps_start", "steps")
        found = Steps(steps)
    points.close()
    return found


def _is_mapping(entry: Fields, name: str) -> bool:
    return name in entry.values and isinstance(entry.values[name].value, dict)


def _measured(entry: Fields) -> Spec:
    steps = _intervals(entry, entry.choice("order", ORDERS), "-999999999", "999999999")
    if not steps:
        entry.fault("scheme_missing", "steps")
        steps = (Step(ZERO, ZERO),)
    return Measured(entry.label("unit"), steps)


def _events(entry: Fields) -> Spec:
    kinds = entry.inner("types")
    types = {} if kinds is None else {name: _event_type(kinds, name) for name in kinds.values}
    if kinds is not None and not types:
        entry.fault("scheme_missing", "types")
    return Events(
        types=types,
        base=_points_of(entry, "base", optional=True),
        floor=entry.number("floor", f"-{MOST_POINTS}", MOST_POINTS, optional=True),
        cap=entry.number("cap", "0", MOST_POINTS, optional=True),
    )


def _event_type(kinds: Fields, name: str) -> EventType:
    entry = kinds.inner(name) or kinds
    roles = entry.inner("roles", optional=True)
    by_role = {} if roles is None else {role: _points_of(roles, role) for role in roles.values}
    given = entry.inner("modifiers", optional=True)
    modifiers = {} if given is None else {one: _modifier(given, one, tuple(by_role)) for one in given.values}
    found = EventType(
        label=entry.label("label"),
        points=_points_of(entry, "points", optional=bool(by_role)),
        roles=by_role,
        modifiers=modifiers,
        combine=entry.choice("combine", COMBINE, optional=True) or "sum",
    )
    if by_role and "points" in entry.values:
        entry.fault("scheme_unknown_field", "points", word="points")
    entry.close()
    return found


def _modifier(given: Fields, name: str, roles: tuple[str, ...]) -> Modifier:
    entry = given.inner(name) or given
    wanted = entry.codes("roles", roles, optional=True) if roles else ()
    found = Modifier(entry.label("label"), _points_of(entry, "points"), wanted)
    entry.close()
    return found


def _points_of(entry: Fields, name: str, optional: bool = False) -> Decimal:
    return entry.number(name, f"-{MOST_POINTS}", MOST_POINTS, optional) or ZERO


def _gate(entry: Fields) -> Spec:
    return Gate(entry.choice("on_failure", ON_FAILURE))


# Node types by name; a further type is one reader here and one scorer in node_scores.
READERS: dict[str, Callable[[Fields], Spec]] = {
    "composite": _composite,
    "survey": _survey,
    "check": _check,
    "expert": _expert,
    "counter": _counter,
    "ratio": _ratio,
    "steps": _measured,
    "events": _events,
    "gate": _gate,
}
