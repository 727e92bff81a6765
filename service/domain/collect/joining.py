"""Figures over several campaigns: which questions of two versions may be counted together, and the sum of tallies.

A figure may join answers only where every person was asked the same (design §5): the versions are compared first, and
what is not comparable is left out of the summed tallies, so that it cannot be read by mistake.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from service.domain.collect import tallies
from service.domain.collect.questionnaires import Questionnaire, to_plain
from service.domain.collect.satisfaction import Estimate
from service.domain.collect.tallies import Cell, Tally
from service.domain.collect.versions import WHAT, Change, question_changes
from service.domain.errors import Fault, Refused

_OTHER_ROWS = frozenset({"row_added", "row_removed", "rows_order"})


def obstacles(a: Questionnaire, b: Questionnaire, item: str) -> list[Change]:
    """Why answers to `item` (`q` or `m/row`) of two versions are not counted together; empty if they may be.

    Unchanged must be: id, kind, codes in their order, wording, hint and option texts in every language of either
    version (a translation added is a wording that some were not asked in), required, condition and constraint, every
    setting, the condition of its section, and the levels of each scale that holds it in both. Its position, and other
    rows of a matrix, may differ.
    """
    question, _, row = item.partition("/")
    there = [_asks(version, item) for version in (a, b)]
    if not all(there):
        return [] if not any(there) else [Change("removed" if there[0] else "added", question, row)]
    old, new = (next(each for each in to_plain(version)["questions"] if each["id"] == question) for version in (a, b))
    changes = [change for change in question_changes(old, new) if not (row and _of_another_row(change, row))]
    for name in a.scales.keys() & b.scales.keys():
        left, right = a.scales[name], b.scales[name]
        if item in left.items and item in right.items and left.levels != right.levels:
            changes.append(Change("scale", part=f"{name}.levels", before=list(left.levels), after=list(right.levels)))
    before, after = (_section_condition(version, question) for version in (a, b))
    return changes if before == after else [*changes, Change("when", question, before=before, after=after)]


def _section_condition(version: Questionnaire, question: str) -> str:
    return next((section.when for section in version.sections if question in section.questions), "")


def joinable(a: Questionnaire, b: Questionnaire, item: str) -> bool:
    """Whether answers to `item` of both versions may be counted in one figure: both ask it, and ask the same."""
    return _asks(a, item) and _asks(b, item) and not obstacles(a, b, item)


def _asks(version: Questionnaire, item: str) -> bool:
    return item in version.items or item in version.by_id


def _of_another_row(change: Change, row: str) -> bool:
    return change.what in _OTHER_ROWS or (change.what.startswith("row_") and change.part.split(".")[0] != row)


def check_joinable(versions: Sequence[Questionnaire], scale: str) -> None:
    """Raises Refused("not_joinable") naming each changed question of the scale in every later version.

    KeyError if the first version does not declare the scale. The help question decides which answers are in the
    points, so either all versions ask it or none does.
    """
    faults = [fault for other in versions[1:] for fault in _faults(versions[0], other, scale)]
    if faults:
        raise Refused("not_joinable", faults, question=faults[0].field)


def is_joinable(versions: Sequence[Questionnaire], scale: str) -> bool:
    """Whether `check_joinable` lets these versions be counted together."""
    return not any(True for other in versions[1:] for _ in _faults(versions[0], other, scale))


def _faults(first: Questionnaire, other: Questionnaire, scale: str) -> Iterator[Fault]:
    names = {"a": _name(first), "b": _name(other)}
    if scale not in other.scales:
        yield Fault(f"scales.{scale}", "not_in_both", names)
        return
    mine, theirs = first.scales[scale], other.scales[scale]
    for item in dict.fromkeys([*mine.items, *theirs.items]):
        if (item in mine.items) != (item in theirs.items):
            yield Fault(item, "not_in_both", names)
        elif changes := obstacles(first, other, item):
            what = ", ".join(dict.fromkeys(WHAT[change.what] for change in changes))
            yield Fault(item, "changed_between", {**names, "what": what})
    if mine.headline != theirs.headline or set(mine.satisfied) != set(theirs.satisfied):
        yield Fault(f"scales.{scale}", "changed_between", {**names, "what": WHAT["scale"]})
    if bool(first.help) != bool(other.help):
        yield Fault(first.help or other.help or "", "not_in_both", names)


def _name(version: Questionnaire) -> str:
    return f"{version.id}@{version.version}"


def same_weights(versions: Sequence[Questionnaire]) -> bool:
    """Whether the weighting variables stand for the same in all versions: else nothing can be split by them."""
    first = versions[0]
    return all(
        other.weights == first.weights and all(joinable(first, other, item) for item in first.weights)
        for other in versions[1:]
    )


def joined(parts: Sequence[tuple[Questionnaire, Tally]], scale: str) -> Tally:
    """The sum of tallies of joinable versions, reduced to persons and the items of the scale.

    Cells lose their weighting variables unless `same_weights`. Sums of products of levels are kept by the items' places
    in the scale, so they are left out where that order differs.
    """
    versions = [version for version, _ in parts]
    keep = same_weights(versions)
    order = len({version.scales[scale].items for version in versions}) == 1
    return tallies.total(_reduced(version, tally, scale, keep, order) for version, tally in parts)


def _reduced(version: Questionnaire, tally: Tally, scale: str, weights: bool, order: bool) -> Tally:
    heads = ["n", *(f"c|{item}|" for item in version.scales[scale].items), *([f"s|{scale}|"] if order else [])]
    reduced: list[Tally] = []
    for cell, counts in tally.items():
        kept = {key: number for key, number in counts.items() if key == "n" or key.startswith(tuple(heads[1:]))}
        bare = cell if weights else Cell(*cell[:-3], "", "", "")
        reduced.append({bare: kept})
    return tallies.total(reduced)


def without_interval(estimate: Estimate) -> Estimate:
    """Figures of several campaigns claim no interval and no N: several draws may reach one person twice."""
    if estimate.interval is None and "drawn_persons" not in estimate.distributions:
        return estimate
    reasons = {**estimate.reasons, **({"interval": "several_draws"} if estimate.interval else {})}
    sample = estimate.sample and replace(estimate.sample, barred=estimate.sample.barred or "several_draws")
    return replace(estimate, interval=None, population=None, reasons=reasons, sample=sample)
