"""Lists become frames: every way they are written, every row that is wrong, and nothing personal where others read."""

import io
import json
import zlib
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from factories import EVALUATOR, KEY, NOW, OTHER_EVALUATOR
from frame_lists import (
    ASKED,
    CITIZEN,
    HEADER,
    MAPPING,
    NAME,
    PHONE,
    ROWS,
    changed,
    csv_of,
    frozen,
    imported,
    make_contract,
    wrong,
    xlsx_of,
)

from service.domain.errors import Refused
from service.domain.inspect.frame_columns import ColumnMapping
from service.domain.inspect.frames import frame_sha256
from service.operations.acts import journal_entries
from service.operations.inspect import contacts, frame_imports, frames
from service.store import documents, records


@pytest.fixture(autouse=True)
def _project(database: None) -> None:
    make_contract()


def stored_bytes() -> bytes:
    """Everything that the database holds, as its driver hands it out and with what is compressed unpacked."""
    found = []
    for document in documents.ALL:
        for stored in records.collection(document).find({}):
            found.append(repr(stored).encode())
            for value in stored.values():
                if isinstance(value, bytes):
                    with suppress(zlib.error):
                        found.append(zlib.decompress(value))
    return b"".join(found)


@pytest.mark.parametrize(
    ("file", "encoding"),
    [
        (csv_of(*ROWS), "UTF-8"),
        (csv_of(*ROWS, encoding="utf-8-sig"), "UTF-8"),
        (csv_of(*ROWS, encoding="gb18030"), "GB18030"),
        (xlsx_of(*ROWS), "XLSX"),
        (xlsx_of(("R-001", "老人", "East", date(2026, 2, 1), 1.5, NAME, 13800138000, "入户探访"), ROWS[1]), "XLSX"),
    ],
    ids=["utf-8", "bom", "gb18030", "xlsx", "xlsx-typed"],
)
def test_a_list_is_read_in_every_encoding_checked_and_frozen(file: io.BytesIO, encoding: str) -> None:
    checked = imported(file)
    assert (checked.encoding, checked.rows, checked.faults, checked.findings) == (encoding, 2, (), ())
    assert [tuple(each) for each in checked.strata] == [("儿童", 1), ("老人", 1)]
    frame, new = frame_imports.freeze(EVALUATOR, NOW, (KEY,), "cases")
    assert new
    assert (frame.serials, frame.strata) == (("R-001", "R-002"), ("老人", "儿童"))
    assert (frame.kind, frame.counter, frame.claimed, frame.amount_sum) == (
        "case",
        "G15",
        Decimal("3.5"),
        Decimal("3.5"),
    )
    assert not frame.marked
    row = frames.row("cases", "R-001")
    assert row is not None
    assert (row.site, row.on, row.amount) == ("east", date(2026, 2, 1), Decimal("1.5"))
    assert row.details == {"服务类型": "入户探访"}
    assert contacts.open(EVALUATOR, NOW, KEY, "cases", "R-001", "test") == {"姓名": NAME, "电话": PHONE}
    again, new = frame_imports.freeze(EVALUATOR, NOW, (KEY,), "cases")
    assert (again, new) == (frames.get(EVALUATOR, "cases"), False)
    assert records.collection(documents.FrameImportPieceDocument).count_documents({}) == 0


def test_nothing_personal_lies_readable_in_database_or_journal_at_any_step() -> None:
    texts = [PHONE, NAME, "李红", CITIZEN, "13900139000", "139 0013 9000"]
    secret = ("R-003", "老人", "East", "2026-02-01", "x", CITIZEN, "12", PHONE)
    imported(csv_of(*ROWS, secret, secret))
    told = stored_bytes()
    frame_imports.discard(EVALUATOR, NOW, "cases")
    frozen(csv_of(*ROWS), id="second")
    assert "入户探访".encode() in stored_bytes()  # what is no person's stays readable, and would be found
    for seen in (told, stored_bytes()):
        for text in texts:
            assert text.encode() not in seen, text
    assert {entry.act for entry in journal_entries(["project:project-1"])} >= {
        "frame_import.read", "frame_import.checked", "frame_import.discarded", "frame.frozen",
    }  # fmt: skip


