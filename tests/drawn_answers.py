"""Tallies of answers to one scale, as a campaign with drawn persons would leave them, for tests of estimates."""

from service.domain.collect.questionnaires import Questionnaire, parse
from service.domain.collect.reaches import Reach
from service.domain.collect.tallies import Cell

LEVELS = ("1", "2", "3", "4", "5")


def questionnaire(rows: int = 1, levels: tuple[str, ...] = LEVELS) -> Questionnaire:
    label = {"label": {"en": "x"}}
    options = [{"code": code, **label} for code in levels]
    questions = [
        {"id": f"q{row}", "kind": "single", "cannot_say": True, "options": options, **label} for row in range(rows)
    ]
    questions.append({"id": "net", "kind": "zero_to_ten", "low": {"en": "x"}, "high": {"en": "y"}, **label})
    questions.append(
        {"id": "age", "kind": "single", "options": [{"code": c, **label} for c in ("old", "young")], **label}
    )
    scale = {"items": [f"q{row}" for row in range(rows)], "headline": "q0", "satisfied": list(levels[-2:])}
    texts = dict.fromkeys(("title", "purpose", "source"), {"en": "x"})
    head = {"id": "s", "version": 1, "languages": ["en"], "population": "recipients", "weights": ["age"]}
    return parse(
        {**head, **texts, "questions": questions, "scales": {"satisfaction": {**scale, "levels": list(levels)}}}
    )


ONE = questionnaire()


def cell(
    site: str = "A", session: str = "", way: str = "drawn_persons", age: str = "", assistance: str = "none"
) -> Cell:
    return Cell(site, session, way, "own_phone", assistance, "en", age, "", "")


def counts(item: str = "q0", **given: int) -> dict[str, int]:
    """Persons by code, written l5=46 for the level 5."""
    named = {f"c|{item}|{code.removeprefix('l')}": number for code, number in given.items() if number}
    return {"n": sum(given.values()), **named}


def drawn(issued: int, population: int, site: str = "A") -> Reach:
    return Reach("drawn_persons", issued, population, f"frame-{site}", frozenset({(site, "")}), issued, population)
