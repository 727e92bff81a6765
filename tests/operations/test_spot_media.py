"""Files of spot checks: by pieces from wherever they were cut, whole or not at all, pictures and nothing else."""

import io
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from factories import EVALUATOR
from pictures import NO_PICTURES, SECRETS, with_position
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from recording import LATER, entry, picture, sha, submission, under_way
from visiting import FIRST, SECOND

from service import store
from service.domain.errors import Refused
from service.domain.inspect.evidence_files import PIECE, EvidenceFile, camera_facts
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.projects import Site
from service.operations.inspect import spot_checks, spot_media
from service.store import records
from service.store.inspect import evidence_files as stored

pytestmark = pytest.mark.usefixtures("database")
LARGE = with_position((3000, 2250)) + b"\0" * 700_000  # more than two pieces


def recorded(*files: bytes, id: str = "record-1") -> SpotCheck:
    [serial, *_] = under_way()
    media = tuple(entry(content, f"photo-{place}.jpg") for place, content in enumerate(files, 1))
    return spot_checks.receive(FIRST, LATER, submission(serial, id, media=media)).spot_check


def send(content: bytes, offset: int = 0, size: int = PIECE, id: str = "record-1", by: Any = FIRST) -> Any:
    part = content[offset : offset + size]
    return spot_media.piece(by, LATER, id, sha(content), offset, len(content), part)


def state() -> str:
    return records.get(SpotCheck, "record-1").state  # type: ignore[union-attr]


def test_a_file_arrives_by_pieces_from_wherever_it_was_cut() -> None:
    recorded(LARGE)
    assert spot_media.progress(FIRST, "record-1", sha(LARGE)) == spot_media.Progress(0, False)
    assert send(LARGE) == spot_media.Progress(PIECE, False)
    assert send(LARGE) == spot_media.Progress(PIECE, False)  # the answer was lost: the same piece again
    assert send(LARGE, 2 * PIECE) == spot_media.Progress(PIECE, False)  # one that leaves a gap is not kept
    assert spot_media.progress(FIRST, "record-1", sha(LARGE)) == spot_media.Progress(PIECE, False)
    offset = PIECE
    while not (done := send(LARGE, offset, 100_000)).complete:
        offset = done.received
    assert done == spot_media.Progress(len(LARGE), True)
    assert state() == "received"
    assert stored.pieces(f"record-1/{sha(LARGE)}") == []
    spot = spot_checks.get(EVALUATOR, "record-1")
    assert spot_media.content(EVALUATOR, spot, sha(LARGE), original=True) == (LARGE, "image/jpeg")
    assert send(LARGE) == spot_media.Progress(len(LARGE), True)
    assert spot_media.progress(FIRST, "record-1", sha(LARGE)).complete


