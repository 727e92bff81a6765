"""The published file of a draw: one form for page, command line and API, and its verification step by step.

`service/web/static/draw-verifier.js` does the same in the reader's browser; a test compares the two case by case.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from service.domain.inspect import draws
from service.domain.inspect.draws import MIN_SECRET, SEED_FORMAT, RecordedDraw
from service.domain.inspect.frames import MAX_SERIAL, Frame, frame_sha256, invisible, normal

# In the order in which they are checked.
STEPS = ("file", "frame", "reveal", "commitment", "seed", "allocation", "drawn")
MAX_INTEGER = 2**53 - 1  # what a browser counts exactly
_HASH = re.compile(r"[0-9a-f]{64}")
_HEX = re.compile(r"(?:[0-9a-f]{2})*")

# What can be wrong at each step. English source texts; the page translates them.
REASONS: Mapping[str, str] = {
    "unreadable": "This is not a file of a draw: it cannot be read.",
    "format_unknown": "The file is not of the form minyi-draw/1.",
    "wrong_type": "This part of the file is missing or not of its kind.",
    "empty": "The list is empty.",
    "blank": "This line of the list is empty.",
    "too_long": "This line of the list is too long.",
    "invisible": "This line of the list holds characters that nobody can see.",
    "repeated": "This line of the list repeats an earlier one.",
    "hash_differs": "The list is not the one that was frozen: its SHA-256 is another one.",
    "nothing_revealed": "No party revealed a secret.",
    "not_revealed": "This party did not reveal its secret, and no public value stands in for it.",
    "secret_short": "This party's secret has less than 16 bytes: it can be found by trying.",
    "secret_repeated": "This party has the same secret as another one.",
    "secret_differs": "This party's secret is not the one that it committed to.",
    "uncommitted": "This party revealed a secret that it had not committed to.",
    "seed_differs": "The seed does not follow from list, secrets and public value.",
    "stratum_unknown": "The list has no such stratum.",
    "nothing_to_draw": "It is not said how many were to be drawn.",
    "too_many": "More were to be drawn than the stratum holds.",
    "drawn_differs": "Another item should stand at this place of the drawn.",
    "not_in_frame": "This drawn item is not on the list.",
}
# What a reader should know although everything holds.
REMARKS: Mapping[str, str] = {
    "no_commitments": "No party had committed to its secret, so the draw could have been repeated until it pleased.",
    "one_party": "One party alone made the seed.",
    "dropped": "This party did not reveal its secret; the public value named before stands in for it.",
}


@dataclass(frozen=True)
class Published:
    """The parts of a published file, of the right kinds; `serials` and `strata` as they stand there."""

    draw: str
    number: int
    sha256: str
    serials: Sequence[str] = field(repr=False)
    strata: Sequence[str] | None = field(repr=False)
    allocation: Mapping[str, int]
    skip: Mapping[str, int]
    commitments: Mapping[str, str]
    secrets: Mapping[str, str]
    public: str
    seed: str
    drawn: Sequence[str]
    public_source: str = ""


@dataclass(frozen=True)
class Failure:
    """The first thing that does not hold: its step, why, and the `place` (field, line, party, stratum or place drawn).

    None as `expected` or `found`: nothing should stand, or stands, here. `note` is the earlier line of a repeated one.
    """

    step: str
    reason: str
    place: str = ""
    expected: str | None = None
    found: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Verdict:
    """None as `failure`: all that was published follows from list and secrets. `remarks` are (code, party or "")."""

    failure: Failure | None
    remarks: tuple[tuple[str, str], ...] = ()
    listed: int = 0
    drawn: int = 0


class _Wrong(Exception):
    def __init__(self, failure: Failure) -> None:
        self.failure = failure


def _fail(step: str, reason: str, place: object = "", **more: Any) -> _Wrong:
    return _Wrong(Failure(step, reason, str(place), **more))


def plain_form(draw: RecordedDraw, frame: Frame) -> dict[str, Any]:
    """What is published of an opened draw; `allocation` and `skip` by stratum, "" in a frame without strata."""
    return {
        "format": SEED_FORMAT,
        "draw": draw.id,
        "number": draw.number,
        "frame": {
            "sha256": draw.frame_sha256,
            "serials": list(frame.serials),
            "strata": None if frame.strata is None else list(frame.strata),
        },
        "allocation": dict(draw.allocation),
        "skip": dict(draw.skip),
        "commitments": dict(draw.commitments),
        "secrets": dict(draw.secrets),
        "public_source": draw.public_source,
        "public": draw.public,
        "seed": draw.seed,
        "drawn": [item.serial for item in draw.items],
    }


def verify_text(text: str) -> Verdict:
    """The verdict on a published file as it was sent."""

    try:
        plain = json.loads(text, parse_constant=_no_constant, parse_int=_number)
    except (ValueError, RecursionError):
        return Verdict(Failure("file", "unreadable"))
    return verify(plain)


def _no_constant(name: str) -> Any:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)


def _number(digits: str) -> int | float:
    """Long numbers as a browser reads them."""
    return int(digits) if len(digits) < 16 else float(digits)


def verify(plain: Any) -> Verdict:
    """Check a published file step by step, in the order of STEPS; the first step that does not hold ends it.

    Rules: G45; design, "A draw nobody can dispute". Never raises for what is in the file.
    """
    try:
        published = read(plain)
        frame = _frame(published)
        remarks = tuple(_secrets(published))
        _seed(published, frame)
        _allocation(published, frame)
        _drawn(published, frame)
    except _Wrong as wrong:
        return Verdict(wrong.failure)
    return Verdict(None, remarks, len(frame), len(published.drawn))


# --- Step "file"


def read(plain: Any) -> Published:
    """The parts of a parsed file; raises _Wrong naming the first field that is not of its kind."""
    if not isinstance(plain, dict):
        raise _fail("file", "unreadable")
    if plain.get("format") != SEED_FORMAT:
        raise _fail("file", "format_unknown", "format")
    _require(_is_name(plain.get("draw")), "draw")
    _require(_is_integer(plain.get("number"), 1), "number")
    frame: Any = plain.get("frame")
    _require(isinstance(frame, dict), "frame")
    _require(_is_hash(frame.get("sha256")), "frame.sha256")
    serials, strata = frame.get("serials"), frame.get("strata")
    _require(_are_texts(serials), "frame.serials")
    _require(strata is None or (_are_texts(strata) and len(strata) == len(serials)), "frame.strata")
    for name in ("allocation", "skip"):
        _mapping(plain, name, lambda value: _is_integer(value, 0))
    _mapping(plain, "commitments", _is_hash, _is_party)
    _mapping(plain, "secrets", lambda value: isinstance(value, str) and bool(_HEX.fullmatch(value)), _is_party)
    for name in ("public_source", "public", "seed"):
        _require(isinstance(plain.get(name), str) and not invisible(plain[name]), name)
    _require(_are_texts(plain.get("drawn")), "drawn")
    parts = {name: plain[name] for name in ("draw", "allocation", "skip", "commitments", "secrets", "public", "seed")}
    return Published(
        number=int(plain["number"]),
        sha256=frame["sha256"],
        serials=serials,
        strata=strata,
        drawn=plain["drawn"],
        public_source=plain["public_source"],
        **parts,
    )


def _require(holds: bool, place: str) -> None:
    if not holds:
        raise _fail("file", "wrong_type", place)


def _mapping(plain: Mapping[str, Any], name: str, fits: Any, named: Any = None) -> None:
    found: Any = plain.get(name)
    _require(isinstance(found, dict), name)
    for key in sorted(found):
        _require((named is None or named(key)) and fits(found[key]), f"{name}.{key}")


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value != "" and not invisible(value)


def _is_party(name: str) -> bool:
    return _is_name(name) and name != "public" and "=" not in name


def _is_integer(value: Any, least: int) -> bool:
    """Browsers do not tell 60 from 60.0."""
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return whole and not isinstance(value, bool) and least <= value <= MAX_INTEGER


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and bool(_HASH.fullmatch(value))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


# --- Step "frame"


def _frame(published: Published) -> Frame:
    """The list in canonical form, if its hash is the one published; lines are numbered from 1 as they stand."""
    if not published.serials:
        raise _fail("frame", "empty")
    serials = [_text(serial, line) for line, serial in enumerate(published.serials, 1)]
    first: dict[str, int] = {}
    for line, serial in enumerate(serials, 1):
        if first.setdefault(serial, line) != line:
            raise _fail("frame", "repeated", line, found=serial, note=str(first[serial]))
    if published.strata is None:
        frame = Frame(tuple(sorted(serials)))
    else:
        strata = [_text(stratum, line) for line, stratum in enumerate(published.strata, 1)]
        pairs = sorted(zip(serials, strata, strict=True))
        frame = Frame(tuple(serial for serial, _ in pairs), tuple(stratum for _, stratum in pairs))
    if (actual := frame_sha256(frame)) != published.sha256:
        raise _fail("frame", "hash_differs", expected=published.sha256, found=actual)
    return frame


def _text(text: str, line: int) -> str:
    if invisible(text := normal(text)):
        raise _fail("frame", "invisible", line)
    if not text:
        raise _fail("frame", "blank", line)
    if len(text) > MAX_SERIAL:
        raise _fail("frame", "too_long", line)
    return text


# --- Steps "reveal", "commitment" and "seed"


def _secrets(published: Published) -> Iterator[tuple[str, str]]:
    commitments, secrets = published.commitments, published.secrets
    dropped = sorted(commitments.keys() - secrets.keys())
    if dropped and not published.public:
        raise _fail("reveal", "not_revealed", dropped[0], expected=commitments[dropped[0]])
    if not secrets:
        raise _fail("reveal", "nothing_revealed")
    seen: set[str] = set()
    for party in sorted(secrets):
        _secret(party, secrets[party], commitments, seen)
    if not commitments:
        yield "no_commitments", ""
    elif len(secrets) == 1 and not published.public:
        yield "one_party", next(iter(secrets))
    yield from (("dropped", party) for party in dropped)


def _secret(party: str, secret: str, commitments: Mapping[str, str], seen: set[str]) -> None:
    """A draw without any commitment is told so; in one with commitments each secret needs its own."""
    if len(secret) < 2 * MIN_SECRET:
        raise _fail("commitment", "secret_short", party)
    if secret in seen:
        raise _fail("commitment", "secret_repeated", party)
    seen.add(secret)
    actual = hashlib.sha256(bytes.fromhex(secret)).hexdigest()
    if commitments and party not in commitments:
        raise _fail("commitment", "uncommitted", party, found=actual)
    if commitments and commitments[party] != actual:
        raise _fail("commitment", "secret_differs", party, expected=commitments[party], found=actual)


def _seed(published: Published, frame: Frame) -> None:
    secrets = {party: bytes.fromhex(secret) for party, secret in published.secrets.items()}
    expected = draws.seed_of(published.sha256, published.number, secrets, published.public)
    if published.seed != expected:
        raise _fail("seed", "seed_differs", expected=expected, found=published.seed)


# --- Steps "allocation" and "drawn"


def _allocation(published: Published, frame: Frame) -> None:
    sizes = {stratum or "": size for stratum, size in frame.sizes().items()}
    for stratum in sorted(published.allocation.keys() | published.skip.keys()):
        if stratum not in sizes:
            raise _fail("allocation", "stratum_unknown", stratum)
        wanted = published.allocation.get(stratum, 0) + published.skip.get(stratum, 0)
        if wanted > sizes[stratum]:
            raise _fail("allocation", "too_many", stratum, expected=str(sizes[stratum]), found=str(int(wanted)))
    if not any(published.allocation.values()):
        raise _fail("allocation", "nothing_to_draw")


def _drawn(published: Published, frame: Frame) -> None:
    take = {stratum: int(number) for stratum, number in published.allocation.items()}
    skip = {stratum: int(number) for stratum, number in published.skip.items()}
    expected = [item.serial for item in draws.draw(frame, published.seed, take, skip=skip)]
    known = set(frame.serials)
    for place, (right, found) in enumerate(zip_longest(expected, published.drawn), 1):
        if right != found:
            reason = "drawn_differs" if found is None or found in known else "not_in_frame"
            raise _fail("drawn", reason, place, expected=right, found=found)
