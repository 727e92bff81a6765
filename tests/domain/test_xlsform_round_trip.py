"""A questionnaire written as a workbook and read again is the same; edits in between are honoured."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from xlsform_everything import EVERY_KIND

from service.domain.collect.questionnaires import parse, parse_yaml, to_plain
from service.domain.collect.xlsforms import exports, imports
from service.domain.collect.xlsforms.sheets import Sheet
from service.domain.errors import Refused

TEMPLATES = sorted((Path(__file__).parents[2] / "survey_templates" / "questionnaires").glob("*.yaml"))


def written(plain):
    return exports.write(parse(plain))


def cells(sheets, name):
    (found,) = (sheet for sheet in sheets if sheet.name == name)
    return [dict(row) for _, row in found.rows]


def edited(sheets, name, edit):
    """The workbook after somebody has edited the rows of one sheet."""
    rows = cells(sheets, name)
    edit(rows)
    header = tuple(dict.fromkeys(column for row in rows for column in row))
    return [Sheet(name, header, tuple(enumerate(rows, 2))) if sheet.name == name else sheet for sheet in sheets]


def test_a_questionnaire_with_every_kind_comes_back_the_same():
    questionnaire = parse(EVERY_KIND)
    found = imports.read(exports.write(questionnaire))
    assert found.findings == ()
    assert found.definition == to_plain(questionnaire)
    assert parse(found.definition).digest == questionnaire.digest


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_shipped_questionnaire_comes_back_the_same(path):
    questionnaire = parse_yaml(path.read_text(encoding="utf-8"))
    found = imports.read(exports.write(questionnaire))
    assert found.findings == ()
    assert parse(found.definition).digest == questionnaire.digest


def test_what_xlsform_can_say_is_in_its_own_sheets():
    """Labels of all languages, order, sections, conditions, limits, required, hints: readable without ours."""
    native = imports.read([sheet for sheet in written(EVERY_KIND) if sheet.name != "minyi"]).definition
    wanted = to_plain(parse(EVERY_KIND))
    assert native["languages"] == wanted["languages"]
    assert [section["questions"] for section in native["sections"]] == [
        section["questions"] for section in wanted["sections"]
    ]
    assert [section.get("when") for section in native["sections"]] == [
        section.get("when") for section in wanted["sections"]
    ]
    ours, theirs = ({question["id"]: question for question in plain["questions"]} for plain in (wanted, native))
    assert list(ours) == list(theirs)
    for id, question in ours.items():
        assert theirs[id]["label"]["en"] == question["label"]["en"]
        assert theirs[id]["label"]["ar"] == question["label"]["ar"]
        assert theirs[id].get("required") == question.get("required")
        if question["kind"] in ("single", "multiple", "matrix", "rating", "rank"):
            assert [option["code"] for option in theirs[id]["options"]] == [
                option["code"] for option in question["options"]
            ]
    same = ["welcome", "used", "ways", "aspects", "facts", "score", "born", "short"]
    for id in same:
        for field in ("kind", "when", "min", "max", "max_length", "rows", "low", "cannot_say"):
            if field == "when" and "!=" in str(ours[id].get(field)):
                continue
            given = theirs[id].get(field), ours[id].get(field)
            assert str(given[0]).replace('"', "").replace("'", "") in str(given).replace('"', "").replace("'", "")
    assert theirs["ways"]["options"][2]["exclusive"]
    assert theirs["wish"]["constraint"]["expr"] == "length(.) > 3"
    assert theirs["meta"]["when"] == "used = 'yes'"


def test_a_label_edited_in_the_workbook_is_honoured_and_the_rest_stays():
    def edit(rows):
        row = next(row for row in rows if row.get("name") == "visits")
        row["label::English (en)"] = "How often?"

    found = imports.read(edited(written(EVERY_KIND), "survey", edit))
    visits = next(question for question in found.definition["questions"] if question["id"] == "visits")
    assert visits["label"]["en"] == "How often?"
    assert (visits["edges"], visits["unit"]["en"]) == ([1, 5, 20], "visits?")


def test_an_edit_wins_over_our_sheet_and_is_told():
    def edit(rows):
        row = next(row for row in rows if row.get("name") == "faces")
        row["type"] = "text"
        row.pop("appearance")

    found = imports.read(edited(written(EVERY_KIND), "survey", edit))
    faces = next(question for question in found.definition["questions"] if question["id"] == "faces")
    assert faces["kind"] == "text"
    assert {warning.reason for warning in found.warnings} >= {"xlsform_extra_outdated"}


def test_a_question_taken_out_takes_its_rows_of_our_sheet_along():
    def edit(rows):
        rows[:] = [row for row in rows if row.get("name") != "view"]

    found = imports.read(edited(written(EVERY_KIND), "survey", edit))
    assert "view" not in {question["id"] for question in found.definition["questions"]}
    assert {warning.reason for warning in found.warnings} == {"xlsform_extra_unknown"}


def test_a_language_added_in_the_workbook_is_added_everywhere():
    def edit(rows):
        for row in rows:
            for base in ("label", "hint", "constraint_message"):
                if text := row.get(f"{base}::English (en)"):
                    row[f"{base}::Français (fr)"] = text if text.isdigit() else f"fr {text}"

    sheets = edited(edited(written(EVERY_KIND), "survey", edit), "choices", edit)
    found = imports.read(sheets)
    assert found.problems == ()
    assert set(found.definition["languages"]) == {"zh-Hans", "ar", "en", "fr"}
    assert found.definition["questions"][1]["label"]["fr"] == "fr Have you used it?"


@pytest.mark.parametrize("value", ["{", "nonsense", "[" * 30_000])
def test_a_row_of_our_sheet_that_is_no_json_is_refused(value):
    found = imports.read(edited(written(EVERY_KIND), "minyi", lambda rows: rows[0].update(value=value)))
    assert [(problem.sheet, problem.row, problem.reason) for problem in found.problems] == [
        ("minyi", 2, "xlsform_not_json")
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"field": "questions", "value": "3", "read as": "*"},
        {"field": "questions.used.label", "value": "[]", "read as": "*"},
        {"field": "languages", "value": "null", "read as": "*"},
        {"name": "nobody", "field": "label", "value": "3", "read as": "*"},
        {"name": "used", "value": "3", "read as": "*"},
        {"field": "", "value": "3", "read as": "*"},
        {"name": "used", "field": "edges", "value": "[1]"},
        {"name": "used", "field": "label.en.deeper", "value": "3"},
    ],
)
def test_a_row_of_our_sheet_that_belongs_to_nothing_changes_nothing(row):
    found = imports.read(edited(written(EVERY_KIND), "minyi", lambda rows: rows.append(row)))
    assert found.definition == to_plain(parse(EVERY_KIND))
    assert len(found.warnings) == 1


@pytest.mark.parametrize("value", ["3", "[]", '{"x": {}}', "null", "true", '"\\ud800"', "NaN", "[[[[1]]]]"])
def test_anything_in_our_sheet_is_taken_or_refused(value):
    for field in (
        "title",
        "purpose.en",
        "scales",
        "sections",
        "sections.used.when",
        "pairs",
        "purpose_kind",
        "nonsense",
    ):
        row = {"field": field, "value": value, "read as": "*"}
        found = imports.read(edited(written(EVERY_KIND), "minyi", lambda rows, row=row: rows.append(row)))
        assert found.definition is not None or found.problems


# Anything that a questionnaire may be

CODES = st.text(alphabet="abcXYZ019_-", min_size=1, max_size=8).filter(lambda code: not code.startswith("_"))
IDS = st.one_of(
    st.sampled_from(["meta", "data", "meta__", "a", "a__label", "a__b", "b", "b__section", "a_other", "name"]),
    st.text(alphabet="abz09_", min_size=1, max_size=10).map(lambda text: f"x{text}"),
)
WORDS = st.text(
    alphabet=st.one_of(
        st.characters(categories=["L", "N", "P", "S"], exclude_characters="{"), st.sampled_from(" \n“”‘’=+-@")
    ),
    min_size=1,
    max_size=12,
).map(lambda text: f"{text.strip()}." if text.strip() else "=1")


@st.composite
def texts(draw, languages):
    return {language: draw(WORDS) for language in languages}


@st.composite
def parts(draw, languages, key, names, flags=()):
    found = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    return [
        {key: name, "label": draw(texts(languages)), **{flag: True for flag in flags if draw(st.booleans())}}
        for name in found
    ]


@st.composite
def questions(draw, languages, id):
    kind = draw(
        st.sampled_from(["single", "multiple", "matrix", "zero_to_ten", "number", "text", "date", "rank", "photo"])
    )
    plain = {"id": id, "kind": kind, "label": draw(texts(languages))}
    if draw(st.booleans()):
        plain["hint"] = draw(texts(languages))
    flags = ["required"] + (["cannot_say"] if kind not in ("text", "photo") else [])
    plain |= {flag: True for flag in flags if draw(st.booleans())}
    if kind in ("single", "multiple", "rank", "matrix"):
        own = {"multiple": ("exclusive", "fixed"), "matrix": ()}.get(kind, ("fixed",))
        plain["options"] = draw(parts(languages, "code", CODES, own))
        plain |= {"random_order": True} if draw(st.booleans()) else {}
    if kind == "matrix":
        plain["rows"] = draw(parts(languages, "id", IDS, ("fixed",)))
    if kind == "zero_to_ten":
        plain |= {"low": draw(texts(languages)), "high": draw(texts(languages))}
    if kind == "number":
        plain |= {"min": draw(st.integers(-9, 9)), "decimals": draw(st.integers(1, 6))}
        plain |= {"unit": draw(texts(languages))} if draw(st.booleans()) else {}
    if kind == "text":
        plain |= draw(st.fixed_dictionaries({"max_length": st.integers(1, 4000)}, optional={"short": st.just(True)}))
        plain.pop("max_length") if plain["max_length"] == 1000 else None
    return plain


def condition(earlier):
    """A condition on one of the questions before."""
    asked = [question for question in earlier if question["kind"] in ("single", "multiple", "number", "text")]
    if not asked:
        return st.none()

    def about(question):
        id, kind = question["id"], question["kind"]
        if kind == "number":
            return st.sampled_from([f"{id} > 3", f"answered({id})", f"not ({id} <= 20)"])
        if kind == "text":
            return st.sampled_from([f"answered({id})", f"not answered({id})"])
        code = question["options"][0]["code"]
        is_it = f"{id} = '{code}'" if kind == "single" else f"selected({id}, '{code}')"
        return st.sampled_from([is_it, f"not ({is_it})", f"{is_it} or answered({id})"])

    return st.one_of(st.none(), *(about(question) for question in asked))


@st.composite
def questionnaires(draw):
    languages = draw(st.sampled_from([["en"], ["zh-Hans", "en"], ["ar", "fr", "und"]]))
    made = []
    for id in draw(st.lists(IDS, min_size=1, max_size=5, unique=True)):
        question = draw(questions(languages, id))
        when = draw(condition(made))
        made.append(question | ({"when": when} if when else {}))
    plain = {
        "id": draw(st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True)),
        "version": draw(st.integers(1, 1_000_000)),
        "population": "people",
        "languages": languages,
        **{name: draw(texts(languages)) for name in ("title", "purpose", "source")},
        "questions": made,
    }
    if draw(st.booleans()):
        cut = draw(st.integers(0, len(made) - 1))
        ids = [question["id"] for question in made]
        groups = [group for group in (ids[:cut], ids[cut:]) if group]
        names = draw(st.lists(IDS, min_size=len(groups), max_size=len(groups), unique=True))
        plain["sections"] = [
            {"id": name, "questions": group, **({"title": draw(texts(languages))} if draw(st.booleans()) else {})}
            for name, group in zip(names, groups, strict=True)
        ]
    return plain


def unless_dead(plain):
    """None if nobody could ever be asked some question of it: such a questionnaire is refused."""
    try:
        return parse(plain)
    except Refused as refused:
        if {fault.reason for fault in refused.faults} == {"never_true"}:
            return None
        raise


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(questionnaires())
def test_any_questionnaire_comes_back_the_same(plain):
    questionnaire = unless_dead(plain)
    assume(questionnaire is not None)
    found = imports.read(exports.write(questionnaire))
    assert found.problems == ()
    assert found.definition == to_plain(questionnaire)
