"""What a questionnaire declares for counting: scales, pairs, weighting variables, awareness, the help question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.collect.question_parts import ID, ID_ALLOWED, Item, Question
from service.domain.errors import Fault
from service.domain.modes import HELP_CODES
from service.domain.shapes import Shape, shown

WEIGHT_LIMIT = 3  # weighting variables stand in every tally's key (design §5)
# Every answer is counted by the products of each two items of a scale: that must not keep the service busy.
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


# The declarations refer to items. While the questions themselves are faulty `items` is None and references are not
# judged: a fault that follows from another one would only mislead.
Items = Mapping[str, Item] | None


def _refers(shape: Shape, key: str, names: tuple[str, ...], items: Items) -> tuple[str, ...]:
    """The `names` that are items; the others are faults."""
    if items is None:
        return ()
    for name in names:
        if name not in items:
            shape.fault(key, "no_such_item", value=shown(name))
    return tuple(name for name in names if name in items)


def read_scales(shape: Shape, items: Items) -> dict[str, Scale]:
    """The declared scales by name."""
    data = shape.typed("scales", Mapping, "a mapping", needed=False) or {}
    scales = {}
    for name, plain in data.items():
        inner = Shape(plain, shape.at(f"scales.{shown(name)}"), shape.faults)
        if not isinstance(name, str) or not ID.fullmatch(name):
            inner.fault("", "bad_name", value=shown(name), allowed=ID_ALLOWED)
        scales[name] = _scale(inner, items)
    shape.few("scales", scales, SCALE_LIMIT)
    return scales


def _scale(shape: Shape, items: Items) -> Scale:
    scale = Scale(
        items=shape.words("items"),
        headline=shape.typed("headline", str, "text") or "",
        satisfied=shape.words("satisfied"),
        levels=shape.words("levels"),
    )
    shape.close()
    shape.few("items", scale.items, SCALE_ITEM_LIMIT)
    for name in _refers(shape, "items", scale.items, items):
        if items is not None and set(items[name].codes) != set(scale.levels):
            shape.fault("levels", "codes_differ", codes=", ".join(items[name].codes))
    if scale.headline and scale.headline not in scale.items:
        shape.fault("headline", "no_such_item", value=shown(scale.headline))
    best = scale.levels[len(scale.levels) - len(scale.satisfied) :]
    if set(scale.satisfied) != set(best) or len(scale.satisfied) >= len(scale.levels):
        shape.fault("satisfied", "not_top")
    return scale


def read_pairs(shape: Shape, items: Items) -> tuple[tuple[str, str], ...]:
    """The pairs of items whose combinations are counted."""
    pairs = []
    for path, pair in shape.each("pairs", needed=False):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(name, str) for name in pair):
            shape.faults.append(Fault(path, "wrong_type", {"expected": "a list of two items"}))
            continue
        _refers(shape, path, tuple(pair), items)
        pairs.append((pair[0], pair[1]))
    shape.few("pairs", pairs, PAIR_LIMIT)
    return tuple(pairs)


def read_weights(shape: Shape, items: Items) -> tuple[str, ...]:
    """The items that become part of every tally's key; rows of a matrix cannot."""
    weights = shape.words("weights", needed=False)
    if len(weights) > WEIGHT_LIMIT:
        shape.fault("weights", "too_many", limit=WEIGHT_LIMIT)
    for name in _refers(shape, "weights", weights, items):
        if "/" in name:  # a row of a matrix is no single-choice item
            shape.fault("weights", "no_such_item", value=shown(name))
    return weights


def read_awareness(shape: Shape, items: Items) -> Awareness | None:
    """The facts that a person knows or not, if declared."""
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


def read_help(shape: Shape, questions: tuple[Question, ...]) -> str | None:
    """The question that asks who helped; it must come last."""
    name: str | None = shape.typed("help", str, "text", needed=False)
    if name is None:
        return None
    last = questions[-1] if questions else None
    if last is None or last.id != name or last.kind != "single":
        shape.fault("help", "not_last")
    elif {option.code for option in last.options} != set(HELP_CODES):
        shape.fault("help", "codes_differ", codes=", ".join(HELP_CODES))
    return name


WHAT = ("choices", "words", "site")
WHOM = ("provider", "purchaser", "authority")


@dataclass(frozen=True)
class PassingOn:
    """Two questions of several choices: what of the own answers may be passed on, and to whom. Nothing without them."""

    what: str
    whom: str

    def ticked(self, answers: Mapping[str, str]) -> tuple[frozenset[str], frozenset[str]]:
        """(what, whom) of flat answers, of those words that we know."""
        what, whom = (set(answers.get(name, "").split()) for name in (self.what, self.whom))
        return frozenset(what & set(WHAT)), frozenset(whom & set(WHOM))


def read_passing_on(shape: Shape, questions: tuple[Question, ...]) -> PassingOn | None:
    """The questions by which a person allows that an own answer becomes a case, if declared."""
    data = shape.take("passing_on", needed=False)
    if data is None:
        return None
    inner = Shape(data, shape.at("passing_on"), shape.faults)
    declared = PassingOn(str(inner.typed("what", str, "text")), str(inner.typed("whom", str, "text")))
    inner.close()
    several = {question.id: question for question in questions if question.kind == "multiple"}
    for field, name, known in (("what", declared.what, WHAT), ("whom", declared.whom, WHOM)):
        asked = several.get(name)
        if asked is None:
            inner.fault(field, "no_such_item", value=shown(name))
        elif not {option.code for option in asked.options if not option.exclusive} <= set(known):
            inner.fault(field, "codes_among", codes=", ".join(known))
    return declared


def plain_declarations(
    scales: Mapping[str, Scale],
    pairs: tuple[tuple[str, str], ...],
    weights: tuple[str, ...],
    awareness: Awareness | None,
    help: str | None,
    passing_on: PassingOn | None = None,
) -> dict[str, Any]:
    """Their JSON shape: what is empty is left out."""
    plain: dict[str, Any] = {}
    if scales:
        plain["scales"] = {
            name: {
                "items": list(scale.items),
                "headline": scale.headline,
                "satisfied": list(scale.satisfied),
                "levels": list(scale.levels),
            }
            for name, scale in scales.items()
        }
    if pairs:
        plain["pairs"] = [list(pair) for pair in pairs]
    if weights:
        plain["weights"] = list(weights)
    if awareness:
        facts = awareness
        plain["awareness"] = {"items": list(facts.items), "known": list(facts.known), "at_least": facts.at_least}
    if help:
        plain["help"] = help
    if passing_on:
        plain["passing_on"] = {"what": passing_on.what, "whom": passing_on.whom}
    return plain
