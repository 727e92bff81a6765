"""`minyi import-responses` in a process of its own: exit codes, bad rows on stderr, repeats."""

from datetime import UTC, datetime
from pathlib import Path

import commands
import pytest
from demo_round import make_people
from factories import EVALUATOR, Opened
from flask import Flask
from phones import open_for_phones

from service.config import Settings
from service.operations.collect import campaigns, responses


@pytest.fixture
def opened(app: Flask) -> Opened:
    opened = open_for_phones(app, 4)
    make_people()
    return opened


def run(settings: Settings, file: Path, *options: str, anew: bool = False) -> tuple[int, str, str]:
    asked = options or ("--as", "evaluator")
    return commands.run(settings, "import-responses", file, "--campaign", "phones", *asked, anew=anew)


def test_rows_are_taken_in_once_and_bad_ones_named(opened: Opened, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "paper.csv"
    lines = ["_code,overall,wish", f"{opened.codes[0]},5,谢谢", f"{opened.codes[1]},6,", "nonsense,5,"]
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    code, out, err = run(settings, file, anew=True)
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "row 3, column overall: 6 is not one of the options: 5, 4, 3, 2, 1.",
        "row 4, column _code: Please check the code: a character is wrong or missing.",
        "paper.csv: nothing was taken in",
    ]
    code, out, err = run(settings, file, "--as", "evaluator", "--good-rows")
    assert (code, out) == (1, "1 taken in, 0 were there already, 2 refused\n")
    assert len(err.splitlines()) == 2
    file.write_text("\n".join(lines[:2]), encoding="utf-8")
    assert run(settings, file) == (0, "0 taken in, 1 were there already, 0 refused\n", "")
    [answer] = responses.page(EVALUATOR, opened.id, 0, 10)[0]  # sealed already
    assert answer.answers == {"overall": "5", "wish": "谢谢"}


def test_who_imports_must_be_an_evaluator_of_an_open_campaign(
    opened: Opened, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "paper.csv"
    file.write_text(f"_code,overall\n{opened.codes[0]},5\n", encoding="utf-8")
    for name, words in (("nobody", "no such user"), ("provider", "may not"), ("other", "no such campaign")):
        code, out, err = run(settings, file, "--as", name)
        assert (code, out) == (2, "")
        assert words in err
    there = campaigns.get(EVALUATOR, opened.id)
    campaigns.change_state(EVALUATOR, datetime.now(UTC), opened.id, "final", there.version)
    code, _, err = run(settings, file)
    assert (code, "while the campaign is final" in err) == (2, True)
