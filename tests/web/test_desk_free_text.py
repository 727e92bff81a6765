"""Free text at the desk and over the API: read by question, site and tag; tags in bulk, gone with their answer."""

import re
from html import unescape

import pytest
from accounts import As, refusal
from at_desk import Desk
from factories import EVALUATOR, KEY, NOW, Opened, issue, open_campaign
from flask import Flask

from service.operations import acts
from service.operations.collect import campaigns, responses, seals
from service.operations.collect.responses import Submission
from service.operations.collect.texts import UNTAGGED
from service.store.collect import texts as stored

PATH = "/desk/campaigns/campaign-1/texts"
WORDS = ("ramp too steep", "lift is broken", "friendly people", "ramp needs a rail", "opens too late")


@pytest.fixture
def opened(app: Flask) -> Opened:
    """Five people wrote something, a sixth nothing; east and west by turns."""
    made = open_campaign(count=3, questionnaire="feedback-card")
    made.codes = [code for pair in zip(made.codes, issue(made, 3, site="west"), strict=True) for code in pair]
    made.receipts = []  # type: ignore[attr-defined]
    for place, words in enumerate((*WORDS, "")):
        answers = {"about": ["place"], "may_pass_on": ["words"], "pass_on_to": ["provider"]}
        answers |= {"words": words} if words else {}
        sent = Submission(f"submission-{place:04}", answers, duration_s=30.0)
        made.receipts.append(responses.submit(made.codes[place], sent, NOW, [KEY]).receipt)
    seals.seal(made.id)
    return made


def shown(page: str) -> dict[str, tuple[str, list[str]]]:
    """Text -> (random id, its tags)."""
    found = {}
    for part in page.split('<li class="answer">')[1:]:
        id = re.search(r'name="responses" value="([0-9a-f]{32})"', part)[1]
        said = unescape(re.search(r'class="said"[^>]*>([^<]*)<', part)[1])
        found[said] = (id, re.findall(r'class="tag">([^<]+)<', part.partition("</li>")[0]))
    return found


def test_texts_are_read_tagged_and_filtered(app, opened):
    desk = Desk(app, "evaluator")
    page = desk.open(PATH).text
    assert set(shown(page)) == set(WORDS)
    assert "Written answers to this question: 5" in page
    ids = {words: id for words, (id, _) in shown(page).items()}
    desk.send(PATH, button=[("act", "add")], responses=[ids[WORDS[0]], ids[WORDS[3]]], new_tag=" access  ramp ")
    page = desk.follow().text
    assert "Texts changed: 2" in page
    assert {words for words, (_, tags) in shown(page).items() if tags == ["access ramp"]} == {WORDS[0], WORDS[3]}
    assert set(shown(desk.open(f"{PATH}?tag=access ramp").text)) == {WORDS[0], WORDS[3]}
    assert set(shown(desk.open(f"{PATH}?tag={UNTAGGED}").text)) == {WORDS[1], WORDS[2], WORDS[4]}
    assert set(shown(desk.open(f"{PATH}?site=west").text)) == {WORDS[1], WORDS[3]}
    assert set(shown(desk.open(f"{PATH}?site=west&tag=access ramp").text)) == {WORDS[3]}
    desk.open(f"{PATH}?tag=access ramp")
    desk.send(PATH, button=[("act", "remove")], responses=[ids[WORDS[0]]], known_tag="access ramp")
    assert set(shown(desk.follow().text)) == {WORDS[3]}
    entries = [one for one in acts.journal_entries(["project:project-1"]) if one.act.startswith("texts.")]
    assert [one.act for one in entries] == ["texts.tagged", "texts.untagged"]
    told = str([vars(one) for one in entries])
    assert not [id for id in ids.values() if id in told]


def test_what_is_left_out_is_said_and_what_was_chosen_is_kept(app, opened):
    desk = Desk(app, "evaluator")
    ids = [id for id, _ in shown(desk.open(PATH).text).values()]
    answer = desk.send(PATH, button=[("act", "add")], responses=ids[:2])
    assert answer.status_code == 422
    assert "Please name a tag." in answer.text
    assert answer.text.count(" checked>") == 2
    desk.open(PATH)
    answer = desk.send(PATH, button=[("act", "add")], new_tag="late")
    assert "Please choose one text or more." in answer.text
    desk.open(PATH)
    assert desk.send(PATH, button=[("act", "add")], new_tag="x" * 41, responses=ids[:1]).status_code == 422
    desk.open(PATH)
    answer = desk.send(PATH, button=[("act", "add")], new_tag="late", responses=["0" * 32])
    assert answer.status_code == 404
    assert stored.of_question("campaign-1", "words") == []


def test_a_tag_goes_with_the_answer_that_is_withdrawn(app, opened):
    desk = Desk(app, "evaluator")
    ids = {words: id for words, (id, _) in shown(desk.open(PATH).text).items()}
    desk.send(PATH, button=[("act", "add")], responses=list(ids.values()), new_tag="kept")
    responses.withdraw(opened.receipts[0])
    assert {one.response for one in stored.of_question("campaign-1", "words")} == set(ids.values()) - {ids[WORDS[0]]}
    assert set(shown(desk.open(f"{PATH}?tag=kept").text)) == set(WORDS[1:])


