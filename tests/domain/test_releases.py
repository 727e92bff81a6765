"""Releases under attack: exact arithmetic and linear programming on pairs of tables and pairs of releases.

What is promised and tested: no set of persons smaller than the minimum is a sum of what was published (its indicator
is no linear combination of the published groups), and of no hidden number is more known than an interval at least as
wide as the minimum.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from service.domain.collect import releases, tallies
from service.domain.collect.questionnaires import Scale
from service.domain.collect.release_units import UNIT_LIMIT
from service.domain.collect.releases import BOTH, WITH, WITHOUT, Layers, Limits, Release, Shown
from service.domain.collect.tallies import Cell, Tally
from service.domain.errors import Refused

SCALE = Scale(("q",), "q", ("3",), ("1", "2", "3"))
SITES, MODES = ("a", "b", "c", "d"), ("own_phone", "paper")
LOW = Limits(5, 8)
BY_SITE, BY_MODE = ("site",), ("mode",)

Numbers = dict[tuple[str, str], tuple[int, int, int]]  # (site, mode) -> persons by level


def cell(site: str, mode: str) -> Cell:
    return Cell(site, "", "all_present_evaluator", mode, "none", "en", "", "", "")


def tally(numbers: Numbers) -> Tally:
    return {
        cell(*key): {"n": sum(by), **{f"c|q|{level}": n for level, n in zip("123", by, strict=True) if n}}
        for key, by in numbers.items()
        if sum(by)
    }


counts = st.tuples(*[st.integers(0, 7)] * 3)
populations = st.dictionaries(st.tuples(st.sampled_from(SITES), st.sampled_from(MODES)), counts, min_size=1)


def make(
    layers: Layers, earlier: Sequence[Shown] = (), tables: Any = (BY_SITE, BY_MODE), **more: Any
) -> Release | None:
    try:
        return releases.make(SCALE, layers, tables, earlier, **{"limits": LOW} | more)
    except Refused as refused:
        if refused.reason != "release_unsafe":
            raise
        return None


class Attack:
    """Knows every published number and which cells have answers at all; the cells' numbers are what it is after.

    An atom is a tally cell, a layer and the release before which its persons came: the unknowns of the equations.
    """

    def __init__(self) -> None:
        self.atoms: dict[tuple[Any, ...], int] = {}
        self.equations: list[tuple[set[tuple[Any, ...]], dict[str, int]]] = []

    def people(self, epoch: int, layer: str, came: Tally) -> None:
        for where, found in came.items():
            if found.get("n"):
                self.atoms[(where, layer, epoch)] = found["n"]

    def read(self, release: Release, epoch: int) -> None:
        for table in release.tables:
            for row in table.rows:
                for layer, figure in row.figures.items():
                    inside = {
                        atom
                        for atom in self.atoms
                        if atom[2] <= epoch
                        and (layer == WITH or atom[1] == "kept")
                        and tuple(getattr(atom[0], name) for name in table.by) in row.values
                    }
                    assert sum(self.atoms[atom] for atom in inside) == figure["n"]
                    self.equations.append((inside, dict(figure)))

    def matrix(self) -> tuple[list[tuple[Any, ...]], Any, Any]:
        atoms = sorted(self.atoms)
        rows = [[float(atom in inside) for atom in atoms] for inside, _ in self.equations]
        return atoms, np.array(rows), np.array([figure["n"] for _, figure in self.equations], dtype=float)

    def isolated(self, below: int) -> Iterator[set[tuple[Any, ...]]]:
        """Sets of fewer persons than `below` whose sum follows from the published sums by arithmetic alone."""
        atoms, rows, _ = self.matrix()
        rank = np.linalg.matrix_rank(rows)
        small = [at for at, atom in enumerate(atoms) if self.atoms[atom] < below]
        for size in range(1, len(small) + 1):
            for chosen in combinations(small, size):
                if sum(self.atoms[atoms[at]] for at in chosen) < below:
                    indicator = np.zeros(len(atoms))
                    indicator[list(chosen)] = 1
                    if np.linalg.matrix_rank(np.vstack([rows, indicator])) == rank:
                        yield {atoms[at] for at in chosen}

    def narrowest(self, below: int) -> float:
        """The least width of what is known of a number of persons between 1 and `below`."""
        atoms, rows, totals = self.matrix()
        widths = [np.inf]
        for at, atom in enumerate(atoms):
            if self.atoms[atom] < below:
                aim = np.zeros(len(atoms))
                aim[at] = 1
                least, most = (linprog(sign * aim, A_eq=rows, b_eq=totals, bounds=(0, None)) for sign in (1, -1))
                widths.append(-most.fun - least.fun if most.status == 0 else np.inf)
        return min(widths)

    def check(self, limits: Limits = LOW) -> None:
        assert list(self.isolated(limits.minimum)) == []
        assert self.narrowest(limits.minimum) >= limits.minimum - 1e-6


def no_unanimous_rows(*made: Release) -> None:
    for release in made:
        for table in release.tables:
            for row in table.rows:
                for figure in row.figures.values():
                    by = [figure.get(f"c|q|{level}", 0) for level in "123"]
                    if 0 < sum(by) < LOW.everybody:
                        assert 0 < by[2] < sum(by)


@settings(max_examples=60)
@given(populations)
@example({("a", "own_phone"): (4, 4, 4), ("a", "paper"): (0, 1, 1), ("b", "own_phone"): (5, 5, 5)})
@example({("a", "own_phone"): (3, 3, 3), ("b", "own_phone"): (3, 3, 3), ("b", "paper"): (1, 0, 1)})
def test_two_tables_of_one_release_hide_every_small_cell(numbers: Numbers) -> None:
    release = make(Layers(tally(numbers)))
    assume(release is not None)
    assert release
    attack = Attack()
    attack.people(0, "kept", tally(numbers))
    attack.read(release, 0)
    attack.check()
    no_unanimous_rows(release)


@settings(max_examples=60)
@given(populations, populations, st.sampled_from([(BY_SITE,), (BY_MODE,), (BY_SITE, BY_MODE), ((),)]))
@example(
    {("a", "own_phone"): (3, 3, 3), ("b", "own_phone"): (3, 3, 3)},
    {("a", "own_phone"): (1, 1, 1), ("b", "own_phone"): (2, 2, 2)},
    (BY_SITE,),
)
@example(  # b was hidden, a did not change: their former sum less a's number now would tell b's former number
    {("a", "own_phone"): (6, 7, 7), ("b", "own_phone"): (1, 1, 0)}, {("b", "own_phone"): (3, 4, 3)}, ((),)
)
@example(  # b had nobody then: the former total is a's former number
    {("a", "own_phone"): (3, 4, 3)}, {("a", "own_phone"): (1, 1, 0), ("b", "own_phone"): (3, 4, 3)}, ((),)
)
def test_two_releases_hide_every_small_cell_and_every_small_change(
    numbers: Numbers, came: Numbers, tables: Any
) -> None:
    before = tally(numbers)
    first = make(Layers(before), tables=tables)
    assume(first is not None)
    assert first
    second = make(Layers(tallies.add(before, tally(came))), [first.shown])
    attack = Attack()
    attack.people(0, "kept", before)
    if second:
        attack.people(1, "kept", tally(came))
    attack.read(first, 0)
    if second:
        attack.read(second, 1)
    attack.check()


@settings(max_examples=40)
@given(populations, populations, st.sampled_from([(WITH, WITHOUT), (BOTH, BOTH), (WITHOUT, BOTH)]))
@example(
    {("b", "own_phone"): (0, 1, 4)}, {("a", "own_phone"): (0, 1, 4), ("b", "own_phone"): (0, 0, 1)}, (WITH, WITHOUT)
)
@example(
    {("a", "own_phone"): (0, 0, 1), ("b", "own_phone"): (0, 1, 4)}, {("a", "own_phone"): (0, 1, 4)}, (WITH, WITHOUT)
)
def test_marked_answers_are_hidden_between_figures_with_and_without(
    numbers: Numbers, out: Numbers, marked: tuple[str, str]
) -> None:
    layers = Layers(tally(numbers), tally(out))
    first = make(layers, tables=(BY_SITE,), marked=marked[0])
    assume(first is not None)
    assert first
    second = make(layers, [first.shown], tables=(BY_SITE,), marked=marked[1])
    attack = Attack()
    attack.people(0, "kept", layers.kept)
    attack.people(0, "excluded", layers.excluded)
    for release in (first, second):
        if release:
            attack.read(release, 0)
    assert list(attack.isolated(LOW.minimum)) == []


def test_the_attack_finds_what_careless_tables_would_give_away() -> None:
    """The attacker itself: a hidden cell beside its total, and the change of one site between two releases."""
    careless = Limits(0, 0)
    numbers: Numbers = {("a", "own_phone"): (4, 4, 4), ("b", "own_phone"): (1, 1, 1)}
    release = make(Layers(tally(numbers)), tables=(BY_SITE,), limits=careless)
    assert release
    attack = Attack()
    attack.people(0, "kept", tally(numbers))
    attack.read(release, 0)
    assert list(attack.isolated(5)) == [{(cell("b", "own_phone"), "kept", 0)}]
    assert attack.narrowest(5) < 1e-6


def rows(release: Release | None, table: Any = BY_SITE) -> dict[tuple[str, ...], int]:
    assert release
    [found] = [one for one in release.tables if one.by == table]
    return {tuple(value[0] for value in row.values): row.figures[WITH]["n"] for row in found.rows}


def test_a_small_site_joins_the_smallest_other_one_and_the_default_minimum_is_ten() -> None:
    numbers: Numbers = {("a", "paper"): (3, 3, 3), ("b", "paper"): (9, 9, 9), ("c", "paper"): (12, 12, 12)}
    assert rows(make(Layers(tally(numbers)), limits=Limits())) == {("a", "b"): 36, ("c",): 36}


def test_all_of_one_mind_are_merged_below_thirty_and_shown_from_there() -> None:
    for n, groups in ((29, {("a", "b"): 69, ("c",): 60}), (30, {("a",): 30, ("b",): 40, ("c",): 60})):
        numbers: Numbers = {("a", "paper"): (0, 0, n), ("b", "paper"): (20, 0, 20), ("c", "paper"): (30, 0, 30)}
        assert rows(make(Layers(tally(numbers)), limits=Limits())) == groups
    numbers = {("a", "paper"): (10, 10, 0), ("b", "paper"): (20, 0, 20), ("c", "paper"): (30, 0, 30)}
    assert rows(make(Layers(tally(numbers)), limits=Limits())) == {("a", "b"): 60, ("c",): 60}


def test_a_table_that_would_merge_a_more_important_one_is_omitted() -> None:
    numbers: Numbers = {("a", "own_phone"): (9, 9, 9), ("a", "paper"): (1, 0, 0), ("b", "own_phone"): (9, 9, 9)}
    release = make(Layers(tally(numbers)))
    assert rows(release) == {("a",): 28, ("b",): 27}
    assert release
    assert release.omitted == (BY_MODE,)


def test_one_withdrawal_since_the_last_release_cannot_be_seen() -> None:
    numbers: Numbers = {(site, "paper"): (9, 9, 9) for site in ("a", "b", "c")}
    first = make(Layers(tally(numbers)), tables=(BY_SITE,))
    assert first
    fewer = Layers(tally(numbers | {("a", "paper"): (8, 9, 9)}))
    assert make(fewer, [first.shown], tables=(BY_SITE,)) is None
    swapped = Layers(tally(numbers | {("a", "paper"): (8, 10, 9)}))  # one left, one came
    assert make(swapped, [first.shown], tables=(BY_SITE,)) is None
    more = Layers(tally(numbers | {("a", "paper"): (8, 9, 9), ("b", "paper"): (12, 12, 12)}))
    assert rows(make(more, [first.shown], tables=(BY_SITE,))) == {("a", "b"): 62, ("c",): 27}


def test_while_answers_come_every_changed_cell_must_have_gained_enough() -> None:
    numbers: Numbers = {("a", "paper"): (9, 9, 9), ("b", "paper"): (9, 9, 9)}
    first = make(Layers(tally(numbers)), tables=(BY_SITE,))
    assert first
    for came, short in (((9, 9, 9), 0), ((10, 10, 10), 1), ((11, 11, 11), 0)):
        now = Layers(tally(numbers | {("a", "paper"): came}))
        assert releases.too_soon(SCALE, now, [first.shown], LOW) == short
    assert releases.too_soon(SCALE, Layers(tally(numbers)), [], LOW) == 0


def test_rows_add_up_to_the_total_and_too_many_cells_are_refused() -> None:
    numbers: Numbers = {(site, mode): (5, 6, 7) for site in SITES for mode in MODES}
    release = make(Layers(tally(numbers)))
    assert release
    for table in release.tables:
        assert sum(row.figures[WITH]["n"] for row in table.rows) == 8 * 18
    many = Layers(tally({(f"s{number}", "paper"): (5, 5, 5) for number in range(UNIT_LIMIT + 1)}))
    with pytest.raises(Refused, match="fewer dimensions"):
        releases.make(SCALE, many, [BY_SITE])


def test_nothing_is_released_of_too_few() -> None:
    assert make(Layers(tally({("a", "paper"): (2, 1, 1)}))) is None
    assert make(Layers({})) is not None  # nobody: nothing is told
