"""How a draw is spread over strata: exact sums, minima, ties decided the same everywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import Refused
from service.domain.inspect.allocations import equal, fixed, proportional
from service.domain.inspect.draws import draw
from service.domain.inspect.frames import freeze


def test_in_proportion_by_largest_remainder():
    # 60 x (200, 130, 70) / 400 = 30, 19.5, 10.5: the one that is left goes to the first of equal fractions
    assert proportional({"丙": 70, "甲": 200, "乙": 130}, 60) == {"丙": 11, "乙": 19, "甲": 30}
    assert proportional({"b": 1, "a": 1}, 1) == {"a": 1, "b": 0}
    assert proportional({"": 400}, 60) == {"": 60}


def test_a_minimum_is_taken_from_the_others():
    assert proportional({"a": 380, "b": 10, "c": 10}, 40, minimum=5) == {"a": 30, "b": 5, "c": 5}
    assert proportional({"a": 50, "b": 50}, 10, minimum=5) == {"a": 5, "b": 5}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 500), min_size=1), st.data())
def test_the_numbers_add_up_and_stay_close_to_the_shares(sizes, data):
    total = sum(sizes.values())
    minimum = data.draw(st.integers(0, min(sizes.values())))
    n = data.draw(st.integers(max(1, minimum * len(sizes)), total))
    spread = proportional(sizes, n, minimum)
    assert sum(spread.values()) == n
    assert list(spread) == sorted(sizes)
    for name, number in spread.items():
        assert minimum <= number <= sizes[name]
        assert number <= max(minimum, n * sizes[name] / total + 1)
    if all(n * size / total >= minimum for size in sizes.values()):
        assert all(abs(number - n * sizes[name] / total) < 1 for name, number in spread.items())


def test_strata_that_are_too_small_are_named():
    with pytest.raises(Refused, match="takes 3, but there are only 2 .*b") as caught:
        proportional({"a": 50, "b": 2}, 10, minimum=3)
    assert [fault.field for fault in caught.value.faults] == ["strata.b"]
    with pytest.raises(Refused) as caught:
        fixed({"a": 50, "b": 2}, {"a": 5, "b": 3})
    assert caught.value.reason == "draw_too_large"
    with pytest.raises(Refused) as caught:
        equal({"a": 50, "b": 2}, 3)
    assert caught.value.reason == "draw_too_large"
    with pytest.raises(Refused) as caught:
        proportional({"a": 5}, 6)
    assert caught.value.reason == "draw_too_large"


def test_other_numbers_that_nobody_can_draw_are_refused():
    for call in (
        lambda: proportional({"a": 50, "b": 50}, 5, minimum=3),
        lambda: fixed({"a": 5}, {"z": 1}),
        lambda: fixed({"a": 5}, {"a": 0}),
        lambda: fixed({"a": 5}, {"a": -1}),
    ):
        with pytest.raises(Refused) as caught:
            call()
        assert caught.value.reason == "invalid"


def test_a_draw_by_stratum_and_its_top_up_are_the_same_tickets():
    frame = freeze([f"R{number:02d}" for number in range(30)], ["ab"[number % 3 == 0] for number in range(30)])
    whole = [(item.stratum, item.serial) for item in draw(frame, "s", {"a": 6, "b": 3})]
    first = draw(frame, "s", {"a": 4, "b": 3})
    more = draw(frame, "s", {"a": 2}, skip={"a": 4, "b": 3})
    assert sorted(whole) == sorted((item.stratum, item.serial) for item in [*first, *more])
    assert [item.stratum for item in draw(frame, "s", {"b": 2})] == ["b", "b"]
    for take, field in (({"z": 1}, "allocation.z"), ({"a": 0}, "allocation"), ({"a": -1, "b": 2}, "allocation.a")):
        with pytest.raises(Refused) as caught:
            draw(frame, "s", take)
        assert [fault.field for fault in caught.value.faults] == [field]
    with pytest.raises(Refused, match="only 10") as caught:
        draw(frame, "s", {"b": 11})
    assert caught.value.reason == "draw_too_large"
