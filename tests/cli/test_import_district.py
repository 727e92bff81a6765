"""`minyi import-district` in processes of its own: dry run, the real one, a repeat, faults, codes in files."""

from pathlib import Path

import commands
import pytest
from demo_round import AUTHORITY, make_people, scheme_text
from factories import NOW, make_project, publish
from flask import Flask
from xlsform_sheets import xlsx

from service.config import Settings
from service.domain.projects import Project
from service.operations.evaluate import schemes
from service.store import records

PARTS = {part: f"{part}-org" for part in ("authority", "purchaser", "provider", "evaluator")}
SHARED = {
    "campaign": "spring",
    "campaign_name": "满意度调查",
    "questionnaire": "copenhagen-housing",
    "questionnaire_version": "1",
    "population": "recipient",
    "languages": "zh-Hans",
    "opens_at": "2026-03-01 08:00",
    "closes_at": "2099-03-31 18:00",
    "phone": "020-12345",
} | {f"notice.{fact}.zh-Hans": "说明" for fact in ("authority", "evaluator", "purpose", "retention", "complaints")}


@pytest.fixture(autouse=True)
def _city(app: Flask) -> None:
    make_project()
    make_people()
    publish()
    for name in ("guangzhou-services", "guangzhou-housing-demo"):
        schemes.publish(AUTHORITY, NOW, scheme_text(name))


def workbook(path: Path, **changes: str) -> str:
    row = {"project": "s-1", "project_name": "第一站", **PARTS, "site": "s-1-a", "site_name": "一号点"}
    row |= {"slips": "3", "distribution": "all_present_evaluator"} | changes
    facts = [["field", "value"], *map(list, SHARED.items())]
    path.write_bytes(xlsx({"stations": [list(row), list(row.values())], "round": facts}))
    return str(path)


def run(settings: Settings, *more: str, anew: bool = False) -> tuple[int, str, str]:
    return commands.run(settings, "import-district", *more, "--as", "evaluator", anew=anew)


def test_a_file_is_tried_made_and_made_again_without_anything_twice(settings: Settings, tmp_path: Path) -> None:
    file, codes = workbook(tmp_path / "district.xlsx"), tmp_path / "codes"
    code, out, err = run(settings, file, "--dry-run", anew=True)
    assert (code, err) == (0, "")
    assert "project: 1 new" in out
    assert records.get(Project, "s-1") is None

    code, out, err = run(settings, file, "--codes", str(codes))
    assert (code, err) == (0, "")
    assert "batch: 1 made" in out
    [made] = codes.iterdir()
    lines = made.read_text(encoding="utf-8").splitlines()
    assert (lines[0], len(lines), made.stat().st_mode & 0o777) == ("code,link", 4, 0o600)
    assert lines[1].split(",")[1].startswith("http://127.0.0.1:8000/s/")

    code, out, err = run(settings, file, "--codes", str(codes))
    assert (code, err) == (0, "")
    assert "batch: 1 there" in out
    assert len(list(codes.iterdir())) == 1


def test_faults_stand_on_stderr_and_codes_need_a_folder(settings: Settings, tmp_path: Path) -> None:
    bad = workbook(tmp_path / "bad.xlsx", slips="many")
    code, _, err = run(settings, bad, "--dry-run")
    assert (code, "stations.2.slips" in err) == (2, True)
    code, _, err = run(settings, workbook(tmp_path / "good.xlsx"))
    assert (code, "--codes" in err) == (2, True)
    assert records.get(Project, "s-1") is None
