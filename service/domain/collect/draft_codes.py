"""Where a draft names the answers of a question by their codes: to follow new ones, or to say why they cannot be."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from service.domain.collect.draft_references import Plain
from service.domain.collect.expressions import Token, tokens
from service.domain.errors import Refused

LONGEST_SHOWN = 120
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_EQUAL = ("=", "!=")
_COMPARED = (*_EQUAL, "<", "<=", ">", ">=", "+", "-", "*")


class Calculated(Exception):
    """A condition that does more with an answer than ask which one was chosen: no new code fits in its place."""


class Unfinished(Calculated):
    """A condition in which something is missing beside the answer: nobody knows yet what it will be held against."""


@dataclass(frozen=True)
class Recoding:
    """New codes of the answers of `items` (a question, or the rows of one): `codes` by the old ones.

    `gone` are codes that were taken out while another answer takes their name; `numeric`: all new codes are numbers.
    """

    items: frozenset[str]
    codes: Mapping[str, str]
    gone: frozenset[str] = frozenset()
    numeric: bool = False


def recoding(items: Sequence[str], old: Sequence[str], new: Sequence[str], was: Sequence[str]) -> Recoding:
    """What `new` codes, which were called `was` ("" for an answer that is new), mean for who names the `old` ones.

    A code that stands twice, or that no condition could name, is not followed: what names the old one is a fault then.
    """
    pairs = [(before, after) for before, after in zip(was, new, strict=True) if old.count(before) == 1]
    kept = {before for before, _ in pairs}
    codes = {a: b for a, b in pairs if a != b and new.count(b) == 1 and was.count(a) == 1 and not set(b) & set("'\"\n")}
    gone = frozenset(code for code in codes.values() if code in old and code not in kept)
    return Recoding(frozenset(items), codes, gone, all(_NUMBER.fullmatch(code) for code in new))


def in_condition(text: Any, recoding: Recoding) -> Any:
    """A condition with the new codes; one that cannot be read stays. Raises Calculated with the condition."""
    if not isinstance(text, str):
        return text
    try:
        read = [_NONE, _NONE, _NONE, *tokens(text), _NONE, _NONE, _NONE]
    except Refused:
        return text
    named = [at for at, token in enumerate(read) if token.text in recoding.items and token.kind in ("name", "sign")]
    made = text
    try:
        found = {place for at in named for place in _literals(read, at)}
        for place in sorted(found, reverse=True):
            token, start = read[place], read[place].column - 1
            made = f"{made[:start]}{_recoded(token, recoding)}{made[start + len(token.text) :]}"
    except Calculated as told:
        raise type(told)(text) from None
    return made


_NONE = Token("end", "", 0)


def _literals(read: Sequence[Token], at: int) -> Iterator[int]:
    """Where the codes stand that the name at `at` is held against."""
    before, behind = read[at - 1], read[at + 1]
    if behind.text == "(" and behind.kind == "sign":
        return  # a function that is called like a question
    if before.text == "(" and read[at - 2].text in ("selected", "answered", "count", "length"):
        if read[at - 2].text == "selected":
            yield at + 2
    elif behind.text in _EQUAL and _alone(read, at, at + 2):
        yield at + 2
    elif before.text in _EQUAL and _alone(read, at - 2, at):
        yield at - 2
    elif _unfinished(read, at):
        raise Unfinished
    else:
        raise Calculated


def _unfinished(read: Sequence[Token], at: int) -> bool:
    """Whether the name stands alone, or what it is held against is not written yet."""
    left, right = at - 1, at + 1
    while (read[left].text, read[right].text) == ("(", ")"):
        left, right = left - 1, right + 1
    if read[right].text in _COMPARED:
        return read[right + 1].kind in ("end", "word") or read[right + 1].text == ")"
    if read[left].text in _COMPARED:
        return read[left - 1].kind in ("end", "word") or read[left - 1].text == "("
    return True


def _alone(read: Sequence[Token], first: int, last: int) -> bool:
    """Whether a name and a literal are the whole of both sides."""
    sides = {read[first].kind, read[last].kind}
    return bool(sides & {"string", "number"}) and not {read[first - 1].text, read[last + 1].text} & {"+", "-", "*"}


def _recoded(token: Token, recoding: Recoding) -> str:
    if token.kind == "string":
        mark, code = token.text[0], token.text[1:-1]
        return f"{mark}{_new(code, recoding)}{mark}"
    if token.kind != "number":
        return token.text
    numbers = {str(Decimal(code)): code for code in recoding.codes if _NUMBER.fullmatch(code)}
    code = _new(numbers.get(str(Decimal(token.text)), token.text), recoding)
    return code if recoding.numeric and not code.startswith("-") else f"'{code}'"


def _new(code: str, recoding: Recoding) -> str:
    if code in recoding.gone and code not in recoding.codes:
        raise Calculated
    return recoding.codes.get(code, code)


@dataclass(frozen=True)
class Hindered:
    """A condition that cannot follow: the question or section that has it, its text, whether it is unfinished."""

    name: str
    text: str
    unfinished: bool

    def __str__(self) -> str:
        return f"{self.name} ({self.text})"


def recoded(data: Plain, recoding: Recoding, own: int | None = None) -> tuple[Plain, list[Hindered]]:
    """The draft that names the new codes; and the conditions that cannot.

    `own` is the place of the question whose answers they are, if its check of the own answer follows too.
    """
    made, hindered = dict(data), []
    for key in ("questions", "sections"):
        if not isinstance(data.get(key), list):
            continue
        made[key] = []
        for place, part in enumerate(data[key]):
            items = recoding.items | {"."} if key == "questions" and place == own else recoding.items
            try:
                made[key].append(_in_part(part, replace(recoding, items=items)))
            except Calculated as found:
                text = " ".join(str(found).split())[:LONGEST_SHOWN]
                hindered.append(Hindered(str(part.get("id", "")), text, isinstance(found, Unfinished)))
    return _in_declarations(made, recoding), hindered


def _in_part(part: Any, recoding: Recoding) -> Any:
    if not isinstance(part, Mapping):
        return part
    made = dict(part)
    if "when" in made:
        made["when"] = in_condition(made["when"], recoding)
    if isinstance(constraint := made.get("constraint"), Mapping) and "expr" in constraint:
        made["constraint"] = {**constraint, "expr": in_condition(constraint["expr"], recoding)}
    return made


def _in_declarations(data: Plain, recoding: Recoding) -> Plain:
    """Levels and known answers follow once everything that they are said of has the new codes."""
    others = _codes(data)
    made = dict(data)
    if isinstance(scales := data.get("scales"), Mapping):
        made["scales"] = {
            name: _in_list(scale, ("levels", "satisfied"), recoding, others) for name, scale in scales.items()
        }
    if "awareness" in data:
        made["awareness"] = _in_list(data["awareness"], ("known",), recoding, others)
    return made


def _in_list(declared: Any, keys: Sequence[str], recoding: Recoding, others: Mapping[str, set[str]]) -> Any:
    lists = [_words(declared.get(key)) for key in ("items", *keys)] if isinstance(declared, Mapping) else [None]
    items, *said = [each for each in lists if each is not None] or [[]]
    if len(said) < len(keys):
        return declared
    new = [[recoding.codes.get(code, code) for code in each] for each in said]
    behind = [item for item in items if item not in recoding.items and not set(new[0]) <= others.get(item, set())]
    if behind or len(set(new[0])) < len(new[0]) or not recoding.items & set(items):
        return declared
    return {**declared, **dict(zip(keys, new, strict=True))}


def _words(value: Any) -> list[str] | None:
    return value if isinstance(value, list) and all(isinstance(each, str) for each in value) else None


def _codes(data: Plain) -> dict[str, set[str]]:
    """The codes of every question, and of the rows of one."""
    found: dict[str, set[str]] = {}
    for question in data.get("questions") or ():
        if isinstance(question, Mapping) and isinstance(question.get("options"), list):
            codes = {str(part.get("code")) for part in question["options"] if isinstance(part, Mapping)}
            rows = question["rows"] if isinstance(question.get("rows"), list) else ()
            names = [f"{question.get('id')}/{row.get('id')}" for row in rows if isinstance(row, Mapping)]
            found |= dict.fromkeys(names or [str(question.get("id"))], codes)
    return found
