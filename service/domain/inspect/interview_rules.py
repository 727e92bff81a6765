"""What a scheme says about interviews: how many, how often somebody is tried, when one counts as effective."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Final

from service.domain.inspect.dispositions import FAILURES

CHINA = timezone(timedelta(hours=8))
PHONE, ON_SITE = "phone", "on_site"
MODES: Final = (PHONE, ON_SITE)
VERIFICATION: Final = ("served", "service", "period")
"""The first questions: was the service received, what was it, when."""


@dataclass(frozen=True)
class InterviewRules:
    """Numbers of a station and of its interviews. Shares are percent of the questions that were asked.

    Defaults: 50 effective phone and 10 on-site interviews a station, as evaluators of street stations do; three tries
    on two days in two bands of hours; complete from 80 and partial from 50 percent (AAPOR names both as customary).
    """

    phone: int = 50
    on_site: int = 10
    attempts: int = 3
    attempt_days: int = 2
    attempt_bands: int = 2
    bands: tuple[tuple[str, str], ...] = (
        ("09:00", "12:00"),
        ("12:00", "14:00"),
        ("14:00", "18:00"),
        ("18:00", "21:00"),
    )
    min_answered: int = 1
    complete_share: int = 80
    partial_share: int = 50
    verified: tuple[str, ...] = VERIFICATION
    record_failures: tuple[str, ...] = field(default=FAILURES[:3])

    def wanted(self, mode: str) -> int:
        return self.phone if mode == PHONE else self.on_site

    def band(self, at: datetime) -> int | None:
        """The place of the band of hours (in China) that a moment lies in; None outside all of them."""
        clock = at.astimezone(CHINA).strftime("%H:%M")
        return next((place for place, (first, last) in enumerate(self.bands) if first <= clock < last), None)


def to_plain(rules: InterviewRules) -> dict[str, Any]:
    """As it is kept with a plan: lists in the place of tuples."""
    plain = vars(rules)
    return {name: _lists(value) for name, value in plain.items()}


def from_plain(plain: Mapping[str, Any]) -> InterviewRules:
    """The inverse of `to_plain`; what is left out has its default (a scheme says only what it changes)."""
    values: dict[str, Any] = {name: _tuples(value) for name, value in plain.items()}
    return InterviewRules(**values)


def _lists(value: Any) -> Any:
    return [_lists(part) for part in value] if isinstance(value, tuple) else value


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, list | tuple) else value


def day_of(at: datetime) -> date:
    """The day in China."""
    return at.astimezone(CHINA).date()


def may_try(rules: InterviewRules, tries: Sequence[datetime], now: datetime) -> bool:
    """Whether a try now would be at another hour than those before: not twice on one day in one band."""
    return (day_of(now), rules.band(now)) not in {(day_of(at), rules.band(at)) for at in tries}


@dataclass(frozen=True)
class Tried:
    """How often somebody was tried, on how many days, in how many bands; what of it is still lacking."""

    attempts: int
    days: int
    bands: int
    lacking: tuple[str, ...]

    @property
    def enough(self) -> bool:
        return not self.lacking


def tried(rules: InterviewRules, tries: Sequence[datetime]) -> Tried:
    """Whether the tries are enough to give somebody up; tries outside all bands add no band."""
    days = len({day_of(at) for at in tries})
    bands = len({band for at in tries if (band := rules.band(at)) is not None})
    lacking = [
        name
        for name, done, needed in (
            ("attempts", len(tries), rules.attempts),
            ("days", days, rules.attempt_days),
            ("bands", bands, rules.attempt_bands),
        )
        if done < needed
    ]
    return Tried(len(tries), days, bands, tuple(lacking))


def ending(rules: InterviewRules, answered: int, asked: int, verification: Mapping[str, str]) -> str:
    """complete, partial or break_off, from how many of the questions asked were answered (AAPOR, 1.1, 1.2, 2.12).

    An interview is effective only when complete: enough answered, and each of `verified` said.
    """
    said = all(verification.get(name, "").strip() for name in rules.verified)
    share = 100 * answered
    if said and answered >= rules.min_answered and share >= rules.complete_share * asked:
        return "complete"
    return "partial" if share >= rules.partial_share * asked else "break_off"


def clock(text: str) -> time | None:
    """`09:30` as a time of day; `24:00`, the end of the day, as its last minute. None for anything else."""
    try:
        return time(23, 59) if text == "24:00" else time.fromisoformat(text) if len(text) == 5 else None
    except ValueError:
        return None
