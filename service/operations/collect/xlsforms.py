"""XLSForm in and out: a file judged twice and published where that is asked for, and any version as a file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.domain import access, yaml_texts
from service.domain.access import Actor
from service.domain.collect import questionnaires as rules
from service.domain.collect.drafts import QuestionnaireDraft
from service.domain.collect.xlsforms import exports, imports
from service.domain.collect.xlsforms.imports import Import
from service.domain.collect.xlsforms.sheets import Finding, Sheet
from service.domain.errors import Refused
from service.operations.collect import drafts, questionnaires, xlsform_judge
from service.operations.collect.workbooks import read_workbook, write_workbook
from service.store import records

DRAFT, VERSION = "draft", "version"  # what a file may be kept as


def check(content: bytes, *, language: str | None = None, version: int = 1, validate: bool = False) -> Import:
    """What a file would become, with every problem and warning. Raises Refused only if it cannot be read at all."""
    workbook = read_workbook(content)
    found = imports.read(workbook, language=language, version=version)
    judged = xlsform_judge.judge(workbook, validate=validate) if _has_survey(workbook) else []
    findings = _merged(found.findings, judged)
    broken = any(not finding.warning for finding in findings)
    return replace(found, findings=findings, definition=None if broken else found.definition)


def _has_survey(workbook: Sequence[Sheet]) -> bool:
    return any(sheet.name.strip().lower() == "survey" for sheet in workbook)


def _merged(ours: Sequence[Finding], theirs: Sequence[Finding]) -> tuple[Finding, ...]:
    """Ours first: they name the column, and speak the reader's language. What the converter says of the same row, or of
    none while we found problems, is the same thing again."""
    places = {(finding.sheet, finding.row) for finding in ours if not finding.warning}
    more = [
        finding
        for finding in theirs
        if finding.warning or not places or (finding.row is not None and (finding.sheet, finding.row) not in places)
    ]
    return tuple(sorted([*ours, *more], key=lambda finding: finding.warning))


def read(
    actor: Actor, now: datetime, content: bytes, *, language: str | None = None, keep: str = ""
) -> tuple[Import, rules.QuestionnaireVersion | QuestionnaireDraft | None]:
    """The questionnaire in a file, and what it was kept as: nothing, a draft, or a version.

    A number that is taken by other questions, or missing, becomes the next free one. Raises Refused("xlsform_invalid")
    with every problem.
    """
    access.require(actor, "questionnaires.write")
    found = check(content, language=language)
    if found.definition is None:
        raise Refused("xlsform_invalid", [finding.fault for finding in found.problems])
    found = _numbered(found, found.definition)
    return found, _kept(actor, now, found.definition or {}, keep)


def _kept(
    actor: Actor, now: datetime, definition: dict[str, Any], keep: str
) -> rules.QuestionnaireVersion | QuestionnaireDraft | None:
    if keep == VERSION:
        return questionnaires.publish(actor, now, definition)[0]
    if keep == DRAFT:
        plain = {key: value for key, value in definition.items() if key != "version"}
        return drafts.create(actor, now, definition["id"], yaml_texts.dump(plain))[0]
    return None


def _numbered(found: Import, definition: dict[str, Any]) -> Import:
    id, number = definition["id"], definition["version"]
    there = records.find(rules.QuestionnaireVersion, questionnaire=id)
    digest = rules.parse(definition).digest
    if not there or digest in {each.digest for each in there}:
        return found
    if found.versioned and number not in {each.number for each in there}:
        return found
    free = questionnaires.next_number(id)
    warning = Finding("settings", 2, "version", "xlsform_version_set", {"value": free}, warning=True)
    return replace(found, definition={**definition, "version": free}, findings=(*found.findings, warning))


def export(actor: Actor, id: str) -> tuple[str, bytes]:
    """(name of the file, XLSX) of a published version."""
    version = questionnaires.get(actor, id)
    return f"{version.questionnaire}-{version.number}.xlsx", write_workbook(
        exports.write(rules.parse(version.definition))
    )
