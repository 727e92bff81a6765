"""`minyi check-form`: exit codes, problems and warnings on stderr with their places."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from xlsform_sheets import SMALL, xlsx

from service.cli import main


@pytest.fixture
def check(tmp_path: Path):
    file = tmp_path / "表单.xlsx"

    def run(content: bytes, *options: str) -> Result:
        file.write_bytes(content)
        return CliRunner().invoke(main, ["check-form", str(file), *options])

    return run


def lines(result: Result) -> list[str]:
    """What stands after the name of the file."""
    return [line.partition(".xlsx: ")[2] for line in result.stderr.splitlines()]


def test_a_good_form_ends_with_0_and_its_warnings_are_marked(check):
    result = check(xlsx(SMALL))
    assert result.exit_code == 0
    assert result.stdout.endswith(".xlsx: small, 1 questions, en; warnings: 1\n")
    assert [line[: len("warning: settings, row 2: ")] for line in lines(result)] == ["warning: settings, row 2: "]


def test_each_problem_is_told_with_sheet_row_and_reason_and_ends_with_1(check):
    survey = [*SMALL["survey"], ["nonsense", "x", "X"], ["geopoint", "y", "Y"]]
    choices = [*SMALL["choices"], ["yes_no", "yes", "Again"]]
    result = check(xlsx({**SMALL, "survey": survey, "choices": choices}))
    assert (result.exit_code, result.stdout) == (1, "")
    assert lines(result) == [
        "survey, row 3, type: There is no question type nonsense. Did you mean text, integer, date, select_one?",
        "choices, row 4, name: yes stands here more than once.",
        "warning: settings, row 2: Population, purpose and source are not in the form. Write them before publishing.",
        "warning: survey, row 4, type: geopoint is left out: ODK Collect can show it, our pages cannot.",
    ]


def test_a_file_that_is_no_workbook_ends_with_1(check):
    result = check(b"no workbook")
    assert (result.exit_code, result.stdout) == (1, "")
    assert lines(result) == ["This file cannot be read as an XLSX workbook. Open it and save it again as XLSX."]


def test_a_header_twice_is_told_with_its_place(check):
    result = check(xlsx({**SMALL, "survey": [["type", "name", "label", "label"]]}))
    assert lines(result) == ["survey, row 1, label: label stands here more than once."]


def test_the_language_of_texts_without_one_can_be_given(check):
    form = xlsx({"survey": [["type", "name", "label"], ["text", "n", "Bonjour"]], "settings": [["form_id"], ["f"]]})
    assert ", fr; " in check(form, "--language", "fr").stdout
    assert check(form, "--language", "French").exit_code == 2


def test_a_file_that_is_not_there_is_a_wrong_option(tmp_path):
    assert CliRunner().invoke(main, ["check-form", str(tmp_path / "none.xlsx")]).exit_code == 2
