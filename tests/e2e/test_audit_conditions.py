"""Conditions on the auditor's phone say the same as on the server: own reader, own decimals, the same answers."""

import json
import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from browsers import chromium, phone, serving
from every_kind import QUESTIONS, said
from flask import Flask
from playwright.sync_api import Browser

from service.domain.collect import questionnaires
from service.domain.collect.expression_tree import Reference, Type, references
from service.domain.collect.expressions import parse_expression
from service.domain.collect.question_kinds import as_decimal
from service.domain.collect.question_parts import CANNOT_SAY, canonical
from service.domain.collect.questionnaires import Questionnaire
from service.domain.errors import Refused

CASES, SEED = 1500, 20261124
TODAY = date(2026, 11, 24)
EVALUATE = """async ([folder, questions, cases]) => {
  const {Reader, references, dayOf} = await import(folder + "/expressions.js")
  const names = new Map(questions.flatMap(references))
  return cases.map(([text, own, answers, value]) => {
    const all = own ? new Map([...names, [".", names.get(own)]]) : names
    try {
      const given = {answers, own: value, today: own ? dayOf("2026-11-24") : null}
      return Boolean(new Reader(text, all).whole().value(given))
    } catch (error) {
      return String(error)
    }
  })
}"""
JUDGE = """async ([folder, form, people]) => {
  const {prepare, judge} = await import(folder + "/forms.js")
  const ready = prepare(form)
  return people.map(answers => [...judge(ready, answers).asked].sort())
}"""
NUMBERS = """async ([folder, texts]) => {
  const {canonical} = await import(folder + "/decimals.js")
  return texts.map(canonical)
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def form() -> Questionnaire:
    title = said("表", "表", "Form")
    plain = {"id": "every-kind", "version": 1, "title": title, "languages": list(title), "population": "recipients"}
    more: list[dict[str, Any]] = [
        {"id": "day", "kind": "date", "label": title},
        {"id": "until", "kind": "date", "label": title},
        {"id": "hours", "kind": "number", "label": title, "decimals": 2, "cannot_say": True},
    ]
    return questionnaires.parse({**plain, "purpose": title, "source": title, "questions": [*QUESTIONS, *more]})


class Invented:
    """Random conditions over a form, and random flat answers; the same ones each time."""

    def __init__(self, form: Questionnaire) -> None:
        self.random = random.Random(SEED)
        self.names = {name: ref for question in form.questions for name, ref in references(question)}

    def a(self, *types: Type) -> str:
        return self.random.choice([name for name, ref in self.names.items() if ref.type in types])

    def number(self) -> str:
        pick = self.random.randrange(6)
        if pick < 2:
            return self.random.choice(["0", "1", "2", "0.1", "0.30", "12", "-3", "7"])
        if pick == 2:
            return self.random.choice([f"count({self.a(Type.MULTIPLE)})", f"length({self.a(Type.TEXT)})"])
        if pick == 3:
            sign = self.random.choice(["+", "-", "*"])
            return f"({self.number()} {sign} {self.number()})"
        numeric = [name for name, ref in self.names.items() if ref.type is Type.NUMBER or ref.numeric]
        return self.random.choice(numeric)

    def day(self) -> str:
        pick = self.random.randrange(4)
        if pick == 0:
            return self.random.choice(["'2026-02-28'", "'2024-03-01'"])
        if pick == 1:
            return f"{self.a(Type.DATE)} {self.random.choice('+-')} {self.number()}"
        return self.a(Type.DATE)

    def condition(self, depth: int = 0) -> str:
        pick = self.random.randrange(10 if depth < 3 else 7)
        sign = self.random.choice(["=", "!=", "<", "<=", ">", ">="])
        if pick == 0:
            return f"answered({self.random.choice(list(self.names))})"
        if pick == 1:
            name = self.a(Type.MULTIPLE, Type.CHOICE)
            return f"selected({name}, '{self.random.choice(self.names[name].codes)}')"
        if pick == 2:
            name = self.a(Type.CHOICE)
            sides = [name, f"'{self.random.choice(self.names[name].codes)}'"]
            self.random.shuffle(sides)
            return f"{sides[0]} {self.random.choice(['=', '!='])} {sides[1]}"
        if pick == 3:
            written = self.random.choice(['"𠮷"', "'words'", self.a(Type.TEXT)])
            return f"{self.a(Type.TEXT)} {self.random.choice(['=', '!='])} {written}"
        if pick == 4:
            return f"{self.day()} {sign} {self.day()}"
        if pick < 7:
            return f"{self.number()} {sign} {self.number()}"
        if pick == 7:
            return f"not ({self.condition(depth + 1)})"
        return f"({self.condition(depth + 1)}) {self.random.choice(['and', 'or'])} {self.condition(depth + 1)}"

    def flat(self, ref: Reference) -> str:
        if ref.type is Type.CHOICE:
            return self.random.choice(ref.codes)
        if ref.type is Type.MULTIPLE:
            return " ".join(self.random.sample(ref.codes, self.random.randint(1, len(ref.codes))))
        if ref.type is Type.NUMBER:
            return self.random.choice(["0", "1", "2", "0.3", "12", CANNOT_SAY])
        if ref.type is Type.DATE:
            return self.random.choice(["2026-02-28", "2024-02-29", "9999-12-31", "0001-01-01"])
        return self.random.choice(["𠮷", "words", "a"])

    def answers(self) -> dict[str, str]:
        known = [name for name, ref in self.names.items() if ref.type is not Type.MATRIX]
        return {name: self.flat(self.names[name]) for name in known if self.random.random() < 0.7}


def cases(form: Questionnaire) -> Iterator[tuple[list[Any], bool]]:
    """What the phone is asked, and what the server says; what is no valid condition is passed over."""
    invented = Invented(form)
    count = 0
    while count < CASES:
        own = "hours" if count % 7 == 0 else "day" if count % 11 == 0 else ""
        text = {"hours": ". * 2 > ", "day": ". + 1 <= today and . > "}.get(own, "")
        text += {"hours": invented.number, "day": invented.day}.get(own, invented.condition)()
        names = invented.names | ({".": invented.names[own]} if own else {})
        try:
            expression = parse_expression(text, names)
        except Refused:
            continue
        answers, value = invented.answers(), invented.flat(invented.names[own]) if own else None
        count += 1
        yield [text, own, answers, value], expression.true_for(answers, value, TODAY if own else None)


def shell(address: str, page: Any) -> str:
    page.goto(f"{address}/audit/")
    return str(page.locator("script").get_attribute("src")).rsplit("/", 1)[0]


def test_the_phone_judges_conditions_asks_questions_and_reads_numbers_as_the_server_does(
    app: Flask, browser: Browser, form: Questionnaire
) -> None:
    plain = json.loads(json.dumps(questionnaires.to_plain(form)))
    asked, wanted = zip(*cases(form), strict=True)
    assert 0.2 < sum(wanted) / len(wanted) < 0.8
    invented = Invented(form)
    singles = [question.id for question in form.questions if question.kind == "single"]
    people = [{name: answer for name, answer in invented.answers().items() if name in singles} for _ in range(200)]
    texts = [
        "１２",
        "0012.50",
        "-0",
        "+3.10",
        "1e3",
        " 7 ",
        "",
        "1234567890123456",
        "−5",
        "0.000",
        "1.",
        ".5",
        "12.3456",
    ]
    with serving(app) as address, phone(browser, java_script_enabled=True) as page:
        folder = shell(address, page)
        found = page.evaluate(EVALUATE, [folder, plain["questions"], list(asked)])
        wrong = [
            (case, ours, theirs) for case, ours, theirs in zip(asked, wanted, found, strict=True) if ours != theirs
        ]
        assert wrong == []
        judged = page.evaluate(JUDGE, [folder, plain, people])
        assert judged == [sorted(questionnaires.asked(form, each)) for each in people]
        numbers = page.evaluate(NUMBERS, [folder, texts])
    assert numbers == [None if (read := as_decimal(text)) is None else canonical(read) for text in texts]
