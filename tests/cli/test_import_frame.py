"""`minyi import-frame` and `minyi purge` in processes of their own: exit codes, rows to mend on stderr, repeats."""

from pathlib import Path

import commands
import pytest
from demo_round import make_people
from factories import EVALUATOR, make_project
from flask import Flask

from service.config import Settings
from service.operations.inspect import contacts, frames
from service.web.auth import now

HEADER = "编号,日期,时数,姓名,电话,类型"
GOOD = "R-1,2026-02-01,1.5,王小明,13800138000,探访\nR-2,2026-02-02,2,李红,13900139000,小组"


@pytest.fixture(autouse=True)
def _project(app: Flask) -> None:
    make_project()
    make_people()


def take_in(settings: Settings, file: Path, *options: str, anew: bool = False) -> tuple[int, str, str]:
    about = ("--project", "project-1", "--as", "evaluator", "--name", "Cases", "--source", "register", "--id", "cases")
    columns = ("--serial", "编号", "--date", "日期", "--amount", "时数", "--detail", "类型")
    personal = ("--personal", "姓名=name", "--personal", "电话=phone", "--contacts-until", "2036-01-01")
    return commands.run(settings, "import-frame", file, *about, *columns, *personal, *options, anew=anew)


def test_a_list_is_frozen_once_marked_aloud_and_purged_on_its_day(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text(f"{HEADER}\n{GOOD}\nR-2,x,2,周丽,13700137000,探访", encoding="gb18030")
    code, out, err = take_in(settings, file, anew=True)
    assert (code, out) == (1, "")
    assert "row 4, column 日期: Please give a day" in err
    assert "nothing was taken in" in err
    file.write_text(f"{HEADER}\n{GOOD}", encoding="gb18030")
    code, out, err = take_in(settings, file, "--counter", "G15", "--claimed", "4")
    frame = frames.get(EVALUATOR, "cases")
    assert (code, out) == (0, f"frame cases: 2 items, SHA-256 {frame.sha256}\n")
    assert "claimed: The claim is 4, but the list adds up to 3.5." in err
    assert "marked" in err
    assert "2 rows" in err
    assert frame.marked
    code, out, _ = take_in(settings, file, "--counter", "G15", "--claimed", "4")
    assert (code, out.endswith("(was there already)\n")) == (0, True)
    assert take_in(settings, file, "--serial", "电话")[0] == 2
    assert commands.run(settings, "purge")[:2] == (0, "personal columns of 0 items deleted\n")
    assert contacts.open(EVALUATOR, now(), settings.keys(), "cases", "R-1", "test")["姓名"] == "王小明"
    assert "13800138000" not in out + err
