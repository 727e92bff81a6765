"""Appeals and reviews over the API: who sees what of them, what is refused and how the refusals read."""

from datetime import UTC, datetime, timedelta

import casework
import pytest
from accounts import As, fields_named, refusal
from casework import TEXT

from service.domain.days import day_of

FILE = {"id": "appeal-1", "text": TEXT}
NAMES = ("复核员甲", "复核员乙")


@pytest.fixture
def city(client) -> None:
    casework.make_case_round()
    now = datetime.now(UTC)
    casework.notify("round-1", now, day_of(now) + timedelta(days=15))


@pytest.fixture
def provider(client, city) -> As:
    return As(client, "provider")


@pytest.fixture
def purchaser(client, city) -> As:
    return As(client, "purchaser")


@pytest.fixture
def authority(client, city) -> As:
    return As(client, "authority")


@pytest.fixture
def reviewer(client, city) -> As:
    """Of another organisation, with no part in the project."""
    return As(client, "evaluator", "other-org")


def filed(party: As, id: str = "appeal-1") -> dict:
    assert party.post("/rounds/round-1/appeals", FILE | {"id": id}).status_code == 201
    casework.send_picture(party, f"/appeals/{id}")
    answer = party.put(f"/appeals/{id}/filing", {}, version=1)
    assert answer.status_code == 200, answer.text
    return answer.json


def panel(reviewer: As) -> dict:
    first = {"name": NAMES[0], "user": reviewer.get("/me").json["id"], "category": "expert"}
    return {"members": [first, {"name": NAMES[1], "category": "recipient_representative"}]}


def edit() -> dict:
    return {key: value for key, value in vars(casework.edit_of_judgement("round-1")).items() if value != ""}


@pytest.mark.rule("G56", "G57", "G58")
def test_an_appeal_is_filed_taken_up_reviewed_and_decided_by_people_who_see_what_is_theirs(
    client, provider, purchaser, authority, reviewer
):
    evaluator = As(client, "evaluator")
    refusal(provider.put("/appeals/appeal-1/filing", {}, version=1), 404, "not_found")
    mine = filed(provider)
    assert (mine["state"], mine["initiator"], len(mine["attachments"])) == ("filed", "provider", 1)
    assert len(mine["receipt"]["digest"]) == 64
    for other in (provider, purchaser, evaluator):
        refusal(other.put("/appeals/appeal-1/acceptance", {"state": "accepted"}, version=2), 403, "forbidden")
    refusal(authority.put("/appeals/appeal-1/acceptance", {"state": "accepted"}), 428, "unconditional")
    refusal(authority.put("/appeals/appeal-1/acceptance", {"state": "accepted"}, version=1), 412, "stale")
    refusal(authority.put("/appeals/appeal-1/review", panel(reviewer)), 409, "state_conflict")
    today = day_of(datetime.now(UTC))
    ahead = {"state": "accepted", "on": (today + timedelta(days=1)).isoformat()}
    assert fields_named(refusal(authority.put("/appeals/appeal-1/acceptance", ahead, version=2), 422)) == {"on"}
    taken = authority.put("/appeals/appeal-1/acceptance", {"state": "accepted"}, version=2).json
    assert (taken["state"], taken["accepted_on"]) == ("accepted", today.isoformat())
    assert taken["due_on"] >= (today + timedelta(days=30)).isoformat()
    assert provider.get("/rounds/round-1").json["state"] == "appeal"

    refusal(reviewer.get("/appeals/appeal-1"), 404, "not_found")
    assert authority.put("/appeals/appeal-1/review", panel(reviewer)).json["version"] == 1
    note = {"text": "评分理由与附件不符。"}
    assert reviewer.send("POST", "/appeals/appeal-1/review/notes", {"If-Match": '"1"'}, json=note).status_code == 200
    assert reviewer.get("/appeals/appeal-1").json["text"] == TEXT
    assert reviewer.get("/appeals/appeal-1/review").json["notes"][0]["text"] == note["text"]
    whole = reviewer.get("/appeals/appeal-1/review/result").json
    assert (whole["id"], whole["evidence"]["judgements"][0]["score"]) == ("round-1#1", "70")
    shown = reviewer.send("POST", "/appeals/appeal-1/review/preview", json={"edits": [edit()]}).json["differences"]
    assert [row["node"] for row in shown] == ["", "top", "plans"]
    # Who is not of the group and is not the reviewing body learns nothing of its names, notes and evidence.
    for other in (purchaser, evaluator):
        for path in ("/appeals/appeal-1/review", "/appeals/appeal-1/review/result"):
            refusal(other.get(path), 404, "not_found")
    refusal(provider.get("/appeals/appeal-1/review"), 403, "forbidden")

    decision = {"outcome": "upheld", "reasons": "附件证明制度齐全。", "edits": [edit()]}
    refusal(reviewer.put("/appeals/appeal-1/decision", decision, version=3), 403, "forbidden")
    for wrong, field in (
        ({"edits": []}, "edits"),
        ({"reasons": ""}, "reasons"),
        ({"edits": [edit() | {"node": "g99"}]}, "edits.0.id"),
        ({"edits": [edit() | {"kind": "guesses"}]}, "edits.0.kind"),
        ({"edits": [edit() | {"field": "digest"}]}, "edits.0.field"),
        ({"edits": [edit() | {"value": "101"}]}, None),
    ):
        body = refusal(authority.put("/appeals/appeal-1/decision", decision | wrong, version=3), 422)
        assert field is None or fields_named(body) == {field}
    done = authority.put("/appeals/appeal-1/decision", decision, version=3).json
    assert (done["state"], done["outcome"], done["result_after"]) == ("decided", "upheld", "round-1#2")
    told = provider.get("/appeals/appeal-1")
    assert (told.json["reasons"], told.json["result"]) == (decision["reasons"], "round-1#1")
    assert not any(name in told.text or note["text"] in told.text for name in NAMES)
    assert provider.get("/rounds/round-1").json["state"] == "final"
    refusal(provider.post("/rounds/round-1/appeals", FILE | {"id": "appeal-2"}), 409, "appeal_decided")
    refusal(purchaser.post("/rounds/round-1/appeals", FILE | {"id": "appeal-2"}), 409, "appeal_decided")


