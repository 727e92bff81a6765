"""Thresholds of quality marks in a scheme: read, checked, handed down, and left out of what was hashed before."""

import pytest
from scheme_files import SMALL, line_of

from service.domain.collect.quality import RULES, fixed_by, overlaid
from service.domain.errors import Refused
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.schemes import Change, as_data, digest

QUALITY = "quality:\n  night: {from_hour: 22}\n  too_fast: {share_of_median: 0.4, seconds_per_item: 2}\n"
OVER = """\
extends: small
id: smaller
version: "1"
quality:
  night: {to_hour: 7}
"""


def test_a_scheme_sets_some_thresholds_and_its_digest_sees_them() -> None:
    plain, scheme = load_scheme(SMALL), load_scheme(SMALL + QUALITY)
    assert as_data(scheme)["quality"] == {
        "night": {"from_hour": "22"},
        "too_fast": {"share_of_median": "0.4", "seconds_per_item": "2"},
    }
    assert "quality" not in as_data(plain)
    assert digest(plain) != digest(scheme)


def test_an_extension_sets_a_rules_thresholds_anew_and_is_told_to_differ() -> None:
    scheme = load_scheme(OVER, {"small": SMALL + QUALITY})
    assert as_data(scheme)["quality"]["night"] == {"to_hour": "7"}
    assert set(scheme.quality) == {"night", "too_fast"}
    assert scheme.changes == (Change("quality", "night", ""),)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("night", "weather", "scheme_choice"),
        ("from_hour", "at_hour", "scheme_unknown_field"),
        ("from_hour: 22", "from_hour: 99", "scheme_range"),
        ("from_hour: 22", "from_hour: late", "scheme_type"),
    ],
)
def test_a_wrong_threshold_is_refused_with_its_line(old: str, new: str, reason: str) -> None:
    text = SMALL + QUALITY.replace(old, new)
    with pytest.raises(Refused) as caught:
        load_scheme(text)
    assert [(fault.reason, fault.params["line"]) for fault in caught.value.faults] == [(reason, line_of(text, new))]


def test_what_the_scheme_sets_nobody_else_does() -> None:
    scheme = {"night": {"from_hour": 22.0}}
    assert fixed_by(scheme, {}) == scheme
    given = {"night": {"from_hour": 22, "to_hour": 5}, "burst": {}}
    assert fixed_by(scheme, given) == {"night": {"from_hour": 22.0, "to_hour": 5}, "burst": {}}
    with pytest.raises(Refused) as caught:
        fixed_by(scheme, {"night": {"from_hour": 23}})
    assert [(fault.field, fault.reason) for fault in caught.value.faults] == [
        ("parameters.night.from_hour", "fixed_by_scheme")
    ]
    assert overlaid({"night": {"from_hour": 23, "to_hour": 5}}, scheme) == {"night": {"from_hour": 22.0, "to_hour": 5}}
    assert {"from_hour", "to_hour"} <= set(RULES["night"].parameters)
