"""Units of a release: sets of tally cells, merged until nothing that follows is about too few (see releases.py)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from service.domain.collect.questionnaires import Scale
from service.domain.collect.tallies import Cell, Counts, Tally
from service.domain.errors import Refused, invalid

MINIMUM, LOWEST, HIGHEST = 10, 5, 30  # persons; practice hides below 10, schemes may say 5 to 30
EVERYBODY: Final = 30  # below it "all of them are (dis)satisfied" tells the answer of each one who is known to be there
UNIT_LIMIT: Final = 600  # before merging: merging costs their square
WITH, WITHOUT, BOTH = "with", "without", "both"
Value = tuple[str, ...]
"""The values of one cell in the dimensions of a release or table."""


class Limits(NamedTuple):
    minimum: int = MINIMUM
    everybody: int = EVERYBODY


@dataclass(frozen=True)
class Layers:
    """Tallies of the same moment: answers that are kept, and those that were marked and excluded."""

    kept: Tally
    excluded: Tally = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """What a release showed: its units as lists of values of `dimensions`, and the layers they were taken from."""

    dimensions: tuple[str, ...]
    units: tuple[tuple[Value, ...], ...]
    marked: str
    items: tuple[str, ...]
    layers: Layers


class Unit:
    """Tally cells that are shown together only, and their sums as far as they were asked for."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self.cells = set(cells)
        self._sums: dict[tuple[int, str], Counts] = {}

    def take(self, other: "Unit") -> None:
        self.cells |= other.cells
        self._sums = {}

    def sum(self, layers: Layers, layer: str) -> Counts:
        key = (id(layers), layer)
        if key not in self._sums:
            self._sums[key] = sum_of(layers, self.cells, layer)
        return self._sums[key]


@dataclass(frozen=True)
class Rules:
    """One release in the making: what is asked, and what was shown before."""

    scale: Scale
    items: tuple[str, ...]
    limits: Limits
    marked: str
    layers: Layers
    earlier: tuple[Shown, ...]


@dataclass(frozen=True)
class Piece:
    """The finest set of cells that is whole units of this release and of an earlier one; `parts` are the finer side's.

    `one_now`, `one_then`: whether it is a single unit now, and was a single one then.
    """

    units: Sequence[Unit]
    parts: Sequence[Unit]
    one_now: bool
    one_then: bool


