"""Words of frames: kinds of lists, uses of columns, sides of a comparison; and findings as rows of a table."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from service.domain.errors import Fault
from service.web.errors import fault_text

KIND_WORDS: Mapping[str, str] = {
    "case": "Cases",
    "group": "Groups",
    "session": "Sessions of groups",
    "activity": "Activities",
    "roster": "Rosters of staff",
    "plan": "Plans",
    "recipient": "Recipients",
    "worker": "Workers",
    "partner": "Partners",
}
DIRECTION_WORDS: Mapping[str, str] = {
    "claims": "What is claimed, to be found in the evidence",
    "evidence": "Evidence, to be found in the records",
}
USE_WORDS: Mapping[str, str] = {
    "": "leave out",
    "serial": "serial of the item",
    "made": "serials are made from it",
    "stratum": "stratum",
    "site": "site",
    "on": "date",
    "amount": "amount",
    "detail": "shown to the auditor",
    "personal.phone": "personal: phone",
    "personal.id_number": "personal: ID number",
    "personal.name": "personal: name",
    "personal.birth": "personal: date of birth",
    "personal.address": "personal: address",
    "personal.other": "personal: other",
    "made.phone": "serials are made from it; personal: phone",
    "made.id_number": "serials are made from it; personal: ID number",
}
AGAINST_WORDS: Mapping[str, str] = {
    "case_files": "Case files",
    "sign_in": "Sign-in sheets",
    "purchaser": "The purchaser's list",
    "staff": "The list of staff",
}
MATCH_WORDS: Mapping[str, str] = {
    "phone": "Phone",
    "id_number": "ID number",
    "name": "Name",
    "birth": "Date of birth",
    "name_birth": "Name and date of birth",
    "given": "Id",
}
FIELD_WORDS: Mapping[str, str] = {
    "claimed": "Claimed in all",
    "name": "Name",
    "source": "Where it comes from",
    "contacts_until": "Personal columns are deleted on",
    "kind": "Kind",
}


def named(words: Mapping[str, str]) -> dict[str, str]:
    """Codes with their words in the reader's language."""
    return {code: gettext(text) for code, text in words.items()}


def of_fault(fault: Fault) -> dict[str, Any]:
    """Row, column and text of a fault; what is about no row has none."""
    place = fault.field.removeprefix("rows.")
    row, _, column = place.partition(".")
    if fault.field.startswith("rows.") and row.isdigit():
        return {"row": row, "column": column, "text": fault_text(fault)}
    return {"row": "", "column": gettext(FIELD_WORDS[place]) if place in FIELD_WORDS else "", "text": fault_text(fault)}
