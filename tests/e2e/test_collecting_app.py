"""ODK Collect against the real server: its conversation in order, split and repeated sending, what is not logged."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from collecting import App, Form, choices, record
from collecting_phone import png, spots
from collecting_stage import Stage, log_of, looked_up, prepared
from flask import Flask
from PIL import Image
from servers import Server, serving

from service.config import Settings
from service.domain.inspect.sent_records import SentXml
from service.domain.inspect.spot_checks import RECEIVED, WAITING
from service.store import records


@pytest.fixture
def stage(app: Flask) -> Stage:
    return prepared(12)


def photo(number: int, size: int = 0) -> bytes:
    """A JPEG of its own, with so many bytes behind its end, as some phones write."""
    made = io.BytesIO()
    Image.new("RGB", (64, 48), (number % 256, 20, 30)).save(made, "JPEG")
    return made.getvalue() + bytes(size)


def test_a_day_of_an_auditors_phone(stage: Stage, settings: Settings, tmp_path: Path) -> None:
    with serving(settings, tmp_path) as server:
        phone = App(f"http://127.0.0.1:{server.port}/openrosa/{stage.token}")
        assert phone.update() == {"case-record": "New", "observation-visit": "New"}
        assert set(phone.update().values()) == {"OnDevice"}
        form = phone.forms["case-record", "1"]
        items = choices(form)
        assert [item["name"] for item in items] == [one.id for one in stage.assignments]

        listing = phone.get(f"{phone.server_url}/formList")
        assert list(listing.headers).count("Date") == 1
        assert listing.headers["Cache-Control"] == "no-store"
        one_record_whole(phone, form, items[0]["name"])
        records_split_over_several_requests(phone, form, items[1]["name"])
        four_at_once(phone, form, items[2]["name"])
        refused_before_it_is_read(server, phone)
        assert len(spots()) == 3
        glued = App(phone.server_url, glued=True)
        assert glued.update()["case-record"] == "New"
        told = server.log.read_text()
    assert '"route": "/openrosa/<token>/formList"' in told
    assert stage.token not in told


def one_record_whole(phone: App, form: Form, item: str) -> None:
    sent = record(form, looked_up(item, photo="照片 1.jpg"), meta={"audit": "audit.csv"})
    files = {"照片 1.jpg": photo(1), "witness.png": png(), "audit.csv": log_of()}
    for chunked in (False, True):
        head, answer = phone.send(sent, files, chunked)
        assert (head.status, head.body, answer.status) == (204, b"", 201)
    (spot,) = spots()
    assert (spot.state, spot.assignment) == (RECEIVED, item)


def records_split_over_several_requests(phone: App, form: Form, item: str) -> None:
    """4 + 4 + 11 MB in three requests, the large file alone; what came before is sent again, as after a lost answer."""
    sent = record(form, looked_up(item, photo="big.jpg"))
    files = {
        "1.jpg": photo(1, 4_000_000),
        "2.jpg": photo(2, 4_000_000),
        "big.jpg": photo(3, 11_000_000),
        "witness.png": png(),
    }
    assert [answer.status for answer in [phone.post(sent, {"1.jpg": files["1.jpg"]}, incomplete=True)]] == [201]
    assert spots_of(item) == [WAITING]
    answers = phone.send(sent, files)
    assert [answer.status for answer in answers] == [204, 201, 201, 201]
    assert spots_of(item) == [RECEIVED]
    (spot,) = [spot for spot in spots() if spot.assignment == item]
    assert {entry["name"]: bool(entry.get("unreferenced")) for entry in spot.media} == {
        "big.jpg": False,
        "witness.png": False,
        "1.jpg": True,
        "2.jpg": True,
    }


def four_at_once(phone: App, form: Form, item: str) -> None:
    sent = record(form, looked_up(item, photo="1.jpg"), meta={"audit": "audit.csv"})
    files = {"1.jpg": photo(4, 200_000), "witness.png": png(), "audit.csv": log_of()}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: phone.post(sent, files), range(4)))
    assert [answer.status for answer in answers] == [201] * 4
    assert spots_of(item) == [RECEIVED]
    (spot,) = [spot for spot in spots() if spot.assignment == item]
    assert sorted(entry["name"] for entry in spot.media) == ["1.jpg", "audit.csv", "witness.png"]
    assert len([sent for sent in records.find(SentXml) if sent.of == spot.id]) == 1


def refused_before_it_is_read(server: Server, phone: App) -> None:
    """The app hears why, even while it is still sending."""
    stranger = App(f"http://127.0.0.1:{server.port}/openrosa/none")
    answer = stranger.post(b"<data/>", {"1.jpg": photo(5, 12_000_000)})
    assert (answer.status, bool(answer.message)) == (403, True)
    answer = phone.post(b"<data/>", {"1.jpg": photo(5, 41_000_000)})
    assert (answer.status, bool(answer.message)) == (413, True)


def spots_of(item: str) -> list[str]:
    return [spot.state for spot in spots() if spot.assignment == item]
