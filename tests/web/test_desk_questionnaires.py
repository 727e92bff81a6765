"""The desk's pages of authoring: from a template to a version, faults beside their lines, two editors, comparisons."""

import io
import re
from html import unescape
from typing import Any

import pytest
from at_desk import signed_in
from every_kind import definition as every_kind
from factories import EVALUATOR, NOW, make_project, publish
from flask import Flask
from flask.testing import FlaskClient
from questionnaire_samples import sample, text

from service.domain import yaml_texts
from service.domain.collect.drafts import QuestionnaireDraft
from service.operations.collect import drafts, questionnaires, trials

LIST, DRAFT = "/desk/questionnaires", "/desk/questionnaires/sample"


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    make_project()
    return signed_in(app, "evaluator")


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def post(desk: FlaskClient, at: str, to: str = "", **data: Any) -> Any:
    """Send a form of the page `at` with its token."""
    token = field(desk.get(at).text, "_token")
    return desk.post(to or at, data={"_token": token, **data})


def begin(plain: dict[str, Any] | None = None, **changes: Any) -> QuestionnaireDraft:
    plain = dict(plain or sample(**changes))
    del plain["version"]
    return drafts.create(EVALUATOR, NOW, plain["id"], yaml_texts.dump(plain))[0]


def change(text: str, version: int = 1) -> None:
    drafts.change(EVALUATOR, NOW, "sample", text, version)


def test_a_draft_begins_from_a_template_and_the_list_says_where_it_stands(desk: FlaskClient) -> None:
    page = desk.get(f"{LIST}?lang=en").text
    assert "none yet" in page
    begun = post(desk, LIST, template="recipients", id="ours")
    assert (begun.status_code, begun.location) == (303, f"{LIST}/ours")
    page = desk.get(begun.location).text
    assert "begun from the template recipients" in page
    assert "Not tried out yet" in page
    assert "Publish version" not in page
    assert "Draft of version 1" in desk.get(LIST).text
    again = post(desk, LIST, template="workers", id="ours")
    assert again.status_code == 409
    assert "already used" in again.text
    bad = post(desk, LIST, template="", id="Bad <name>")
    assert bad.status_code == 422
    assert 'value="Bad &lt;name&gt;"' in bad.text
    assert post(desk, LIST, template="", id="empty").status_code == 303
    assert "Faults: 5" in desk.get(f"{LIST}/empty").text


def test_faults_stand_beside_their_paths_and_nothing_typed_is_lost(desk: FlaskClient) -> None:
    begin()
    lines = (
        "# 注释",
        "id: sample",
        "languages: [en]",
        "title: {en: '<b>T</b>'}",
        "questions:",
        "- id: q1",
        "  kind: magic",
    )
    typed = "\r\n".join(lines)
    saved = post(desk, DRAFT, version=1, text=typed)
    assert saved.status_code == 303
    page = desk.get(f"{DRAFT}?lang=en").text
    assert "<code>questions.0.kind</code> (line 7) magic is not a kind of question" in page
    assert "&lt;b&gt;T&lt;/b&gt;" in page
    assert drafts.get(EVALUATOR, "sample").text == typed.replace("\r\n", "\n")
    assert "Try it out" not in page
    stopped = desk.get(f"{DRAFT}/try")
    assert stopped.status_code == 422
    assert "still has faults" in stopped.text
    unreadable = post(desk, DRAFT, version=2, text="a: [")
    assert unreadable.status_code == 303
    assert "<code>line 1</code> Not readable as YAML" in desk.get(DRAFT).text
    too_long = post(desk, DRAFT, version=3, text="x" * 400_001)
    assert too_long.status_code == 422
    assert "longer than 400000 characters" in too_long.text
    assert post(desk, DRAFT, version="x", text="x").status_code == 428


def test_who_saves_too_late_sees_both_texts_and_may_still_save(desk: FlaskClient) -> None:
    begin()
    change("id: sample\n# theirs\n")
    late = post(desk, f"{DRAFT}?lang=en", DRAFT, version=1, text="id: sample\n# mine\n")
    assert late.status_code == 412
    assert "Somebody else saved this draft meanwhile" in late.text
    assert "<code>2: # theirs</code>" in late.text
    assert "<code>2: # mine</code>" in late.text
    assert drafts.get(EVALUATOR, "sample").text == "id: sample\n# theirs\n"
    token, version = field(late.text, "_token"), field(late.text, "version")
    assert (
        desk.post(DRAFT, data={"_token": token, "version": version, "text": "id: sample\n# mine\n"}).status_code == 303
    )
    assert drafts.get(EVALUATOR, "sample").text == "id: sample\n# mine\n"


