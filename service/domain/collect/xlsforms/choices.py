"""The sheet `choices`: lists of options by name, their codes fitted to ours, duplicates told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from service.domain.collect.questions import CANNOT_SAY, CODE
from service.domain.collect.xlsforms.sheets import CHOICES, Findings, Sheet, columns, is_media, plain_quotes

_CODE_LENGTH: Final = 32


@dataclass(frozen=True)
class Choice:
    row: int
    name: str
    code: str
    labels: Mapping[str | None, str]


@dataclass
class ChoiceList:
    choices: list[Choice] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    repeats: bool = False
    """Whether a name stands twice, which the form allows; such a list cannot be counted by its codes."""

    @property
    def options(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.name != CANNOT_SAY]

    @property
    def cannot_say(self) -> bool:
        return len(self.options) < len(self.choices)

    @property
    def codes(self) -> dict[str, str]:
        return {choice.name: choice.code for choice in self.options}

    @property
    def known(self) -> dict[str, str]:
        """The codes that a condition may compare with: also that of who cannot say."""
        return {**self.codes, CANNOT_SAY: CANNOT_SAY} if self.cannot_say else self.codes


def read_choices(sheet: Sheet | None, findings: Findings, *, may_repeat: bool) -> dict[str, ChoiceList]:
    """The lists by name. Rows without list or name, and names twice in a list, are problems."""
    lists: dict[str, ChoiceList] = {}
    if sheet is None:
        return lists
    known = list(columns(sheet.header))
    _check_header(sheet, {column.base for column in known}, findings)
    for number, cells in sheet.rows:
        plain = {column.base: cells[column.header].strip() for column in known if column.header in cells}
        labels = {
            column.language: plain_quotes(cells[column.header]).strip()
            for column in known
            if column.base == "label" and column.header in cells
        }
        list_name, name = plain.get("list_name", ""), plain_quotes(plain.get("name", ""))
        if not list_name and not name:
            continue  # notes beside the lists
        if not list_name or not name:
            findings.problem(CHOICES, number, "name" if list_name else "list_name", "missing")
            continue
        _add(lists.setdefault(list_name, ChoiceList()), number, name, labels, findings, may_repeat=may_repeat)
        if any(is_media(column) and column.header in cells for column in known):
            findings.warn(CHOICES, number, "media", "xlsform_media")
    return lists


def _check_header(sheet: Sheet, bases: set[str], findings: Findings) -> None:
    for base in ("list_name", "name"):
        if base not in bases and sheet.rows:
            findings.problem(CHOICES, 1, base, "xlsform_column_missing", value=base)


def _add(
    found: ChoiceList,
    row: int,
    name: str,
    labels: Mapping[str | None, str],
    findings: Findings,
    *,
    may_repeat: bool,
) -> None:
    if name in found.names:
        if may_repeat:
            found.repeats = True
        else:
            findings.problem(CHOICES, row, "name", "duplicate", value=name[:60])
        return
    found.names.add(name)
    code = name if name == CANNOT_SAY else fitted_code(name, found.taken)
    if code != name:
        findings.warn(CHOICES, row, "name", "xlsform_renamed", value=name[:60], ours=code)
    found.taken.add(code)
    found.choices.append(Choice(row, name, code, labels))


def fitted_code(name: str, taken: set[str]) -> str:
    """`name` as an option's code of ours, other than those taken."""
    if CODE.fullmatch(name) and not name.startswith("_") and name not in taken:
        return name
    base = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_")[:_CODE_LENGTH] or "c"
    code, more = base, 2
    while code in taken:
        code = f"{base[: _CODE_LENGTH - len(str(more)) - 1]}_{more}"
        more += 1
    return code
