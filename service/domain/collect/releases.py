"""Releases: frozen tables for others than the evaluator, from which no group below the minimum can be computed.

The method is merging (design §7). All tables of a release are sums over the same *units*, sets of tally cells that
together hold every answer. Small units are merged until each holds at least `minimum` persons, so whatever is added
or subtracted within a release is a sum over whole units: no figure of fewer persons can follow from it. An item's valid
answers are held to the same minimum, and a unit below `everybody` in which all answered alike is merged as well.

Across releases a unit lies within one unit of each earlier release or is made of whole ones. What can be computed from
the two is the change of such a piece, and what remains of it when parts that are known are taken off: both are nothing,
or at least `minimum` persons. Answers that were marked and excluded are
treated the same way where both figures are shown.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from service.domain.collect.questionnaires import Scale
from service.domain.collect.release_units import (
    BOTH,
    EVERYBODY,
    HIGHEST,
    LOWEST,
    MINIMUM,
    WITH,
    WITHOUT,
    Layers,
    Limits,
    Piece,
    Rules,
    Shown,
    Unit,
    Value,
    all_cells,
    change_is_safe,
    dimensions_of,
    merged,
    of_release,
    stand_alone,
    sum_of,
    valid,
    value_of,
)
from service.domain.collect.tallies import Cell, Counts, Tally
from service.domain.errors import Fault, Refused, problem
from service.domain.modes import OUT_OF_POINTS
from service.domain.proportions import exact

RULE: Final = (
    "Groups of fewer than the minimum are merged with others, as are groups in which everybody answered alike; nothing "
    "that can be computed from this and earlier releases is about fewer persons than the minimum."
)


@dataclass(frozen=True)
class Row:
    """One group of a table: the values that were merged into it, and counts by layer."""

    values: tuple[Value, ...]
    figures: Mapping[str, Counts]


@dataclass(frozen=True)
class Table:
    by: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Release:
    """`omitted`: tables that could not be shown without merging others, or at all, by their dimensions."""

    tables: tuple[Table, ...]
    omitted: tuple[tuple[str, ...], ...]
    shown: Shown


@dataclass(frozen=True)
class PublishedRelease:
    """As it is kept: `content` is the canonical JSON of what may be read, `shown` stays with the service."""

    id: str
    campaign: str
    number: int
    at: datetime
    by: str
    request: str
    digest: str
    content: str
    shown: Shown


@dataclass(frozen=True)
class ReleaseRequest:
    """What an evaluator asks to be released; `tables` by names of dimensions, the most important first."""

    id: str
    scale: str = "satisfaction"
    tables: tuple[tuple[str, ...], ...] = (("site",),)
    marked: str = WITH
    minimum: int = MINIMUM
    everybody: int = EVERYBODY

    @property
    def plain(self) -> dict[str, Any]:
        return {**vars(self), "tables": [list(table) for table in self.tables]}


def check_request(request: ReleaseRequest) -> None:
    """Raises Refused("invalid"): a minimum out of range, too many tables, an unknown word for `marked`."""
    faults = []
    if not LOWEST <= request.minimum <= HIGHEST:
        faults.append(Fault("minimum", "wrong_type", {"expected": f"a number from {LOWEST} to {HIGHEST}"}))
    if not request.minimum <= request.everybody <= 1000:
        faults.append(Fault("everybody", "wrong_type", {"expected": "a number from the minimum to 1000"}))
    if request.marked not in (WITH, WITHOUT, BOTH):
        options = f"{WITH}, {WITHOUT}, {BOTH}"
        faults.append(Fault("marked", "not_an_option", {"value": request.marked, "options": options}))
    if len(request.tables) > 5 or any(len(set(table)) < len(table) or len(table) > 2 for table in request.tables):
        faults.append(problem("tables", "at most five tables of one or two different dimensions"))
    if faults:
        raise Refused("invalid", faults)


def countable(scale: Scale, tally: Tally, apart: Collection[str] = OUT_OF_POINTS) -> Tally:
    """What of a tally a release is made of: persons and the scale's items, without answers helped by the staff."""
    beginnings = tuple(f"c|{item}|" for item in scale.items)
    return {
        cell: {key: number for key, number in counts.items() if key == "n" or key.startswith(beginnings)}
        for cell, counts in tally.items()
        if cell.assistance not in apart
    }


def make(
    scale: Scale,
    layers: Layers,
    tables: Sequence[tuple[str, ...]],
    earlier: Sequence[Shown] = (),
    *,
    marked: str = WITH,
    limits: Limits | None = None,
) -> Release:
    """A release of `tables`, each a tuple of fields of Cell, the most important first; () is the total alone.

    A table that would make an earlier one coarser, or would be one row, is omitted. Raises Refused("release_unsafe")
    if not even the total can be shown.
    """
    held = limits if limits is not None else Limits()
    whole = sum_of(layers, all_cells(layers), WITH)
    items = tuple(item for item in scale.items if valid(scale, whole, item) >= held.minimum)
    rules = Rules(scale, items, held, marked, layers, tuple(earlier))
    accepted: list[tuple[str, ...]] = [()]
    units = merged(rules, accepted)
    omitted = []
    for table in tables:
        if table == ():
            continue
        tried = merged(rules, [*accepted, table])
        values = {value_of(cell, table) for unit in tried for cell in unit.cells}
        coarser = any(_groups(units, old) != _groups(tried, old) for old in accepted)
        if coarser or (len(values) > 1 and len(_groups(tried, table)) == 1):
            omitted.append(table)
        else:
            accepted, units = [*accepted, table], tried
    made = tuple(Table(table, _rows(rules, units, table)) for table in accepted)
    return Release(made, tuple(omitted), _shown(rules, accepted, units))


