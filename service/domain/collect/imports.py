"""Imports: answers from a table, one person a row. What the columns mean, and what is wrong in which of them."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from service.domain.collect.campaigns import Campaign
from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.questions import CANNOT_SAY, Question
from service.domain.errors import Fault, Refused, problem
from service.domain.shapes import shown

MODES = ("paper", "interview")  # what may be imported; a tablet or a phone sends its answers itself
OWN = ("_code", "_row", "_batch", "_mode", "_language", "_received")
"""Our columns. The underscore may be left out where no question has that name."""
FORMULA = "\0formula"
"""Stands for a cell that holds a formula: it is never computed, and never an answer."""
ROW_ID = re.compile(r"[^\x00-\x1f\x7f]{1,120}")
CHINA = timezone(timedelta(hours=8))
_LISTS = frozenset({"multiple", "rank"})  # kinds whose cell holds several codes: a;b
_WITHOUT = frozenset({"note", "photo"})  # kinds that no cell can hold


@dataclass(frozen=True)
class Columns:
    """Where what stands: `own` by our names, `answers` place -> question, or question/row."""

    own: Mapping[str, int]
    answers: Mapping[int, str]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One person's answers in their JSON shape; `id` makes a repeat of the file harmless."""

    number: int
    id: str
    code: str
    batch: str
    mode: str
    language: str
    received: datetime
    answers: Mapping[str, Any]

    def submission_id(self, campaign: str) -> str:
        """The same for the same row of the same campaign, whenever and however often it is imported."""
        return hashlib.sha256(f"minyi-import\0{campaign}\0{self.id}".encode()).hexdigest()[:32]


def read_header(cells: Sequence[str], questionnaire: Questionnaire) -> Columns:
    """What each column holds. Raises Refused("import_invalid") naming every column that is none of ours."""
    names = tuple(cell.strip() for cell in cells)
    known, faults = _fields(questionnaire), []
    own: dict[str, int] = {}
    answers: dict[int, str] = {}
    for at, name in enumerate(names):
        ours = name if name in OWN else f"_{name}"
        if names.count(name) > 1:
            faults.append(Fault(_place(1, name or str(at + 1)), "duplicate", {"value": shown(name)}))
        elif name in known:
            answers[at] = name
        elif ours in OWN:
            own[ours] = at
        else:
            columns = ", ".join([*OWN, *known])[:600]
            faults.append(
                Fault(_place(1, name or str(at + 1)), "column_unknown", {"name": shown(name), "columns": columns})
            )
    if "_code" not in own and not {"_row", "_batch"} <= set(own):
        faults.append(Fault(_place(1, "_code"), "row_without_code"))
    if faults:
        raise Refused("import_invalid", faults)
    return Columns(own, answers, names)


def read_row(number: int, cells: Sequence[str], columns: Columns, campaign: Campaign, today: date) -> Row:
    """One row. Raises Refused("import_invalid") with every fault of our own columns; answers are judged elsewhere."""
    formulas = [columns.names[at] for at, cell in enumerate(cells) if cell == FORMULA]
    if formulas:
        raise Refused("import_invalid", [Fault(_place(number, name), "formula") for name in formulas])
    own = {name: cells[at].strip() for name, at in columns.own.items()}
    code, id, batch = (own.get(name, "") for name in ("_code", "_row", "_batch"))
    faults = []
    if not code and not (id and batch):
        faults.append(Fault(_place(number, "_code"), "row_without_code"))
    if id and not ROW_ID.fullmatch(id):
        faults.append(Fault(_place(number, "_row"), "bad_name", {"value": shown(id), "allowed": "1 to 120 characters"}))
    mode = own.get("_mode") or MODES[0]
    if mode not in MODES:
        faults.append(
            Fault(_place(number, "_mode"), "not_an_option", {"value": shown(mode), "options": ", ".join(MODES)})
        )
    language = own.get("_language") or campaign.languages[0]
    if language not in campaign.languages:
        options = ", ".join(campaign.languages)
        faults.append(
            Fault(_place(number, "_language"), "not_an_option", {"value": shown(language), "options": options})
        )
    at = received(own.get("_received", ""), campaign, today, _place(number, "_received"))
    if isinstance(at, Fault):
        faults.append(at)
    if faults or isinstance(at, Fault):
        raise Refused("import_invalid", faults)
    return Row(number, id or f"code:{code}", code, batch, mode, language, at, {})


def answers_of(cells: Sequence[str], columns: Columns, questionnaire: Questionnaire) -> dict[str, Any]:
    """The answers of a row in their JSON shape; an empty cell was left out."""
    answers: dict[str, Any] = {}
    for at, name in columns.answers.items():
        text = cells[at].strip()
        if not text:
            continue
        question, _, row = name.partition("/")
        if row:
            answers.setdefault(question, {})[row] = text
        elif questionnaire.by_id[question].kind in _LISTS and text != CANNOT_SAY:
            answers[question] = [code.strip() for code in text.split(";") if code.strip()]
        else:
            answers[question] = text
    return answers


def placed(number: int, refused: Refused) -> list[Fault]:
    """The faults of one row's refusal under its number and column: `answers.m.r` stands in column m/r."""
    if not refused.faults:
        return [problem(_place(number, "_code"), refused.entry.message, **refused.params)]
    columns = {"answers": "", "lang": "_language", "mode": "_mode", "submission_id": "_row"}
    found = []
    for fault in refused.faults:
        if fault.field.startswith("rows."):
            found.append(fault)
            continue
        name = fault.field.removeprefix("answers.").replace(".", "/")
        found.append(Fault(_place(number, columns.get(name, name)), fault.reason, fault.params))
    return found


def _place(number: int, column: str) -> str:
    return f"rows.{number}.{column}" if column else f"rows.{number}"


def _fields(questionnaire: Questionnaire) -> list[str]:
    """The names of the columns that answers may stand in."""
    return [name for question in questionnaire.questions for name in _columns(question)]


def _columns(question: Question) -> list[str]:
    return [] if question.kind in _WITHOUT else list(question.keys)


def received(text: str, campaign: Campaign, today: date, field: str) -> datetime | Fault:
    """The noon of the day on which a sheet came in (today if it is not said), within the window; or what is wrong."""
    day = today
    if text:
        found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?", text)
        try:
            day = date(*map(int, found.groups())) if found else date.min
        except ValueError:
            day = date.min
        if day == date.min:
            return problem(field, "{value} is no date; write it as 2026-05-31", value=shown(text))
    opens, closes = (at.astimezone(CHINA).date() for at in (campaign.opens_at, campaign.closes_at))
    if text and not opens <= day <= min(closes, today):
        told = "{day} lies outside {first} to {last}, when sheets could come in"
        return problem(field, told, day=day, first=opens, last=min(closes, today))
    noon = datetime.combine(day, time(12), CHINA).astimezone(UTC)
    return min(max(noon, campaign.opens_at), campaign.closes_at - timedelta(milliseconds=1))
