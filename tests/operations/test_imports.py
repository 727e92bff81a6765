"""Imports of paper: CSV and XLSX, each bad row named, all or nothing, good rows, repeats that count nothing twice."""

import io
from datetime import timedelta

import openpyxl
import pytest
from factories import EVALUATOR, KEY, NOW, OTHER_EVALUATOR, PROVIDER, Opened, issue, open_campaign

from service.domain.collect import tickets as ticket_rules
from service.domain.errors import Refused
from service.operations.collect import campaigns, imports, responses, seals
from service.operations.collect.imports import GOOD_ROWS, Outcome
from service.operations.collect.responses import Submission, submit
from service.store import journal

HEADER = "_code,_row,_received,overall,aspects/attitude,wish"


@pytest.fixture
def opened(database: None) -> Opened:
    return open_campaign(6, questionnaire="recipients")


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows, ""]).encode()


def take(opened: Opened, content: bytes, mode: str = imports.ALL_OR_NOTHING, now: object = NOW) -> Outcome:
    return imports.take_in(EVALUATOR, now, opened.id, io.BytesIO(content), (KEY,), mode)  # type: ignore[arg-type]


def faults(opened: Opened, content: bytes, mode: str = imports.ALL_OR_NOTHING) -> dict[str, str]:
    """The places named by a file that is refused as a whole."""
    with pytest.raises(Refused) as caught:
        take(opened, content, mode)
    assert caught.value.reason == "import_invalid"
    return {fault.field: fault.reason for fault in caught.value.faults}


def counted(opened: Opened) -> int:
    return sum(counts["n"] for counts in seals.read(opened.id)[0].values())


def test_paper_is_counted_under_its_slip_its_mode_and_its_day(opened: Opened) -> None:
    code = ticket_rules.grouped(opened.codes[0]).lower()
    done = take(
        opened, b"\xef\xbb\xbf" + csv_of(f"{code},1,2026-03-02,5,4,多搞活动", f"{opened.codes[1]},2,2026/3/1,2,,")
    )
    assert (done.rows, done.accepted, done.repeated, done.refused) == (2, 2, 0, 0)
    first, second = sorted(responses.page(EVALUATOR, opened.id, 0, 10)[0], key=lambda one: one.hour, reverse=True)
    assert first.answers == {"overall": "5", "aspects/attitude": "4", "wish": "多搞活动"}
    assert (first.cell.mode, first.cell.site, first.cell.distribution) == ("paper", "east", "all_present_evaluator")
    assert (first.hour[:10], second.hour[:10]) == ("2026-03-02", "2026-03-01")
    assert seals.recount(opened.id) == []
    with pytest.raises(Refused, match="already been used"):  # the slip is spent for a phone too
        submit(opened.codes[0], Submission("submission-1", {"overall": "5"}), NOW, (KEY,))


def test_a_repeat_of_the_file_counts_nothing_twice_and_a_changed_row_is_named(opened: Opened) -> None:
    rows = [f"{code},{place},,5,," for place, code in enumerate(opened.codes[:3])]
    take(opened, csv_of(*rows))
    for now in (NOW, NOW + timedelta(days=2)):
        again = take(opened, csv_of(*rows), now=now)
        assert (again.accepted, again.repeated) == (0, 3)
    more = take(opened, csv_of(*rows, f"{opened.codes[3]},3,,4,,"))
    assert (more.accepted, more.repeated) == (1, 3)
    assert faults(opened, csv_of(rows[0], rows[1].replace(",5,", ",1,"))) == {"rows.3._code": "problem"}
    assert counted(opened) == 4


