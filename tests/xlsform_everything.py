"""A questionnaire with every kind of question and every field that one may have, in three languages."""

from typing import Any

LANGUAGES = ("zh-Hans", "ar", "en")


def say(text: str) -> dict[str, str]:
    return {"zh-Hans": f"“{text}”？", "ar": f"\u200f{text}؟", "en": f"{text}?"}


def options(*codes: str, **flags: str) -> list[dict[str, Any]]:
    """Options with these codes; `exclusive="none"` flags the one of that code."""
    return [
        {"code": code, "label": say(code), **{flag: True for flag, which in flags.items() if which == code}}
        for code in codes
    ]


EVERY_KIND: dict[str, Any] = {
    "id": "every-kind",
    "version": 7,
    "title": say("Everything"),
    "languages": list(LANGUAGES),
    "population": "residents",
    "purpose": say("To see that nothing is lost"),
    "source": say("Written for tests"),
    "purpose_kind": "consultation",
    "questions": [
        {"id": "welcome", "kind": "note", "label": say("Welcome"), "hint": say("Take your time")},
        {
            "id": "used",
            "kind": "single",
            "label": say("Have you used it"),
            "required": True,
            "cannot_say": True,
            "options": options("yes", "no", "-99"),
        },
        {
            "id": "meta",
            "kind": "single",
            "label": say("Which"),
            "random_order": True,
            "options": options("a", "b", "other", fixed="other"),
            "when": "used = 'yes'",
        },
        {
            "id": "ways",
            "kind": "multiple",
            "label": say("How, after ${used}"),
            "random_order": True,
            "min": 1,
            "max": 2,
            "options": options("bus", "foot", "none", exclusive="none"),
            "when": "used != 'no'",
            "constraint": {"expr": "not selected(., 'bus') or selected(., 'foot')", "message": say("Bus alone")},
        },
        {
            "id": "aspects",
            "kind": "matrix",
            "label": say("How satisfied"),
            "hint": say("For each"),
            "required": True,
            "cannot_say": True,
            "random_order": True,
            "options": options("1", "2", "3"),
            "rows": [
                {"id": "meta", "label": say("Place")},
                {"id": "aspects", "label": say("Time"), "fixed": True},
                {"id": "staff", "label": say("Staff")},
            ],
            "when": "answered(meta) and count(ways) >= 1",
        },
        {
            "id": "facts",
            "kind": "matrix",
            "label": say("Do you know"),
            "options": options("1", "2", "3"),
            "rows": [{"id": "staff", "label": say("The staff")}],
        },
        {
            "id": "faces",
            "kind": "rating",
            "label": say("All in all"),
            "shape": "smileys",
            "options": options("bad", "fair", "good"),
            "when": "aspects/staff = '3' or aspects/meta != '1'",
        },
        {
            "id": "score",
            "kind": "zero_to_ten",
            "label": say("Would you recommend"),
            "low": say("No"),
            "high": say("Yes"),
        },
        {
            "id": "worth",
            "kind": "zero_to_ten",
            "label": say("Is it worth it"),
            "cannot_say": True,
            "low": say("Not"),
            "high": say("Very"),
        },
        {
            "id": "visits",
            "kind": "number",
            "label": say("How many visits"),
            "hint": say("This year"),
            "unit": say("visits"),
            "min": 0,
            "max": 365,
            "edges": [1, 5, 20],
        },
        {
            "id": "cost",
            "kind": "number",
            "label": say("What did it cost after ${visits}"),
            "cannot_say": True,
            "min": -5,
            "decimals": 2,
            "when": "visits > 0 and not (visits = 3) and visits + 1 < 100",
            "constraint": {"expr": ". <= visits * 10", "message": say("Too much")},
        },
        {"id": "born", "kind": "date", "label": say("Since when"), "min": "2000-02-29", "max": "2030-12-31"},
        {
            "id": "short",
            "kind": "text",
            "label": say("In a word"),
            "short": True,
            "max_length": 40,
            "when": "born < '2026-01-01'",
        },
        {
            "id": "wish",
            "kind": "text",
            "label": say("Your wish, ${short}"),
            "constraint": {"expr": "length(.) > 3", "message": say("More, please")},
        },
        {
            "id": "best",
            "kind": "rank",
            "label": say("In order"),
            "most": 2,
            "options": options("x", "y", "z", fixed="z"),
        },
        {"id": "view", "kind": "photo", "label": say("A picture"), "max_bytes": 2_000_000},
        {
            "id": "helped",
            "kind": "single",
            "label": say("Did anyone help"),
            "options": options("no", "family", "volunteer", "service_staff", "other"),
        },
    ],
    "sections": [
        {"id": "opening", "questions": ["welcome", "used", "meta"], "title": say("Opening")},
        {
            "id": "used",
            "questions": ["ways", "aspects", "facts", "faces"],
            "title": say("Use"),
            "when": "used = 'yes'",
            "random_order": True,
        },
        {"id": "numbers", "questions": ["score", "worth", "visits", "cost", "born"], "random_order": True},
        {"id": "rest", "questions": ["short", "wish", "best", "view", "helped"], "title": say("The rest of ${used}")},
    ],
    "scales": {
        "satisfaction": {
            "items": ["aspects/staff", "aspects/meta"],
            "headline": "aspects/staff",
            "satisfied": ["3"],
            "levels": ["1", "2", "3"],
        }
    },
    "pairs": [["used", "meta"]],
    "weights": ["used"],
    "awareness": {"items": ["facts/staff"], "known": ["1"], "at_least": 1},
    "help": "helped",
}
