"""Paper: what is typed for each kind of question, what is still empty, what is no answer."""

import pytest

from service.domain.collect.paper import fields, read
from service.domain.collect.questionnaires import Questionnaire, check_answers, parse

TEXTS = {"en": "x"}


def options(*codes: str) -> list[dict]:
    return [{"code": code, "label": TEXTS} for code in codes]


@pytest.fixture
def survey() -> Questionnaire:
    return parse(
        {
            "id": "all-kinds",
            "version": 1,
            "title": TEXTS,
            "languages": ["en"],
            "population": "recipients",
            "purpose": TEXTS,
            "source": TEXTS,
            "questions": [
                {"id": "hello", "kind": "note", "label": TEXTS},
                {"id": "one", "kind": "single", "label": TEXTS, "options": options("a", "b"), "cannot_say": True},
                {"id": "some", "kind": "multiple", "label": TEXTS, "options": options("a", "b", "c")},
                {
                    "id": "grid",
                    "kind": "matrix",
                    "label": TEXTS,
                    "options": options("good", "bad"),
                    "rows": [{"id": "r1", "label": TEXTS}, {"id": "r2", "label": TEXTS}],
                },
                {"id": "ten", "kind": "zero_to_ten", "label": TEXTS, "low": TEXTS, "high": TEXTS},
                {"id": "years", "kind": "number", "label": TEXTS, "decimals": 1},
                {"id": "since", "kind": "date", "label": TEXTS},
                {"id": "best", "kind": "rank", "label": TEXTS, "options": options("a", "b", "c")},
                {"id": "words", "kind": "text", "label": TEXTS},
                {"id": "face", "kind": "photo", "label": TEXTS},
            ],
        }
    )


WHOLE = {
    "one": "2",
    "some": "3 1",
    "grid/r1": "1",
    "grid/r2": "-",
    "ten": "0",
    "years": "2.5",
    "since": "2026-05-01",
    "best": "2,3",
    "words": "=1+1",
}


def test_every_kind_that_paper_can_hold_is_typed(survey):
    assert [field.name for field in fields(survey)] == list(WHOLE)
    answers, faults, empty = read(survey, WHOLE | {"_code": "X"})
    assert (faults, empty) == ([], [])
    assert check_answers(survey, answers) == {
        "one": "b",
        "some": "a c",
        "grid/r1": "good",
        "ten": "0",
        "years": "2.5",
        "since": "2026-05-01",
        "best": "b c",
        "words": "=1+1",
    }


def test_nothing_is_passed_over_unseen(survey):
    answers, faults, empty = read(survey, {"one": "*", "ten": " ", "words": "-"})
    assert (answers, faults) == ({"one": "_cannot_say"}, [])
    assert empty == [name for name in WHOLE if name not in ("one", "words")]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("one", "3", "no_such_number"),
        ("one", "0", "no_such_number"),
        ("one", "a", "no_such_number"),
        ("one", "２", "no_such_number"),
        ("some", "1 4", "no_such_number"),
        ("best", "x", "no_such_number"),
        ("grid/r2", "9", "no_such_number"),
        ("some", "*", "cannot_say_not_offered"),
    ],
)
def test_what_is_no_number_of_an_option_is_named(survey, name, text, reason):
    _, faults, _ = read(survey, WHOLE | {name: text})
    assert [(fault.field, fault.reason) for fault in faults] == [(name, reason)]
    assert faults[0].message
