"""Publishing a result: three persons sign, nobody is named, few stay hidden, a withdrawal leaves its reason."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from accounts import As, fields_named, refusal
from demo_round import AUTHORITY
from factories import EVALUATOR, NOW
from flask.testing import FlaskClient
from outcomes import LOOKED_FOR, Person, final_round, finish, lead_people, publish, sign, under_variant

from service.domain.evaluate.corrections import Edit
from service.domain.evaluate.rounds import NOTIFIED, Round
from service.domain.procedure import public_results
from service.domain.procedure.bans import Ban
from service.operations.acts import journal_entries, load
from service.operations.evaluate import results
from service.operations.procedure import public_results as operations
from service.store import records

ASKED = {"id": "pub-1", "disclosure": "active", "legal_basis": "办法六（三）"}


@pytest.mark.rule("O05", "G58", "C27")
def test_a_final_result_is_drafted_signed_by_two_heads_and_published(client: FlaskClient) -> None:
    """Drafter, head of the office, head of the unit: three persons, in this order, each having looked for secrets."""
    final_round()
    people = lead_people(client)
    drafter, office, unit = people["drafter"], people["office"], people["unit"]
    assert drafter.post("/rounds/round-1/publications", ASKED).status_code == 201
    assert drafter.post("/rounds/round-1/publications", ASKED).status_code == 200
    refusal(drafter.post("/rounds/round-1/publications", ASKED | {"id": "pub-2"}), 409, "publication_exists")
    state = "/publications/pub-1/state"
    signed = {"state": "office_head", "looked_for": LOOKED_FOR}
    refusal(drafter.put(state, signed, 1), 409, "same_person")  # a head who drafted does not sign as well
    refusal(unit.put(state, signed, 1), 403, "not_signatory")
    refusal(drafter.put(state, {"state": "published"}, 1), 409, "state_conflict")
    lax = refusal(office.put(state, signed | {"looked_for": LOOKED_FOR[:2]}, 1), 422, "invalid")
    assert fields_named(lax) == {"looked_for"}
    refusal(client.get("/api/v1/public/results/pub-1"), 404, "not_found")
    assert sign(office, "pub-1", "office_head", 1)["state"] == "office_head"
    refusal(office.put(state, {"state": "approved", "looked_for": LOOKED_FOR}, 2), 409, "same_person")
    refusal(unit.put(state, {"state": "approved", "looked_for": LOOKED_FOR}, 1), 412, "stale")
    sign(unit, "pub-1", "approved", 2)
    refusal(client.get("/api/v1/public/results/pub-1"), 404, "not_found")
    done = drafter.put(state, {"state": "published"}, 3).get_json()
    assert [(one["step"], one["by"]) for one in done["approvals"]] == [("office_head", "office"), ("approved", "unit")]
    assert load(Round, "round-1", "round").state == "published"
    acts = [entry for entry in journal_entries(["project:project-1"]) if entry.subject == "pub-1"]
    names = ["publication.drafted", "publication.office_head", "publication.approved", "publication.published"]
    assert [entry.act for entry in acts] == names
    assert {(entry.details or {})["digest"] for entry in acts} == {done["digest"]}
    assert client.get("/api/v1/public/results/pub-1").status_code == 200


@pytest.mark.rule("O05")
def test_nobody_signs_before_the_administrator_has_named_the_heads(client: FlaskClient) -> None:
    final_round()
    drafter, office = Person(client, "drafter", "purchaser"), Person(client, "office", "purchaser")
    assert drafter.post("/rounds/round-1/publications", ASKED).status_code == 201
    signed = {"state": "office_head", "looked_for": LOOKED_FOR}
    refusal(office.put("/publications/pub-1/state", signed, 1), 409, "signatory_unknown")
    refusal(office.put("/organisations/purchaser-org/signatories", {"office_heads": [], "unit_heads": []}, 0), 403)
    strangers = {"office_heads": ["nobody"], "unit_heads": []}
    refusal(As(client, "admin").put("/organisations/purchaser-org/signatories", strangers, 0), 422, "invalid")


@pytest.mark.rule("O05")
def test_only_the_lead_publishes_and_others_may_look_on_or_not_at_all(client: FlaskClient) -> None:
    final_round()
    people = lead_people(client)
    refusal(As(client, "authority").post("/rounds/round-1/publications", ASKED), 403, "not_lead")
    refusal(As(client, "evaluator").post("/rounds/round-1/publications", ASKED), 403)
    assert people["drafter"].post("/rounds/round-1/publications", ASKED).status_code == 201
    assert As(client, "evaluator").get("/publications/pub-1/content").status_code == 200
    refusal(As(client, "provider").get("/publications/pub-1"), 403)
    refusal(As(client, "purchaser", "other-org").get("/publications/pub-1"), 404, "not_found")


@pytest.mark.rule("G58")
def test_only_final_results_are_published_and_unappealed_ones_need_the_schemes_basis(client: FlaskClient) -> None:
    _, result = final_round(reviewed=False)
    drafter = Person(client, "drafter", "purchaser")
    refusal(drafter.post("/rounds/round-1/publications", ASKED), 409, "publication_basis")
    refusal(drafter.post("/rounds/round-1/publications", ASKED | {"legal_basis": " "}), 422, "invalid")
    finish("round-1", NOTIFIED)
    refusal(drafter.post("/rounds/round-1/publications", ASKED), 409, "result_not_final")
    finish("round-1")
    under_variant(result)
    assert drafter.post("/rounds/round-1/publications", ASKED).status_code == 201


@pytest.mark.rule("C27", "O09")
def test_the_public_reads_no_names_and_no_numbers_of_persons(client: FlaskClient) -> None:
    final_round()
    people = lead_people(client)
    for note in ("由评分人甲负责评分。", "联系电话13812345678。"):
        body = refusal(people["drafter"].post("/rounds/round-1/publications", ASKED | {"note": note}), 422)
        assert (body["reason"], fields_named(body)) == ("publication_secrets", {"note"})
    publish(people)
    text = client.get("/api/v1/public/results/pub-1").text + client.get("/results/pub-1").text
    for name in ("评分人甲", "查阅了", "evaluator-1", "drafter", "office", "spot-", "缺少服务对象签名"):
        assert name not in text.replace("office_head", ""), name


@pytest.mark.rule("C27", "C26")
def test_what_is_published_follows_the_frozen_result_and_hides_few(client: FlaskClient) -> None:
    """One institution's opinion (G29, G30) is no sample: neither it nor what it could be computed from is shown."""
    _, result = final_round()
    people = lead_people(client)
    publish(people)
    shown = client.get("/api/v1/public/results/pub-1").get_json()
    assert shown["total"] == json.loads(result.tree)["shown"]
    assert (shown["grade"]["id"], shown["version"]) == (result.grade, 1)
    parts = {part["id"]: part for part in _parts(shown["standards"])}
    held = {id for id, part in parts.items() if part["withheld"]}
    assert {"g29", "g30"} <= held
    assert all(parts[id]["points"] is None for id in held)
    assert parts["g28-recipients"]["points"] is not None
    [survey] = shown["surveys"]
    assert survey.pop("label")["zh-Hans"]
    assert survey == {"node": "g28-recipients", "persons": 32, "satisfied": "0.593750000", "number": 1}
    why = people["drafter"].get("/publications/pub-1").get_json()["withheld"]
    assert why["g29"] == "too_few"
    assert set(why) == held


