"""Texts of a workbook in all its languages: which those are, what fills a gap, what `${name}` in them stands for."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from service.domain.collect.xlsforms.settings import Settings
from service.domain.collect.xlsforms.sheets import (
    TRANSLATED,
    UNKNOWN_LANGUAGE,
    Findings,
    Sheet,
    columns,
    language_code,
    made_up_code,
)
from service.domain.modes import Text

OTHER: Final[Text] = {"zh-Hans": "其他", "zh-Hant": "其他", "en": "Other"}
SPECIFY: Final[Text] = {"zh-Hans": "请具体说明。", "zh-Hant": "請具體說明。", "en": "Please specify."}
CHECK: Final[Text] = {
    "zh-Hans": "请检查这个回答。",
    "zh-Hant": "請檢查這個回答。",
    "en": "Please check this answer.",
}
CANNOT_SAY_WORDS: Final[Text] = {"zh-Hans": "无法评价", "zh-Hant": "無法評價", "en": "Cannot say"}
# Bounded and without a second brace: a cell of thousands of `${`, or of spaces after one, is read in linear time.
_PIPE: Final = re.compile(r"\$\{([^{}]{0,400})\}")
GAP: Final = "…"  # what stands for an answer that cannot be put into a text


class Texts:
    """The languages of a workbook, and its texts in each of them."""

    def __init__(
        self, sheets: Iterable[Sheet | None], settings: Settings, asked: str | None, findings: Findings
    ) -> None:
        self.findings = findings
        self._codes: dict[str | None, str] = {}
        self._missing: dict[str, tuple[str, int, int]] = {}
        default = settings.language or asked
        for sheet in sheets:
            for column in columns(sheet.header) if sheet else ():
                if column.base in TRANSLATED and sheet and any(column.header in cells for _, cells in sheet.rows):
                    self._language(sheet.name, column.language, default)
        if not self._codes:
            self._language("settings", None, default)
        self.languages = tuple(dict.fromkeys(self._codes.values()))

    def _language(self, sheet: str, name: str | None, default: str | None) -> None:
        if name in self._codes:
            return
        code = language_code(name) if name else default
        if code is None and name is None:
            self.findings.warn(sheet, 1, "label", "xlsform_language_unknown")
            code = UNKNOWN_LANGUAGE
        elif code is None:
            code = made_up_code(name or "", len(self._codes) + 1)
            self.findings.warn(sheet, 1, f"label::{name}", "xlsform_language_no_code", value=name, ours=code)
        self._codes[name] = code

    def text(self, given: Mapping[str | None, str], sheet: str, row: int) -> Text:
        """In every language; {} if there is no text at all. A language without one gets the first that is there."""
        found = {self._codes[name]: text for name, text in given.items() if name in self._codes and text}
        if not found:
            return {}
        spare = next((found[language] for language in self.languages if language in found), "")
        for language in self.languages:
            if language not in found:
                _, first, count = self._missing.get(language, (sheet, row, 0))
                self._missing[language] = (self._missing.get(language, (sheet, row, 0))[0], first, count + 1)
        return {language: found.get(language, spare) for language in self.languages}

    def everywhere(self, texts: Text | str) -> Text:
        """Words of ours, or one text for all languages."""
        if isinstance(texts, str):
            return dict.fromkeys(self.languages, texts)
        return {language: texts.get(language, texts["en"]) for language in self.languages}

    def tell_missing(self) -> None:
        """One warning a language for all the texts that it lacks."""
        for language, (sheet, row, count) in self._missing.items():
            self.findings.warn(sheet, row, "label", "xlsform_untranslated", language=language, count=count)


def replaced(text: Text, replace: Callable[[str], str]) -> Text:
    """The text with each `${name}` replaced."""
    return {language: _PIPE.sub(lambda match: replace(match[1].strip()), line) for language, line in text.items()}


def pipes(text: Text) -> list[str]:
    """The names in `${…}`, in order."""
    return [name.strip() for line in text.values() for name in _PIPE.findall(line)]
