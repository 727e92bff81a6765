"""Questionnaires: immutable versions of questions, what they declare for counting, and the check of answers."""

import hashlib
import json
import re
from collections.abc import Mapping, Sized
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from service.domain.collect.questions import (
    CANNOT_SAY,
    ID,
    ID_ALLOWED,
    SKIPPED,
    Answers,
    Item,
    Question,
    check,
    plain_question,
    read_question,
)
from service.domain.errors import Fault, Refused
from service.domain.modes import HELP_CODES, Text
from service.domain.shapes import LANGUAGE, Shape, shown

QUESTIONNAIRE_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
WEIGHT_LIMIT = 3  # weighting variables stand in every tally's key (design §5)
YAML_LIMIT = 1_000_000  # characters
# Every answer is counted item by item, and by the products of each two items of a scale: what nobody would fill in must
# not keep the service busy either.
LANGUAGE_LIMIT = 20
ITEM_LIMIT = 500
SCALE_LIMIT = 20
SCALE_ITEM_LIMIT = 60
PAIR_LIMIT = 60


@dataclass(frozen=True)
class Scale:
    """Items answered on the same levels. `levels` are option codes from the worst to the best.

    `headline` is the item whose share of `satisfied` codes is reported; `satisfied` are the best levels.
    """

    items: tuple[str, ...]
    headline: str
    satisfied: tuple[str, ...]
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Awareness:
    """Facts about the service that a person knows or not; aware is who knows at least `at_least` (practice: 3 of 5)."""

    items: tuple[str, ...]
    known: tuple[str, ...]
    at_least: int


@dataclass(frozen=True)
class Questionnaire:
    """One version of a questionnaire. `weights` are single-choice items that become part of every tally's key."""

    id: str
    version: int
    title: Text
    languages: tuple[str, ...]
    population: str
    purpose: Text
    source: Text
    questions: tuple[Question, ...]
    scales: dict[str, Scale] = field(default_factory=dict)
    pairs: tuple[tuple[str, str], ...] = ()
    weights: tuple[str, ...] = ()
    awareness: Awareness | None = None
    help: str | None = None

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every item answered by one option code, by its id, in order."""
        return {item.id: item for question in self.questions for item in question.items}

    @cached_property
    def by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON of `to_plain`: what a published version is known by."""
        canonical = json.dumps(to_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class QuestionnaireVersion:
    """A published version as it is kept: `id` is `<questionnaire>@<number>`, `definition` the one JSON shape."""

    id: str
    questionnaire: str
    number: int
    digest: str
    definition: Mapping[str, Any]


def parse(data: Mapping[str, Any]) -> Questionnaire:
    """A questionnaire from its one JSON shape. Raises Refused("questionnaire_invalid"): every fault with its path."""
    faults: list[Fault] = []
    shape = Shape(data, "", faults)
    languages = _languages(shape)
    questions = _questions(shape, languages)
    items = {item.id: item for question in questions for item in question.items} if not faults else None
    questionnaire = Questionnaire(
        id=shape.name("id", QUESTIONNAIRE_ID, "a lower-case letter, then lower-case letters, digits or hyphens"),
        version=shape.whole("version", None, 1, 1_000_000),
        title=shape.text("title", languages),
        languages=languages,
        population=shape.name("population", ID, ID_ALLOWED),
        purpose=shape.text("purpose", languages),
        source=shape.text("source", languages),
        questions=questions,
        scales=_scales(shape, items),
        pairs=_pairs(shape, items),
        weights=_weights(shape, items),
        awareness=_awareness(shape, items),
        help=_help(shape, questions),
    )
    shape.close()
    if faults:
        raise Refused("questionnaire_invalid", faults)
    return questionnaire


def _languages(shape: Shape) -> tuple[str, ...]:
    languages = shape.words("languages")
    for place, language in enumerate(languages):
        if not LANGUAGE.fullmatch(language):
            shape.fault(f"languages.{place}", "bad_name", value=shown(language), allowed="BCP 47, such as zh-Hans")
    _few(shape, "languages", languages, LANGUAGE_LIMIT)
    return languages[:LANGUAGE_LIMIT]  # of each label one text a language is read


def _few(shape: Shape, key: str, found: Sized, limit: int) -> None:
    if len(found) > limit:
        shape.fault(key, "too_many", limit=limit)


def _questions(shape: Shape, languages: tuple[str, ...]) -> tuple[Question, ...]:
    taken: set[str] = set()
    questions = tuple(
        read_question(Shape(data, path, shape.faults), languages, taken) for path, data in shape.each("questions")
    )
    _few(shape, "questions", [part for question in questions for part in question.rows or (question,)], ITEM_LIMIT)
    return questions


# The declarations refer to items. While the questions themselves are faulty `items` is None and references are not
# judged: a fault that follows from another one would only mislead.
_Items = Mapping[str, Item] | None


def _refers(shape: Shape, key: str, names: tuple[str, ...], items: _Items) -> tuple[str, ...]:
    """The `names` that are items; the others are faults."""
    if items is None:
        return ()
    for name in names:
        if name not in items:
            shape.fault(key, "no_such_item", value=shown(name))
    return tuple(name for name in names if name in items)


def _scales(shape: Shape, items: _Items) -> dict[str, Scale]:
    data = shape.typed("scales", Mapping, "a mapping", needed=False) or {}
    scales = {}
    for name, plain in data.items():
        inner = Shape(plain, shape.at(f"scales.{shown(name)}"), shape.faults)
        if not isinstance(name, str) or not ID.fullmatch(name):
            inner.fault("", "bad_name", value=shown(name), allowed=ID_ALLOWED)
        scales[name] = _scale(inner, items)
    _few(shape, "scales", scales, SCALE_LIMIT)
    return scales


def _scale(shape: Shape, items: _Items) -> Scale:
    scale = Scale(
        items=shape.words("items"),
        headline=shape.typed("headline", str, "text") or "",
        satisfied=shape.words("satisfied"),
        levels=shape.words("levels"),
    )
    shape.close()
    _few(shape, "items", scale.items, SCALE_ITEM_LIMIT)
    for name in _refers(shape, "items", scale.items, items):
        if items is not None and set(items[name].codes) != set(scale.levels):
            shape.fault("levels", "codes_differ", codes=", ".join(items[name].codes))
    if scale.headline and scale.headline not in scale.items:
        shape.fault("headline", "no_such_item", value=shown(scale.headline))
    best = scale.levels[len(scale.levels) - len(scale.satisfied) :]
    if set(scale.satisfied) != set(best) or len(scale.satisfied) >= len(scale.levels):
        shape.fault("satisfied", "not_top")
    return scale


def _pairs(shape: Shape, items: _Items) -> tuple[tuple[str, str], ...]:
    pairs = []
    for path, pair in shape.each("pairs", needed=False):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(name, str) for name in pair):
            shape.faults.append(Fault(path, "wrong_type", {"expected": "a list of two items"}))
            continue
        _refers(shape, path, tuple(pair), items)
        pairs.append((pair[0], pair[1]))
    _few(shape, "pairs", pairs, PAIR_LIMIT)
    return tuple(pairs)


