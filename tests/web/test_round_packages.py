"""The evidence package of a round: read as a ZIP, and recomputed by the commands that its instructions name."""

import hashlib
import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from accounts import As, refusal
from click.testing import CliRunner, Result
from demo_round import DemoRound, make_round
from factories import EVALUATOR, NOW, OTHER_EVALUATOR
from flask import Flask
from flask.testing import FlaskClient

from service.cli import main
from service.domain.evaluate.corrections import Edit
from service.operations.acts import act, journal_entries
from service.operations.collect import releases
from service.operations.collect.releases import ReleaseRequest
from service.operations.evaluate import packages, results
from service.web.exporting import archives

ROOT = Path(__file__).parents[2]
PACKAGE = "/exports/rounds/round-1/package"
EDIT = {"kind": "checks", "node": "g35", "field": "errors", "value": 0, "reason": "The signature was there."}


@pytest.fixture(scope="module")
def made(_app: Flask) -> DemoRound:
    """A frozen round with a correction, a release, and a draft of a judgement in the journal."""
    import database

    database.empty()
    found = make_round()
    releases.make(EVALUATOR, found.campaign.campaign.closes_at, "campaign-1", ReleaseRequest("release-1"))
    for name, subject in (("judgement.entered", "j-of-another-round"), ("judgement.drafted", "j-g35")):
        act(name, EVALUATOR, NOW, "project:project-1", subject, {"score": "77"}, lambda tx: None)
    handed_in = {"score": "78", "state": "in", "before": {"score": "77", "state": "draft"}}
    act("judgement.changed", EVALUATOR, NOW, "project:project-1", "j-g31", handed_in, lambda tx: None)
    results.freeze(EVALUATOR, NOW, found.round)
    results.correct(EVALUATOR, NOW, found.round, [Edit(**EDIT)])
    return found


@pytest.fixture
def client(_app: Flask, made: DemoRound) -> FlaskClient:
    return _app.test_client()


def archive(client: FlaskClient) -> bytes:
    answer = As(client, "evaluator").get(PACKAGE)
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"] == "attachment; filename=round-1-evidence.zip"
    return answer.data


