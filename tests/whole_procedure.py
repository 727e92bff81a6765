"""The procedure of one round over the API, stage by stage, each by the people whose stage it is.

A test takes the stages in their order and may stop anywhere: `Walk(client)`, then `opened`, `self_evaluated`, … Every
stage asserts what it leaves behind, so that a walk is a test by itself.
"""

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import casework
from accounts import As, refusal
from casework import PICTURE, SCHEME
from demo_round import make_draw
from factories import ADMIN, NOW, make_project
from flask.testing import FlaskClient
from outcomes import LOOKED_FOR, Person
from werkzeug.test import TestResponse

from service.domain.days import day_of
from service.domain.organisations import Organisation
from service.operations import organisations, projects

TODAY = day_of(datetime.now(UTC))
SERVED = {"served_on": TODAY.isoformat(), "channel": "handed_over", "received_by": "前台"}
BODY = {"body": "区民政局", "address": "某路1号", "phone": "020-12345"}
PDF = b"%PDF-1.4\n" + b"x" * 40 + b"\nstartxref\n9\n%%EOF\n"
LONG = "查阅台账、走访两处站点并与三名服务对象面谈后，认为该项工作扎实。"
ROUND = "/rounds/round-1"
# The cases' small scheme with a counter, the terms of evaluations (G48, G51) and two minimums of methods (G41).
LABEL = "label: {zh-Hans: 期限, zh-Hant: 期限, en: Term}"
WALKED = (
    SCHEME.replace(
        "deadlines:\n",
        f"""\
methods_required:
  - {{method: document_review, evidence: policies, min: 1, rules: [G41, G42], {LABEL}}}
  - {{method: spot_check, evidence: work_records, min: 1, rules: [G41, G45], {LABEL}}}
deadlines:
  - {{id: final-self-evaluation, from_event: project_expiry, n: 15, unit: day, hard: true, rules: [G48], {LABEL}}}
  - {{id: official-evaluation, from_event: evaluation_start, n: 15, unit: day, hard: false, rules: [G51], {LABEL}}}
  - {{id: result-notice, from_event: evaluation_end, n: 10, unit: day, hard: false, rules: [G55], {LABEL}}}
""",
    ).replace("weight: 40", "weight: 20")
    + f"""\
  - id: events
    parent: top
    type: counter
    rules: [G14]
    weight: 20
    {LABEL}
    tags: {{nature: result, view: objective, object: [contract performance]}}
    methods: [document_review]
    level: agency
    unit: {{zh-Hans: 次, zh-Hant: 次, en: events}}
    cap: 100
"""
)


