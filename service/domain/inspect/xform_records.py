"""Records of the collecting app: what their XML says, and the answers in the JSON shape of each question."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from xml.etree.ElementTree import Element

from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.questions import CANNOT_SAY, Question
from service.domain.collect.xlsforms.naming import question_name, row_name
from service.domain.errors import Fault, Refused
from service.domain.inspect import xforms
from service.domain.shapes import has_forbidden, shown

INSTANCE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,99}")
_WHERE: Final = "xml_submission_file"
_FILE_NAME: Final = re.compile(r"[^/\\\x00-\x1f]{1,200}")


@dataclass(frozen=True)
class XFormRecord:
    """`leaves`: text by name of every element without children; `audit` is the name of the log of the filling in."""

    form_id: str
    version: str
    instance_id: str
    leaves: Mapping[str, str] = field(repr=False)
    audit: str = ""


def read(root: Element) -> XFormRecord:
    """What a record's XML says. Raises Refused: "record_unreadable" naming what is missing, "record_edited".

    instanceID stands under `meta` in whatever namespace (OpenRosa metadata schema 1.0).
    """
    meta = {local(child.tag): _text(child) for each in root if local(each.tag) == "meta" for child in each}
    if meta.get("deprecatedID"):
        raise Refused("record_edited")
    found = [child for each in root if local(each.tag) == "meta" for child in each if local(child.tag) == "instanceID"]
    instance_id = meta.get("instanceID", "")
    if len(found) != 1 or not INSTANCE_ID.fullmatch(instance_id):
        raise Refused(
            "record_unreadable", [Fault(f"{_WHERE}.instanceID", "instance_id", {"value": shown(instance_id)})]
        )
    form_id, version = root.get("id", ""), root.get("version", "")
    for name, value in (("id", form_id), ("version", version)):
        if not value:
            raise Refused("record_unreadable", [Fault(f"{_WHERE}.{name}", "missing")])
    return XFormRecord(form_id, version, instance_id, _leaves(root), meta.get("audit", ""))


def local(tag: Any) -> str:
    """An element's name without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _leaves(root: Element) -> Mapping[str, str]:
    """Our forms name every question once: a second one is none of theirs."""
    leaves: dict[str, str] = {}
    meta = {id(inner) for each in root if local(each.tag) == "meta" for inner in each.iter()}
    for element in root.iter():
        name = local(element.tag)
        if len(element) or element is root or id(element) in meta:
            continue
        if name in leaves:
            raise Refused("record_unreadable", [Fault(f"{_WHERE}.{shown(name)}", "duplicate", {"value": shown(name)})])
        text = _text(element)
        if has_forbidden(text):
            raise Refused("record_unreadable", [Fault(f"{_WHERE}.{shown(name)}", "control_characters")])
        leaves[name] = text
    return leaves


def answers(questionnaire: Questionnaire, record: XFormRecord) -> dict[str, Any]:
    """{question: value} in the JSON shape of its kind; photos are files, not answers."""
    given: dict[str, Any] = {}
    for question in questionnaire.questions:
        value = _answer(question, record.leaves)
        if value:
            given[question.id] = value
    return given


def _answer(question: Question, leaves: Mapping[str, str]) -> Any:
    name = question_name(question.id)
    match question.kind:
        case "matrix":
            rows = {row.id: leaves.get(row_name(name, row.id), "") for row in question.rows}
            return {row: code for row, code in rows.items() if code}
        case "multiple" | "rank":
            codes = leaves.get(name, "").split()
            return CANNOT_SAY if codes == [CANNOT_SAY] else codes
        case "note" | "photo":
            return None
    return leaves.get(name, "")


def files(questionnaire: Questionnaire, record: XFormRecord) -> dict[str, str]:
    """{name of a file: question or kind of signature that it belongs to}; the log of the filling in belongs to none.

    Raises Refused("record_unreadable") for a name that is a path.
    """
    places = {question_name(each.id): each.id for each in questionnaire.questions if each.kind == "photo"}
    found = {}
    for name, place in (places | dict(xforms.SIGNATURES)).items():
        if file := record.leaves.get(name, ""):
            found[checked_name(file)] = place
    return found | ({checked_name(record.audit): ""} if record.audit else {})


def checked_name(name: str) -> str:
    """A file's name. Raises Refused("record_unreadable") for a path."""
    if not _FILE_NAME.fullmatch(name) or name in (".", ".."):
        raise Refused("record_unreadable", [Fault("files", "file_name", {"value": shown(name)})])
    return name


def signatures(record: XFormRecord) -> dict[str, dict[str, Any]]:
    """{auditor|witness|second: {name, media, refused, reason}} as all records have it."""
    given: dict[str, dict[str, Any]] = {
        who: {"media": file} for name, who in xforms.SIGNATURES.items() if (file := record.leaves.get(name, ""))
    }
    witness = record.leaves.get(xforms.WITNESS, "")
    if witness in (xforms.REFUSED_TO_SIGN, xforms.NOBODY):
        given["witness"] = {"refused": True, "reason": record.leaves.get(xforms.REFUSAL, "")[:1000]}
    elif "witness" in given and (name := record.leaves.get(xforms.WITNESS_NAME, "")):
        given["witness"] |= {"name": name[:100]}
    return given


def moment(text: str) -> datetime | None:
    """A time of the app with its offset; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.utcoffset() is None or not 2000 <= found.year <= 2200:
        return None
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


def place(text: str) -> dict[str, Any]:
    """`latitude longitude altitude accuracy` as a position; {} for anything else."""
    numbers = list(_numbers(text))
    if len(numbers) != 4 or not (abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180 and 0 <= numbers[3] < 1e7):
        return {}
    # An accuracy of exactly nought is what a mock provider tells (the app writes it so; nothing measures so well).
    return {
        "latitude": numbers[0],
        "longitude": numbers[1],
        "accuracy_m": numbers[3],
        "age_s": None,
        "mock": numbers[3] == 0,
    }


def _numbers(text: str) -> Iterator[float]:
    for part in text.split():
        try:
            number = float(part)
        except ValueError:
            return
        if number != number or number in (float("inf"), float("-inf")):
            return
        yield number
