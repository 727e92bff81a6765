"""What if, what decides the grade, and corrections of frozen evidence: pure, and never on what is stored."""

from decimal import Decimal

import pytest
from scheme_files import CHECK, COMMON, COUNT, EXPERT, SURVEY, check, opinion, scheme_of, survey

from service.domain.errors import Refused
from service.domain.evaluate.corrections import Edit, corrected
from service.domain.evaluate.evidence import Evidence, Quantity
from service.domain.evaluate.scores import score
from service.domain.evaluate.what_if import sensitivity, what_if

SCHEME = scheme_of(
    f"id: views, weight: 40, {SURVEY}",
    f"id: work, weight: 60, type: composite, {COMMON}",
    f"id: records, parent: work, weight: 50, {CHECK}",
    f"id: plans, parent: work, weight: 30, {EXPERT}",
    f"id: hours, parent: work, weight: 20, {COUNT}",
)
EVIDENCE = Evidence(
    surveys=(survey("views", "90", se=Decimal(2)),),
    checks=(check(node="records", errors=0, n=60),),
    judgements=(opinion("plans", "80", "a"), opinion("plans", "90", "b")),
    quantities=(Quantity("q1", "hours", Decimal(100), Decimal(90), Decimal(80)),),
)


def edit(kind: str, node: str, field: str, value: object, id: str = "") -> Edit:
    return Edit(kind, node, field, value, "because", id)


def test_only_what_differs_is_told_the_total_first_and_the_reason_with_the_node() -> None:
    found = what_if(SCHEME, EVIDENCE, [edit("quantities", "hours", "verified", "100")], {})
    assert [row.node for row in found.rows] == ["", "work", "hours"]
    total, work, hours = found.rows
    assert (hours.before, hours.after, hours.why) == ("80", "100", ("because",))
    assert (work.before, work.after, work.why) == ("91.5", "95.5", ())
    assert Decimal(total.after or 0) - Decimal(total.before or 0) == Decimal("2.4")  # 60 % × 20 % × 20
    assert found.before == score(SCHEME, EVIDENCE)


def test_weights_are_tried_only_whole() -> None:
    found = what_if(SCHEME, EVIDENCE, [], {"views": Decimal(60), "work": Decimal(40)})
    assert found.after.total == Decimal("90.6")
    for weights in ({"views": Decimal(60)}, {"views": Decimal(-1), "work": Decimal(101)}, {"rumours": Decimal(1)}):
        with pytest.raises(Refused):
            what_if(SCHEME, EVIDENCE, [], weights)


def test_the_leaf_that_decides_the_grade_stands_first_and_its_gap_is_exact() -> None:
    tree = score(SCHEME, EVIDENCE)
    assert tree.total == Decimal("90.9")
    rows = sensitivity(SCHEME, tree)
    assert [row.node for row in rows] == ["views", "records", "plans", "hours"]
    views = rows[0]
    assert (views.to_higher, views.to_lower) == (None, Decimal("2.25"))  # 0.9 points of the total at 40 %
    assert (views.up, views.down) == (Decimal("94.9"), Decimal("86.9"))
    assert views.decides(tree.grade)
    assert (rows[-1].to_higher, rows[-1].to_lower) == (None, Decimal("7.5"))
    assert views.by_weight == Decimal("-0.015")  # 90 here, 91.5 on the other side: a point of percent costs 0.015
    assert [row.grade_down.id if row.grade_down else "" for row in rows] == ["b", "b", "b", "b"]


def test_a_leaf_far_from_every_edge_decides_nothing() -> None:
    low = what_if(SCHEME, EVIDENCE, [edit("surveys", "views", "figure_value", "40")], {}).after
    assert low.grade is not None
    assert low.grade.id == "b"
    assert not any(row.decides(low.grade) for row in sensitivity(SCHEME, low))


# --- corrections


def test_a_correction_leaves_what_it_corrects_as_it_was() -> None:
    before = score(SCHEME, EVIDENCE)
    after = corrected(
        EVIDENCE, [edit("checks", "records", "errors", 6), edit("judgements", "plans", "score", "60", "plans-a")]
    )
    assert score(SCHEME, EVIDENCE) == before
    assert {one.id: one.score for one in after.judgements} == {"plans-a": 60, "plans-b": 90}
    [check_] = after.checks
    assert (check_.errors, check_.n) == (6, 60)
    assert check_.digest not in ("", EVIDENCE.checks[0].digest)


def test_an_edited_figure_has_no_standard_error_any_more_and_an_untouched_one_keeps_its() -> None:
    touched = corrected(EVIDENCE, [edit("surveys", "views", "figure_value", "88")])
    assert touched.surveys[0].se is None
    untouched = corrected(EVIDENCE, [edit("checks", "records", "errors", 1)])
    assert untouched.surveys[0].se == 2


def test_a_piece_may_be_taken_out_or_added_whole() -> None:
    without = corrected(EVIDENCE, [edit("judgements", "plans", "", None, "plans-b")])
    assert [one.id for one in without.judgements] == ["plans-a"]
    whole = {"id": "plans-c", "node": "plans", "rater": "c", "score": "70", "reason": "seen"}
    assert len(corrected(EVIDENCE, [edit("judgements", "plans", "", whole)]).judgements) == 3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (edit("rumours", "views", "n", 1), "edits.0.kind"),
        (Edit("checks", "records", "errors", 1, "  "), "edits.0.reason"),
        (edit("checks", "elsewhere", "errors", 1), "edits.0.id"),
        (edit("judgements", "plans", "score", "60"), "edits.0.id"),  # there are two
        (edit("checks", "records", "draw", "another"), "edits.0.field"),
        (edit("judgements", "plans", "", {"node": "views"}), "edits.0.value"),
        (edit("surveys", "views", "figure_value", "101"), "edits: figure_value"),
        (edit("surveys", "views", "figure_value", 90), "edits: surveys.0.figure_value"),
        (edit("surveys", "views", "colour", "red"), "edits: surveys.0.colour"),
    ],
)
def test_an_edit_that_fits_nothing_is_refused_by_its_place(wrong: Edit, field: str) -> None:
    with pytest.raises(Refused) as refused:
        corrected(EVIDENCE, [wrong])
    assert [fault.field for fault in refused.value.faults] == [field]
