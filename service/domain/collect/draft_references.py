"""Where a draft names a question or a row elsewhere: to follow a new name, and to say what a removal leaves behind.

Everything takes whatever a draft may say: what has not the right shape names nothing and stays as it is.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from service.domain.collect.logic import PIPE

Plain = dict[str, Any]
Rename = Callable[[str], str]

# Words of a condition (see expressions): what stands in quotes is no name, what a bracket follows is a function.
_NAMES = re.compile(r"""'[^']*'|"[^"]*"|[a-z][a-z0-9_]*(?:/[a-z][a-z0-9_]*)?(?![a-z0-9_])(?!\s*\()""")
TEXTS = ("label", "hint", "unit", "low", "high", "title")


@dataclass(frozen=True)
class Use:
    """`what`: condition, constraint, text (of the question or section `where`), scale, pair, weights, awareness, help
    or passing_on (of the scale `where`, or nothing).
    """

    what: str
    where: str = ""


def rename_of(old: str, new: str) -> Rename:
    """What makes `new` of `old`, and `new/row` of `old/row`."""

    def rename(name: str) -> str:
        if name == old:
            return new
        return f"{new}{name[len(old) :]}" if name.startswith(f"{old}/") else name

    return rename


def in_condition(text: Any, rename: Rename) -> Any:
    """A condition with its names renamed."""
    if not isinstance(text, str):
        return text
    return _NAMES.sub(lambda found: found[0] if found[0][0] in "'\"" else rename(found[0]), text)


def in_text(text: Any, rename: Rename) -> Any:
    """A text, or a text in several languages, with the names in `${…}` renamed."""
    if isinstance(text, Mapping):
        return {language: in_text(line, rename) for language, line in text.items()}
    return PIPE.sub(lambda found: f"${{{rename(found[1])}}}", text) if isinstance(text, str) else text


def in_names(names: Any, rename: Rename) -> Any:
    """A list of names renamed, or one name."""
    if isinstance(names, list):
        return [in_names(name, rename) for name in names]
    return rename(names) if isinstance(names, str) else names


def in_question(question: Any, rename: Rename) -> Any:
    """A question whose conditions and texts follow."""
    if not isinstance(question, Mapping):
        return question
    made = {key: in_text(value, rename) if key in TEXTS else value for key, value in question.items()}
    if "when" in made:
        made["when"] = in_condition(made["when"], rename)
    if isinstance(constraint := made.get("constraint"), Mapping) and "expr" in constraint:
        made["constraint"] = {**constraint, "expr": in_condition(constraint["expr"], rename)}
    for parts in ("options", "rows"):
        if isinstance(made.get(parts), list):
            made[parts] = [
                {**part, "label": in_text(part["label"], rename)}
                if isinstance(part, Mapping) and "label" in part
                else part
                for part in made[parts]
            ]
    return made


def in_section(section: Any, rename: Rename) -> Any:
    """A section whose list, condition and title follow."""
    if not isinstance(section, Mapping):
        return section
    made = dict(section)
    for key, follow in (("questions", in_names), ("when", in_condition), ("title", in_text)):
        if key in made:
            made[key] = follow(made[key], rename)
    return made


def in_declarations(data: Plain, rename: Rename) -> Plain:
    """What is declared for counting follows."""
    made = dict(data)
    for key in ("pairs", "weights", "help"):
        if key in made:
            made[key] = in_names(made[key], rename)
    for key, names in (("awareness", ("items",)), ("passing_on", ("what", "whom"))):
        if isinstance(part := made.get(key), Mapping):
            made[key] = {**part, **{name: in_names(part[name], rename) for name in names if name in part}}
    if isinstance(scales := made.get("scales"), Mapping):
        made["scales"] = {name: _in_scale(scale, rename) for name, scale in scales.items()}
    return made


def _in_scale(scale: Any, rename: Rename) -> Any:
    if not isinstance(scale, Mapping):
        return scale
    return {**scale, **{key: in_names(scale[key], rename) for key in ("items", "headline") if key in scale}}


