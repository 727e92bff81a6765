"""What a report sums up of a score: the four objects, process and result by objective and subjective; what it hides."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.domain.evaluate.schemes import NATURES, OBJECTS, VIEWS, Scheme, Tags
from service.domain.evaluate.scores import NodeScore, ScoreTree

ZERO = Decimal(0)


@dataclass(frozen=True)
class Share:
    """Points of some indicators out of the most they could earn; None where they may not be shown."""

    key: tuple[str, ...]
    points: Decimal | None
    max_points: Decimal
    nodes: tuple[str, ...]


def tags_of(scheme: Scheme) -> dict[str, Tags | None]:
    """The tags of each node: its own, or those of the nearest one above that has any."""
    by_id = {node.id: node for node in scheme.nodes}
    found: dict[str, Tags | None] = {}
    for node in scheme.nodes:
        at = node
        while at.tags is None and at.parent is not None:
            at = by_id[at.parent]
        found[node.id] = at.tags
    return found


def by_object(scheme: Scheme, tree: ScoreTree, hidden: Collection[str] = ()) -> list[Share]:
    """Points by the four objects of evaluation (G01), all four, also one that no indicator speaks of.

    An indicator of several objects counts in each, so these do not add up to the total.
    """
    tags = tags_of(scheme)
    of_object = {name: [leaf for leaf in leaves(tree) if name in _objects(tags[leaf.id])] for name in OBJECTS}
    return [_share((name,), of_object[name], hidden) for name in OBJECTS]


def by_kind(scheme: Scheme, tree: ScoreTree, hidden: Collection[str] = ()) -> list[Share]:
    """Points by process or result and objective or subjective (G09). Each indicator stands in one: they add up.

    Indicators without tags stand in a last one of their own, ("", ""), if there are any.
    """
    tags = tags_of(scheme)
    keys = [(nature, view) for nature in NATURES for view in VIEWS]
    groups: dict[tuple[str, str], list[NodeScore]] = {key: [] for key in keys}
    for leaf in leaves(tree):
        found = tags[leaf.id]
        groups.setdefault((found.nature, found.view) if found else ("", ""), []).append(leaf)
    return [_share(key, own, hidden) for key, own in groups.items()]


def leaves(tree: ScoreTree) -> Iterator[NodeScore]:
    """The indicators that are scored themselves."""
    return (node for node in tree.walk() if not node.children)


def _objects(tags: Tags | None) -> tuple[str, ...]:
    return tags.objects if tags else ()


def _share(key: tuple[str, ...], nodes: Sequence[NodeScore], hidden: Collection[str]) -> Share:
    shown = not any(node.id in hidden for node in nodes)
    points = sum((node.points for node in nodes), ZERO) if shown else None
    most = sum((node.max_points for node in nodes), ZERO)
    return Share(key, points, most, tuple(node.id for node in nodes))


def without_names(text: str, names: Iterable[str], instead: str = "＊＊＊") -> str:
    """The text without these names of persons, the longest first: a report names no scorer and no worker."""
    for name in sorted({name.strip() for name in names if len(name.strip()) > 1}, key=lambda name: (-len(name), name)):
        text = text.replace(name, instead)
    return text
