"""What the desk's forms of draws hold, read into what operations take."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from service.domain.errors import Fault, Refused
from service.web.pages.desk.words import CHINA

PLANNER_FIELDS = (
    *("goal", "population", "tolerable", "risk", "stages", "edge", "expected", "distance", "points"),
    *("design_effect", "response"),
)
_STAGE = re.compile(r"(\d{1,6})\s*[:：/]\s*(\d{1,2})")
_NUMBER = re.compile(r"\d{1,6}")


def planner_values(goal: str, given: Mapping[str, str]) -> dict[str, Any]:
    """The planner's numbers. Raises Refused("invalid") for what is no number."""
    if goal not in ("error_rate", "survey", "boundary", "stages"):
        raise Refused("not_found", noun="draw")
    values: dict[str, Any] = {name: share(given, name) for name in PLANNER_FIELDS[2:] if name != "stages"}
    values["population"] = whole(given, "population")
    values["stages"] = stages(given.get("stages", ""), "stages")
    return values


def share(given: Mapping[str, str], name: str) -> Decimal | None:
    """A decimal number; percent are written with their sign. None if left empty."""
    text = given.get(name, "").strip().replace("％", "%")
    if not text:
        return None
    try:
        value = Decimal(text.rstrip("%").strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or len(text) > 20 or abs(value.adjusted()) > 9:
        raise Refused("invalid", [Fault(name, "wrong_type", {"expected": "a number, such as 0.05 or 5%"})])
    return value / 100 if text.endswith("%") else value


def whole(given: Mapping[str, str], name: str) -> int | None:
    """A whole number. None if left empty."""
    text = given.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and _NUMBER.fullmatch(text) and int(text) > 0):
        raise Refused("invalid", [Fault(name, "wrong_type", {"expected": "a whole number from 1"})])
    return int(text)


def stages(text: str, name: str) -> list[dict[str, int]]:
    """`45:0, 33:1`: how many are taken, and how many errors are allowed in all stages so far."""
    parts = [part.strip() for part in re.split(r"[,，;；\n]", text) if part.strip()]
    found = [_STAGE.fullmatch(part) for part in parts]
    if not all(found) or not text.isascii() and any(not part.isascii() for part in re.findall(r"\d+", text)):
        raise Refused("invalid", [Fault(name, "wrong_type", {"expected": "stages such as 60:0, 40:1"})])
    return [{"n": int(one[1]), "errors": int(one[2])} for one in found if one]


def numbers_by_stratum(text: str) -> dict[str, int]:
    """A line for each stratum: its name, a colon, how many."""
    found: dict[str, int] = {}
    for row, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, _, number = line.replace("：", ":").rpartition(":")
        if not (number.strip().isascii() and _NUMBER.fullmatch(number.strip())) or name.strip() in found:
            raise Refused("invalid", [Fault(f"allocation.{row}", "wrong_type", {"expected": "a stratum: a number"})])
        found[name.strip()] = int(number.strip())
    return found


def moment(given: Mapping[str, str], name: str) -> datetime | None:
    """A time of the form, in the country's one time zone. None if left empty."""
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text[:16]).replace(tzinfo=CHINA)
    except ValueError:
        raise Refused("invalid", [Fault(name, "not_a_moment")]) from None
