"""Records of the collecting app: ids in any namespace, every kind of answer, and what is refused with its place."""

from datetime import date
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from every_kind import definition

from service.domain.collect.questionnaires import check_answers, parse
from service.domain.collect.questions import Question
from service.domain.collect.xlsforms import naming
from service.domain.errors import Refused
from service.domain.inspect import xform_records, xforms

META = "<meta><instanceID>uuid:1</instanceID></meta>"


def record(inner: str = "", meta: str = META, attributes: str = 'id="case" version="3"') -> xform_records.XFormRecord:
    return xform_records.read(fromstring(f"<data {attributes}>{inner}{meta}</data>"))


@pytest.mark.parametrize(
    "meta",
    [
        META,
        '<orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>uuid:1</orx:instanceID></orx:meta>',
        '<n:meta xmlns:n="urn:other"><instanceID>uuid:1</instanceID></n:meta>',
        "<meta><instanceName>x</instanceName><instanceID> uuid:1 </instanceID><audit>audit.csv</audit></meta>",
    ],
)
def test_the_instance_id_is_read_in_any_namespace(meta: str) -> None:
    read = record("<q>1</q>", meta)
    assert (read.form_id, read.version, read.instance_id, read.leaves) == ("case", "3", "uuid:1", {"q": "1"})
    assert read.audit == ("audit.csv" if "audit" in meta else "")


@pytest.mark.parametrize(
    ("meta", "attributes", "place"),
    [
        ("", 'id="case" version="3"', "instanceID"),
        ("<meta><instanceID/></meta>", 'id="case" version="3"', "instanceID"),
        ("<meta><instanceID>../../x</instanceID></meta>", 'id="case" version="3"', "instanceID"),
        (f"<meta><instanceID>{'u' * 101}</instanceID></meta>", 'id="case" version="3"', "instanceID"),
        (f"{META}{META}", 'id="case" version="3"', "instanceID"),
        ("<instanceID>uuid:1</instanceID>", 'id="case" version="3"', "instanceID"),
        (META, 'version="3"', "id"),
        (META, 'id="case"', "version"),
    ],
)
def test_what_does_not_say_which_record_it_is_is_refused_with_its_place(meta: str, attributes: str, place: str) -> None:
    with pytest.raises(Refused) as refusal:
        record("", meta, attributes)
    assert refusal.value.reason == "record_unreadable"
    assert [fault.field for fault in refusal.value.faults] == [f"xml_submission_file.{place}"]


def test_an_edited_record_is_refused_whatever_it_replaces() -> None:
    edited = "<meta><instanceID>uuid:2</instanceID><deprecatedID>uuid:1</deprecatedID></meta>"
    with pytest.raises(Refused, match="cannot be replaced"):
        record("", edited)


@pytest.mark.parametrize("inner", ["<q>1</q><q>2</q>", "<g><q>1</q></g><q>2</q>", "<q>a\u202eb</q>"])
def test_a_question_answered_twice_or_with_invisible_characters_is_refused(inner: str) -> None:
    with pytest.raises(Refused) as refusal:
        record(inner)
    assert refusal.value.faults[0].field == "xml_submission_file.q"


@pytest.mark.parametrize("name", ["../x.jpg", "a/b.jpg", "c:\\x.jpg", "..", "", "x\n.jpg", "n" * 201])
def test_a_file_named_like_a_path_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        xform_records.checked_name(name)


def test_chinese_file_names_are_names() -> None:
    assert xform_records.checked_name('照片 "1".jpg') == '照片 "1".jpg'


def test_signatures_of_a_witness_or_the_reason_why_there_is_none() -> None:
    signed = record(
        "<_witness>signed</_witness><_witness_name>Li</_witness_name><_witness_signature>s.png</_witness_signature>"
    )
    assert xform_records.signatures(signed) == {"witness": {"media": "s.png", "name": "Li"}}
    refused = record(
        "<_witness>refused</_witness><_refusal>not allowed to</_refusal><_second_signature>2.png</_second_signature>"
        "<_auditor_signature>1.png</_auditor_signature>"
    )
    assert xform_records.signatures(refused) == {
        "auditor": {"media": "1.png"},
        "second": {"media": "2.png"},
        "witness": {"refused": True, "reason": "not allowed to"},
    }


