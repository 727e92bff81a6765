"""Sheets of slips and posters: read back from what is rendered, clean and soiled; fonts; who may have them made."""

import csv
import io
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from accounts import As, fields_named, refusal
from browsers import chromium
from factories import ADMIN, EVALUATOR, Opened
from flask import Flask
from flask.testing import FlaskClient
from phones import open_for_phones
from PIL import Image, ImageDraw

from service.config import Settings
from service.domain.collect.tickets import ALPHABET, grouped, new_code
from service.domain.errors import Refused
from service.domain.projects import Site
from service.operations import projects
from service.operations.collect import campaigns
from service.store import records
from service.web.printing import fonts, pdf
from service.web.printing.job import Job, Words
from service.web.printing.symbols import Symbols
from service.web.printing.words import usual

SEED = 20261124
BASE_URL = "https://minyi.example.gov.cn"
HANS = Words(
    language="zh-Hans",
    title="请您评价这项服务",
    works="截止时间：2026-03-31 18:00",
    enter="也可在 minyi.example.gov.cn/s 输入填写码",
    once="· 限填一次",
    scan="用手机扫一扫，说说您的看法",
    told=("委托方：某市民政局。", "了解服务质量。"),
)
HANT = Words(
    language="zh-Hant",
    title="請您評價這項服務",
    works="截止時間：2026-03-31 18:00",
    enter="也可在 minyi.example.gov.cn/s 輸入填寫碼",
    once="· 限填一次",
    scan="用手機掃一掃，說說您的看法",
    told=("委託方：某市民政局。",),
)
ENGLISH = Words(
    language="en",
    title="Tell us how the service was",
    works="Until 2026-03-31 18:00",
    enter="Or type the code at minyi.example.gov.cn/s",
    once="· once only",
    scan="Scan the code with your phone",
    told=("Commissioned by the bureau.",),
)


def made(layout: str, count: int, *words: Words, kind: str = "slip", base_url: str = BASE_URL) -> Job:
    draw = random.Random(SEED)
    codes = tuple(new_code(kind, draw.randrange) for _ in range(count))
    return Job(layout, base_url, "东山街道社区综合服务中心", "三月健康讲座", words or (HANS, ENGLISH), codes)


@cache
def sheet() -> tuple[Job, bytes]:
    job = made("slips", 25)
    return job, pdf.render(job)


def pictures(document: bytes, dpi: int) -> Iterator[Image.Image]:
    opened = pypdfium2.PdfDocument(document)
    for number in range(len(opened)):
        yield opened[number].render(scale=dpi / 72).to_pil().convert("L")
    opened.close()


def texts(document: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(document)
    found = []
    for number in range(len(opened)):
        words = opened[number].get_textpage()
        found.append(words.get_text_range())
        words.close()
    opened.close()
    return found


def read(picture: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)}


def soil(picture: Image.Image, job: Job, dpi: int, blots: int, ink: str) -> None:
    """Soil a tenth of the modules of every symbol outside its finder patterns, in so many blots.

    Stains are patches. A tenth of single modules, strewn at random, would touch 1 - 0.9^8 = 57 percent of the
    codewords, and no level of error correction mends more than 30. `ink`: flipped, dark or light.
    """
    symbols, pen, draw = Symbols(job.prefix, 12), ImageDraw.Draw(picture), random.Random(SEED)
    size = symbols.size
    module = pdf.SYMBOL / (size + 2 * pdf.QUIET)
    outside = [(x, y) for y in range(size) for x in range(size) if not finder(x, y, size)]
    for at, code in enumerate(job.codes[: pdf.PER_PAGE]):
        rows = symbols.modules(code)
        left = pdf.EDGE_X + at % pdf.ACROSS * pdf.CELL_X + 0.8 + pdf.QUIET * module
        top = pdf.EDGE_Y + at // pdf.ACROSS * pdf.CELL_Y + 1.2 + pdf.QUIET * module
        soiled = blotted(outside, blots, draw)
        assert len(soiled) == len(outside) // 10
        for x, y in soiled:
            corners = (left + x * module, top + y * module, left + (x + 1) * module, top + (y + 1) * module)
            x1, y1, x2, y2 = (round(edge / 25.4 * dpi) for edge in corners)
            dark = {"flipped": not rows[y][x], "dark": True, "light": False}[ink]
            pen.rectangle((x1, y1, x2 - 1, y2 - 1), fill=0 if dark else 255)


