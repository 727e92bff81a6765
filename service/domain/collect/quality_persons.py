"""Quality marks of single answers: time, straight lines, copied text, hours that cannot be (rules in quality.py)."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from math import sqrt

from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.responses import Response
from service.domain.collect.tallies import DURATION_EDGES

TIMED_LATER = frozenset({"paper"})  # modes whose hour and duration are those of typing in
NO_HOUR = TIMED_LATER | {"interview"}  # an interview lasts as long as it does, but carries noon (see interview_answers)


def median_class(durations: Mapping[int, int], least: float) -> int | None:
    """The duration class in which the median lies (the lower one of two); None with fewer than `least` known times."""
    known = {place: number for place, number in durations.items() if place > 0}
    n = sum(known.values())
    if n < max(least, 1):
        return None
    seen = 0
    for place in sorted(known):
        seen += known[place]
        if 2 * seen >= n:
            return place
    raise AssertionError("a median lies within its numbers")


def too_fast(
    duration: int, items: int, median: int | None, parameters: Mapping[str, float]
) -> tuple[float, float, float] | None:
    """(upper edge in s, limit in s, lower edge of the median's class or 0) of an answer that is too fast, else None.

    `duration` and `median` are duration classes (Wood et al. 2017 for seconds an item; half the median: panels' use).
    """
    if not 0 < duration < len(DURATION_EDGES):  # unknown, or the last and open class
        return None
    upper = float(DURATION_EDGES[duration])
    typical = float(DURATION_EDGES[median - 1]) if median else 0.0
    limit = max(parameters["share_of_median"] * typical, parameters["seconds_per_item"] * items)
    return (upper, limit, typical) if upper <= limit else None


def longest_run(levels: Sequence[int]) -> int:
    """How many equal answers stand in a row at most ("longstring", Meade & Craig 2012)."""
    longest = run = 0
    before: int | None = None
    for level in levels:
        run = run + 1 if level == before else 1
        longest, before = max(longest, run), level
    return longest


def deviation_within(levels: Sequence[int]) -> float:
    """Standard deviation of one person's answers, with n - 1 (IRV, Dunn et al. 2018); 0.0 for fewer than two."""
    if len(levels) < 2:
        return 0.0
    mean = sum(levels) / len(levels)
    return sqrt(sum((level - mean) ** 2 for level in levels) / (len(levels) - 1))


def straight_line(levels: Sequence[int], parameters: Mapping[str, float]) -> tuple[float, float] | None:
    """(longest run, run from which it is marked) of a person who answered all items of a scale, else None."""
    limit = parameters["share_of_items"] * len(levels)
    if len(levels) < parameters["least_items"] or deviation_within(levels) > parameters["deviation"]:
        return None
    run = longest_run(levels)
    return (float(run), limit) if run >= limit else None


def levels_of(questionnaire: Questionnaire, scale: str, answers: Mapping[str, str]) -> list[int] | None:
    """The levels (1 the worst) chosen for a scale's items in their order; None unless all were given one."""
    declared = questionnaire.scales[scale]
    worth = {code: level for level, code in enumerate(declared.levels, 1)}
    chosen = [worth.get(answers.get(item, "")) for item in declared.items]
    return [level for level in chosen if level is not None] if None not in chosen else None


def normalised(text: str) -> str:
    """What is left of a text when writing habits are taken away: NFKC, case folded, letters and digits only."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def fingerprint(question: str, text: str, least: float) -> bytes | None:
    """Eight bytes that equal normalised texts of a question share; None for one shorter than `least`."""
    plain = normalised(text)
    return hashlib.sha256(f"{question}\0{plain}".encode()).digest()[:8] if len(plain) >= least else None


def fingerprints(questionnaire: Questionnaire, answers: Mapping[str, str], least: float) -> list[bytes]:
    """Of all open texts of one answer that are long enough."""
    written = [
        question.id for question in questionnaire.questions if question.kind == "text" and question.id in answers
    ]
    found = [fingerprint(name, answers[name], least) for name in written]
    return [one for one in found if one is not None]


def hour_start(hour: str) -> datetime:
    """The beginning of an hour as it is kept, `2026-11-22T09` in UTC."""
    return datetime.fromisoformat(f"{hour}:00:00+00:00")


def session_start(text: str, utc_offset: float) -> datetime | None:
    """When a session begins, local time where the text names no offset; None for what is no moment."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone(timedelta(hours=utc_offset)))


def before_session(hour: str, start: datetime | None) -> float | None:
    """Hours from the end of the answer's hour to the session's beginning, None if it had begun or may have."""
    if start is None:
        return None
    early = (start - hour_start(hour) - timedelta(hours=1)).total_seconds() / 3600
    return early if early >= 0 else None


def local_hour(hour: str, utc_offset: float) -> int:
    """The hour of the day, 0..23, where people live."""
    return (hour_start(hour) + timedelta(hours=utc_offset)).hour


def at_night(hour: str, parameters: Mapping[str, float]) -> int | None:
    """The local hour if it is one of the night, else None."""
    local, begin, end = local_hour(hour, parameters["utc_offset"]), parameters["from_hour"], parameters["to_hour"]
    night = begin <= local < end if begin < end else local >= begin or local < end
    return local if night else None


def timed(response: Response) -> bool:
    """Whether hour and duration are those of the person who answered."""
    return response.cell.mode not in TIMED_LATER


def hourly(response: Response) -> bool:
    """Whether the hour is the one in which it was answered."""
    return response.cell.mode not in NO_HOUR
