"""Charts: equal bytes for equal data in any process, a child that may die, and nothing in the file but the drawing."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from service.domain.errors import Refused
from service.web.charts import shapes
from service.web.charts.drawer import Drawer
from service.web.charts.shapes import (
    Bars,
    Dots,
    Funnel,
    Likert,
    Progress,
    Rates,
    Shape,
    Timeline,
    Waterfall,
)

SHAPES: list[Shape] = [
    Likert(
        ["非常不满意", "不满意", "一般", "满意", "非常满意"],
        [-1, -1, 0, 1, 1],
        [["城东站", [1, 2, 3, 12, 22]], ["空站", [0, 0, 0, 0, 0]], ["全部", [1, 2, 3, 12, 22]]],
        total=True,
    ),
    Dots(
        [
            ["城东站", 92.1, 84.0, 96.4, 38],
            ["河西站", 88.0, 79.0, 95.0, 25],
            ["北苑站", 66.0, None, None, 9],
            ["南", *[None] * 4],
        ],
        reference=80.0,
        reference_label="全部",
        ties=[[0, 1]],
        tie="看不出差异",
        no_interval="没有区间",
    ),
    Progress([["城东站", 45, 60], ["River West & more", 70, None]], "目标"),
    Timeline([0, 3, 31, 0, 2], [[0, "5月3日"], [3, "5月4日"]], [2], "每小时", "突发"),
    Rates([["个案记录", 6.7, 20.1, 2, 30], ["工时", None, None, 0, 0]], "差错", "上限", 10.0, "容许"),
    Waterfall([["专业服务", 17.5, 20.0], ["财务", None, 10.0]], "总分", "得到", "失去", "未评"),
    Funnel([["发出", 400, 100.0], ["使用", 260, 65.0], ["计入", 0, 0.0]]),
    Bars([["专业服务", 17.5, 20.0], ["$x^2$", None, 15.0]], "分"),
]
KINDS = [type(shape).__name__ for shape in SHAPES]


@pytest.fixture(scope="module")
def drawer() -> Iterator[Drawer]:
    made = Drawer()
    yield made
    made.close()


def test_every_kind_has_an_example() -> None:
    assert set(shapes.KINDS) == {kind.lower() for kind in KINDS}


@pytest.mark.parametrize("shape", SHAPES, ids=KINDS)
def test_a_drawing_is_outlines_and_nothing_else(drawer: Drawer, shape: Shape) -> None:
    wide, narrow = (drawer.draw(shape, "zh-Hans", narrow=narrow) for narrow in (False, True))
    for svg in (wide, narrow):
        root = ElementTree.fromstring(svg)  # noqa: S314 - our own
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "text", "image", "foreignObject", "metadata", "a"}  # no font of the reader's
        for element in root.iter():
            for name, value in element.attrib.items():
                assert not name.rpartition("}")[2].lower().startswith("on")
                if name.endswith("href"):
                    assert value.startswith("#")
        told = re.sub(rb'xmlns(:\w+)?="[^"]*"', b"", svg)
        assert b"http" not in told
        assert b"<!DOCTYPE" not in told
        assert b"@import" not in told
        assert not re.search(rb"20\d\d-\d\d-\d\d|[Mm]atplotlib v", told)
    assert _width(narrow) < _width(wide)
    assert drawer.draw(shape, "zh-Hans", form="png").startswith(b"\x89PNG")


def _width(svg: bytes) -> float:
    return float(ElementTree.fromstring(svg).attrib["width"].removesuffix("pt"))  # noqa: S314


def test_equal_data_are_equal_bytes_in_another_process(drawer: Drawer) -> None:
    """Neither what was drawn before nor the seed of hashes shows."""
    code = (
        "import hashlib, sys; sys.path.insert(0, 'tests/web'); from test_charts import SHAPES\n"
        "from service.web.charts.drawer import Drawer; drawer = Drawer()\n"
        "for shape in reversed(SHAPES):\n"
        "    for form in ('svg', 'png'): print(hashlib.sha256(drawer.draw(shape, 'zh-Hans', form=form)).hexdigest())\n"
        "drawer.close()"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    mine = [
        hashlib.sha256(drawer.draw(shape, "zh-Hans", form=form)).hexdigest()
        for shape in reversed(SHAPES)
        for form in ("svg", "png")
    ]
    assert other.stdout.split() == mine


def test_a_killed_child_is_started_again(drawer: Drawer) -> None:
    drawer.draw(SHAPES[0], "zh-Hans")
    first = drawer.child
    assert first is not None
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert b"<svg" in drawer.draw(Progress([["a", 1, 2]], "b"), "en")
    assert drawer.child != first


def test_a_child_that_does_not_answer_is_given_up(drawer: Drawer, caplog: pytest.LogCaptureFixture) -> None:
    hasty = Drawer(patience=1.0)
    hasty.start()
    stopped = hasty.child
    assert stopped is not None
    os.kill(stopped, signal.SIGSTOP)
    with pytest.raises(Refused, match="busy"):
        hasty.draw(SHAPES[1], "zh-Hans")
    assert hasty.child is None
    assert "given up" in caplog.text
    assert not Path(f"/proc/{stopped}").exists()


def test_what_was_drawn_is_kept_and_the_oldest_makes_room() -> None:
    small = Drawer(kept=1)
    first = small.draw(SHAPES[2], "en")
    assert small.draw(SHAPES[2], "en") is first
    small.draw(SHAPES[6], "en")
    again = small.draw(SHAPES[2], "en")
    assert again is not first
    assert again == first
    small.close()


def test_more_than_a_few_do_not_wait(drawer: Drawer) -> None:
    """While one is drawn eight wait; the ninth is told to come again."""
    full = Drawer(patience=30.0)
    full.start()
    stopped = full.child
    assert stopped is not None
    os.kill(stopped, signal.SIGSTOP)
    told: list[str] = []

    def ask(number: int) -> None:
        try:
            full.draw(Progress([[str(number), 1, 2]], "b"), "en")
        except Refused as refused:
            told.append(refused.reason)

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(9)]
    for thread in asking:
        thread.start()
    while not told:
        asking[-1].join(0.01)
    assert told == ["busy"]
    os.kill(stopped, signal.SIGCONT)
    for thread in asking:
        thread.join()
    assert told == ["busy"]
    full.close()


def test_a_missing_font_is_said_and_nothing_is_drawn(drawer: Drawer, caplog: pytest.LogCaptureFixture) -> None:
    latin = _latin_font()
    with pytest.raises(Refused) as refused:
        drawer.draw(SHAPES[2], "zh-Hans", font=latin)
    assert refused.value.reason == "font_missing"
    assert "MINYI_FONT" in refused.value.params["remedy"]
    assert "not drawn" in caplog.text
    with pytest.raises(Refused) as refused:
        drawer.draw(Progress([["\U0001f9ff", 1, None]], "b"), "zh-Hans")
    assert "\U0001f9ff" in refused.value.params["problem"]


def _latin_font() -> str:
    import matplotlib

    return str(Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf"))
