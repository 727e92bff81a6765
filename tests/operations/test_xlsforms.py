"""XLSForm as files: what cannot be read, what converters and phones refuse, real forms of others, formulas, sizes."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from factories import EVALUATOR, NOW, publish
from xlsform_everything import EVERY_KIND
from xlsform_sheets import SMALL, xlsx

from service.domain.collect import questionnaires as rules
from service.domain.collect.xlsforms import exports, imports
from service.domain.errors import Refused
from service.operations.collect import drafts, questionnaires, workbooks, xlsforms

TEMPLATES = sorted((Path(__file__).parents[2] / "survey_templates" / "questionnaires").glob("*.yaml"))
# Real forms by other authors lie beside some checkouts. They are no part of the product.
REAL = Path(__file__).parents[3] / "shared" / "data" / "xlsforms"


def changed(**sheets):
    return xlsx({**SMALL, **sheets})


def faults(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        xlsforms.check(content)
    return [(fault.field, fault.reason) for fault in refused.value.faults]


def test_a_small_form_becomes_a_questionnaire():
    found = xlsforms.check(xlsx(SMALL), validate=True)
    assert found.problems == ()
    assert found.definition["id"] == "small"
    assert found.definition["version"] == 4
    assert found.definition["questions"] == [
        {
            "id": "helped",
            "kind": "single",
            "label": {"en": "Did the service help?"},
            "options": [{"code": "yes", "label": {"en": "Yes"}}, {"code": "no", "label": {"en": "No"}}],
        }
    ]


# Files that are no forms


def test_half_of_a_surrogate_pair_becomes_no_text_of_ours():
    whole, half = (
        changed(survey=[["type", "name", "label"], ["text", "q", text]]) for text in ("_xD83D__xDE00_", "_xD800_")
    )
    assert workbooks.read_workbook(whole)[0].rows[0][1]["label"] == "\N{GRINNING FACE}"
    assert workbooks.read_workbook(half)[0].rows[0][1]["label"] == "\N{REPLACEMENT CHARACTER}"


def test_many_sheets_of_blank_rows_are_not_gone_through():
    workbook = openpyxl.Workbook()
    for sheet in range(5):
        page = workbook.create_sheet(f"sheet {sheet}")
        for row in range(1, 29_001, 900):
            page.cell(row, 1, "x")
    out = io.BytesIO()
    workbook.save(out)
    assert faults(out.getvalue()) == [("sheet 3.13602", "too_many_rows")]


@pytest.mark.parametrize(
    ("column", "text"),
    [("label", "${" + " " * 30_000 + "x"), ("label", "${" * 15_000), ("parameters", "a" * 32_000)],
)
def test_a_cell_that_only_looks_like_something_is_read_in_linear_time(column, text):
    # Backtracking would take minutes to years, in which no other request of the process is answered.
    row = {"type": "text", "name": "q", "label": "q"} | ({"type": "range"} if column == "parameters" else {})
    row[column] = text
    assert xlsforms.check(changed(survey=[list(row), list(row.values())])).findings


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"type,name,label\ntext,q,Q\n",
        b"%PDF-1.7",
        b"PK\x03\x04" + b"\0" * 100,
        zipped(anything=b"<a/>"),
        xlsx(SMALL)[:-100],
        xlsx(SMALL)[:200] + b"\0" * 3000,
    ],
)
def test_what_is_no_workbook_is_refused_as_unreadable(content):
    assert faults(content) == [("file", "xlsform_unreadable")]


def test_a_zip_bomb_of_50_mb_is_refused_before_it_is_unpacked():
    bomb = zipped(xl__worksheets__sheet1=b"0" * 50_000_000)
    assert len(bomb) < 100_000
    assert faults(bomb) == [("file", "xlsform_too_large")]
    many = zipped(**{f"part{number}": b"x" for number in range(600)})
    assert faults(many) == [("file", "xlsform_too_large")]


def test_a_sheet_that_claims_to_be_smaller_than_it_is_is_not_unpacked_further():
    """The size in the directory is what the reader trusts; a part never yields more than it says."""
    bomb = bytearray(zipped(xl__worksheets__sheet1=b"0" * 50_000_000))
    size = (50_000_000).to_bytes(4, "little")
    assert bomb.count(size) == 2
    assert faults(bytes(bomb.replace(size, (1000).to_bytes(4, "little")))) == [("file", "xlsform_unreadable")]


def test_a_document_type_is_refused():
    """Entities can make a small file huge, or name files of this machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(SMALL))) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content
            target.writestr(part, content)
    assert faults(out.getvalue()) == [("file", "xlsform_unreadable")]


