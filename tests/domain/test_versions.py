"""Comparing versions: each change is told once, in its own words; nothing is overlooked, nothing is invented."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from questionnaire_samples import options, small_matrix, text
from questionnaire_samples import sample as make_sample

from service.domain.collect.questionnaires import parse, to_plain
from service.domain.collect.versions import WHAT, Change, compare


@pytest.fixture
def plain():
    return make_sample()


def told(old, new):
    return [(change.what, change.question, change.part, change.language) for change in compare(parse(old), parse(new))]


def edit(path, value):
    """A function that puts `value` at `path`, or takes away what is there for None."""

    def apply(plain):
        *parents, last = path
        place = plain
        for key in parents:
            place = place[key]
        if value is None:
            del place[last]
        elif isinstance(place, list) and last == len(place):
            place.append(value)
        else:
            place[last] = value

    return apply


@pytest.mark.parametrize(
    ("path", "value", "change"),
    [
        (("questions", 0, "label", "en"), "Q1", ("label", "q1", "", "en")),
        (("questions", 2, "hint", "zh-Hans"), "提示", ("hint", "t1", "", "zh-Hans")),
        (("questions", 0, "required"), None, ("required", "q1", "", "")),
        (("questions", 0, "cannot_say"), True, ("setting", "q1", "cannot_say", "")),
        (("questions", 2, "max_length"), 30, ("setting", "t1", "max_length", "")),
        (("questions", 3, "options", 0, "label", "en"), "YOUNG", ("option_label", "age", "young", "en")),
        (("questions", 3, "options", 2), options("older")[0], ("option_added", "age", "older", "")),
        (("questions", 1, "rows", 0, "label", "zh-Hans"), "第一", ("row_label", "m1", "r1", "zh-Hans")),
        (("questions", 1, "rows", 2), {"id": "r3", "label": text("r3")}, ("row_added", "m1", "r3", "")),
        (("scales", "satisfaction", "items"), ["q1", "m1/r1"], ("scale_left", "m1", "satisfaction", "")),
        (("scales", "satisfaction", "satisfied"), ["5"], ("scale", "", "satisfaction.satisfied", "")),
        (("scales", "satisfaction", "items"), ["m1/r1", "q1", "m1/r2"], ("scale", "", "satisfaction.items", "")),
        (("title", "en"), "Another title", ("whole", "", "title", "en")),
        (("population",), "workers", ("whole", "", "population", "")),
        (("pairs",), None, ("whole", "", "pairs", "")),
        (("weights",), None, ("whole", "", "weights", "")),
        (("awareness",), None, ("whole", "", "awareness", "")),
    ],
)
def test_one_change_is_told_once_and_in_its_own_words(plain, path, value, change):
    changed = copy.deepcopy(plain)
    edit(path, value)(changed)
    assert told(plain, changed) == [change]
    assert change[0] in WHAT


def test_before_and_after_stand_beside_each_change(plain):
    changed = copy.deepcopy(plain)
    changed["questions"][0]["label"]["en"] = "Q1"
    assert compare(parse(plain), parse(changed)) == [Change("label", "q1", "", "en", "q1", "Q1")]


def test_a_question_taken_out_leaves_its_scale_too(plain):
    changed = copy.deepcopy(plain)
    del changed["questions"][1], changed["pairs"], changed["awareness"]
    changed["scales"]["satisfaction"]["items"] = ["q1"]
    assert told(plain, changed) == [
        ("removed", "m1", "", ""),
        ("scale_left", "m1", "satisfaction", ""),
        ("scale_left", "m1", "satisfaction", ""),
        ("whole", "", "pairs", ""),
        ("whole", "", "awareness", ""),
    ]
    back = told(changed, plain)
    assert back[:3] == [
        ("added", "m1", "", ""),
        ("scale_joined", "m1", "satisfaction", ""),
        ("scale_joined", "m1", "satisfaction", ""),
    ]


def test_only_the_question_that_moved_is_said_to_have_moved(plain):
    changed = copy.deepcopy(plain)
    changed["questions"].insert(0, changed["questions"].pop(3))
    assert [(c.what, c.question, c.before, c.after) for c in compare(parse(plain), parse(changed))] == [
        ("moved", "age", 4, 1)
    ]


def test_options_in_another_order_are_a_change_of_order_not_of_wording(plain):
    changed = copy.deepcopy(plain)
    changed["questions"][0]["options"].reverse()
    (change,) = compare(parse(plain), parse(changed))
    assert (change.what, change.question) == ("options_order", "q1")
    assert change.after == change.before[::-1]


def test_a_question_of_another_kind_keeps_its_wording(plain):
    changed = copy.deepcopy(plain)
    changed["questions"][2] = {"id": "t1", "kind": "single", "label": text("t1"), "options": options("a", "b")}
    assert told(plain, changed) == [
        ("hint", "t1", "", "zh-Hans"),
        ("hint", "t1", "", "en"),
        ("kind", "t1", "", ""),
        ("setting", "t1", "max_length", ""),
        ("option_added", "t1", "a", ""),
        ("option_added", "t1", "b", ""),
    ]


def test_a_new_language_is_told_text_by_text(plain):
    more = copy.deepcopy(plain)
    more["languages"].append("fr")

    def translate(value):
        if isinstance(value, dict):
            for part in value.values():
                translate(part)
            if "en" in value:
                value["fr"] = "mot"
        elif isinstance(value, list):
            for part in value:
                translate(part)

    translate(more)
    found = compare(parse(plain), parse(more))
    assert {change.language for change in found} == {"fr", ""}
    assert [change.part for change in found if not change.language] == ["languages"]
    assert all(change.before is None for change in found if change.language)


def test_the_number_alone_is_no_change_and_another_questionnaire_can_be_compared(plain):
    assert compare(parse(plain), parse(plain | {"version": 2})) == []
    other = make_sample() | {"id": "other"}
    assert told(plain, other) == [("whole", "", "id", "")]


# --- for all questionnaires

LABELS = st.sampled_from(["one", "two", "three"])


@st.composite
def questionnaires(draw):
    """Small ones with few ids and words, so that two of them often share questions."""
    ids = draw(st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), min_size=1, unique=True))
    questions = []
    for id in ids:
        kind = draw(st.sampled_from(["single", "matrix", "text"]))
        question = {"id": id, "kind": kind, "label": text(draw(LABELS)), "required": draw(st.booleans())}
        if kind != "text":
            codes = draw(st.lists(st.sampled_from(["1", "2", "3"]), min_size=1, unique=True))
            question["options"] = [{"code": code, "label": text(draw(LABELS))} for code in codes]
        if kind == "matrix":
            question["rows"] = small_matrix(draw(st.lists(st.sampled_from(["x", "y"]), min_size=1, unique=True)))
        questions.append(question)
    whole = make_sample(questions=questions)
    for name in ("scales", "pairs", "weights", "awareness", "help"):
        del whole[name]
    return parse(whole)


@given(questionnaires())
def test_nothing_differs_from_itself(one):
    assert compare(one, one) == []


@given(questionnaires(), questionnaires())
def test_what_is_added_one_way_is_removed_the_other(a, b):
    def named(changes, what):
        return {(change.question, change.part) for change in changes if change.what == what}

    there, back = compare(a, b), compare(b, a)
    for added, removed in (("added", "removed"), ("option_added", "option_removed"), ("row_added", "row_removed")):
        assert named(there, added) == named(back, removed)
        assert named(there, removed) == named(back, added)
    assert {change.what for change in there} <= set(WHAT)


@given(questionnaires(), questionnaires())
def test_nothing_is_overlooked(a, b):
    """The digest sees every change; so does the comparison."""
    assert (compare(a, b) == []) == (a.digest == b.digest)
    assert (compare(a, b) == []) == (to_plain(a) == to_plain(b))


@given(questionnaires(), st.randoms(use_true_random=False))
def test_the_fewest_are_moved(one, random):
    """Whoever stays is in the same order in both; and no fewer could be moved (compared with all subsets)."""
    plain = to_plain(one)
    random.shuffle(plain["questions"])
    other = parse(plain)
    before, after = [q.id for q in one.questions], [q.id for q in other.questions]
    moved = {change.question for change in compare(one, other)}
    stays = [id for id in before if id not in moved]
    assert stays == [id for id in after if id not in moved]
    subsets = ([id for place, id in enumerate(before) if mask >> place & 1] for mask in range(1 << len(before)))
    longest = max(len(kept) for kept in subsets if kept == [id for id in after if id in kept])
    assert len(stays) == longest
