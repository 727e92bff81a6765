"""What all readers of XLSX share: an archive is held to limits before it is parsed, and a cell becomes a text."""

import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import IO, Any, Final

PART_LIMIT: Final = 500
BLOCK: Final = 1 << 16
_WORKSHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s")


class BadArchive(Exception):
    """No archive that may be unpacked; `large` when it is one that would unpack to too much."""

    def __init__(self, large: bool = False) -> None:
        super().__init__()
        self.large = large


def check_archive(file: IO[bytes], unpacked_limit: int) -> frozenset[str]:
    """The parts that hold merged cells. A few thousand bytes may unpack to gigabytes, and a document type may make a
    parser of XML read more than there is. A part cannot yield more than it declares.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > PART_LIMIT or sum(part.file_size for part in parts) > unpacked_limit:
                raise BadArchive(large=True)
            texts = [part for part in parts if part.filename.lower().endswith((".xml", ".rels"))]
            merged = [part.filename for part in texts if _has_merged(part.filename, archive.open(part))]
    except BadArchive:
        raise
    except Exception as error:
        raise BadArchive from error
    file.seek(0)
    return frozenset(merged)


def _has_merged(name: str, part: IO[bytes]) -> bool:
    """Whether a sheet has merged cells. Raises BadArchive for a document type."""
    tail, merged, sheet = b"", False, bool(_WORKSHEET.fullmatch(name))
    while block := part.read(BLOCK):
        seen = tail + block
        if b"<!DOCTYPE" in seen:
            raise BadArchive
        merged = merged or (sheet and bool(_MERGED.search(seen)))
        tail = seen[-40:]
    return merged


def text_of(value: Any, truth: Iterable[str] = ("true", "false")) -> str:
    """A cell as text: 5.0 is the code 5, a date is ISO."""
    match value:
        case None:
            return ""
        case bool():
            yes, no = truth
            return yes if value else no
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("\r", "\n")
