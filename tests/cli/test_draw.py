"""`minyi draw` and `minyi verify-draw` as people run them: files, exit codes, stdout and stderr."""

import subprocess
import sys

import pytest
from click.testing import CliRunner
from consistent_sampler import sampler

from service.cli import COMMANDS, main

IDS = ["R001", "R002", "R003", "民004", "\U00020000", "é6", "R 7", "R008"]
KINDS = ["重点", "一般", "一般", "重点", "一般", "重点", "一般", "重点"]


@pytest.fixture
def frame(tmp_path):
    path = tmp_path / "frame.csv"
    lines = ["编号,姓名,类别", *(f'{serial},"某, 人",{kind}' for serial, kind in zip(IDS, KINDS, strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return str(path)


def minyi(*args, stdin=None):
    return CliRunner().invoke(main, [str(arg) for arg in args], input=stdin)


def expected(seed, take, ids=IDS):
    return "".join(f"{ticket[1]}\n" for ticket in sampler(ids, seed, take=take))


def test_only_the_drawn_ids_are_printed_in_the_samplers_order(frame):
    result = minyi("draw", "--frame", frame, "--seed", "00314", "--take", 5)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == expected("00314", 5)


def test_strata_follow_one_another_in_byte_order(frame):
    result = minyi("draw", "--frame", frame, "--seed", " 一 ", "--take", 2, "--stratum", "类别")
    groups = [[serial for serial, kind in zip(IDS, KINDS, strict=True) if kind == name] for name in ("一般", "重点")]
    assert result.stdout == "".join(expected(" 一 ", 2, group) for group in groups)


def test_a_draw_verifies_through_a_pipe_of_real_processes_in_any_locale(frame):
    options = ["--frame", frame, "--seed", "20261122", "--take", "3", "--stratum", "类别"]
    run = [sys.executable, "-m", "service.cli"]
    env = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    drawn = subprocess.run([*run, "draw", *options], capture_output=True, env=env, check=True)
    assert drawn.stderr == b""
    verified = subprocess.run(
        [*run, "verify-draw", *options, "--drawn", "-"], input=drawn.stdout, capture_output=True, env=env, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, b"")
    swapped = b"\n".join(reversed(drawn.stdout.split()))
    refused = subprocess.run(
        [*run, "verify-draw", *options, "--drawn", "-"], input=swapped, capture_output=True, env=env, check=False
    )
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert refused.stderr.startswith(b"step drawn differs at place 1: ")


def test_drawing_imports_neither_web_nor_database(frame):
    code = f"""
import sys
from service.cli import main

HEAVY = {{"flask", "werkzeug", "marshmallow", "mongoengine", "pymongo", "scipy", "numpy", "rich", "httpx"}}

def loaded():
    return sorted(name for name in sys.modules if name.partition(".")[0] in HEAVY or name == "service.cli.draw")

assert loaded() == [], loaded()
main(["draw", "--frame", {frame!r}, "--seed", "1", "--take", "1"], standalone_mode=False)
assert loaded() == ["service.cli.draw"], loaded()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == expected("1", 1)


@pytest.mark.parametrize("name", ["draw", "verify-draw"])
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help(name, flag):
    assert name in minyi(flag).stdout
    result = minyi(name, flag)
    assert result.exit_code == 0
    assert "--stratum COLUMN" in result.stdout


def test_an_unknown_command_is_bad_input():
    assert "nonsense" not in COMMANDS
    assert minyi("nonsense").exit_code == 2


# --- verify-draw -------------------------------------------------------------------------------------------------

OPTIONS = ["--seed", "s", "--take", "3"]


def verify(frame, tmp_path, content, *more):
    drawn = tmp_path / "drawn.txt"
    drawn.write_bytes(content)
    return minyi("verify-draw", "--frame", frame, *OPTIONS, "--drawn", drawn, *more)


@pytest.mark.parametrize("form", ["{}", "\ufeff{}", "\n{}\n\n"])
def test_a_true_list_verifies_and_the_frames_hash_is_told(frame, tmp_path, form):
    content = form.format(expected("s", 3)).replace("\n", "\r\n").encode()
    result = verify(frame, tmp_path, content)
    assert (result.exit_code, result.stderr) == (0, "")
    sha256 = result.stdout.split()[-1]
    assert verify(frame, tmp_path, content, "--frame-sha256", sha256.upper()).exit_code == 0


def test_the_frames_hash_is_checked_first(frame, tmp_path):
    result = verify(frame, tmp_path, b"wrong\n", "--frame-sha256", "0" * 64)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"step frame differs: expected {'0' * 64}, found ")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda ids: [ids[0], ids[2], ids[1]], "step drawn differs at place 2: expected {1}, found {2}"),
        (lambda ids: ids[:2], "step drawn differs at place 3: expected {2}, found nothing"),
        (lambda ids: [*ids, "R001"], "step drawn differs at place 4: expected nothing, found R001"),
        (lambda ids: ["X", *ids[1:]], "step drawn differs at place 1: expected {0}, found X (not in the frame)"),
    ],
)
def test_the_place_that_differs_is_named(frame, tmp_path, change, message):
    ids = expected("s", 3).splitlines()
    result = verify(frame, tmp_path, "\n".join(change(ids)).encode())
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == message.format(*ids) + "\n"


@pytest.mark.parametrize(("content", "message"), [("民".encode("gb18030"), "not UTF-8"), (b"R1\n\x00\n", "row 2")])
def test_a_list_of_drawn_that_cannot_be_read_is_bad_input(frame, tmp_path, content, message):
    result = verify(frame, tmp_path, content)
    assert result.exit_code == 2
    assert "drawn.txt: " in result.stderr
    assert message in result.stderr


def test_frame_and_drawn_cannot_share_stdin():
    assert minyi("verify-draw", "--frame", "-", *OPTIONS, "--drawn", "-", stdin="id\nR1\n").exit_code == 2


@pytest.mark.parametrize("value", ["abc", "g" * 64])
def test_a_hash_that_is_none_is_bad_input(frame, tmp_path, value):
    assert verify(frame, tmp_path, b"", "--frame-sha256", value).exit_code == 2


# --- bad input of both -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("id\nR1\nR2\nR1\n", (), "frame.csv: row 4: R1 already stands in row 2. Each id may stand once only."),
        ("id\nR1\n ,\n", (), "frame.csv: row 3: This row has 2 cells, the header 1. Put a cell"),
        ("id,k\nR1,a\n,b\n", (), "frame.csv: row 3: This must not be empty."),
        ("id,k\nR1,a\nR2,\n", ("--stratum", "k"), "frame.csv: row 3, stratum: This must not be empty."),
        ("id,k\nR1,a\n", ("--stratum", "x"), "frame.csv: row 1: There is no column x. The columns are: id, k."),
        ("id,k\nR1,a\n", ("--stratum", "k"), "frame.csv: stratum a: The stratum holds 1, the draw takes 3. Take fewer"),
        ("id\nR1\n", (), "frame.csv: --take: This must be between 1 and 1."),
        ("", (), "frame.csv: row 1: There is no header."),
        ("id\n", (), "frame.csv: This must not be empty."),
    ],
)
@pytest.mark.parametrize("command", ["draw", "verify-draw"])
def test_bad_input_is_told_with_file_row_and_remedy(tmp_path, command, content, options, message):
    (tmp_path / "frame.csv").write_text(content)
    more = ("--drawn", "-") if command == "verify-draw" else ()
    result = minyi(command, "--frame", tmp_path / "frame.csv", *OPTIONS, *options, *more, stdin="R1\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_many_faults_are_counted(tmp_path):
    (tmp_path / "frame.csv").write_text("id\n" + "R1\n" * 100)
    result = minyi("draw", "--frame", tmp_path / "frame.csv", *OPTIONS)
    assert result.stderr.count("already stands") == 50
    assert result.stderr.endswith("frame.csv: and 49 more\n")


@pytest.mark.parametrize(
    "options", [("--seed", "s", "--take", "0"), ("--seed", "", "--take", "1"), ("--take", "1"), ("--seed", "s")]
)
def test_wrong_options_are_bad_input(frame, options):
    result = minyi("draw", "--frame", frame, *options)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_seed_that_is_no_text_is_bad_input(frame):
    run = [sys.executable, "-m", "service.cli", "draw", "--frame", frame, "--take", "1", "--seed", b"\xff"]
    done = subprocess.run(run, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"--seed" in done.stderr


def test_a_file_that_is_not_there_is_bad_input(tmp_path):
    result = minyi("draw", "--frame", tmp_path / "none.csv", *OPTIONS)
    assert result.exit_code == 2
    assert "none.csv" in result.stderr
