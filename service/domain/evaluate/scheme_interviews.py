"""What a scheme sets of its interviews (`interviews:`): numbers, tries, what is effective; the rest has defaults."""

from typing import Any

from service.domain.evaluate.marked import Fields
from service.domain.inspect.dispositions import FAILURES
from service.domain.inspect.interview_rules import VERIFICATION, clock

WHOLE = {
    "phone": (0, 10_000),
    "on_site": (0, 10_000),
    "attempts": (1, 20),
    "attempt_days": (1, 20),
    "attempt_bands": (1, 8),
    "min_answered": (1, 1000),
    "complete_share": (1, 100),
    "partial_share": (0, 100),
}
"""Field -> least and most."""
MOST_BANDS = 8
LATER = "later than the hour before it; bands of hours do not overlap"


def read_interviews(doc: Fields) -> dict[str, Any]:
    """The fields of InterviewRules that stand in the scheme; faults name their lines."""
    entry = doc.inner("interviews", optional=True)
    if entry is None:
        return {}
    found: dict[str, Any] = {name: entry.whole(name, *limits, optional=True) for name, limits in WHOLE.items()}
    if entry.get("verified", optional=True) is not None:
        found["verified"] = list(entry.codes("verified", VERIFICATION, optional=True))
    if entry.get("record_failures", optional=True) is not None:
        found["record_failures"] = list(entry.codes("record_failures", FAILURES, optional=True))
    if entry.get("bands", optional=True) is not None:
        found["bands"] = _bands(entry)
    entry.close()
    _check(entry, found)
    return {name: value for name, value in found.items() if value is not None}


def _bands(entry: Fields) -> list[list[str]]:
    """Bands of hours in their order, without overlap: [{from: "09:00", to: "12:00"}, …]."""
    bands: list[list[str]] = []
    parts = entry.entries("bands", optional=False)
    if not 1 <= len(parts) <= MOST_BANDS:
        entry.fault("scheme_range", "bands", lower=1, upper=MOST_BANDS)
    for part in parts[:MOST_BANDS]:
        first, last = part.text("from"), part.text("to")
        for name, text in (("from", first), ("to", last)):
            if text and clock(text) is None:
                part.fault("scheme_type", name, expected='an hour of the day in quotes, such as "09:00"')
        if first and last and (last <= first or (bands and first < bands[-1][1])):
            part.fault("scheme_type", "to" if last <= first else "from", expected=LATER)
        part.close()
        bands.append([first, last])
    return bands


def _check(entry: Fields, found: dict[str, Any]) -> None:
    """Rules that no interviewer could follow."""
    bands = len(found.get("bands") or ()) or None
    if bands is not None and (found.get("attempt_bands") or 2) > bands:
        entry.fault("scheme_range", "attempt_bands" if found.get("attempt_bands") else "bands", lower=1, upper=bands)
    tries = found.get("attempts")
    for name in ("attempt_days", "attempt_bands"):
        if tries and (found.get(name) or 0) > tries:
            entry.fault("scheme_range", name, lower=1, upper=tries)
    complete, partial = found.get("complete_share"), found.get("partial_share")
    if complete is not None and partial is not None and partial > complete:
        entry.fault("scheme_range", "partial_share", lower=0, upper=complete)
