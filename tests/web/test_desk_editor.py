"""The questionnaire editor without a browser: from an empty draft to every kind of question; faults and conflicts."""

from html.parser import HTMLParser
from typing import Any

import pytest
from accounts import token_of
from at_desk import signed_in
from every_kind import definition as every_kind
from factories import EVALUATOR, NOW, make_project
from flask import Flask
from flask.testing import FlaskClient
from questionnaire_samples import sample
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from service.domain import yaml_texts
from service.domain.collect.questionnaires import parse, to_plain
from service.operations.collect import drafts
from service.web.auth import COOKIE

LIST = "/desk/questionnaires"


class Fields(HTMLParser):
    """The fields of the form with a version, as a browser without scripts would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[MultiDict[str, str]] = []
        self.value: str | None = None
        self.select, self.area = "", ""
        self.text: list[str] = []
        self.feed(page)

    @property
    def form(self) -> MultiDict[str, str]:
        return next(form for form in self.forms if "version" in form)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(MultiDict())
        if not self.forms:
            return
        form = self.forms[-1]
        if tag == "input" and "name" in has:
            if has.get("type") not in ("radio", "checkbox") or "checked" in has:
                form.add(has["name"], has.get("value", ""))
        elif tag == "select":
            self.select, self.value = has["name"], None
        elif tag == "option" and self.select and (self.value is None or "selected" in has):
            self.value = has.get("value", "")
        elif tag == "textarea":
            self.area, self.text = has.get("name", ""), []

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.forms[-1].add(self.area, "".join(self.text).removeprefix("\n"))
        if tag == "select":
            self.forms[-1].add(self.select, self.value or "")
            self.select = ""


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    make_project()
    return signed_in(app)


def begin(**changes: Any) -> str:
    plain = {name: value for name, value in sample(**changes).items() if name != "version"}
    drafts.create(EVALUATOR, NOW, "sample", yaml_texts.dump(plain))
    return f"{LIST}/sample"


def data(id: str = "sample") -> dict[str, Any]:
    found: dict[str, Any] = yaml_texts.load(drafts.get(EVALUATOR, id).text, "invalid")
    return found


def ids(id: str = "sample") -> list[str]:
    return [question["id"] for question in data(id)["questions"]]


def post(desk: FlaskClient, at: str, changes: dict[str, Any], to: str = "") -> TestResponse:
    """The form of a page as it stands, with some fields changed (a list: several values; None: not sent)."""
    page = desk.get(at)
    assert page.status_code == 200, (at, page.status_code)
    form = Fields(page.text).form
    for name, value in changes.items():
        form.poplist(name)
        for each in value if isinstance(value, list) else [] if value is None else [value]:
            form.add(name, each)
    return desk.post(to or at, data=form)


def texts(name: str, text: dict[str, str]) -> dict[str, str]:
    return {f"{name}.{language}": line for language, line in text.items()}


# --- every kind


STARTERS = {"rating": "stars", "text": "line"}
SIMPLE = ("min", "max", "decimals", "most", "max_length", "max_bytes")


def filled_in(question: dict[str, Any]) -> dict[str, Any]:
    """What a person does in the form of a question to make it so."""
    form: dict[str, Any] = {"id": question["id"], "shape": question.get("shape")}
    for name in ("label", "hint", "low", "high", "unit"):
        form |= texts(name, question.get(name, {}))
    for name in ("required", "cannot_say", "random_order", "short"):
        form[name] = "1" if question.get(name) else None
    form |= {name: str(question.get(name, "")) for name in SIMPLE}
    for name, key in (("options", "code"), ("rows", "id")):
        parts = question.get(name, [])
        form[name] = [f"k{place}" for place in range(len(parts))]
        for place, part in enumerate(parts):
            form |= {f"{name}.k{place}.{key}": part[key], **texts(f"{name}.k{place}.label", part["label"])}
            form |= {f"{name}.k{place}.{flag}": "1" for flag in ("exclusive", "fixed") if part.get(flag)}
    return form


def test_every_kind_of_question_is_built_from_an_empty_draft(desk: FlaskClient) -> None:
    wanted, at = every_kind(), f"{LIST}/every-kind"
    token = Fields(desk.get(LIST).text).forms[-1]["_token"]
    assert desk.post(LIST, data={"_token": token, "template": "", "id": "every-kind"}).status_code == 303
    assert post(desk, f"{at}/edit/whole", {"languages": wanted["languages"]}).location == f"{at}/edit/whole"
    whole = texts("title", wanted["title"]) | texts("purpose", wanted["purpose"]) | texts("source", wanted["source"])
    assert post(desk, f"{at}/edit/whole", whole | {"population": wanted["population"]}).status_code == 303
    for question in wanted["questions"]:
        add = f"{at}/edit/add" + (f"?after={ids('every-kind')[-1]}" if data("every-kind").get("questions") else "")
        added = post(desk, add, {"starter": STARTERS.get(question["kind"], question["kind"])}, f"{at}/edit/add")
        page = added.location.partition("?")[0]
        assert post(desk, page, filled_in(question)).location == f"{at}/edit#q-{question['id']}"
    for section in wanted["sections"]:
        post(desk, f"{at}/edit", {"do": f"begin-section {section['questions'][0]}"})
    for place, section in enumerate(wanted["sections"], 1):
        form = {"id": section["id"], **texts("title", section.get("title", {}))}
        if "when" in section:
            form |= {"when_way": "chosen", "when_part": [section["when"], ""]}
        assert post(desk, f"{at}/edit/sections/s{place}", form).status_code == 303
    made = drafts.read(drafts.get(EVALUATOR, "every-kind"))
    assert made.faults == ()
    assert made.questionnaire is not None
    assert to_plain(made.questionnaire) == to_plain(parse(wanted))
    assert made.questionnaire == parse(wanted)


def test_what_is_declared_for_counting_is_built_too(desk: FlaskClient) -> None:
    wanted = sample()
    bare = dict.fromkeys(("scales", "pairs", "weights", "awareness", "help"))
    at = begin()
    plain = {name: value for name, value in data().items() if name not in bare}
    drafts.change(EVALUATOR, NOW, "sample", yaml_texts.dump(plain), 1)
    scale = wanted["scales"]["satisfaction"]
    new = {"name": "satisfaction", "items": scale["items"], "headline": "q1", "best": "2", "do": "save"}
    assert post(desk, f"{at}/edit/counting/new", new).location == f"{at}/edit/counting"
    declared = {
        "weights": wanted["weights"],
        "pair_first": [pair[0] for pair in wanted["pairs"]],
        "pair_second": [pair[1] for pair in wanted["pairs"]],
        "help": "helped",
        "facts": wanted["awareness"]["items"],
        "known": wanted["awareness"]["known"],
        "at_least": "2",
    }
    assert post(desk, f"{at}/edit/counting", declared).status_code == 303
    found = drafts.read(drafts.get(EVALUATOR, "sample")).questionnaire
    assert found == parse(wanted)
    # Nothing changes when the pages are sent as they stand.
    before = drafts.get(EVALUATOR, "sample").text
    for page in ("counting", "counting/satisfaction", "whole", *(f"questions/{id}" for id in ids())):
        assert post(desk, f"{at}/edit/{page}", {}).status_code == 303
    assert drafts.read(drafts.get(EVALUATOR, "sample")).questionnaire == parse(wanted)
    assert post(desk, f"{at}/edit/counting/satisfaction", {"do": "remove"}).status_code == 303
    assert "scales" not in data()
    assert before != drafts.get(EVALUATOR, "sample").text
    assert desk.get(f"{at}/edit/counting/satisfaction").status_code == 404


# --- one question


def test_faults_stand_beside_the_field_and_nothing_typed_is_lost(desk: FlaskClient) -> None:
    at = begin()
    page = f"{at}/edit/questions/t1"
    wrong = {"max_length": "many", "label.en": "", "when_way": "written", "when": "q1 = '9' or", "id": "t 1"}
    saved = post(desk, page, wrong)
    assert saved.status_code == 303
    assert data()["questions"][2] == {
        "id": "t 1",
        "kind": "text",
        "when": "q1 = '9' or",
        "hint": {"zh-Hans": "hint", "en": "hint"},
        "label": {"zh-Hans": "t1"},
        "max_length": "many",
    }
    shown = desk.get(f"{at}/edit/questions/2?lang=en").text  # a name that is none leads nowhere: its place does
    for path in ("max_length", "label.en", "when", "id"):
        assert f'<p class="error" id="e-{path}">' in shown, path
    assert 'value="many" aria-invalid="true"' in shown
    listed = desk.get(f"{at}/edit?lang=en").text
    assert '<li class="question faulty" id="q-2"' in listed
    assert "Texts are missing: en" in listed
    assert (
        post(
            desk, f"{at}/edit/questions/2", wrong | {"id": "t1", "max_length": "", "label.en": "x", "when": ""}
        ).status_code
        == 303
    )
    assert drafts.read(drafts.get(EVALUATOR, "sample")).faults == ()


def test_answers_are_added_moved_and_taken_out_without_a_script_and_nothing_is_saved(desk: FlaskClient) -> None:
    at = begin()
    page = f"{at}/edit/questions/age"
    form = Fields(desk.get(page).text).form
    more = desk.post(page, data=MultiDict([*form.items(multi=True), ("do", "more options")]))
    assert more.status_code == 200
    form = Fields(more.text).form
    assert form.getlist("options") == ["0", "1", "2"]
    form["options.2.label.en"] = "in between"
    moved = desk.post(page, data=MultiDict([*form.items(multi=True), ("do", "up options.2")]))
    form = Fields(moved.text).form
    assert [form[f"options.{n}.label.en"] for n in range(3)] == ["young", "in between", "old"]
    dropped = desk.post(page, data=MultiDict([*form.items(multi=True), ("do", "drop options.0")]))
    form = Fields(dropped.text).form
    assert drafts.get(EVALUATOR, "sample").version == 1
    assert desk.post(page, data=form).status_code == 303
    assert [option["code"] for option in data()["questions"][3]["options"]] == ["1", "old"]
    form = Fields(desk.get(page).text).form
    form["ready_list"] = "yes_no"
    listed = desk.post(page, data=MultiDict([*form.items(multi=True), ("do", "list")]))
    assert 'value="yes"' in listed.text
    form["new_kind"] = "matrix"
    other = desk.post(page, data=MultiDict([*form.items(multi=True), ("do", "kind")]))
    form = Fields(other.text).form
    assert form["kind"] == "matrix"
    assert form.getlist("rows") == ["0", "1"]


def test_a_new_short_name_of_an_answer_is_followed_or_refused_with_what_was_typed(desk: FlaskClient) -> None:
    at = begin()
    page = f"{at}/edit/questions/q1"
    post(desk, f"{at}/edit/questions/age", {"when_way": "written", "when": "q1 = '4' or q1 = 5"})
    form = Fields(desk.get(page).text).form
    form["options.0.code"] = "six"
    more = Fields(desk.post(page, data=MultiDict([*form.items(multi=True), ("do", "down options.0")])).text).form
    assert more["options.1.code"] == "six"
    assert desk.post(page, data=more).status_code == 303
    assert data()["questions"][3]["when"] == "q1 = '4' or q1 = 'six'"
    post(desk, page, {"options.1.code": "5"})
    post(desk, f"{at}/edit/questions/age", {"when_way": "written", "when": "q1 >= 4"})
    before = drafts.get(EVALUATOR, "sample").text
    refused = post(desk, f"{page}?lang=en", {"options.0.code": "four", "label.en": "typed"})
    assert refused.status_code == 422
    assert (
        "The short name 4 cannot be changed: conditions of age (q1 &gt;= 4) calculate with this answer" in refused.text
    )
    assert 'value="four"' in refused.text
    assert "typed</textarea>" in refused.text
    assert drafts.get(EVALUATOR, "sample").text == before
    again = Fields(refused.text).form
    again["options.0.code"] = "4"
    assert desk.post(page, data=again).status_code == 303
    assert data()["questions"][0]["label"]["en"] == "typed"


def test_a_condition_is_chosen_from_earlier_answers_or_written(desk: FlaskClient) -> None:
    at = begin()
    page = f"{at}/edit/questions/age"
    shown = desk.get(f"{page}?lang=en").text
    assert "m1/r1 &gt;= 4" in shown
    assert "1: is “5”" in shown
    chosen = {"when_way": "chosen", "when_word": "or", "when_part": ["q1 <= 2", "answered(t1)", ""]}
    assert post(desk, page, chosen).status_code == 303
    assert data()["questions"][3]["when"] == "q1 <= 2 or answered(t1)"
    form = Fields(desk.get(page).text).form
    assert (form["when_way"], form["when_word"]) == ("chosen", "or")
    assert form.getlist("when_part") == ["q1 <= 2", "answered(t1)", "", ""]
    post(desk, page, {"when_way": "written", "when": "length(t1) > 3 or q1 = '1'"})
    assert Fields(desk.get(page).text).form["when_way"] == "written"
    post(desk, page, {"when_way": "always"})
    assert "when" not in data()["questions"][3]


# --- order, removal, translation


def test_questions_are_put_in_order_copied_and_removed_with_what_follows_told(desk: FlaskClient) -> None:
    at = begin()
    moved = post(desk, f"{at}/edit", {"do": "down q1"})
    assert moved.location == f"{at}/edit?moved=q1&by=down"
    assert ids()[:2] == ["m1", "q1"]
    shown = desk.get(f"{at}/edit?moved=q1&by=down&lang=en").text
    assert 'value="down q1" aria-label="Move down: q1" autofocus' in shown
    assert "已移动。" in shown  # said in the language in which the button was pressed
    post(desk, f"{at}/edit", {"do": "copy age"})
    assert ids()[3:5] == ["age", "q2"]
    post(desk, f"{at}/edit", {"do": "place q2 m1"})
    assert ids()[:3] == ["m1", "q2", "q1"]
    told = desk.get(f"{at}/edit/questions/q1/remove?lang=en").text
    assert "the scale satisfaction" in told
    assert "pairs counted together" in told
    assert post(desk, f"{at}/edit/questions/q1/remove", {}).location == f"{at}/edit"
    assert "q1" not in ids()
    assert data()["scales"]["satisfaction"]["items"] == ["m1/r1", "m1/r2"]
    assert desk.get(f"{at}/edit/questions/q1").status_code == 404
    assert post(desk, f"{at}/edit", {"do": "fly q1"}).status_code == 422


def test_texts_are_translated_side_by_side_and_missing_ones_counted(desk: FlaskClient) -> None:
    at = begin()
    post(desk, f"{at}/edit/whole", {"languages": ["zh-Hans", "en"], "more_languages": "ko"})
    page = desk.get(f"{at}/edit/texts?to=ko&only=missing&lang=en").text
    total = page.count('name="text.')
    assert f"missing: {total} of {total}" in page
    saved = post(
        desk, f"{at}/edit/texts?to=ko&only=missing", {"text.title": "제목", "text.questions.0.options.0.label": "다섯"}
    )
    assert saved.location == f"{at}/edit/texts?to=ko&from=zh-Hans&only=missing&page=1"
    page = desk.get(f"{saved.location}&lang=en").text
    assert page.count('name="text.') == total - 2
    assert data()["questions"][0]["options"][0]["label"]["ko"] == "다섯"
    post(desk, f"{at}/edit/whole", {"languages": ["zh-Hans"]})
    assert data()["title"] == {"zh-Hans": "title"}
    assert "ko" not in drafts.get(EVALUATOR, "sample").text


# --- late, unreadable, who


def test_who_comes_too_late_sees_both_texts_and_the_own_edit_in_the_other_one(desk: FlaskClient) -> None:
    at = begin()
    form = Fields(desk.get(f"{at}/edit/questions/t1").text).form
    drafts.change(EVALUATOR, NOW, "sample", drafts.get(EVALUATOR, "sample").text.replace("en: title", "en: heading"), 1)
    form["label.en"] = "My words"
    late = desk.post(f"{at}/edit/questions/t1?lang=en", data=form)
    assert late.status_code == 412
    assert "Somebody else saved this draft meanwhile" in late.text
    assert "My words" in late.text
    assert desk.post(at, data=Fields(late.text).form).status_code == 303
    assert data()["questions"][2]["label"]["en"] == "My words"
    assert data()["title"]["en"] == "heading"


def test_a_text_that_cannot_be_read_is_edited_as_text(desk: FlaskClient) -> None:
    drafts.create(EVALUATOR, NOW, "broken", "a: [")
    assert desk.get(f"{LIST}/broken/edit").location == f"{LIST}/broken"
    assert desk.get(f"{LIST}/broken/edit/whole").status_code == 422
    page = desk.get(f"{LIST}/broken?lang=en").text
    assert "/broken/edit" not in page
    assert '<details class="text-view" id="text-view" open>' in page


def test_a_faulty_draft_is_previewed_without_its_faulty_questions(desk: FlaskClient) -> None:
    at = begin()
    post(desk, f"{at}/edit/questions/q1", {"options.0.code": "4"})
    page = desk.get(f"{at}/preview?lang=en")
    assert "Preview: so it looks on a phone." in page.text
    assert 'name="q1"' not in page.text
    assert 'name="m1/r1"' in page.text
    hidden = {"_token": Fields(desk.get(f"{at}/edit").text).form["_token"], "_screen": "1 m1"}
    assert desk.post(f"{at}/preview", data=hidden).location == f"{at}/edit"
    drafts.create(EVALUATOR, NOW, "empty", "id: empty\nlanguages: [zh-Hans]\n")
    assert "There is no question yet" in desk.get(f"{LIST}/empty/preview?lang=en").text


def test_every_page_of_every_screen_is_previewed_and_nothing_kept(desk: FlaskClient) -> None:
    plain = {name: value for name, value in every_kind().items() if name != "version"}
    drafts.create(EVALUATOR, NOW, "every-kind", yaml_texts.dump(plain))
    at = f"{LIST}/every-kind/preview"
    page = desk.get(f"{at}?question=stars&lang=en").text
    assert "Page 2 of 4" in page  # although its condition holds for nobody yet
    assert "max-width:360px" in page
    token = Fields(desk.get(f"{LIST}/every-kind/edit").text).form["_token"]
    back = desk.post(at, data={"_token": token, "_screen": "1 aspects", "_go": "back"})
    assert 'name="used"' in back.text
    assert 'lang="zh-Hant"' in desk.post(at, data={"_token": token, "_screen": "1 aspects", "_switch": "zh-Hant"}).text
    assert drafts.get(EVALUATOR, "every-kind").version == 1


def test_other_organisations_and_roles_edit_nothing(app: Flask, desk: FlaskClient) -> None:
    at = begin()
    form = Fields(desk.get(f"{at}/edit").text).form
    pages = ("edit", "edit/add", "edit/whole", "edit/texts", "edit/counting", "edit/questions/q1", "preview")
    for role, organisation, status in (("evaluator", "other-org", 404), ("provider", "", 403)):
        client = app.test_client()
        client.set_cookie(COOKIE, token_of(role, organisation), path="/desk")
        assert [client.get(f"{at}/{page}").status_code for page in pages] == [status] * len(pages)
    assert desk.post(f"{at}/edit", data={"version": "1", "do": "down q1"}).status_code == 403
    assert desk.post(f"{at}/edit", data={**form, "version": "x", "do": "down q1"}).status_code == 428
    assert drafts.get(EVALUATOR, "sample").version == 1
