"""QR codes are read back by another library: the PNG, the SVG as a browser draws it, the lines of a terminal."""

import io
import re
from xml.etree import ElementTree

import pytest
import zxingcpp
from browsers import chromium
from PIL import Image

from service.web import qr

ADDRESSES = [
    "http://127.0.0.1:8000/s/ABCD2345",
    "https://minyi.example.gov.cn/s/ABCD2345EFGH",
    "https://x.cn/" + "a" * 200,
]


def read(picture):
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    return found


def drawn(rows, scale=8):
    """A picture of modules."""
    picture = Image.new("L", (len(rows[0]), len(rows)))
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    return picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_png_is_read_back_and_has_its_quiet_zone(address):
    picture = Image.open(io.BytesIO(qr.png(address, scale=10)))
    found = read(picture.convert("L"))
    assert found.text == address
    assert found.ec_level in ("M", "Q", "H")
    assert found.position.top_left.x >= 39
    assert found.position.top_left.y >= 39
    assert picture.width - found.position.bottom_right.x >= 39


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_torn_corner_does_no_harm(address):
    rows = qr.modules(address)
    middle = len(rows) // 2
    for y in range(middle, middle + 3):
        for x in range(middle, middle + 3):
            rows[y][x] = not rows[y][x]
    assert read(drawn(rows)).text == address


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_svg_draws_exactly_the_modules(address):
    svg = ElementTree.fromstring(qr.svg(address))  # noqa: S314 - our own text
    paths = svg.findall("{http://www.w3.org/2000/svg}path")
    rows = [[False] * len(row) for row in qr.modules(address)]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", paths[1].attrib["d"]):
        for column in range(int(x), int(x) + int(length)):
            assert not rows[int(y)][column]
            rows[int(y)][column] = True
    assert rows == qr.modules(address)
    assert svg.attrib["viewBox"] == f"0 0 {len(rows)} {len(rows)}"


def test_the_svg_is_read_back_from_what_a_browser_draws():
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 400, "height": 400}, color_scheme="dark")
        for address in ADDRESSES:
            page.set_content(f"<style>body{{margin:0;background:#000}}</style>{qr.svg(address)}")
            picture = Image.open(io.BytesIO(page.screenshot()))
            assert read(picture.convert("L")).text == address


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_terminals_lines_are_read_back(address):
    lines = qr.terminal(address).split("\n")
    halves = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}
    rows = []
    for line in lines:
        # Black on white, whatever the terminal's own colours, and back again at the end of each line.
        found = re.fullmatch("\x1b\\[38;5;16;48;5;231m(.*)\x1b\\[0m", line)
        pairs = [halves[char] for char in found[1]]
        rows += [[upper for upper, _ in pairs], [lower for _, lower in pairs]]
    assert len({len(row) for row in rows}) == 1
    assert rows[: len(rows[0])] == qr.modules(address)
    assert read(drawn(rows)).text == address
