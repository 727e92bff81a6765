"""`minyi print-slips` in a process of its own: the file, what is stored, what is refused before any code is made."""

import csv
import io
import stat
from pathlib import Path

import commands
import pypdfium2
import pytest
import zxingcpp
from demo_round import make_people
from factories import EVALUATOR, Opened
from flask import Flask
from phones import open_for_phones

from service.config import Settings
from service.operations.collect import responses, tickets


@pytest.fixture
def opened(app: Flask) -> Opened:
    opened = open_for_phones(app, 1)
    make_people()
    return opened


def run(settings: Settings, file: Path, *options: str, anew: bool = False) -> tuple[int, str, str]:
    fixed = ("--campaign", "phones", "--site", "east", "--distribution", "free_choice", "--as", "evaluator")
    return commands.run(settings, "print-slips", file, *fixed, *options, anew=anew)


def test_a_batch_and_its_sheet_in_one_go(opened: Opened, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "slips.pdf"
    code, out, err = run(settings, file, "--count", "25", "--language", "zh-Hant", "--language", "en", anew=True)
    assert (code, "Setting in type" in err) == (0, True), err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    document = pypdfium2.PdfDocument(file)
    assert len(document) == 2
    codes = set()
    for page in document:
        picture = page.render(scale=150 / 72).to_pil().convert("L")
        codes |= {found.text.rpartition("/")[2] for found in zxingcpp.read_barcodes(picture)}
    document.close()
    assert len(codes) == 25
    batch = tickets.batches(EVALUATOR, opened.id)[-1]
    made = [one for one in tickets.batches(EVALUATOR, opened.id) if one.count == 25]
    assert [one.id in out for one in made] == [True], batch
    for one in codes:
        assert responses.form_of(one, settings.keys())[1].id == made[0].id


def test_links_for_text_messages(opened: Opened, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    assert run(settings, file, "--count", "3")[0] == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [row["number"] for row in rows] == ["1", "2", "3"]
    for row in rows:
        assert responses.form_of(row["link"].rpartition("/")[2], settings.keys())[1].count == 3


def test_what_cannot_be_printed_makes_no_codes(opened: Opened, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "slips.pdf"
    for options, told in ((("--language", "fr"), "languages"), (("--as", "provider"), "may not")):
        code, _, err = run(settings, file, *options)
        assert (code, told in err) == (2, True), err
        assert not file.exists()
    file.write_text("kept")
    code, _, err = run(settings, file)
    assert (code, "cannot be written" in err, file.read_text()) == (2, True, "kept")
    assert len(tickets.batches(EVALUATOR, opened.id)) == 1
