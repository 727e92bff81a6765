"""Pages of a campaign's figures: by group, question by question, joined, released; each the API's own numbers."""

from html import unescape

import pytest
from accounts import As
from at_desk import Desk, table
from factories import EVALUATOR, KEY, NOW, Opened, issue, make_campaign, open_campaign
from flask import Flask

from service.domain.estimates.figures import DESIGNS, LIMITS
from service.operations.collect import campaigns, responses, satisfaction, seals
from service.operations.collect.responses import Submission

CAMPAIGN, PROJECT = "/desk/campaigns/campaign-1", "/desk/projects/project-1"
LEVELS = ("1", "4", "5")


def answer(codes: list[str], mode: str = "own_phone") -> None:
    for number, code in enumerate(codes):
        answers = {"overall": LEVELS[number % 3], "helped": "no"}
        responses.submit(code, Submission(f"submission-{code}", answers, mode=mode), NOW, [KEY])


@pytest.fixture
def opened(app: Flask) -> Opened:
    """12 answers of the site east, 13 of west."""
    made = open_campaign(40, questionnaire="recipients")
    answer(made.codes[:12])
    answer(issue(made, 40, site="west")[:13])
    seals.seal(made.id)
    return made


def test_figures_by_group_are_those_of_the_api(app, opened):
    desk, api = Desk(app, "evaluator"), As(app.test_client(), "evaluator")
    for by in ("site", "mode"):
        groups = api.get("/campaigns/campaign-1/satisfaction", query_string={"by": by}).json["groups"]
        rows = table(desk.open(f"{CAMPAIGN}/sites?by={by}").text, "t-groups")[1:]
        told = [[str(one["estimate"][name]) for name in ("answered", "n")] for one in groups]
        assert [row[2:4] for row in rows] == told
        for one, row in zip(groups, rows, strict=True):
            assert row[5] == f"{100 * float(one['estimate']['satisfied']):.1f}%"
    rests = unescape(desk.open(f"{CAMPAIGN}/sites?by=site&lang=en").text).partition("What these figures rest on")[2]
    for _, one in satisfaction.figures(EVALUATOR, "campaign-1", by=("site",)).groups:
        figure = one.found("satisfied")
        assert DESIGNS[figure.design] in rests
        assert all(LIMITS[code] in rests for code in figure.limits)
    only = table(desk.open(f"{CAMPAIGN}/sites?by=mode&site=west").text, "t-groups")[1:]
    assert [row[2] for row in only] == ["13"]
    assert desk.open(f"{CAMPAIGN}/sites?by=nonsense&site=nowhere").status_code == 200


def test_every_question_is_shown_with_the_counts_of_the_api(app, opened):
    desk, api = Desk(app, "evaluator"), As(app.test_client(), "evaluator")
    told = api.get("/campaigns/campaign-1/questions", query_string={"by": "site"}).json
    page = desk.open(f"{CAMPAIGN}/questions?by=site").text
    assert page.count('class="question"') == len(told["groups"][0]["questions"])
    for place, each in enumerate(zip(*(group["questions"] for group in told["groups"]), strict=True), 1):
        rows = table(page, f"t-q-{place}")[1:]
        codes = list(each[0]["counts"])
        shown = [[cell.split()[0] for cell in row[1:]] for row in rows[: len(codes)]]
        assert shown == [[str(one["counts"][code]) for one in each] for code in codes], each[0]["id"]
    assert f'href="{CAMPAIGN}/texts?question=' in page
    place = [one["id"] for one in told["groups"][0]["questions"]].index("overall") + 1
    whole = table(desk.open(f"{CAMPAIGN}/questions?site=east").text, f"t-q-{place}")[1:]
    assert sum(int(row[1].split()[0]) for row in whole[:5]) == 12


def test_several_campaigns_are_joined_as_over_the_api(app, opened):
    second = make_campaign("campaign-2", "recipients")
    made = Opened(campaigns.change_state(EVALUATOR, NOW, second.id, "open", second.version), KEY)
    answer(issue(made, 10)[:6])
    asked = {"campaigns": "campaign-1,campaign-2"}
    desk, api = Desk(app, "evaluator"), As(app.test_client(), "evaluator")
    [group] = api.get("/projects/project-1/satisfaction", query_string=asked).json["groups"]
    page = desk.open(f"{PROJECT}/joined?campaigns=campaign-1&campaigns=campaign-2").text
    [row] = table(page, "t-joined")[1:]
    assert row[2:4] == [str(group["estimate"][name]) for name in ("answered", "n")]
    assert row[2] == "31"
    other = make_campaign("campaign-3", "copenhagen-housing")
    campaigns.change_state(EVALUATOR, NOW, other.id, "open", other.version)
    refused = desk.open(f"{PROJECT}/joined?campaigns=campaign-1&campaigns=campaign-3")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert desk.open(f"{PROJECT}/joined").status_code == 200


def test_a_release_is_made_on_its_page_and_read_by_each_as_far_as_they_may(app, opened):
    desk = Desk(app, "evaluator")
    desk.open(f"{CAMPAIGN}/releases/new")
    assert desk.send(f"{CAMPAIGN}/releases/new", tables=["site", "site+mode"], minimum="4").status_code == 422
    desk.open(f"{CAMPAIGN}/releases/new")
    assert desk.send(f"{CAMPAIGN}/releases/new", tables=["site", "site+mode"]).status_code == 303
    page = desk.follow().text
    assert "The release has been made." in page
    content = As(app.test_client(), "purchaser").get("/campaigns/campaign-1/releases/1").json["content"]
    for number, one in enumerate(content["tables"], 1):
        rows = table(page, f"t-release-{number}")[1:]
        assert [row[1] for row in rows] == [str(each["figures"]["with"]["n"]) for each in one["rows"]]
    assert [row[0] for row in table(page, "t-release-2")[1:]] == ["East", "West"]
    for role in ("purchaser", "authority"):
        reader = Desk(app, role)
        assert table(reader.open(f"{CAMPAIGN}/releases/1").text, "t-release-2")[1:] == table(page, "t-release-2")[1:]
        assert reader.open(f"{CAMPAIGN}/releases/new").status_code == 403
    provider = Desk(app, "provider")
    seen = provider.open(f"{CAMPAIGN}/releases/1").text
    assert table(seen, "t-totals")[1:] == [["East", "12"], ["West", "13"]]
    assert "t-release-1" not in seen
    assert f'href="{CAMPAIGN}/releases/1"' in provider.open(f"{CAMPAIGN}/releases").text
    assert Desk(app, "evaluator", "other-org").open(f"{CAMPAIGN}/releases/1").status_code == 404


def test_others_see_of_a_campaign_its_coarse_totals_and_its_releases(app, opened):
    for role in ("purchaser", "provider"):
        page = Desk(app, role).open(CAMPAIGN).text
        assert [row[1] for row in table(page, "t-totals")[1:]] == ["10", "10"]
        assert f'href="{CAMPAIGN}/releases"' in page
        assert "t-figures" not in page
        assert "own phone" not in page
        for part in ("sites", "questions", "responses", "texts"):
            assert Desk(app, role).open(f"{CAMPAIGN}/{part}").status_code == 403
    draft = make_campaign("campaign-9", "recipients")
    assert Desk(app, "provider").open(f"/desk/campaigns/{draft.id}").status_code == 410
    assert "has not been opened" in Desk(app, "purchaser").open(f"/desk/campaigns/{draft.id}").text
    evaluator = Desk(app, "evaluator").open(f"/desk/campaigns/{draft.id}").text
    assert f"campaigns/{draft.id}/questions" not in evaluator