# --- trying out


def test_a_draft_is_tried_on_the_phone_page_and_published_as_tried(desk: FlaskClient) -> None:
    begin()
    page = desk.get(f"{DRAFT}/try?lang=en")
    assert page.status_code == 200
    assert "This is a test." in page.text
    assert 'href="/desk/questionnaires/sample"' in page.text
    assert not re.search(r"<form[^>]* data-keep", page.text)  # nothing is kept in the browser to be sent again
    assert 'name="q1"' in page.text
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    action = unescape(re.search(r'id="_f" method="post" action="([^"]+)"', page.text)[1])  # type: ignore[index]
    missing = desk.post(action, data=hidden)
    assert missing.status_code == 422
    assert "Please answer this question." in missing.text
    in_chinese = desk.post(action, data=hidden | {"_switch": "zh-Hans", "q1": "4"})
    assert '<html lang="zh-Hans"' in in_chinese.text
    assert re.search(r'name="q1" value="4"[^>]* checked', in_chinese.text)
    sent = desk.post(action, data=hidden | {"q1": "5", "m1/r1": "4", "t1": "words", "helped": "no"})
    assert (sent.status_code, sent.location) == (303, DRAFT)
    draft = desk.get(f"{DRAFT}?lang=en").text
    assert "Test answers to this text: 1" in draft
    assert "left out × 1" in draft
    assert "something written × 1" in draft
    (given,) = trials.of_draft(EVALUATOR, "sample").present
    assert dict(given.answers) == {"q1": "5", "m1/r1": "4", "t1": "words", "helped": "no"}
    published = post(desk, DRAFT, f"{DRAFT}/publish", version=1)
    assert (published.status_code, published.location) == (303, f"{LIST}/sample@1")
    version = desk.get(f"{LIST}/sample@1?lang=en").text
    assert "Tried out here with test answers: 1." in version
    assert given.digest in version


def test_trying_does_not_change_the_language_of_the_desk(desk: FlaskClient) -> None:
    begin()
    desk.get(f"{LIST}?lang=zh-Hans")
    assert '<html lang="en"' in desk.get(f"{DRAFT}/try?lang=en").text
    assert '<html lang="zh-Hans"' in desk.get(LIST).text


def test_answers_to_a_text_that_changed_meanwhile_are_not_taken(desk: FlaskClient) -> None:
    begin()
    page = desk.get(f"{DRAFT}/try?lang=en").text
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    change(yaml_texts.dump({k: v for k, v in sample(population="workers").items() if k != "version"}))
    late = desk.post(f"{DRAFT}/try?form=1&lang=en", data=hidden | {"q1": "5"})
    assert late.status_code == 412
    assert trials.of_draft(EVALUATOR, "sample").older == ()


def test_older_test_answers_are_marked_and_can_be_deleted(desk: FlaskClient) -> None:
    begin()
    trials.answer(EVALUATOR, NOW, "sample", {"q1": "5"})
    change(yaml_texts.dump({k: v for k, v in sample(population="workers").items() if k != "version"}))
    page = desk.get(f"{DRAFT}?lang=en").text
    assert "Of an older text, counted no more: 1." in page
    refused = post(desk, DRAFT, f"{DRAFT}/publish", version=2)
    assert refused.status_code == 409
    assert "Send a test answer first." in refused.text
    assert post(desk, DRAFT, f"{DRAFT}/answers/delete").status_code == 303
    assert trials.of_draft(EVALUATOR, "sample").older == ()


