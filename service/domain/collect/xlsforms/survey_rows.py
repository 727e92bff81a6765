"""The rows of the sheet `survey` by their type, and as a tree of groups; types that our pages cannot show are told."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from service.domain.collect.xlsforms.sheets import SURVEY, Column, Findings, Sheet, columns, plain_quotes

# What the type column says -> our kind.
_KINDS: Final = {
    "text": "text",
    "string": "text",
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "date": "date",
    "range": "range",
    "note": "note",
    "acknowledge": "acknowledge",
    "trigger": "acknowledge",
    "image": "photo",
    "photo": "photo",
}
# ODK Collect can do these, our pages cannot; the message says what becomes of the row.
_LEFT_OUT: Final = {
    **dict.fromkeys(
        """start end today deviceid device_id imei username phonenumber phone_number simserial sim_serial subscriberid
        subscriber_id email audit start-geopoint start_time end_time get_today""".split(),
        "xlsform_metadata",
    ),
    **dict.fromkeys(["calculate", "hidden"], "xlsform_calculation"),
    **dict.fromkeys(
        """geopoint geotrace geoshape gps location audio video file barcode time datetime date_time osm csv-external
        xml-external select_one_external""".split(),
        "xlsform_only_collect",
    ),
}
_SELECT: Final = re.compile(
    r"(?P<one>select[_ ]one(?: from)?|select1|add select one prompt using)"
    r"|(?P<many>select[_ ]multiple(?: from)?|select all that apply(?: from)?|add select multiple prompt using)"
    r"|(?P<rank>rank)(?=\s|$)",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(r"\s+or([ _])(?:specify[ _])?other$", re.IGNORECASE)
_USUAL: Final = "text, integer, date, select_one"
_GROUP: Final = re.compile(r"(begin|end)[_ ](group|repeat|loop|lgroup|looped group)")


@dataclass(frozen=True)
class Row:
    """One row: its type as written, its texts by base column, translated ones by language too."""

    number: int
    type: str
    cells: Mapping[str, str]
    texts: Mapping[str, Mapping[str | None, str]]

    @property
    def name(self) -> str:
        return self.cells.get("name", "")


@dataclass
class Group:
    row: Row | None
    repeat: bool = False
    children: list["Group | Asked"] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.row.name if self.row else ""


@dataclass(frozen=True)
class Asked:
    """A row that is no group. `kind` is our kind (or `range`, `acknowledge`), or "" with the reason it is left out."""

    row: Row
    kind: str
    choices: str = ""
    or_other: bool = False
    left_out: str = ""


def rows_of(sheet: Sheet) -> Iterator[Row]:
    """The rows that have a type."""
    known = list(columns(sheet.header))
    for number, texts in sheet.rows:
        row = _row(number, texts, known)
        if row.type or row.name or "label" in row.texts:
            yield row


def _row(number: int, texts: Mapping[str, str], known: list[Column]) -> Row:
    cells: dict[str, str] = {}
    translated: dict[str, dict[str | None, str]] = {}
    for column in known:
        text = plain_quotes(texts.get(column.header, "")).strip()
        if text:
            cells.setdefault(column.base, text)
            translated.setdefault(column.base, {})[column.language] = text
    return Row(number, " ".join(cells.get("type", "").split()), cells, translated)


def tree(rows: Iterator[Row], findings: Findings) -> Group:
    """The rows in their groups; a group that is not closed, or closed without having been opened, is a problem."""
    top = Group(None)
    open_groups = [top]
    for row in rows:
        if not row.type:
            findings.problem(SURVEY, row.number, "type", "xlsform_no_type")
        elif match := _GROUP.fullmatch(row.type.lower()):
            _open_or_close(match, row, open_groups, findings)
        elif asked := _asked(row, findings):
            open_groups[-1].children.append(asked)
    for group in open_groups[1:]:
        findings.problem(SURVEY, group.row.number if group.row else None, "type", "xlsform_group_open")
    return top


def _open_or_close(match: re.Match[str], row: Row, open_groups: list[Group], findings: Findings) -> None:
    repeat = "group" not in match[2] or match[2] != "group"
    if match[1] == "begin":
        group = Group(row, repeat=repeat)
        open_groups[-1].children.append(group)
        open_groups.append(group)
    elif len(open_groups) == 1 or open_groups[-1].repeat != repeat:
        findings.problem(SURVEY, row.number, "type", "xlsform_group_closed", value=row.type)
    else:
        open_groups.pop()


def _asked(row: Row, findings: Findings) -> Asked | None:
    type = row.type.lower()
    if type == "background-audio":
        findings.problem(SURVEY, row.number, "type", "xlsform_background_audio")
        return None
    if type.startswith(("select_one_from_file", "select_multiple_from_file", "select_one_external ")):
        return Asked(row, "", left_out="xlsform_only_collect")
    if match := _SELECT.match(row.type):  # names of lists keep their capitals
        return _select(row, match, findings)
    word = type.replace(" ", "_")
    if word in _KINDS:
        return Asked(row, _KINDS[word])
    if word in _LEFT_OUT:
        return Asked(row, "", left_out=_LEFT_OUT[word])
    near = difflib.get_close_matches(word, [*_KINDS, *_LEFT_OUT, "select_one", "select_multiple", "begin_group"], 1)
    findings.problem(
        SURVEY, row.number, "type", "xlsform_unknown_type", value=row.type[:60], near=near[0] if near else _USUAL
    )
    return None


def _select(row: Row, match: re.Match[str], findings: Findings) -> Asked | None:
    rest = row.type[match.end() :]
    other = _OTHER.search(rest)
    choices = (rest[: other.start()] if other else rest).strip()
    if not rest[:1].isspace() or not choices:
        findings.problem(SURVEY, row.number, "type", "xlsform_no_list_named", value=row.type[:60])
        return None
    if choices.startswith("${"):
        return Asked(row, "", left_out="xlsform_only_collect")
    kind = "single" if match["one"] else "multiple" if match["many"] else "rank"
    return Asked(row, kind, choices, or_other=other is not None)
