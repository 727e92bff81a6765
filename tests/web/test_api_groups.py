"""Evaluation groups over the API: who is appointed by whom, and which parts do not go together."""

import pytest
from accounts import As, fields_named, refusal
from demo_round import make_round

ROUND = "/rounds/round-1"


def member(name: str, category: str = "expert", *roles: str, **more: object) -> dict:
    return {"name": name, "category": category, "roles": list(roles or ("scorer",))} | more


@pytest.fixture
def lead(client) -> As:
    make_round()
    return As(client, "purchaser")


@pytest.mark.rule("G05")
def test_the_lead_appoints_members_of_seven_categories_and_nobody_else_does(client, lead):
    wanted = member("专家一", id="m1")
    assert lead.post(f"{ROUND}/group", wanted).status_code == 201
    assert lead.post(f"{ROUND}/group", wanted).status_code == 200
    refusal(lead.post(f"{ROUND}/group", member("专家二", id="m1")), 409, "id_taken")
    refusal(lead.post(f"{ROUND}/group", member(" 专家一")), 422, "invalid")
    refusal(As(client, "authority").post(f"{ROUND}/group", wanted), 403, "not_lead")
    refusal(As(client, "evaluator").post(f"{ROUND}/group", wanted), 403, "forbidden")
    unknown = refusal(lead.post(f"{ROUND}/group", member("某人", "neighbour")), 422)
    assert fields_named(unknown) == {"category"}
    assert [one["id"] for one in As(client, "provider").get(f"{ROUND}/group").json["members"]] == ["m1"]


@pytest.mark.rule("G05")
def test_the_provider_neither_scores_nor_leads_whatever_category_is_named(client, lead):
    provider = As(client, "provider").get("/me").json["id"]
    for role in ("scorer", "lead"):
        refused = refusal(lead.post(f"{ROUND}/group", member("代表", "provider", role)), 409, "group_conflict")
        assert fields_named(refused) == {"roles"}
    hidden = refusal(lead.post(f"{ROUND}/group", member("代表", "expert", user=provider)), 422, "invalid")
    assert fields_named(hidden) == {"category"}
    assert lead.post(f"{ROUND}/group", member("代表", "provider", "observer", user=provider)).status_code == 201
