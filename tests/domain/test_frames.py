"""Frames: canonical form, hash, and reading lists from CSV. Vectors: design, "A draw nobody can dispute"."""

import csv
import hashlib
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import Refused
from service.domain.inspect import frames
from service.domain.inspect.frames import Frame, canonical, frame_sha256, freeze, read_csv

EXTENSION_B = "\U00020000"  # 𠀀, two UTF-16 units
VECTOR = [f"R00{number}" for number in range(1, 9)]


def faults_of(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    assert refused.value.reason == "frame_invalid"
    assert all(fault.message for fault in refused.value.faults)  # every message finds its parameters
    return {fault.field: fault.reason for fault in refused.value.faults}


def test_hash_of_an_unstratified_frame_is_the_published_vector():
    digest = frame_sha256(freeze(reversed(VECTOR)))
    assert digest == hashlib.sha256(b"R001\nR002\nR003\nR004\nR005\nR006\nR007\nR008\n").hexdigest()
    assert digest == "e600a53bcd8559d45a72291e61fc0cdf962563d694cf9a0842f5ae89a3cdff99"


def test_strata_enter_the_hash_behind_a_tab():
    frame = freeze(["R2", "R1"], ["重点", "一般"])
    assert frame_sha256(frame) == hashlib.sha256("R1\t一般\nR2\t重点\n".encode()).hexdigest()
    moved = freeze(["R2", "R1"], ["一般", "一般"])
    assert len({frame_sha256(frame), frame_sha256(moved), frame_sha256(freeze(["R1", "R2"]))}) == 3


def test_canonical_form_is_nfc_trimmed_and_in_byte_order():
    decomposed = unicodedata.normalize("NFD", "é1")
    given_ = [f"\u3000{EXTENSION_B}\t", "\uff21", decomposed, " Z 1\u00a0", "a"]
    assert canonical(given_) == ["Z 1", "a", "é1", "\uff21", EXTENSION_B]
    # In UTF-16 units extension B would stand before the full-width A.
    assert EXTENSION_B.encode("utf-16-be") < "\uff21".encode("utf-16-be")


@given(st.lists(st.text(min_size=1, max_size=6)))
def test_whatever_is_accepted_is_sorted_distinct_and_stays_itself(serials):
    try:
        frame = canonical(serials)
    except Refused:
        return
    assert [serial.encode() for serial in frame] == sorted({serial.encode() for serial in frame})
    assert canonical(reversed(frame)) == frame
    assert all(
        unicodedata.is_normalized("NFC", serial) and "\n" not in serial and "\t" not in serial for serial in frame
    )


@pytest.mark.parametrize(
    "bad",
    ["a\x00", "a\nb", "a\tb", "a\x85b", "\u202eabc", "a\u2066b", "a\u200bb", "\ufeffa", "a\u2028b", "a\ud800"],
    ids=ascii,
)
def test_characters_that_nobody_sees_are_refused(bad):
    assert faults_of(canonical, ["R1", bad]) == {"rows.2": "control_characters"}
    assert faults_of(freeze, ["R1", "R2"], ["x", bad]) == {"rows.2.stratum": "control_characters"}


@pytest.mark.parametrize("odd", ["张\u3000三", "a\u00a0b", "\ue000", "\U000e0100".join("辻a"), "\U000323af"], ids=ascii)
def test_wide_spaces_private_and_rare_characters_inside_a_serial_are_kept(odd):
    assert canonical([odd]) == [odd]


def test_faults_carry_the_row_and_come_all_at_once():
    serials = ["R1", "  ", "R2", "R1\u3000", "x" * 201, "é", "e\u0301"]
    assert faults_of(canonical, serials, first_row=2) == {
        "rows.3": "empty",
        "rows.5": "repeats_row",
        "rows.6": "too_long",
        "rows.8": "repeats_row",
    }
    with pytest.raises(Refused, match=r"rows\.5: R1 already stands in row 2"):
        canonical(serials, first_row=2)


def test_a_list_full_of_faults_lists_some_and_counts_all():
    with pytest.raises(Refused) as refused:
        canonical([""] * 1000)
    assert len(refused.value.faults) == frames.MAX_FAULTS
    assert refused.value.params["total"] == 1000


def test_an_empty_list_cannot_be_frozen():
    assert faults_of(canonical, []) == {"rows": "empty"}
    assert faults_of(read_csv, "id\n") == {"rows": "empty"}


def test_every_item_needs_a_stratum_once_there_are_strata():
    assert faults_of(freeze, ["R1", "R2"], ["a", " "]) == {"rows.2.stratum": "empty"}
    with pytest.raises(ValueError, match="2 serials, 1 strata"):
        freeze(["R1", "R2"], ["a"])


def test_strata_come_in_byte_order_with_their_sizes():
    frame = freeze(["R1", "R2", "R3"], ["乙", "丙", "乙"])
    assert list(frame.by_stratum().items()) == [("丙", ["R2"]), ("乙", ["R1", "R3"])]
    assert frame.sizes() == {"丙": 1, "乙": 2}
    assert freeze(["R1"]).sizes() == {None: 1}


# --- CSV ---------------------------------------------------------------------------------------------------------

CSV = '编号,姓名,类别\r\nR2,"陈, 一",重点\r\n\r\nR1,李,一般\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_with_or_without_bom(encoding):
    sheet = read_csv(io.BytesIO(CSV.encode(encoding)), "类别")
    assert sheet.frame == Frame(("R1", "R2"), ("一般", "重点"))
    assert sheet.columns == ("姓名",)
    assert sheet.others == {"R1": ("李",), "R2": ("陈, 一",)}
    assert "陈" not in repr(sheet)


def test_a_bom_is_no_part_of_the_first_header():
    assert read_csv('\ufeff"id, no"\nR1\n').frame.serials == ("R1",)
    assert faults_of(read_csv, "\ufeff,kind\nR1,a\n") == {"rows.1": "header_missing"}


def test_csv_as_text_without_strata_and_without_the_other_columns():
    assert read_csv(CSV).frame.strata is None
    assert read_csv(CSV, keep_others=False).others == {}
    assert read_csv("id\nR1").frame.serials == ("R1",)


def test_rows_are_numbered_as_a_spreadsheet_does():
    text = 'id,note\nR1,"two\nlines"\n\nR2,\nR1,again\n'
    assert faults_of(read_csv, text) == {"rows.5": "repeats_row"}


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (b"", "rows.1", "header_missing"),
        (b"\n\nR1\n", "rows.1", "header_missing"),
        (b" ,kind\nR1,a\n", "rows.1", "header_missing"),
        (b"id;kind\nR1;a\n", "rows.1", "not_commas"),
        (b"id\tkind\nR1\ta\n", "rows.1", "not_commas"),
        (b"id,kind,kind\nR1,a,b\n", "rows.1", "duplicate"),
        (b"id,kind\nR1,a\nR2\n", "rows.3", "row_ragged"),
        (b"id,kind\nR1,a,b\n", "rows.2", "row_ragged"),
        (b'id,kind\nR1,"a\nR2,b\n', "rows.2", "csv_broken"),
        (b'id,kind\nR1,"a"b\n', "rows.2", "csv_broken"),
        (b"id,kind\rR1,a\r", "rows.1", "csv_broken"),
        ("编号,kind\nR1,a\n".encode("gb18030"), "rows.1", "not_utf8"),
        ("id,kind\nR1,a\n民,b\n".encode("gb18030"), "rows.3", "not_utf8"),
        ("id,kind\nR1,a\n".encode("utf-16"), "rows.1", "not_utf8"),
        (b"id,kind\nR1,a\nR2," + b"x" * 10_001 + b"\n", "rows.3", "too_long"),
        (b"id,kind\nR1,a\nR2,b" + b"x" * 140_000 + b"\n", "rows.3", "csv_broken"),
        (b"id,kind\n" + b"x" * 1_000_001, "rows.2", "too_long"),
        (b"id,kind\n,a\n", "rows.2", "empty"),
        (b"id,kind\nR1, \n", "rows.2.stratum", "empty"),
        (b"id,kind\nR\x001,a\n", "rows.2", "control_characters"),
    ],
)
def test_csv_faults_name_the_row(content, place, reason):
    assert faults_of(read_csv, io.BytesIO(content), "kind") == {place: reason}


