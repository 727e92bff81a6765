"""The desk's pages of a campaign with every kind of question, of a draft, and of one without answers."""

import re
from html import unescape

import pytest
from at_desk import table
from demo_round import make_people, sign_in
from factories import EVALUATOR, NOW, make_campaign, make_project, open_campaign
from flask import Flask

from service.operations.collect import campaigns, responses, seals
from service.operations.collect.responses import Submission

CAMPAIGN = "/desk/campaigns/campaign-1?lang=en"
ANSWERS = "/desk/campaigns/campaign-1/responses?lang=en"
FULL = {
    "facts": {"place": "yes", "services": "yes", "staff": "yes", "channel": "no", "funding": "no"},
    "overall": "5",
    "aspects": {"attitude": "4", "skill": "_cannot_say", "timing": "4", "needs": "2"},
    "wish": "多搞活动\n<b>谢谢</b>",
    "helped": "no",
}


@pytest.fixture
def answered(app: Flask) -> Flask:
    """Three answers of which one was helped by staff, and a fourth slip that nobody used."""
    opened = open_campaign(count=4, questionnaire="recipients")
    for place, answers in enumerate((FULL, {"overall": "2"}, {"overall": "5", "helped": "service_staff"})):
        responses.submit(opened.codes[place], Submission(f"submission-{place}", answers), NOW, [opened.key])
    seals.seal(opened.id)
    make_people()
    return app


def test_awareness_items_and_staff_helped_answers_are_shown_apart(answered):
    page = unescape(sign_in(answered).get(CAMPAIGN).text)
    assert table(page, "t-awareness")[1] == ["0", "0", "0", "1", "0", "0", "1", "100.0%"]
    assert "Helped by staff of the service, shown apart and in no other figure: 1 answers." in page
    figures = table(page, "t-figures-satisfaction")
    assert figures[-1][:4] == ["All sites", "4", "3", "2"]
    assert figures[-1][5] == "50.0%"
    skill = next(row for row in table(page, "t-items-satisfaction") if row[3] == "1")
    assert skill[1:3] == ["0", "–"]
    alpha = re.sub(r"<[^>]*>", "", page.split('class="small alpha">')[1].split("</p>")[0])
    assert alpha == "Agreement of the items (Cronbach's alpha): Fewer than thirty persons answered all items."
    # One item without a valid answer: no index, and the reason in its place.
    assert "An item of the scale has no valid answer; leaving it out would change its meaning." in figures[-1][4]


def test_answers_of_every_kind_are_readable_and_free_text_stays_text(answered):
    page = sign_in(answered).get(ANSWERS).text
    assert "多搞活动\n&lt;b&gt;谢谢&lt;/b&gt;" in page
    assert {"Cannot say", "Very satisfied", "left out"} <= set(re.findall(r"<dd[^>]*>([^<]+)</dd>", page))
    assert "staff of this service" in page


def test_a_draft_has_figures_no_more_than_answers(app):
    make_project()
    make_campaign()
    make_people()
    client = sign_in(app)
    assert "The campaign has not been opened: there are no answers." in client.get(CAMPAIGN).text
    assert client.get(ANSWERS).status_code == 410


def test_an_open_campaign_without_answers_says_so_for_each_site(app):
    open_campaign(count=3)
    make_people()
    client = sign_in(app)
    page = unescape(client.get(CAMPAIGN).text)
    (east,) = (row for row in table(page, "t-figures-satisfaction") if row[0] == "East")
    assert east[1:4] == ["3", "0", "0"]
    assert east[4:6] == ["Nobody has given a valid answer."] * 2
    assert east[8] == "0.0%"
    assert "There are no answers here yet." in client.get(ANSWERS).text


def test_a_closed_campaign_keeps_its_answers_readable(answered):
    there = campaigns.get(EVALUATOR, "campaign-1")
    campaigns.change_state(EVALUATOR, NOW, there.id, "final", there.version)
    client = sign_in(answered)
    assert "Closed, figures frozen" in client.get(CAMPAIGN).text
    page = client.get(ANSWERS).text
    assert len(re.findall(r'id="r-', page)) == 3
    assert 'id="waiting"' not in page
