"""The desk's pages of checklists: nothing is in use in a fresh service; one is put into use, another one is written."""

from at_desk import Desk
from factories import make_project
from flask import Flask

from service.operations.inspect import checklists

SHIPPED = "case-record@1"


def test_a_shipped_checklist_is_put_into_use_and_another_begun_from_it(app: Flask) -> None:
    make_project()
    evaluator = Desk(app, "evaluator")
    page = evaluator.open("/desk/checklists").text
    assert "None is in use yet" in page
    assert f'href="/desk/checklists/{SHIPPED}"' in page
    unused = evaluator.open(f"/desk/checklists/{SHIPPED}")
    assert "Spot check of a case record" in unused.text
    answer = evaluator.client.post("/desk/checklists", data={"checklist": SHIPPED})
    assert answer.status_code == 403  # no token of ours
    evaluator.open("/desk/checklists")
    evaluator.page = _put(evaluator, SHIPPED)
    assert [one.id for one in checklists.published()] == [SHIPPED]
    assert "None is in use yet" not in evaluator.follow().text
    begun = evaluator.open(f"/desk/checklists/new?from={SHIPPED}").text
    assert "# Spot check of one drawn case record" in begun
    text = (checklists.text_of(SHIPPED)).replace("version: 1", "version: 2")
    evaluator.send("/desk/checklists/new", text=text.replace("method: spot_check", "method: guess"))
    assert evaluator.page.status_code == 422
    assert "method" in evaluator.page.text
    evaluator.send("/desk/checklists/new", text=text)
    assert evaluator.page.headers["Location"] == "/desk/checklists/case-record@2"
    assert "Version 2" in evaluator.follow().text
    assert _put(evaluator, "no-such@1").status_code == 404


def test_only_evaluator_and_administrator_put_one_into_use(app: Flask) -> None:
    make_project()
    auditor = Desk(app, "auditor")
    page = auditor.open("/desk/checklists").text
    assert '<button class="less"' not in page
    assert auditor.open("/desk/checklists/new").status_code == 403
    assert _put(auditor, SHIPPED).status_code == 403
    assert checklists.published() == []


def _put(desk: Desk, id: str):  # type: ignore[no-untyped-def]
    """Press the button of this checklist, with the token that every page carries."""
    token = desk.open("/desk/account").text.split('name="_token" value="')[1].split('"')[0]
    return desk.client.post("/desk/checklists", data={"checklist": id, "_token": token})