def test_rows_without_slips_name_a_row_and_a_batch_of_many_answers(opened: Opened) -> None:
    issue(opened, 1, "poster", "west")
    header = "row,batch,mode,language,overall"
    poster, slips = f"{opened.id}-batch-2", f"{opened.id}-batch-1"
    rows = [f"A-{number},{poster},interview,zh-Hant,4" for number in range(3)]
    for expected in ((3, 0), (0, 3)):
        done = take(opened, csv_of(*rows, header=header))
        assert (done.accepted, done.repeated) == expected
    [cell] = seals.read(opened.id)[0]
    assert (cell.site, cell.distribution, cell.mode, cell.language) == ("west", "poster", "interview", "zh-Hant")
    wrong = csv_of(f"x,{slips},,,5", "y,no-such-batch,,,5", ",,,,5", f"z,{poster},own_phone,fr,5", header=header)
    assert faults(opened, wrong) == {
        "rows.2._batch": "batch_of_slips",
        "rows.3._batch": "not_an_option",
        "rows.4._code": "row_without_code",
        "rows.5._mode": "not_an_option",
        "rows.5._language": "not_an_option",
    }


def test_each_bad_row_is_named_by_number_and_column_and_nothing_is_taken_in(opened: Opened) -> None:
    codes, unknown = opened.codes, ticket_rules.new_code("slip", lambda limit: 7)
    west = issue(opened, 1, site="west")[0]
    submit(codes[5], Submission("submission-1", {"overall": "5"}), NOW, (KEY,))
    rows = [
        f"{codes[0]},1,,5,4,fine",
        f"{codes[1]},2,,7,,",  # no such option
        f"{codes[1][:-1]},3,,5,,",  # a character is missing
        f"{unknown},4,,5,,",
        f"{codes[5]},5,,5,,",  # spent
        f"{codes[0]},6,,5,,",  # the slip of row 2
        f"{west},1,,5,,",  # the id of row 2
        f"{codes[2]},8,2026-03-09,5,,",  # not yet
        f"{codes[2]},9,31.2.2026,5,,",
        f"{codes[2]},10,,5,x",  # a cell is missing
        f"{codes[2]},11,,,,",  # the overall answer is required
        f"{codes[2]},12,,5,,a\u202eb",
    ]
    found = faults(opened, csv_of(*rows))
    assert found == {
        "rows.3.overall": "not_an_option",
        "rows.4._code": "problem",
        "rows.5._code": "problem",
        "rows.6._code": "problem",
        "rows.7._code": "repeats_row",
        "rows.8._row": "repeats_row",
        "rows.9._received": "problem",
        "rows.10._received": "problem",
        "rows.11": "row_ragged",
        "rows.12.overall": "required",
        "rows.13.wish": "control_characters",
    }
    assert counted(opened) == 1
    with pytest.raises(Refused) as caught:
        take(opened, csv_of(*rows))
    assert list(imports.lines_of(caught.value.faults))[0].startswith(
        "row 3, column overall: 7 is not one of the options"
    )


