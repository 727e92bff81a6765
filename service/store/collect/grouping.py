"""Grouping: what several requests ask of the database at the same moment goes there as one call."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from service.domain.errors import Refused

A = TypeVar("A")
B = TypeVar("B")


class _Place(Generic[A, B]):
    """One request's place in the queue. Its lock is held until there is an answer or it is its turn to lead."""

    __slots__ = ("answer", "asked", "done", "error", "leads", "turn")

    def __init__(self, asked: A) -> None:
        self.asked = asked
        self.answer: B | None = None
        self.error: Exception | None = None
        self.done = self.leads = False
        self.turn = threading.Lock()
        self.turn.acquire()


class Grouper(Generic[A, B]):
    """Hands what is queued to `act` as one group.

    There is no thread of its own: whoever finds nobody at work takes the queue and does it for all; what arrives
    meanwhile queues up, and its first asker is next. A lone request so pays for no change of threads, and nothing
    needs to be started after a fork. Who was answered together asks again together: the leader waits up to `pause`
    seconds until as many are there as came the last time; else the first of them would go alone, and every second
    group would be one of one. A full queue, or a wait beyond `patience` seconds, is Refused("busy"): the caller's
    client repeats, and the repeat is recognised by its id.
    """

    def __init__(
        self, act: Callable[[Sequence[A]], Sequence[B]], most: int, room: int, patience: float, pause: float
    ) -> None:
        self._act = act
        self._most = most
        self._room = room
        self._patience = patience
        self._pause = pause
        self._expected = 1
        self._gathered = threading.Event()
        self._lock = threading.Lock()
        self._queue: deque[_Place[A, B]] = deque()
        self._busy = False

    def ask(self, one: A) -> B:
        place: _Place[A, B] = _Place(one)
        with self._lock:
            if len(self._queue) >= self._room:
                raise Refused("busy")
            self._queue.append(place)
            if len(self._queue) >= self._expected:
                self._gathered.set()
            place.leads, self._busy = not self._busy, True
        if not place.leads:
            self._wait(place)
        if place.leads:
            self._lead()
        if place.error is not None:
            raise place.error
        return place.answer  # type: ignore[return-value]

    def _wait(self, place: _Place[A, B]) -> None:
        if place.turn.acquire(timeout=self._patience):
            return
        with self._lock:
            if not (place.done or place.leads):  # still queued: nothing of it has been sent
                if place in self._queue:
                    self._queue.remove(place)
                raise Refused("busy")

    def _gather(self) -> list[_Place[A, B]]:
        with self._lock:
            enough = len(self._queue) >= self._expected
            if not enough:
                self._gathered.clear()
        if not enough:
            self._gathered.wait(self._pause)
        with self._lock:
            group = [self._queue.popleft() for _ in range(min(self._most, len(self._queue)))]
        return group

    def _lead(self) -> None:
        group = self._gather()
        try:
            answers = self._act([place.asked for place in group])
            for place, answer in zip(group, answers, strict=True):
                place.answer = answer
        except Exception as error:  # every asker must hear of it
            for place in group:
                place.error = error
        with self._lock:
            for place in group:
                place.done = True
            # Halved where fewer came: after a rush a lone asker soon waits for nobody.
            self._expected = max(min(len(group) + len(self._queue), self._most), self._expected // 2)
            self._busy = bool(self._queue)
            if self._queue:
                self._queue[0].leads = True
                self._queue[0].turn.release()
        for place in group:
            if place.turn.locked():
                place.turn.release()