def test_a_list_that_does_not_add_up_is_marked_before_anything_is_drawn() -> None:
    asked = replace(ASKED, claimed=Decimal(100))
    checked = imported(csv_of(*ROWS), asked)
    assert checked.marked
    assert checked.findings[0] == {
        "place": "claimed", "reason": "sum_differs", "params": {"claimed": "100", "found": "3.5"},
    }  # fmt: skip
    frame, _ = frame_imports.freeze(EVALUATOR, NOW, (KEY,), "cases")
    assert frame.marked
    assert frame.findings == checked.findings


def test_rows_are_counted_where_no_amount_is_claimed() -> None:
    asked = replace(ASKED, mapping=replace(MAPPING, amount=""), claimed=Decimal(2))
    assert not imported(csv_of(*ROWS), asked).marked
    assert imported(csv_of(*ROWS), replace(asked, claimed=Decimal(3)), "other").marked


def test_dates_outside_the_contract_mark_the_list_and_are_listed_by_row() -> None:
    checked = imported(csv_of(*ROWS, changed(编号="R-003", 日期="2025-12-31", 时数="0")))
    assert checked.marked
    assert [(each["place"], each["reason"]) for each in checked.findings] == [("rows.4.日期", "outside_contract")]


WRONG = [
    ({"编号": PHONE}, "编号", "serial_is_phone"),
    ({"编号": "R１３８００１３８０００"}, "编号", "serial_is_phone"),
    ({"编号": "+86 138-0013-8000"}, "编号", "serial_is_phone"),
    ({"编号": "010-12345678"}, "编号", "serial_is_phone"),
    ({"编号": CITIZEN}, "编号", "serial_is_id_number"),
    ({"编号": CITIZEN.lower()}, "编号", "serial_is_id_number"),
    ({"编号": "王小明"}, "编号", "serial_is_name"),
    ({"编号": "欧阳娜娜"}, "编号", "serial_is_name"),
    ({"编号": "陳大文"}, "编号", "serial_is_name"),
    ({"编号": "买买提·艾力"}, "编号", "serial_is_name"),
    ({"编号": "John Smith"}, "编号", "serial_is_name"),
    ({"编号": "zhangxiaoming"}, "编号", "serial_is_name"),
    ({"编号": ""}, "编号", "empty"),
    ({"编号": "R\u200b-9"}, "编号", "control_characters"),
    ({"编号": "R\u202e-9"}, "编号", "control_characters"),
    ({"编号": "r" * 201}, "编号", "too_long"),
    ({"编号": "合计"}, "编号", "total_row"),
    ({"编号": " R-002\u3000"}, "编号", "repeats_row"),
    ({"领域": ""}, "领域", "empty"),
    ({"领域": PHONE}, "领域", "cell_personal"),
    ({"站点": "north"}, "站点", "site_unknown"),
    ({"站点": PHONE}, "站点", "cell_personal"),
    ({"日期": "2026-02-30"}, "日期", "not_a_date"),
    ({"日期": "2/3/26"}, "日期", "not_a_date"),
    ({"时数": "-1"}, "时数", "below"),
    ({"时数": "1e9"}, "时数", "not_a_number"),
    ({"时数": "两小时"}, "时数", "not_a_number"),
    ({"服务类型": f"探访 {PHONE}"}, "服务类型", "cell_personal"),
    ({"服务类型": "1\u200b380013\u200d8000"}, "服务类型", "cell_personal"),
    ({"服务类型": CITIZEN}, "服务类型", "cell_personal"),
]  # fmt: skip


def test_what_does_not_fit_is_named_by_row_and_column() -> None:
    rows = [changed(**{"编号": f"Q-{at}"} | cells) for at, (cells, _, _) in enumerate(WRONG)]
    assert wrong(csv_of(ROWS[1], *rows)) == {
        f"rows.{at}.{place}": reason for at, (_, place, reason) in enumerate(WRONG, 3)
    }