def test_one_bad_row_in_a_thousand(opened: Opened) -> None:
    codes = issue(opened, 1000, site="west")
    rows = [f"{code},{place},,{'9' if place == 700 else '4'},," for place, code in enumerate(codes)]
    assert faults(opened, csv_of(*rows)) == {"rows.702.overall": "not_an_option"}
    assert counted(opened) == 0
    done = take(opened, csv_of(*rows), GOOD_ROWS)
    assert (done.rows, done.accepted, done.refused) == (1000, 999, 1)
    assert [fault.field for fault in done.faults] == ["rows.702.overall"]
    rows[700] = f"{codes[700]},700,,4,,"
    mended = take(opened, csv_of(*rows))
    assert (mended.accepted, mended.repeated, counted(opened)) == (1, 999, 1000)
    acts = [
        entry for entry in journal.entries(f"project:{opened.campaign.project}") if entry.act == "responses.imported"
    ]
    assert [entry.details["accepted"] for entry in acts] == [999, 1]


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_a_workbook_is_read_as_people_fill_it_in_and_its_formulas_are_harmless(opened: Opened) -> None:
    header = HEADER.split(",")
    good = [opened.codes[0], 1, NOW.replace(tzinfo=None, hour=0, minute=0), 5, 4.0, "谢谢"]
    done = take(opened, workbook(header, good, [None] * 6, [opened.codes[1], 2, None, "2", None, None]))
    assert (done.rows, done.accepted) == (2, 2)
    assert {"overall": "5", "aspects/attitude": "4", "wish": "谢谢"} in [
        one.answers for one in responses.page(EVALUATOR, opened.id, 0, 10)[0]
    ]
    formulas = workbook(header, [opened.codes[2], 3, None, "=2+3", None, '=WEBSERVICE("http://192.0.2.1")'])
    assert faults(opened, formulas) == {"rows.2.overall": "formula", "rows.2.wish": "formula"}
    done = take(opened, formulas, GOOD_ROWS)
    assert (done.accepted, done.refused) == (0, 1)
    take(opened, csv_of(f"{opened.codes[2]},3,,5,,=1+1"))  # in CSV it is what the person wrote: a text
    assert "=1+1" in [one.answers.get("wish") for one in responses.page(EVALUATOR, opened.id, 0, 10)[0]]


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (csv_of("X,1,,5,,多搞活动，谢谢").decode().encode("gb18030"), "rows.2", "not_utf8"),
        (csv_of("X").decode().encode("utf-16"), "rows.1", "not_utf8"),
        (b"", "rows.1", "header_missing"),
        (b"\r\n\r\n", "rows.1", "header_missing"),
        (HEADER.replace(",", ";").encode(), "rows.1", "not_commas"),
        (csv_of(header="_code,overall,wishes"), "rows.1.wishes", "column_unknown"),
        (csv_of(header="_code,overall,overall"), "rows.1.overall", "duplicate"),
        (csv_of(header="overall,wish"), "rows.1._code", "row_without_code"),
        (csv_of('X,1,,5,,"never closed'), "rows.2", "csv_broken"),
        (b"PK\x03\x04 and nothing of a workbook", "rows.1", "workbook_unreadable"),
        (",".join(f"c{number}" for number in range(700)).encode(), "rows.1", "too_many"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_says_where_and_what_to_do(
    opened: Opened, content: bytes, place: str, reason: str
) -> None:
    for mode in (imports.ALL_OR_NOTHING, GOOD_ROWS):
        assert faults(opened, content, mode)[place] == reason
    assert counted(opened) == 0


def test_the_remedy_for_a_file_in_gb18030_is_named(opened: Opened) -> None:
    with pytest.raises(Refused, match="CSV UTF-8"):
        take(opened, csv_of("X,1,,5,,多搞活动，谢谢").decode().encode("gb18030"))


def test_a_workbook_with_a_document_type_is_not_parsed(opened: Opened) -> None:
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(HEADER.split(",")))) as source, zipfile.ZipFile(made, "w") as target:
        for part in source.infolist():
            text = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                text = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text
            target.writestr(part, text)
    assert faults(opened, made.getvalue()) == {"rows.1": "workbook_unreadable"}


def test_paper_that_came_in_time_is_typed_in_after_the_window_and_during_a_pause(opened: Opened) -> None:
    version = campaigns.get(EVALUATOR, opened.id).version
    campaigns.pause(EVALUATOR, NOW, opened.id, None, "typing", version)
    late = opened.campaign.closes_at + timedelta(days=3)
    done = take(opened, csv_of(f"{opened.codes[0]},1,2026-03-02,5,,"), now=late)
    assert done.accepted == 1
    day = late.date().isoformat()
    with pytest.raises(Refused, match="import_invalid|rows"):
        take(opened, csv_of(f"{opened.codes[1]},2,{day},5,,"), now=late)


def test_only_the_campaigns_evaluator_imports_into_an_open_campaign(opened: Opened) -> None:
    content = io.BytesIO(csv_of(f"{opened.codes[0]},1,,5,,"))
    for actor, reason in ((PROVIDER, "forbidden"), (OTHER_EVALUATOR, "not_found")):
        with pytest.raises(Refused) as caught:
            imports.take_in(actor, NOW, opened.id, content, (KEY,))
        assert caught.value.reason == reason
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", campaigns.get(EVALUATOR, opened.id).version)
    with pytest.raises(Refused) as caught:
        imports.take_in(EVALUATOR, NOW, opened.id, content, (KEY,))
    assert caught.value.reason == "state_conflict"
