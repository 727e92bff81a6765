"""Files of spot checks: which names, sizes and pieces are taken, and what is told by a camera about its picture."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from service.domain.errors import Fault
from service.domain.shapes import has_forbidden, shown

PIECE = 256 * 1024  # bytes
MOST_BYTES = 12_000_000  # of one file
MOST_FILES = 60  # of one record
MOST_NAME = 200  # characters
THUMBNAIL = 360  # px
SHA256 = re.compile(r"[0-9a-f]{64}")
AUDIT_LOG = "audit.csv"  # what ODK Collect writes of its own accord; the one file that is no picture
TEXT = "text/csv"
_PATHS = frozenset("/\\:")


@dataclass(frozen=True)
class EvidenceFile:
    """A file that is there and was looked into. `origin` is the client's id of the record, `file` where it is kept.

    `facts` is what the camera wrote into it (time, position, maker), read before others get it without.
    """

    id: str
    origin: str
    sha256: str
    size: int
    content_type: str
    file: str
    at: datetime
    width: int = 0
    height: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)
    thumbnail: bytes = b""


def file_id(origin: str, sha256: str) -> str:
    """A file belongs to its record: the same picture sent with two records is kept twice."""
    return f"{origin}/{sha256}"


def name_fault(name: Any) -> str:
    """The reason of a fault, or "": a name is that of a file in no folder, as it may stand on a phone."""
    if not isinstance(name, str) or not name.strip():
        return "missing"
    if len(name) > MOST_NAME:
        return "too_long"
    bad = has_forbidden(name) or "\n" in name or "\t" in name or _PATHS & set(name) or name.strip(". ") == ""
    return "bad_file_name" if bad else ""


def entry_faults(media: Iterable[Mapping[str, Any]], photos: Iterable[str]) -> Iterable[Fault]:
    """What is wrong with the list of files that a record names."""
    asking, names, entries = set(photos), set(), list(media)
    if len(entries) > MOST_FILES:
        yield Fault("media", "too_many", {"limit": MOST_FILES})
    for place, entry in enumerate(entries[:MOST_FILES]):
        at, name = f"media.{place}", entry.get("name")
        if reason := name_fault(name):
            yield Fault(f"{at}.name", reason, {"limit": MOST_NAME} if reason == "too_long" else {})
        elif name in names:
            yield Fault(f"{at}.name", "duplicate", {"value": name})
        names.add(name)
        if (sha256 := entry.get("sha256")) and not (isinstance(sha256, str) and SHA256.fullmatch(sha256)):
            yield Fault(f"{at}.sha256", "wrong_type", {"expected": "64 hex digits in lower case"})
        size = entry.get("size")
        if size is not None and not (isinstance(size, int) and 0 < size <= MOST_BYTES):
            yield Fault(f"{at}.size", "out_of_range", {"lower": 1, "upper": MOST_BYTES})
        if (question := entry.get("question")) and question not in asking:
            yield Fault(f"{at}.question", "unknown_question")


def piece_faults(offset: int, total: int, length: int) -> Iterable[Fault]:
    """What is wrong with a piece of a file, by its numbers alone."""
    if not 0 < total <= MOST_BYTES:
        yield Fault("total", "out_of_range", {"lower": 1, "upper": MOST_BYTES})
    elif not 0 <= offset < total:
        yield Fault("offset", "out_of_range", {"lower": 0, "upper": total - 1})
    elif not 0 < length <= min(PIECE, total - offset):
        yield Fault("body", "out_of_range", {"lower": 1, "upper": min(PIECE, total - offset)})


def contiguous(pieces: Iterable[tuple[int, int]]) -> int:
    """How many bytes are there from the beginning without a gap, of pieces (offset, size)."""
    end = 0
    for offset, size in sorted(pieces):
        if offset != end:
            break
        end += size
    return end


# Tags of EXIF 2.32 that say when, where and by what a picture was taken.
_TIMES = ((0x9003, 0x9011), (0x9004, 0x9012))  # original, digitised; each with its offset from UTC
_MAKER = {0x010F: "maker", 0x0110: "model", 0x0131: "software"}
_CHINA = timezone(timedelta(hours=8))
MOST_TOLD = 60  # characters of what a camera calls itself


def camera_facts(main: Mapping[int, Any], exif: Mapping[int, Any], gps: Mapping[int, Any]) -> dict[str, Any]:
    """What a camera wrote: taken_at (aware), latitude and longitude in degrees, maker, model, software; what is there.

    A time without an offset is taken for China's, which has one time zone.
    """
    facts: dict[str, Any] = {name: told for tag, name in _MAKER.items() if (told := _words(main.get(tag)))}
    for tag, offset_tag in _TIMES:
        if taken := _moment(exif.get(tag), exif.get(offset_tag)):
            facts["taken_at"] = taken
            break
    latitude, longitude = _degrees(gps.get(2), gps.get(1), "S"), _degrees(gps.get(4), gps.get(3), "W")
    if latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180:
        facts |= {"latitude": latitude, "longitude": longitude}
    return facts


def _words(value: Any) -> str:
    text = value.strip("\x00 ") if isinstance(value, str) else ""
    return shown(text[:MOST_TOLD]) if text else ""


def _moment(value: Any, offset: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    zone = offset.strip("\x00 ") if isinstance(offset, str) else ""
    try:
        if re.fullmatch(r"[+-]\d\d:\d\d", zone):
            return datetime.strptime(value.strip("\x00 ") + zone, "%Y:%m:%d %H:%M:%S%z").astimezone(UTC)
        return datetime.strptime(value.strip("\x00 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=_CHINA).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _degrees(parts: Any, side: Any, negative: str) -> float | None:
    """Degrees, minutes, seconds as three numbers."""
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        return None
    return round(-value if str(side).strip("\x00 ").upper() == negative else value, 7)
