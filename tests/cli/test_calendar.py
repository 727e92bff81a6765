"""`minyi calendar import`, and what deadlines make of it."""

from datetime import date

import pytest
from click.testing import CliRunner
from factories import NOW

from service import store
from service.cli import main
from service.domain.deadlines import WORKING, Term
from service.operations import calendars, organisations

TERM = Term(3, WORKING)


@pytest.fixture
def run(app, settings, tmp_path):
    def call(text: str, *more: str):
        file = tmp_path / "2027.csv"
        file.write_bytes(text.encode())
        command = ["calendar", "import", str(file), "--year", "2027", "--source", "made up for a test", *more]
        done = CliRunner().invoke(main, [*command, "--database", settings.database])
        store.open_database(settings.database)  # the command closed it
        return done

    return call


def test_an_entered_year_ends_what_was_provisional_and_a_later_announcement_takes_its_place(run):
    before = calendars.deadline(date(2026, 12, 30), TERM)
    assert (before.on, before.provisional) == (date(2027, 1, 4), True)

    done = run("\ufeffdate,day\n2027-01-01,off\n")
    assert (done.exit_code, done.output) == (0, "2027-01-01: off\n2027: 1 days, version 1\n")
    assert run("date,day\n2027-01-01,off\n").output.endswith("version 1, as it was\n")
    after = calendars.deadline(date(2026, 12, 30), TERM)
    assert (after.on, after.provisional) == (date(2027, 1, 5), False)

    assert run("date,day\n2027-01-01,off\n2027-01-04,off\n2027-01-05,off\n").output.startswith(
        "2027-01-01: off\n2027-01-04 to 2027-01-05: off\n"
    )
    assert calendars.deadline(date(2026, 12, 30), TERM).on == date(2027, 1, 7)
    kept = calendars.of_year(organisations.AT_THE_MACHINE, 2027)
    assert (kept.version, kept.source) == (2, "made up for a test")


def test_a_faulty_list_changes_nothing(run):
    done = run("date,day\n2027-01-01,off\n2027-01-02,off\n")
    assert done.exit_code == 1
    assert "rows.3: 2027-01-02 is on a weekend anyway" in done.output
    assert calendars.of_year(organisations.AT_THE_MACHINE, 2027) is None


def test_what_the_software_knows_is_version_nought(app):
    known = calendars.of_year(organisations.AT_THE_MACHINE, 2026)
    assert (known.version, known.days["2026-10-10"], known.days["2026-10-01"]) == (0, True, False)
    entered, new = calendars.enter(organisations.AT_THE_MACHINE, NOW, 2026, "date,day\n2026-10-01,off\n", "corrected")
    assert new
    assert calendars.of_year(organisations.AT_THE_MACHINE, 2026) == entered
