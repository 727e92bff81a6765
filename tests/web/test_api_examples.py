"""The README's examples of asking for figures, run as they stand there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from accounts import As
from demo_round import make_city
from flask import Flask

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SHOWN = README.partition("<!-- figures -->")[2].partition("<!-- /figures -->")[0]
EXAMPLES = re.findall(r"^GET /api/v1(\S+) → (\d+)\n((?:.+\n)+?)(?=\n|```)", SHOWN, re.MULTILINE)


@pytest.fixture(scope="module")
def evaluator(_app: Flask) -> As:
    make_city()
    return As(_app.test_client(), "evaluator")


def test_there_are_examples():
    assert len(EXAMPLES) == SHOWN.count("GET /api/v1") >= 4


@pytest.mark.parametrize(("path", "status", "said"), EXAMPLES, ids=[path for path, _, _ in EXAMPLES])
def test_an_example_is_answered_as_it_says(evaluator, path, status, said):
    answer = evaluator.get(path)
    assert answer.status_code == int(status), answer.text
    assert missing(json.loads(said), answer.get_json()) == []


def missing(wanted: Any, found: Any, at: str = "") -> list[str]:
    """Where the answer does not hold what an example shows, which may leave out parts, but no element of a list."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return [one for key in wanted for one in missing(wanted[key], found.get(key, "(absent)"), f"{at}.{key}")]
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [one for n, pair in enumerate(zip(wanted, found, strict=True)) for one in missing(*pair, f"{at}[{n}]")]
    return [] if wanted == found else [f"{at}: {found!r}"]
