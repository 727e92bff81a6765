"""Records with every optional field set over the API, each with the form of the desk that edits it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import visiting
from accounts import As
from at_desk import Desk
from casework import PICTURE, TEXT, make_case_round, notify, send_picture, serve_notice
from demo_round import make_draw
from factories import EVALUATOR, NOW, make_campaign, make_project, open_campaign
from flask import Flask
from group_of_round import make_group
from inspected import draw_from, make_list
from outcomes import Person
from self_evaluated import SCHEME, open_round

from service.domain.collect.batches import Count
from service.domain.collect.campaigns import Campaign
from service.domain.collect.quotas import Quota
from service.domain.collect.tickets import Batch
from service.domain.days import day_of
from service.domain.deadlines import Year
from service.domain.evaluate.judgements import RoundJudgement
from service.domain.evaluate.rounds import Round
from service.domain.inspect.notices import Notice
from service.domain.inspect.user_notifications import UserNotification
from service.domain.inspect.visits import Visit
from service.domain.organisations import Organisation, User
from service.domain.procedure.agency_assessments import AgencyAssessment, agency_nodes
from service.domain.procedure.appeals import Appeal
from service.domain.procedure.judging import Judging
from service.domain.procedure.objections import Objection
from service.domain.procedure.payments import PaymentPlan
from service.domain.procedure.publications import Signatories
from service.domain.procedure.reports import PurchaserOpinion
from service.domain.procedure.self_evaluations import SelfEvaluation
from service.domain.procedure.targets import ContractTarget
from service.domain.projects import Project, Site
from service.operations.acts import load
from service.operations.collect import batches, quotas, tickets
from service.operations.evaluate import schemes
from service.store import records

ROUND = "/desk/rounds/round-1"
# What a change writes by itself.
WHEN = {"version", "changes", "reason", "at", "by", "saved_at", "set_at"}
WHEN |= {"changed_by", "saved_by", "set_by", "attendance_by"}


@dataclass(frozen=True)
class Edit:
    """The page with the form, the record that it edits, and where it is sent if not to the page."""

    desk: Desk
    page: str
    record: type
    id: str
    action: str = ""
    more: tuple[tuple[str, str], ...] = ()  # what a person has to add
    writes: bool = True  # also when nothing has changed

    def stored(self) -> Any:
        """The record without what says when it was written."""
        found = load(self.record, self.id, "record")
        return {name: value for name, value in vars(found).items() if name not in WHEN}


def kept(answer: Any) -> Any:
    """The body of what the API has stored."""
    assert answer.status_code in (200, 201), answer.text
    return answer.json


def organisation(app: Flask) -> Edit:
    values = {"id": "org-1", "kind": "provider", "name": "某社工 机构", "phones": ["020-1", "020-2"]}
    kept(As(app.test_client(), "admin").post("/organisations", values))
    return Edit(Desk(app, "admin"), "/desk/organisations/org-1", Organisation, "org-1")


def signatories(app: Flask) -> Edit:
    make_project()
    for name in ("office", "unit", "other"):
        Person(app.test_client(), name, "purchaser")
    named = {"office_heads": ["unit", "office"], "unit_heads": ["other"]}
    kept(As(app.test_client(), "admin").put("/organisations/purchaser-org/signatories", named, 0))
    page = "/desk/organisations/purchaser-org/signatories"
    return Edit(Desk(app, "admin"), page, Signatories, "purchaser-org")


def roles(app: Flask) -> Edit:
    make_project()
    Person(app.test_client(), "person-1", "evaluator")
    kept(As(app.test_client(), "admin").put("/users/person-1/roles", {"roles": ["auditor", "evaluator"]}, 1))
    return Edit(Desk(app, "admin"), "/desk/users/person-1/roles", User, "person-1")


def project(app: Flask) -> Edit:
    make_project()
    admin = As(app.test_client(), "admin")
    kept(admin.post("/organisations", {"id": "witness-1", "kind": "witness", "name": "见证方"}))
    parties = {f"{part}": f"{part}-org" for part in ("authority", "purchaser", "provider", "evaluator")}
    more = {"starts_on": "2026-01-01", "ends_on": "2026-12-31", "funding_type": "other", "basis": "by_reference"}
    values = {"id": "project-9", "name": "站 二", "service_class": 3, "witness": "witness-1", **parties, **more}
    kept(admin.post("/projects", values))
    return Edit(Desk(app, "admin"), "/desk/projects/project-9/change", Project, "project-9")


def site(app: Flask) -> Edit:
    make_project()
    times = {"starts_at": "2026-05-01T09:00:01+08:00", "ends_at": "2026-05-01T11:00:00.500+08:00"}
    sessions = [{"id": "s1", "name": "第一场", **times}, {"id": "s2", "name": "第二场"}]
    values = {"id": "site-9", "name": "西站", "address": "某路\n1号", "sessions": sessions}
    values |= {"latitude": 23.1234567, "longitude": 113.25}
    kept(As(app.test_client(), "admin").post("/projects/project-1/sites", values))
    return Edit(Desk(app, "admin"), "/desk/projects/project-1/sites/site-9", Site, "site-9")


def target(app: Flask) -> Edit:
    make_project()
    values = {
        "id": "t-1",
        "counter": "G14",
        "target": "12.50",
        "unit": "次",
        "by": "2026-12-31",
        "standard": "每场\n三十人",
    }
    values |= {"level": "per_worker", "denominator": "headcount", "workers": "4.5"}
    kept(As(app.test_client(), "purchaser").post("/projects/project-1/targets", values))
    return Edit(
        Desk(app, "purchaser"),
        "/desk/projects/project-1/targets/t-1",
        ContractTarget,
        "t-1",
        more=(("reason", "原样"),),
    )


def plan_by_grade(app: Flask) -> Edit:
    open_round()
    return plan(app, {"grades": {"excellent": "100", "good": "99.5", "pass": "90", "basic-pass": "80", "fail": "0"}})


def plan_by_steps(app: Flask) -> Edit:
    make_project()
    steps = [{"from_score": "0", "percent": "50"}, {"from_score": "59.5", "percent": "100"}]
    return plan(app, {"steps": steps}, kind="quarter", retained_percent="7.25", parts=[])


def plan(app: Flask, factors: Any, **more: Any) -> Edit:
    first = {"id": "a", "label": "签订 后", "percent": "33.3333", "due_on": "2026-02-01", "needs_result": False}
    rest = {"id": "b", "label": "预留价款", "percent": "66.6667", "retained": True}
    values = {"kind": "stage", "contract": "100000.10", "starts_on": "2026-02-01", "ends_on": "2026-11-30"}
    values |= {"parts": [first, rest], "factors": factors, "document": "合同1", **more}
    values |= {"pay_within": {"days": 5, "unit": "working"}}
    kept(As(app.test_client(), "purchaser").put("/projects/project-1/payment-plan", values, 0))
    return Edit(Desk(app, "purchaser"), "/desk/projects/project-1/payment-plan", PaymentPlan, "project-1")


def campaign(app: Flask) -> Edit:
    make_project()
    there = make_campaign()
    texts = {"zh-Hans": "甲\n乙", "zh-Hant": "甲", "en": "A", "fr": "à"}
    told = dict.fromkeys(("authority", "evaluator", "purpose", "retention", "complaints", "linked"), texts)
    same = ("project", "questionnaire", "questionnaire_version", "population")
    values = {name: getattr(there, name) for name in same} | {"notice": {**told, "phone": "020-12345"}}
    values |= {"name": "春季 调查", "sites": ["west"], "languages": ["en", "zh-Hans"]}
    values |= {"opens_at": "2026-03-01T09:00:01+08:00", "closes_at": "2099-03-01T09:00:00.250+08:00"}
    kept(As(app.test_client(), "evaluator").put("/campaigns/campaign-1", values, there.version))
    return Edit(Desk(app, "evaluator"), "/desk/campaigns/campaign-1/settings", Campaign, "campaign-1")


def wanted(app: Flask) -> Edit:
    opened = open_campaign(count=1)
    quotas.replace(EVALUATOR, NOW, opened.id, [Quota("east", 12), Quota("west", 40)], opened.campaign.version)
    page = f"/desk/campaigns/{opened.id}"
    return Edit(Desk(app, "evaluator"), f"{page}/progress", Campaign, opened.id, f"{page}/quotas")


def counted(app: Flask) -> Edit:
    opened = open_campaign(count=9)
    [batch] = tickets.batches(EVALUATOR, opened.id)
    batches.count(EVALUATOR, NOW, opened.id, batch.id, Count(5, 1, 3), batch.version, [opened.key])
    return Edit(Desk(app, "evaluator"), f"/desk/campaigns/{opened.id}/slips/{batch.id}/count", Batch, batch.id)


def terms(app: Flask) -> Edit:
    open_round("opened")
    version = load(Round, "round-1", "round").version
    body = {"name": "区复核 组", "address": "某路1号", "phone": "020-1"}
    values = {"terms": {"appeal": 15}, "self_evaluation_on": "2026-06-30", "self_evaluation_set": "designated"}
    kept(As(app.test_client(), "purchaser").put("/rounds/round-1/terms", values | {"review_body": body}, version))
    return Edit(Desk(app, "purchaser"), f"{ROUND}/terms", Round, "round-1")


def sources(app: Flask) -> Edit:
    group = make_group(app.test_client())
    there = load(Round, "round-2", "round")
    panels = {group.nodes[0]: [group.ids["expert"], group.ids["buyer"]]}
    values = {"surveys": dict(there.surveys), "checks": dict(there.checks), "panels": panels, "counters": {}}
    kept(As(app.test_client(), "evaluator").put("/rounds/round-2/sources", values, there.version))
    return Edit(Desk(app, "evaluator"), "/desk/rounds/round-2/sources", Round, "round-2")


def own_score(app: Flask) -> Edit:
    group = make_group(app.test_client())
    buyer = group.scorers["buyer"]
    paper = kept(buyer.send("POST", "/rounds/round-2/score-sheets", {"Content-Type": "image/jpeg"}, data=PICTURE))
    values = {"node": group.nodes[0], "score": "61.255", "reason": "第一行\n\n第二行。" * 10}
    made = kept(buyer.post("/rounds/round-2/judgements", values | {"papers": [paper["name"]], "state": "draft"}))
    desk = Desk(app, "purchaser")
    desk.client.set_cookie("minyi_session", buyer.token, path="/desk")
    return Edit(desk, f"/desk/rounds/round-2/scoring/{group.nodes[0]}", RoundJudgement, made["id"])


def self_entry(node: str, values: dict[str, Any]) -> Callable[[Flask], Edit]:
    def make(app: Flask) -> Edit:
        open_round()
        provider = As(app.test_client(), "provider")
        files = kept(
            provider.send("POST", "/rounds/round-1/self-evaluation/files", {"Content-Type": "image/jpeg"}, data=PICTURE)
        )
        mine = {**values, "statement": "第一行\n\n第二行。", "evidence": [files["name"]]}
        facts = {"full_time_equivalent": "5.25", "cases_carried_over": "0"}
        sent = {"entries": {node: mine, "g15": {"claimed": "3"}}, "facts": facts}
        kept(provider.put("/rounds/round-1/self-evaluation", sent, 0))
        page = f"{ROUND}/self-evaluation/nodes/{node}"
        return Edit(Desk(app, "provider"), page, SelfEvaluation, "round-1")

    return make


def facts(app: Flask) -> Edit:
    there = self_entry("g14", {"claimed": "12"})(app)
    return replace(there, page=f"{ROUND}/self-evaluation/facts")


def opinion(app: Flask) -> Edit:
    open_round("scoring")
    kept(As(app.test_client(), "purchaser").put("/rounds/round-1/purchaser-opinion", {"text": "第一行\n\n第二行。"}, 0))
    return Edit(Desk(app, "purchaser"), f"{ROUND}/purchaser-opinion", PurchaserOpinion, "round-1")


def objection(app: Flask) -> Edit:
    make_project()
    make_draw()
    today = datetime.now(UTC)
    serve_notice(served_on=day_of(today), at=today)
    provider = As(app.test_client(), "provider")
    kept(provider.post("/notices/notice-1/objections", {"id": "objection-1", "text": TEXT + "\n\n" + TEXT}))
    send_picture(provider, "/objections/objection-1")
    return Edit(Desk(app, "provider"), "/desk/objections/objection-1/text", Objection, "objection-1")


def appeal(app: Flask) -> Edit:
    make_case_round()
    today = datetime.now(UTC)
    notify("round-1", today, day_of(today) + timedelta(days=5))
    provider = As(app.test_client(), "provider")
    kept(provider.post("/rounds/round-1/appeals", {"id": "appeal-1", "text": TEXT + "\n\n" + TEXT}))
    return Edit(Desk(app, "provider"), "/desk/appeals/appeal-1/text", Appeal, "appeal-1")


def references(app: Flask) -> Edit:
    open_round("evidence")
    nodes = {node.id: node.rules for node in agency_nodes(schemes.parsed(SCHEME))[:2]}
    for node, of in nodes.items():
        one = AgencyAssessment(
            id=f"of-{node}",
            provider="provider-org",
            project="project-1",
            authority="authority-org",
            round="round-1",
            node=node,
            rules=of,
            score=Decimal(80),
            period_from=date(2025, 1, 1),
            period_to=date(2099, 12, 31),
            at=NOW,
            by=EVALUATOR.id,
        )
        records.insert(one)
    version = load(Round, "round-1", "round").version
    sent = {node: f"of-{node}" for node in reversed(nodes)}
    kept(As(app.test_client(), "evaluator").put("/rounds/round-1/references", {"references": sent}, version))
    return Edit(Desk(app, "evaluator"), f"{ROUND}/agency-references", Round, "round-1")


def visit(app: Flask) -> Edit:
    visiting.crew(visiting.FIRST, visiting.SECOND, visiting.THIRD)
    draws = (visiting.drawn("draw-1"), visiting.drawn("draw-2"))
    persons = (visiting.THIRD, visiting.FIRST, visiting.SECOND)
    visiting.planned("visit-1", *persons, draw=draws, kind="special", note="第一行\n\n第二行。")
    return Edit(Desk(app, "evaluator"), "/desk/visits/visit-1", Visit, "visit-1", "/desk/visits/visit-1/plan")


def attendance(app: Flask) -> Edit:
    make_project()
    make_list("users", [f"R{number:03}" for number in range(9)], kind="recipient")
    [drawn, *_] = draw_from("users-draw", "users", 2).items
    evaluator = As(app.test_client(), "evaluator")
    told = {"id": "told-1", "serial": drawn.serial, "channel": "phone", "evidence": "记录"}
    told |= {"notified_at": "2026-03-01T09:00:00+08:00"}
    made = kept(evaluator.post("/draws/users-draw/user-notifications", told))
    came = {"attended": False, "evidence": "第一行\n第二行。"}
    kept(evaluator.put("/user-notifications/told-1/attendance", came, made["version"]))
    return Edit(Desk(app, "evaluator"), "/desk/user-notifications/told-1/attendance", UserNotification, "told-1")


def notice(app: Flask) -> Edit:
    make_project()
    make_draw()
    whom = {"body": "区民政局", "address": "某路 1号", "phone": "020-12345", "working_days": 5}
    values = {"draws": ["draw-1"], "visits": ["visit-1"], "summary": "抽查。\n一份 缺少签名。", "objection": whom}
    kept(As(app.test_client(), "evaluator").post("/projects/project-1/notices", {"id": "notice-1", **values}))
    return Edit(Desk(app, "evaluator"), "/desk/notices/notice-1/change", Notice, "notice-1")


def last_day(app: Flask) -> Edit:
    open_round("scoring")
    kept(As(app.test_client(), "purchaser").put("/rounds/round-1/judging", {"due_on": "2099-12-30"}, 0))
    return Edit(Desk(app, "purchaser"), f"{ROUND}/judging/day", Judging, "round-1")


def year(app: Flask) -> Edit:
    sent = {"csv": "date,day\n2031-10-01,off\n2031-10-12,work\n", "source": "某办发明电〔2030〕1号"}
    kept(As(app.test_client(), "admin").put("/calendars/2031", sent))
    return Edit(Desk(app, "admin"), "/desk/calendars/2031", Year, "2031", writes=False)


EDITS: dict[str, tuple[Callable[[Flask], Edit], ...]] = {
    "change_organisation": (organisation,),
    "name_signatories": (signatories,),
    "change_roles": (roles,),
    "change_project": (project,),
    "change_site": (site,),
    "change_target": (target,),
    "payment_plan": (plan_by_grade, plan_by_steps),
    "change_campaign": (campaign,),
    "set_quotas": (wanted,),
    "count_slips": (counted,),
    "set_terms": (terms,),
    "bind_sources": (sources,),
    "give_score": (own_score,),
    "save_self_entry": (
        self_entry("g14", {"claimed": "12.50", "score": "77.5", "numerator": "3", "denominator": "4"}),
        self_entry("professional", {"numerator": "3", "denominator": "4"}),
    ),
    "save_self_facts": (facts,),
    "give_opinion": (opinion,),
    "edit_objection": (objection,),
    "edit_appeal": (appeal,),
    "refer_to_assessments": (references,),
    "change_visit": (visit,),
    "attendance_of_user": (attendance,),
    "set_day": (last_day,),
    "enter_calendar": (year,),
    "change_notice": (notice,),
}
