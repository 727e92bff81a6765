"""Objections, appeals and reviews at the desk: each act once done and once refused in words, and who sees nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import casework
import pytest
from acting import refused, saved, words
from at_desk import Desk
from casework import PICTURE, TEXT
from demo_round import make_draw
from factories import ADMIN, make_project

from service.domain.days import day_of
from service.domain.evaluate.rounds import Round
from service.domain.organisations import Organisation, User
from service.domain.procedure.round_schemes import RoundSchemeChange
from service.operations import organisations
from service.operations.acts import load
from service.operations.evaluate import results, schemes
from service.operations.procedure import appeals, objections
from service.store import records, retrying

pytestmark = pytest.mark.usefixtures("reading_pages")

NOW = datetime.now(UTC)
TODAY = day_of(NOW)
CASES = "/desk/projects/project-1/cases"


def picture() -> tuple[BytesIO, str]:
    return BytesIO(PICTURE), "page.jpg"


# --- Objections


@pytest.fixture
def served(app) -> None:
    make_project()
    make_draw()
    casework.serve_notice(served_on=TODAY, at=NOW)


def objected(provider: Desk) -> str:
    """File an objection with a picture. -> its address."""
    page = saved(provider, "/desk/notices/notice-1/objections/new", text=TEXT)
    [one] = records.find(objections.Objection)
    address = f"/desk/objections/{one.id}"
    assert TEXT in page
    refused(provider, f"{address}/filing", 422, "file")
    saved(provider, f"{address}/files", file=picture())
    page = saved(provider, f"{address}/filing")
    assert "Receipt" in page
    return address


@pytest.mark.rule("C19", "C20")
def test_an_objection_is_written_filed_and_answered_on_pages(app, served):
    provider, purchaser = Desk(app, "provider"), Desk(app, "purchaser")
    assert "Object to a notice" in provider.open(CASES).text
    refused(provider, "/desk/notices/notice-1/objections/new", 422, "What is objected to, and why", text="")
    address = objected(provider)
    refused(provider, f"{address}/text", 409, "filed", text="别的")
    assert provider.open(f"{address}/answer").status_code == 403
    assert "Answer the objection" in purchaser.open(address).text
    wrong = casework.wrong_record()
    assert wrong.serial in purchaser.open(f"{address}/answer").text
    refused(purchaser, f"{address}/answer", 422, "dismissed", outcome="dismissed", reasons="否", spot_checks=[wrong.id])
    page = saved(purchaser, f"{address}/answer", outcome="upheld", reasons="属实。", spot_checks=[wrong.id])
    assert "属实。" in page
    assert "upheld" in provider.open(CASES).text
    name = load(objections.Objection, address.rpartition("/")[2], "objection").attachments[0]["name"]
    assert provider.open(f"{address}/files/{name}").data == PICTURE

    evaluator = Desk(app, "evaluator")
    evaluator.open(address)
    assert f"/desk/spot-checks/{wrong.id}" in evaluator.page.text
    refused(evaluator, f"{address}/correction", 409, "reviewed again", summary="更正：签名齐全。")
    casework.mend(wrong, datetime.now(UTC))
    page = saved(evaluator, f"{address}/correction", summary="更正：签名齐全。")
    assert "The corrected notice" in page
    assert load(objections.Objection, address.rpartition("/")[2], "objection").state == "corrected"


@pytest.mark.rule("C19")
def test_an_objection_is_taken_back_and_says_what_that_does(app, served):
    provider = Desk(app, "provider")
    address = objected(provider)
    assert "No answer is due any more" in provider.open(f"{address}/withdrawal").text
    refused(provider, f"{address}/withdrawal", 422, "Reason", reason="")
    purchaser = Desk(app, "purchaser")
    purchaser.open(f"{address}/withdrawal")
    assert purchaser.send(f"{address}/withdrawal", reason="撤").status_code == 403
    page = saved(provider, f"{address}/withdrawal", reason="已谈妥。")
    assert "已谈妥。" in page
    assert "Answer an objection" not in purchaser.open("/desk/due").text


@pytest.mark.rule("C19")
def test_the_lead_s_side_enters_a_paper_with_its_days(app, served):
    purchaser, path = Desk(app, "purchaser"), "/desk/notices/notice-1/objections/new"
    days = {"channel": "post", "filed_on": TODAY.isoformat(), "received_on": TODAY.isoformat()}
    refused(purchaser, path, 422, "How it came", text=TEXT, **days | {"channel": ""})
    early = (TODAY - timedelta(days=9)).isoformat()
    refused(purchaser, path, 422, TODAY.isoformat(), text=TEXT, **days | {"filed_on": early})
    assert "by post" in saved(purchaser, path, text=TEXT, **days)


# --- Appeals


@pytest.fixture
def notified(app) -> None:
    casework.make_case_round()
    casework.notify("round-1", NOW, TODAY + timedelta(days=15))


def appealed(party: Desk) -> str:
    saved(party, "/desk/rounds/round-1/appeals/new", text=TEXT)
    address = f"/desk/appeals/{records.find(appeals.Appeal)[-1].id}"
    saved(party, f"{address}/files", file=picture())
    saved(party, f"{address}/filing")
    return address


def panel(*names: str) -> dict[str, str]:
    found = {}
    for place, name in enumerate(names):
        found |= {f"members__{place}__name": name, f"members__{place}__category": "expert"}
    return found


@pytest.mark.rule("G56", "G57", "G58")
def test_an_appeal_goes_from_its_draft_to_a_decision_that_was_looked_at_before(app, notified):
    provider, authority = Desk(app, "provider"), Desk(app, "authority")
    refused(provider, "/desk/rounds/round-1/appeals/new", 422, "why", text="")
    address = appealed(provider)
    refused(provider, "/desk/rounds/round-1/appeals/new", 409, "already", text=TEXT)
    assert provider.open(f"{address}/acceptance").status_code == 403
    ahead = (TODAY + timedelta(days=1)).isoformat()
    refused(authority, f"{address}/acceptance", 422, TODAY.isoformat(), on=ahead)
    saved(authority, f"{address}/acceptance")
    assert load(Round, "round-1", "round").state == "appeal"
    # Who scored is named as barred; two others may sit.
    refused(authority, f"{address}/panel", 409, "评分人甲", **panel("评分人甲", "复核员乙"))
    saved(authority, f"{address}/panel", **panel("复核员甲", "复核员乙"))
    review = authority.open(f"{address}/review").text
    assert "复核员甲" in review
    assert "复核员甲" not in provider.open(address).text
    assert provider.open(f"{address}/review").status_code == 403
    assert "封面属实" in saved(authority, f"{address}/notes", text="封面属实")
    target = f"judgements|plans|{casework.edit_of_judgement('round-1').id}|score"
    assert f'value="{target}"' in authority.open(f"{address}/review").text

    decision = f"{address}/decision"
    authority.open(f"{decision}?edit={target}")
    fields = {"outcome": "upheld", "reasons": "附件证明制度齐全。", "edits__0__value": "100"}
    authority.send(f"{decision}", **fields)
    assert authority.page.status_code == 422
    assert "Reason" in words(authority)
    authority.send(decision, **fields | {"edits__0__reason": "制度齐全。"})
    assert authority.page.status_code == 200
    assert "Points after" in authority.page.text
    assert len(results.versions("round-1")) == 1
    authority.send(decision, [("_more", "-")])
    assert "附件证明制度齐全。" in authority.page.text
    authority.send(decision)
    authority.send(decision, [("sure", "1")])
    assert authority.page.status_code == 303, words(authority)
    assert "The result was corrected" in authority.follow().text
    assert [one.number for one in results.versions("round-1")] == [1, 2]
    assert load(Round, "round-1", "round").state == "final"
    assert "附件证明制度齐全。" in provider.open(address).text


@pytest.mark.rule("G53", "G58")
def test_a_review_that_finds_the_scheme_wrong_is_concluded_once_the_changed_one_is_served(app, notified):
    provider, purchaser, authority = Desk(app, "provider"), Desk(app, "purchaser"), Desk(app, "authority")
    changed = casework.SCHEME.replace('version: "1"', 'version: "2"').replace("weight: 60", "weight: 50")
    schemes.publish(casework.AUTHORITY, NOW, changed.replace("weight: 40", "weight: 50"), "权重有误")
    address = appealed(provider)
    saved(authority, f"{address}/acceptance")
    saved(authority, f"{address}/panel", **panel("复核员甲", "复核员乙"))
    assert "Conclude the review" not in authority.open(address).text
    decision = f"{address}/decision"
    authority.open(decision)
    authority.send(decision, outcome="upheld", reasons="权重有误。", scheme_change="1")
    authority.send(decision, [("sure", "1")])
    assert authority.page.status_code == 303, words(authority)
    assert "Conclude the review" in authority.follow().text
    conclusion = f"{address}/conclusion"
    refused(authority, conclusion, 409, "scheme")
    assert provider.open(conclusion).status_code == 403

    changes, review = "/desk/rounds/round-1/scheme-changes", address.rpartition("/")[2]
    saved(purchaser, f"{changes}/new", scheme="small@2", reason="复核决定", review=review)
    [change] = records.find(RoundSchemeChange)
    saved(authority, f"{changes}/{change.id}/decision", approve="true", reason="同意")
    served = {"served_on": TODAY.isoformat(), "channel": "handed_over", "received_by": "前台"}
    saved(purchaser, f"{changes}/{change.id}/service", **served)
    assert "it is final" in authority.open(conclusion).text
    assert "Concluded." in saved(authority, conclusion)
    assert load(Round, "round-1", "round").state == "final"
    assert [one.scheme for one in results.versions("round-1")] == ["small@1", "small@2"]
    refused(authority, conclusion, 409, "decided")


@pytest.mark.rule("G56", "G57")
def test_an_appeal_is_refused_with_a_reason_or_taken_back_by_its_party(app, notified):
    provider, authority = Desk(app, "provider"), Desk(app, "authority")
    address = appealed(provider)
    refused(authority, f"{address}/refusal", 422, "Reason", reason="")
    assert "没有理由。" in saved(authority, f"{address}/refusal", reason="没有理由。")
    refused(authority, f"{address}/acceptance", 409, "not taken up")
    second = _again(provider)
    saved(authority, f"{second}/acceptance")
    assert "The review ends" in provider.open(f"{second}/withdrawal").text
    saved(provider, f"{second}/withdrawal", reason="已谈妥。")
    assert load(Round, "round-1", "round").state == "notified"


def _again(provider: Desk) -> str:
    before = {one.id for one in records.find(appeals.Appeal)}
    saved(provider, "/desk/rounds/round-1/appeals/new", text=TEXT)
    [new] = {one.id for one in records.find(appeals.Appeal)} - before
    saved(provider, f"/desk/appeals/{new}/filing")
    return f"/desk/appeals/{new}"


@pytest.mark.rule("G07")
def test_of_the_purchaser_s_application_the_provider_reads_that_it_is_there(app, notified):
    address = appealed(Desk(app, "purchaser"))
    page = Desk(app, "provider").open(address).text
    assert "Application of the purchaser" in page
    assert TEXT not in page
    assert TEXT in Desk(app, "authority").open(address).text


def test_a_reviewer_from_elsewhere_opens_the_case_and_nothing_else(app, notified):
    address = appealed(Desk(app, "provider"))
    authority, outside = Desk(app, "authority"), Desk(app, "evaluator", "other-org")
    assert outside.open(address).status_code == 404
    saved(authority, f"{address}/acceptance")
    saved(authority, f"{address}/panel", **panel("复核员甲", "复核员乙"))
    review = load(appeals.Review, address.rpartition("/")[2], "review")
    [user] = [one.id for one in records.find(User, organisation="other-org")]
    members = ({**review.members[0], "user": user}, review.members[1])
    sitting = replace(review, members=members, version=2)
    retrying(lambda tx: records.replace(sitting, 1, tx))
    assert TEXT in outside.open(address).text
    assert "Frozen evidence" in outside.open(f"{address}/review").text
    assert f'href="{address}/review"' in outside.open("/desk/reviews").text
    assert "no review" in authority.open("/desk/reviews").text
    assert outside.open(CASES).status_code == 404


def test_people_of_other_evaluators_are_offered_for_a_review_and_no_part_of_the_round(app, notified):
    address = appealed(Desk(app, "provider"))
    authority = Desk(app, "authority")
    organisations.create_organisation(ADMIN, NOW, Organisation("second-org", "evaluator", "Second institute"))
    for id, employer in (("rev", "second-org"), ("own", "evaluator-org"), ("theirs", "provider-org")):
        records.insert(User(id, f"{id}-name", employer, ("evaluator",), "no password fits this"))
    saved(authority, f"{address}/acceptance")
    offered = authority.open(f"{address}/panel").text
    assert "rev-name (Second institute)" in offered
    assert "own-name" not in offered
    assert "theirs-name" not in offered


def test_nobody_else_sees_any_of_it(app, served):
    address = objected(Desk(app, "provider"))
    for role in ("provider", "purchaser", "authority", "evaluator"):
        other = Desk(app, role, "other-org")
        for path in (CASES, address, f"{address}/withdrawal"):
            assert other.open(path).status_code in (403, 404), (role, path)
    assert Desk(app, "auditor").open(CASES).status_code == 403
