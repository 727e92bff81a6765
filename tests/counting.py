"""Counts what is asked of the database, by command and collection; registered before any connection is made."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from pymongo import monitoring


class Counting(monitoring.CommandListener):
    def __init__(self) -> None:
        self.asked: Counter[tuple[str, str]] = Counter()
        self.on = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.on:
            self.asked[event.command_name, str(event.command.get(event.command_name))] += 1

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


_listener = Counting()
monitoring.register(_listener)


@contextmanager
def counted() -> Iterator[Counter[tuple[str, str]]]:
    """What is asked within; by all threads, so nothing else may run beside it."""
    _listener.asked, _listener.on = Counter(), True
    try:
        yield _listener.asked
    finally:
        _listener.on = False
