"""What follows from a result, at the desk: publication, consequences and bans, each act once done and once refused."""

import pytest
from acting import refused, saved, words
from at_desk import Desk
from demo_round import PURCHASER
from factories import NOW
from flask import Flask
from outcomes import LOOKED_FOR, Person, failed_round, final_round, finish, lead_people

from service.domain.evaluate.rounds import NOTIFIED, Round
from service.domain.procedure.bans import Ban
from service.domain.procedure.consequences import Continuation
from service.domain.procedure.publications import Publication
from service.operations.acts import load
from service.operations.procedure import consequences
from service.operations.procedure.consequences import Decided
from service.store import records
from service.web.auth import COOKIE

ROUND = "/desk/rounds/round-1"
NEW, LIST = f"{ROUND}/publications/new", f"{ROUND}/publications"
DRAFT = {"disclosure": "active", "legal_basis": "办法六（三）"}


def at(app: Flask, person: Person) -> Desk:
    """This person's browser."""
    desk = Desk(app, "purchaser")
    desk.client.set_cookie(COOKIE, person.token, path="/desk")
    return desk


def publication() -> Publication:
    return max(records.find(Publication), key=lambda one: one.drafted_at)


@pytest.mark.rule("O05", "G58", "C27")
def test_three_persons_sign_what_they_have_seen_and_a_withdrawal_leaves_its_reason(app, client):
    final_round()
    people = {name: at(app, one) for name, one in lead_people(client).items()}
    drafter, office, unit = people["drafter"], people["office"], people["unit"]
    refused(drafter, NEW, 422, "Note for the public", **DRAFT, note="联系电话13812345678。")
    saved(drafter, NEW, **DRAFT, note="请见附件。")
    assert "drafted" in drafter.open(LIST).text
    first = publication()
    # Other words make a new draft; the old one is returned and stays.
    saved(drafter, f"/desk/publications/{first.id}/edit", note="本轮结果。")
    there = publication()
    assert (load(Publication, first.id, "publication").state, there.state) == ("returned", "drafted")
    # Either head gives a draft back with a reason; what is drafted anew has its words.
    back = f"/desk/publications/{there.id}/return"
    refused(office, back, 422, "Reason", reason=" ")
    assert "依据不全。" in saved(office, back, reason="依据不全。")
    assert load(Publication, there.id, "publication").state == "returned"
    assert drafter.open(f"/desk/publications/{there.id}/edit").status_code == 200
    saved(drafter, NEW, **DRAFT, note="本轮结果。")
    there = publication()
    page = f"/desk/publications/{there.id}"
    signature = {"looked_for": LOOKED_FOR}
    refused(drafter, f"{page}/signature/office_head", 409, "three persons", **signature)
    refused(office, f"{page}/signature/office_head", 422, "I have looked for these", looked_for=LOOKED_FOR[:1])
    saved(office, f"{page}/signature/office_head", **signature)
    refused(office, f"{page}/signature/approved", 409, "three persons", **signature)
    preview = unit.open(f"{page}/preview")
    assert (preview.status_code, preview.headers["Cache-Control"]) == (200, "no-store")
    assert "Preview for those who sign" in preview.text
    assert "approved by the head of the unit" in saved(unit, f"{page}/signature/approved", **signature)
    assert client.get(f"/results/{there.id}").status_code == 404
    shown = saved(drafter, f"{page}/publishing")
    assert "Its public address" in shown
    assert f'data-address="{app.extensions["minyi.settings"].base_url}/results/{there.id}"' in shown  # for paper
    public = client.get(f"/results/{there.id}?lang=en").text
    assert "本轮结果。" in public
    for path in ("/results/", "/results/providers/provider-org"):
        assert f"/results/{there.id}" in client.get(path).text
    seen = preview.text[preview.text.index("<h1") : preview.text.index("Published on")]
    assert seen in public
    refused(drafter, f"{page}/withdrawal", 422, "Reason", reason="")
    saved(drafter, f"{page}/withdrawal", reason="数据有误。")
    gone = client.get(f"/results/{there.id}?lang=en")
    assert (gone.status_code, "数据有误。" in gone.text) == (410, True)