def test_serials_that_collide_once_composed_are_one_serial() -> None:
    assert wrong(csv_of(changed(编号="Rue\u0301-1"), changed(编号="Ru\u00e9-1"))) == {"rows.3.编号": "repeats_row"}


def test_a_column_of_names_with_numbers_added_is_no_column_of_serials() -> None:
    names = ["王明", "李红", "赵刚", "周丽", "张强", "吴敏"]
    rows = [changed(编号=f"{name}{number:02}") for number, name in enumerate(names)]
    assert wrong(csv_of(*rows)) == {"mapping.serial": "column_personal"}
    places = [changed(编号=f"高新-{number:03}") for number in range(10)]
    assert imported(csv_of(*places), id="places").faults == ()


def test_a_personal_column_is_never_a_detail() -> None:
    for column in ("姓名", "电话"):
        mapping = replace(MAPPING, personal={}, details=(column,))
        with pytest.raises(Refused) as refused:
            imported(csv_of(*ROWS), replace(ASKED, mapping=mapping), id=f"of-{column}")
        assert [(fault.field, fault.reason) for fault in refused.value.faults] == [
            ("mapping.details", "column_personal")
        ]
    names = ["王明", "李红", "赵刚", "周丽", "张强", "吴敏"]
    rows = [changed(编号=f"R-{at}", 服务类型=name) for at, name in enumerate(names)]
    assert wrong(csv_of(*rows)) == {"mapping.details": "column_personal"}