@pytest.mark.parametrize(
    ("text", "accuracy", "mock"), [("23.1 113.2 0 4.5", 4.5, False), ("23.1 113.2 12.0 0.0", 0.0, True)]
)
def test_a_position_without_any_inaccuracy_is_a_mock_one(text: str, accuracy: float, mock: bool) -> None:
    place = xform_records.place(text)
    assert (place["latitude"], place["longitude"]) == (23.1, 113.2)
    assert (place["accuracy_m"], place["mock"], place["age_s"]) == (accuracy, mock, None)


@pytest.mark.parametrize(
    "text", ["", "23.1 113.2", "91 0 0 1", "0 181 0 1", "nan 0 0 1", "inf 0 0 1", "a b c d", "1 1 1 -1"]
)
def test_what_is_no_position_is_none(text: str) -> None:
    assert xform_records.place(text) == {}


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-01-01T10:00:00", "1999-01-01T00:00:00+08:00", "9999-01-01T00:00:00Z"]
)
def test_what_is_no_time_with_an_offset_is_none(text: str) -> None:
    assert xform_records.moment(text) is None


def test_times_keep_their_offset_and_milliseconds() -> None:
    found = xform_records.moment("2026-11-24T10:00:00.123456+08:00")
    assert found is not None
    assert found.isoformat(timespec="milliseconds") == "2026-11-24T10:00:00.123+08:00"


def test_the_items_file_is_the_same_for_the_same_items_in_any_order() -> None:
    items = [
        xforms.Item("a2", "C-2 · East", "East", "C-2", details='a, "b"\nc'),
        xforms.Item("a1", "C-1 · East", "East", "C-1"),
    ]
    file = xforms.items_file(items)
    assert file == xforms.items_file(reversed(items))
    assert file.decode().splitlines() == [
        "name,label,site,serial,date,details",
        "a1,C-1 · East,East,C-1,,",
        'a2,C-2 · East,East,C-2,,"a, ""b"" c"',
    ]


ONE_TEXT = {"number": "3", "text": "好", "date": "2026-05-01"}


def filled_in(question: Question) -> tuple[dict[str, str], Any]:
    """(what the app writes by name, the answer as it should be read); the answer to a note or photo is None."""
    name, codes = naming.question_name(question.id), list(question.codes)
    if question.kind == "matrix":
        rows = {row.id: codes[0] for row in question.rows}
        return {naming.row_name(name, row): code for row, code in rows.items()}, rows
    if question.kind in ("multiple", "rank"):
        chosen = codes[: question.places if question.kind == "rank" else 2]
        return {name: " ".join(chosen)}, chosen
    if question.kind in ("note", "photo"):
        return {name: "1.jpg" if question.kind == "photo" else ""}, None
    value = ONE_TEXT.get(question.kind) or codes[0]
    return {name: value}, value


def test_every_kind_of_question_is_answered_in_the_shape_that_its_check_takes() -> None:
    """The names and values are those that the form's own rows give the app to write."""
    questionnaire = parse(definition())
    both = {question.id: filled_in(question) for question in questionnaire.questions}
    written = {name: value for texts, _ in both.values() for name, value in texts.items()}
    rows = {row["name"] for _, row in xforms.write(questionnaire, "Every kind")[0].rows if "name" in row}
    assert set(written) <= rows
    read = record("".join(f"<{name}>{value}</{name}>" for name, value in written.items()))
    found = xform_records.answers(questionnaire, read)
    assert found == {id: answer for id, (_, answer) in both.items() if answer is not None}
    assert set(check_answers(questionnaire, found, today=date(2026, 5, 2))) >= {"used"}
    assert list(xform_records.files(questionnaire, read)) == ["1.jpg"]


def test_cannot_say_is_one_answer_not_a_list() -> None:
    questionnaire = parse(definition())
    read = record("<services>_cannot_say</services>")
    assert xform_records.answers(questionnaire, read) == {"services": "_cannot_say"}
