"""Figures of questions against a recount of the raw answers, one person after the other."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from question_shapes import ENDS, options, plain, question, rows, text

from service.domain.collect.question_figures import question_figures
from service.domain.collect.questionnaires import asked, check_answers, parse
from service.domain.collect.satisfaction import Reach, estimate
from service.domain.collect.tallies import Cell, add, cell_of, from_plain, subtract, tally_of, to_plain, total
from service.domain.errors import Refused
from service.domain.proportions import exact

ABC = options("a", "b", "c")


def of(kind, name, **more):
    return question(kind, **more) | {"id": name}


ALL = parse(
    plain(
        of("single", "used", options=options("yes", "no"), cannot_say=True),
        of("note", "hello"),
        of("multiple", "ways", options=[*ABC, *options("none", exclusive=True)], when="used = 'yes'", cannot_say=True),
        of("rank", "best", options=ABC, most=2, when="answered(ways)"),
        of("number", "age", edges=[0, "2.5", 10], decimals=1, cannot_say=True, when="used != 'yes'"),
        of("zero_to_ten", "nps", **ENDS),
        of("rating", "stars", options=options("1", "2", "3"), cannot_say=True),
        of("matrix", "m", options=options("good", "bad"), rows=rows("r", "s"), when="nps > 5"),
        of("date", "day"),
        of("photo", "scan"),
        of("text", "why", short=True, label=text("Why?")),
        pairs=[["used", "m/r"]],
        weights=["stars"],
    )
)
CODES = st.sampled_from("abc")
values = {
    "used": st.sampled_from(["yes", "no", "_cannot_say"]),
    "ways": st.lists(CODES, unique=True) | st.just(["none"]) | st.just("_cannot_say"),
    "best": st.lists(CODES, unique=True, max_size=2),
    "age": st.decimals(-5, 20, places=1).map(str) | st.just("_cannot_say"),
    "nps": st.integers(0, 10),
    "stars": st.sampled_from(["1", "2", "3", "_cannot_say"]),
    "m": st.dictionaries(st.sampled_from(["r", "s"]), st.sampled_from(["good", "bad"])),
    "day": st.just("2026-05-01"),
    "scan": st.just("0" * 32),
    "why": st.just("far"),
}


@st.composite
def crowds(draw):
    """Accepted flat answers of some persons."""
    crowd = []
    for sent in draw(st.lists(st.fixed_dictionaries({}, optional=values), max_size=8)):
        try:
            crowd.append(check_answers(ALL, sent, lenient=True))
        except Refused:
            continue
    return crowd


def tally_one(answers, site="A"):
    cell = cell_of(ALL, answers, site=site, session="s", distribution="poster", mode="own_phone", language="en")
    return tally_of(ALL, cell, answers)


def by_hand(figure, crowd):
    """What stands in a figure, counted from the raw answers."""
    shown = [one for one in crowd if figure.question in asked(ALL, one)]
    said = [one[figure.id] for one in shown if figure.id in one]
    given_answers = [each for each in said if each != "_cannot_say"]
    codes = Counter(code for each in given_answers for code in each.split())
    places = Counter((code, place) for each in given_answers for place, code in enumerate(each.split()))
    return {
        "persons": len(crowd),
        "asked": len(shown),
        "answered": len(given_answers),
        "cannot_say": len(said) - len(given_answers),
        "skipped": len(shown) - len(said),
        "not_asked": len(crowd) - len(shown),
        "counts": {code: codes[code] for code in figure.counts},
        "places": {code: tuple(places[code, place] for place in range(2)) for code in figure.places},
        "classes": tuple(
            sum(sum(edge <= Decimal(each) for edge in figure.edges) == number for each in given_answers)
            for number in range(len(figure.classes))
        ),
    }


@given(crowds())
def test_figures_are_what_a_recount_gives(crowd):
    figures = question_figures(ALL, total(map(tally_one, crowd)))
    assert [figure.id for figure in figures] == [key for each in ALL.questions for key in each.keys]
    for figure in figures:
        assert {name: getattr(figure, name) for name in by_hand(figure, crowd)} == by_hand(figure, crowd)
        assert figure.answered + figure.cannot_say + figure.skipped == figure.asked
        assert list(figure.counts) == list(ALL.by_id[figure.question].codes)
    assert {figure.id: len(figure.classes) for figure in figures if figure.edges} == {"age": 4}


@given(crowds(), crowds())
def test_the_new_keys_form_the_same_group(crowd, others):
    a, b = total(map(tally_one, crowd)), total(tally_one(one, "B") for one in others)
    assert subtract(add(a, b), b) == a
    assert total(map(tally_one, reversed(crowd))) == a
    assert from_plain(to_plain(a)) == a
    assert not [key for counts in a.values() for key in counts if "." in key or "$" in key]


def test_shares_and_means():
    crowd = [
        {"used": "yes", "ways": "a b", "best": "a b", "nps": "10", "stars": "3"},
        {"used": "yes", "ways": "b", "best": "b", "nps": "4"},
        {"used": "no", "age": "2.5", "nps": "7", "stars": "_cannot_say"},
    ]
    figures = {figure.id: figure for figure in question_figures(ALL, total(map(tally_one, crowd)))}
    assert (figures["ways"].share("a"), figures["ways"].share("b")) == (Decimal("0.5"), 1)
    assert figures["ways"].not_asked == 1
    assert figures["nps"].mean == 7
    assert figures["stars"].mean is None
    assert figures["best"].mean_place("b") == Decimal("1.5")
    assert figures["best"].mean_place("c") is None
    assert figures["best"].places == {"a": (1, 0), "b": (1, 1), "c": (0, 0)}
    assert figures["age"].classes == (0, 0, 1, 0)
    assert figures["m/r"].share("good") is None
    assert figures["used"].share("no") == exact(Fraction(1, 3))


def test_weighting_variables_and_pairs_say_who_was_not_asked():
    cell, counts = next(iter(tally_one({"used": "no", "nps": "3"}).items()))
    assert cell == Cell("A", "s", "poster", "own_phone", "unknown", "en", "_skipped", "", "")
    assert counts["p|0|no|_not_asked"] == 1


def test_who_was_not_asked_is_neither_silent_nor_a_non_response():
    levels = ["1", "2", "3", "4", "5"]
    asked_of_users = of("single", "q", options=options(*levels), when="used = 'yes'")
    scale = {"items": ["q"], "headline": "q", "satisfied": ["4", "5"], "levels": levels}
    used = of("single", "used", options=options("yes", "no"))
    cell = Cell("A", "s", "all_present_evaluator", "own_phone", "none", "en", "", "", "")
    said = [{"used": "yes", "q": "5"}] * 6 + [{"used": "yes", "q": "1"}] * 2 + [{"used": "yes"}] * 2
    for kind in ("evaluation", "consultation"):
        shape = plain(used, asked_of_users, scales={"satisfaction": scale}, purpose_kind=kind)
        questionnaire = parse(shape)
        answers = total(tally_of(questionnaire, cell, one) for one in [*said, *[{"used": "no"}] * 10])
        figures = estimate(questionnaire, answers, [Reach("all_present_evaluator", 20)])
        [item] = figures.items
        assert (item.n, item.skipped, item.not_asked, item.skipped_share) == (8, 2, 10, Decimal("0.2"))
        assert figures.satisfied == Decimal("0.75")
        assert figures.bounds == (Decimal("0.6"), Decimal("0.8"))  # two are silent: 6 of 10, 8 of 10
        assert figures.carries_points == (kind == "evaluation")  # a consultation is never scored
