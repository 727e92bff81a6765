"""The journal of administrative acts: its chain holds, and whatever was changed, left out or swapped is named."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from factories import ADMIN, EVALUATOR, NOW, make_campaign, make_project

from service.cli.journal import verify_journal
from service.config import Settings
from service.domain.errors import Refused
from service.domain.journal import JournalEntry, first_break, to_plain
from service.domain.projects import Site
from service.operations import projects
from service.operations.acts import journal_entries
from service.store import journal
from service.store.documents import JournalEntryDocument
from service.store.records import collection

SCOPE = "project:project-1"
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def entries(database: None) -> list[JournalEntry]:
    make_project()
    make_campaign()
    for number in range(3):
        projects.create_site(ADMIN, NOW, Site(f"site-{number}", "project-1", "Site"))
    return journal.entries(SCOPE)


def test_every_act_is_entered_and_the_chain_holds(entries: list[JournalEntry]) -> None:
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    acts = [entry.act for entry in entries]
    assert acts == ["project.created", *["site.created"] * 2, "campaign.created", *["site.created"] * 3]
    assert entries[3].actor == EVALUATOR.id
    for scope in journal.scopes():
        assert first_break(journal.entries(scope)) is None
    assert set(journal.scopes()) >= {SCOPE, "organisation:provider-org", "questionnaire:copenhagen-housing"}


TAMPERINGS: dict[str, tuple[Callable[[list[JournalEntry]], list[JournalEntry]], str]] = {
    "missing": (lambda e: e[:2] + e[3:], "entry 3 is missing"),
    "first missing": (lambda e: e[1:], "entry 1 is missing"),
    "swapped": (lambda e: [e[0], e[2], e[1], *e[3:]], "entry 2 is missing: after it comes 3"),
    "twice": (lambda e: [e[0], e[1], e[1], *e[2:]], "entry 3 is missing: after it comes 2"),
    "other actor": (lambda e: [e[0], replace(e[1], actor="nobody"), *e[2:]], "entry 2 was changed"),
    "other time": (lambda e: [e[0], replace(e[1], at=e[1].at.replace(year=2027)), *e[2:]], "entry 2 was changed"),
    "other details": (lambda e: [e[0], replace(e[1], details={"name": "x"}), *e[2:]], "entry 2 carries other details"),
    "other chain": (lambda e: [e[0], replace(e[1], previous="0" * 64), *e[2:]], "entry 2 does not follow"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_named_in_memory_and_in_a_dump(entries: list[JournalEntry], name: str, tmp_path: Path) -> None:
    tamper, expected = TAMPERINGS[name]
    assert expected in (first_break(tamper(entries)) or "")
    dump = tmp_path / "dump"
    dump.write_text("".join(json.dumps(to_plain(entry)) + "\n" for entry in tamper(entries)), encoding="utf-8")
    done = CliRunner().invoke(verify_journal, [str(dump)])
    assert done.exit_code == 1
    assert f"{SCOPE}: {expected}" in done.output


def test_purged_details_leave_the_chain_valid(entries: list[JournalEntry]) -> None:
    where, purge = {"_id": entries[1].id}, {"$set": {"details": None}, "$unset": {"salt": ""}}
    assert collection(JournalEntryDocument).update_one(where, purge).modified_count == 1
    purged = journal.entries(SCOPE)
    assert purged[1].details is None
    assert purged[1].salt is None
    assert first_break(purged) is None


def test_acts_racing_for_one_chain_get_numbers_without_gaps(entries: list[JournalEntry]) -> None:
    made, barrier = [], threading.Barrier(6)

    def act(worker: int) -> None:
        barrier.wait()
        for number in range(4):
            try:
                projects.create_site(ADMIN, NOW, Site(f"racing-{worker}-{number}", "project-1", "Site"))
            except Refused as refused:
                assert refused.reason == "busy"  # noqa: PT017 - a loser of many races is told to come again
            else:
                made.append((worker, number))

    threads = [threading.Thread(target=act, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = journal.entries(SCOPE)
    assert [entry.seq for entry in after] == list(range(1, len(entries) + len(made) + 1))
    assert first_break(after) is None
    assert {entry.subject for entry in after[len(entries) :]} == {f"racing-{w}-{n}" for w, n in made}
    assert len(projects.sites(EVALUATOR, "project-1")) == 5 + len(made)
    assert len(made) > 12


def test_an_act_that_fails_leaves_no_entry(entries: list[JournalEntry]) -> None:
    with pytest.raises(Refused):
        projects.create_site(ADMIN, NOW, Site("site-0", "project-1", "Another name"))
    assert journal.entries(SCOPE) == entries


def test_an_exported_journal_is_verified_offline(
    entries: list[JournalEntry], settings: Settings, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "service.cli", "export-journal", "--database", settings.database]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert len(done.stdout.splitlines()) == len(list(journal_entries()))
    dump = tmp_path / "dump"
    dump.write_text(done.stdout, encoding="utf-8")
    verified = CliRunner().invoke(verify_journal, [str(dump)])
    assert verified.exit_code == 0
    assert f"{SCOPE}: {len(entries)} entries, head {entries[-1].hash}\n" in verified.output


@pytest.mark.parametrize("line", ["{", "[]", '{"scope": 1}', json.dumps({"at": "yesterday"}), '"x"', "null"])
def test_what_is_no_dump_is_wrong_input(line: str, tmp_path: Path) -> None:
    (tmp_path / "dump").write_text(f"\n{line}\n", encoding="utf-8")
    done = CliRunner().invoke(verify_journal, [str(tmp_path / "dump")])
    assert done.exit_code == 2
    assert "line 2: " in done.output