@pytest.mark.rule("C27")
def test_without_a_release_the_answers_points_are_hidden(client: FlaskClient) -> None:
    final_round(released=False)
    people = lead_people(client)
    publish(people)
    shown = client.get("/api/v1/public/results/pub-1").get_json()
    assert shown["surveys"] == []
    assert {part["id"] for part in _parts(shown["standards"]) if part["withheld"]} > {"g28-recipients"}


def _parts(nodes: list[dict]) -> list[dict]:  # type: ignore[type-arg]
    return [node for top in nodes for node in (top, *_parts(top["parts"]))]


@pytest.mark.rule("O05")
def test_three_classes_of_disclosure(client: FlaskClient) -> None:
    """Open by itself, on request (listed without figures), exempt (never published)."""
    final_round()
    people = lead_people(client)
    asked = ASKED | {"id": "secret", "disclosure": "exempt"}
    assert people["drafter"].post("/rounds/round-1/publications", asked).status_code == 201
    sign(people["office"], "secret", "office_head", 1)
    sign(people["unit"], "secret", "approved", 2)
    refusal(people["drafter"].put("/publications/secret/state", {"state": "published"}, 3), 409, "publication_exempt")
    returned = {"state": "returned", "reason": "改为依申请公开"}
    assert people["drafter"].put("/publications/secret/state", returned, 3).status_code == 200
    publish(people, id="asked", disclosure="on_request")
    refusal(client.get("/api/v1/public/results/asked"), 403, "publication_on_request")
    [entry] = client.get("/api/v1/public/results").get_json()
    assert (entry["id"], entry["disclosure"]) == ("asked", "on_request")
    assert "total" not in entry
    assert client.get("/results/asked").status_code == 403
    assert "依申请" in client.get("/results/?lang=zh-Hans").text


