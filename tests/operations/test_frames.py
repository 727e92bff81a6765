"""Frames with rows and personal columns: kept together or not at all, opened one by one, deleted on their day."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from factories import EVALUATOR, KEY, NOW, make_project

from service.domain.errors import Refused
from service.domain.inspect import frames as rules
from service.domain.inspect.frame_rows import FrameRow
from service.domain.inspect.frames import FrozenFrame
from service.domain.keys import Key
from service.operations.acts import journal_entries
from service.operations.inspect import contacts, frames
from service.store import records
from service.store.documents import ContactDocument, FrameRowsDocument
from service.store.inspect import frame_rows

SERIALS = tuple(f"R{number:04}" for number in range(1, 301))
UNTIL = date(2026, 6, 30)
PHONE, NAME = "13800138000", "王小明"


def frozen(id: str = "frame-1") -> FrozenFrame:
    frame = rules.freeze(SERIALS)
    return FrozenFrame(
        id, "project-1", "Recipients", "register", rules.frame_sha256(frame), frame.serials, NOW, EVALUATOR.id,
        kind="recipient", contacts_until=UNTIL,
    )  # fmt: skip


def rows(id: str = "frame-1") -> list[FrameRow]:
    return [
        FrameRow(f"{id}:{serial}", id, serial, "A", "east", date(2026, 2, 1), Decimal("1.50"), {"type": "visit"})
        for serial in SERIALS
    ]


def keep(id: str = "frame-1") -> tuple[FrozenFrame, bool]:
    people = [contacts.Person(serial, {"phone": PHONE, "name": NAME}, [("phone", PHONE)]) for serial in SERIALS]
    return frames.keep(EVALUATOR, NOW, frozen(id), rows(id), people, KEY)


def stored_pieces() -> set[str]:
    """Under which names rows or personal columns are stored."""
    return {
        stored["pieces"]
        for document in (FrameRowsDocument, ContactDocument)
        for stored in records.collection(document).find({})
    }


@pytest.fixture(autouse=True)
def _project(database: None) -> None:
    make_project()


def test_rows_are_found_by_serial() -> None:
    assert keep()[1]
    assert not keep()[1]  # and of the repeat nothing stays
    assert len(stored_pieces()) == 1
    assert frames.row("frame-1", "R0007") == rows()[6]
    assert frames.row("frame-1", "R9999") is None
    assert frames.row("frame-2", "R0007") is None
    assert set(frames.rows_of("frame-1", SERIALS + ("R9999",))) == set(SERIALS)
    with pytest.raises(Refused, match="already used"):
        frames.keep(EVALUATOR, NOW, replace(frozen(), name="Other"), rows(), (), KEY)


@pytest.mark.parametrize("cut", ["insert_contacts", "create_once"])
def test_an_interrupted_import_leaves_nothing(monkeypatch: pytest.MonkeyPatch, cut: str) -> None:
    def broken(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(frames.frame_rows if cut == "insert_contacts" else frames, cut, broken)
        with pytest.raises(KeyboardInterrupt):
            keep()
    assert records.get(FrozenFrame, "frame-1") is None
    assert stored_pieces() == set()
    assert "frame.frozen" not in {entry.act for entry in journal_entries()}
    assert keep()[1]


def test_what_a_killed_import_left_belongs_to_no_frame_and_is_swept() -> None:
    frame_rows.insert_rows("loose", "frame-1", NOW, rows())
    frame_rows.insert_contacts("loose", "frame-1", NOW, UNTIL, KEY.id, [("R0001", b"sealed", [])])
    assert frames.row("frame-1", "R0001") is None
    keep()
    contacts.purge(NOW + timedelta(hours=23))
    assert "loose" in stored_pieces()  # it may still be running
    contacts.purge(NOW + timedelta(hours=25))
    kept = records.get(FrozenFrame, "frame-1")
    assert kept is not None
    assert stored_pieces() == {kept.pieces}
    assert contacts.open(EVALUATOR, NOW, KEY, "frame-1", "R0001", "interview")["name"] == NAME


def test_contacts_are_opened_with_a_reason_in_the_journal_and_without_their_content() -> None:
    keep()
    assert contacts.open(EVALUATOR, NOW, KEY, "frame-1", "R0001", "interview") == {"phone": PHONE, "name": NAME}
    assert contacts.open(EVALUATOR, NOW, (Key(b"n" * 32), KEY), "frame-1", "R0001", "interview")["phone"] == PHONE
    opened = [entry for entry in journal_entries(["project:project-1"]) if entry.act == "contact.opened"]
    assert [entry.details for entry in opened] == [{"frame": "frame-1", "serial": "R0001", "why": "interview"}] * 2
    told = "".join(str(vars(entry)) for entry in journal_entries())
    assert PHONE not in told
    assert NAME not in told
    with pytest.raises(Refused, match="no such contact"):
        contacts.open(EVALUATOR, NOW, KEY, "frame-1", "R9999", "interview")
    with pytest.raises(Refused, match="secret"):
        contacts.open(EVALUATOR, NOW, Key(b"o" * 32), "frame-1", "R0001", "interview")


def test_contacts_are_deleted_on_their_day() -> None:
    keep()
    keep("frame-2")
    day = timedelta(days=1)
    last = datetime(2026, 6, 29, 12, tzinfo=NOW.tzinfo)
    assert contacts.purge(last) == 0
    assert contacts.open(EVALUATOR, last, KEY, "frame-1", "R0001", "interview")
    with pytest.raises(Refused, match="2026-06-30"):  # even before the command has run
        contacts.open(EVALUATOR, last + day, KEY, "frame-1", "R0001", "interview")
    assert contacts.purge(last + day) == 2 * len(SERIALS)
    assert contacts.purge(last + day) == 0
    purged = [entry for entry in journal_entries(["project:project-1"]) if entry.act == "contacts.purged"]
    assert [(entry.subject, entry.details["items"], entry.details["until"]) for entry in purged] == [
        (id, len(SERIALS), "2026-06-30") for id in ("frame-1", "frame-2")
    ]
    assert len({entry.details["before"] for entry in purged}) == 2  # a digest of what was there
    assert frames.row("frame-1", "R0001") == rows()[0]  # what is not personal stays