@pytest.mark.rule("G07")
def test_the_provider_learns_that_the_purchaser_applied_but_not_what_it_wrote(client, provider, purchaser, authority):
    theirs = filed(purchaser)
    assert theirs["initiator"] == "purchaser"
    name = theirs["attachments"][0]["name"]
    seen = provider.get("/appeals/appeal-1").json
    assert (seen["state"], seen["text"], seen["attachments"]) == ("filed", "", [])
    refusal(provider.get(f"/appeals/appeal-1/attachments/{name}"), 404, "not_found")
    assert authority.get(f"/appeals/appeal-1/attachments/{name}").data == casework.PICTURE
    refused = {"state": "refused", "reason": "没有理由。"}
    silent = authority.put("/appeals/appeal-1/acceptance", {"state": "refused"}, version=2)
    assert fields_named(refusal(silent, 422, "invalid")) == {"reason"}
    assert authority.put("/appeals/appeal-1/acceptance", refused, version=2).json["refused_reason"] == "没有理由。"
    assert filed(provider, "appeal-2")["state"] == "filed"
    assert len(provider.get("/projects/project-1/appeals").json["appeals"]) == 2


@pytest.mark.rule("G56")
def test_early_late_second_and_foreign_appeals_are_refused_with_the_days(client, provider, purchaser):
    path = "/rounds/round-1/appeals"
    for role in ("provider", "purchaser", "authority"):
        refusal(As(client, role, "other-org").post(path, FILE), 404, "not_found")
    refusal(As(client, "evaluator").post(path, FILE), 403, "forbidden")
    refusal(provider.post("/rounds/round-9/appeals", FILE), 404, "not_found")
    assert fields_named(refusal(provider.post(path, FILE | {"text": ""}), 422)) == {"text"}
    assert fields_named(refusal(provider.post(path, FILE | {"initiator": "purchaser"}), 422)) == {"initiator"}
    first = provider.post(path, FILE)
    assert (first.status_code, provider.post(path, FILE).status_code) == (201, 200)
    for other in (purchaser, As(client, "evaluator"), As(client, "authority")):
        refusal(other.get("/appeals/appeal-1"), 404, "not_found")
    assert provider.put("/appeals/appeal-1", {"text": "改过。"}, version=1).json["version"] == 2
    assert provider.put("/appeals/appeal-1/filing", {}, version=2).json["attachments"] == []
    second = refusal(provider.post(path, FILE | {"id": "appeal-2"}), 409, "appeal_exists")
    assert "already" in second["message"] or "已" in second["message"]
    today = day_of(datetime.now(UTC))
    casework.renotify("round-1", today - timedelta(days=20), today - timedelta(days=1))
    late = refusal(purchaser.post(path, FILE | {"id": "appeal-3"}), 409, "appeal_late")
    assert (today - timedelta(days=1)).isoformat() in late["message"]
    casework.set_state("round-1", "scoring")
    refusal(purchaser.post(path, FILE | {"id": "appeal-3"}), 409, "result_not_notified")
    casework.set_state("round-1", "published")
    refusal(purchaser.post(path, FILE | {"id": "appeal-3"}), 409, "result_final")


