"""XLSForm in: what each type of question, each column and each setting becomes."""

import pytest
from xlsform_sheets import YES_NO, form, numbers, question, read

from service.domain.collect.xlsforms import imports
from service.domain.collect.xlsforms.sheets import columns, language_code

EN = {"en": "q"}
OPTIONS = [{"code": "yes", "label": {"en": "Yes"}}, {"code": "no", "label": {"en": "No"}}]
TEXT = {"type": "text", "name": "before"}
SELECT = {"type": "select_one yes_no", "name": "q"}
MANY = {"type": "select_multiple yes_no", "name": "q"}


# What each type becomes


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ({"type": "select_one yes_no"}, {"kind": "single", "options": OPTIONS}),
        ({"type": "Select one yes_no"}, {"kind": "single", "options": OPTIONS}),
        ({"type": "select_multiple yes_no"}, {"kind": "multiple", "options": OPTIONS}),
        ({"type": "rank yes_no"}, {"kind": "rank", "options": OPTIONS}),
        ({"type": "integer"}, {"kind": "number"}),
        ({"type": "decimal"}, {"kind": "number", "decimals": 6}),
        ({"type": "text"}, {"kind": "text", "short": True}),
        ({"type": "text", "appearance": "multiline"}, {"kind": "text"}),
        ({"type": "date"}, {"kind": "date"}),
        ({"type": "image"}, {"kind": "photo"}),
        ({"type": "note"}, {"kind": "note"}),
        ({"type": "acknowledge"}, {"kind": "note"}),
        ({"type": "text", "read_only": "yes"}, {"kind": "note"}),
        ({"type": "range", "parameters": "start=0 end=50 step=0.5"}, {"kind": "number", "max": 50, "decimals": 1}),
        ({"type": "text", "required": "yes"}, {"kind": "text", "short": True, "required": True}),
        ({"type": "text", "required": "TRUE"}, {"kind": "text", "short": True, "required": True}),
        ({"type": "text", "required": "no"}, {"kind": "text", "short": True}),
        ({"type": "text", "hint": "Please"}, {"kind": "text", "short": True, "hint": {"en": "Please"}}),
        (
            {"type": "select_one yes_no", "parameters": "randomize=true, seed=3"},
            {"kind": "single", "options": OPTIONS, "random_order": True},
        ),
    ],
)
def test_each_type_becomes_a_kind(row, wanted):
    made = question(TEXT, {"name": "q", **row})
    made.pop("min", None)
    assert made == {"id": "q", "label": EN, **wanted}


def test_a_range_of_eleven_steps_is_our_scale_with_words_at_its_ends():
    ends = [
        {"list_name": "ends", "name": "0", "label": "never"},
        {"list_name": "ends", "name": "10", "label": "always"},
    ]
    row = {"type": "range", "name": "q", "parameters": "start=0 end=10 step=1 tick_labelset=ends"}
    made = question(row, choices=[*YES_NO, *ends])
    assert (made["kind"], made["low"], made["high"]) == ("zero_to_ten", {"en": "never"}, {"en": "always"})


def test_a_range_of_stars_is_a_rating():
    made = question({"type": "range", "name": "q", "appearance": "rating", "parameters": "start=1 end=5 step=1"})
    assert (made["kind"], made.get("shape", "stars")) == ("rating", "stars")
    assert [option["code"] for option in made["options"]] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        ({"type": "integer", "constraint": ". >= 0 and . <= 150"}, {"min": 0, "max": 150}),
        ({"type": "integer", "constraint": ".>=-5"}, {"min": -5}),
        (
            {"type": "integer", "constraint": ". >= 18", "constraint_message": "Adults only"},
            {"constraint": {"expr": ". >= 18", "message": {"en": "Adults only"}}},
        ),
        (
            {"type": "integer", "constraint": "(. >= 0 and .<=150) or .=999"},
            {"constraint": {"expr": "(. >= 0 and . <= 150) or . = 999"}},
        ),
        ({"type": "text", "constraint": "string-length(.) <= 20"}, {"max_length": 20}),
        ({"type": "date", "constraint": ". >= date('2020-01-01')"}, {"min": "2020-01-01"}),
        ({"type": "select_multiple yes_no", "constraint": "count-selected(.) <= 1"}, {"max": 1}),
    ],
)
def test_limits_are_fields_where_the_kind_has_them(row, fields):
    made = question({"name": "q", **row})
    for name, value in fields.items():
        if name == "constraint":
            assert made[name]["message"] == value.get("message", {"en": "Please check this answer."})
            assert made[name]["expr"].replace("(", "").replace(")", "") == value["expr"].replace("(", "").replace(
                ")", ""
            )
        else:
            assert made[name] == value


