"""Which points of a score tree the public may see, so that nothing gives back a figure that is hidden (design §7).

A figure of too few persons is not shown, nor are the points that follow from it, nor what those points could be
computed from: where one part of a sum is hidden, others of it are hidden too, until the sum leaves each hidden
sensitive part at least half of its own range. If a whole sum is not enough, the sum is hidden as well.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

Plain = Mapping[str, Any]
HALF = Decimal("0.5")
INSTITUTIONS = "institutions"
# An average over one or two workers tells one of them how the other worked; twelve person-months are one person's year.
FEW_WORKERS: Mapping[str, int] = {"headcount": 3, "full_time_equivalent": 3, "person_months": 36}
ZERO = Decimal(0)
TOTAL = ""  # stands for the total among the hidden nodes


def hidden(tree: Plain, sensitive: Collection[str]) -> frozenset[str]:
    """The ids of the nodes whose points stay hidden; TOTAL among them if the sum of all would tell too much.

    `tree` is a score tree as plain data, `sensitive` the nodes that must not be known to better than half their range.
    """
    found: set[str] = set()
    if _hide(TOTAL, tree["standards"], set(sensitive), found):
        found.add(TOTAL)
    return frozenset(found)


def _hide(parent: str, children: Sequence[Plain], risky: set[str], found: set[str]) -> bool:
    """Hide below `parent` what must be; whether its own sum has to be hidden too."""
    for child in children:
        if child["children"] and _hide(child["id"], child["children"], risky, found):
            risky.add(child["id"])
    ours = [child for child in children if child["id"] in risky]
    covered = [child for child in children if child["id"] in found or child["id"] in risky]
    others = sorted((child for child in children if child not in covered), key=lambda one: Decimal(one["max_points"]))
    while ours and not _vague(ours, covered) and others:
        covered.append(others.pop(0))
    for child in covered:
        found |= {node["id"] for node in walk([child])}
    return bool(ours) and not _vague(ours, covered)


def _vague(ours: Sequence[Plain], covered: Sequence[Plain]) -> bool:
    """Whether the sum of what is covered leaves each of ours at least half of its range."""
    total = sum((Decimal(one["points"]) for one in covered), ZERO)
    room = sum((Decimal(one["max_points"]) for one in covered), ZERO)
    for one in ours:
        most = Decimal(one["max_points"])
        lowest, highest = max(ZERO, total - (room - most)), min(most, total)
        if highest - lowest < most * HALF:
            return False
    return True


def walk(nodes: Sequence[Plain]) -> Iterator[Plain]:
    """All nodes, parents first."""
    for node in nodes:
        yield node
        yield from walk(node["children"])


def sensitive(
    evidence: Plain, leaves: Mapping[str, str], released: Mapping[str, Plain | None], minimum: int
) -> dict[str, str]:
    """Node -> why its figure is not for the public: too_few, not_released, differs_by_few, few_workers.

    `evidence` is the frozen evidence as plain data. `leaves` holds what matters of a leaf's kind: "institutions" for
    signed opinions, the denominator for volumes per worker. `released` tells by campaign what its last final release
    shows: `public_results.released`; None where there is none.
    """
    found: dict[str, str] = {}
    for one in evidence.get("surveys", ()):
        if why := _survey(one, leaves.get(one["node"], ""), released.get(one["campaign"]), minimum):
            found[one["node"]] = why
    opinions = Counter(one["node"] for one in evidence.get("judgements", ()))
    for node, number in opinions.items():
        if leaves.get(node) == INSTITUTIONS and number < minimum:
            found[node] = "too_few"
    for one in evidence.get("quantities", ()):
        fewest, workers = FEW_WORKERS.get(leaves.get(one["node"], "")), one.get("workers")
        if fewest is not None and workers is not None and Decimal(workers) < fewest:
            found[one["node"]] = "few_workers"
    return found


def _survey(one: Plain, kind: str, released: Plain | None, minimum: int) -> str:
    """Only what a final release shows, and only if what lies between release and score is nobody, or enough people."""
    if kind == INSTITUTIONS:
        return "too_few" if one["n"] < minimum else ""
    if released is None:
        return "not_released"
    least = max(minimum, int(released["minimum"]))
    if one["n"] < least:
        return "too_few"
    between = [abs(int(valid) - int(one["n"])) for valid in released["valid"]]
    apart = sum(int(number) for why, _, number in one.get("left_out", ()) if why in ("distribution", "mode"))
    return "differs_by_few" if any(0 < number < least for number in (*between, apart)) else ""