@pytest.mark.rule("G56")
def test_a_paper_is_entered_by_the_reviewing_body_for_the_party_it_names(client, provider, authority):
    today = day_of(datetime.now(UTC)).isoformat()
    paper = FILE | {"channel": "post", "filed_on": today, "received_on": today, "initiator": "provider"}
    path = "/rounds/round-1/appeals"
    refusal(provider.post(path, paper), 403, "forbidden")
    refusal(authority.post(path, FILE), 403, "forbidden")
    lacking = authority.post(path, {key: value for key, value in paper.items() if key != "initiator"})
    assert fields_named(refusal(lacking, 422)) == {"initiator"}
    assert authority.post(path, paper).json["initiator"] == "provider"
    refusal(provider.get("/appeals/appeal-1"), 404, "not_found")
    assert authority.put("/appeals/appeal-1/filing", {}, version=1).json["state"] == "filed"
    assert provider.get("/appeals/appeal-1").json["text"] == TEXT


@pytest.mark.rule("G53", "G57", "G58")
def test_a_review_that_finds_the_scheme_wrong_is_concluded_once_the_changed_one_is_served(
    provider, purchaser, authority
):
    """The only way to another scheme after evidence was read: upheld, proposed, approved, served, scored again."""
    changed = casework.SCHEME.replace('version: "1"', 'version: "2"').replace("weight: 60", "weight: 50")
    changed = changed.replace("weight: 40", "weight: 50")
    assert authority.post("/schemes", {"text": changed, "reason": "权重有误"}).status_code == 201
    filed(provider)
    assert authority.put("/appeals/appeal-1/acceptance", {"state": "accepted"}, version=2).status_code == 200
    members = [{"name": name, "category": "expert"} for name in NAMES]
    assert authority.put("/appeals/appeal-1/review", {"members": members}).status_code == 200
    path, wrong = "/appeals/appeal-1/decision", {"outcome": "upheld", "reasons": "权重有误。", "scheme_change": True}
    both = authority.put(path, wrong | {"edits": [edit()]}, version=3)
    assert fields_named(refusal(both, 422, "invalid")) == {"edits"}
    neither = authority.put(path, wrong | {"outcome": "dismissed"}, version=3)
    assert fields_named(refusal(neither, 422, "invalid")) == {"scheme_change"}
    decided = authority.put(path, wrong, version=3).json
    assert (decided["state"], decided["result_after"]) == ("decided", "")
    assert purchaser.get("/rounds/round-1").json["state"] == "appeal"
    assert [one["kind"] for one in authority.get("/due").json if one["subject"] == "appeal-1"] == ["appeal_conclusion"]
    refusal(authority.put("/appeals/appeal-1/conclusion", version=4), 409, "scheme_change_open")

    change = {"id": "change-1", "scheme": "small@2", "reason": "复核决定", "review": "appeal-1"}
    at = "/rounds/round-1/scheme-changes"
    assert purchaser.post(at, change).status_code == 201
    approved = {"approve": True, "reason": "同意"}
    assert authority.put(f"{at}/change-1/decision", approved, version=1).status_code == 200
    today = day_of(datetime.now(UTC)).isoformat()
    served = {"served_on": today, "channel": "handed_over", "received_by": "前台"}
    assert purchaser.put(f"{at}/change-1/service", served, version=2).status_code == 200
    done = authority.put("/appeals/appeal-1/conclusion", version=4).json
    assert (done["result"], done["result_after"]) == ("round-1#1", "round-1#2")
    assert purchaser.get("/rounds/round-1").json["state"] == "final"
    assert [one["scheme"] for one in provider.get("/rounds/round-1/results").json] == ["small@1", "small@2"]
    refusal(authority.put("/appeals/appeal-1/conclusion", version=5), 409, "state_conflict")