def may_show(
    scale: Scale, layers: Layers, cells: Collection[Cell], earlier: Sequence[Shown], items: tuple[str, ...]
) -> bool:
    """Whether sums of `items` over these cells may be read beside earlier releases: a score's figure is such a sum."""
    return stand_alone(Rules(scale, items, Limits(), WITH, layers, tuple(earlier)), cells)


def _shown(rules: Rules, tables: Sequence[tuple[str, ...]], units: Sequence[Unit]) -> Shown:
    dimensions = dimensions_of(tables)
    of_units = tuple(tuple(sorted({value_of(cell, dimensions) for cell in unit.cells})) for unit in units)
    return Shown(dimensions, of_units, rules.marked, rules.items, rules.layers)


def too_soon(scale: Scale, layers: Layers, earlier: Sequence[Shown], limits: Limits) -> int:
    """How many units of the last release changed by fewer than the minimum: while answers come in, wait for them."""
    if not earlier:
        return 0
    last = earlier[-1]
    rules = Rules(scale, last.items, limits, last.marked, layers, (last,))
    pieces = [Piece([unit], [unit], True, True) for unit in of_release(rules, last)]
    return sum(not change_is_safe(rules, last, piece) for piece in pieces)


def _groups(units: Sequence[Unit], table: Sequence[str]) -> list[tuple[Value, ...]]:
    """The values of a table that stand together, because a unit holds answers of both."""
    groups: list[set[Value]] = []
    for unit in units:
        values = {value_of(cell, table) for cell in unit.cells}
        touched = [group for group in groups if group & values]
        groups = [group for group in groups if not group & values]
        groups.append(values.union(*touched))
    return sorted(tuple(sorted(group)) for group in groups)


def _rows(rules: Rules, units: Sequence[Unit], table: Sequence[str]) -> tuple[Row, ...]:
    rows = []
    for group in _groups(units, table):
        cells = {cell for unit in units for cell in unit.cells if value_of(cell, table) in group}
        layers = [layer for layer in (WITH, WITHOUT) if rules.marked in (layer, BOTH)]
        figures = {layer: _public(rules, sum_of(rules.layers, cells, layer)) for layer in layers}
        rows.append(Row(group, figures))
    return tuple(rows)


def _public(rules: Rules, counts: Counts) -> Counts:
    """`n` and the counts of the shown items, all that a release tells of a group."""
    beginnings = tuple(f"c|{item}|" for item in rules.items)
    kept = {key: number for key, number in sorted(counts.items()) if key.startswith(beginnings) and number}
    return {"n": counts["n"]} | kept


def content(
    request: ReleaseRequest, scale: Scale, release: Release, names: Mapping[str, str], head: Mapping[str, Any]
) -> str:
    """The canonical JSON of a release. `names` maps fields of Cell to the names that were asked, `head` goes first."""

    def named(by: Sequence[str]) -> list[str]:
        return [names.get(name, name) for name in by]

    tables = [
        {
            "by": named(table.by),
            "rows": [
                {
                    "values": [list(value) for value in row.values],
                    "figures": {layer: _figure(scale, counts) for layer, counts in row.figures.items()},
                }
                for row in table.rows
            ],
        }
        for table in release.tables
    ]
    told = {"asked": request.plain, "tables": tables, "omitted": [named(by) for by in release.omitted], "rule": RULE}
    return json.dumps({**head, **told}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _figure(scale: Scale, counts: Counts) -> dict[str, Any]:
    """n, counts by item and code, and the share satisfied with the headline item (null without valid answers)."""
    items: dict[str, dict[str, int]] = {}
    for key, number in counts.items():
        if key != "n":
            _, item, code = key.split("|")
            items.setdefault(item, {})[code] = number
    head = items.get(scale.headline, {})
    valid_answers = sum(head.get(code, 0) for code in scale.levels)
    good = sum(head.get(code, 0) for code in scale.satisfied)
    share = str(exact(Fraction(good, valid_answers))) if valid_answers else None
    return {"n": counts["n"], "items": items, "satisfied": share}


def digest(text: str) -> str:
    """SHA-256 (hex) of a release's content."""
    return hashlib.sha256(text.encode()).hexdigest()


def totals_by_site(text: str) -> dict[str, Any]:
    """What the provider reads: one total a site (or merged sites), from the table by site; else the total alone."""
    whole = json.loads(text)
    tables = {tuple(table["by"]): table["rows"] for table in whole["tables"]}
    rows = tables.get(("site",), tables.get((), []))
    layer = WITHOUT if whole["asked"]["marked"] == WITHOUT else WITH
    sites = [{"sites": [value[0] for value in row["values"] if value], "n": row["figures"][layer]["n"]} for row in rows]
    kept = {name: whole[name] for name in ("campaign", "number", "at", "rule")}
    return kept | {"sites": sites}
