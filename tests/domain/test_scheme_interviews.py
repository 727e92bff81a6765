"""What a scheme sets of its interviews: read, checked with the line, handed down, absent from older digests."""

import pytest
from scheme_files import SMALL, line_of

from service.domain.errors import Refused
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.schemes import Change, as_data, digest
from service.domain.inspect.interview_rules import InterviewRules, from_plain, to_plain

INTERVIEWS = """\
interviews:
  phone: 40
  on_site: 5
  attempts: 4
  attempt_days: 3
  complete_share: 90
  partial_share: 40
  verified: [served, period]
  record_failures: [never_served, number_dead]
  bands:
    - {from: "08:30", to: "12:00"}
    - {from: "13:30", to: "20:00"}
"""
OVER = """\
extends: small
id: smaller
version: "1"
interviews:
  on_site: 8
"""


def test_a_scheme_sets_some_and_the_rest_has_its_defaults() -> None:
    plain, scheme = load_scheme(SMALL), load_scheme(SMALL + INTERVIEWS)
    rules = from_plain(scheme.interviews)
    assert (rules.phone, rules.on_site, rules.attempts, rules.attempt_days) == (40, 5, 4, 3)
    assert rules.attempt_bands == InterviewRules().attempt_bands
    assert rules.bands == (("08:30", "12:00"), ("13:30", "20:00"))
    assert rules.verified == ("served", "period")
    assert rules.record_failures == ("never_served", "number_dead")
    assert from_plain(to_plain(rules)) == rules
    assert "interviews" not in as_data(plain)
    assert digest(plain) != digest(scheme)


def test_without_a_word_of_the_scheme_a_station_has_fifty_and_ten() -> None:
    rules = from_plain(load_scheme(SMALL).interviews)
    assert (rules.phone, rules.on_site, rules.attempts) == (50, 10, 3)
    assert rules.record_failures == ("never_served", "service_unknown", "staff_number")


def test_an_extension_sets_single_fields_anew() -> None:
    scheme = load_scheme(OVER, {"small": SMALL + INTERVIEWS})
    assert (scheme.interviews["phone"], scheme.interviews["on_site"]) == (40, 8)
    assert scheme.changes == (Change("interviews", "on_site", ""),)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("phone: 40", "phone: many", "scheme_type"),
        ("phone: 40", "phone: 99999", "scheme_range"),
        ("phone: 40", "fax: 40", "scheme_unknown_field"),
        ("attempts: 4", "attempts: 0", "scheme_range"),
        ("attempt_days: 3", "attempt_days: 5", "scheme_range"),
        ("attempt_days: 3", "attempt_bands: 3", "scheme_range"),
        ("partial_share: 40", "partial_share: 95", "scheme_range"),
        ("[served, period]", "[served, mood]", "scheme_choice"),
        ("number_dead]", "refused]", "scheme_choice"),
        ('from: "13:30"', 'from: "11:30"', "scheme_type"),
        ('to: "20:00"', 'to: "13:30"', "scheme_type"),
        ('to: "20:00"', "to: noon", "scheme_type"),
    ],
)
def test_a_wrong_one_is_refused_with_its_line(old: str, new: str, reason: str) -> None:
    text = SMALL + INTERVIEWS.replace(old, new)
    with pytest.raises(Refused) as caught:
        load_scheme(text)
    assert [(fault.reason, fault.params["line"]) for fault in caught.value.faults] == [(reason, line_of(text, new))]
