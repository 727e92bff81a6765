"""Guangzhou's information scoring: points of events, periods of its own year, targets, credit to superiors."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from scheme_files import COMMON, FILES, TAGS, scheme_of, with_

from service.domain.errors import Refused
from service.domain.evaluate.evidence import Event, Evidence
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.scheme_periods import UnitLink, credited, in_a_row, period_of, standings
from service.domain.evaluate.scores import score

TEXT = (FILES / "guangzhou-information.yaml").read_text(encoding="utf-8")
SCHEME = load_scheme(TEXT)
DAY = date(2026, 1, 20)


def happened(type: str, *modifiers: str, quantity: int = 1, role: str = "", on: date = DAY) -> Event:
    node = "commissioned" if type.startswith(("commission", "criticised")) else "adopted"
    id = "-".join((type, *modifiers, str(quantity), role, on.isoformat()))
    return Event(id, node, type, Decimal(quantity), modifiers, role, on)


VECTOR = (
    happened("information_headline"),
    happened("information_headline", "leader_instruction"),
    happened("information_short"),
    happened("key_situation"),
    happened("special_report", "province_instruction", "state_council_adopted"),
    happened("commission_done"),
    happened("commission_missed"),
)


def points(*events: Event) -> Decimal:
    return score(SCHEME, Evidence(events=events)).total


@pytest.mark.rule("I03", "I04", "I06", "I07", "I08")
def test_the_worked_vector_is_exactly_43() -> None:
    """2×2 + 8 + 1 + 5 + (8 + 20) + 2 - 5."""
    tree = score(SCHEME, Evidence(events=VECTOR))
    assert tree.total == 43
    assert (tree.unit, tree.grade, tree.provisional, tree.shown) == ("points", None, False, "43.00")
    assert {node.id: node.points for node in tree.standards} == {"adopted": 46, "commissioned": -3}
    line = tree.node("adopted").arithmetic
    assert line
    assert line.text == "2 + (2 + 8) + 1 + 5 + (8 + max(15, 20)) = 46"
    assert tree.arithmetic.text == "46 - 3 = 43"


@pytest.mark.rule("I10")
def test_half_of_a_direct_units_points_go_to_its_superior_and_no_further() -> None:
    links = [UnitLink("unit", "bureau", Decimal("0.5")), UnitLink("bureau", "city", Decimal("0.5"))]
    found = credited({"unit": Decimal(43), "bureau": Decimal(10), "city": Decimal(0)}, links)
    assert (found["unit"].own, found["unit"].total) == (43, 43)
    assert (found["bureau"].own, found["bureau"].received, found["bureau"].total) == (
        10,
        Decimal("21.5"),
        Decimal("31.5"),
    )
    assert found["city"].received == 5, "what the bureau received is not passed on"
    assert credited({"unit": Decimal(43)}, links[:1])["bureau"].total == Decimal("21.5")
    for circle in ([UnitLink("a", "a", Decimal(1))], [UnitLink("a", "b", Decimal(1)), UnitLink("b", "a", Decimal(1))]):
        with pytest.raises(Refused) as caught:
            credited({"a": Decimal(1)}, circle)
        assert caught.value.faults[0].reason == "link_circle"


@pytest.mark.rule("I06")
@pytest.mark.parametrize(
    ("bonuses", "expected"),
    [
        ((), 8),
        (("province_adopted",), 16),
        (("province_instruction",), 23),
        (("state_council_adopted",), 28),
        (("province_adopted", "state_council_adopted"), 28),
        (("province_instruction", "state_council_adopted"), 28),
        (("province_instruction", "state_council_instruction"), 38),
        (("province_adopted", "province_instruction", "state_council_adopted", "state_council_instruction"), 38),
    ],
)
def test_of_several_bonuses_only_the_highest_counts(bonuses: tuple[str, ...], expected: int) -> None:
    assert points(happened("special_report", *bonuses)) == expected
    assert points(happened("special_report", *bonuses, quantity=3)) == 3 * expected


@pytest.mark.rule("I05")
def test_points_go_by_the_part_taken_and_an_instruction_counts_for_the_lead_only() -> None:
    assert points(happened("research_report", "leader_instruction", role="lead")) == 13
    assert points(happened("research_report", role="participant")) == 2
    tree = score(SCHEME, Evidence(events=(happened("research_report", "leader_instruction", role="participant"),)))
    assert tree.total == 2
    assert [note.code for note in tree.node("adopted").notes] == ["modifier_of_another_role"]


@pytest.mark.rule("I08")
def test_there_is_no_floor_unless_the_scheme_sets_one() -> None:
    bad = (happened("commission_missed"), happened("criticised", quantity=2))
    assert points(*bad) == -25
    floored = load_scheme(
        TEXT.replace("    types:\n      commission_done", "    floor: 0\n    types:\n      commission_done")
    )
    tree = score(floored, Evidence(events=bad))
    assert tree.total == 0
    assert [note.code for note in tree.node("commissioned").notes] == ["floor_reached"]
    line = tree.node("commissioned").arithmetic
    assert line
    assert line.text == "-5 + 2 × (-10) = -25 → 0"


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (happened("telegram"), "event_type_unknown"),
        (happened("key_situation", "leader_instruction"), "event_modifier_unknown"),
        (happened("research_report"), "event_role_missing"),
        (happened("research_report", role="reader"), "event_role_unknown"),
        (happened("key_situation", role="lead"), "event_role_unknown"),
    ],
)
def test_what_the_scheme_does_not_know_is_left_out_and_said_so(event: Event, code: str) -> None:
    tree = score(SCHEME, Evidence(events=(event, happened("information_short"))))
    assert tree.total == 1
    assert [(remark.code, remark.subject) for remark in tree.excluded] == [(code, event.id)]


def test_nothing_entered_is_zero_points_and_a_note_but_nothing_missing() -> None:
    tree = score(SCHEME, Evidence())
    assert (tree.total, tree.missing, tree.provisional) == (0, (), False)
    assert [note.code for note in tree.node("adopted").notes] == ["no_events"]


@pytest.mark.rule("I01")
@pytest.mark.parametrize(
    ("day", "year", "number", "start", "end"),
    [
        (date(2025, 12, 1), 2026, 1, date(2025, 12, 1), date(2026, 2, 28)),
        (date(2026, 2, 28), 2026, 1, date(2025, 12, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), 2026, 2, date(2026, 3, 1), date(2026, 5, 31)),
        (date(2026, 11, 30), 2026, 4, date(2026, 9, 1), date(2026, 11, 30)),
        (date(2026, 12, 1), 2027, 1, date(2026, 12, 1), date(2027, 2, 28)),
        (date(2028, 2, 29), 2028, 1, date(2027, 12, 1), date(2028, 2, 29)),
    ],
)
def test_the_year_begins_in_december(day: date, year: int, number: int, start: date, end: date) -> None:
    calendar = SCHEME.calendar
    assert calendar
    found = period_of(calendar, day)
    assert (found.year, found.number, found.start, found.end) == (year, number, start, end)
    whole = period_of(calendar, day, "year")
    assert (whole.year, whole.number, whole.start.month, whole.end.month) == (year, 0, 12, 11)


def test_a_year_may_begin_within_a_month_or_in_january() -> None:
    calendar = SCHEME.calendar
    assert calendar
    spring = replace(calendar, year_start="04-15", period="month")
    assert period_of(spring, date(2026, 4, 14)).end == date(2026, 4, 14)
    assert (period_of(spring, date(2026, 4, 14)).number, period_of(spring, date(2026, 4, 15)).number) == (12, 1)
    plain = replace(calendar, year_start="01-01", period="half_year")
    assert (period_of(plain, date(2026, 7, 1)).year, period_of(plain, date(2026, 7, 1)).number) == (2026, 2)


@pytest.mark.rule("I02", "I09")
def test_targets_hold_by_group_and_period() -> None:
    events = (*VECTOR, happened("information_short", quantity=12, on=date(2026, 4, 1)))
    found = {
        group: [(one.points, one.target, one.met) for one in standings(SCHEME, group, events)]
        for group in ("districts", "departments-b", "direct-a")
    }
    assert found["districts"] == [(43, 18, True), (12, 18, False), (55, 72, False)]
    assert found["departments-b"] == [(43, 12, True), (12, 12, True), (55, 48, True)]
    assert found["direct-a"] == [(43, None, None), (12, None, None), (55, 12, True)]
    targets = {group.id: dict(group.targets) for group in SCHEME.groups}
    assert all(4 * one["quarter"] == one["year"] for one in targets.values() if "quarter" in one)
    with pytest.raises(Refused) as caught:
        standings(SCHEME, "villages", events)
    assert caught.value.faults[0].field == "group"


@pytest.mark.rule("I12", "I13")
def test_periods_in_a_row_count_from_the_last_one_back() -> None:
    assert in_a_row([True, False, False, False, False], False) == 4
    assert in_a_row([False, False, True, False], False) == 1
    assert in_a_row([True, True, None, True], True) == 1
    assert in_a_row([], False) == 0
    by_id = {one.id: one for one in SCHEME.consequences}
    assert by_id["criticism-of-persons"].conditions == {"target": "missed", "periods_in_a_row": 4}
    assert (by_id["praise"].duty, by_id["criticism"].duty) == ("may", "must")


@pytest.mark.rule("I11")
def test_recurring_reports_are_tasks_of_the_scheme() -> None:
    assert {task.id: task.every for task in SCHEME.tasks} == {
        "monthly-points": "month",
        "half-year-summary": "half_year",
        "year-end-meeting": "year",
    }


REFUSALS = {
    "a weight": ("  - id: adopted\n", "  - id: adopted\n    weight: 50\n", "scheme_weight_unfit"),
    "another type": (
        "    type: events\n    rules: [I07, I08]",
        "    type: expert\n    rules: [I07, I08]",
        "scheme_kind_type",
    ),
    "a link to nowhere": (
        "child: direct-a, parent: departments-a",
        "child: direct-a, parent: nowhere",
        "scheme_choice",
    ),
    "a circular link": (
        "child: direct-b, parent: departments-b",
        "child: departments-b, parent: direct-a",
        "scheme_link_circle",
    ),
    "its own superior": (
        "child: direct-b, parent: departments-b",
        "child: direct-b, parent: direct-b",
        "scheme_link_circle",
    ),
    "a factor of two": (
        "child: direct-b, parent: departments-b, factor: 0.5",
        "child: direct-b, parent: departments-b, factor: 2",
        "scheme_range",
    ),
    "a day that not every month has": ('"12-01"', '"12-31"', "scheme_type"),
    "an unknown period": ("period: quarter", "period: season", "scheme_choice"),
    "a target of an unknown period": ("targets: {year: 12}", "targets: {decade: 12}", "scheme_choice"),
    "an unknown way to combine": ("combine: max", "combine: product", "scheme_choice"),
    "a modifier for an unknown part": ("roles: [lead]", "roles: [reader]", "scheme_choice"),
    "points beside roles": (
        "roles: {lead: 5, participant: 2}",
        "roles: {lead: 5, participant: 2}\n        points: 1",
        "scheme_unknown_field",
    ),
    "points that are none": ("points: -10", "points: minus ten", "scheme_type"),
    "an unknown condition": (
        "when: {target: missed, periods_in_a_row: 1}",
        "when: {mood: bad}",
        "scheme_unknown_field",
    ),
    "an unknown target": ("when: {target: missed, periods_in_a_row: 1}", "when: {target: lost}", "scheme_choice"),
    "a task of nobody": ("whom: authority, every: month", "whom: everybody, every: month", "scheme_choice"),
    "a task that never comes": ("whom: authority, every: month", "whom: authority", "scheme_missing"),
    "an unknown kind": ("kind: points", "kind: lottery", "scheme_choice"),
}


@pytest.mark.parametrize("case", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_fault_in_a_points_scheme_is_refused_with_its_line(case: tuple[str, str, str]) -> None:
    old, new, reason = case
    text = with_((old, new), text=TEXT)
    with pytest.raises(Refused) as caught:
        load_scheme(text, source="points.yaml")
    lines = text.splitlines()
    named = [lines[fault.params["line"] - 1] for fault in caught.value.faults if fault.reason == reason]
    assert named, [fault.message for fault in caught.value.faults]
    assert any(part.split(":")[0].strip(" -") in "".join(named) for part in new.splitlines())


def test_weighted_schemes_take_events_only_within_0_and_100() -> None:
    label = "label: {zh-Hans: 项, zh-Hant: 項, en: Item}"
    kinds = f"types: {{praise: {{points: 30, {label}}}, complaint: {{points: -50, {label}}}}}"
    row = f"id: x, weight: 100, type: events, {COMMON}, {TAGS}, {kinds}"
    for bounds in ("", ", floor: 0", ", cap: 100", ", floor: -5, cap: 100", ", floor: 0, cap: 101"):
        with pytest.raises(Refused) as caught:
            scheme_of(row + bounds)
        assert [fault.reason for fault in caught.value.faults] == ["scheme_events_bounds"]
    scheme = scheme_of(row + ", base: 80, floor: 0, cap: 100")

    def total(*types: str) -> Decimal:
        events = tuple(Event(f"{place}", "x", type, Decimal(1)) for place, type in enumerate(types))
        return score(scheme, Evidence(events=events)).total

    assert (total(), total("praise"), total("complaint"), total("complaint", "complaint")) == (80, 100, 30, 0)