def test_an_exclusive_option_is_recognised():
    row = {**MANY, "constraint": "not(selected(., 'no') and count-selected(.) > 1)"}
    assert [option.get("exclusive") for option in question(row)["options"]] == [None, True]


def test_conditions_refer_to_earlier_questions():
    made = question(SELECT, {"type": "text", "name": "why", "relevant": "${q} = 'yes' and not(${q} = 'no')"})
    assert made["when"] == "q = 'yes' and not (q = 'no')"


def test_or_other_adds_an_option_and_a_text_question():
    found = read({"type": "select_one yes_no or_other", "name": "q"}).definition
    assert [option["code"] for option in found["questions"][0]["options"]] == ["yes", "no", "other"]
    assert (found["questions"][1]["id"], found["questions"][1]["when"]) == ("q_other", "q = 'other'")


@pytest.mark.parametrize(
    "rows",
    [
        [{"type": "begin_group", "name": "m", "label": "How is", "appearance": "table-list"}],
        [
            {"type": "begin_group", "name": "m", "label": "", "appearance": "field-list"},
            {"type": "select_one yes_no", "name": "head", "label": "How is", "appearance": "label"},
        ],
    ],
)
def test_a_table_of_one_list_is_a_matrix(rows):
    nolabel = {} if len(rows) == 1 else {"appearance": "list-nolabel"}
    asked = [{"type": "select_one yes_no", "name": name, "required": "yes", **nolabel} for name in ("a", "m__b")]
    later = {"type": "text", "name": "why", "relevant": "${m__b} = 'no'"}
    found = read(*rows, *asked, {"type": "end_group"}, later).definition
    matrix, text = found["questions"]
    assert (matrix["id"], matrix["kind"], matrix["label"]) == ("m", "matrix", {"en": "How is"})
    assert [row["id"] for row in matrix["rows"]] == ["a", "b"]
    assert matrix["required"]
    assert text["when"] == "m/b = 'no'"
    assert "sections" not in found


def test_groups_become_sections_and_nested_ones_keep_both_conditions():
    found = read(
        SELECT,
        {"type": "begin group", "name": "one", "label": "First", "relevant": "${q} = 'yes'"},
        {"type": "text", "name": "a"},
        {"type": "begin group", "name": "two", "label": "Inner", "relevant": "${a} != ''"},
        {"type": "text", "name": "b"},
        {"type": "end group"},
        {"type": "text", "name": "c"},
        {"type": "end group"},
    ).definition
    sections = [(each["id"], each.get("title"), each["questions"], each.get("when")) for each in found["sections"]]
    assert sections == [
        ("part_1", None, ["q"], None),
        ("one", {"en": "First"}, ["a"], "q = 'yes'"),
        ("two", {"en": "Inner"}, ["b"], "q = 'yes' and answered(a)"),
        ("one_2", None, ["c"], "q = 'yes'"),
    ]


def test_labels_put_in_earlier_answers_also_by_the_name_of_a_choice():
    calculation = {"type": "calculate", "name": "q_name", "calculation": "jr:choice-name(${q}, '${q}')"}
    made = question(SELECT, calculation, {"type": "text", "name": "why", "label": "Why ${q_name}, not ${ q }?"})
    assert made["label"] == {"en": "Why ${q}, not ${q}?"}


# Languages and texts