@pytest.mark.rule("C26", "G58")
def test_history_of_a_provider_and_a_withdrawal_that_leaves_its_reason(client: FlaskClient) -> None:
    final_round()
    people = lead_people(client)
    publish(people)
    address = "/api/v1/public/results/pub-1"
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert first.get_json()["digest"] in first.headers["ETag"]
    bare = {"state": "withdrawn"}
    refusal(people["drafter"].put("/publications/pub-1/state", bare, 4), 422, "invalid")
    reason = bare | {"reason": "数据来源有误"}
    assert people["drafter"].put("/publications/pub-1/state", reason, 4).status_code == 200
    gone = refusal(client.get(address), 410, "publication_withdrawn")
    assert "数据来源有误" in gone["message"]
    page = client.get("/results/pub-1?lang=zh-Hans")
    assert page.status_code == 410
    assert "数据来源有误" in page.text
    assert client.get("/api/v1/public/results").get_json() == []
    history = client.get("/api/v1/public/results/providers/provider-org").get_json()
    assert [(one["id"], one["reason"]) for one in history["results"]] == [("pub-1", "数据来源有误")]
    assert "total" not in history["results"][0]
    refusal(client.get("/api/v1/public/results/providers/nobody"), 404, "not_found")


@pytest.mark.rule("C20", "G58")
def test_a_corrected_result_is_published_anew_and_the_old_address_says_so(client: FlaskClient) -> None:
    made, _ = final_round()
    people = lead_people(client)
    asked = {"id": "early", "disclosure": "active", "legal_basis": "办法六（三）"}
    assert people["drafter"].post("/rounds/round-1/publications", asked).status_code == 201
    sign(people["office"], "early", "office_head", 1)
    sign(people["unit"], "early", "approved", 2)
    results.correct(EVALUATOR, NOW, made.round, [Edit("checks", "g35", "errors", 0, "The signature was there.")])
    refusal(people["drafter"].put("/publications/early/state", {"state": "published"}, 3), 409, "publication_outdated")
    publish(people, id="second")
    assert client.get("/api/v1/public/results/second").get_json()["corrected"] is True
    results.correct(EVALUATOR, NOW, made.round, [Edit("checks", "g35", "errors", 1, "It was not, after all.")])
    publish(people, id="third")
    assert "third" in refusal(client.get("/api/v1/public/results/second"), 410)["message"]
    assert [one["id"] for one in client.get("/api/v1/public/results").get_json()] == ["third"]


@pytest.mark.rule("G61")
def test_a_ban_leaves_the_public_page_at_its_end(client: FlaskClient) -> None:
    made, _ = final_round()
    publish(lead_people(client))
    day = NOW.date()
    ban = Ban(
        "ban-1", "provider-org", "round-1", made.round.project, "d", "穗民罚1号", "不合格", day, NOW, AUTHORITY.id
    )
    records.insert(Ban(**vars(ban) | {"to_on": day + timedelta(days=730)}))
    hidden = Ban(**vars(ban) | {"id": "ban-2", "round": "round-of-nothing-published"})
    records.insert(hidden)
    during = bans_shown(NOW + timedelta(days=730))
    assert [(one.document, one.to_on) for one in during] == [("穗民罚1号", day + timedelta(days=730))]
    assert bans_shown(NOW + timedelta(days=731)) == []


def bans_shown(at: datetime) -> list[Ban]:
    bans: list[Ban] = operations.history("provider-org", at)["bans"]
    return bans


def test_the_fingerprint_is_that_of_the_canonical_content(client: FlaskClient) -> None:
    final_round()
    publish(lead_people(client))
    shown = client.get("/api/v1/public/results/pub-1").get_json()
    told = {name: value for name, value in shown.items() if name not in ("digest", "published_at")}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert public_results.digest(text) == shown["digest"]


@pytest.mark.rule("C27")
def test_what_somebody_else_does_not_see_or_was_withheld_before_stays_hidden(client: FlaskClient) -> None:
    """Two readings of one result that hide different parts of a sum would together give back both."""
    _, result = final_round()
    people = lead_people(client)
    for number, more in ((2, ("g14",)), (3, ())):
        records.insert(replace(result, id=f"round-1#{number}", number=number, withheld=more))
        publish(people, id=f"pub-{number}")
        shown = client.get(f"/api/v1/public/results/pub-{number}").get_json()
        assert {part["id"]: part["withheld"] for part in _parts(shown["standards"])}["g14"], number
