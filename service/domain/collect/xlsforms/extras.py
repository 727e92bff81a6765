"""The sheet `minyi`: what XLSForm cannot say, one field a row. Whatever reads XLSForms passes it over.

A row says for which question (none: the questionnaire), which field, what it is (JSON), and as what the other sheets
alone read: where somebody has edited those since, the edit wins and the row is passed over.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from service.domain.collect.question_kinds import KINDS
from service.domain.collect.xlsforms.sheets import EXTRAS, Findings, Sheet

HEADER: Final = ("name", "field", "value", "read as")
ANYTHING: Final = "*"  # read as: whatever it is
_OF_OTHERS: Final = frozenset({"questions", "languages"})  # what the other sheets say
_LONG = 1000
_COMMON: Final = frozenset({"id", "kind", "label", "hint", "when"})
_FLAGS: Final = {"exclusive": ("multiple",), "fixed": ("single", "multiple", "rank", "matrix")}
_ABSENT: Final = object()

Plain = dict[str, Any]


def difference(wanted: Mapping[str, Any], read: Mapping[str, Any], made_up: frozenset[str]) -> Sheet:
    """The rows by which `apply` makes `wanted` of `read`, both questionnaires in their JSON shape.

    Fields of `made_up` (of the questionnaire) are taken whatever the other sheets read as.
    """
    rows = []
    for path, value, before in _differing(wanted, read, ()):
        name, field = (path[1], path[2:]) if path[0] == "questions" and len(path) > 2 else ("", path)
        known = ANYTHING if path[0] in made_up else _json(before)
        cells = {"name": name, "field": ".".join(field), "value": _json(value), "read as": _short(known)}
        rows.append({header: text for header, text in cells.items() if text})
    return Sheet(EXTRAS, HEADER, tuple(enumerate(rows, 2)))


def apply(read: Mapping[str, Any], sheet: Sheet | None, findings: Findings) -> Plain:
    """`read` with what the sheet adds; rows that no longer fit are warnings."""
    plain: Plain = json.loads(json.dumps(read))
    questions = {question["id"]: question for question in plain["questions"]}
    for row, cells in sheet.rows if sheet else ():
        name, field = cells.get("name", ""), cells.get("field", "")
        part = questions.get(name) if name else plain
        if part is None or not field or (not name and field.split(".")[0] in _OF_OTHERS):
            findings.warn(EXTRAS, row, "name", "xlsform_extra_unknown", value=f"{name} {field}".strip())
        else:
            _apply(part, row, cells, findings, of_question=bool(name))
    return plain


def _apply(part: Plain, row: int, cells: Mapping[str, str], findings: Findings, *, of_question: bool) -> None:
    path = cells["field"].split(".")
    try:
        value = json.loads(cells["value"]) if "value" in cells else _ABSENT
    except (ValueError, RecursionError):
        findings.problem(EXTRAS, row, "value", "xlsform_not_json")
        return
    *inside, last = path
    expected = cells.get("read as", "")
    parent = _find(part, inside, make=value is not _ABSENT and expected in ("", ANYTHING))
    fits = isinstance(parent, dict) and (not of_question or _fits(part, path))
    if not fits or (expected != ANYTHING and _short(_json(parent.get(last, _ABSENT))) != expected):
        value_of = " ".join(filter(None, (cells.get("name"), cells["field"])))
        findings.warn(EXTRAS, row, "read as", "xlsform_extra_outdated", value=value_of)
    elif value is _ABSENT:
        parent.pop(last, None)
    else:
        parent[last] = value


def _fits(question: Plain, field: list[str]) -> bool:
    """Whether a question of this kind has the field: its type may have been edited."""
    kind = KINDS.get(str(question.get("kind")))
    known = _COMMON | (kind.extras if kind else frozenset())
    flag = field[-1] if len(field) == 3 and field[0] in ("options", "rows") else ""
    return field[0] in known and (flag not in _FLAGS or question["kind"] in _FLAGS[flag])


def _find(plain: Any, path: list[str], *, make: bool) -> Any:
    """What stands at `path`. Mappings that are missing on the way are made, elements of lists are not."""
    for step in path:
        if isinstance(plain, list):
            plain = next((each for each in plain if isinstance(each, dict) and _key(each) == step), None)
        elif isinstance(plain, dict) and (step in plain or make):
            plain = plain.setdefault(step, {})
        else:
            return None
    return plain


def _differing(wanted: Any, read: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """(path, wanted value, value read); _ABSENT for what is not there."""
    if wanted == read:
        return
    inner, outer = _parts(wanted), _parts(read)
    if inner is not None and (outer is not None or (read is _ABSENT and isinstance(wanted, dict) and path)):
        outer = outer or {}
        if isinstance(wanted, dict) or list(inner) == list(outer):
            for key in {**inner, **outer}:
                yield from _differing(inner.get(key, _ABSENT), outer.get(key, _ABSENT), (*path, key))
            return
    yield path, wanted, read


def _parts(value: Any) -> dict[str, Any] | None:
    """The parts of a mapping, or of a list whose elements have an id or code of their own."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value and all(isinstance(each, dict) and _key(each) for each in value):
        return {_key(each): each for each in value}
    return None


def _key(element: Mapping[str, Any]) -> str:
    return str(element.get("id") or element.get("code") or "")


def _json(value: Any) -> str:
    return "" if value is _ABSENT else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
