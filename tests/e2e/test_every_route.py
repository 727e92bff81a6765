"""Every page that the tests of tests/web open, looked at in a real browser in the state that a test has made of it.

The tests run once more with a browser beside (see `looking`): nothing that axe finds and nothing too wide, in Chinese
and in English; and each of the routes that `page_routes` calls pages has been there.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from page_routes import SEEN

ROOT = Path(__file__).parents[2]
# Attacks make pages that nobody should see, and few tests of the API open pages.
OPENING = sorted(
    path
    for path in (ROOT / "tests" / "web").glob("test_*.py")
    if not path.name.startswith("test_attacks")
    and (not path.name.startswith("test_api_") or '"/desk/' in path.read_text(encoding="utf-8"))
)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_page_is_accessible_and_fits_a_phone(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "looking", *map(str, OPENING)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"LOOKING_REPORT": str(report)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["faults"] == []
    assert SEEN - set(told["met"]) == set(), "no test of tests/web opens these"