def test_labels_of_all_languages_are_kept_right_to_left_ones_and_script_as_they_are():
    row = {
        "type": "text",
        "name": "q",
        "label::简体中文 (zh-Hans)": "问题",
        "label::العربية (ar)": "هل أنت راضٍ؟ \u200f(1)",
        "label::English": "<script>alert(1)</script> & <b>bold</b>",
    }
    found = read(row, choices=()).definition
    assert found["languages"] == ["zh-Hans", "ar", "en"]
    assert found["questions"][0]["label"] == {
        "zh-Hans": "问题",
        "ar": "هل أنت راضٍ؟ \u200f(1)",
        "en": "<script>alert(1)</script> & <b>bold</b>",
    }


def test_smart_quotes_are_turned_plain_in_labels_and_in_conditions():
    made = question(SELECT, {"type": "text", "name": "w", "label": "“Why” isn’t", "relevant": "${q} = ‘yes’"})
    assert made["label"] == {"en": '"Why" isn\'t'}
    assert made["when"] == "q = 'yes'"


def test_a_language_without_a_text_gets_another_and_is_told_once():
    rows = [
        {"type": "text", "name": "a", "label::English (en)": "One", "label::Français (fr)": "Un"},
        {"type": "text", "name": "b", "label::English (en)": "Two"},
        {"type": "text", "name": "c", "label::English (en)": "Three"},
    ]
    found = imports.read(form(*rows, choices=()))
    assert found.definition["questions"][1]["label"] == {"en": "Two", "fr": "Two"}
    told = [warning for warning in found.warnings if warning.reason == "xlsform_untranslated"]
    assert [(warning.row, warning.params["count"]) for warning in told] == [(3, 2)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("简体中文 (zh-Hans)", "zh-Hans"),
        ("English (en)", "en"),
        ("english", "en"),
        ("fr", "fr"),
        ("Portuguese (pt_BR)", "pt-BR"),
        ("language1", None),
        ("", None),
    ],
)
def test_languages_are_read_from_headers(name, code):
    assert language_code(name) == code


@pytest.mark.parametrize(
    ("header", "base", "language"),
    [
        ("label::English (en)", "label", "English (en)"),
        ("Label : English", "label", "English"),
        ("list name", "list_name", None),
        ("bind::jr:constraintMsg::en", "constraint_message", "en"),
        ("media::image::en", "image", "en"),
        ("Relevance", "relevant", None),
    ],
)
def test_headers_are_read_as_converters_read_them(header, base, language):
    (column,) = columns([header])
    assert (column.base, column.language) == (base, language)


# Settings


def test_form_ids_with_spaces_are_fitted_and_told():
    found = read(TEXT, settings=[{"form_title": "T", "form_id": "My Form 2"}])
    assert (found.definition["id"], found.definition["version"], found.versioned) == ("my-form-2", 1, False)
    assert [(each.row, each.column) for each in found.warnings if each.reason == "xlsform_renamed"] == [(2, "form_id")]


@pytest.mark.parametrize(("given", "kept"), [("7", 7), ("2024010101", 1), ("v2", 1), ("0", 1)])
def test_a_version_of_ours_is_kept_and_any_other_given_anew(given, kept):
    found = read(TEXT, settings=[{"form_title": "T", "form_id": "t", "version": given}])
    assert (found.definition["version"], found.versioned) == (kept, kept == 7)


def test_names_that_do_not_fit_are_renamed_and_conditions_follow():
    choices = numbers("l", "American Samoa", "-99", "5")
    rows = [{"type": "select_one l", "name": "B1.State"}, {**TEXT, "relevant": "${B1.State} = 'American Samoa'"}]
    found = read(*rows, choices=choices)
    first, second = found.definition["questions"]
    assert (first["id"], [option["code"] for option in first["options"]]) == (
        "b1_state",
        ["American_Samoa", "-99", "5"],
    )
    assert second["when"] == "b1_state = 'American_Samoa'"
    assert sum(warning.reason == "xlsform_renamed" for warning in found.warnings) == 2
