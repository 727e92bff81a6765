"""The sheet `settings`: id, title, version, language; what would send answers elsewhere or lock them is refused."""

import re
from dataclasses import dataclass
from typing import Final

from service.domain.collect.questionnaires import QUESTIONNAIRE_ID
from service.domain.collect.xlsforms.sheets import (
    ENTITIES,
    SETTINGS,
    SURVEY,
    Findings,
    Sheet,
    columns,
    language_code,
    plain_quotes,
)

VERSION_LIMIT: Final = 1_000_000
NO: Final = frozenset({"", "no", "false", "false()", "0"})
YES: Final = frozenset({"yes", "true", "true()", "1"})
# Records would go to another server, would be readable to nobody here, or would vanish from the phone.
_REFUSED: Final = {
    "submission_url": "xlsform_submission_url",
    "public_key": "xlsform_encryption",
    "base64rsapublickey": "xlsform_encryption",
    "auto_delete": "xlsform_auto_delete",
}
_READ: Final = frozenset({"form_title", "form_id", "version", "default_language"})
_SILENT: Final = frozenset(
    {"style", "name", "namespaces", "prefix", "clean_text_values", "allow_choice_duplicates", "sms_keyword"}
)


@dataclass(frozen=True)
class Settings:
    id: str
    title: str
    version: int | None
    language: str | None
    row: int
    may_repeat: bool = False
    namespaces: frozenset[str] = frozenset()


def read_settings(sheet: Sheet | None, findings: Findings) -> Settings:
    """The settings, whether there is a sheet or not. `version` is None where the form gives no number of ours."""
    number, cells = sheet.rows[0] if sheet and sheet.rows else (1, {})
    known = {
        column.base.lower(): plain_quotes(cells[column.header]).strip()
        for column in (columns(sheet.header) if sheet else ())
        if column.header in cells
    }
    for name, value in known.items():
        if name in _REFUSED and value.lower() not in NO:
            findings.problem(SETTINGS, number, name, _REFUSED[name])
        elif name not in _READ | _SILENT | set(_REFUSED):
            findings.warn(SETTINGS, number, name, "xlsform_setting_left_out", value=name[:60])
    form_id = known.get("form_id", "")
    return Settings(
        id=_id(form_id, known.get("form_title", ""), number, findings),
        title=known.get("form_title") or form_id or "XLSForm",
        version=_version(known.get("version", ""), number, findings),
        language=language_code(known.get("default_language", "")),
        row=number,
        may_repeat=known.get("allow_choice_duplicates", "").lower() in YES,
        namespaces=frozenset(re.findall(r"([\w.-]+)\s*=", known.get("namespaces", ""))),
    )


def _id(form_id: str, title: str, row: int, findings: Findings) -> str:
    """A questionnaire's id. Form ids may hold spaces and capitals, ours do not."""
    if QUESTIONNAIRE_ID.fullmatch(form_id):
        return form_id
    words = re.sub(r"[^a-z0-9]+", "-", (form_id or title).lower()).strip("-")
    id = (words if words[:1].isalpha() else f"form-{words}").strip("-")[:60].rstrip("-")
    findings.warn(SETTINGS, row, "form_id", "xlsform_renamed" if form_id else "xlsform_no_id", value=form_id, ours=id)
    return id


def _version(text: str, row: int, findings: Findings) -> int | None:
    if re.fullmatch(r"[1-9]\d{0,6}", text) and int(text) <= VERSION_LIMIT:
        return int(text)
    if text:
        findings.warn(SETTINGS, row, "version", "xlsform_version", value=text[:40])
    return None


def check_sheets(sheets: dict[str, Sheet], findings: Findings) -> None:
    """What stands or falls with whole sheets: there is a survey, and no entities."""
    survey = sheets.get(SURVEY)
    if survey is None:
        names = ", ".join(sheet.name for sheet in sheets.values())[:200]
        findings.problem(SURVEY, None, "", "xlsform_no_survey", sheets=names or "–")
    elif not any(column.base == "type" for column in columns(survey.header)):
        findings.problem(SURVEY, 1, "type", "xlsform_column_missing", value="type")
    if (entities := sheets.get(ENTITIES)) and entities.rows:
        findings.problem(ENTITIES, entities.rows[0][0], "", "xlsform_entities")
    if (external := sheets.get("external_choices")) and external.rows:
        findings.warn("external_choices", external.rows[0][0], "", "xlsform_sheet_left_out")