def _weights(shape: Shape, items: _Items) -> tuple[str, ...]:
    weights = shape.words("weights", needed=False)
    if len(weights) > WEIGHT_LIMIT:
        shape.fault("weights", "too_many", limit=WEIGHT_LIMIT)
    for name in _refers(shape, "weights", weights, items):
        if "/" in name:  # a row of a matrix is no single-choice item
            shape.fault("weights", "no_such_item", value=shown(name))
    return weights


def _awareness(shape: Shape, items: _Items) -> Awareness | None:
    data = shape.take("awareness", needed=False)
    if data is None:
        return None
    inner = Shape(data, shape.at("awareness"), shape.faults)
    awareness = Awareness(inner.words("items"), inner.words("known"), inner.whole("at_least", 3, 1, 100))
    inner.close()
    for name in _refers(inner, "items", awareness.items, items):
        if items is not None and not set(awareness.known) <= set(items[name].codes):
            inner.fault("known", "codes_differ", codes=", ".join(items[name].codes))
    if awareness.at_least > len(awareness.items):
        inner.fault("at_least", "out_of_range", lower=1, upper=len(awareness.items))
    return awareness


def _help(shape: Shape, questions: tuple[Question, ...]) -> str | None:
    name: str | None = shape.typed("help", str, "text", needed=False)
    if name is None:
        return None
    last = questions[-1] if questions else None
    if last is None or last.id != name or last.kind != "single":
        shape.fault("help", "not_last")
    elif {option.code for option in last.options} != set(HELP_CODES):
        shape.fault("help", "codes_differ", codes=", ".join(HELP_CODES))
    return name


