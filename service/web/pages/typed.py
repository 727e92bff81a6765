"""Numbers, days and times as people type them, in one way of writing; what is none stays as it was typed."""

import re
import unicodedata
from datetime import datetime

from service.domain.days import CHINA

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号號]?|(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2})\s*[:时時]\s*(\d{2})\s*分?(:\d{2}(?:\.\d{1,3})?)?")


def plain(text: str) -> str:
    """Full-width digits and signs as the narrow ones, without blanks around."""
    return unicodedata.normalize("NFKC", text).strip()


def number(text: str) -> str:
    """12, １２ and 1,200 are numbers to a person."""
    return _THOUSANDS.sub("", plain(text))


def day(text: str) -> str:
    """Where a browser has no field for dates people type 2026/5/1, 2026年5月1日 or 20260501."""
    found = _DAY.fullmatch(plain(text))
    if not found:
        return text
    year, month, date = (part for part in found.groups() if part)
    return f"{year}-{int(month):02}-{int(date):02}"


def moment(text: str) -> str:
    """A day and a time of China's clock, as a browser's field has them: 2026-05-31T18:00."""
    date, _, time = plain(text).replace("T", " ").rpartition(" ")
    at = _TIME.fullmatch(time)
    if not at or day(date) == date and not _DAY.fullmatch(date):
        return text
    return f"{day(date)}T{int(at[1]):02}:{at[2]}{at[3] or ''}"


def with_zone(text: str) -> str:
    """A time of China's clock with its offset, as schemas read it; anything else as it is."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (at if at.tzinfo else at.replace(tzinfo=CHINA)).isoformat() if len(text) > 10 else text


def on_chinas_clock(text: str) -> str:
    """A time with an offset as `moment` gives it, with seconds only where there are some."""
    try:
        at = datetime.fromisoformat(text).astimezone(CHINA).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return text
    spec = "milliseconds" if at.microsecond else "seconds" if at.second else "minutes"
    return at.isoformat(timespec=spec)
