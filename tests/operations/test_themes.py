"""What becomes of ratings: nothing by itself, except in a window service; a theme; and what a person has ticked."""

from datetime import timedelta

import pytest
from factories import EVALUATOR, KEY, NOW, PROVIDER, Opened, issue, open_campaign

from service.domain.access import Actor
from service.domain.errors import Refused
from service.operations.acts import journal_entries
from service.operations.collect import campaigns, responses, seals
from service.operations.collect.responses import Submission
from service.operations.inspect import follow_ups, themes
from service.store.collect import responses as stored

AUTHORITY = Actor("authority-1", "authority", "authority-org", ("authority",))
WORDS = "工作人员说话很不耐烦，还把我的资料弄丢了。"


def answer(opened: Opened, *given: dict[str, object]) -> list[str]:
    """The ids of the sealed answers."""
    codes = issue(opened, len(given))
    for code, answers in zip(codes, given, strict=True):
        responses.submit(code, Submission(f"submission-{code}", answers), NOW, (KEY,))
    seals.seal(opened.id)
    return [response.final_id for response in stored.each(opened.id)]


def close(opened: Opened) -> None:
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", campaigns.get(EVALUATOR, opened.id).version)


def reason(call, *args, **more) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value.reason


@pytest.mark.rule("O03")
def test_bad_ratings_of_a_window_service_become_cases_once_and_good_ones_do_not(database):
    opened = open_campaign(1, questionnaire="service-rating")
    bad = {"overall": "1", "wrong": ["attitude", "money"], "words": WORDS, "helped": "family"}
    answer(opened, bad, {"overall": "2", "wrong": ["speed"]}, {"overall": "3"}, {"overall": "5"})
    assert [themes.open_ratings(NOW, opened.id), themes.open_ratings(NOW, opened.id)] == [2, 0]
    cases = follow_ups.of_project(PROVIDER, "project-1")
    assert {case.source for case in cases} == {"rating"}
    assert sorted(case.passed["overall"] for case in cases) == ["1", "2"]
    [worst] = [case for case in cases if case.passed["overall"] == "1"]
    assert worst.passed == {"overall": "1", "wrong": "attitude money", "words": WORDS, "#site": "east"}
    assert worst.due_on > (NOW + timedelta(days=19)).date()
    assert "Example" in worst.basis
    said = [entry.details for entry in journal_entries(["project:project-1"]) if entry.act == "follow_up.opened"]
    assert len(said) == 2
    assert WORDS not in str(said)
    assert all(response.final_id not in str(cases) for response in stored.each(opened.id))


def test_no_rating_of_a_social_service_becomes_a_case_by_itself(database):
    opened = open_campaign(1)
    answer(opened, {"satisfaction": "Low"})
    assert themes.open_ratings(NOW, opened.id) == 0
    assert follow_ups.of_project(EVALUATOR, "project-1") == []


def test_a_theme_goes_out_after_the_window_with_enough_answers_behind_it_and_leads_to_nobody(database):
    opened = open_campaign(1, questionnaire="feedback-card")
    ids = answer(opened, *[{"about": ["staff"], "words": f"{WORDS}{number}"} for number in range(10)])
    said = ("接待态度", "不少服务对象希望接待更耐心。", ids, 10)
    assert reason(themes.release, EVALUATOR, NOW, "theme-1", opened.id, *said) == "window_open"
    close(opened)
    few = ("接待态度", "希望接待更耐心。", [*ids[:9], ids[0], "0" * 32], 10)
    assert reason(themes.release, EVALUATOR, NOW, "theme-1", opened.id, *few) == "invalid"
    told = ("接待态度", f"有人写道：{WORDS}", ids, 10)
    assert reason(themes.release, EVALUATOR, NOW, "theme-1", opened.id, *told) == "invalid"
    assert reason(themes.release, PROVIDER, NOW, "theme-1", opened.id, *said) == "forbidden"

    made, new = themes.release(EVALUATOR, NOW, "theme-1", opened.id, *said)
    assert (new, made.source, made.passed) == (True, "theme", None)
    [seen] = follow_ups.of_project(PROVIDER, "project-1")
    assert all(id not in str(seen) for id in ids)


def test_one_answer_goes_out_only_as_its_person_ticked(database):
    opened = open_campaign(1, questionnaire="feedback-card")
    silent = {"about": ["money"], "words": WORDS}
    to_authority = silent | {"may_pass_on": ["words"], "pass_on_to": ["authority"]}
    to_provider = {"about": ["staff", "place"], "words": WORDS, "helped": "family"}
    to_provider |= {"may_pass_on": ["choices"], "pass_on_to": ["provider"]}
    answer(opened, silent, to_authority, to_provider)
    found = {response.answers["about"]: response for response in stored.each(opened.id) if "helped" in response.answers}
    others = [response for response in stored.each(opened.id) if "helped" not in response.answers]
    for response in others:
        asked = (EVALUATOR, NOW, "case-1", opened.id, response.final_id, "收费", "请核实。", 10)
        assert reason(themes.pass_on, *asked) == "not_passed_on"
    told = ("工作人员", "请核实。", 10)
    made, _ = themes.pass_on(EVALUATOR, NOW, "case-2", opened.id, found["staff place"].final_id, *told)
    assert made.passed == {"about": "staff place"}
    assert follow_ups.get(PROVIDER, "case-2").whom == ("provider",)
    assert reason(follow_ups.get, AUTHORITY, "case-2") == "not_found"
    assert follow_ups.of_project(AUTHORITY, "project-1") == []


def test_a_questionnaire_that_does_not_ask_lets_nothing_out(database):
    opened = open_campaign(1)
    [id] = answer(opened, {"satisfaction": "Low"})
    assert reason(themes.pass_on, EVALUATOR, NOW, "case-1", opened.id, id, "a", "b", 10) == "not_passed_on"