@pytest.mark.parametrize(
    ("mapping", "field", "reason"),
    [
        (replace(MAPPING, stratum="编号"), "mapping.stratum", "column_twice"),
        (replace(MAPPING, details=("服务类型", "服务类型")), "mapping.details", "column_twice"),
        (replace(MAPPING, details=("站点",)), "mapping.details", "column_twice"),
        (replace(MAPPING, serial="none"), "mapping.serial", "column_unknown"),
        (replace(MAPPING, serial=""), "mapping.serial", "missing"),
        (replace(MAPPING, personal={"电话": "secret"}), "mapping.personal", "not_an_option"),
        (replace(MAPPING, serial="电话", personal={}), "mapping.serial", "column_personal"),
    ],
)
def test_a_mapping_that_means_two_things_is_refused(mapping: ColumnMapping, field: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        imported(csv_of(*ROWS), replace(ASKED, mapping=mapping))
    assert (field, reason) in [(fault.field, fault.reason) for fault in refused.value.faults]


def test_a_header_that_stands_twice_cannot_be_mapped_and_one_that_is_a_person_is_none() -> None:
    header = (*HEADER[:-1], "领域")
    with pytest.raises(Refused) as refused:
        imported(csv_of(*ROWS, header=header), replace(ASKED, mapping=replace(MAPPING, details=())))
    assert [(fault.field, fault.reason) for fault in refused.value.faults] == [("mapping.stratum", "duplicate")]
    with pytest.raises(Refused) as refused:
        frame_imports.begin(EVALUATOR, NOW, (KEY,), "project-1", "none", csv_of(*ROWS, header=ROWS[0]))
    assert [fault.reason for fault in refused.value.faults] == ["header_personal"]
    assert PHONE.encode() not in stored_bytes()


def test_made_serials_are_opaque_the_same_again_and_in_an_order_that_nobody_can_foresee() -> None:
    mapping = replace(MAPPING, serial="电话", make=True)
    many = [
        ("x", "老人", "east", "2026-02-01", "1", NAME, f"1380013{number:04}", "探访") for number in range(40)
    ]  # fmt: skip
    frame = frozen(csv_of(*many), replace(ASKED, mapping=mapping))
    again = frozen(csv_of(*reversed(many)), replace(ASKED, mapping=mapping), "again")
    other = frozen(csv_of(*many), replace(ASKED, mapping=mapping, kind="recipient"), "other")
    assert frame.serials == again.serials
    assert not set(frame.serials) & set(other.serials)
    assert not any(PHONE[:7] in serial for serial in frame.serials)
    phones = [contacts.open(EVALUATOR, NOW, KEY, "cases", serial, "test")["电话"] for serial in frame.serials]
    assert sorted(phones) == [row[6] for row in many]
    assert phones != sorted(phones)
    told = imported(csv_of(many[0], many[0]), replace(ASKED, mapping=mapping), "twice")
    assert [(each["place"], each["reason"]) for each in told.faults] == [("rows.3.电话", "repeats_row")]
    assert "138" not in json.dumps(told.faults)


def test_faults_are_listed_up_to_fifty_and_all_counted() -> None:
    checked = imported(csv_of(*[changed(编号="", 日期="x") for _ in range(60)]))
    assert (len(checked.faults), checked.faults_count) == (50, 120)


def test_numbers_that_a_spreadsheet_has_rounded_are_told_without_the_number() -> None:
    mapping = replace(MAPPING, personal={"姓名": "name", "电话": "id_number"})
    checked = imported(csv_of(changed(电话="110105194912310000")), replace(ASKED, mapping=mapping))
    assert [(each["place"], each["reason"]) for each in checked.findings][-1] == ("rows.2.电话", "no_id_number")
    assert b"110105194912310000" not in stored_bytes()


def test_an_import_is_thrown_away_after_a_day_and_belongs_to_its_project() -> None:
    imported(csv_of(*ROWS))
    for call in (
        lambda: frame_imports.get(OTHER_EVALUATOR, "cases"),
        lambda: frame_imports.freeze(OTHER_EVALUATOR, NOW, (KEY,), "cases"),
        lambda: frame_imports.check(OTHER_EVALUATOR, NOW, (KEY,), "cases", ASKED, 2),
        lambda: frame_imports.sample(OTHER_EVALUATOR, (KEY,), "cases"),
        lambda: frame_imports.discard(OTHER_EVALUATOR, NOW, "cases"),
        lambda: frame_imports.begin(OTHER_EVALUATOR, NOW, (KEY,), "project-1", "x", csv_of(*ROWS)),
    ):
        with pytest.raises(Refused, match="There is no such"):
            call()
    contacts.purge(NOW + timedelta(hours=23))
    assert frame_imports.sample(EVALUATOR, (KEY,), "cases", 1) == [list(ROWS[0])]
    contacts.purge(NOW + timedelta(hours=25))
    with pytest.raises(Refused, match="no such import"):
        frame_imports.get(EVALUATOR, "cases")
    assert records.collection(documents.FrameImportPieceDocument).count_documents({}) == 0


def test_what_is_said_of_a_list_is_checked_and_a_stale_page_changes_nothing() -> None:
    begun = frame_imports.begin(EVALUATOR, NOW, (KEY,), "project-1", "cases", csv_of(*ROWS))
    for asked, place in (
        (replace(ASKED, contacts_until=None), "contacts_until"),
        (replace(ASKED, source=f"from {PHONE}"), "source"),
        (replace(ASKED, name=" "), "name"),
        (replace(ASKED, direction="up"), "direction"),
        (replace(ASKED, kind="ghost"), "kind"),
    ):
        with pytest.raises(Refused) as refused:
            frame_imports.check(EVALUATOR, NOW, (KEY,), "cases", asked, begun.version)
        assert [fault.field for fault in refused.value.faults] == [place]
    frame_imports.check(EVALUATOR, NOW, (KEY,), "cases", ASKED, begun.version)
    with pytest.raises(Refused, match="Somebody else"):
        frame_imports.check(EVALUATOR, NOW, (KEY,), "cases", ASKED, begun.version)
    assert frame_imports.asked_of(frame_imports.get(EVALUATOR, "cases")) == ASKED


def test_the_hash_of_a_frame_is_that_of_its_lines() -> None:
    frame = frozen(csv_of(*ROWS))
    assert frame.sha256 == frame_sha256(frame.frame)
