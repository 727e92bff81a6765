"""The desk's pages of a round with ratios, measured values, events and conditions, or with a sum of points."""

import pytest
from accounts import As
from demo_round import make_people, sign_in
from factories import make_project
from mixed_scheme import MIXED
from scheme_files import FILES

MIXED_ENTRIES = (
    ("ratios", {"node": "answered", "numerator": "18", "denominator": "20", "source": "登记册"}),
    ("measures", {"node": "hall", "value": "4500", "unit": "平方米", "source": "现场测量"}),
    ("events", {"node": "praise", "type": "complaint", "on": "2026-03-01", "source": "投诉登记"}),
    ("gate-findings", {"node": "registered", "passed": False, "reason": "登记证书已过期", "source": "登记证书"}),
)


def opened(client, text: str, id: str, entries) -> None:
    make_project()
    make_people()
    assert As(client, "authority").post("/schemes", {"text": text}).status_code == 201
    evaluator = As(client, "evaluator")
    wanted = {"id": "round-1", "project": "project-1", "kind": "pre", "name": "评估", "scheme": id}
    assert evaluator.post("/rounds", wanted).status_code == 201
    for path, entry in entries:
        assert evaluator.post(f"/rounds/round-1/{path}", entry).status_code == 201


@pytest.mark.rule("C10", "O01")
def test_each_new_type_says_how_its_points_came_about(app, client) -> None:
    opened(client, MIXED, "mixed@1", MIXED_ENTRIES)
    desk = sign_in(app)
    whole = desk.get("/desk/rounds/round-1").text
    assert "条件不符合，整体不予通过：登记证书已过期" in whole
    assert "尚未查明该条件是否符合。" in whole
    for node, text in (
        ("answered", "min(100 × 18 / 20, 100) = 90"),
        ("hall", "4500位于3000起的一档 = 70"),
        ("praise", "60 - 15 = 45"),
        ("registered", "资格条件"),
        ("eligible", "资格条件"),
    ):
        assert text in desk.get(f"/desk/rounds/round-1/nodes/{node}").text, node


@pytest.mark.rule("I03")
def test_a_sum_of_points_is_shown_without_a_hundred_and_without_a_grade(app, client) -> None:
    text = (FILES / "guangzhou-information.yaml").read_text(encoding="utf-8")
    event = {"node": "adopted", "type": "special_report", "on": "2026-03-01", "source": "信息专报"}
    entries = [("events", event | {"modifiers": ["province_instruction", "state_council_adopted"]})]
    opened(client, text, "guangzhou-information@1", entries)
    desk = sign_in(app)
    whole = desk.get("/desk/rounds/round-1").text
    assert 'id="total">28.00</data> <small>得分</small>' in whole
    assert "100%" not in whole
    assert "(8 + max(15, 20)) = 28" in desk.get("/desk/rounds/round-1/nodes/adopted").text
