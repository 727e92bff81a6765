"""Circumstances of a record: late, far away, too fast. Facts with what was measured and the threshold, no verdicts."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from service.domain.inspect.evidence_files import EvidenceFile
from service.domain.inspect.spot_checks import SpotCheck

# Defaults; a checklist may give its own (`limits`). No rule gives numbers, so a reason stands beside each.
THRESHOLDS: Mapping[str, int] = {
    "late_hours": 24,  # between signing and the record's arrival: a day without signal is ordinary
    "far_m": 300,  # from the site, beyond what the phone says of its accuracy: a large courtyard
    "inaccurate_m": 200,  # a position coarser than this says little
    "stale_position_s": 300,  # age of the position when it was taken down
    "clock_s": 300,  # the phone's wall clock beside ours
    "fast_s": 20,  # a record that is found, read and judged in less
    "photo_minutes": 60,  # between the camera's clock and the signing
}
EARTH_M = 6_371_008.8  # mean radius (IUGG)
# Word -> what was measured, in which unit; the desk and the API show both numbers.
FACTS = (
    "late",
    "far",
    "inaccurate",
    "stale_position",
    "no_position",
    "mock_position",
    "clock_off",
    "clock_changed",
    "before_opening",
    "no_time",
    "too_fast",
    "unsigned",
    "witness_refused",
    "changed_after_signing",
    "photo_far",
    "photo_other_time",
)


@dataclass(frozen=True)
class Surroundings:
    """What a record is held against. `site` is (latitude, longitude) if known, `opened_at` when its list was opened."""

    site: tuple[float, float] | None = None
    opened_at: datetime | None = None
    limits: Mapping[str, int] = field(default_factory=dict)

    def limit(self, name: str) -> int:
        return self.limits.get(name, THRESHOLDS[name])


Measured = tuple[str, dict[str, Any]]


def of(
    spot: SpotCheck, around: Surroundings, files: Iterable[EvidenceFile] = ()
) -> tuple[tuple[str, ...], dict[str, dict[str, Any]]]:
    """(facts, fact -> {value, threshold, unit}) of a record; those that have no number have an empty mapping."""
    found: dict[str, dict[str, Any]] = {}
    for name, measure in (*_times(spot, around), *_place(spot, around), *_hands(spot), *_photos(spot, around, files)):
        found.setdefault(name, measure)
    return tuple(found), found


def _measure(value: float, threshold: float, unit: str) -> dict[str, Any]:
    return {"value": round(value), "threshold": threshold, "unit": unit}


def _seconds(span: timedelta) -> float:
    return span.total_seconds()


def _times(spot: SpotCheck, around: Surroundings) -> Iterator[Measured]:
    if spot.signed_at is None or spot.received_at is None:
        yield "no_time", {}
        return
    clock = around.limit("clock_s")
    # Ahead of ours (> 0) or behind; unknown where the phone did not say what its clock showed at the sending.
    off = None if spot.sent_at is None else _seconds(spot.sent_at - spot.received_at)
    if off is not None and abs(off) > clock:
        yield "clock_off", _measure(off, clock, "s")
    elif off is None and (ahead := _seconds(spot.signed_at - spot.received_at)) > clock:
        yield "clock_off", _measure(ahead, clock, "s")
    signed = spot.signed_at - timedelta(seconds=off or 0)
    hours = _seconds(spot.received_at - signed) / 3600
    if hours > around.limit("late_hours"):
        yield "late", _measure(hours, around.limit("late_hours"), "h")
    if around.opened_at and (early := _seconds(around.opened_at - signed)) > clock:
        yield "before_opening", _measure(early, clock, "s")
    yield from _pace(spot, around, clock)


def _pace(spot: SpotCheck, around: Surroundings, clock: int) -> Iterator[Measured]:
    wall = _seconds(spot.signed_at - spot.started_at) if spot.signed_at and spot.started_at else None
    took = spot.elapsed_s if spot.elapsed_s is not None else wall
    if wall is not None and spot.elapsed_s is not None and abs(wall - spot.elapsed_s) > clock:
        yield "clock_changed", _measure(wall - spot.elapsed_s, clock, "s")
    if took is not None and took < around.limit("fast_s"):
        yield "too_fast", _measure(took, around.limit("fast_s"), "s")


def _place(spot: SpotCheck, around: Surroundings) -> Iterator[Measured]:
    position = spot.position
    if "latitude" not in position or "longitude" not in position:
        yield "no_position", {"why": position["missing"]} if position.get("missing") else {}
        return
    accuracy = position.get("accuracy_m")
    # Android tells a made-up position by an accuracy of exactly nothing.
    if position.get("mock") or accuracy == 0:
        yield "mock_position", {}
    if accuracy is not None and accuracy > around.limit("inaccurate_m"):
        yield "inaccurate", _measure(accuracy, around.limit("inaccurate_m"), "m")
    age = position.get("age_s")
    if age is not None and age > around.limit("stale_position_s"):
        yield "stale_position", _measure(age, around.limit("stale_position_s"), "s")
    if around.site:
        away = metres((position["latitude"], position["longitude"]), around.site)
        if away - (accuracy or 0) > around.limit("far_m"):
            yield "far", _measure(away, around.limit("far_m"), "m") | {"accuracy_m": accuracy}


def _hands(spot: SpotCheck) -> Iterator[Measured]:
    if spot.signatures.get("witness", {}).get("refused"):
        yield "witness_refused", {}
    if not spot.signatures.get("auditor", {}).get("media"):
        yield "unsigned", {}
    if spot.changes:
        yield "changed_after_signing", {"value": len(spot.changes), "threshold": 0, "unit": ""}


def _photos(spot: SpotCheck, around: Surroundings, files: Iterable[EvidenceFile]) -> Iterator[Measured]:
    for file in files:
        told = file.facts
        if around.site and "latitude" in told:
            away = metres((told["latitude"], told["longitude"]), around.site)
            if away > around.limit("far_m"):
                yield "photo_far", _measure(away, around.limit("far_m"), "m")
        if spot.signed_at and "taken_at" in told:
            apart = abs(_seconds(told["taken_at"] - spot.signed_at)) / 60
            if apart > around.limit("photo_minutes"):
                yield "photo_other_time", _measure(apart, around.limit("photo_minutes"), "min")


def metres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """The distance of two places, each (latitude, longitude) in degrees, on a sphere (haversine): within 0.6 %."""
    first, second = math.radians(here[0]), math.radians(there[0])
    north, east = second - first, math.radians(there[1] - here[1])
    chord = math.sin(north / 2) ** 2 + math.cos(first) * math.cos(second) * math.sin(east / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(min(1.0, chord)))