@pytest.mark.rule("O05")
def test_a_publication_is_the_lead_s_and_only_of_a_final_result(app, client):
    final_round()
    lead_people(client)
    authority, evaluator = Desk(app, "authority"), Desk(app, "evaluator")
    authority.open(NEW)
    assert authority.send(NEW, **DRAFT).status_code == 403
    assert evaluator.open(LIST).status_code == 200
    assert evaluator.open(NEW).status_code == 403
    for role in ("provider", "purchaser", "evaluator"):
        assert Desk(app, role, "other-org").open(LIST).status_code in (403, 404)
    finish("round-1", NOTIFIED)
    purchaser = Desk(app, "purchaser")
    assert "Only a final result can be published" in purchaser.open(LIST).text
    refused(purchaser, NEW, 409, "Only a final result", **DRAFT)
    assert "They follow from a final result" in purchaser.open(f"{ROUND}/consequences").text


@pytest.mark.rule("G60", "G61", "G62")
def test_the_lead_decides_what_follows_and_everybody_concerned_reads_it(app, database):
    failed_round()
    purchaser, provider = Desk(app, "purchaser"), Desk(app, "provider")
    page = f"{ROUND}/consequences"
    assert "Decide: " in purchaser.open("/desk/due").text
    assert f'href="{page}"' in purchaser.page.text
    refused(purchaser, f"{page}/cut-funds", 422, "Sum in yuan", outcome="applied", reason="三项任务未完成。")
    refused(purchaser, f"{page}/cut-funds", 409, "it is carried out", outcome="not_applied", reason="不扣。")
    saved(purchaser, f"{page}/cut-funds", outcome="applied", reason="三项任务未完成。", amount="12,000.50")
    assert "12000.50" in provider.open(page).text
    assert provider.open(f"{page}/barred").status_code == 403
    refused(purchaser, f"{page}/barred", 422, "Number of the decision", outcome="applied", reason="不合格。")
    saved(purchaser, f"{page}/barred", outcome="applied", reason="不合格。", document="穗民〔2026〕1号")
    refused(purchaser, f"{page}/finish-tasks", 422, "What the lead has found", outcome="applied", reason="未完成。")
    purchaser.open(f"{page}?grounds=tasks_unfinished")
    assert "follows from this result" in words(purchaser)
    found = {"outcome": "applied", "reason": "未完成。", "grounds": ["tasks_unfinished"]}
    saved(purchaser, f"{page}/finish-tasks", **found)
    assert "Decide: " not in purchaser.open("/desk/due").text

    tasks = "/desk/projects/project-1/continuations"
    [ban], [task] = records.find(Ban), records.find(Continuation)
    assert "穗民〔2026〕1号" in purchaser.open(tasks).text
    evaluator, verify = Desk(app, "evaluator"), f"/desk/continuations/{task.id}/verified"
    node = task.open_nodes[0]
    entry = {"node": node, "value": task.targets[node], "on": NOW.date().isoformat(), "source": "台账"}
    refused(evaluator, verify, 422, "What it was read from", **entry | {"source": ""})
    assert "台账" in saved(evaluator, verify, **entry)
    assert "穗民〔2026〕1号" in Desk(app, "admin").open("/desk/organisations/provider-org/bans").text
    assert "穗民" not in Desk(app, "purchaser", "other-org").open("/desk/organisations/provider-org/bans").text
    lifting = f"/desk/bans/{ban.id}/lifting"
    refused(purchaser, lifting, 422, ban.from_on.isoformat(), on="2020-01-01", reason="复议改判。")
    assert "复议改判。" in saved(purchaser, lifting, on=ban.from_on.isoformat(), reason="复议改判。")
    assert provider.open(tasks).status_code == 200
    assert Desk(app, "provider", "other-org").open(tasks).status_code == 404
    assert load(Round, "round-1", "round").state == "final"


@pytest.mark.rule("G61")
def test_a_ban_is_shown_to_who_opens_projects_and_to_the_parties(app, database):
    failed_round()
    said = Decided("ban-1", "barred", "applied", "不合格。", document="穗民〔2026〕1号")
    consequences.decide(PURCHASER, NOW, "round-1", said)
    for role in ("admin", "provider", "purchaser"):
        page = Desk(app, role).open("/desk/organisations/provider-org/bans")
        assert (page.status_code, "穗民〔2026〕1号" in page.text) == (200, True), role
    assert Desk(app, "admin").open("/desk/organisations/nobody/bans").status_code == 404
    assert "穗民〔2026〕1号" in Desk(app, "admin").open("/desk/organisations/provider-org").text
