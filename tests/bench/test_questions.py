"""What a long questionnaire costs: checking answers, finding the screens, reading a definition; beside a short one."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from question_shapes import options, plain, question

from service.domain.collect.questionnaires import check_answers, parse
from service.domain.collect.screens import screens

pytestmark = pytest.mark.bench


def choices(number: int, rules: int, codes: int = 5) -> dict[str, Any]:
    """Single choices; the last `rules` of them hang on earlier ones."""
    given = options(*(f"c{code}" for code in range(codes)))
    asked = []
    for place in range(number):
        when = {"when": f"q{place - rules} != 'c1' or answered(q0)"} if place >= number - rules else {}
        asked.append(question("single", options=given) | {"id": f"q{place}", **when})
    return plain(*asked)


def once(act: Callable[[], Any], times: int = 21) -> float:
    """Milliseconds, the fastest of several: a busy machine only ever adds to it."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return min(taken) * 1000


def test_a_hundred_questions_with_thirty_rules_beside_ten(capsys) -> None:  # type: ignore[no-untyped-def]
    rows, floor = [], (1.0, 1.0)
    for number, rules in ((10, 0), (100, 0), (100, 30), (1000, 300)):
        questionnaire = parse(choices(number, rules))
        answers = {f"q{place}": "c0" for place in range(number)}
        flat = check_answers(questionnaire, answers)
        checked = once(lambda q=questionnaire, a=answers: check_answers(q, a))  # type: ignore[misc]
        shown = once(lambda q=questionnaire, a=flat: screens(q, "0f3a", a))  # type: ignore[misc]
        floor = (checked, shown) if number == 10 else floor
        ratios = f"{checked / floor[0]:.1f} | {shown:.3f} | {shown / floor[1]:.1f}"
        rows.append(f"| {number} | {rules} | {checked:.3f} | {ratios} |")
    with capsys.disabled():
        print("\n| questions | rules | check ms | ratio | screens ms | ratio |\n|---|---|---|---|---|---|")
        print("\n".join(rows))


def test_the_largest_questionnaire_is_read(capsys) -> None:  # type: ignore[no-untyped-def]
    rows = []
    for number, rules, codes in ((10, 0, 5), (1000, 0, 10), (1000, 300, 10)):
        shape = choices(number, rules, codes)
        rows.append(f"| {number} | {rules} | {number * codes:,} | {once(lambda s=shape: parse(s), 5):.1f} |")  # type: ignore[misc]
    with capsys.disabled():
        print("\n| questions | rules | options | parse ms |\n|---|---|---|---|")
        print("\n".join(rows))
