"""Wrong tries are counted in the database, by address or name and time window; right ones are never held back."""

from collections.abc import Sequence
from datetime import UTC, datetime

from service.domain.errors import Refused
from service.store import failures

WINDOW_SECONDS = 300
FREE_TRIES = 10  # a person may mistype this often before anything slows down
MANY_TRIES = 100  # of one account from anywhere (NIST SP 800-63B-4, section 3.2.2), or of one address for any account
LONGEST_DELAY = 2.0  # seconds


def refuse_if_many(keys: Sequence[str], now: datetime, most: int = FREE_TRIES) -> None:
    """For signing in: after `most` failures in the window the next try must wait. Raises Refused("slow_down")."""
    if max(failures.count(key, _window(now)) for key in keys) >= most:
        raise Refused("slow_down", seconds=WINDOW_SECONDS - int(now.timestamp()) % WINDOW_SECONDS)


def count_failure(keys: Sequence[str], now: datetime) -> int:
    """-> the largest number of failures now counted under one of the keys."""
    return max(failures.add(key, _window(now)) for key in keys)


def delay_after(failed: int) -> float:
    """Seconds by which the answer to a failure is held back: none at first, then doubling up to LONGEST_DELAY."""
    if failed <= FREE_TRIES:
        return 0.0
    return float(min(0.05 * 2 ** min(failed - FREE_TRIES, 10), LONGEST_DELAY))


def forget_old(now: datetime) -> None:
    failures.forget_before(_window(now))


def _window(now: datetime) -> str:
    start = int(now.timestamp()) // WINDOW_SECONDS * WINDOW_SECONDS
    return datetime.fromtimestamp(start, UTC).strftime("%Y%m%dT%H%M")
