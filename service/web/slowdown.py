"""Slows down whoever tries unknown codes in a row; right codes are never delayed and never refused."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from service.domain.errors import Refused
from service.operations.collect import tickets
from service.web.auth import address, now

# A code with a wrong check character is not counted: anybody can see that without asking us, so it gives nothing away
# to a guesser, and it costs the database nothing.
COUNTED = frozenset({"code_unknown", "receipt_unknown"})
SLEEPERS = 4  # requests of one process that may be held back at once; the other threads stay free for answers
_places = threading.BoundedSemaphore(SLEEPERS)


@contextmanager
def failures() -> Iterator[None]:
    """Around a look-up of a code or receipt: a failure is counted by address, and its answer waits accordingly.

    Re-raises the Refused; Refused("slow_down") instead when SLEEPERS answers are already being held back. What
    succeeds passes untouched, whatever its address did before: a community centre shares one address.
    """
    try:
        yield
    except Refused as refused:
        if refused.reason in COUNTED:
            _hold_back(tickets.hold_back(address(), now()))
        raise


def _hold_back(seconds: float) -> None:
    if seconds <= 0:
        return
    if not _places.acquire(blocking=False):
        raise Refused("slow_down", seconds=math.ceil(seconds))
    try:
        time.sleep(seconds)
    finally:
        _places.release()
