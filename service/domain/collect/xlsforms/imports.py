"""Reading a workbook: sheets to a questionnaire in its JSON shape, every problem and warning by sheet and row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.domain.collect import questionnaires
from service.domain.collect.xlsforms import extras
from service.domain.collect.xlsforms.choices import read_choices
from service.domain.collect.xlsforms.entries import Entries
from service.domain.collect.xlsforms.reading import Builder, Places
from service.domain.collect.xlsforms.settings import Settings, check_sheets, read_settings
from service.domain.collect.xlsforms.sheets import (
    CHOICES,
    EXTRAS,
    SETTINGS,
    SURVEY,
    Finding,
    Findings,
    Sheet,
    columns,
)
from service.domain.collect.xlsforms.survey_rows import rows_of, tree
from service.domain.collect.xlsforms.texts import Texts
from service.domain.errors import Fault, Refused

Plain = dict[str, Any]
# A questionnaire needs these, an XLSForm has no place for them.
MADE_UP: Final = frozenset({"population", "purpose", "source"})
POPULATION: Final = "respondents"
_COLUMNS: Final = {
    "when": "relevant",
    "expr": "constraint",
    "message": "constraint_message",
    "code": "name",
    "id": "name",
    "options": "type",
    "kind": "type",
}


@dataclass(frozen=True)
class Import:
    """`definition` is None if there are problems. `versioned`: whether the workbook itself gives a usable version."""

    definition: Plain | None
    findings: tuple[Finding, ...]
    versioned: bool

    @property
    def problems(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.warning)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.warning)


def read(workbook: Iterable[Sheet], *, language: str | None = None, version: int = 1) -> Import:
    """The questionnaire in a workbook (XLSForm).

    `language` (BCP 47) is that of texts in columns that name none, `version` the number where the workbook has none.
    Nothing is raised: what is wrong stands in `findings`. Rules of the format: xlsform.org; ours: the parser of
    questionnaires, whose every fault is given the row that it comes from.
    """
    findings = Findings()
    sheets = {sheet.name.strip().lower(): sheet for sheet in workbook}
    check_sheets(sheets, findings)
    settings = read_settings(sheets.get(SETTINGS), findings)
    if SURVEY not in sheets or not sheets[SURVEY].header:
        return Import(None, findings.listed(), settings.version is not None)
    plain, places = _native(sheets, settings, language, version, findings)
    plain = _in_all_languages(extras.apply(plain, sheets.get(EXTRAS), findings))
    definition = None if findings.broken else _parsed(plain, places, settings, findings)
    return Import(None if findings.broken else definition, findings.listed(), settings.version is not None)


def native(workbook: Iterable[Sheet]) -> Plain:
    """What the sheets that every reader of XLSForms knows say by themselves, without ours. For writing the latter."""
    findings = Findings()
    sheets = {sheet.name: sheet for sheet in workbook}
    return _native(sheets, read_settings(sheets.get(SETTINGS), findings), None, 1, findings)[0]


def _native(
    sheets: Mapping[str, Sheet], settings: Settings, language: str | None, version: int, findings: Findings
) -> tuple[Plain, Places]:
    survey = sheets[SURVEY]
    lists = read_choices(sheets.get(CHOICES), findings, may_repeat=settings.may_repeat)
    texts = Texts((survey, sheets.get(CHOICES)), settings, language, findings)
    _check_prefixes(survey, settings, findings)
    entries = Entries(lists, findings)
    entries.read(tree(rows_of(survey), findings))
    if not entries.entries:
        findings.problem(SURVEY, None, "", "xlsform_no_questions")
    builder = Builder(entries, texts, findings)
    plain: Plain = {
        "id": settings.id,
        "version": settings.version or version,
        "title": texts.everywhere(settings.title),
        "languages": list(texts.languages),
        "population": POPULATION,
        "purpose": texts.everywhere(settings.title),
        "source": texts.everywhere(f"XLSForm {settings.title}"),
        "questions": builder.questions(),
    }
    if sections := builder.sections():
        plain["sections"] = sections
    texts.tell_missing()
    if EXTRAS not in sheets:
        findings.warn(SETTINGS, settings.row, "", "xlsform_made_up")
    return plain, builder.places


def _in_all_languages(plain: Plain) -> Plain:
    """What stands in `minyi` knows nothing of a language that somebody has added to the other sheets, or taken away."""
    languages = plain["languages"]
    parts = [(plain, ("title", "purpose", "source")), *((question, ("unit",)) for question in plain["questions"])]
    for part, keys in parts:
        for key in keys:
            text = part.get(key)
            if isinstance(text, dict) and text:
                spare = next((text[language] for language in languages if language in text), next(iter(text.values())))
                part[key] = {language: text.get(language, spare) for language in languages}
    return plain


_BOUND: Final = frozenset({"jr", "orx", "odk", "ev", "xsd", "h", "xml", "entities", "xmlns"})


def _check_prefixes(survey: Sheet, settings: Settings, findings: Findings) -> None:
    """An attribute whose prefix nobody declares makes a form that no phone can open, though it converts."""
    for column in columns(survey.header):
        for part in column.base.split("::"):
            prefix, colon, _ = part.partition(":")
            if colon and prefix not in _BOUND | settings.namespaces:
                findings.problem(SURVEY, 1, column.header, "xlsform_prefix", value=prefix[:40])


def _parsed(plain: Plain, places: Places, settings: Settings, findings: Findings) -> Plain | None:
    """The definition as the questionnaire's parser understands it; its faults go to the rows that they come from."""
    try:
        return questionnaires.to_plain(questionnaires.parse(plain))
    except Refused as refused:
        for fault in refused.faults:
            _locate(fault, places, settings, findings)
        return None


def _locate(fault: Fault, places: Places, settings: Settings, findings: Findings) -> None:
    steps = fault.field.split(".")
    column = next((_COLUMNS[step] for step in reversed(steps) if step in _COLUMNS), "")
    if steps[0] in ("questions", "sections"):
        for length in range(len(steps), 0, -1):
            if place := places.get(".".join(steps[:length])):
                texts = {"label", "hint", "title", "message"} & set(steps[length:])
                column = f"{_COLUMNS.get(text := texts.pop(), text)}::{steps[-1]}" if texts else column
                findings.problem(*place, column or steps[-1], fault.reason, **fault.params)
                return
        findings.problem(SURVEY, None, column, fault.reason, **fault.params)
        return
    if steps[0] in ("id", "version", "title", "languages"):
        findings.problem(SETTINGS, settings.row, fault.field, fault.reason, **fault.params)
        return
    findings.problem(EXTRAS, None, fault.field, fault.reason, **fault.params)
