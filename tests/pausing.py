"""Stops one thread right before its k-th database command: nothing in the product knows of it."""

import threading
from collections.abc import Callable

from pymongo import monitoring

PATIENCE = 30


class Pauser(monitoring.CommandListener):
    """Registered once for all connections; pauses only the thread that it was told to."""

    def __init__(self) -> None:
        self._thread: int | None = None

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if threading.get_ident() != self._thread:
            return
        self._count += 1
        if self._count == self._stop_before:
            self._reached.set()
            self._go_on.wait(PATIENCE)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...

    def start(self, act: Callable[[], object], stop_before: int) -> "Paused":
        """Run `act` in a thread of its own up to right before its `stop_before`-th command."""
        self._count, self._stop_before = 0, stop_before
        self._reached, self._go_on = threading.Event(), threading.Event()
        return Paused(self, act)

    def watch(self, thread: int | None) -> None:
        self._thread = thread


class Paused:
    def __init__(self, pauser: Pauser, act: Callable[[], object]) -> None:
        self._pauser, self._act = pauser, act
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        while self._thread.is_alive() and not pauser._reached.wait(0.005):
            pass
        self.reached = pauser._reached.is_set()

    def _run(self) -> None:
        self._pauser.watch(threading.get_ident())
        try:
            self._act()
        except Exception as error:
            self.error = error
        finally:
            self._pauser.watch(None)

    def go_on(self) -> None:
        """Let the stopped thread run to its end, as a zombie would that wakes up late."""
        self._pauser._go_on.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


PAUSER = Pauser()
monitoring.register(PAUSER)