@pytest.mark.parametrize("name", ["sort", "", "Kind"])
def test_an_unknown_stratum_column_is_told_with_those_that_are(name):
    assert faults_of(read_csv, "id,kind,\nR1,a,\n", name) == {"rows.1": "column_unknown"}
    with pytest.raises(Refused, match="The columns are: id, kind"):
        read_csv("id,kind,\nR1,a,\n", name)


def test_lone_surrogates_in_text_are_not_utf8():
    assert faults_of(read_csv, "id\nR1\nR\ud800\n") == {"rows.3": "not_utf8"}


def test_rows_over_the_limit_are_refused_without_reading_on(monkeypatch):
    monkeypatch.setattr(frames, "MAX_ROWS", 3)
    assert read_csv("id\nR1\nR2\nR3\n").frame.serials == ("R1", "R2", "R3")
    stream = io.BytesIO(b"id\n" + b"".join(b"R%d\n" % number for number in range(1000)))
    assert faults_of(read_csv, stream) == {"rows": "too_many_rows"}
    assert stream.tell() < 100


names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8).map(frames.normal)


@given(
    st.dictionaries(names, st.tuples(names, st.text(st.characters(exclude_categories=["C"]), max_size=20)), min_size=1)
)
def test_what_the_standard_writer_writes_is_read_back(rows):
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["id", "kind", "free"])
    writer.writerows([serial, kind, free] for serial, (kind, free) in rows.items())
    sheet = read_csv(io.BytesIO(file.getvalue().encode()), "kind")
    assert dict(zip(sheet.frame.serials, sheet.frame.strata, strict=True)) == {s: kind for s, (kind, _) in rows.items()}
    assert sheet.others == {serial: (free,) for serial, (_, free) in rows.items()}
