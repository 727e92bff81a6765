"""`minyi purge` in processes of its own: a dry run first, exactly its plan afterwards, and what verifies as before."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from commands import run
from demo_round import make_round
from factories import EVALUATOR
from self_evaluated import in_state

from service.config import Settings
from service.operations.evaluate import results


def test_answers_are_deleted_as_a_dry_run_showed_and_recount_and_journal_hold(app, settings: Settings, tmp_path: Path):
    made = make_round()
    results.freeze(EVALUATOR, datetime.now(UTC) - timedelta(days=800), made.round)
    in_state(made.round, "final")
    asked = ("purge", "--kind", "raw_answers")
    code, out, err = run(settings, *asked, "--dry-run", anew=True)
    assert (code, err) == (0, "")
    *lines, plan = out.splitlines()
    [told] = [json.loads(line) for line in lines]
    assert (told["state"], told["subject"], told["count"]) == ("due", made.campaign.id, 32)
    code, out, _ = run(settings, *asked, "--plan", plan.removeprefix("plan "))
    proof = json.loads(out)
    assert (code, proof["state"], proof["count"], proof["before"]) == (0, "done", 32, told["digest"])

    code, out, err = run(settings, "recompute", "--check")
    assert (code, err) == (0, "")
    assert out.splitlines() == [f"{made.campaign.id}: holds", "receipts: holds"]
    dump = tmp_path / "journal.jsonl"
    dump.write_text(run(settings, "export-journal")[1], encoding="utf-8")
    code, out, err = run(settings, "verify-journal", str(dump))
    assert (code, err) == (0, "")

    terms = tmp_path / "terms.yaml"
    terms.write_text("procurement_file: {years: 3, basis: 内部规定}", encoding="utf-8")
    code, out, err = run(settings, "purge", "--kind", "procurement_file", "--dry-run", "--rules", str(terms))
    assert (code, out) == (1, "")
    assert "rules.procurement_file.years" in err