def test_too_large_a_file_is_refused():
    with pytest.raises(Refused) as refused:
        xlsforms.check(b"PK" + b"\0" * workbooks.FILE_LIMIT)
    assert refused.value.reason == "too_large"


def test_a_header_twice_is_refused():
    rows = [["type", "name", "label", "label"], ["text", "q", "One", "Two"]]
    assert faults(changed(survey=rows)) == [("survey.1.label", "duplicate")]


def test_a_sheet_of_blank_rows_ends():
    rows = [*SMALL["survey"], *([[None]] * 2000), ["nonsense", "far", "Far below"]]
    assert xlsforms.check(changed(survey=rows)).problems == ()


# What pyxform and phones refuse


def problems(content: bytes, **options: bool) -> list[tuple[str, int | None, str]]:
    found = xlsforms.check(content, **options)
    assert found.definition is None
    return [(problem.sheet, problem.row, problem.reason) for problem in found.problems]


def test_what_only_the_converter_refuses_is_a_problem_with_its_row():
    """A name twice in one group: our ids would be told apart, a phone's paths would not."""
    rows = [*SMALL["survey"], ["text", "twice", "A"], ["text", "twice", "B"]]
    assert problems(changed(survey=rows)) == [("survey", 4, "xlsform_converter")]


def test_a_missing_list_is_told_once():
    rows = [*SMALL["survey"], ["select_one nowhere", "x", "X"]]
    assert problems(changed(survey=rows)) == [("survey", 3, "xlsform_no_such_list")]


@pytest.mark.parametrize(
    "condition",
    [
        "/data/nowhere = 'a'",
        "../nowhere = 'a'",
        "current()/../nowhere = 'a'",
        "instance('nowhere')/root/item/name = 'a'",
    ],
)
def test_a_path_that_leads_nowhere_is_refused(condition):
    """pyxform lets it pass; a phone would not open the form."""
    header = [*SMALL["survey"][0], "relevant"]
    rows = [header, *SMALL["survey"][1:], ["text", "why", "Why?", condition]]
    assert ("survey", None, "xlsform_dead_path") in problems(changed(survey=rows))


@pytest.mark.parametrize("condition", ["/data/helped = 'yes'", "../helped = 'yes'", "current()/../helped = 'yes'"])
def test_a_path_that_leads_somewhere_is_no_problem_only_left_out(condition):
    header = [*SMALL["survey"][0], "relevant"]
    rows = [header, *SMALL["survey"][1:], ["text", "why", "Why?", condition]]
    found = xlsforms.check(changed(survey=rows), validate=True)
    assert found.problems == ()
    assert "xlsform_relevant_left_out" in {warning.reason for warning in found.warnings}


# Real forms by other authors


# Of each form: whether it is taken over, how many questions it has then, and some of what must be told.
TREATED = {
    "03": (True, 28, {("survey", 18, "xlsform_only_collect"), ("survey", 7, "xlsform_calculation")}),
    "13": (False, 0, {("choices", row, "duplicate") for row in (7, 8, 9, 13)}),
    "18": (False, 0, {("settings", 2, "xlsform_submission_url"), ("survey", 1, "xlsform_prefix")}),
    "19": (True, 34, {("survey", 14, "xlsform_only_collect"), ("survey", 52, "xlsform_choice_filter")}),
}


@pytest.mark.skipif(not REAL.is_dir(), reason="forms by other authors, which lie beside some checkouts only")
@pytest.mark.parametrize("number", TREATED)
def test_a_real_form_is_taken_over_or_refused_with_reasons(number):
    """What is in them other tests make by code."""
    [path] = REAL.glob(f"{number}_*.xlsx")
    taken_over, count, told = TREATED[number]
    found = xlsforms.check(path.read_bytes(), language="en", validate=True)
    assert told <= {(one.sheet, one.row, one.reason) for one in (found.warnings if taken_over else found.problems)}
    assert (found.problems == ()) is taken_over
    assert len(found.definition["questions"] if found.definition else ()) == count


# Out: files for spreadsheets and converters


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_shipped_questionnaire_goes_out_and_comes_back_the_same(path, database):
    version = publish(path.stem)
    name, content = xlsforms.export(EVALUATOR, version.id)
    assert name == f"{version.questionnaire}-{version.number}.xlsx"
    found = xlsforms.check(content)
    assert (found.problems, found.warnings) == ((), ())
    assert rules.parse(found.definition).digest == version.digest