def test_the_api_tells_and_does_the_same_for_the_evaluator_alone(app, opened):
    evaluator = As(app.test_client(), "evaluator")
    address = "/campaigns/campaign-1/texts"
    first = evaluator.get(address, query_string={"question": "words", "size": 2}).json
    seen, following = list(first["texts"]), first["next_cursor"]
    while following is not None:
        more = evaluator.get(address, query_string={"question": "words", "size": 2, "cursor": following}).json
        seen, following = seen + more["texts"], more["next_cursor"]
    assert {one["text"]: one["response"] for one in seen} == {
        words: id for words, (id, _) in shown(Desk(app, "evaluator").open(PATH).text).items()
    }
    sent = {"question": "words", "tag": "all", "responses": [one["response"] for one in seen]}
    assert evaluator.post(f"{address}/tags", sent).json == {"changed": 5}
    assert evaluator.post(f"{address}/tags", sent).json == {"changed": 0}
    assert evaluator.get(f"{address}/tags", query_string={"question": "words"}).json == {"tags": {"all": 5}}
    refusal(evaluator.get(address, query_string={"question": "about"}), 422, "invalid")
    for role in ("purchaser", "provider", "authority", "auditor"):
        refusal(As(app.test_client(), role).get(address, query_string={"question": "words"}), 403, "forbidden")
        assert Desk(app, role).open(PATH).status_code == 403
    stranger = As(app.test_client(), "evaluator", "other-org")
    refusal(stranger.post(f"{address}/tags", sent), 404, "not_found")
    assert Desk(app, "evaluator", "other-org").open(PATH).status_code == 404


@pytest.mark.rule("N01")
def test_a_tag_becomes_a_theme_that_the_provider_hears_in_the_evaluators_words(app, client):
    opened = open_campaign(count=11, questionnaire="feedback-card")
    for place, code in enumerate(opened.codes):
        answers = {"about": ["place"], "words": f"ramp too steep {place}"}
        responses.submit(code, Submission(f"submission-{place:04}", answers, duration_s=30.0), NOW, [KEY])
    seals.seal(opened.id)
    desk = Desk(app, "evaluator")
    ids = [id for id, _ in shown(desk.open(PATH).text).values()]
    desk.send(PATH, button=[("act", "add")], responses=ids[:9], new_tag="access")
    theme = "/desk/campaigns/campaign-1/themes/new?question=words&tag=access"
    assert theme.replace("&", "&amp;") in desk.open(f"{PATH}?tag=access").text
    said = {"title": "Access", "text": "Please look at the way in.", "working_days": "10"}
    assert "Texts with the tag “access”: 9." in desk.open(theme).text
    assert desk.send(theme, **said).status_code == 409  # people may still answer
    assert campaigns.change_state(EVALUATOR, NOW, opened.id, "final", campaigns.get(EVALUATOR, opened.id).version)
    few = desk.send(theme, **said)
    assert few.status_code == 422
    assert "Fewer than 10 answers stand behind this theme" in few.text
    desk.open(PATH)
    desk.send(PATH, button=[("act", "add")], responses=ids[9:], known_tag="access", new_tag="")
    assert "Texts with the tag “access”: 11." in desk.open(theme).text
    assert desk.send(theme, **said | {"text": ""}).status_code == 422
    told = desk.send(theme, **said | {"text": "They say: the ramp too steep, on Monday."})
    assert "This names a time (Monday)" in told.text
    assert desk.send(theme, **said).status_code == 303
    case = As(client, "provider").get(desk.page.location.removeprefix("/desk")).json
    assert (case["source"], case["title"], case["passed"]) == ("theme", "Access", None)
    assert Desk(app, "purchaser").open(theme).status_code == 403


def test_one_answer_becomes_a_case_with_what_its_person_ticked(app, opened, client):
    desk = Desk(app, "evaluator")
    ids = {words: id for words, (id, _) in shown(desk.open(PATH).text).items()}
    path = f"{PATH}/{ids['lift is broken']}/follow-up"
    assert path in desk.page.text
    page = desk.open(path).text
    assert "<dd>lift is broken</dd>" in page
    assert "<dt>Site</dt>" not in page
    said = {"title": "The lift", "text": "Please repair it.", "working_days": "5"}
    assert desk.send(path, **said | {"working_days": "none"}).status_code == 422
    assert desk.send(path, **said).status_code == 303
    address = desk.page.location.removeprefix("/desk")
    case = As(client, "provider").get(address).json
    assert (case["source"], case["passed"]) == ("individual", {"words": "lift is broken"})
    assert case == As(client, "evaluator").get(address).json
    assert As(client, "purchaser").get(address).status_code == 404
    silent = Submission("submission-0009", {"about": ["place"], "words": "say nothing"}, duration_s=30.0)
    responses.submit(issue(opened, 1)[0], silent, NOW, [KEY])
    seals.seal(opened.id)
    [(id, _)] = [found for words, found in shown(desk.open(PATH).text).items() if words == "say nothing"]
    assert f"{PATH}/{id}/follow-up" not in desk.page.text
    assert desk.open(f"{PATH}/{id}/follow-up").status_code == 409
