"""What of a survey becomes a question, in order, and what each name in the workbook means from then on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from service.domain.collect.xlsforms import conditions
from service.domain.collect.xlsforms.choices import ChoiceList
from service.domain.collect.xlsforms.conditions import Known
from service.domain.collect.xlsforms.naming import fitted_id, question_id, row_id
from service.domain.collect.xlsforms.sheets import SURVEY, Findings
from service.domain.collect.xlsforms.survey_rows import Asked, Group, Row

SCALE: Final = tuple(str(value) for value in range(11))
_CHOICE_NAME: Final = re.compile(r"jr:choice-name\(\s*\$\{([^}]+)\}\s*,\s*['\"]\s*\$\{\1\}\s*['\"]\s*\)")
_PARAMETER: Final = re.compile(r"(?<![a-z_-])([a-z_-]+)\s*=\s*([^\s;,]+)")


@dataclass
class Entry:
    """A question to be: its kind, the groups around it, its rows if it is a matrix."""

    row: Row
    kind: str
    id: str
    groups: tuple[Group, ...]
    choices: ChoiceList | None = None
    rows: list[tuple[Row, str]] = field(default_factory=list)
    or_other: bool = False
    other_of: "Entry | None" = None

    @property
    def parameters(self) -> dict[str, str]:
        return dict(_PARAMETER.findall(self.row.cells.get("parameters", "").lower()))


class Entries:
    """The entries of a survey. `names`: what is left out is None; `pipes`: what stands for the same text in a label."""

    def __init__(self, lists: Mapping[str, ChoiceList], findings: Findings) -> None:
        self.lists = lists
        self.findings = findings
        self.entries: list[Entry] = []
        self.names: dict[str, Known | None] = {}
        self.pipes: dict[str, str] = {}
        self.taken: set[str] = set()

    def read(self, top: Group) -> None:
        for asked, groups in self._walk(top, ()):
            if isinstance(asked, Group):
                self._matrix(asked, groups)
            elif asked.left_out:
                self._leave_out(asked)
            else:
                self._question(asked, groups)

    def _walk(self, group: Group, groups: tuple[Group, ...]) -> Iterator[tuple[Asked | Group, tuple[Group, ...]]]:
        for child in group.children:
            if isinstance(child, Asked):
                yield child, groups
            elif child.repeat:
                self._repeat(child)
            elif is_matrix(child):
                yield child, groups
            else:
                self._name_of_group(child)
                yield from self._walk(child, (*groups, child))

    def _name_of_group(self, group: Group) -> None:
        if group.row and not group.name:
            self.findings.problem(SURVEY, group.row.number, "name", "missing")
        self.names.setdefault(group.name, None)

    def _repeat(self, group: Group) -> None:
        inside = [asked for asked, _ in self._everything(group)]
        if group.row:
            self.findings.warn(SURVEY, group.row.number, "type", "xlsform_repeat", count=len(inside))
        self.names.setdefault(group.name, None)
        for asked in inside:
            self.names.setdefault(asked.row.name, None)

    def _everything(self, group: Group) -> Iterator[tuple[Asked, None]]:
        for child in group.children:
            if isinstance(child, Asked):
                yield child, None
            else:
                self.names.setdefault(child.name, None)
                yield from self._everything(child)

    def _leave_out(self, asked: Asked) -> None:
        row = asked.row
        self.names.setdefault(row.name, None)
        calculation = row.cells.get("calculation", "").strip()
        if match := _CHOICE_NAME.fullmatch(calculation):
            self.pipes[row.name] = match[1].strip()
        else:
            self.findings.warn(SURVEY, row.number, "type", asked.left_out, value=asked.row.type[:60])

    def _question(self, asked: Asked, groups: tuple[Group, ...]) -> None:
        row, kind = asked.row, self._kind(asked)
        if not row.name and kind != "note":
            self.findings.problem(SURVEY, row.number, "name", "missing")
            return
        found = self._list(asked) if asked.choices else None
        if asked.choices and found is None:
            self.names.setdefault(row.name, None)
            return
        entry = Entry(row, kind, self._id(row, question_id(row.name) or f"note_{row.number}"), groups, found)
        self._scale(entry)
        self.entries.append(entry)
        self._know(row, entry)
        if asked.or_other and kind != "rank":
            self._specify(entry)

    def _kind(self, asked: Asked) -> str:
        row = asked.row
        if asked.kind == "acknowledge":
            self.findings.warn(SURVEY, row.number, "type", "xlsform_acknowledge")
            return "note"
        if asked.kind == "text" and row.cells.get("read_only", "").lower() in ("yes", "true", "true()"):
            self.findings.warn(SURVEY, row.number, "read_only", "xlsform_read_only")
            return "note"
        return asked.kind

    def _scale(self, entry: Entry) -> None:
        """A range from 0 to 10 is our scale; with stars it is a rating; any other is a number."""
        if entry.kind != "range":
            return
        given = {"start": "1", "end": "10", "step": "1", **entry.parameters}
        if (given["start"], given["end"], given["step"]) == ("0", "10", "1"):
            entry.kind = "zero_to_ten"
        elif "rating" in entry.row.cells.get("appearance", "") and given["end"] in ("3", "4", "5", "6", "7"):
            entry.kind = "stars"
        else:
            entry.kind = "bounded"
            self.findings.warn(SURVEY, entry.row.number, "type", "xlsform_range")

    def _list(self, asked: Asked) -> ChoiceList | None:
        """The list named; one that is missing, empty or cannot be counted is told."""
        row = asked.row
        found = self.lists.get(asked.choices) or self.lists.get(row.type.split()[-1])
        if found is None or not found.options:
            self.findings.problem(SURVEY, row.number, "type", "xlsform_no_such_list", value=asked.choices[:60])
            return None
        if found.repeats:
            self.findings.warn(SURVEY, row.number, "type", "xlsform_repeating_list", value=asked.choices[:60])
            return None
        if "choice_filter" in row.cells:
            self.findings.warn(SURVEY, row.number, "choice_filter", "xlsform_choice_filter")
        return found

    def _id(self, row: Row, wanted: str) -> str:
        id = fitted_id(wanted, self.taken)
        if id != wanted:
            self.findings.warn(SURVEY, row.number, "name", "xlsform_renamed", value=row.name[:60], ours=id)
        return id

    def _know(self, row: Row, entry: Entry) -> None:
        kind = {"stars": "rating", "bounded": "number"}.get(entry.kind, entry.kind)
        codes: Mapping[str, str] = {}
        if entry.choices:
            codes = entry.choices.codes if kind in ("multiple", "rank") else entry.choices.known
        if entry.kind == "zero_to_ten":
            codes = {code: code for code in SCALE}
        elif entry.kind == "stars":
            codes = {code: code for code in stars(entry)}
        known = Known(entry.id, conditions.TYPES.get(kind, conditions.OTHER), codes)
        self.names[row.name] = None if kind == "note" else known

    def _specify(self, entry: Entry) -> None:
        """`or_other` adds an option and a text question, under the names that converters give them."""
        row = Row(entry.row.number, "text", {"name": f"{entry.row.name}_other"}, {})
        self.entries.append(
            Entry(row, "text", fitted_id(f"{entry.id}_other"[:40], self.taken), entry.groups, other_of=entry)
        )
        entry.or_other = True
        self._know(row, self.entries[-1])
        codes = {**(entry.choices.codes if entry.choices else {}), "other": "other"}
        self.names[entry.row.name] = Known(entry.id, conditions.TYPES[entry.kind], codes)

    def _matrix(self, group: Group, groups: tuple[Group, ...]) -> None:
        selects = [child for child in group.children if isinstance(child, Asked) and child.kind == "single"]
        rows = [child for child in selects if "label" not in _appearances(child.row)]
        found = self._list(rows[0])
        if found is None or group.row is None:
            return
        id = self._id(group.row, question_id(group.name))
        entry = Entry(_with_header(group, selects), "matrix", id, groups, found)
        taken: set[str] = set()
        for child in rows:
            row = fitted_id(row_id(group.name, child.row.name), taken)
            entry.rows.append((child.row, row))
            self.names[child.row.name] = Known(f"{id}/{row}", conditions.CHOICE, found.known)
        self.names.setdefault(group.name, None)
        self.entries.append(entry)


def stars(entry: Entry) -> list[str]:
    """The codes of a range shown as stars."""
    return [str(value) for value in range(1, int(entry.parameters.get("end", "5")) + 1)]


def _appearances(row: Row) -> list[str]:
    return row.cells.get("appearance", "").split()


def _with_header(group: Group, selects: list[Asked]) -> Row:
    """The group's row; where a row of its own carries the heading of the list, with that as its label."""
    assert group.row is not None  # noqa: S101 - only the tree's top has none, and it is no matrix
    for child in selects:
        if "label" in _appearances(child.row) and "label" in child.row.texts:
            texts = {**group.row.texts, "label": child.row.texts["label"]}
            return Row(group.row.number, group.row.type, group.row.cells, texts)
    return group.row


def is_matrix(group: Group) -> bool:
    """Whether it is one list asked about several things: `table-list`, or rows `list-nolabel` under one `label`."""
    if group.row is None or not group.children:
        return False
    children = [child for child in group.children if isinstance(child, Asked)]
    if len(children) < len(group.children) or any(child.kind != "single" or child.or_other for child in children):
        return False
    if len({child.choices for child in children}) != 1 or any(_has_conditions(child.row) for child in children):
        return False
    if "table-list" in _appearances(group.row):
        return True
    heads = [child for child in children if "label" in _appearances(child.row)]
    rows = [child for child in children if "list-nolabel" in _appearances(child.row)]
    return len(heads) == 1 and bool(rows) and len(heads) + len(rows) == len(children)


def _has_conditions(row: Row) -> bool:
    return any(name in row.cells for name in ("relevant", "constraint", "choice_filter"))
