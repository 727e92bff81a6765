"""The desk's pages of users who were told of a check, and of top-ups."""

from html import unescape

import edited
import pytest
from at_desk import Desk
from factories import make_project
from flask import Flask
from inspected import draw_from, make_list

from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.user_notifications import UserNotification
from service.domain.inspect.visits import Visit
from service.operations.acts import load
from service.store import records

TOLD, TELL = "/desk/projects/project-1/user-notifications", "/desk/draws/users-draw/user-notifications"
TOP_UP = "/desk/draws/users-draw/top-up"
NOTICE = {"channel": "phone", "notified_at": "2026-03-01T09:00", "evidence": "call log"}


@pytest.fixture
def drawn(app: Flask) -> list[str]:
    make_project()
    make_list("users", [f"R{number:03}" for number in range(30)], kind="recipient")
    return [item.serial for item in draw_from("users-draw", "users", 4).items]


@pytest.fixture
def desk(app: Flask, drawn: list[str]) -> Desk:
    return Desk(app, "evaluator")


@pytest.mark.rule("C13")
def test_users_are_told_and_come(app: Flask, desk: Desk, drawn: list[str]) -> None:
    assert TOLD in desk.open("/desk/projects/project-1").text
    assert "0 of at least 3 users were told" in desk.open(TOLD).text
    assert TELL in desk.page.text
    for serial in drawn[:3]:
        assert f'value="{serial}"' in desk.open(TELL).text
        assert desk.send(TELL, serial=serial, **NOTICE).status_code == 303
    assert "3 of at least 3 users were told, 0 came. That is enough." in desk.follow().text
    assert f'value="{drawn[0]}"' not in desk.open(TELL).text
    one = records.find(UserNotification, draw="users-draw", serial=drawn[0])[0]
    came = f"/desk/user-notifications/{one.id}/attendance"
    stale = Desk(app, "evaluator")
    stale.open(came)
    desk.open(came)
    assert desk.send(came, attended="true", evidence="").status_code == 422
    assert desk.send(came, attended="true", evidence="signed the list").status_code == 303
    assert "3 of at least 3 users were told, 1 came." in desk.follow().text
    assert "signed the list" in desk.page.text
    assert stale.send(came, attended="false", evidence="not seen").status_code == 412
    assert "signed the list" in stale.page.text
    assert "至少应通知 3 名用户，已通知 3 名，到场 1 名。" in Desk(app, "purchaser", language="zh-Hans").open(TOLD).text


def test_a_notice_that_does_not_count_is_refused_in_words(desk: Desk, drawn: list[str]) -> None:
    desk.open(TELL)
    refused = desk.send(TELL, serial="R999", **NOTICE)
    assert refused.status_code == 422
    assert "Please check these" in refused.text
    assert "call log" in refused.text
    refused = desk.send(TELL, serial=drawn[0], **NOTICE | {"notified_at": "2999-01-01T09:00"})
    assert refused.status_code == 422
    assert "a notice is recorded after it was given" in refused.text
    assert not records.find(UserNotification, draw="users-draw")


def test_the_next_tickets_are_taken_with_a_reason(desk: Desk, drawn: list[str]) -> None:
    assert TOP_UP in desk.open("/desk/draws/users-draw").text
    assert "cannot be given back" in desk.open(TOP_UP).text
    asked = {"proportional__n": "2", "purpose": "descriptive", "reason": "kinds of <errors>"}
    assert desk.send(TOP_UP, **asked | {"reason": ""}).status_code == 422
    refused = desk.send(TOP_UP, **asked | {"purpose": "stage"})
    assert refused.status_code == 409
    assert "Taking more after looking at the first ones is no test" in unescape(refused.text)
    assert desk.send(TOP_UP, **asked).status_code == 303
    assert "kinds of &lt;errors&gt;" in desk.follow().text
    more = records.find(RecordedDraw, of="users-draw")[0]
    assert (more.stage, more.size, more.purpose) == (2, 2, "descriptive")
    assert not {item.serial for item in more.items} & set(drawn)
    desk.open(TOP_UP)
    refused = desk.send(TOP_UP, **asked | {"proportional__n": "900"})
    assert refused.status_code == 422
    assert "Please check these" in refused.text


def test_others_see_nothing_of_it(app: Flask, desk: Desk) -> None:
    for role, organisation in (("provider", ""), ("evaluator", "other-org")):
        other = Desk(app, role, organisation)
        for path in (TOLD, TELL, TOP_UP):
            assert other.open(path).status_code in (403, 404), (role, path)
    purchaser = Desk(app, "purchaser")
    assert TELL not in purchaser.open(TOLD).text
    assert [purchaser.open(path).status_code for path in (TELL, TOP_UP)] == [403, 403]


def test_a_visit_that_two_have_planned_anew_shows_both_and_is_called_off_as_it_was_read(app: Flask) -> None:
    there = edited.visit(app)
    desk, late, calling_off = there.desk, Desk(app, "evaluator"), Desk(app, "evaluator")
    for one in (desk, late, calling_off):
        one.open(there.page)
    assert desk.send(there.action, kind="daily").status_code == 303
    told = late.send(there.action, note="<Bring> the key")
    assert told.status_code == 412
    assert "Saved meanwhile by somebody else" in told.text
    assert "&lt;Bring&gt; the key" in told.text
    assert late.send(there.action).status_code == 303  # the side that alone was changed is chosen beforehand
    assert [getattr(load(Visit, there.id, "visit"), name) for name in ("kind", "note")] == ["daily", "<Bring> the key"]

    told = calling_off.send(f"{there.page}/cancel", reason="rain")
    assert told.status_code == 412
    changed = told.text[told.text.index('role="alert"') :].partition("</dl>")[0]
    assert "&lt;Bring&gt; the key" in changed
    assert "Persons" not in changed
    assert 'value="rain"' in told.text
    assert load(Visit, there.id, "visit").state == "planned"
    assert calling_off.send(f"{there.page}/cancel").status_code == 303
    assert load(Visit, there.id, "visit").history[-1]["reason"] == "rain"