def renamed(data: Plain, rename: Rename) -> Plain:
    """The draft in which everything that names a question `q` or a row `q/r` says the new name."""
    made = in_declarations(data, rename)
    for key, follow in (("questions", in_question), ("sections", in_section)):
        if isinstance(made.get(key), list):
            made[key] = [follow(part, rename) for part in made[key]]
    return made


def forgotten(data: Plain, name: str) -> Plain:
    """The draft whose declarations name `name`, and its rows, no more. Conditions and texts keep it: they say so."""

    made, others = dict(data), partial(_others, name)
    if "weights" in made:
        made["weights"] = others(made["weights"])
    if isinstance(made.get("pairs"), list):
        made["pairs"] = [pair for pair in made["pairs"] if not isinstance(pair, list) or others(pair) == pair]
    if isinstance(facts := made.get("awareness"), Mapping) and "items" in facts:
        made["awareness"] = {**facts, "items": others(facts["items"])}
    if isinstance(scales := made.get("scales"), Mapping):
        made["scales"] = {key: _scale_without(scale, name, others) for key, scale in scales.items()}
    for key in ("help", "passing_on"):
        if key in made and _names(in_declarations, {key: made[key]}, name):
            del made[key]
    return _without_empty(made, data)


def _others(name: str, names: Any) -> Any:
    return [each for each in names if not _is(each, name)] if isinstance(names, list) else names


def _is(each: Any, name: str) -> bool:
    return isinstance(each, str) and (each == name or each.startswith(f"{name}/"))


def _scale_without(scale: Any, name: str, others: Callable[[Any], Any]) -> Any:
    if not isinstance(scale, Mapping):
        return scale
    made = {**scale, **({"items": others(scale["items"])} if "items" in scale else {})}
    if _is(made.get("headline"), name):
        made["headline"] = made["items"][0] if made.get("items") else ""
    return made


def _without_empty(made: Plain, before: Plain) -> Plain:
    """Declarations of nothing are left out, unless they were there before."""
    for key in ("weights", "pairs"):
        if made.get(key) == [] and before.get(key):
            del made[key]
    if isinstance(facts := made.get("awareness"), Mapping) and facts.get("items") == []:
        del made["awareness"]
    if isinstance(scales := made.get("scales"), Mapping):
        kept = {key: scale for key, scale in scales.items() if not isinstance(scale, Mapping) or scale.get("items")}
        made["scales"] = kept
        if not kept:
            del made["scales"]
    return made


def uses(data: Plain, name: str) -> list[Use]:
    """Everything elsewhere that names the question `name` or its rows, each once, in the order of the draft."""
    return list(dict.fromkeys([*_uses_in_parts(data, name), *_uses_in_declarations(data, name)]))


def _names(follow: Callable[[Any, Rename], Any], value: Any, name: str) -> bool:
    """Whether something names it: a new name would change it."""
    return bool(follow(value, rename_of(name, f"{name}_")) != value)


def _uses_in_parts(data: Plain, name: str) -> Iterator[Use]:
    for key in ("questions", "sections"):
        for part in data.get(key) or () if isinstance(data.get(key), list) else ():
            if not isinstance(part, Mapping) or part.get("id") == name:
                continue
            here = str(part.get("id", ""))
            constraint = part.get("constraint")
            if _names(in_condition, part.get("when"), name):
                yield Use("condition", here)
            if isinstance(constraint, Mapping) and _names(in_condition, constraint.get("expr"), name):
                yield Use("constraint", here)
            bare = {field: value for field, value in part.items() if field not in ("when", "constraint", "questions")}
            if _names(in_question, bare, name):
                yield Use("text", here)


def _uses_in_declarations(data: Plain, name: str) -> Iterator[Use]:
    scales = data.get("scales")
    for key, scale in scales.items() if isinstance(scales, Mapping) else ():
        if _names(_in_scale, scale, name):
            yield Use("scale", str(key))
    for key in ("pairs", "weights", "awareness", "help", "passing_on"):
        if key in data and _names(in_declarations, {key: data[key]}, name):
            yield Use(key)
