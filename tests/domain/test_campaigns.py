"""A campaign opens only when its respondents can be told everything."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from factories import LANGUAGES, NOTICE, NOW

from service.domain.collect.campaigns import NOTICE_FACTS, Campaign, check_openable
from service.domain.errors import Refused

WHOLE = Campaign(
    id="c",
    short_code="ABC234",
    project="p",
    name="Spring",
    questionnaire="q",
    questionnaire_version=1,
    population="recipient",
    sites=("east",),
    opens_at=NOW,
    closes_at=NOW + timedelta(days=30),
    languages=LANGUAGES,
    notice=NOTICE,
)


def faults(campaign: Campaign, spoken: tuple[str, ...] = LANGUAGES, phones: tuple[str, ...] = ()) -> set[str]:
    with pytest.raises(Refused) as caught:
        check_openable(campaign, spoken, phones)
    assert caught.value.reason == "campaign_incomplete"
    return {fault.field for fault in caught.value.faults}


def test_a_whole_campaign_may_open() -> None:
    check_openable(WHOLE, LANGUAGES, ["020-99999"])


@pytest.mark.parametrize("fact", NOTICE_FACTS)
def test_each_missing_fact_is_named(fact: str) -> None:
    without = replace(WHOLE, notice={name: value for name, value in NOTICE.items() if name != fact})
    assert all(field.startswith(f"notice.{fact}") for field in faults(without))


def test_a_fact_that_is_missing_in_one_language_is_named_with_it() -> None:
    gap = replace(WHOLE, notice=NOTICE | {"purpose": {"zh-Hans": "目的", "en": "purpose"}})
    assert faults(gap) == {"notice.purpose.zh-Hant"}


@pytest.mark.parametrize("written", ["020-12345", "020 12345", "(020)12345"])
def test_the_official_phone_is_not_the_providers_however_it_is_written(written: str) -> None:
    assert faults(WHOLE, phones=(written,)) == {"notice.phone"}


def test_languages_sites_and_window_are_checked() -> None:
    assert faults(WHOLE, spoken=("zh-Hans", "en")) == {"languages"}
    assert faults(replace(WHOLE, sites=())) == {"sites"}
    assert faults(replace(WHOLE, closes_at=NOW)) == {"closes_at"}


def test_the_window_holds_its_first_moment_and_not_its_last() -> None:
    assert WHOLE.in_window(WHOLE.opens_at)
    assert not WHOLE.in_window(WHOLE.closes_at)
    assert not WHOLE.in_window(datetime(2020, 1, 1, tzinfo=UTC))
