"""Cells of tables that go out: what a spreadsheet would take for a formula is made a plain text."""

import re
import unicodedata
from decimal import Decimal
from typing import Final

Cell = str | int | Decimal | None
"""A number stands for a number, a text for itself, None for an empty cell."""

FORMULA_SIGNS: Final = frozenset("=+-@\t\r\n|%")
"""First characters by which spreadsheets recognise a formula, a command or the beginning of another cell."""

QUOTE: Final = "'"
_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,15})?")


def neutral(cell: Cell) -> Cell:
    """The cell with an apostrophe before it if it looks like a formula; numbers, also typed ones, are left alone.

    Spaces and invisible characters before the sign are looked through, and full-width signs count as the plain ones,
    because spreadsheets in Chinese take them for such. A cell that is quoted already is quoted once more, so that
    taking one apostrophe away gives back what was there.
    """
    if not isinstance(cell, str) or not cell or cell[0].isalnum() or _NUMBER.fullmatch(cell):
        return cell
    if cell[0] in "\t\r\n" or cell[0] == QUOTE:
        return QUOTE + cell
    seen = next((character for character in cell if not _passed_over(character)), "")
    return QUOTE + cell if unicodedata.normalize("NFKC", seen)[:1] in FORMULA_SIGNS and seen else cell


def _passed_over(character: str) -> bool:
    """White space, controls and marks of direction, which a spreadsheet may drop before it looks."""
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf")


def plain_number(text: str) -> Cell:
    """A canonical number as Decimal; any other text as it is."""
    return Decimal(text) if _NUMBER.fullmatch(text) else text
