"""What the forms of the editor say, as the JSON shape of a draft. Nothing is judged here: a draft may hold anything.

What was typed stands in the draft as it was typed, and is a fault there if it does not fit: nothing is lost, and there
is one truth about what fits (domain questionnaires).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from service.domain.collect.draft_conditions import joined
from service.domain.collect.draft_edits import free_name
from service.domain.collect.question_kinds import KINDS, as_decimal
from service.domain.collect.questions import canonical

Sent = MultiDict[str, str]
TEXTS = ("hint", "label", "low", "high", "unit")
FLAGS = ("required", "cannot_say", "random_order", "short")
WHOLE_NUMBERS = ("max_length", "decimals", "most", "max_bytes")
KNOWN = frozenset(
    {
        "id",
        "kind",
        "when",
        "constraint",
        "options",
        "rows",
        "min",
        "max",
        "edges",
        "shape",
        *TEXTS,
        *FLAGS,
        *WHOLE_NUMBERS,
    }
)
# Those that every kind has.
COMMON = frozenset({"id", "kind", "when", "label", "hint"})
WAS = "_was"  # what an option or a row was called before, for its new name to be followed
_BETWEEN = re.compile(r"[\s,，、;；]+")


def line(form: Sent, name: str) -> str:
    """A field of one text, with LF line ends and without white space around it."""
    return form.get(name, "").replace("\r\n", "\n").replace("\r", "\n").strip()


def text(form: Sent, name: str, languages: Sequence[str]) -> dict[str, str]:
    """A text in the languages in which something was written."""
    return {each: said for each in languages if (said := line(form, f"{name}.{each}"))}


def number(typed: str) -> int | str:
    """A number as a draft has it: whole ones as numbers, others as written; what is none stays what was typed."""
    value = as_decimal(typed)
    if value is None:
        return typed
    return int(value) if value == int(value) else canonical(Decimal(value))


def question(form: Sent, old: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """The question that the form describes. What of `old` no form knows stays, unless its removal was ticked."""
    kind = form.get("kind", "")
    extras = KINDS[kind].extras if kind in KINDS else frozenset()
    made: dict[str, Any] = {"id": line(form, "id"), "kind": kind}
    made |= {name: True for name in FLAGS if name in extras and form.get(name)}
    made |= condition(form)
    for name in TEXTS:
        needed = name == "label" or (name in ("low", "high") and name in extras)
        if name in COMMON | extras and ((said := text(form, name, languages)) or needed):
            made[name] = said
    for name, key in (("options", "code"), ("rows", "id")):
        if name in extras:
            made[name] = list(parts(form, name, key, languages))
    made |= _numbers(form, kind, extras)
    if "constraint" in extras and (expr := line(form, "constraint.expr")):
        made["constraint"] = {"expr": expr, "message": text(form, "constraint.message", languages)}
    dropped = set(form.getlist("drop"))
    return made | {name: value for name, value in old.items() if name not in KNOWN and str(name) not in dropped}


def _numbers(form: Sent, kind: str, extras: frozenset[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in ("min", "max"):
        if name in extras and (typed := line(form, name)):
            made[name] = typed if kind == "date" else number(typed)
    made |= {name: number(typed) for name in WHOLE_NUMBERS if name in extras and (typed := line(form, name))}
    if "edges" in extras and (typed := line(form, "edges")):
        made["edges"] = [number(each) for each in _BETWEEN.split(typed) if each]
    if "shape" in extras and form.get("shape", "stars") != "stars":
        made["shape"] = form["shape"]
    return made


def condition(form: Sent) -> dict[str, str]:
    """{"when": …} of the three ways in which a condition is given; nothing for "always"."""
    way = form.get("when_way", "")
    if way == "chosen":
        when = joined(form.getlist("when_part"), form.get("when_word", "and"))
    else:
        when = line(form, "when") if way == "written" else ""
    return {"when": when} if when else {}


def parts(form: Sent, name: str, key: str, languages: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Options or rows in the order in which they stand in the form; those in which nothing was written are left out.

    A part without a name of its own gets the first number that is free.
    """
    written = _written(form, name, languages)
    places = list(written)
    names = {place: line(form, f"{name}.{place}.{key}") for place in places}
    for place in places:
        if not names[place]:
            names[place] = free_name(list(names.values()), "r" if key == "id" else "")
        flags = {flag: True for flag in ("exclusive", "fixed") if form.get(f"{name}.{place}.{flag}")}
        yield {key: names[place], "label": written[place], **flags}


def _written(form: Sent, name: str, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """The labels of the options or rows by their place in the form, without the empty ones."""
    labels = {place: text(form, f"{name}.{place}.label", languages) for place in dict.fromkeys(form.getlist(name))}
    return {place: label for place, label in labels.items() if label}


def was(form: Sent, languages: Sequence[str]) -> dict[str, list[str]]:
    """What each option and row of `question` was called when its page was opened; nothing for a new one."""
    return {
        name: [form.get(f"{name}.{place}.{WAS}", "") for place in _written(form, name, languages)]
        for name in ("options", "rows")
    }


def all_parts(form: Sent, name: str, key: str, languages: Sequence[str]) -> list[dict[str, Any]]:
    """The same with the empty ones, for showing the form again."""
    found = []
    for place in dict.fromkeys(form.getlist(name)):
        flags = {flag: True for flag in ("exclusive", "fixed") if form.get(f"{name}.{place}.{flag}")}
        label = text(form, f"{name}.{place}.label", languages)
        called = {WAS: form.get(f"{name}.{place}.{WAS}", "")}
        found.append({key: line(form, f"{name}.{place}.{key}"), "label": label, **flags, **called})
    return found


def rearranged(found: list[dict[str, Any]], what: str, place: int) -> list[dict[str, Any]]:
    """The parts after a button: "more" adds an empty one, "up", "down" and "drop" concern the one at `place`."""
    if what == "more":
        return [*found, {WAS: ""}]
    if not 0 <= place < len(found):
        return found
    if what == "drop":
        return found[:place] + found[place + 1 :]
    there = place + (1 if what == "down" else -1)
    if 0 <= there < len(found):
        found[place], found[there] = found[there], found[place]
    return found