def test_every_kind_goes_out_as_a_form_that_converts_and_opens():
    questionnaire = rules.parse(EVERY_KIND)
    content = workbooks.write_workbook(exports.write(questionnaire))
    found = xlsforms.check(content, validate=True)
    assert found.findings == ()
    assert rules.parse(found.definition).digest == questionnaire.digest


def test_no_cell_is_a_formula(database):
    plain = rules.to_plain(rules.parse_yaml(TEMPLATES[0].read_text(encoding="utf-8")))
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"]
    for question, text in zip(plain["questions"], evil, strict=False):
        question["label"] = dict.fromkeys(question["label"], text)
    plain["title"] = dict.fromkeys(plain["title"], '=HYPERLINK("http://example.org")')
    version, _ = questionnaires.publish(EVALUATOR, NOW, {**plain, "id": "evil"})
    _, content = xlsforms.export(EVALUATOR, version.id)
    texts = []
    for page in openpyxl.load_workbook(io.BytesIO(content)):
        for row in page.iter_rows():
            texts += [cell.value for cell in row if cell.data_type != "n"]
            assert {cell.data_type for cell in row if cell.value is not None} <= {"s", "inlineStr"}
    assert {"=1+1", '=HYPERLINK("http://example.org")'} <= set(texts)
    assert rules.parse(xlsforms.check(content).definition).digest == version.digest


# Into versions


def test_a_number_that_is_taken_becomes_the_next(database):
    first, version = xlsforms.read(EVALUATOR, NOW, xlsx(SMALL), keep=xlsforms.VERSION)
    assert (version.id, first.definition["version"]) == ("small@4", 4)
    again, version = xlsforms.read(EVALUATOR, NOW, xlsx(SMALL), keep=xlsforms.VERSION)
    assert version.id == "small@4"
    choices = [*SMALL["choices"], ["yes_no", "maybe", "Maybe"]]
    other, version = xlsforms.read(EVALUATOR, NOW, changed(choices=choices), keep=xlsforms.VERSION)
    assert (version.id, other.definition["version"]) == ("small@5", 5)
    assert "xlsform_version_set" in {warning.reason for warning in other.warnings}
    unversioned = [["form_title", "form_id"], ["Small", "small"]]
    _, version = xlsforms.read(
        EVALUATOR, NOW, changed(choices=choices[:-1], settings=unversioned), keep=xlsforms.VERSION
    )
    assert version.id == "small@6"


def test_a_file_can_be_kept_as_a_draft(database):
    found, draft = xlsforms.read(EVALUATOR, NOW, xlsx(SMALL), keep=xlsforms.DRAFT)
    assert draft.id == "small"
    reading = drafts.read(drafts.get(EVALUATOR, "small"))
    assert rules.to_plain(reading.questionnaire) == {**found.definition, "version": 1}
    assert questionnaires.versions(EVALUATOR) == []


def test_nothing_is_kept_unless_that_is_asked_for(database):
    _, version = xlsforms.read(EVALUATOR, NOW, xlsx(SMALL))
    assert version is None
    assert questionnaires.versions(EVALUATOR) == []


def test_a_provider_may_not_read_files_in(database):
    from factories import PROVIDER

    with pytest.raises(Refused) as refused:
        xlsforms.read(PROVIDER, NOW, xlsx(SMALL))
    assert refused.value.reason == "forbidden"


def test_more_than_a_thousand_questions_are_told():
    rows = [["text", f"q{n}", f"Question {n}"] for n in range(1001)]
    found = imports.read(workbooks.read_workbook(changed(survey=[SMALL["survey"][0], *rows])))
    assert [(problem.sheet, problem.reason) for problem in found.problems] == [("survey", "too_many")]


def test_a_thousand_questions_with_ten_thousand_options_are_taken_over():
    survey = [SMALL["survey"][0], *([f"select_one l{n}", f"q{n}", f"Question {n}"] for n in range(1000))]
    choices = [SMALL["choices"][0], *([f"l{n}", f"c{k}", f"Option {k}"] for n in range(1000) for k in range(10))]
    found = xlsforms.check(changed(survey=survey, choices=choices))
    assert found.problems == ()
    assert sum(len(question["options"]) for question in found.definition["questions"]) == 10_000