@dataclass
class Walk:
    """One round with its people, each with an account of their own."""

    client: FlaskClient
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A project that ended three days ago, its records checked: what collecting and inspecting left behind."""
        made = make_project()
        projects.change_project(ADMIN, NOW, replace(made, ends_on=TODAY - timedelta(days=3), version=2), 1)
        organisations.create_organisation(ADMIN, NOW, Organisation("panel-org", "evaluator", "Another institute"))
        make_draw()
        for name, role, organisation in (
            ("lead", "purchaser", ""),
            ("department", "authority", ""),
            ("secretary", "evaluator", ""),
            ("scorer", "auditor", "evaluator-org"),
            ("station", "provider", ""),
            ("reviewer", "evaluator", "panel-org"),
            ("office", "purchaser", ""),
            ("unit", "purchaser", ""),
        ):
            self.people[name] = Person(self.client, name, role, organisation)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def round(self) -> dict[str, Any]:
        return dict(self.lead.get(ROUND).json)

    def move(self, who: As, state: str, **facts: Any) -> dict[str, Any]:
        answer = who.put(f"{ROUND}/state", {"state": state, **facts}, version=self.round()["version"])
        return dict(done(answer))

    def unmet(self) -> dict[tuple[str, str], bool]:
        """(gate, subject) of what the next step still demands -> whether the lead may waive it."""
        [step, *_] = self.lead.get(f"{ROUND}/gates").json
        return {(one["gate"], one["subject"]): one["waivable"] for one in step["unmet"]}

    def waive(self, gate: str, subject: str, reason: str) -> None:
        waiver = {"gate": gate, "subject": subject, "reason": reason}
        refusal(self.department.post(f"{ROUND}/waivers", waiver), 403, "not_lead")
        done(self.lead.post(f"{ROUND}/waivers", waiver), 201)

    def opened(self) -> None:
        """The department publishes the scheme, the purchaser opens the round and serves it on the provider."""
        scheme = done(self.department.post("/schemes", {"text": WALKED}), 201)
        wanted = {"id": "round-1", "project": "project-1", "kind": "final", "name": "期末评估", "scheme": scheme["id"]}
        refusal(self.station.post("/rounds", wanted), 403)
        opened = done(self.lead.post("/rounds", wanted | {"terms": {"appeal": 15}}), 201)
        assert (opened["state"], opened["scheme_digest"]) == ("opened", scheme["digest"])
        assert ("scheme_served", "") in self.unmet()
        assert self.move(self.lead, "self_evaluation", **SERVED)["served"]["on"] == TODAY.isoformat()

    def self_evaluated(self) -> None:
        """The provider claims twelve events, with a file, and files with purchaser and authority."""
        path = f"{ROUND}/self-evaluation"
        name = done(self.station.post(f"{path}/files?title=签到表", data=PICTURE), 201)["name"]
        entries = {
            "top": {"statement": "已按合同开展服务。"},
            "events": {"claimed": "12", "statement": "大型活动十二次。", "evidence": [name]},
        }
        done(self.station.put(path, {"entries": entries}, version=0))
        filed = done(self.station.put(f"{path}/state", {"state": "filed"}, version=1))
        assert [one["to"] for one in filed["receipts"]] == ["purchaser", "authority"]
        assert self.secretary.get(f"{path}/files/{name}").data == PICTURE

    def grouped(self) -> None:
        """The authority approves the evaluator on its papers, the purchaser appoints the group."""
        approval = done(
            self.lead.post("/projects/project-1/evaluator-approvals", {"organisation": "evaluator-org"}), 201
        )
        path = f"/evaluator-approvals/{approval['id']}"
        paper = done(self.secretary.post(f"{path}/papers", data=PDF), 201)["name"]
        papers = {"qualification": [paper], "capability": [paper]}
        filed = done(self.secretary.put(f"{path}/filing", papers, version=approval["version"]))
        decided = {"state": "approved", "reason": "资质齐全。"}
        done(self.department.put(f"{path}/decision", decided, version=filed["version"]))
        for name, category, roles in (
            ("lead", "buyer", ["lead", "scorer"]),
            ("scorer", "expert", ["scorer"]),
            ("secretary", "expert", ["secretary"]),
        ):
            member = {"id": f"m-{name}", "name": name, "category": category, "roles": roles, "user": name}
            done(self.lead.post(f"{ROUND}/group", member), 201)
        station = {"name": "station", "category": "provider", "roles": ["scorer"], "user": "station"}
        refusal(self.lead.post(f"{ROUND}/group", station), 409, "group_conflict")
        for (gate, subject), waivable in self.unmet().items():
            assert (gate, waivable) == ("group_constituted", True)
            self.waive(gate, subject, "已书面声明无利益冲突。")
        self.move(self.lead, "evidence")

    def gathered(self) -> None:
        """The evaluator binds the checked draw and enters what was verified of the claim."""
        done(self.secretary.put(f"{ROUND}/sources", {"checks": {"records": "draw-1"}}, version=self.round()["version"]))
        counter = {"node": "events", "target": "12", "verified": "9", "source": "活动签到表"}
        done(self.secretary.post(f"{ROUND}/counters", counter), 201)
        assert set(self.unmet()) == {("methods_met", "document_review.policies")}
        refusal(
            self.secretary.put(f"{ROUND}/state", {"state": "scoring"}, version=self.round()["version"]),
            409,
            "gate_unmet",
        )
        self.waive("methods_met", "document_review.policies", "机构无独立制度文件，改以访谈核实。")
        self.move(self.secretary, "scoring")

    def scored(self) -> None:
        """Two scorers, neither of whom sees the other's score before both are in; then the result freezes."""
        judgement = {"node": "plans", "score": "60", "reason": LONG}
        done(self.lead.post(f"{ROUND}/judgements", judgement | {"id": "j-lead"}), 201)
        assert self.scorer.get(f"{ROUND}/judgements").json == []
        assert self.unmet()
        done(self.scorer.post(f"{ROUND}/judgements", judgement | {"id": "j-scorer", "score": "80"}), 201)
        assert len(self.scorer.get(f"{ROUND}/judgements").json) == 2
        refusal(self.station.get(f"{ROUND}/score"), 403)
        self.move(self.secretary, "reported")
        [first] = self.lead.get(f"{ROUND}/results").json
        # 60 % of the points of one error in ten, 20 % of the mean of 60 and 80, 20 % of nine events of twelve.
        assert (first["number"], first["reason"], first["total"]) == (1, "first", "59")
        late = judgement | {"id": "j-late", "node": "plans"}
        refusal(self.scorer.post(f"{ROUND}/judgements", late), 409, "state_conflict")

    def reported(self) -> None:
        """The report is built, and the provider is told the result with the body and the last day to appeal."""
        refusal(self.station.get(f"{ROUND}/results/1"), 404)
        asked = {"id": "report-1", "number": "穗社评〔2026〕3号", "languages": ["zh-Hans"]}
        done(self.secretary.post(f"{ROUND}/reports", asked), 202)
        for _ in range(1200):
            state = self.secretary.get(f"{ROUND}/reports/report-1").json["state"]
            if state != "building":
                break
            time.sleep(0.1)
        assert state == "built"
        told = self.move(self.lead, "notified", **SERVED, **BODY)
        assert told["notice"]["last_day"] >= (TODAY + timedelta(days=15)).isoformat()
        assert {name: told["notice"][name] for name in BODY} == BODY
        assert self.station.get(f"{ROUND}/results").json[0]["number"] == 1

    def appealed(self) -> dict[str, Any]:
        """The provider appeals with evidence, the department takes it up, a group without a part in it agrees."""
        text = "制度文件另存，附件为封面与目录。"
        done(self.station.post(f"{ROUND}/appeals", {"id": "appeal-1", "text": text}), 201)
        casework.send_picture(self.station, "/appeals/appeal-1")
        filed = done(self.station.put("/appeals/appeal-1/filing", {}, version=1))
        taken = done(self.department.put("/appeals/appeal-1/acceptance", {"state": "accepted"}, filed["version"]))
        assert (self.round()["state"], taken["due_on"]) == ("appeal", self.round()["deadlines"]["review"]["on"])
        panel = [{"name": "reviewer", "user": "reviewer", "category": "expert"}]
        panel += [{"name": "社工督导", "category": "senior_social_worker"}]
        for name in ("lead", "scorer", "station"):
            wrong = {"members": [*panel, {"name": "某人", "user": name, "category": "expert"}]}
            refusal(self.department.put("/appeals/appeal-1/review", wrong), 409, "panel_not_disjoint")
        review = done(self.department.put("/appeals/appeal-1/review", {"members": panel}))
        notes = {"If-Match": f'"{review["version"]}"'}
        done(self.reviewer.send("POST", "/appeals/appeal-1/review/notes", notes, json={"text": "封面与目录属实。"}))
        edits = [
            {
                "kind": "judgements",
                "node": "plans",
                "field": "score",
                "value": "95",
                "id": id,
                "reason": "制度文件齐全。",
            }
            for id in ("j-lead", "j-scorer")
        ]
        shown = done(self.reviewer.post("/appeals/appeal-1/review/preview", {"edits": edits}))["differences"]
        assert [row["node"] for row in shown] == ["", "top", "plans"]
        decision = {"outcome": "upheld", "reasons": "制度文件齐全，予以更正。", "edits": edits}
        return dict(done(self.department.put("/appeals/appeal-1/decision", decision, taken["version"])))

    def final(self) -> None:
        """The old version stays, the difference is there to be read, and nothing can be changed any more."""
        assert self.round()["state"] == "final"
        first, second = self.station.get(f"{ROUND}/results").json
        assert (first["number"], second["number"], second["case"]) == (1, 2, "appeal-1")
        assert Decimal(second["total"]) > Decimal(first["total"])
        rows = {row["node"]: row for row in self.station.get(f"{ROUND}/results/2/difference").json}
        assert {"", "plans"} <= set(rows)
        again = {"text": "还有一份。"}
        refusal(self.station.post(f"{ROUND}/appeals", again), 409, "appeal_decided")
        refusal(self.lead.post(f"{ROUND}/appeals", again), 409, "appeal_decided")
        step = {"state": "notified", **SERVED, **BODY}
        refusal(self.lead.put(f"{ROUND}/state", step, version=self.round()["version"]), 409)

    def published(self) -> dict[str, Any]:
        """Drafter and both heads of the purchaser, three persons; then everybody reads it, and nobody is named."""
        admin = Person(self.client, "keeper", "admin", "operator")
        named = {"office_heads": ["office"], "unit_heads": ["unit"]}
        done(admin.put("/organisations/purchaser-org/signatories", named, 0))
        asked = {"id": "pub-1", "disclosure": "active", "legal_basis": "办法六（三）"}
        done(self.lead.post(f"{ROUND}/publications", asked), 201)
        state, looked_for = "/publications/pub-1/state", LOOKED_FOR
        refusal(self.lead.put(state, {"state": "published"}, 1), 409)
        done(self.office.put(state, {"state": "office_head", "looked_for": looked_for}, 1))
        done(self.unit.put(state, {"state": "approved", "looked_for": looked_for}, 2))
        done(self.lead.put(state, {"state": "published"}, 3))
        answer = self.client.get("/api/v1/public/results/pub-1")
        assert answer.status_code == 200
        assert not any(name in answer.text for name in ("scorer", "reviewer", "社工督导", LONG))
        return dict(answer.json)

    def settled(self) -> dict[str, Any]:
        """What is paid rests on the result that stands and on its own report; the department reads all accounts."""
        parts = [
            {"id": "advance", "label": "签订后", "percent": "30", "needs_result": False},
            {"id": "accepted", "label": "考核后", "percent": "70"},
        ]
        plan = {"kind": "stage", "contract": "100000.00", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
        done(self.lead.put("/projects/project-1/payment-plan", plan | {"parts": parts}, 0))
        path, paid = "/projects/project-1/payments", {"id": "pay-1", "instalment": "advance"}
        assert done(self.lead.post(path, paid), 201)["amount"] == "30000.00"
        rest = {"id": "pay-2", "instalment": "accepted", "paper": "report-1"}
        refusal(self.lead.post(path, rest), 409, "payment_without_result")
        refusal(self.lead.post(path, rest | {"result": "round-1#1"}), 409, "result_not_final")
        refusal(self.lead.post(path, rest | {"result": "round-1#2"}), 409, "payment_without_paper")
        assert all(one["decision"] is None for one in done(self.station.get(f"{ROUND}/consequences")))
        refusal(self.station.get("/projects/project-1/accounts"), 403)
        return dict(done(self.department.get("/projects/project-1/accounts")))


def done(answer: TestResponse, status: int = 200) -> Any:
    """The body of what went well."""
    assert answer.status_code == status, (answer.status_code, answer.text[:800])
    return answer.json
