"""Circumstances: each is told from its threshold on, with the number, and a checklist may set its own threshold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.inspect.circumstances import FACTS, THRESHOLDS, Surroundings, metres, of
from service.domain.inspect.evidence_files import EvidenceFile
from service.domain.inspect.spot_checks import SpotCheck

SIGNED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SITE = (23.1291, 113.2644)
AROUND = Surroundings(site=SITE, opened_at=SIGNED - timedelta(hours=1))
QUIET = SpotCheck(
    id="r",
    draw="d",
    serial="s",
    attributes={},
    at=SIGNED,
    by="u",
    checklist="case-record@1",
    started_at=SIGNED - timedelta(minutes=10),
    signed_at=SIGNED,
    sent_at=SIGNED + timedelta(minutes=5),
    received_at=SIGNED + timedelta(minutes=5),
    elapsed_s=600.0,
    position={"latitude": SITE[0], "longitude": SITE[1], "accuracy_m": 10.0, "age_s": 2.0, "mock": False},
    signatures={"auditor": {"media": "signature-auditor.png"}, "witness": {"media": "w.png"}},
)


def told(around: Surroundings = AROUND, files: tuple[EvidenceFile, ...] = (), **changes: object) -> dict:
    names, measures = of(replace(QUIET, **changes), around, files)  # type: ignore[arg-type]
    assert set(names) == set(measures) <= set(FACTS)
    return measures


def after(**span: float) -> datetime:
    return SIGNED + timedelta(**span)


def test_an_ordinary_record_has_none() -> None:
    assert told() == {}


@pytest.mark.parametrize(
    ("below", "above", "fact", "value"),
    [
        ({"hours": 24}, {"hours": 25}, "late", 25),
        ({"hours": 2}, {"days": 400}, "late", 9600),
    ],
)
def test_late_is_told_from_its_threshold_on(below, above, fact, value) -> None:
    assert told(received_at=after(**below), sent_at=after(**below)) == {}
    measure = told(received_at=after(**above), sent_at=after(**above))[fact]
    assert measure == {"value": value, "threshold": THRESHOLDS["late_hours"], "unit": "h"}


def test_a_phone_a_year_off_is_neither_late_nor_early() -> None:
    for off in (timedelta(days=365), -timedelta(days=365)):
        moved = {"signed_at": SIGNED + off, "started_at": QUIET.started_at + off, "sent_at": QUIET.sent_at + off}  # type: ignore[operator]
        assert told(**moved) == {"clock_off": {"value": off.total_seconds(), "threshold": 300, "unit": "s"}}


def test_without_the_phones_word_on_its_clock_only_the_future_shows_that_it_is_off() -> None:
    assert told(sent_at=None) == {}
    assert told(sent_at=None, received_at=after(seconds=-301))["clock_off"]["value"] == 301
    assert "clock_off" not in told(sent_at=None, received_at=after(days=30))


def test_what_was_signed_before_the_list_was_opened_cannot_be_of_it() -> None:
    early = Surroundings(site=SITE, opened_at=after(minutes=30))
    assert told(early)["before_opening"] == {"value": 1800, "threshold": 300, "unit": "s"}


@pytest.mark.parametrize(
    ("changes", "fact", "value"),
    [
        ({"elapsed_s": 19.0, "started_at": after(seconds=-19)}, "too_fast", 19),
        ({"elapsed_s": 4000.0}, "clock_changed", -3400),
        ({"changes": ({"question": "q"},)}, "changed_after_signing", 1),
    ],
)
def test_what_the_phone_measured_is_told(changes, fact, value) -> None:
    assert told(**changes)[fact]["value"] == value


@pytest.mark.parametrize(
    ("position", "facts"),
    [
        ({}, {"no_position"}),
        ({"missing": "denied"}, {"no_position"}),
        (dict(QUIET.position) | {"mock": True}, {"mock_position"}),
        (dict(QUIET.position) | {"accuracy_m": 0}, {"mock_position"}),
        (dict(QUIET.position) | {"accuracy_m": 201.0}, {"inaccurate"}),
        (dict(QUIET.position) | {"age_s": 301.0}, {"stale_position"}),
        (dict(QUIET.position) | {"latitude": 23.2}, {"far"}),
        # 1.1 km away, but the phone knew it to 1 km only.
        (dict(QUIET.position) | {"latitude": 23.139, "accuracy_m": 1000.0}, {"inaccurate"}),
        (dict(QUIET.position) | {"latitude": 23.1315}, set()),
    ],
)
def test_positions(position, facts) -> None:
    assert set(told(position=position)) == facts


def test_why_there_is_no_position_is_kept_and_how_far_it_was() -> None:
    assert told(position={"missing": "denied"})["no_position"] == {"why": "denied"}
    far = told(position=dict(QUIET.position) | {"latitude": 23.2})["far"]
    assert (far["value"], far["threshold"], far["unit"], far["accuracy_m"]) == (7884, 300, "m", 10.0)
    # Where nobody knows where the site is, nothing is far.
    assert told(Surroundings(), position=dict(QUIET.position) | {"latitude": 0.0}) == {}


def test_a_checklist_may_set_its_own_threshold() -> None:
    own = replace(AROUND, limits={"far_m": 10_000, "fast_s": 1000})
    found = told(own, position=dict(QUIET.position) | {"latitude": 23.2})
    assert set(found) == {"too_fast"}
    assert found["too_fast"]["threshold"] == 1000


def test_signatures_are_told() -> None:
    assert set(told(signatures={})) == {"unsigned"}
    refused = {"auditor": {"media": "a.png"}, "witness": {"refused": True, "reason": "x"}, "second": {"media": "b.png"}}
    assert set(told(signatures=refused)) == {"witness_refused"}


def test_what_the_camera_says_is_held_against_site_and_signing() -> None:
    def photo(**facts: object) -> EvidenceFile:
        return EvidenceFile("r/x", "r", "x", 1, "image/jpeg", "f", SIGNED, facts=facts)

    assert told(files=(photo(latitude=SITE[0], longitude=SITE[1], taken_at=after(minutes=-20)),)) == {}
    assert set(told(files=(photo(latitude=24.0, longitude=113.0),))) == {"photo_far"}
    assert told(files=(photo(taken_at=after(hours=-3)),))["photo_other_time"]["value"] == 180


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [
        ((0.0, 0.0), (0.0, 1.0), 111.195),
        ((90.0, 0.0), (-90.0, 0.0), 20_015.1),
        ((23.1291, 113.2644), (22.5431, 114.0579), 104.203),  # between the centres of two cities
        ((23.0, 113.0), (23.0, 113.0), 0.0),
        ((0.0, 179.9), (0.0, -179.9), 22.239),
    ],
)
def test_distances(here, there, km) -> None:
    assert metres(here, there) == pytest.approx(km * 1000, rel=1e-4, abs=0.5)
