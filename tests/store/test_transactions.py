"""`atomic()`: all or nothing, journal entry included; versions decide between two editors; losers are run again."""

import threading
from dataclasses import replace

import pytest
from factories import ADMIN, NOW, make_project

from service import store
from service.domain.errors import Refused
from service.domain.organisations import Organisation
from service.domain.projects import Project
from service.operations.acts import act
from service.store import journal, records

pytestmark = pytest.mark.usefixtures("database")
ONE = Organisation("one", "provider", "One")


def test_what_fails_inside_leaves_nothing_behind() -> None:
    def write(tx: store.Tx) -> None:
        records.insert(ONE, tx)
        raise RuntimeError("after the write")

    with pytest.raises(RuntimeError):
        act("test", ADMIN, NOW, "scope", "one", {}, write)
    assert records.get(Organisation, "one") is None
    assert journal.entries("scope") == []


def test_a_journal_entry_that_cannot_be_written_takes_the_change_back() -> None:
    details = {"a.b": object()}  # no document can hold this
    with pytest.raises(Exception, match=r"encode|object"):
        act("test", ADMIN, NOW, "scope", "one", details, lambda tx: records.insert(ONE, tx))
    assert records.get(Organisation, "one") is None


def test_of_two_editors_of_one_version_the_second_is_told_so() -> None:
    project = make_project()
    first = replace(project, name="First", version=2)
    second = replace(project, name="Second", version=2)
    store.retrying(lambda tx: records.replace(first, 1, tx))
    with pytest.raises(Refused) as caught:
        store.retrying(lambda tx: records.replace(second, 1, tx))
    assert (caught.value.reason, caught.value.params) == ("stale", {"version": 2})
    assert records.get(Project, project.id) == first


def test_acts_in_one_scope_at_once_all_happen_and_number_without_gaps() -> None:
    def add(number: int) -> None:
        one = Organisation(f"org-{number}", "provider", "Name")
        act("added", ADMIN, NOW, "scope", one.id, {"number": number}, lambda tx: records.insert(one, tx))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.seq for entry in journal.entries("scope")] == list(range(1, 9))
    assert len(records.find(Organisation)) == 8


def test_what_does_not_fit_its_document_is_refused_before_it_is_stored() -> None:
    with pytest.raises(Exception, match="name"):
        records.insert(replace(ONE, name="x" * 201))
    assert records.get(Organisation, "one") is None


def test_dates_and_lists_come_back_as_they_were() -> None:
    from datetime import date

    project = replace(make_project("other"), id="dated", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    records.insert(project)
    assert records.get(Project, "dated") == project
    records.insert(replace(ONE, id="phones", phones=("1", "2")))
    assert records.get(Organisation, "phones") == replace(ONE, id="phones", phones=("1", "2"))