def test_four_senders_of_one_file_at_once_keep_it_once() -> None:
    photo = picture()
    recorded(photo)
    done: list[Any] = []
    threads = [threading.Thread(target=lambda: done.append(send(photo))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [spot_media.Progress(len(photo), True)] * 4
    [file] = records.find(EvidenceFile)
    assert stored.read(file.file) == photo
    assert state() == "received"


def test_what_is_not_the_file_that_was_named_is_kept_nowhere() -> None:
    photo = picture()
    recorded(photo, picture("blue"))
    changed = photo[:-1] + b"\0"
    with pytest.raises(Refused) as refused:
        spot_media.piece(FIRST, LATER, "record-1", sha(photo), 0, len(photo), changed)
    assert refused.value.reason == "file_differs"
    assert spot_media.progress(FIRST, "record-1", sha(photo)) == spot_media.Progress(0, False)
    # In pieces too: what was gathered is thrown away, and it begins anew.
    half = len(photo) // 2
    send(photo, 0, half)
    with pytest.raises(Refused):
        spot_media.piece(FIRST, LATER, "record-1", sha(photo), half, len(photo), changed[half:])
    assert spot_media.progress(FIRST, "record-1", sha(photo)) == spot_media.Progress(0, False)
    assert send(photo).complete


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_is_refused_and_the_record_goes_on_waiting(name: str) -> None:
    content = NO_PICTURES[name] or b"\0"
    recorded(content)
    with pytest.raises(Refused) as refused:
        send(content)
    assert refused.value.reason == "picture_invalid"
    with pytest.raises(Refused) as refused:
        spot_media.whole(FIRST, LATER, "record-1", "photo-1.jpg", content)
    assert refused.value.reason == "picture_invalid"
    assert (records.find(EvidenceFile), state()) == ([], "waiting")


def test_a_script_that_is_a_picture_too_loses_its_script_for_everybody_else() -> None:
    script = b"<script>alert(document.cookie)</script>"
    both = picture() + script + b"PK\x05\x06" + b"\0" * 18  # a JPEG, a page and an archive at once
    recorded(both)
    send(both)
    spot = spot_checks.get(EVALUATOR, "record-1")
    shown, kind = spot_media.content(FIRST, spot, sha(both))
    assert kind == "image/jpeg"
    assert script not in shown
    assert b"PK\x05\x06" not in shown
    assert Image.open(io.BytesIO(shown)).size == (640, 480)


def test_position_time_and_maker_are_read_and_then_the_evaluators_alone() -> None:
    photo = with_position()
    recorded(photo)
    send(photo)
    spot = spot_checks.get(EVALUATOR, "record-1")
    facts = spot_media.files_of(EVALUATOR, spot)[sha(photo)].facts
    assert (facts["maker"], facts["latitude"], facts["longitude"]) == ("Phonemaker-7421", 23.125, 113.25)
    assert spot_media.files_of(FIRST, spot)[sha(photo)].facts == {}
    for shown in (spot_media.content(FIRST, spot, sha(photo))[0], spot_media.thumbnail(spot, sha(photo))):
        assert not [secret for secret in SECRETS if secret in shown]
    small = Image.open(io.BytesIO(spot_media.thumbnail(spot, sha(photo))))
    assert small.format == "JPEG"
    assert max(small.size) <= 360
    with pytest.raises(Refused):
        spot_media.content(FIRST, spot, sha(photo), original=True)


def test_files_are_their_senders_and_only_those_that_the_record_names() -> None:
    photo = picture()
    recorded(photo)
    for act in (
        lambda: send(photo, by=SECOND),
        lambda: send(photo, id="record-9"),
        lambda: spot_media.progress(SECOND, "record-1", sha(photo)),
        lambda: send(picture("blue")),
        lambda: spot_media.progress(FIRST, "record-1", "../../etc/passwd"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason == "not_found"


@pytest.mark.parametrize(
    ("offset", "total", "length", "field"),
    [
        (-1, 100, 10, "offset"),
        (100, 100, 10, "offset"),
        (0, 0, 10, "total"),
        (0, 10**9, 10, "total"),
        (0, 10**6, PIECE + 1, "body"),
        (90, 100, 20, "body"),
        (0, 100, 0, "body"),
        (0, 50, 50, "total"),
    ],
)
def test_a_piece_whose_numbers_do_not_fit_is_refused_by_field(offset, total, length, field) -> None:
    photo = picture()
    recorded(photo)
    with pytest.raises(Refused) as refused:
        spot_media.piece(FIRST, LATER, "record-1", sha(photo), offset, total, b"\0" * length)
    assert [fault.field for fault in refused.value.faults] == [field]


# --- Files that come whole, by name ------------------------------------------------------------------------------


def named(*names: str) -> None:
    [serial, *_] = under_way()
    media = tuple({"name": name, "question": "photo"} for name in names)
    sent = spot_checks.receive(FIRST, LATER, submission(serial, "record-1", media=media, source="openrosa"))
    assert sent.waiting_for == names


def test_files_that_are_known_by_name_complete_the_record_in_any_order() -> None:
    named("1.jpg", "2.jpg")
    spot_media.whole(FIRST, LATER, "record-1", "2.jpg", picture("blue"))
    assert state() == "waiting"
    for _ in range(2):  # a repeat changes nothing
        spot_media.whole(FIRST, LATER, "record-1", "1.jpg", picture())
    spot = spot_checks.get(EVALUATOR, "record-1")
    assert spot.state == "received"
    assert [one["sha256"] for one in spot.media] == [sha(picture()), sha(picture("blue"))]
    with pytest.raises(Refused) as refused:
        spot_media.whole(FIRST, LATER, "record-1", "1.jpg", picture("green"))
    assert refused.value.reason == "name_taken"


def test_a_file_that_the_record_does_not_name_is_kept_and_marked() -> None:
    named("1.jpg")
    spot_media.whole(FIRST, LATER, "record-1", "retaken.jpg", picture("blue"))
    spot_media.whole(FIRST, LATER, "record-1", "audit.csv", b"event,node,start,end\n")
    spot = spot_checks.get(EVALUATOR, "record-1")
    assert spot.state == "waiting"
    assert [(one["name"], one.get("unreferenced", False)) for one in spot.media] == [
        ("1.jpg", False),
        ("retaken.jpg", True),
        ("audit.csv", True),
    ]
    with pytest.raises(Refused):  # a log is text, and shown to nobody as a picture
        spot_media.content(FIRST, spot, sha(b"event,node,start,end\n"))
    with pytest.raises(Refused):
        spot_media.whole(FIRST, LATER, "record-1", "audit.csv", b"\xff\xfe\x00")


@pytest.mark.parametrize(
    "name", ["../x.jpg", "a/b.jpg", "a\\b.jpg", "C:x.jpg", "..", ".", "", "x\n.jpg", "\u202egpj.x"]
)
def test_a_file_named_like_a_path_is_refused(name: str) -> None:
    named("1.jpg")
    with pytest.raises(Refused) as refused:
        spot_media.whole(FIRST, LATER, "record-1", name, picture())
    assert [fault.field for fault in refused.value.faults] == ["name"]
    assert records.find(EvidenceFile) == []


# --- What cameras tell -------------------------------------------------------------------------------------------


def test_what_a_camera_tells_is_read_as_far_as_it_makes_sense() -> None:
    exif = {0x9003: "2026:03:02 17:00:00", 0x9011: "+08:00"}
    assert camera_facts({0x010F: "Maker\x00"}, exif, {})["taken_at"] == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert camera_facts({}, {0x9003: "2026:03:02 17:00:00"}, {})["taken_at"] == datetime(2026, 3, 2, 9, tzinfo=UTC)
    south = {1: "S", 2: (23, 30, 0), 3: "W", 4: (113, 0, 36)}
    assert camera_facts({}, {}, south) == {"latitude": -23.5, "longitude": -113.01}


@pytest.mark.parametrize(
    ("main", "exif", "gps"),
    [
        ({0x010F: b"\xff"}, {0x9003: "yesterday"}, {2: "23", 4: None}),
        ({0x010F: 7}, {0x9003: "0000:00:00 00:00:00"}, {2: (1, 2), 4: (1, 2, 3)}),
        ({}, {0x9003: "2026:03:02 17:00:00\x00", 0x9011: "+99:99"}, {2: (float("nan"), 0, 0), 4: (1, 0, 0)}),
        ({}, {0x9003: b"2026"}, {2: (400, 0, 0), 4: (1, 0, 0)}),
    ],
)
def test_what_a_camera_garbles_is_left_out(main, exif, gps) -> None:
    assert camera_facts(main, exif, gps).keys() <= {"taken_at"}


def test_a_photo_of_another_place_and_day_is_a_fact_beside_the_record() -> None:
    exif = Image.Exif()
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2025:01:01 10:00:00"
    exif.get_ifd(IFD.GPSInfo).update(
        {GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (24.0, 0.0, 0.0), GPS.GPSLongitudeRef: "E"}
        | {GPS.GPSLongitude: (113.0, 0.0, 0.0)}
    )
    photo = picture(exif=exif)
    recorded(photo)
    site = records.get(Site, "east")
    moved = replace(site, latitude=23.1, longitude=113.2, version=site.version + 1)  # type: ignore[type-var,union-attr]
    store.retrying(lambda tx: records.replace(moved, site.version, tx))  # type: ignore[union-attr]
    send(photo)
    spot = spot_checks.get(EVALUATOR, "record-1")
    assert {"photo_far", "photo_other_time"} <= set(spot.circumstances)
    assert spot.measures["photo_far"]["value"] > 100_000
    assert spot.measures["photo_far"]["threshold"] == 300
