"""What must hold between the parts of a scheme: tree, weights, bands, and the names one part uses of another."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from service.domain.evaluate.marked import Faults, Fields, Item
from service.domain.evaluate.schemes import FIGURES, FULL, Band, Composite, Gate, Node, OptionPoints, Survey, plain

TREE_DEPTH = 8  # keeps the exact products of weights within the precision of the score
Read = Sequence[tuple[Node, Fields]]


def check_bands(bands: Sequence[Band], doc: Fields) -> None:
    """Bands must meet without gap or overlap and cover 0 to 100 (G54)."""
    entries = doc.entries("bands")
    placed = sorted(zip(bands, entries, strict=True), key=lambda pair: pair[0].lower)
    reached = Decimal(0)
    for band, entry in placed:
        if band.upper <= band.lower:
            entry.fault("scheme_band_empty", "to", id=band.id)
        elif band.lower > reached:
            entry.fault("scheme_band_gap", "from", lower=plain(reached), upper=plain(band.lower))
        elif band.lower < reached:
            entry.fault("scheme_band_overlap", "from", lower=plain(band.lower), upper=plain(reached))
        reached = max(reached, band.upper)
    if entries and reached < FULL:
        placed[-1][1].fault("scheme_band_gap", "to", lower=plain(reached), upper="100")
    _unique([(band.id, entry) for band, entry in zip(bands, entries, strict=True)])


def check_tree(read: Read, faults: Faults, doc: Fields, weighted: bool = True) -> None:
    """Ids once each, parents that exist and are composites, no cycle, weights of siblings adding up to exactly 100.

    What is never scored (gates, and what holds nothing but gates: C10) has no weight; unless `weighted`, nothing has.
    """
    if not read:
        doc.fault("scheme_missing", "nodes")
        return
    _unique([(node.id, entry) for node, entry in read])
    nodes = {node.id: (node, entry) for node, entry in reversed(read)}
    for node, entry in read:
        _check_parent(node, entry, nodes)
    for cycle in _cycles({node.id: node.parent for node, _ in read}):
        nodes[cycle[0]][1].fault("scheme_cycle", "parent", circle=" → ".join([*cycle, cycle[0]]))
    parents = {node.parent for node, _ in read}
    for node, entry in read:
        if isinstance(node.spec, Composite) and node.type and node.id not in parents:
            entry.fault("scheme_childless", "type")
    _check_weighing(read, faults, doc.item.source, weighted)


def _check_weighing(read: Read, faults: Faults, source: str, weighted: bool) -> None:
    silent = unscored([node for node, _ in read]) if weighted else {node.id for node, _ in read}
    for node, entry in read:
        if node.id in silent and "weight" in entry.values:
            entry.fault("scheme_weight_unfit", "weight")
        elif node.id not in silent and "weight" not in entry.values:
            entry.fault("scheme_missing", "weight")
    broken = {(fault.params["node"], fault.field.rpartition(".")[2]) for fault in faults}
    for parent in sorted({node.parent for node, _ in read}, key=str):
        siblings = [(node, entry) for node, entry in read if node.parent == parent and node.id not in silent]
        if siblings and not any((node.id, "weight") in broken for node, _ in siblings):
            _check_weights(parent, siblings, faults, source)


def unscored(nodes: Sequence[Node]) -> set[str]:
    """The ids of gates and of composites under which there are only gates (C10)."""
    found = {node.id for node in nodes if isinstance(node.spec, Gate)}
    while True:
        parents = {node.parent for node in nodes if node.id not in found}
        more = {node.parent for node in nodes if node.id in found and node.parent is not None} - parents - found
        if not more:
            return found
        found |= {id for id in more if id is not None}


def _unique(named: Sequence[tuple[str, Fields]]) -> None:
    seen: set[str] = set()
    for name, entry in named:
        if name and name in seen:
            entry.fault("scheme_duplicate", "id", value=name)
        seen.add(name)


def _check_parent(node: Node, entry: Fields, nodes: Mapping[str, tuple[Node, Fields]]) -> None:
    if node.parent is None:
        return
    if node.parent not in nodes:
        entry.fault("scheme_parent_unknown", "parent", value=node.parent)
    elif not isinstance(nodes[node.parent][0].spec, Composite):
        entry.fault("scheme_parent_leaf", "parent", value=node.parent)
    chain, at = 1, node.parent
    while at in nodes and (parent := nodes[at][0].parent) is not None and chain <= TREE_DEPTH:
        chain, at = chain + 1, parent
    if chain > TREE_DEPTH and not any(
        node.id in cycle for cycle in _cycles({k: n.parent for k, (n, _) in nodes.items()})
    ):
        entry.fault("scheme_too_deep", "parent", limit=TREE_DEPTH)


def _cycles(parents: Mapping[str, str | None]) -> list[list[str]]:
    """Each cycle of parents once, starting at its first id in file order."""
    found: list[list[str]] = []
    settled: set[str] = set()
    for start in parents:
        path: list[str] = []
        at: str | None = start
        while at is not None and at in parents and at not in settled and at not in path:
            path.append(at)
            at = parents[at]
        if at in path:
            cycle = path[path.index(at) :]
            first = min(cycle, key=list(parents).index)
            turn = cycle.index(first)
            found.append(cycle[turn:] + cycle[:turn])
        settled.update(path)
    return found


def _check_weights(parent: str | None, siblings: Read, faults: Faults, source: str) -> None:
    total = sum((node.weight for node, _ in siblings), Decimal(0))
    if total == FULL:
        return
    places = [(node, entry.values.get("weight", entry.item)) for node, entry in siblings]
    # In a scheme that extends another the cause is where the extension speaks, not in the base.
    first, place = next(((node, item) for node, item in places if item.source == source), places[0])
    terms = " + ".join(plain(node.weight) for node, _ in siblings)
    where = parent or first.id
    faults.add(
        "scheme_weights",
        place,
        f"nodes.{where}.weight",
        where,
        parent=parent or "the scheme",
        terms=terms,
        sum=plain(total),
    )


def check_surveys(read: Read, mappings: Mapping[str, OptionPoints]) -> None:
    """A survey's figure must be known, and its mapping must be in the scheme."""
    for node, entry in read:
        if not isinstance(node.spec, Survey) or not node.spec.figure:
            continue
        kind, _, mapping = node.spec.figure.partition(":")
        if kind not in FIGURES or (mapping and kind != "index"):
            entry.fault(
                "scheme_choice",
                "figure",
                value=node.spec.figure,
                options="top3_rate, top2_rate, share, index:<mapping>",
            )
        elif kind == "index" and not mapping:
            entry.fault("scheme_figure_mapping", "figure")
        elif mapping and mapping not in mappings:
            entry.fault("scheme_mapping_unknown", "figure", value=mapping)


def moved(item: Item, place: Item) -> Item:
    """`item` as if it stood at `place`, so that a fault in it is shown where its cause is."""
    return Item(item.value, place.source, place.line)
