"""A questionnaire with one question of each basic kind, in its JSON shape, for tests that change it."""

from typing import Any

LEVELS = ["5", "4", "3", "2", "1"]


def text(words: str) -> dict[str, str]:
    return {"zh-Hans": words, "en": words}


def options(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "label": text(code)} for code in codes]


def small_matrix(rows: list[str]) -> list[dict[str, Any]]:
    return [{"id": row, "label": text(row)} for row in rows]


def sample(**changes: Any) -> dict[str, Any]:
    """The sample with some of its fields replaced."""
    return {
        "id": "sample",
        "version": 1,
        "languages": ["zh-Hans", "en"],
        "population": "recipient",
        "title": text("title"),
        "purpose": text("purpose"),
        "source": text("source"),
        "questions": [
            {"id": "q1", "kind": "single", "label": text("q1"), "required": True, "options": options(*LEVELS)},
            {
                "id": "m1",
                "kind": "matrix",
                "label": text("m1"),
                "cannot_say": True,
                "options": options(*LEVELS),
                "rows": small_matrix(["r1", "r2"]),
            },
            {"id": "t1", "kind": "text", "label": text("t1"), "hint": text("hint"), "max_length": 20},
            {"id": "age", "kind": "single", "label": text("age"), "options": options("young", "old")},
            {
                "id": "helped",
                "kind": "single",
                "label": text("helped"),
                "options": options("no", "family", "volunteer", "service_staff", "other"),
            },
        ],
        "scales": {
            "satisfaction": {
                "items": ["q1", "m1/r1", "m1/r2"],
                "headline": "q1",
                "satisfied": ["5", "4"],
                "levels": ["1", "2", "3", "4", "5"],
            }
        },
        "pairs": [["q1", "m1/r1"]],
        "weights": ["age"],
        "awareness": {"items": ["m1/r1", "m1/r2"], "known": ["5"], "at_least": 2},
        "help": "helped",
    } | changes
