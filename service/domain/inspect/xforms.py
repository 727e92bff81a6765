"""XForms: a checklist's questions as a form of ODK Collect, with what an auditor's record needs around them."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from service.domain.collect.questionnaires import Questionnaire
from service.domain.collect.xlsforms import exports
from service.domain.collect.xlsforms.sheets import CHOICES, SETTINGS, SURVEY, Sheet, language_name
from service.domain.inspect.xform_words import WORDS
from service.domain.modes import Text

ITEMS_FILE: Final = "items.csv"
AUDIT_FILE: Final = "audit.csv"  # the app's log of the filling in
INSTANCE: Final = "items"  # how expressions call the file

# Names of our own rows begin with an underscore, as no question's does.
ITEM, DETAILS, PLACE = "_item", "_details", "_place"
WITNESS, WITNESS_NAME, WITNESS_SIGNATURE = "_witness", "_witness_name", "_witness_signature"
REFUSAL, SECOND_SIGNATURE = "_refusal", "_second_signature"
AUDITOR_SIGNATURE, NOTE = "_auditor_signature", "_note"
SIGNED, REFUSED_TO_SIGN, NOBODY = "signed", "refused", "nobody"
SIGNATURES: Final = {AUDITOR_SIGNATURE: "auditor", WITNESS_SIGNATURE: "witness", SECOND_SIGNATURE: "second"}
_WITNESS_LIST: Final = "_witness_list"
# Where the phone was at each question; what was changed after the record was finished, with the reason.
_AUDIT: Final = (
    "location-priority=high-accuracy location-min-interval=30 location-max-age=60 "
    "track-changes=true identify-user=true track-changes-reasons=on-form-edit"
)
_LONGEST_CELL: Final = 300


@dataclass(frozen=True)
class XForm:
    """A form as it is served for ever: `id` is the checklist version's, `md5` (hex) that of the exact `content`."""

    id: str
    form_id: str
    version: str
    name: str
    content: bytes = field(repr=False)
    md5: str
    made_at: datetime


@dataclass(frozen=True)
class MediaFile:
    """A file that a form names, as one auditor gets it."""

    name: str
    content: bytes = field(repr=False)

    @property
    def md5(self) -> str:
        return md5(self.content)


@dataclass(frozen=True)
class Upload:
    """A file sent with a record, under the name that the record calls it by."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Item:
    """What an auditor is to look up, as a choice: `key` is the value in the record."""

    key: str
    label: str
    site: str = ""
    serial: str = ""
    on: str = ""
    details: str = ""


def md5(content: bytes) -> str:
    """Hex; OpenRosa compares files by it. No protection against anybody, and not meant as one."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def items_file(items: Iterable[Item]) -> bytes:
    """The choice list: UTF-8, one line an item, always the same bytes for the same items."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(["name", "label", "site", "serial", "date", "details"])
    for one in sorted(items, key=lambda item: (item.site, item.serial, item.key)):
        rows.writerow(
            [one.key, *(_cell(text) for text in (one.label, one.site, one.serial, one.on, one.details))],
        )
    return written.getvalue().encode()


def _cell(text: str) -> str:
    """One line, bounded: some readers of CSV on phones stumble over line ends inside quotes."""
    return " ".join(text.split())[:_LONGEST_CELL]


def write(questionnaire: Questionnaire, name: str) -> list[Sheet]:
    """The workbook of a checklist's form: our rows around the questions. `name` is what the app's list shows."""
    sheets = {sheet.name: sheet for sheet in exports.write(questionnaire)}
    languages = questionnaire.languages
    survey = [*_before(languages), *(dict(cells) for _, cells in sheets[SURVEY].rows), *_after(languages)]
    choices = [dict(cells) for _, cells in sheets[CHOICES].rows] if CHOICES in sheets else []
    settings = dict(sheets[SETTINGS].rows[0][1]) | {"form_title": name, "instance_name": _INSTANCE_NAME}
    return [
        _sheet(SURVEY, survey),
        _sheet(CHOICES, [*choices, *_witness_list(languages)]),
        _sheet(SETTINGS, [settings]),
    ]


_INSTANCE_NAME: Final = f"instance('{INSTANCE}')/root/item[name=${{{ITEM}}}]/label"
Cells = dict[str, str]


def _before(languages: Sequence[str]) -> list[Cells]:
    """Which item, what is known of it, and where the phone is."""
    found = f"instance('{INSTANCE}')/root/item[name=${{{ITEM}}}]/details"
    return [
        *({"type": name, "name": name} for name in ("start", "end", "deviceid", "username")),
        {"type": "audit", "name": "audit", "parameters": _AUDIT},
        {"type": f"select_one_from_file {ITEMS_FILE}", "name": ITEM, "required": "yes", "appearance": "minimal"}
        | _text("label", WORDS["item"], languages),
        {"type": "calculate", "name": DETAILS, "calculation": found},
        {"type": "note", "name": "_shown", "relevant": f"${{{DETAILS}}} != ''"}
        | _text("label", {code: f"{text}\n${{{DETAILS}}}" for code, text in WORDS["details"].items()}, languages),
        {"type": "geopoint", "name": PLACE}
        | _text("label", WORDS["place"], languages)
        | _text("hint", WORDS["place_hint"], languages),
    ]


def _after(languages: Sequence[str]) -> list[Cells]:
    """The signatures: of the provider's witness or, if that is refused, of the second auditor beside the reason."""
    signature = {"type": "image", "appearance": "signature"}
    signed, refused = (f"${{{WITNESS}}} = '{code}'" for code in (SIGNED, REFUSED_TO_SIGN))
    unsigned = f"{refused} or ${{{WITNESS}}} = '{NOBODY}'"
    return [
        {"type": "text", "name": NOTE, "appearance": "multiline", "constraint": "string-length(.) <= 2000"}
        | _text("label", WORDS["note"], languages),
        {"type": f"select_one {_WITNESS_LIST}", "name": WITNESS, "required": "yes"}
        | _text("label", WORDS["witness"], languages),
        {"type": "text", "name": WITNESS_NAME, "relevant": signed, "constraint": "string-length(.) <= 100"}
        | _text("label", WORDS["witness_name"], languages),
        {"name": WITNESS_SIGNATURE, "relevant": signed, "required": "yes"}
        | signature
        | _text("label", WORDS["witness_signature"], languages),
        {"type": "text", "name": REFUSAL, "relevant": unsigned, "required": "yes"}
        | {"constraint": "string-length(.) <= 1000"}
        | _text("label", WORDS["refusal"], languages),
        {"name": SECOND_SIGNATURE, "relevant": unsigned, "required": "yes"}
        | signature
        | _text("label", WORDS["second_signature"], languages),
        {"name": AUDITOR_SIGNATURE} | signature | _text("label", WORDS["auditor_signature"], languages),
    ]


def _witness_list(languages: Sequence[str]) -> list[Cells]:
    return [
        {"list_name": _WITNESS_LIST, "name": code} | _text("label", WORDS[f"witness_{code}"], languages)
        for code in (SIGNED, REFUSED_TO_SIGN, NOBODY)
    ]


def _text(base: str, text: Text, languages: Sequence[str]) -> Cells:
    """In every language of the questionnaire; English where we have no words in it."""
    return {f"{base}::{language_name(each)}": text.get(each, text["en"]) for each in languages}


def _sheet(name: str, rows: Sequence[Cells]) -> Sheet:
    header = dict.fromkeys(column for row in rows for column in row)
    return Sheet(name, tuple(header), tuple(enumerate(rows, 2)))
