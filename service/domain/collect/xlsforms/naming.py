"""How our ids stand in a workbook, and back.

Names in a workbook share one space: sections, questions and rows of a matrix must not meet. What might is written with
a suffix or prefix that reading takes off again, whatever the ids are.
"""

import re
from typing import Final

from service.domain.collect.questions import ID

_TAKEN_BY_FORMS: Final = re.compile(r"(meta|data)(__)*")  # the form's own group, and its root
_SECTION: Final = "__section"


def question_name(id: str) -> str:
    """The name of a question; those that every form has already get a suffix."""
    return f"{id}__" if _TAKEN_BY_FORMS.fullmatch(id) else id


def question_id(name: str) -> str:
    """The id that `question_name` was made of."""
    return name[:-2] if _TAKEN_BY_FORMS.fullmatch(name) and name.endswith("__") else name


def row_name(matrix: str, row: str) -> str:
    """A row's name begins with its matrix's: rows of two matrices may have one id."""
    return f"{matrix}__{row}"


def row_id(matrix: str, name: str) -> str:
    """The id that `row_name` was made of; other names stay as they are."""
    return name.removeprefix(f"{matrix}__") or name


def section_name(id: str, questions: set[str]) -> str:
    """The name of a section beside those of the questions."""
    escaped = question_name(id)
    return f"{escaped}{_SECTION}" if escaped in questions or escaped.endswith(_SECTION) else escaped


def section_id(name: str) -> str:
    """The id that `section_name` was made of."""
    return question_id(name.removesuffix(_SECTION))


def fitted_id(name: str, taken: set[str]) -> str:
    """`name` as an id of ours, other than those taken; it is added to them."""
    id = name
    if not ID.fullmatch(id):
        id = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        id = (id if id[:1].isalpha() else f"q_{id}").strip("_")[:40] or "q"
    base, more = id, 2
    while id in taken:
        id = f"{base[: 39 - len(str(more))]}_{more}"
        more += 1
    taken.add(id)
    return id
