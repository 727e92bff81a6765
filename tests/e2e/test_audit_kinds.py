"""Every kind of question on the auditor's phone: what is chosen and typed arrives as the server takes it."""

from datetime import UTC, datetime
from typing import Any

from audit_phone import PLACE, SAID, Hands, a_visit, network, photo
from browsers import chromium, eventually, overflow, phone, too_small
from every_kind import QUESTIONS, SECTIONS, said
from factories import EVALUATOR
from flask import Flask
from playwright.sync_api import expect

from service.domain.inspect.spot_checks import SpotCheck
from service.operations.inspect import spot_check_reviews
from service.store import records

LABELS = said("日期", "日期", "Day")
MORE: list[dict[str, Any]] = [
    {"id": "day", "kind": "date", "label": LABELS, "required": True, "max": "2026-12-31"},
    {
        "id": "why",
        "kind": "text",
        "label": said("去了${times}次，${used}", "a", "b"),
        "when": "times > 3 and used = 'yes'",
    },
]
TITLE = said("各种题", "各種題", "Every kind")
CHECKLIST: dict[str, Any] = {
    "id": "every-kind",
    "version": 1,
    "title": TITLE,
    "record_kind": "observation",
    "method": "observation",
    "rules": ["G44"],
    "attributes": {"used": {"question": "used", "holds": ["yes"], "feeds": ["G44"]}},
    "form": {"languages": list(TITLE), "purpose": TITLE, "source": TITLE, "questions": [*QUESTIONS, *MORE]},
}
LAST = {"id": "last", "questions": [question["id"] for question in MORE]}
CHECKLIST["form"]["sections"] = [*SECTIONS, LAST]


ANSWERS = {
    "used": "yes",
    "services": "meals visits",
    "times": "12",
    "aspects/staff": "4",
    "aspects/place": "_cannot_say",
    "stars": "5",
    "mood": "1",
    "advise": "0",
    "since": "_cannot_say",
    "matters": "kind near",
    "station": "东站",
    "wish": "第一行\n第二行",
    "day": "2026-05-01",
    "why": "因为",
}


def answer(hands: Hands) -> None:
    """All of ANSWERS, the day first wrong; what excludes the others is chosen before them and gives way."""
    for code in ("none", "meals", "visits"):
        hands.choose("services", code)
    expect(hands.question("services").locator('input[value="none"]')).not_to_be_checked()
    hands.question("times").locator("input[type=text]").fill("１２")
    hands.question("aspects").locator('[data-row="staff"] input[value="4"]').check()
    hands.question("aspects").locator('[data-row="place"] input[value="_cannot_say"]').check()
    for question in ("stars", "mood", "advise"):
        hands.choose(question, ANSWERS[question])
    hands.question("since").locator("input[type=checkbox]").check()
    hands.question("matters").locator("select").nth(0).select_option("kind")
    hands.question("matters").locator("select").nth(1).select_option("near")
    hands.question("station").locator("input").fill(" 东站 ")
    hands.question("wish").locator("textarea").fill("第一行\n第二行")
    hands.take("photo", photo(400, 300))
    expect(hands.question("why").locator("legend")).to_have_text("去了12 次次，用过")
    hands.question("why").locator("textarea").fill("因为")
    hands.question("day").locator("input").fill("2027-01-01")


def test_every_kind_of_question_arrives_as_it_was_answered_and_comes_back_so(app: Flask) -> None:
    a_visit(more=CHECKLIST)
    with network(app) as net, chromium() as browser, phone(browser, java_script_enabled=True, **PLACE) as page:
        hands = Hands(page)
        hands.begin(net.address)
        hands.start_visit()
        hands.press("new_record")
        hands.heading("各种题")
        assert too_small(page) == []
        assert overflow(page) <= 0
        hands.press("to_sign")  # what is missing is marked, and nothing goes on
        expect(hands.question("used").locator(".problem")).to_have_text(SAID["fault_required"])
        hands.choose("used", "yes")
        answer(hands)
        hands.press("to_sign")
        expect(hands.question("day").locator(".problem")).to_have_text(SAID["fault_above"].format(limit="2026-12-31"))
        hands.question("day").locator("input").fill("2026-05-01")
        hands.press("to_sign")
        hands.sign()
        hands.press("hand_in")
        hands.press("to_visits")
        eventually(lambda: [spot.state for spot in records.find(SpotCheck)] == ["received"])
        (spot,) = records.find(SpotCheck)
        spot_check_reviews.review(EVALUATOR, datetime.now(UTC), spot.id, "returned", "哪一天？", spot.version)
        hands.press("fetch_visits")
        page.locator("#visits a").first.click()
        hands.press("state_returned")
        hands.press("correct")
        expect(page.locator("#record-state")).to_contain_text("哪一天？")
        for question in ("mood", "since"):
            expect(hands.question(question).locator("input:checked")).to_have_count(1)
        expect(hands.question("times").locator("input[type=text]")).to_have_value("12")
    assert (spot.part, spot.draw, spot.checklist) == ("observation", "", "every-kind@1")
    assert spot.answers == ANSWERS
    assert {entry["question"] for entry in spot.media} == {"photo", ""}
