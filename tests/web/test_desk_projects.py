"""The desk's first page, the list of projects and one project: whose they are, what is due, how much is asked."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from counting import counted
from demo_round import AUTHORITY, PURCHASER, DemoRound, make_city, sign_in
from factories import NOW, PROVIDER
from flask import Flask

from service import store
from service.domain.access import ACTIONS
from service.domain.days import day_of
from service.domain.inspect.follow_ups import FINDING, FollowUp
from service.domain.inspect.notices import DRAFT, SERVED, Notice
from service.domain.procedure.appeals import Appeal
from service.domain.procedure.due import Due
from service.domain.procedure.objections import FILED, Objection
from service.domain.projects import Project, Site
from service.operations import projects
from service.operations.procedure import appeals, deadlines, due, duties, follow_ups, objections
from service.store import records
from service.web.auth import now
from service.web.pages.desk import ways
from service.web.pages.desk.due import PLACES, due_lines

PARTIES = ("authority-org", "purchaser-org", "provider-org", "evaluator-org")


@pytest.fixture(scope="module")
def made(_app: Flask) -> DemoRound:
    """One city; its tests add projects that no other test here counts."""
    return make_city()


@pytest.fixture
def app(_app: Flask, made: DemoRound) -> Flask:
    return _app


def add(first: int, last: int, late: bool = True) -> None:
    """More projects, each with a site and a case of the provider's; written at once, these tests only read them."""

    def write(tx: store.Tx) -> None:
        for number in range(first, last):
            id, on = f"more-{number:03}", day_of(now()) + timedelta(days=-number if late else 9)
            case = (f"case-{number:03}", id, FINDING, f"Ramp {number:03}", "It is steep.", on, NOW, "evaluator-1")
            records.insert(Project(id, f"Station {number:03}", *PARTIES), tx)
            records.insert(Site(f"site-{number:03}", id, f"Place {number:03}"), tx)
            records.insert(FollowUp(*case), tx)

    store.retrying(write)


def lines(page: str, table: str) -> list[str]:
    body = page.split(f'id="{table}"')[1].split("</table>")[0].split("<tbody>")[1]
    return [unescape(re.sub(r"<[^>]+>", " ", row)) for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)]


def asked(app: Flask, path: str, username: str = "evaluator") -> Counter[tuple[str, str]]:
    client = sign_in(app, username)
    client.get(path)
    with counted() as found:
        assert client.get(path).status_code == 200
    return +found


def test_what_is_due_stands_with_whoever_has_to_act_and_what_is_late_first(app):
    add(1, 4)
    add(4, 5, late=False)
    provider = sign_in(app, "provider").get("/desk/?lang=en").text
    own = lines(provider, "t-own")
    assert [re.search(r"Station (\d+)", line)[1] for line in own] == ["003", "002", "001", "004"]
    assert ["overdue" in line for line in own] == [True, True, True, False]
    assert 'href="/desk/follow-ups/case-003"' in provider
    evaluator = sign_in(app).get("/desk/?lang=en").text
    assert "Nothing is due from you." in evaluator
    assert [line.split() for line in lines(evaluator, "t-others")] == [line.split() for line in own]
    told = due.of(PROVIDER, now())
    shown = lines(sign_in(app, "provider").get("/desk/due?lang=en").text, "t-due")
    assert len(shown) == len(told)
    late = lines(sign_in(app, "provider").get("/desk/due?lang=en&overdue=1&whose=mine").text, "t-due")
    assert len(late) == sum(one.overdue and one.whom == "provider" for one in told)
    one = lines(sign_in(app, "provider").get("/desk/due?lang=en&project=more-002").text, "t-due")
    assert len(one) == 1


def test_a_list_of_projects_asks_the_database_no_more_when_there_are_more(app):
    add(10, 13)
    few = {path: asked(app, path) for path in ("/desk/", "/desk/projects", "/desk/due", "/desk/search?q=station")}
    add(13, 40)
    for path, before in few.items():
        after = asked(app, path)
        assert {name for name in after - before if name[0] == "find"} == set(), path
        assert sum(after.values()) < 30, path


def test_the_list_is_searched_filtered_and_paged_by_its_address(app):
    add(50, 105)
    client = sign_in(app, "purchaser")
    whole = client.get("/desk/projects?lang=en").text
    assert len(lines(whole, "t-projects")) == 50
    following = unescape(re.search(r'href="([^"]+)" rel="next"', whole)[1])
    assert "page=2" in following
    assert lines(client.get(following).text, "t-projects")[0].split()[:2] != lines(whole, "t-projects")[0].split()[:2]
    found = client.get("/desk/projects?lang=en&q=tion+07").text
    wanted = projects.listed(PURCHASER, day_of(now()), "tion 07")
    assert [one.id for one in wanted] == re.findall(r'<th scope="row"><a href="/desk/projects/([^"]+)"', found)
    assert len(wanted) == 10
    assert 'value="tion 07"' in found
    assert "Nothing fits." in client.get("/desk/projects?lang=en&organisation=other-org").text
    assert "Nothing fits." in client.get("/desk/projects?lang=en&period=past").text
    assert client.get("/desk/projects?page=99999999").status_code == 200


