"""Themes: what a provider hears of ratings must lead to nobody."""

import pytest

from service.domain.errors import Refused
from service.domain.inspect.themes import check_theme

WORDINGS = (
    "护理员小李上门时总是迟到半个小时以上",
    "The person at the desk told my mother to come back another day, twice.",
)


def faults(
    title="等候时间", text="不少服务对象希望上门更准时。", behind=12, names=("周二长者饭堂",)
) -> set[tuple[str, str]]:
    try:
        check_theme(title, text, behind, 10, WORDINGS, names)
    except Refused as refused:
        return {(fault.field, fault.reason) for fault in refused.faults}
    return set()


def test_a_theme_in_own_words_with_enough_answers_behind_it_may_go_out():
    assert faults() == set()
    assert faults(text="Several people wish for visits to be more punctual.") == set()


def test_nine_answers_are_too_few():
    assert faults(behind=9) == {("responses", "too_few_behind")}


@pytest.mark.parametrize(
    "text",
    [
        "有人说小李上门时总是迟到半个小时。",
        "小李上门时，总是迟到……",  # marks and blanks do not hide it
        "小 李 上 门 时 总 是 迟 到",
        "It was said that “the person at the desk told my mother” to return.",
    ],
)
def test_words_of_an_answer_are_refused(text):
    assert faults(text=text) == {("text", "tells_wording")}


def test_words_that_anybody_would_use_are_none_of_an_answer():
    assert faults(text="上门时总是有人迟到。") == set()
    assert faults(text="The person at the desk is often away.") == set()


@pytest.mark.parametrize(
    "text", ["3月5日的活动", "2026-03-05 的活动", "上午的课", "下午3点半", "14:30", "on Tuesday", "星期三"]
)
def test_a_time_is_refused(text):
    assert faults(text=f"大家提到{text}不好。") == {("text", "tells_time")}


def test_the_name_of_a_session_is_refused():
    assert ("title", "tells_session") in faults(title="周二长者饭堂的菜")
