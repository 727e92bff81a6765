"""Checklists: what an auditor looks at, as data; which answer means that an attribute holds, and what it feeds."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from service.domain.collect import questionnaires
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.questions import CANNOT_SAY, ID, ID_ALLOWED, Question
from service.domain.errors import Fault, Refused
from service.domain.inspect.circumstances import THRESHOLDS
from service.domain.inspect.spot_checks import ATTRIBUTES, FOUND
from service.domain.modes import Text
from service.domain.shapes import Shape, shown
from service.domain.yaml_texts import lines_of, load

# One of these is drawn, looked up and judged by the core attributes (practice of record checks; G35, G36, G45).
RECORD_KINDS = ("case", "group", "session", "activity", "roster", "plan")
EVIDENCE = "evidence"  # drawn from what lies at the site, looked up among the records: the other direction
DRAWN_KINDS = (*RECORD_KINDS, EVIDENCE)
# These are looked at once a visit: G42, G43, G44 and G34, O07.
VISIT_KINDS = ("document_review", "interview_worker", "interview_head", "observation", "supervisor")
METHODS = ("spot_check", "document_review", "interview", "observation")  # G41
RULE = re.compile(r"[A-Z][0-9]{2}")
RULE_ALLOWED = "a rule's letter and two digits, such as G35"
_CHOICES = ("single", "rating")
MOST_RULES, MOST_ATTRIBUTES, MOST_CODES = 20, 100, 40
MOST_LIMIT = 10_000_000


@dataclass(frozen=True)
class Attribute:
    """One thing that holds or not: by the answer to `question`, a choice of one option.

    `holds` are the options that mean that it holds, `not_applicable` those that leave it out; the others mean that it
    fails. `feeds` names the rules it is evidence for, `core` the core attribute that fails with it (drawn kinds only).
    """

    question: str
    holds: tuple[str, ...]
    feeds: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    core: str = ""

    def judge(self, answers: Mapping[str, str]) -> bool | None:
        """True, False, or None: not asked, not answered, cannot be said, or not applicable."""
        given = answers.get(self.question)
        if given is None or given == CANNOT_SAY or given in self.not_applicable:
            return None
        return given in self.holds


@dataclass(frozen=True)
class Checklist:
    """One version. `found` is the attribute that decides about "not found", `amount` the number that was verified.

    `limits` overrides thresholds of circumstances.
    """

    id: str
    version: int
    record_kind: str
    method: str
    rules: tuple[str, ...]
    questionnaire: Questionnaire
    attributes: Mapping[str, Attribute]
    found: str = ""
    amount: str | None = None
    limits: Mapping[str, int] = field(default_factory=dict)

    @property
    def title(self) -> Text:
        return self.questionnaire.title

    @property
    def version_id(self) -> str:
        return f"{self.id}@{self.version}"

    @property
    def drawn(self) -> bool:
        """Whether it is about drawn items; others are filled in once a visit and never enter an estimate."""
        return self.record_kind in DRAWN_KINDS

    @cached_property
    def photos(self) -> tuple[Question, ...]:
        """The questions that ask for photos; these travel as files."""
        return tuple(question for question in self.questionnaire.questions if question.kind == "photo")

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON of `to_plain`: what a published version is known by."""
        canonical = json.dumps(to_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class ChecklistVersion:
    """A published version as it is kept: `id` is `<checklist>@<number>`, `definition` the one JSON shape."""

    id: str
    checklist: str
    number: int
    digest: str
    record_kind: str
    definition: Mapping[str, Any]
    published_at: datetime
    published_by: str


def parse(data: Mapping[str, Any]) -> Checklist:
    """A checklist from its one JSON shape. Raises Refused("checklist_invalid"): every fault with its path."""
    faults: list[Fault] = []
    shape = Shape(data, "", faults)
    id = shape.name("id", questionnaires.QUESTIONNAIRE_ID, "a lower-case letter, then letters, digits or hyphens")
    version = shape.whole("version", None, 1, 1_000_000)
    kind, method = _one_of(shape, "record_kind", (*DRAWN_KINDS, *VISIT_KINDS)), _one_of(shape, "method", METHODS)
    rules = _rules(shape, "rules")
    questionnaire = _form(shape, id, version, faults)
    attributes = _attributes(shape, questionnaire, kind)
    found = shape.typed("found", str, "text", needed=kind in DRAWN_KINDS) or ""
    amount = shape.typed("amount", str, "text", needed=False)
    limits = _limits(shape)
    shape.close()
    if faults or questionnaire is None:
        raise Refused("checklist_invalid", faults)
    checklist = Checklist(id, version, kind, method, rules, questionnaire, attributes, found, amount, limits)
    if faults := list(_contradictions(checklist)):
        raise Refused("checklist_invalid", faults)
    return checklist


def _one_of(shape: Shape, key: str, options: tuple[str, ...]) -> str:
    value = shape.typed(key, str, "text") or ""
    if value and value not in options:
        shape.fault(key, "not_an_option", value=shown(value), options=", ".join(options))
    return value


def _rules(shape: Shape, key: str) -> tuple[str, ...]:
    rules = shape.words(key)
    for place, rule in enumerate(rules):
        if not RULE.fullmatch(rule):
            shape.fault(f"{key}.{place}", "bad_name", value=shown(rule), allowed=RULE_ALLOWED)
    shape.few(key, rules, MOST_RULES)
    return rules


def _form(shape: Shape, id: str, version: int, faults: list[Fault]) -> Questionnaire | None:
    """The questions: a questionnaire that has the checklist's id, version and title."""
    form, title = shape.take("form"), shape.take("title")
    if not isinstance(form, Mapping):
        if form is not None:
            shape.fault("form", "wrong_type", expected="a mapping")
        return None
    own = {"id": id, "version": version, "title": title, "population": "records"}
    for key, value in own.items():
        if key in form and form[key] != value:
            shape.fault(f"form.{key}", "differs_from_checklist")
    try:
        return questionnaires.parse({**form, **own})
    except Refused as refused:
        outside = ("title", "id", "version")
        for fault in refused.faults:
            place = fault.field if fault.field.partition(".")[0] in outside else f"form.{fault.field}"
            faults.append(Fault(place.rstrip("."), fault.reason, fault.params))
        return None


def _attributes(shape: Shape, questionnaire: Questionnaire | None, kind: str) -> dict[str, Attribute]:
    data = shape.typed("attributes", dict, "a mapping") or {}
    shape.few("attributes", data, MOST_ATTRIBUTES)
    found: dict[str, Attribute] = {}
    for name, plain in list(data.items())[:MOST_ATTRIBUTES]:
        inner = Shape(plain, shape.at(f"attributes.{shown(name)}"), shape.faults)
        if not isinstance(name, str) or not ID.fullmatch(name):
            inner.fault("", "bad_name", value=shown(name), allowed=ID_ALLOWED)
        found[str(name)] = _attribute(inner, questionnaire, kind)
        inner.close()
    return found


def _attribute(shape: Shape, questionnaire: Questionnaire | None, kind: str) -> Attribute:
    attribute = Attribute(
        question=shape.typed("question", str, "text") or "",
        holds=shape.words("holds"),
        feeds=_rules(shape, "feeds"),
        not_applicable=shape.words("not_applicable", needed=False),
        core=_one_of(shape, "core", ATTRIBUTES) if kind in DRAWN_KINDS else "",
    )
    if questionnaire and attribute.question:
        _judge_codes(shape, attribute, questionnaire.by_id.get(attribute.question))
    return attribute


def _judge_codes(shape: Shape, attribute: Attribute, question: Question | None) -> None:
    if question is None or question.kind not in _CHOICES:
        shape.fault("question", "no_such_choice", value=shown(attribute.question))
        return
    for key in ("holds", "not_applicable"):
        for place, code in enumerate(getattr(attribute, key)):
            if code not in question.codes:
                options = ", ".join(question.codes[:MOST_CODES])
                shape.fault(f"{key}.{place}", "not_an_option", value=shown(code), options=options)
            elif key == "not_applicable" and code in attribute.holds:
                shape.fault(f"{key}.{place}", "duplicate", value=shown(code))
    if not question.required:
        shape.fault("question", "must_be_required", value=shown(attribute.question))
    if set(question.codes) <= {*attribute.holds, *attribute.not_applicable}:
        shape.fault("holds", "cannot_fail")


def _limits(shape: Shape) -> dict[str, int]:
    data = shape.typed("limits", dict, "a mapping", needed=False) or {}
    inner = Shape(data, shape.at("limits"), shape.faults)
    limits = {name: inner.whole(name, None, 1, MOST_LIMIT) for name in THRESHOLDS if inner.has(name)}
    inner.close()
    return limits


def _contradictions(checklist: Checklist) -> Iterator[Fault]:
    """What is sound part by part and does not hold together."""
    if checklist.amount is not None:
        question = checklist.questionnaire.by_id.get(checklist.amount)
        if question is None or question.kind != "number":
            yield Fault("amount", "no_such_number_question", {"value": shown(checklist.amount)})
    if not checklist.drawn:
        if checklist.found:
            yield Fault("found", "unknown_field")
        return
    deciding = checklist.attributes.get(checklist.found)
    if deciding is None or deciding.core != FOUND:
        yield Fault("found", "not_deciding", {"value": shown(checklist.found), "core": FOUND})
        return
    for core in ATTRIBUTES:
        if core not in {attribute.core for attribute in checklist.attributes.values()}:
            yield Fault("attributes", "core_missing", {"core": core})
    yield from _asked_of_what_is_lost(checklist, deciding)


def _asked_of_what_is_lost(checklist: Checklist, deciding: Attribute) -> Iterator[Fault]:
    """Not found makes the rest void: nothing that is judged of a record may be asked where there is none."""
    question = checklist.questionnaire.by_id[deciding.question]
    judged = {attribute.question for attribute in checklist.attributes.values()} | {checklist.amount}
    judged.discard(deciding.question)
    for code in question.codes:
        if code in deciding.holds:
            continue
        asked = questionnaires.asked(checklist.questionnaire, {deciding.question: code})
        for place, other in enumerate(checklist.questionnaire.questions):
            if other.id in asked & judged:
                yield Fault(f"form.questions.{place}.when", "asked_though_lost", {"value": other.id, "code": code})


def to_plain(checklist: Checklist) -> dict[str, Any]:
    """The one JSON shape, for which parse(to_plain(c)) == c; what is empty is left out."""
    plain: dict[str, Any] = {
        "id": checklist.id,
        "version": checklist.version,
        "title": dict(checklist.title),
        "record_kind": checklist.record_kind,
        "method": checklist.method,
        "rules": list(checklist.rules),
        "attributes": {name: _plain_attribute(each) for name, each in checklist.attributes.items()},
    }
    plain |= {name: value for name in ("found", "amount") if (value := getattr(checklist, name))}
    plain |= {"limits": dict(checklist.limits)} if checklist.limits else {}
    return plain | {"form": questionnaires.to_plain(checklist.questionnaire)}


def _plain_attribute(attribute: Attribute) -> dict[str, Any]:
    plain: dict[str, Any] = {"question": attribute.question, "holds": list(attribute.holds)}
    plain |= {"not_applicable": list(attribute.not_applicable)} if attribute.not_applicable else {}
    plain |= {"core": attribute.core} if attribute.core else {}
    return plain | {"feeds": list(attribute.feeds)}


def parse_yaml(text: str, name: str = "") -> Checklist:
    """`parse` of a YAML text; faults name the file (if `name` is given), the line and the field."""
    try:
        return parse(load(text, "checklist_invalid"))
    except Refused as refused:
        lines = lines_of(text)
        faults = [Fault(_located(fault.field, lines, name), fault.reason, fault.params) for fault in refused.faults]
        raise Refused("checklist_invalid", faults) from None


def _located(path: str, lines: Mapping[str, int], name: str) -> str:
    """`case-record.yaml, line 12: attributes.signed.holds`: the nearest line that the path leads to."""
    known = path
    while known and known not in lines:
        known = known.rpartition(".")[0]
    place = f"line {lines[known]}" if known else ""
    head = ", ".join(part for part in (name, place) if part)
    return ": ".join(part for part in (head, path) if part)


def details_of(checklist: Checklist, answers: Mapping[str, str]) -> dict[str, bool | None]:
    """Each of the checklist's own attributes: holds (True), fails (False), or None for not judged."""
    return {name: attribute.judge(answers) for name, attribute in checklist.attributes.items()}


def attributes_of(checklist: Checklist, answers: Mapping[str, str]) -> dict[str, bool | None]:
    """What enters findings: of drawn items the core attributes, of other records the checklist's own.

    A core attribute fails if any of its own attributes does, holds if one holds and none fails, else it is None. What
    was not found is judged by that alone (G45). `answers` are flat (questionnaires.check_answers).
    """
    details = details_of(checklist, answers)
    if not checklist.drawn:
        return details
    if details[checklist.found] is not True:
        return dict.fromkeys(ATTRIBUTES) | {FOUND: details[checklist.found]}
    return {core: _joined(checklist, details, core) for core in ATTRIBUTES}


def _joined(checklist: Checklist, details: Mapping[str, bool | None], core: str) -> bool | None:
    parts = [details[name] for name, attribute in checklist.attributes.items() if attribute.core == core]
    if False in parts:
        return False
    return True if True in parts else None


def amount_of(checklist: Checklist, answers: Mapping[str, str]) -> Decimal | None:
    """The verified amount: 0 for what was not found, None where nothing was counted."""
    if checklist.amount is None:
        return None
    if checklist.drawn and checklist.attributes[checklist.found].judge(answers) is False:
        return Decimal(0)
    given = answers.get(checklist.amount, CANNOT_SAY)
    return None if given == CANNOT_SAY else Decimal(given)
