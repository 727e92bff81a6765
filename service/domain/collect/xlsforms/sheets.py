"""A workbook as it is handed in and out: sheets of texts, what is found in them with its place, and their headers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from service.domain.errors import FAULTS, Fault
from service.domain.shapes import LANGUAGE

SURVEY, CHOICES, SETTINGS, EXTRAS, ENTITIES = "survey", "choices", "settings", "minyi", "entities"
UNKNOWN_LANGUAGE = "und"  # BCP 47: not determined
FINDING_LIMIT = 500


@dataclass(frozen=True)
class Sheet:
    """`rows`: (number of the row as a spreadsheet shows it, text by header). Empty cells are absent."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


@dataclass(frozen=True)
class Finding:
    """A problem, or a warning, at one place of a workbook."""

    sheet: str
    row: int | None
    column: str
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)
    warning: bool = False

    @property
    def fault(self) -> Fault:
        parts = (self.sheet, str(self.row) if self.row else "", self.column)
        return Fault(".".join(part for part in parts if part), self.reason, self.params)

    @property
    def message(self) -> str:
        return FAULTS[self.reason].format(**self.params)


class Findings:
    """What was found so far; the same thing at the same place is kept once."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], Finding] = {}

    def problem(self, sheet: str, row: int | None, column: str, reason: str, /, **params: Any) -> None:
        self._add(Finding(sheet, row, column, reason, params))

    def warn(self, sheet: str, row: int | None, column: str, reason: str, /, **params: Any) -> None:
        self._add(Finding(sheet, row, column, reason, params, warning=True))

    def _add(self, finding: Finding) -> None:
        key = (finding.sheet, finding.row, finding.column, finding.reason, str(finding.params))
        if len(self._found) < FINDING_LIMIT:
            self._found.setdefault(key, finding)

    @property
    def broken(self) -> bool:
        return any(not finding.warning for finding in self._found.values())

    def listed(self) -> tuple[Finding, ...]:
        """Problems before warnings, each in the order of sheets and rows."""
        order = {SETTINGS: 0, SURVEY: 1, CHOICES: 2}
        return tuple(
            sorted(
                self._found.values(),
                key=lambda one: (one.warning, order.get(one.sheet, 3), one.row or 0),
            )
        )


@dataclass(frozen=True)
class Column:
    """A header read: `base` in pyxform's spelling; `language` is None where the header names none."""

    header: str
    base: str
    language: str | None = None


TRANSLATED: Final = frozenset({"label", "hint", "constraint_message", "required_message", "guidance_hint"})
_ALIASES: Final = {
    "caption": "label",
    "command": "type",
    "tag": "name",
    "value": "name",
    "list": "list_name",
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "bind::required": "required",
    "bind::constraint": "constraint",
    "bind::calculate": "calculation",
    "bind::readonly": "read_only",
    "bind::jr:constraintmsg": "constraint_message",
    "bind::jr:requiredmsg": "required_message",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "calculate": "calculation",
    "readonly": "read_only",
    "control::appearance": "appearance",
    "body::appearance": "appearance",
    "set_form_title": "form_title",
    "title": "form_title",
    "set_form_id": "form_id",
    "id_string": "form_id",
}
_MEDIA: Final = ("image", "big-image", "audio", "video")

# Names of languages as the sheets are written and read with; a code in brackets wins over the name.
NAMES: Final = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
_CODES: Final = {
    "简体中文": "zh-Hans",
    "中文": "zh-Hans",
    "中文（简体）": "zh-Hans",
    "chinese": "zh-Hans",
    "simplified chinese": "zh-Hans",
    "繁體中文": "zh-Hant",
    "traditional chinese": "zh-Hant",
    "english": "en",
    "français": "fr",
    "french": "fr",
    "deutsch": "de",
    "german": "de",
    "español": "es",
    "spanish": "es",
    "português": "pt",
    "portuguese": "pt",
    "русский": "ru",
    "russian": "ru",
    "العربية": "ar",
    "arabic": "ar",
    "amharic": "am",
    "日本語": "ja",
    "japanese": "ja",
    "한국어": "ko",
    "korean": "ko",
    "tiếng việt": "vi",
    "vietnamese": "vi",
}
_BRACKETED = re.compile(r"(.*?)\s*\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3})\)")


def language_name(code: str) -> str:
    """How a language is named in a header: `简体中文 (zh-Hans)`."""
    return f"{NAMES.get(code, code)} ({code})"


def language_code(name: str) -> str | None:
    """The code (BCP 47) of a language as headers and settings name it, or None if that cannot be told."""
    name = " ".join(name.split())
    if match := _BRACKETED.fullmatch(name):
        name = match[2].replace("_", "-")
    elif code := _CODES.get(name.lower()):
        return code
    head, _, rest = name.partition("-")
    code = f"{head.lower()}-{rest}" if rest else head.lower()
    bracketed = match is not None
    return code if LANGUAGE.fullmatch(code) and (bracketed or len(head) == 2) else None


def made_up_code(name: str, place: int) -> str:
    """A well-formed code for a language whose name says none."""
    letters = re.sub(r"[^a-z0-9]", "", name.lower())[:8]
    return f"{UNKNOWN_LANGUAGE}-{letters if len(letters) >= 5 else f'lang{place:04}'}"


def columns(header: Sequence[str]) -> Iterator[Column]:
    """Each header with what it stands for. Languages are given as written."""
    double = any("::" in name for name in header)
    for name in header:
        parts = [part.strip() for part in name.split("::" if double else ":")]
        head = "_".join(parts[0].split()).lower()
        if head == "media" and len(parts) > 1:
            parts = parts[1:]
            head = parts[0].lower()
        whole = "::".join([head, *(part.lower() for part in parts[1:])])
        base = _ALIASES.get(head, head)
        if base in TRANSLATED or base in _MEDIA:
            yield Column(name, base, "::".join(parts[1:]) or None)
        elif len(parts) > 2 and _ALIASES.get("::".join([head, parts[1].lower()])) in TRANSLATED:
            yield Column(name, _ALIASES["::".join([head, parts[1].lower()])], "::".join(parts[2:]))
        else:
            yield Column(name, _ALIASES.get(whole, whole if len(parts) > 1 else base))


_PLAIN_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


def plain_quotes(text: str) -> str:
    """Typographic quotation marks as plain ones, as every converter of XLSForms makes them."""
    return text.translate(_PLAIN_QUOTES)


def is_media(column: Column) -> bool:
    """Whether the column names pictures or sounds."""
    return column.base in _MEDIA
