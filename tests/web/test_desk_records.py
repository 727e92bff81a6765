"""A project's journal, how long data are kept, and everything due, at the desk."""

import re
from datetime import UTC, datetime

import pytest
from acting import words
from at_desk import Desk
from factories import make_project
from group_of_round import LONG, make_group
from outcomes import failed_round

from service.domain.procedure.retention import RULES
from service.operations.acts import journal_entries
from service.operations.procedure import journals, retention

JOURNAL, KEPT = "/desk/projects/project-1/journal", "/desk/projects/project-1/retention"


def test_the_journal_hides_scores_as_long_as_they_are_hidden_and_drafts_for_ever(app, client):
    group = make_group(client)
    evaluator, node = Desk(app, "evaluator"), group.nodes[1]
    assert group.score("buyer", node, "61", state="draft").status_code == 201
    assert group.score("department", node, "62", reason=f"{LONG}二").status_code == 201
    page = evaluator.open(JOURNAL).text
    assert page.count("hidden as long as the score is") == 2
    assert LONG not in page
    id = group.scorers["buyer"].get("/rounds/round-2/judgements").json[0]["id"]
    given = {"score": "63", "reason": f"{LONG}三", "state": "in"}
    assert group.scorers["buyer"].put(f"/judgements/{id}", given, version=1).status_code == 200
    assert LONG not in evaluator.open(JOURNAL).text
    assert group.score("expert", node, "64").status_code == 201
    page = evaluator.open(JOURNAL).text
    assert f"{LONG}二" in page
    # What the buyer had drafted before it was handed in stays the buyer's.
    assert not re.search(r"<dd>61</dd>|&#34;61&#34;", page)
    assert page.count("hidden as long as the score is") == 2


def test_the_journal_is_read_page_by_page_to_its_first_entry(app, database):
    failed_round()
    evaluator, seen = Desk(app, "evaluator"), []
    address = JOURNAL
    while address:
        page = evaluator.open(address).text
        seen += [int(number) for number in re.findall(r'<b class="seq">(\d+)</b>', page)]
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1] if found else ""
    chain = list(journal_entries(["project:project-1"]))
    assert len(chain) > journals.A_PAGE
    assert seen == [one.seq for one in reversed(chain)]
    assert chain[-1].hash in evaluator.open(JOURNAL).text
    assert evaluator.open(f"{JOURNAL}?before=zzz").status_code == 200
    assert evaluator.open(f"{JOURNAL}?before=-3").status_code == 200
    for role in ("purchaser", "provider", "auditor"):
        assert Desk(app, role).open(JOURNAL).status_code == 403
    assert Desk(app, "evaluator", "other-org").open(JOURNAL).status_code == 404


@pytest.mark.rule("C28")
def test_what_would_be_deleted_is_shown_and_nothing_is_deleted(app, database):
    failed_round()
    evaluator, purchaser = Desk(app, "evaluator"), Desk(app, "purchaser")
    for rule in RULES.values():
        assert rule.basis in evaluator.open(KEPT).text
    page = evaluator.open(f"{KEPT}?kind=raw_answers")
    plan = retention.plan(datetime.now(UTC), "raw_answers", RULES, "project-1")
    assert plan.digest in page.text
    [held] = plan.kept
    assert f'<td class="n">{held.count}</td>' in page.text
    # How many answers there are is the evaluator's alone.
    assert f'<td class="n">{held.count}</td>' not in purchaser.open(f"{KEPT}?kind=raw_answers").text
    assert "Nothing was deleted in this project" in words(purchaser)
    assert evaluator.open(f"{KEPT}?kind=everything").status_code == 404
    assert Desk(app, "provider").open(KEPT).status_code == 403
    assert Desk(app, "evaluator", "other-org").open(KEPT).status_code == 404


def test_each_page_of_what_follows_is_reached_from_the_project(app, database):
    make_project()
    page = Desk(app, "purchaser").open("/desk/projects/project-1").text
    for name in ("cases", "continuations", "payments", "contract-years", "recurring-tasks", "evaluator-approvals"):
        assert f'href="/desk/projects/project-1/{name}"' in page, name
