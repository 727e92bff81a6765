"""What must hold in one kind of scheme and not in others, and between sources, groups and links."""

from collections.abc import Mapping
from decimal import Decimal

from service.domain.evaluate.marked import Fields
from service.domain.evaluate.scheme_checks import Read
from service.domain.evaluate.schemes import FULL, Events, Node, Scheme, plain

TYPES_OF_KIND = {
    "points": ("composite", "events", "steps", "gate"),
    "acceptance": ("composite", "gate"),
}
BANDS_OF_ACCEPTANCE = 2
ZERO = Decimal(0)


def check_kind(scheme: Scheme, read: Read, doc: Fields) -> None:
    """C04: an acceptance is a list of conditions and two bands. A sum of points has no 100 and only points in it."""
    allowed = TYPES_OF_KIND.get(scheme.kind)
    for node, entry in read:
        if allowed and node.type and node.type not in allowed:
            entry.fault("scheme_kind_type", "type", value=node.type, kind=scheme.kind, options=", ".join(allowed))
        if scheme.kind == "evaluation" and isinstance(node.spec, Events) and not _bounded(node.spec):
            entry.fault("scheme_events_bounds", "cap")
    if scheme.kind == "acceptance" and len(scheme.bands) != BANDS_OF_ACCEPTANCE:
        doc.fault("scheme_acceptance_bands", "bands")


def _bounded(spec: Events) -> bool:
    """Within 0 to 100, or a weighted total would not be."""
    return spec.floor is not None and spec.floor >= 0 and spec.cap is not None and spec.cap <= FULL


def check_sources(scheme: Scheme, read: Read, doc: Fields) -> None:
    """C23: each source has exactly the share that is written for it, and together they have all of it."""
    shares = shares_of_sources(scheme)
    known = {source.id for source in scheme.sources}
    for node, entry in read:
        if node.source and node.source not in known:
            entry.fault("scheme_choice", "judged_by", value=node.source, options=", ".join(sorted(known)) or "-")
    entries = doc.entries("sources")
    for source, entry in zip(scheme.sources, entries, strict=True):
        if shares.get(source.id, ZERO) != source.weight:
            have = plain(shares.get(source.id, ZERO))
            entry.fault("scheme_source_share", "weight", value=source.id, sum=have, weight=plain(source.weight))
    total = sum((source.weight for source in scheme.sources), ZERO)
    if scheme.sources and total != FULL:
        entries[0].fault("scheme_sources_sum", "weight", sum=plain(total))


def shares_of_sources(scheme: Scheme) -> dict[str, Decimal]:
    """Percent of the total by the source that judges it: the leaf's own, or the nearest above it."""
    nodes = {node.id: node for node in scheme.nodes}
    found: dict[str, Decimal] = {}
    for leaf in scheme.leaves():
        line = _line(leaf, nodes)
        source = next((node.source for node in line if node.source), "")
        share = FULL
        for node in line:
            share = share * node.weight / FULL
        if source:
            found[source] = found.get(source, ZERO) + share
    return found


def source_of(scheme: Scheme, node_id: str) -> str:
    """Who judges a node: its own source, or that of the nearest node above it; empty where the scheme names none."""
    nodes = {node.id: node for node in scheme.nodes}
    return next((node.source for node in _line(nodes[node_id], nodes) if node.source), "")


def _line(leaf: Node, nodes: Mapping[str, Node]) -> list[Node]:
    """A node and all above it; of a broken tree (faulted elsewhere), as far as it goes."""
    line = [leaf]
    while (above := nodes.get(line[-1].parent or "")) is not None and above not in line:
        line.append(above)
    return line


def check_links(scheme: Scheme, doc: Fields) -> None:
    """I10: credit goes up once. A circle of links has no upward, and a unit is no superior of itself."""
    entries = doc.entries("links")
    up: dict[str, list[str]] = {}
    for link in scheme.links:
        up.setdefault(link.child, []).append(link.parent)
    for link, entry in zip(scheme.links, entries, strict=True):
        if link.child and link.child in _reached(up, link.parent):
            entry.fault("scheme_link_circle", "parent", child=link.child, parent=link.parent)


def _reached(up: Mapping[str, list[str]], start: str) -> set[str]:
    found, todo = {start}, [start]
    while todo:
        for one in up.get(todo.pop(), []):
            if one not in found:
                found.add(one)
                todo.append(one)
    return found
