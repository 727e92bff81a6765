"""`minyi export` in processes of its own: the same files as the desk's, for its owner alone, or no file at all."""

import csv
import stat
import zipfile
from pathlib import Path

import commands
import pytest
from demo_round import DemoRound, make_city
from factories import EVALUATOR, NOW
from flask import Flask

from service.config import Settings
from service.operations.collect import releases
from service.operations.collect.releases import ReleaseRequest
from service.operations.evaluate import results


@pytest.fixture(scope="module")
def city(_app: Flask) -> DemoRound:
    made = make_city()
    releases.make(EVALUATOR, made.campaign.campaign.closes_at, "campaign-1", ReleaseRequest("release-1"))
    results.freeze(EVALUATOR, NOW, made.round)
    return made


def export(settings: Settings, who: str, *arguments: object, anew: bool = False) -> int:
    return commands.run(settings, "export", *arguments, "--as", who, anew=anew)[0]


def test_rows_and_the_package_are_written_for_their_owner_alone(city: DemoRound, settings: Settings, tmp_path: Path):
    kinds = [
        ("evaluator", "responses", "campaign-1", tmp_path / "answers.csv"),
        ("evaluator", "package", "round-1", tmp_path / "evidence.zip"),
    ]
    assert [export(settings, *asked, anew=place == 0) for place, asked in enumerate(kinds)] == [0, 0]
    assert {stat.S_IMODE(asked[3].stat().st_mode) for asked in kinds} == {0o600}
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as table:
        assert len(list(csv.DictReader(table))) == 32
    with zipfile.ZipFile(tmp_path / "evidence.zip") as parts:
        assert "round.json" in parts.namelist()


def test_what_is_refused_leaves_what_was_there(city: DemoRound, settings: Settings, tmp_path: Path):
    file, mine = tmp_path / "answers.csv", tmp_path / "mine.csv"
    mine.write_text("mine", encoding="utf-8")
    refused = [
        ("provider", "responses", "campaign-1", file),
        ("evaluator", "package", "round-1", file),
        ("evaluator", "responses", "campaign-1", mine),
    ]
    assert [export(settings, *asked) for asked in refused] == [2, 2, 2]
    assert not file.exists()
    assert mine.read_text(encoding="utf-8") == "mine"