def test_a_period_is_told_by_its_first_and_last_day():
    parties = ("a", "b", "c", "d")
    bounded = Project("p", "P", *parties, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    told = [bounded.period(day) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))]
    assert told == ["coming", "running", "running", "past"]
    assert Project("q", "Q", *parties).period(date(2026, 1, 1)) == "running"


def test_a_project_is_a_page_for_its_parties_and_nobody_else(app):
    page = sign_in(app).get("/desk/projects/project-1?lang=en").text
    for part in ("Authority", "Purchaser", "Provider", "Evaluator"):
        assert f"<dd>{part}</dd>" in page
    for address in ("/desk/rounds/round-1", "/desk/campaigns/campaign-1", "/desk/draws/draw-1"):
        assert f'href="{address}"' in page
    assert "East" in page
    assert sign_in(app, "other").get("/desk/projects/project-1").status_code == 404
    assert sign_in(app).get("/desk/projects/none").status_code == 404


def test_the_search_finds_names_and_ids_of_the_readers_projects_only(app):
    add(120, 122)
    client = sign_in(app)
    page = client.get("/desk/search?lang=en&q=round-1").text
    assert 'href="/desk/rounds/round-1"' in page
    assert 'href="/desk/campaigns/campaign-1"' in client.get("/desk/search?q=spring").text
    assert 'href="/desk/projects/project-1"' in client.get("/desk/search?q=east").text
    assert 'href="/desk/questionnaires/copenhagen-housing@1"' in client.get("/desk/search?q=copenhagen").text
    assert 'href="/desk/follow-ups/case-121"' in client.get("/desk/search?q=ramp+121").text
    assert "Two letters or more" in client.get("/desk/search?lang=en&q=x").text
    assert "Nothing in your projects" in client.get("/desk/search?lang=en&q=no+such+thing").text
    for text in ("spring", "street", "round-1", "ramp"):
        assert "Nothing in your projects" in sign_in(app, "other").get(f"/desk/search?lang=en&q={text}").text
    escaped = client.get("/desk/search", query_string={"q": '"><b>'}).text
    assert '"><b>' not in escaped


def test_the_search_finds_notices_objections_and_appeals_but_nobodys_drafts(app):
    notice = Notice(
        "note-1", "project-1", 7, "random", ("draw-1",), "Twelve records, one lantern.", {"to": "Office"}, state=SERVED
    )
    objection = Objection("word-1", notice.id, "project-1", "The lantern was lit.", "provider-1", NOW, state=FILED)
    appeal = Appeal("call-1", "round-1", "project-1", "purchaser", "A lantern is no lamp.", "p", NOW, state=FILED)
    drafts = [replace(one, id=f"{one.id}-draft", state=DRAFT) for one in (replace(notice, number=8), objection, appeal)]

    def write(tx: store.Tx) -> None:
        for one in (notice, objection, appeal, *drafts):
            records.insert(one, tx)

    store.retrying(write)
    page = sign_in(app).get("/desk/search?lang=en&q=lantern").text
    found = re.findall(r'<li><a href="([^"]+/(?:note|word|call)-[^"]+)">([^<]+)</a>', page)
    evaluators = [
        ("/desk/notices/note-1", "7 Twelve records, one lantern."),
        ("/desk/notices/note-1-draft", "8 Twelve records, one lantern."),
        ("/desk/objections/word-1", "The lantern was lit."),
        ("/desk/appeals/call-1", "A lantern is no lamp."),
    ]
    assert found == evaluators
    provider = sign_in(app, "provider").get("/desk/search?lang=en&q=lantern").text
    assert "lamp" not in provider  # what the purchaser wrote is not the provider's to read
    assert "note-1-draft" not in provider
    assert "word-1-draft" in provider
    assert 'href="/desk/appeals/call-1">call-1</a>' in sign_in(app, "provider").get("/desk/search?q=call-1").text
    assert "Nothing in your projects" in sign_in(app, "other").get("/desk/search?lang=en&q=lantern").text


def test_whatever_is_due_leads_to_the_page_where_it_is_done(app):
    own = {deadlines.KIND, duties.KIND, "scheme_change", "scoring", "continuation", "payment", "recurring_task"}
    assert {*own, *appeals.DUE_KINDS.values(), *objections.DUE_LABELS, *follow_ups.LABELS} == PLACES.keys()
    project = records.get(Project, "project-1")
    for kind, place in (("scoring", "judging"), ("deadline", "steps"), ("scheme_change", "scheme-changes")):
        item = Due("project-1", "round-1", kind, "round-1", {"en": "x"}, day_of(NOW), False, "authority")
        with app.test_request_context("/desk/?lang=en"):
            [line] = due_lines(AUTHORITY, [project], [item])
        assert line.address == f"/desk/rounds/round-1/{place}"
        assert sign_in(app, "authority").get(line.address).status_code == 200


def test_the_navigation_names_the_page_the_reader_is_on(app):
    page = sign_in(app).get("/desk/projects?lang=en").text
    bar = page.split('class="places"')[1].split("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', bar) == ["/desk/projects"]
    assert 'role="search"' in page
    assert "places" not in app.test_client().get("/desk/sign-in").text


def test_every_way_leads_to_a_page_that_its_readers_may_open(app):
    for one in ways._WAYS:
        action = app.view_functions[one.endpoint].declared_access
        assert action == "signed in" or set(ACTIONS[one.action]) <= set(ACTIONS[action]), one
        assert one.place in ways.PLACES