def test_every_kind_of_question_can_be_tried_screen_by_screen(desk: FlaskClient) -> None:
    begin(every_kind())
    at = f"{LIST}/every-kind"
    picture = (io.BytesIO(b"any bytes: test answers keep no picture"), "shot.jpg")
    page = desk.get(f"{at}/try?lang=en")
    for given in ({"used": "yes"}, {"advise": "7"}, {"wish": "more"}, {"_photo/photo": picture}):
        assert page.status_code == 200, page.text
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        page = desk.post(f"{at}/try?form=1&lang=en", data=hidden | given, content_type="multipart/form-data")
    assert (page.status_code, page.location) == (303, at)
    (answer,) = trials.of_draft(EVALUATOR, "every-kind").present
    assert {key: value for key, value in answer.answers.items() if not key.startswith("_")} == {
        "used": "yes",
        "advise": "7",
        "wish": "more",
        "photo": "0" * 32,
    }
    shown = desk.get(f"{at}?lang=en").text
    assert shown.count("something written × 1") == 2


# --- versions


def test_a_change_is_compared_in_words_and_side_by_side(desk: FlaskClient) -> None:
    questionnaires.publish(EVALUATOR, NOW, sample())
    begun = post(desk, f"{LIST}/sample@1", LIST, from_version="sample@1")
    assert begun.location == DRAFT
    second = sample(version=2)
    second["questions"][0]["label"]["en"] = "Satisfied <all in all>?"
    second["questions"][2] = {"id": "extra", "kind": "text", "label": text("extra")}
    change(yaml_texts.dump({k: v for k, v in second.items() if k != "version"}))
    assert "What changed since sample@1" in desk.get(f"{DRAFT}?lang=en").text
    page = desk.get(f"{LIST}/sample@1/compare/sample?lang=en").text
    table = page.split('id="t-changes"')[1].split("</table>")[0]
    told = re.findall(r'<th scope="row">([^<]+)', table)
    assert [each.strip() for each in told] == ["Wording changed", "Question added", "Question removed"]
    assert "Satisfied &lt;all in all&gt;?" in table
    texts = page.split('id="t-texts"')[1]
    assert texts.count('class="changed"') == 3
    assert texts.index("m1") < texts.index("t1") < texts.index("extra")  # a removed question stands where it was
    chinese = desk.get(f"{LIST}/sample@1/compare/sample?lang=zh-Hans").text
    assert "措辞有改动" in chinese
    assert "Nothing differs" in desk.get(f"{LIST}/sample@1/compare/sample@1?lang=en").text


def test_a_version_links_to_what_changed_and_is_never_edited(desk: FlaskClient) -> None:
    for number in (1, 2):
        questionnaires.publish(EVALUATOR, NOW, sample(version=number))
    page = desk.get(f"{LIST}/sample@2?lang=en").text
    assert "What changed since sample@1" in page
    assert "Published from a file that was tried out elsewhere." in page
    assert "<textarea" not in page
    assert "What changed up to sample@2" in desk.get(f"{LIST}/sample@1").text
    assert desk.get(f"{LIST}/sample@3").status_code == 404


def test_deleting_a_draft_needs_its_version(desk: FlaskClient) -> None:
    begin()
    stale = post(desk, DRAFT, f"{DRAFT}/delete", version=7)
    assert stale.status_code == 412
    gone = post(desk, DRAFT, f"{DRAFT}/delete", version=1)
    assert (gone.status_code, gone.location) == (303, LIST)
    assert desk.get(DRAFT).status_code == 404


# --- who


def test_others_read_versions_and_see_no_draft(app: Flask, desk: FlaskClient) -> None:
    publish("recipients")
    begin()
    for role in ("provider", "purchaser", "authority", "auditor"):
        client = signed_in(app, role)
        page = client.get(f"{LIST}?lang=en")
        assert page.status_code == 200
        assert "recipients" in page.text
        assert "sample" not in page.text
        assert "<select" not in page.text
        assert client.get(f"{LIST}/recipients@1").status_code == 200
        assert client.get(DRAFT).status_code == 403
        assert client.get(f"{DRAFT}/try").status_code == 403
    assert signed_in(app, "evaluator", "other-org").get(DRAFT).status_code == 404


def test_forms_without_the_token_change_nothing(desk: FlaskClient) -> None:
    begin()
    for path in ("", "/publish", "/delete", "/answers/delete", "/try"):
        assert desk.post(f"{DRAFT}{path}", data={"version": "1", "text": "x", "q1": "5"}).status_code == 403
    assert desk.post(LIST, data={"template": "recipients"}).status_code == 403
    assert drafts.get(EVALUATOR, "sample").version == 1
