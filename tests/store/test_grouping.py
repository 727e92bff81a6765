"""Grouping: everybody gets the own answer, nobody waits for more, errors and overload reach their askers."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from service.domain.errors import Refused
from service.store.collect.grouping import Grouper


class Slow:
    """Squares numbers; every call takes a moment, so that askers pile up."""

    def __init__(self, seconds: float = 0.01) -> None:
        self.groups: list[list[int]] = []
        self.at_once = 0
        self.seconds = seconds

    def __call__(self, asked: Sequence[int]) -> list[int]:
        self.at_once += 1
        assert self.at_once == 1, "two groups at once"
        self.groups.append(list(asked))
        time.sleep(self.seconds)
        self.at_once -= 1
        if -1 in asked:
            raise ValueError("minus one")
        return [number**2 for number in asked]


def test_a_lone_asker_is_served_at_once_in_its_own_thread() -> None:
    grouper: Grouper[int, int] = Grouper(lambda asked: [threading.get_ident() for _ in asked], 8, 8, 1, pause=60)
    assert grouper.ask(1) == threading.get_ident()


def test_many_askers_share_few_groups_and_each_gets_its_own_answer() -> None:
    slow = Slow()
    grouper: Grouper[int, int] = Grouper(slow, most=16, room=1000, patience=30, pause=0.001)
    with ThreadPoolExecutor(32) as pool:
        assert list(pool.map(grouper.ask, range(500))) == [number**2 for number in range(500)]
    assert sum(map(len, slow.groups)) == 500
    assert max(map(len, slow.groups)) <= 16
    assert len(slow.groups) < 200


def test_who_was_answered_together_is_waited_for_and_a_lone_asker_soon_waits_for_nobody() -> None:
    slow = Slow()
    grouper: Grouper[int, int] = Grouper(slow, most=16, room=1000, patience=60, pause=0.2)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: [grouper.ask(number) for _ in range(20)], range(8)))
    assert len(slow.groups) < 35  # twenty rounds; forty groups where the first to come goes alone
    for number in range(4):
        grouper.ask(number)
    assert grouper._expected == 1


def test_an_error_reaches_every_asker_of_its_group_and_the_next_group_is_served() -> None:
    grouper: Grouper[int, int] = Grouper(Slow(), most=4, room=100, patience=30, pause=0.001)

    def ask(number: int) -> int | str:
        try:
            return grouper.ask(number)
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, [*range(20), -1, *range(20, 40)]))
    assert answers[20] == "minus one"
    assert sum(answer == "minus one" for answer in answers) <= 4
    assert grouper.ask(5) == 25


def test_a_full_queue_and_an_end_of_patience_are_busy_and_leave_nobody_behind() -> None:
    slow = Slow(seconds=0.5)
    grouper: Grouper[int, int] = Grouper(slow, most=1, room=2, patience=0.1, pause=0)
    busy: list[str] = []

    def ask(number: int) -> None:
        try:
            grouper.ask(number)
        except Refused as refused:
            busy.append(refused.reason)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
        time.sleep(0.01)
    for thread in threads:
        thread.join()
    assert busy == ["busy"] * 5
    time.sleep(0.05)
    assert grouper.ask(3) == 9