def to_plain(questionnaire: Questionnaire) -> dict[str, Any]:
    """The one JSON shape, for which parse(to_plain(q)) == q: what is empty or default is left out."""
    plain: dict[str, Any] = {
        "id": questionnaire.id,
        "version": questionnaire.version,
        "title": dict(questionnaire.title),
        "languages": list(questionnaire.languages),
        "population": questionnaire.population,
        "purpose": dict(questionnaire.purpose),
        "source": dict(questionnaire.source),
        "questions": [plain_question(question) for question in questionnaire.questions],
    }
    if questionnaire.scales:
        plain["scales"] = {
            name: {
                "items": list(scale.items),
                "headline": scale.headline,
                "satisfied": list(scale.satisfied),
                "levels": list(scale.levels),
            }
            for name, scale in questionnaire.scales.items()
        }
    if questionnaire.pairs:
        plain["pairs"] = [list(pair) for pair in questionnaire.pairs]
    if questionnaire.weights:
        plain["weights"] = list(questionnaire.weights)
    if questionnaire.awareness:
        facts = questionnaire.awareness
        plain["awareness"] = {"items": list(facts.items), "known": list(facts.known), "at_least": facts.at_least}
    if questionnaire.help:
        plain["help"] = questionnaire.help
    return plain


def _loader() -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """Safe, without aliases (they can blow up a small file), a key twice is an error."""

        yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
            if first not in "yYnNoO"  # only true and false are booleans
        }

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark
                raise yaml.MarkedYAMLError(problem="aliases are not used here", problem_mark=mark)
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key, _ in node.value:
                if str(key.value) in seen:
                    raise yaml.MarkedYAMLError(problem=f"{shown(key.value)} twice", problem_mark=key.start_mark)
                seen.add(str(key.value))
            return super().construct_mapping(node, deep)

    return Loader


def parse_yaml(text: str) -> Questionnaire:
    """`parse` of a YAML text. Codes that look like numbers stand in quotes; `no` and `yes` are words, as in YAML 1.2.

    Refused("questionnaire_invalid") also for a key that stands twice, an alias, and a text over 1,000,000 characters.
    """
    import yaml

    if len(text) > YAML_LIMIT:
        raise Refused("questionnaire_invalid", [Fault("", "too_long", {"limit": YAML_LIMIT})])
    try:
        data = yaml.load(text, Loader=_loader())  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or type(error).__name__
        raise Refused("questionnaire_invalid", [Fault(place, "yaml", {"text": problem})]) from None
    return parse(data)


def check_answers(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Answers:
    """The normalised flat answers {item or text question: code or text}; what was skipped is absent.

    `answers` has the JSON shape {"q1": "5", "m1": {"r1": "4"}, "t1": "text"}; None and "" mean skipped. Texts are put
    in NFC with LF line ends and stripped. Raises Refused("answers_invalid") with every fault, each under `answers.…`.
    """
    if not isinstance(answers, Mapping):
        raise Refused("answers_invalid", [Fault("answers", "wrong_type", {"expected": "a mapping"})])
    faults = [
        Fault(f"answers.{shown(name)}", "unknown_question") for name in answers if name not in questionnaire.by_id
    ]
    accepted: Answers = {}
    for question in questionnaire.questions:
        accepted |= check(question, answers.get(question.id), f"answers.{question.id}", faults)
    if not accepted and not faults:
        faults.append(Fault("answers", "nothing_answered"))
    if faults:
        raise Refused("answers_invalid", faults)
    return accepted


def assistance(questionnaire: Questionnaire, answers: Mapping[str, str]) -> str:
    """Who helped the person to answer (a code of modes.ASSISTANCE); "unknown" if not asked or not said."""
    return HELP_CODES.get(answers.get(questionnaire.help or "", ""), "unknown")


def weighting(questionnaire: Questionnaire, answers: Mapping[str, str]) -> tuple[str, str, str]:
    """The values of the weighting variables, SKIPPED where one was not answered, "" where none is declared."""
    values = [answers.get(name, SKIPPED) for name in questionnaire.weights]
    first, second, third = [*values, "", "", ""][:WEIGHT_LIMIT]
    return first, second, third


def in_language(text: Text, language: str) -> str:
    """`text` in `language`, else in the first language that it has."""
    return text.get(language) or next(iter(text.values()), "")


__all__ = [
    "CANNOT_SAY",
    "SKIPPED",
    "Answers",
    "Awareness",
    "Questionnaire",
    "Scale",
    "assistance",
    "check_answers",
    "in_language",
    "parse",
    "parse_yaml",
    "to_plain",
    "weighting",
]
