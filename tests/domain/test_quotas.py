"""Quotas: what fills them, when a site is full, what is refused."""

from dataclasses import replace

import pytest

from service.domain.collect.questionnaires import Questionnaire, parse_yaml
from service.domain.collect.quotas import Quota, check, filled, is_full, of_plain
from service.domain.collect.tallies import Cell, Tally
from service.domain.errors import Refused


@pytest.fixture
def survey(templates) -> Questionnaire:
    text = (templates / "questionnaires" / "copenhagen-housing.yaml").read_text(encoding="utf-8")
    return replace(parse_yaml(text), weights=("influence",))


def tally(**numbers: int) -> Tally:
    """Answers at the site east by group of influence, and a hundred at another site."""
    cells = {("east", group): number for group, number in numbers.items()} | {("west", "Low"): 100}
    return {
        Cell(site, "", "poster", "own_phone", "none", "en", group, "", ""): {"n": number}
        for (site, group), number in cells.items()
    }


LOW, MEDIUM, HIGH = (Quota("east", 5, "influence", group) for group in ("Low", "Medium", "High"))


def test_a_quota_is_filled_by_its_own_site_and_group(survey):
    counted = tally(Low=3, High=4)
    assert [filled(quota, survey, counted) for quota in (Quota("east", 9), LOW, MEDIUM, HIGH)] == [7, 3, 0, 4]
    assert filled(Quota("north", 1), survey, counted) == 0


@pytest.mark.parametrize(
    ("quotas", "numbers", "full"),
    [
        ((), {"Low": 50}, False),
        ((Quota("east", 5),), {"Low": 2, "High": 2}, False),
        ((Quota("east", 5),), {"Low": 2, "High": 3}, True),
        ((Quota("west", 5),), {"Low": 50}, False),
        ((LOW, MEDIUM, HIGH), {"Low": 9, "Medium": 5, "High": 4}, False),
        ((LOW, MEDIUM, HIGH), {"Low": 9, "Medium": 5, "High": 5}, True),
        ((LOW, HIGH), {"Low": 9, "High": 9}, False),  # the middle group is welcome without a number
        ((LOW, HIGH, Quota("east", 15)), {"Low": 9, "High": 9}, True),
    ],
)
def test_a_site_is_full_when_nobody_more_is_wanted_there(survey, quotas, numbers, full):
    assert is_full(quotas, "east", survey, tally(**numbers)) is full


def test_quotas_are_kept_as_plain_data_and_checked_with_their_place(survey):
    quotas = (Quota("east", 5), LOW)
    assert of_plain([quota.plain for quota in quotas]) == quotas
    check(quotas, ("east", "west"), survey)
    with pytest.raises(Refused) as caught:
        check((Quota("north", 0), replace(LOW, value="None"), LOW, LOW), ("east",), survey)
    assert [fault.field for fault in caught.value.faults] == [
        "quotas.0.site",
        "quotas.0.target",
        "quotas.1.value",
        "quotas.3",
    ]
