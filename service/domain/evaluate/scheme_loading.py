"""Scheme files: YAML text in, a checked Scheme out, or every fault with its line and node. The caller reads files."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from service.domain.collect.quality import RULES
from service.domain.evaluate import schemes
from service.domain.evaluate.marked import Faults, Fields, Item, parse
from service.domain.evaluate.scheme_changes import merged
from service.domain.evaluate.scheme_checks import check_bands, check_surveys, check_tree
from service.domain.evaluate.scheme_interviews import read_interviews
from service.domain.evaluate.schemes import (
    Band,
    Check,
    Composite,
    Consequence,
    Counter,
    Deadline,
    Expert,
    Linear,
    Node,
    OptionPoints,
    RequiredMethod,
    Rounding,
    Scheme,
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
ZERO = Decimal(0)


def load_scheme(text: str, bases: Mapping[str, str] | None = None, source: str = "scheme") -> Scheme:
    """The scheme written in `text`; `bases` holds the texts of the schemes it may extend, by id.

    `source` is what faults call the text (a file name). Raises Refused("scheme_invalid") with all faults found, each
    with `source`, `line` and `node` in its params; Refused("too_large") over the size limit.
    """
    return _load(text, dict(bases or {}), source)[1]


def effective(base: str, overrides: str, bases: Mapping[str, str] | None = None, source: str = "overrides") -> Scheme:
    """The scheme that results from `overrides` (YAML text that extends the scheme in `base`) (G64, G65).

    Checked like any scheme: after removing a node its siblings' weights must be restated to add up to 100 again.
    """
    known = dict(bases or {})
    named = parse(base, "base").value
    base_id = named["id"].value if isinstance(named, dict) and "id" in named else "base"
    return load_scheme(overrides, {**known, str(base_id): base}, source)


def _load(text: str, bases: dict[str, str], source: str) -> tuple[Item, Scheme]:
    """The whole document behind `text`, with its base worked in, and the scheme that it makes."""
    document, faults = parse(text, source), Faults()
    changes: tuple[schemes.Change, ...] = ()
    name = None
    extends = document.value.get("extends") if isinstance(document.value, dict) else None
    if extends is not None:
        base_id = str(extends.value)
        base_text = bases.pop(base_id, None)  # popped: a scheme that extends itself, however far round, finds no base
        if base_text is None:
            faults.add("scheme_base_unknown", extends, "extends", value=base_id)
            faults.refuse()
        below, base = _load(base_text or "", bases, base_id)
        document, own = merged(below, document, faults)
        faults.refuse()
        changes, name = base.changes + own, f"{base_id}@{schemes.digest(base)}"
    scheme = _scheme(Fields(document, "", faults), faults, changes, name)
    faults.refuse()
    return document, scheme


def _scheme(doc: Fields, faults: Faults, changes: tuple[schemes.Change, ...], base: str | None) -> Scheme:
    read = _nodes(doc)
    bands = tuple(_band(entry) for entry in doc.entries("bands", optional=False))
    scheme = Scheme(
        id=doc.name("id"),
        version=doc.text("version"),
        title=doc.label("title"),
        legal_basis=doc.text("legal_basis"),
        source=doc.text("source"),
        valid_from=doc.day("valid_from"),
        valid_to=doc.day("valid_to"),
        extends=base,
        changes=changes,
        boundary=doc.choice("boundary", schemes.BOUNDARIES),
        bands=bands,
        rounding=_rounding(doc),
        mappings={name: _mapping(entry) for name, entry in doc.named("mappings").items()},
        methods_required=tuple(_method(entry) for entry in doc.entries("methods_required")),
        deadlines=tuple(_deadline(entry) for entry in doc.entries("deadlines")),
        consequences=tuple(_consequence(entry, bands) for entry in doc.entries("consequences")),
        nodes=tuple(node for node, _ in read),
        quality=_quality(doc),
        interviews=read_interviews(doc),
    )
    doc.close()
    check_bands(bands, doc)
    check_tree(read, faults, doc)
    check_surveys(read, scheme.mappings)
    return scheme


def _quality(doc: Fields) -> dict[str, dict[str, Decimal]]:
    """Thresholds of quality marks that this scheme sets; the others keep their defaults (domain.collect.quality)."""
    found = {}
    for kind, entry in doc.named("quality").items():
        if kind not in RULES:
            doc.fault("scheme_choice", f"quality.{kind}", entry.item, value=kind, options=", ".join(RULES))
            continue
        given = {
            name: entry.number(name, str(one.lowest), str(one.highest), optional=True)
            for name, one in RULES[kind].parameters.items()
        }
        entry.close()
        found[kind] = {name: value for name, value in given.items() if value is not None}
    return found


def _nodes(doc: Fields) -> list[tuple[Node, Fields]]:
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
        weight=entry.number("weight", lower="0.0001") or ZERO,
        rules=entry.codes("rules"),
        tags=_tags(entry, optional=kind == "composite"),
        methods=entry.codes("methods", schemes.METHODS, optional=kind == "composite"),
        example=entry.flag("example"),
        spec=READERS[kind](entry) if kind else Composite(),
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
        found: Steps | Target = _steps(points, rising=True)
    else:
        found = Target(points.number("target") or ZERO, points.number("deduct_per_point") or ZERO)
    points.close()
    return found


def _steps(outer: Fields, rising: bool) -> Steps:
    """Steps from 0 upwards; points rise for a figure and fall for an error rate, or better work would earn less."""
    entries = outer.entries("steps", optional=False)
    steps = [Step(entry.number("from") or ZERO, entry.number("points") or ZERO) for entry in entries]
    for entry in entries:
        entry.close()
    if not steps or steps[0].start != 0:
        outer.fault("scheme_steps_start", "steps")
    for entry, before, after in zip(entries[1:], steps, steps[1:], strict=False):
        better = after.points - before.points
        if after.start <= before.start or (better < 0 if rising else better > 0):
            entry.fault("scheme_steps_order", "from")
    return Steps(tuple(steps))


def _check(entry: Fields) -> Spec:
    attributes = entry.codes("attributes", ATTRIBUTES)
    tolerable = entry.number("tolerable_rate") or ZERO
    points = entry.inner("error_points")
    if points is None:
        return Check(attributes, ZeroAt(schemes.FULL), tolerable)
    scale: ZeroAt | Steps
    if "steps" in points.values:
        scale = _steps(points, rising=False)
    else:
        scale = ZeroAt(points.number("zero_at", lower="0.0001") or schemes.FULL)
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
    return Counter(entry.label("unit"), level, cap or schemes.FULL, denominator)


# Node types by name; a later type (ratio, steps, events, gate) is one reader here and one scorer in node_scores.
READERS: dict[str, Callable[[Fields], Spec]] = {
    "composite": _composite,
    "survey": _survey,
    "check": _check,
    "expert": _expert,
    "counter": _counter,
}


def _band(entry: Fields) -> Band:
    band = Band(entry.name("id"), entry.label("label"), entry.number("from") or ZERO, entry.number("to") or ZERO)
    entry.close()
    return band


def _rounding(doc: Fields) -> Rounding:
    entry = doc.inner("rounding")
    if entry is None:
        return Rounding("display", "half_up", 2)
    stage, mode = entry.choice("stage", schemes.STAGES), entry.choice("mode", schemes.ROUNDINGS)
    places = entry.whole("places", 0, 6) or 0
    entry.close()
    return Rounding(stage, mode, places)


def _mapping(entry: Fields) -> OptionPoints:
    points = entry.inner("points")
    values = {} if points is None else {code: points.number(code) or ZERO for code in points.values}
    if points is not None and not values:
        entry.fault("scheme_missing", "points")
    found = OptionPoints(values, entry.flag("example"))
    entry.close()
    return found


def _method(entry: Fields) -> RequiredMethod:
    method, evidence = entry.choice("method", schemes.METHODS), entry.text("evidence")
    found = RequiredMethod(
        method, evidence, entry.label("label"), entry.whole("min", 1, 1000) or 1, entry.codes("rules")
    )
    entry.close()
    return found


def _deadline(entry: Fields) -> Deadline:
    found = Deadline(
        id=entry.name("id"),
        label=entry.label("label"),
        from_event=entry.text("from_event"),
        n=entry.whole("n", 1, 3650, optional=True),
        unit=entry.choice("unit", ("day", "workday")),
        hard=entry.flag("hard"),
        rules=entry.codes("rules"),
    )
    entry.close()
    return found


def _consequence(entry: Fields, bands: tuple[Band, ...]) -> Consequence:
    found = Consequence(
        id=entry.name("id"),
        label=entry.label("label"),
        grade=entry.choice("grade", [band.id for band in bands]),
        duty=entry.choice("duty", ("must", "may")),
        months=entry.whole("months", 1, 1200, optional=True),
        rules=entry.codes("rules"),
    )
    entry.close()
    return found
