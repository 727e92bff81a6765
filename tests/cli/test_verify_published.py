"""`minyi verify-draw --published`: the file that is published of a draw, verified without a server."""

import json
import random
from pathlib import Path
from typing import Any

import draw_files
import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.domain.inspect import published_draws

# The documented vector: the parties' secrets are the bytes 00 to 0f and 10 to 1f.
VECTOR: dict[str, Any] = {
    "format": "minyi-draw/1",
    "draw": "vector",
    "number": 1,
    "frame": {
        "sha256": "e600a53bcd8559d45a72291e61fc0cdf962563d694cf9a0842f5ae89a3cdff99",
        "serials": [f"R{number:03}" for number in range(1, 9)],
        "strata": None,
    },
    "allocation": {"": 3},
    "skip": {"": 0},
    "commitments": {
        "evaluator": "be45cb2605bf36bebde684841a28f0fd43c69850a3dce5fedba69928ee3a8991",
        "provider": "fc2e2c73072bfa2bda03ff9307472debd3cc8105028a8a9e235e35ba8d2e37f4",
    },
    "secrets": {"evaluator": "000102030405060708090a0b0c0d0e0f", "provider": "101112131415161718191a1b1c1d1e1f"},
    "public_source": "",
    "public": "",
    "seed": "7752f67bf0ef2aaefc28be1cfa9ea0f4776b26f470d17561e8b2b931f3a24da2",
    "drawn": ["R006", "R004", "R001"],
}


@pytest.fixture
def verify(tmp_path: Path) -> Any:
    def run(content: bytes | dict[str, Any], *more: str) -> Result:
        path = tmp_path / "draw.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return CliRunner().invoke(main, ["verify-draw", "--published", str(path), *more])

    return run


def test_the_documented_vector_verifies(verify: Any) -> None:
    result = verify(b"\xef\xbb\xbf" + json.dumps(VECTOR).encode())
    assert (result.exit_code, result.stdout, result.stderr) == (0, "verified: 3 drawn of 8\n", "")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"seed": "0" * 64}, f"step seed differs: expected {VECTOR['seed']}, found {'0' * 64} (The seed does not"),
        ({"drawn": ["R006", "R001", "R004"]}, "step drawn differs at place 2: expected R004, found R001 (Another"),
        ({"drawn": ["R006", "R004"]}, "step drawn differs at place 3: expected R001, found nothing (Another"),
        ({"number": "1"}, "step file differs at place number (This part of the file"),
        ({"secrets": {}}, "step reveal differs at place evaluator: expected be45cb26"),
        ({"allocation": {"": 9}}, "step allocation differs: expected 8, found 9 (More were"),
        ({"public": "\ud800"}, "step file differs at place public ("),
        (
            {"frame": VECTOR["frame"] | {"serials": ["R1", "R\u202e2"]}},
            "step frame differs at place 2 (This line of the list holds characters",
        ),
        (
            {"frame": VECTOR["frame"] | {"serials": ["R1", "R2", " R1"]}},
            "step frame differs at place 3: expected nothing, found R1 (This line of the list repeats an earlier one. "
            "First in line 1.)",
        ),
    ],
)
def test_the_step_and_place_that_fail_are_named(verify: Any, changed: dict[str, Any], told: str) -> None:
    result = verify(VECTOR | changed)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(told), result.stderr


def test_what_holds_only_half_is_told_beside_the_verdict(verify: Any) -> None:
    result = verify(VECTOR | {"commitments": {}})
    assert (result.exit_code, result.stdout) == (0, "verified: 3 drawn of 8\n")
    assert result.stderr == f"note: {published_draws.REMARKS['no_commitments']}\n"


def test_broken_files_of_every_kind_fail_at_their_step(verify: Any) -> None:
    chance = random.Random(4)
    for name, (steps, _) in draw_files.BREAKS.items():
        result = verify(draw_files.broken(chance, name))
        assert result.exit_code == 1, name
        assert result.stderr.split()[1] in steps, (name, result.stderr)


def test_what_cannot_be_read_is_bad_input_or_a_failing_file(verify: Any) -> None:
    assert verify(b"\xff\xfe").exit_code == 2
    assert verify(b"{").stderr == "step file differs (This is not a file of a draw: it cannot be read.)\n"


def test_the_file_is_given_alone_and_without_it_all_parts_are_needed(verify: Any) -> None:
    alone = verify(VECTOR, "--seed", "1")
    assert alone.exit_code == 2
    assert "give it alone" in alone.stderr
    missing = CliRunner().invoke(main, ["verify-draw", "--seed", "1"])
    assert missing.exit_code == 2
    assert "Missing option '--frame'" in missing.stderr
