"""Scheme files: YAML text in, a checked Scheme out, or every fault with its line and node. The caller reads files."""

from collections.abc import Mapping
from decimal import Decimal

from service.domain.collect.quality import RULES
from service.domain.evaluate import schemes
from service.domain.evaluate.marked import Faults, Fields, Item, parse
from service.domain.evaluate.scheme_changes import merged
from service.domain.evaluate.scheme_checks import Read, check_bands, check_surveys, check_tree
from service.domain.evaluate.scheme_interviews import read_interviews
from service.domain.evaluate.scheme_kinds import check_kind, check_links, check_sources
from service.domain.evaluate.scheme_nodes import NODE_LIMIT, READERS, read_nodes
from service.domain.evaluate.scheme_parameters import read_parameters
from service.domain.evaluate.scheme_parts import KINDS
from service.domain.evaluate.scheme_procedure import (
    read_calendar,
    read_consequence,
    read_deadline,
    read_exclusion,
    read_group,
    read_link,
    read_method,
    read_source,
    read_task,
)
from service.domain.evaluate.schemes import Band, OptionPoints, Rounding, Scheme

__all__ = ["NODE_LIMIT", "READERS", "effective", "load_scheme"]

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
    scheme = _scheme(Fields(document, "", faults), changes, name)
    faults.refuse()
    return document, scheme


def _scheme(doc: Fields, changes: tuple[schemes.Change, ...], base: str | None) -> Scheme:
    kind = doc.choice("kind", KINDS, optional=True) or "evaluation"
    read = read_nodes(doc)
    bands = tuple(_band(entry) for entry in doc.entries("bands", optional=kind == "points"))
    groups = tuple(read_group(entry) for entry in doc.entries("groups"))
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
        boundary=doc.choice("boundary", schemes.BOUNDARIES, optional=not bands) or "half_open",
        bands=bands,
        rounding=_rounding(doc),
        mappings={name: _mapping(entry) for name, entry in doc.named("mappings").items()},
        methods_required=tuple(read_method(entry) for entry in doc.entries("methods_required")),
        deadlines=tuple(read_deadline(entry) for entry in doc.entries("deadlines")),
        consequences=tuple(read_consequence(entry, bands) for entry in doc.entries("consequences")),
        nodes=tuple(node for node, _ in read),
        quality=_quality(doc),
        interviews=read_interviews(doc),
        kind=kind,
        parameters=read_parameters(doc),
        sources=tuple(read_source(entry) for entry in doc.entries("sources")),
        calendar=read_calendar(doc),
        groups=groups,
        links=tuple(read_link(entry, groups) for entry in doc.entries("links")),
        conflicts=tuple(read_exclusion(entry) for entry in doc.entries("conflicts")),
        tasks=tuple(read_task(entry) for entry in doc.entries("tasks")),
    )
    doc.close()
    _check(scheme, read, doc)
    return scheme


def _check(scheme: Scheme, read: Read, doc: Fields) -> None:
    if scheme.bands:
        check_bands(scheme.bands, doc)
    check_tree(read, doc.faults, doc, weighted=scheme.kind == "evaluation")
    check_surveys(read, scheme.mappings)
    check_kind(scheme, read, doc)
    check_sources(scheme, read, doc)
    check_links(scheme, doc)


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


def _band(entry: Fields) -> Band:
    band = Band(
        entry.name("id"),
        entry.label("label"),
        entry.number("from") or ZERO,
        entry.number("to") or ZERO,
        entry.flag("example"),
    )
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