def dimensions_of(tables: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """All dimensions of the tables, each once, in order."""
    return tuple(dict.fromkeys(name for table in tables for name in table))


def value_of(cell: Cell, dimensions: Sequence[str]) -> Value:
    """The cell's values in these fields of Cell."""
    return tuple(getattr(cell, name) for name in dimensions)


def all_cells(layers: Layers) -> set[Cell]:
    """Every cell that has answers in one of the layers."""
    return set(layers.kept) | set(layers.excluded)


def _layer_names(marked: str) -> tuple[str, ...]:
    """What can be computed: where both figures are shown their difference too."""
    return {WITH: (WITH,), WITHOUT: (WITHOUT,), BOTH: (WITH, WITHOUT, "excluded")}[marked]


def sum_of(layers: Layers, cells: Iterable[Cell], layer: str) -> Counts:
    """The counts of a layer over these cells."""
    parts = {WITH: (layers.kept, layers.excluded), WITHOUT: (layers.kept,), "excluded": (layers.excluded,)}[layer]
    summed: Counts = {"n": 0}
    for cell in cells:
        for tally in parts:
            for key, number in tally.get(cell, {}).items():
                summed[key] = summed.get(key, 0) + number
    return summed


def valid(scale: Scale, counts: Counts, item: str) -> int:
    """How many gave the item one of the scale's levels."""
    return sum(counts.get(f"c|{item}|{code}", 0) for code in scale.levels)


# --- Which units may be shown


def _is_safe(rules: Rules, counts: Counts) -> bool:
    """Whether these counts of some persons may be known: nobody, or enough of them who do not all answer alike."""
    if counts["n"] == 0:
        return True
    if counts["n"] < rules.limits.minimum:
        return False
    return all(_item_is_safe(rules, counts, item) for item in rules.items)


def _item_is_safe(rules: Rules, counts: Counts, item: str) -> bool:
    by_level = [counts.get(f"c|{item}|{code}", 0) for code in rules.scale.levels]
    valid = sum(by_level)
    if valid == 0 or valid >= rules.limits.everybody:
        return True
    good = sum(by_level[len(by_level) - len(rules.scale.satisfied) :])
    return valid >= rules.limits.minimum and max(by_level) < valid and 0 < good < valid


def change_is_safe(rules: Rules, old: Shown, piece: Piece) -> bool:
    """Whether what can be computed about a piece from an earlier release and this one may be known.

    Published now is the sum of the piece's units, published then that of its old units. Their difference is the piece's
    change. Where several parts make up one published sum and the other release shows the parts, the parts that did not
    shrink (or did not grow) can be taken off, and only the rest remains: that rest is held to the minimum as well.
    """
    keys = {"n"} | {f"c|{item}|" for item in rules.items if item in old.items}
    for before in _layer_names(old.marked):
        for now in _layer_names(rules.marked):
            if before != now and "excluded" in (before, now):
                continue  # of different people: their difference is nobody's figure
            was = [_of_keys(part.sum(old.layers, before), keys) for part in piece.parts]
            has = [_of_keys(part.sum(rules.layers, now), keys) for part in piece.parts]
            if not all(_difference_is_safe(rules, change) for change in _differences(piece, was, has)):
                return False
    return True


def _differences(piece: Piece, was: Sequence[Counts], has: Sequence[Counts]) -> list[Counts]:
    """The smallest numbers of persons that follow from the parts' counts then and now, as far as they are shown."""
    found = [_less(_added(has), _added(was))]
    if piece.one_now:
        found += [_rest(was, has), _cover(was, has)]
    if piece.one_then:
        found += [_rest(has, was), _cover(has, was)]
    return found


def _rest(shown: Sequence[Counts], summed: Sequence[Counts]) -> Counts:
    """What remains of the sum of `summed` when each part that is known (`shown`) and no larger is taken off."""
    rests = [
        _less(whole, part) if whole["n"] >= part["n"] else whole for part, whole in zip(shown, summed, strict=True)
    ]
    return _added(rests)


def _cover(shown: Sequence[Counts], summed: Sequence[Counts]) -> Counts:
    """What is left of the known parts (`shown`) around the sum of `summed`: a part with nobody in it is left out."""
    around = [(part, whole) for part, whole in zip(shown, summed, strict=True) if whole["n"]]
    if any(part["n"] < whole["n"] for part, whole in around):
        return {"n": 0}  # they do not cover it
    return _added([_less(part, whole) for part, whole in around])


def _difference_is_safe(rules: Rules, change: Counts) -> bool:
    """Whether a difference may be known: nothing, or of enough persons; one without a minus is a group of its own."""
    if not any(change.values()):
        return True
    for sign in (1, -1):
        if all(sign * number >= 0 for number in change.values()):
            return _is_safe(rules, {key: sign * number for key, number in change.items()})
    return abs(change["n"]) >= rules.limits.minimum


def _of_keys(counts: Counts, keys: set[str]) -> Counts:
    """`keys` are `n` and the beginnings of the keys that both releases show."""
    return {key: n for key, n in counts.items() if key == "n" or key.rpartition("|")[0] + "|" in keys}


def _less(left: Counts, right: Counts) -> Counts:
    return {key: left.get(key, 0) - right.get(key, 0) for key in {*left, *right}}


def _added(parts: Sequence[Counts]) -> Counts:
    summed: Counts = {"n": 0}
    for part in parts:
        for key, number in part.items():
            summed[key] = summed.get(key, 0) + number
    return summed


def of_release(rules: Rules, old: Shown) -> list[Unit]:
    """The cells of each unit of an earlier release; cells that it knew nothing of are in none."""
    of_value = {value: place for place, unit in enumerate(old.units) for value in unit}
    found: dict[int, set[Cell]] = {}
    for cell in sorted(all_cells(rules.layers) | all_cells(old.layers)):
        place = of_value.get(value_of(cell, old.dimensions))
        if place is not None:
            found.setdefault(place, set()).add(cell)
    return [Unit(cells) for cells in found.values()]


# --- Merging


def merged(rules: Rules, tables: Sequence[tuple[str, ...]]) -> list[Unit]:
    """Units for these tables, merged until all is safe. Raises Refused("release_unsafe")."""
    dimensions = dimensions_of(tables)
    cells = all_cells(rules.layers).union(*(all_cells(old.layers) for old in rules.earlier))
    by_value: dict[Value, set[Cell]] = {}
    for cell in sorted(cells):
        by_value.setdefault(value_of(cell, dimensions), set()).add(cell)
    if len(by_value) > UNIT_LIMIT:
        raise invalid(
            "tables",
            "these have {count} cells together, more than {unit_limit}; ask for fewer dimensions",
            count=len(by_value),
            unit_limit=UNIT_LIMIT,
        )
    units = [Unit(found) for found in by_value.values()]
    old_units = [of_release(rules, old) for old in rules.earlier]
    _close(units, old_units)
    while (small := _first_unsafe(rules, units, old_units)) is not None:
        if len(units) == 1:
            raise Refused("release_unsafe", minimum=rules.limits.minimum)
        partner = _partner(rules, units, small, dimensions)
        small.take(partner)
        units.remove(partner)
        _close(units, old_units)
    return units


def _first_unsafe(rules: Rules, units: Sequence[Unit], old_units: Sequence[Sequence[Unit]]) -> Unit | None:
    """The smallest unit that must not be shown as it is."""
    bad = [unit for unit in units if not _is_safe_itself(rules, unit)]
    for old, of_old in zip(rules.earlier, old_units, strict=True):
        for piece in _pieces(units, of_old):
            if not change_is_safe(rules, old, piece):
                bad += piece.units
    return min(bad, key=lambda unit: (_size(rules, unit), sorted(unit.cells)), default=None)


def _is_safe_itself(rules: Rules, unit: Unit) -> bool:
    return all(_is_safe(rules, unit.sum(rules.layers, layer)) for layer in _layer_names(rules.marked))


def stand_alone(rules: Rules, part: Iterable[Cell]) -> bool:
    """Whether the sum over `part` may be known, beside the totals of earlier releases and later the total of all.

    Then what is left of a total when the part is taken off follows too, so it is held to the same limits, and so are
    the changes since each earlier total.
    """
    whole = all_cells(rules.layers).union(*(all_cells(old.layers) for old in rules.earlier))
    inside = whole & set(part)
    units = [Unit(cells) for cells in (inside, whole - inside) if cells]
    totals = tuple(replace(old, dimensions=(), units=(((),),)) for old in rules.earlier)
    held = replace(rules, earlier=totals)
    return _first_unsafe(held, units, [of_release(held, old) for old in totals]) is None


def _gain(rules: Rules, unit: Unit) -> int:
    """How much it changed since earlier releases."""
    return max(abs(_size(rules, unit) - unit.sum(old.layers, WITH)["n"]) for old in rules.earlier)


def _size(rules: Rules, unit: Unit) -> int:
    return unit.sum(rules.layers, WITH)["n"]


def _pieces(units: Sequence[Unit], old_units: Sequence[Unit]) -> list[Piece]:
    """How the units lie in those of an earlier release, after `_close`."""
    pieces = []
    split: dict[int, list[Unit]] = {}
    for unit in units:
        inside = [old for old in old_units if unit.cells & old.cells]
        if len(inside) == 1 and unit.cells <= inside[0].cells:
            split.setdefault(id(inside[0]), []).append(unit)
            continue
        fresh = unit.cells.difference(*(old.cells for old in inside))
        parts = [*inside, *([Unit(fresh)] if fresh else [])]
        pieces.append(Piece([unit], parts, True, False))
    pieces += [Piece(parts, parts, len(parts) == 1, True) for parts in split.values()]
    return pieces


def _close(units: list[Unit], old_units: Sequence[Sequence[Unit]]) -> None:
    """Let no unit take part of an earlier one and something outside it: such a unit takes the whole of it."""
    changed = True
    while changed:
        changed = False
        for old in (old for of_old in old_units for old in of_old):
            touching = [unit for unit in units if unit.cells & old.cells]
            crossing = [unit for unit in touching if not unit.cells <= old.cells]
            if crossing and len(touching) > 1:
                for unit in touching:
                    if unit is not crossing[0]:
                        crossing[0].take(unit)
                        units.remove(unit)
                changed = True


def _partner(rules: Rules, units: Sequence[Unit], small: Unit, dimensions: Sequence[str]) -> Unit:
    """Whom to merge with: the unit that shares the most leading dimensions, then the smallest one.

    If it is only the change that is too small, then the one that changed most.
    """
    changed = _is_safe_itself(rules, small)
    own = {value_of(cell, dimensions) for cell in small.cells}

    def distance(unit: Unit) -> tuple[int, bool, int, list[Cell]]:
        theirs = {value_of(cell, dimensions) for cell in unit.cells}
        shared = next((k for k in range(len(dimensions), 0, -1) if {v[:k] for v in own} & {v[:k] for v in theirs}), 0)
        n = _size(rules, unit)
        return -shared, n == 0, -_gain(rules, unit) if changed else n, sorted(unit.cells)  # nobody is no help

    return min((unit for unit in units if unit is not small), key=distance)
