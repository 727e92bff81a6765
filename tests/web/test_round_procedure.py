"""A round from its opening to the publication of its reviewed result, over the API, by those whose steps they are."""

import time
from datetime import UTC, datetime, timedelta

import casework
import pytest
from accounts import As, refusal
from casework import PICTURE, TEXT
from outcomes import LOOKED_FOR, lead_people, sign

from service.domain.days import day_of
from service.operations.acts import journal_entries

TODAY = day_of(datetime.now(UTC))
SERVED = {"served_on": TODAY.isoformat(), "channel": "handed_over", "received_by": "前台"}
BODY = {"name": "市民政局复核组", "address": "某路1号", "phone": "020-12345"}
ROUND = "/rounds/round-1"


class Procedure:
    """The round's people, and the steps that each takes."""

    def __init__(self, client) -> None:
        casework.make_case_round()
        parts = ("authority", "evaluator", "provider")
        self.authority, self.evaluator, self.provider = (As(client, part) for part in parts)
        self.people = lead_people(client)  # of the purchaser, which leads
        self.lead = self.people["drafter"]
        self.reviewer = As(client, "evaluator", "other-org")

    def move(self, state: str, by: As | None = None, **facts: str) -> dict:
        version = self.lead.get(ROUND).json["version"]
        answer = (by or self.lead).put(f"{ROUND}/state", {"state": state, **facts}, version)
        assert answer.status_code == 200, answer.text
        assert answer.json["state"] == state
        return answer.json

    def held_up(self, state: str, by: As | None = None, **facts: str) -> set[str]:
        """The gates that keep the round from this step."""
        version = self.lead.get(ROUND).json["version"]
        body = refusal((by or self.lead).put(f"{ROUND}/state", {"state": state, **facts}, version), 409, "gate_unmet")
        return {name.split(".")[0] for name in body["errors"]["json"]}

    def file_self_evaluation(self) -> None:
        entries = {"top": {"statement": "已按合同开展。"}}
        kept = self.provider.put(f"{ROUND}/self-evaluation", {"entries": entries}, 0)
        assert kept.status_code == 200, kept.text
        filed = self.provider.put(f"{ROUND}/self-evaluation/state", {"state": "filed"}, 1)
        assert filed.status_code == 200, filed.text

    def approve_the_evaluator(self) -> None:
        asked = {"id": "approval-1", "organisation": "evaluator-org"}
        assert self.lead.post("/projects/project-1/evaluator-approvals", asked).status_code == 201
        path = "/evaluator-approvals/approval-1"
        paper = self.evaluator.send("POST", f"{path}/papers", {"Content-Type": "image/jpeg"}, data=PICTURE)
        papers = {"qualification": [paper.json["name"]], "capability": [paper.json["name"]]}
        filed = self.evaluator.put(f"{path}/filing", papers, 1)
        assert filed.status_code == 200, filed.text
        decided = self.authority.put(f"{path}/decision", {"state": "approved"}, filed.json["version"])
        assert decided.status_code == 200, decided.text

    def build_the_report(self) -> None:
        asked = {"id": "report-1", "number": "穗社评〔2026〕3号", "languages": ["zh-Hans"]}
        assert self.evaluator.post(f"{ROUND}/reports", asked).status_code == 202
        for _ in range(1200):
            if self.evaluator.get(f"{ROUND}/reports/report-1").json["state"] != "building":
                break
            time.sleep(0.1)
        assert self.evaluator.get(f"{ROUND}/reports/report-1").json["state"] == "built"

    def appeal_and_uphold(self) -> None:
        assert self.provider.post(f"{ROUND}/appeals", {"id": "appeal-1", "text": TEXT}).status_code == 201
        casework.send_picture(self.provider, "/appeals/appeal-1")
        assert self.provider.put("/appeals/appeal-1/filing", {}, 1).status_code == 200
        taken = self.authority.put("/appeals/appeal-1/acceptance", {"state": "accepted"}, 2)
        assert taken.status_code == 200, taken.text
        assert self.lead.get(ROUND).json["state"] == "appeal"
        first = {"name": "复核员甲", "user": self.reviewer.get("/me").json["id"], "category": "expert"}
        panel = {"members": [first, {"name": "复核员乙", "category": "recipient_representative"}]}
        assert self.authority.put("/appeals/appeal-1/review", panel).status_code == 200
        edit = {key: value for key, value in vars(casework.edit_of_judgement("round-1")).items() if value != ""}
        decision = {"outcome": "upheld", "reasons": "附件证明制度齐全。", "edits": [edit]}
        decided = self.authority.put("/appeals/appeal-1/decision", decision, 3)
        assert (decided.status_code, decided.json["result_after"]) == (200, "round-1#2"), decided.text

    def publish(self) -> None:
        asked = {"id": "pub-1", "disclosure": "active", "legal_basis": "办法六（三）"}
        assert self.lead.post(f"{ROUND}/publications", asked).status_code == 201
        sign(self.people["office"], "pub-1", "office_head", 1)
        [step] = self.lead.get(f"{ROUND}/gates").json
        assert {one["gate"] for one in step["unmet"]} == {"publication_approved"}
        signed = {"state": "approved", "looked_for": LOOKED_FOR}
        assert self.people["unit"].put("/publications/pub-1/state", signed, 2).status_code == 200
        assert self.lead.put("/publications/pub-1/state", {"state": "published"}, 3).status_code == 200


@pytest.mark.rule("G46", "G50", "G55", "G58")
def test_a_round_goes_from_its_opening_to_the_publication_of_its_reviewed_result(client):
    round = Procedure(client)
    assert round.held_up("self_evaluation") == {"terms_set", "scheme_served"}
    terms = {"terms": {"appeal": 15}, "review_body": BODY}
    assert round.lead.put(f"{ROUND}/terms", terms, 1).status_code == 200
    round.move("self_evaluation", **SERVED)

    assert round.held_up("evidence") == {"self_evaluation_filed_or_due", "third_party_approved", "group_constituted"}
    round.file_self_evaluation()
    round.approve_the_evaluator()
    round.move("evidence")
    round.move("scoring", by=round.evaluator)
    reported = round.move("reported", by=round.evaluator)
    refusal(round.evaluator.put(f"{ROUND}/sources", {}, reported["version"]), 409, "state_conflict")

    assert round.held_up("notified", **SERVED) == {"report_built"}
    round.build_the_report()
    assert round.held_up("notified") == {"notice_complete"}
    notice = round.move("notified", **SERVED)["notice"]
    assert (notice["body"], notice["phone"], notice["served_on"]) == (BODY["name"], BODY["phone"], SERVED["served_on"])
    assert notice["last_day"] >= (TODAY + timedelta(days=15)).isoformat()
    assert round.provider.get(ROUND).json["notice"]["last_day"] == notice["last_day"]
    assert round.held_up("final") == {"appeal_window_passed"}

    round.appeal_and_uphold()
    assert round.lead.get(ROUND).json["state"] == "final"
    version = round.lead.get(ROUND).json["version"]
    refusal(round.lead.put(f"{ROUND}/state", {"state": "published"}, version), 409, "round_step_by")
    round.publish()
    assert round.lead.get(ROUND).json["state"] == "published"
    assert client.get("/api/v1/public/results/pub-1").status_code == 200
    assert round.lead.get(f"{ROUND}/gates").json == []
    moved = [entry.details["to"] for entry in journal_entries(["project:project-1"]) if entry.act == "round.moved"]
    wanted = "self_evaluation evidence scoring reported notified appeal final published"
    assert moved == wanted.split()
