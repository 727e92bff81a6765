"""XLSForm in: what is left out with a warning, and what is refused, each with sheet, row and reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsform_sheets import SETTINGS, YES_NO, numbers, read, sheet

from service.domain.collect.xlsforms import imports

TEXT = {"type": "text", "name": "before"}
SELECT = {"type": "select_one yes_no", "name": "q"}


# What is left out, with a warning


@pytest.mark.parametrize(
    ("rows", "row", "column", "reason"),
    [
        ([{"type": "geopoint", "name": "x"}], 3, "type", "xlsform_only_collect"),
        ([{"type": "audio", "name": "x"}], 3, "type", "xlsform_only_collect"),
        ([{"type": "barcode", "name": "x"}], 3, "type", "xlsform_only_collect"),
        ([{"type": "time", "name": "x"}], 3, "type", "xlsform_only_collect"),
        ([{"type": "select_one_from_file a.csv", "name": "x"}], 3, "type", "xlsform_only_collect"),
        ([{"type": "calculate", "name": "x", "calculation": "1+1"}], 3, "type", "xlsform_calculation"),
        ([{"type": "deviceid", "name": "x"}], 3, "type", "xlsform_metadata"),
        ([{"type": "audit", "name": "audit"}], 3, "type", "xlsform_metadata"),
        (
            [{"type": "begin_repeat", "name": "x"}, {"type": "text", "name": "y"}, {"type": "end_repeat"}],
            3,
            "type",
            "xlsform_repeat",
        ),
        ([{"type": "acknowledge", "name": "x"}], 3, "type", "xlsform_acknowledge"),
        ([{**SELECT, "choice_filter": "a = ${before}"}], 3, "choice_filter", "xlsform_choice_filter"),
        ([{"type": "text", "name": "x", "default": "5"}], 1, "default", "xlsform_column_left_out"),
        ([{"type": "text", "name": "x", "required": "${before} = 'a'"}], 3, "required", "xlsform_required"),
        (
            [{"type": "text", "name": "x", "constraint": "regex(., 'a')"}],
            3,
            "constraint",
            "xlsform_constraint_left_out",
        ),
        (
            [{"type": "text", "name": "x", "relevant": "string-length(${before}) mod 2 = 1"}],
            3,
            "relevant",
            "xlsform_relevant_left_out",
        ),
        (
            [{"type": "text", "name": "x", "label": "Of ${y}"}, {"type": "text", "name": "y"}],
            3,
            "label",
            "xlsform_pipe",
        ),
        ([{"type": "text", "name": "x", "trigger": "${before}"}], 1, "trigger", "xlsform_column_left_out"),
    ],
)
def test_what_our_pages_cannot_show_is_a_warning_with_its_row(rows, row, column, reason):
    found = read(TEXT, *rows)
    assert found.definition is not None, found.problems
    assert (row, column, reason) in [(each.row, each.column, each.reason) for each in found.warnings]
    assert found.definition["questions"][0]["id"] == "before"


def test_a_condition_on_what_was_left_out_is_left_out_too():
    found = read(
        TEXT, {"type": "geopoint", "name": "place"}, {"type": "text", "name": "x", "relevant": "${place} != ''"}
    )
    assert "when" not in found.definition["questions"][1]
    assert [each.params["value"] for each in found.warnings if each.column == "relevant"] == ["${place}"]


def test_a_list_that_may_repeat_a_name_is_not_asked():
    choices = numbers("l", "a", "a")
    found = read(
        TEXT,
        {"type": "select_one l", "name": "q"},
        choices=choices,
        settings=[{"form_title": "T", "form_id": "t", "allow_choice_duplicates": "yes"}],
    )
    assert [each["id"] for each in found.definition["questions"]] == ["before"]
    assert "xlsform_repeating_list" in {each.reason for each in found.warnings}


# What is refused: one row each of the reasons that importers must tell


@pytest.mark.parametrize(
    ("rows", "row", "column", "reason"),
    [
        ([{"type": "select_many yes_no", "name": "x"}], 3, "type", "xlsform_unknown_type"),
        ([{"type": "number", "name": "x"}], 3, "type", "xlsform_unknown_type"),
        ([{"type": "select_one nowhere", "name": "x"}], 3, "type", "xlsform_no_such_list"),
        ([{"type": "select_one", "name": "x"}], 3, "type", "xlsform_no_list_named"),
        ([{"type": "", "name": "x"}], 3, "type", "xlsform_no_type"),
        ([{"type": "text", "label": "x"}], 3, "name", "missing"),
        ([{"type": "text", "name": "x", "relevant": "${before} = 'a"}], 3, "relevant", "xlsform_xpath"),
        ([{"type": "text", "name": "x", "relevant": "${nobody} = 'a'"}], 3, "relevant", "xlsform_no_such_name"),
        (
            [SELECT, {"type": "text", "name": "x", "relevant": "${q} = 'maybe'"}],
            4,
            "relevant",
            "xlsform_no_such_choice",
        ),
        ([{"type": "text", "name": "x", "constraint": ". >"}], 3, "constraint", "xlsform_xpath"),
        ([{"type": "text", "name": "x", "label": "${nobody}"}], 3, "label", "xlsform_no_such_name"),
        ([{"type": "text", "name": "x", "trigger": "${nobody}"}], 3, "trigger", "xlsform_trigger"),
        ([{"type": "text", "name": "x", "trigger": "1 + 1"}], 3, "trigger", "xlsform_trigger"),
        ([{"type": "background-audio", "name": "x"}], 3, "type", "xlsform_background_audio"),
        ([{"type": "text", "name": "x", "save_to": "p"}], 3, "save_to", "xlsform_entities"),
        ([{"type": "begin_group", "name": "g"}, {"type": "text", "name": "x"}], 3, "type", "xlsform_group_open"),
        ([{"type": "end_group"}], 3, "type", "xlsform_group_closed"),
        ([{"type": "begin_repeat", "name": "g"}, {"type": "end_group"}], 4, "type", "xlsform_group_closed"),
    ],
)
def test_a_row_that_no_form_may_have_is_refused(rows, row, column, reason):
    found = read(TEXT, *rows)
    assert found.definition is None
    assert (row, column, reason) in [(each.row, each.column, each.reason) for each in found.problems]
    assert {each.sheet for each in found.problems} == {"survey"}


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("submission_url", "https://elsewhere.example/", "xlsform_submission_url"),
        ("public_key", "MIIB", "xlsform_encryption"),
        ("auto_delete", "true", "xlsform_auto_delete"),
    ],
)
def test_settings_that_send_lock_or_delete_records_are_refused(setting, value, reason):
    found = read(TEXT, settings=[{"form_title": "T", "form_id": "t", setting: value}])
    assert found.definition is None
    assert [(each.sheet, each.row, each.column, each.reason) for each in found.problems] == [
        ("settings", 2, setting, reason)
    ]


def test_choices_twice_in_a_list_are_refused_with_their_row():
    found = read(SELECT, choices=[*YES_NO, {"list_name": "yes_no", "name": "yes", "label": "Again"}])
    assert [(each.sheet, each.row, each.reason) for each in found.problems] == [("choices", 4, "duplicate")]


def test_entities_are_refused():
    found = read(TEXT, entities=[{"list_name": "people", "label": "x"}])
    assert [(each.sheet, each.row, each.reason) for each in found.problems] == [("entities", 2, "xlsform_entities")]


def test_a_workbook_without_a_survey_is_refused_and_told_its_sheets():
    found = imports.read([sheet("Suvrey", [TEXT]), sheet("choices", YES_NO), sheet("settings", SETTINGS)])
    assert [(each.sheet, each.reason) for each in found.problems] == [("survey", "xlsform_no_survey")]
    assert "Suvrey" in found.problems[0].message


def test_a_prefix_that_nobody_declares_is_refused_unless_the_settings_declare_it():
    row = {**TEXT, "bind::esri:fieldAlias": "x"}
    found = read(row)
    assert [(each.row, each.column, each.params["value"]) for each in found.problems] == [
        (1, "bind::esri:fieldAlias", "esri")
    ]
    declared = [{"form_title": "T", "form_id": "t", "namespaces": 'esri="http://esri.example/"'}]
    assert read(row, settings=declared).definition is not None


def test_faults_of_the_questionnaire_itself_are_given_the_row_that_they_come_from():
    found = read(
        TEXT,
        {"type": "text", "name": "x", "label::en": "a\u202eb"},
        SELECT,
        choices=[*YES_NO, {"list_name": "yes_no", "name": "maybe", "label": "b\u202ec"}],
    )
    assert {(each.sheet, each.row, each.reason) for each in found.problems} == {
        ("survey", 3, "control_characters"),
        ("choices", 4, "control_characters"),
    }


def test_all_problems_come_at_once_and_before_the_warnings():
    found = read(
        {"type": "nonsense", "name": "a"}, {"type": "geopoint", "name": "b"}, {"type": "nonsense", "name": "c"}
    )
    assert [(each.row, each.warning) for each in found.findings if each.sheet == "survey" and each.row] == [
        (2, False),
        (4, False),
        (3, True),
    ]


TYPES = st.sampled_from(
    """text integer decimal date note image range acknowledge calculate geopoint begin_group end_group begin_repeat
    end_repeat|select_one l|select_multiple l|rank l|select_one l or_other|select_one ${a}|rank|select_one|nonsense
    """.replace("|", "\n").split("\n")
).flatmap(lambda line: st.sampled_from(line.split(" ") if line.startswith("text") else [line.strip()]))
NAMES = st.sampled_from(["a", "b", "A b", "meta", "", "9", "名", "x" * 60])
FORMULAS = st.sampled_from(
    ["${a} = 'x'", "${b} > 3", ". <= 5", "not(${a} = '')", "selected(${b}, 'y')", "${", "1 +", "count-selected(.) >= 2"]
)
ROWS = st.fixed_dictionaries(
    {"type": TYPES, "name": NAMES},
    optional={
        "label": st.text(max_size=8),
        "label::Français (fr)": st.sampled_from(["Un ${a}", "${b}", "\u202e", "“”"]),
        "required": st.sampled_from(["yes", "no", "perhaps"]),
        "relevant": FORMULAS,
        "constraint": FORMULAS,
        "constraint_message": st.text(max_size=4),
        "appearance": st.sampled_from(["table-list", "label", "list-nolabel", "rating", "multiline"]),
        "parameters": st.sampled_from(["start=0 end=10 step=1", "start=a end=b", "end=5", "randomize=true", "step="]),
        "calculation": st.sampled_from(["jr:choice-name(${a}, '${a}')", "1"]),
        "trigger": FORMULAS,
        "choice_filter": FORMULAS,
    },
)
CHOICES = st.fixed_dictionaries(
    {"list_name": st.sampled_from(["l", "m", ""]), "name": st.sampled_from(["x", "y", "_z", "a b", "", "_cannot_say"])},
    optional={"label": st.text(max_size=4)},
)


def filled(rows):
    return [{column: text for column, text in row.items() if text.strip()} for row in rows]


@settings(max_examples=200, deadline=None)
@given(st.lists(ROWS, max_size=8), st.lists(CHOICES, max_size=6))
def test_whatever_stands_in_a_form_is_taken_over_or_told(rows, choices):
    found = imports.read(
        [sheet("survey", filled(rows)), sheet("choices", filled(choices)), sheet("settings", SETTINGS)]
    )
    assert (found.definition is None) == bool(found.problems)
    assert all(finding.message for finding in found.findings)