def blotted(outside: list[tuple[int, int]], blots: int, draw: random.Random) -> set[tuple[int, int]]:
    """A tenth of these modules: those nearest to `blots` of them that were drawn."""
    left, wanted, found = set(outside), len(outside) // 10, set()
    for remaining in range(blots, 0, -1):
        middle_x, middle_y = draw.choice(sorted(left))
        nearest = sorted(left, key=lambda one: ((one[0] - middle_x) ** 2 + (one[1] - middle_y) ** 2, one))
        blot = set(nearest[: (wanted - len(found)) // remaining])
        found, left = found | blot, left - blot
    return found


def finder(x: int, y: int, size: int) -> bool:
    return (x < 8 or x >= size - 8) and y < 8 or x < 8 and y >= size - 8


@pytest.mark.parametrize("dpi", [150, 300])
def test_all_24_slips_of_a_sheet_are_read_clean_and_soiled(dpi: int) -> None:
    job, document = sheet()
    first, second = pictures(document, dpi)
    wanted = {f"{BASE_URL}/s/{code}" for code in job.codes[:24]}
    assert read(first) == wanted
    assert read(second) == {f"{BASE_URL}/s/{job.codes[24]}"}
    for blots, ink in ((1, "flipped"), (1, "dark"), (3, "dark"), (1, "light")):
        soiled = first.copy()
        soil(soiled, job, dpi, blots, ink)
        differ = sum(a != b for a, b in zip(first.tobytes(), soiled.tobytes(), strict=True))
        module = pdf.SYMBOL / (Symbols(job.prefix, 12).size + 2 * pdf.QUIET) / 25.4 * dpi
        assert differ > 24 * 85 * module**2 * (0.8 if ink == "flipped" else 0.3)  # it lies on the symbols
        assert read(soiled) == wanted, (blots, ink)


def test_a_longer_address_takes_a_larger_version_that_is_read_too() -> None:
    job = made("slips", 24, base_url="https://a-rather-long-name.district.example.gov.cn")
    assert Symbols(job.prefix, 12).version > Symbols(f"{BASE_URL}/s/", 12).version
    [page] = pictures(pdf.render(job), 150)
    assert read(page) == {f"{job.prefix}{code}" for code in job.codes}


def test_the_fast_symbols_are_those_of_the_library() -> None:
    symbols, draw = Symbols(f"{BASE_URL}/s/", 12), random.Random(SEED)
    for _ in range(60):
        code = "".join(draw.choices(ALPHABET, k=12))
        assert symbols.bits(code) == symbols.encode(code)
    picture = Image.new("L", (symbols.size + 8, symbols.size + 8), 255)
    for y, row in enumerate(symbols.modules(code)):
        for x, dark in enumerate(row):
            picture.putpixel((x + 4, y + 4), 0 if dark else 255)
    [found] = zxingcpp.read_barcodes(picture.resize((410, 410), Image.Resampling.NEAREST))
    assert (found.text, found.ec_level) == (f"{BASE_URL}/s/{code}", "Q")
    with pytest.raises(ValueError, match="12 characters"):
        symbols.bits("ABC")


@pytest.mark.parametrize("words", [(HANS, ENGLISH), (HANT, HANS), (ENGLISH,)])
def test_fonts_are_embedded_subsets_and_the_text_can_be_taken_out(words: tuple[Words, ...]) -> None:
    job = made("slips", 2, *words)
    document = pdf.render(job)
    names = set(re.findall(rb"/BaseFont /(\S+)", document))
    assert names
    assert all(re.fullmatch(rb"[A-Z]{6}\+.+", name) for name in names), names
    assert document.count(b"/FontFile") == len(names)
    assert len(document) < 120_000  # whole fonts have megabytes
    [page] = texts(document)
    for each in words:
        for text in (each.title, each.works, each.enter):
            assert text in page
    for text in (job.site, job.session, grouped(job.codes[0]), grouped(job.codes[1])):
        assert text in page


@pytest.mark.parametrize("words", [(HANS, ENGLISH), (HANT, ENGLISH)])
def test_a_poster_is_read_and_says_who_asks(words: tuple[Words, ...]) -> None:
    job = made("poster", 1, *words, kind="poster")
    document = pdf.render(job)
    for dpi in (100, 300):
        [page] = pictures(document, dpi)
        assert read(page) == {f"{BASE_URL}/s/{job.codes[0]}"}
    [page] = texts(document)
    for text in (words[0].title, words[1].title, words[0].told[0], grouped(job.codes[0])):
        assert text in page


def test_long_names_stay_within_their_slip() -> None:
    job = replace(made("slips", 24), site="某市某区某街道社会工作服务站及长者综合服务中心分站" * 3, session="讲" * 60)
    opened = pypdfium2.PdfDocument(pdf.render(job))
    words = opened[0].get_textpage()
    cells = set()
    for number in range(words.count_rects()):
        left, _, right, _ = words.get_rect(number)
        cell = (left * 25.4 / 72 - pdf.EDGE_X) // pdf.CELL_X
        assert right * 25.4 / 72 <= pdf.EDGE_X + (cell + 1) * pdf.CELL_X
        cells.add(cell)
    assert cells == {0, 1, 2}
    words.close()
    opened.close()


def test_without_a_font_with_chinese_nothing_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    latin = tmp_path / "latin.otf"
    latin.write_bytes(fonts.subset(fonts.face_for("en"), ["abc"]))
    text = tmp_path / "text.ttf"
    text.write_text("no font")
    for named in (latin, text):
        with pytest.raises(Refused, match="fonts-noto-cjk.*MINYI_FONT"):
            pdf.render(replace(made("slips", 1), font=str(named)))
    monkeypatch.setattr(fonts, "_found", lambda: [])
    with pytest.raises(Refused, match="no font with Chinese is installed here"):
        pdf.render(made("slips", 1))


def test_a_character_that_the_font_lacks_is_named() -> None:
    with pytest.raises(Refused, match="the font has no \U000310f0"):
        pdf.render(replace(made("slips", 1), site="\U000310f0村"))


def test_the_setting_names_a_file_that_is_there(tmp_path: Path) -> None:
    environ = {"MINYI_SECRET": bytes(range(32)).hex(), "MINYI_BASE_URL": BASE_URL}
    with pytest.raises(Exception, match="MINYI_FONT names no file"):
        Settings.from_environ(environ | {"MINYI_FONT": str(tmp_path / "none.ttc")})
    (tmp_path / "a.ttc").write_bytes(b"x")
    assert Settings.from_environ(environ | {"MINYI_FONT": str(tmp_path / "a.ttc")}).font == str(tmp_path / "a.ttc")


@pytest.fixture
def opened(app: Flask) -> Opened:
    made = open_for_phones(app, 3)
    site, now = records.get(Site, "east"), datetime.now(UTC).replace(microsecond=0)
    assert site is not None
    times = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}
    projects.change_site(ADMIN, now, replace(site, sessions=({"id": "s", "name": "讲座"} | times,)), site.version)
    campaigns.forget_views()
    return made


def asked(opened: Opened, **more: Any) -> dict[str, Any]:
    return {"codes": opened.codes, "form": "slips.pdf", "languages": ["zh-Hans", "en"]} | more


def path(opened: Opened) -> str:
    return f"/campaigns/{opened.id}/tickets/{opened.id}-batch-1"


def test_codes_in_hand_become_a_sheet(client: FlaskClient, opened: Opened) -> None:
    told = As(client, "evaluator").post(
        f"{path(opened)}/sheet", asked(opened, codes=[grouped(c) for c in opened.codes])
    )
    assert (told.status_code, told.mimetype, told.headers["Cache-Control"]) == (200, "application/pdf", "no-store")
    [page] = pictures(told.data, 150)
    assert read(page) == {f"http://127.0.0.1:8000/s/{code}" for code in opened.codes}
    until = (opened.campaign.closes_at + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M")
    assert f"截止时间：{until}" in texts(told.data)[0]


def test_codes_of_others_twice_or_mistyped_are_named(client: FlaskClient, opened: Opened) -> None:
    evaluator = As(client, "evaluator")
    other = new_code("slip", random.Random(SEED).randrange)
    codes = [opened.codes[0], other, opened.codes[0], "ABC"]
    found = fields_named(refusal(evaluator.post(f"{path(opened)}/sheet", asked(opened, codes=codes)), 422))
    assert found == {"codes.1", "codes.2", "codes.3"}
    for more, field in (
        ({"codes": []}, "codes"),
        ({"form": "slips.doc"}, "form"),
        ({"languages": ["fr"]}, "languages"),
    ):
        assert fields_named(refusal(evaluator.post(f"{path(opened)}/sheet", asked(opened, **more)), 422)) == {field}
    refusal(As(client, "provider").post(f"{path(opened)}/sheet", asked(opened)), 403)
    refusal(As(client, "evaluator", "other-org").post(f"{path(opened)}/sheet", asked(opened)), 404)
    evaluator.put(f"{path(opened)}/void", {"reason": "lost"}, 1)
    refusal(evaluator.post(f"{path(opened)}/sheet", asked(opened)), 409, "state_conflict")


def test_without_a_wish_a_sheet_speaks_two_languages_and_not_one_in_two_scripts() -> None:
    assert usual(("zh-Hans", "zh-Hant", "en")) == ["zh-Hans", "en"]
    assert usual(("zh-Hans", "zh-Hant")) == ["zh-Hans", "zh-Hant"]
    assert (usual(("en",)), usual(())) == (["en"], [])


def test_invitations_are_links_and_nothing_of_anybody(client: FlaskClient, opened: Opened) -> None:
    more = {"form": "invitations.csv", "languages": ["zh-Hans"]}
    told = As(client, "evaluator").post(f"{path(opened)}/sheet", asked(opened, **more))
    assert (told.status_code, told.data[:3]) == (200, b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(told.data.decode("utf-8-sig")))
    assert header == ["number", "link", "text"]
    assert [row[1] for row in rows] == [f"http://127.0.0.1:8000/s/{code}" for code in opened.codes]
    for _, link, text in rows:
        assert text.startswith("【某市某区民政局】")
        assert link in text
        assert len(text) <= 2 * 67  # two parts of a long text message in Chinese


@pytest.mark.parametrize("form", ["slips.html", "poster.html"])
def test_the_page_for_the_browser_is_a4_and_is_read(client: FlaskClient, opened: Opened, form: str) -> None:
    told = As(client, "evaluator").post(f"{path(opened)}/sheet", asked(opened, form=form))
    assert told.status_code == 200
    with chromium() as browser:
        page = browser.new_page()
        page.set_content(told.text)
        document = page.pdf(prefer_css_page_size=True)
    found = list(pictures(document, 150))
    assert {(round(one.width / 150 * 25.4), round(one.height / 150 * 25.4)) for one in found} == {(210, 297)}
    assert len(found) == (1 if form == "slips.html" else 3)
    codes = {text for one in found for text in read(one)}
    assert codes == {f"http://127.0.0.1:8000/s/{code}" for code in opened.codes}
    if form == "slips.html":
        for code in opened.codes:
            assert grouped(code) in texts(document)[0]


def test_a_child_process_sets_in_type_what_it_is_told() -> None:
    job = made("poster", 1, kind="poster")
    command = [sys.executable, "-m", "service.web.printing"]
    done = subprocess.run(command, input=json.dumps(job.plain()).encode(), capture_output=True, check=True)
    [page] = pictures(done.stdout, 100)
    assert read(page) == {f"{BASE_URL}/s/{job.codes[0]}"}
    assert EVALUATOR.id not in texts(done.stdout)[0]