def minyi(*arguments: object) -> Result:
    """The command as a verifier runs it."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_package_holds_what_verifiers_need_and_nothing_of_single_persons(client: FlaskClient, made: DemoRound):
    content = archive(client)
    assert content == archive(client)
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        assert files.testzip() is None
        names = files.namelist()
        assert sorted(names) == [
            "README.en.txt",
            "README.zh-Hans.txt",
            "README.zh-Hant.txt",
            "SHA256SUMS",
            "draws/draw-1.json",
            "journal.jsonl",
            "releases/campaign-1-1.json",
            "results/1.csv",
            "results/2.csv",
            "round.json",
            "scheme/guangzhou-housing-demo@2.yaml",
            "scheme/guangzhou-services.yaml",
            "tallies/campaign-1.json",
        ]
        sums = dict(line.split("  ")[::-1] for line in files.read("SHA256SUMS").decode().splitlines())
        assert sums == {name: hashlib.sha256(files.read(name)).hexdigest() for name in names if name != "SHA256SUMS"}
        assert "minyi verify-draw --published draws/draw-1.json" in files.read("README.zh-Hans.txt").decode()
        whole = b"".join(files.read(name) for name in names)
    for code in made.campaign.codes:
        assert code.encode() not in whole
    assert b"submission-0" not in whole


def test_the_commands_of_the_instructions_hold_and_see_what_was_changed(client: FlaskClient, tmp_path: Path):
    packed = tmp_path / "evidence.zip"
    packed.write_bytes(archive(client))
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(packed) as files:
        files.extractall(folder)
    latest = results.latest("round-1")
    for round in (packed, folder / "round.json"):
        done = minyi("score", "--round", round)
        assert done.exit_code == 0, done.output
        assert f"holds: 2 version(s), total {latest.total}" in done.stdout
    assert minyi("verify-journal", folder / "journal.jsonl").exit_code == 0
    assert minyi("verify-draw", "--published", folder / "draws" / "draw-1.json").exit_code == 0
    for package in (packed, folder):
        done = minyi("recompute", "--package", package)
        assert done.exit_code == 0, done.output
        assert "follows from" in done.stdout
    command = [sys.executable, "-m", "service.cli", "recompute", "--package", str(packed)]
    alone = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)})
    assert alone.stdout.decode() == minyi("recompute", "--package", packed).stdout  # without settings and database
    tally = json.loads((folder / "tallies" / "campaign-1.json").read_text(encoding="utf-8"))
    cell = tally["tally"][0]["c"]
    cell["c|satisfaction|High"] = cell.get("c|satisfaction|High", 0) + 1
    (folder / "tallies" / "campaign-1.json").write_text(json.dumps(tally), encoding="utf-8")
    changed = minyi("recompute", "--package", folder)
    assert changed.exit_code == 1
    assert "its digest is" in changed.stderr
    assert "g28-recipients: figure_value should be" in changed.stderr


def test_an_archive_that_is_none_is_told(tmp_path: Path):
    nothing = tmp_path / "nothing.zip"
    with zipfile.ZipFile(nothing, "w") as files:
        files.writestr("other.txt", "x")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and no more")
    for file in (nothing, broken):
        assert minyi("score", "--round", file).exit_code == 2
        assert minyi("recompute", "--package", file).exit_code == 2
    assert minyi("recompute", "--package", nothing, "--check").exit_code == 2


def test_what_may_not_be_told_yet_is_out_of_the_journal_and_the_chain_holds(client: FlaskClient):
    with zipfile.ZipFile(io.BytesIO(archive(client))) as files:
        entries = [json.loads(line) for line in files.read("journal.jsonl").decode().splitlines()]
    assert len(entries) == len(list(journal_entries(["project:project-1", "campaign:campaign-1"])))
    hidden = {(one["act"], one["subject"]) for one in entries if one["details"] is None}
    drafts = {("judgement.drafted", "j-g35"), ("judgement.changed", "j-g31")}  # the latter tells what had been drafted
    assert hidden == {("judgement.entered", "j-of-another-round"), *drafts}
    told = [one for one in entries if one["act"] == "judgement.entered" and one["details"]]
    assert told


def test_only_the_evaluator_gets_it_and_only_once_there_is_a_result(client: FlaskClient):
    for role in ("purchaser", "authority", "provider", "auditor"):
        refusal(As(client, role).get(PACKAGE), 403, "forbidden")
    refusal(As(client, "evaluator", OTHER_EVALUATOR.organisation).get(PACKAGE), 404, "not_found")
    refusal(As(client, "evaluator").get("/exports/rounds/round-9/package"), 404, "not_found")


def test_a_result_is_a_table_in_every_format(client: FlaskClient):
    them = As(client, "evaluator")
    tree = them.get("/rounds/round-1/results/2").get_json()["tree"]
    lines = them.get("/exports/rounds/round-1/results/2?format=jsonl&lang=en").data.decode().splitlines()
    rows = [json.loads(line) for line in lines]
    assert rows[0]["points"] == tree["total"]
    assert [row["node"] for row in rows if row["depth"] == 1] == [node["id"] for node in tree["standards"]]
    assert [row["points"] for row in rows if row["depth"] == 1] == [node["points"] for node in tree["standards"]]
    refusal(As(client, "provider").get("/exports/rounds/round-1/results/2"), 404, "not_found")


def test_an_archive_is_written_piece_by_piece():
    """No piece of the archive waits for the end of a file: a large one is never held as a whole."""
    read: list[int] = []

    def large():
        for number in range(200):
            read.append(number)
            yield random.Random(number).randbytes(64_000)

    before_the_end = 0
    whole = []
    for piece in archives.zipped([("large.bin", large())], NOW):
        before_the_end += len(read) < 200
        assert len(piece) < 200_000
        whole.append(piece)
    assert before_the_end > 50
    with zipfile.ZipFile(io.BytesIO(b"".join(whole))) as files:
        assert len(files.read("large.bin")) == 200 * 64_000


def test_the_names_of_the_parts_are_those_that_the_commands_look_for():
    from service.cli.packages import ROUND, TALLIES

    assert packages.ROUND == ROUND
    assert TALLIES == "tallies/"
