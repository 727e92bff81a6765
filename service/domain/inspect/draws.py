"""Draws: Rivest's consistent sampler over a frozen frame, the seed that several parties make, and verification."""

import hashlib
import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.inspect.frames import Frame, frame_sha256, invisible

SEED_FORMAT = "minyi-draw/1"
MIN_SECRET = 16  # bytes: a shorter secret can be found from its commitment by trying


@dataclass(frozen=True)
class Drawn:
    """One drawn item; `ticket` is the decimal fraction that ranked it, kept as its digits."""

    serial: str
    stratum: str | None
    ticket: str


def ticket_number(seed: str, serial: str) -> str:
    """The item's ticket, `0.` and decimal digits (Rivest, "Consistent sampling with replacement", arXiv 1808.10016).

    The digits are those of the integer SHA-256(hex SHA-256(seed) + serial), at least 64, last digit first: the low
    digits of a number below 2^256 are uniform, the high ones are not. Texts are hashed as UTF-8, exactly as given.
    """
    return _ticket(_sha256(seed), serial)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _ticket(seed_hash: str, serial: str) -> str:
    return "0." + f"{int(_sha256(seed_hash + serial), 16):064d}"[::-1]


def draw(frame: Frame, seed: str, take: int | Mapping[str, int], *, skip: int | Mapping[str, int] = 0) -> list[Drawn]:
    """Draw from each stratum without replacement: strata in byte order, smallest tickets first.

    `take` is the number for every stratum, or stratum -> number ("" in a frame without strata; strata not named get
    none). The seed is text, used as it is (never parsed as a number). `skip` passes over those already drawn, so a
    top-up is `draw(frame, seed, more, skip=before)`. Refuses `draw_too_large` when a stratum holds less, with the first
    such stratum ("-" in a frame without strata) and what it has `available`; `invalid` when the seed is empty or not
    Unicode text, nothing is taken, a number is below 0 or a stratum is not in the frame. Rule: G45.
    """
    _check_seed(seed)
    groups = frame.by_stratum()
    sizes = {stratum: len(serials) for stratum, serials in groups.items()}
    passed, asked = _of_strata(sizes, skip, "skip"), _of_strata(sizes, take, "take")
    _check_sizes(sizes, asked, passed)
    seed_hash = _sha256(seed)
    drawn = []
    for stratum, serials in groups.items():
        # Tickets compare as strings of digits, never as floats: 16 digits of 77 would make ties that are none.
        # That is the order of the fractions too. Equal tickets need a SHA-256 collision; then the serial decides.
        tickets = ((_ticket(seed_hash, serial), serial) for serial in serials)
        before, last = passed[stratum], passed[stratum] + asked[stratum]
        drawn += [Drawn(serial, stratum, ticket) for ticket, serial in heapq.nsmallest(last, tickets)[before:]]
    return drawn


def _check_seed(seed: str) -> None:
    if not seed:
        raise Refused("invalid", [Fault("seed", "empty")])
    if any("\ud800" <= char <= "\udfff" for char in seed):
        raise Refused("invalid", [Fault("seed", "not_utf8")])


def _of_strata(sizes: Mapping[str | None, int], given: int | Mapping[str, int], field: str) -> dict[str | None, int]:
    """How many of each stratum; refuses what no frame of these strata could give."""
    least = 1 if field == "take" else 0
    if isinstance(given, int):
        if given < least:
            raise Refused("invalid", [Fault(field, "out_of_range", {"lower": least, "upper": min(sizes.values())})])
        return dict.fromkeys(sizes, given)
    field = "allocation" if field == "take" else field
    unknown = [name for name in given if (name or None) not in sizes]
    below = [name for name, number in given.items() if number < 0]
    faults = [Fault(f"{field}.{name}", "stratum_unknown") for name in unknown]
    faults += [Fault(f"{field}.{name}", "out_of_range", {"lower": 0, "upper": 1_000_000}) for name in below]
    if not faults and least and not any(given.values()):
        faults = [Fault(field, "empty")]
    if faults:
        raise Refused("invalid", faults)
    return {stratum: given.get(stratum or "", 0) for stratum in sizes}


def _check_sizes(
    sizes: Mapping[str | None, int], asked: Mapping[str | None, int], passed: Mapping[str | None, int]
) -> None:
    left = {stratum: max(0, size - passed[stratum]) for stratum, size in sizes.items()}
    small = {stratum: size for stratum, size in left.items() if size < asked[stratum]}
    if not small:
        return
    stratum, available = next(iter(small.items()))
    faults = [
        Fault("take", "out_of_range", {"lower": 1, "upper": size})
        if name is None
        else Fault(f"strata.{name}", "stratum_too_small", {"available": size, "take": asked[name]})
        for name, size in small.items()
    ]
    raise Refused("draw_too_large", faults, stratum=stratum or "-", available=available, take=asked[stratum])


def commitment(secret: bytes) -> str:
    """What a party deposits before the draw: lower-case hex SHA-256 of its secret. Refuses a secret under 16 bytes."""
    if len(secret) < MIN_SECRET:
        raise Refused("invalid", [Fault("secret", "secret_too_short", {"limit": MIN_SECRET})])
    return hashlib.sha256(secret).hexdigest()


def seed_of(frame_hash: str, number: int, secrets: Mapping[str, bytes], public: str = "") -> str:
    """The seed that all parties make together, lower-case hex SHA-256 of these lines in UTF-8, joined by LF:

    `minyi-draw/1`, the frame's SHA-256, the draw's number (from 1), `party=hex of its secret` for each party in byte
    order of the names, `public=` and the public value named before the commitments, or nothing. Refuses (`invalid`)
    what would let two different draws have the same lines, short secrets, and one secret under two names.
    """
    _check_parts(frame_hash, number, secrets, public)
    parties = [f"{party}={secrets[party].hex()}" for party in sorted(secrets)]
    return _sha256("\n".join([SEED_FORMAT, frame_hash, str(number), *parties, f"public={public}"]))


def _check_parts(frame_hash: str, number: int, secrets: Mapping[str, bytes], public: str) -> None:
    faults = []
    if len(frame_hash) != 64 or set(frame_hash) - set("0123456789abcdef"):
        faults.append(Fault("frame_sha256", "wrong_type", {"expected": "64 lower-case hexadecimal digits"}))
    if number < 1:
        faults.append(Fault("number", "wrong_type", {"expected": "a whole number from 1"}))
    if invisible(public):
        faults.append(Fault("public", "control_characters"))
    if faults := [*faults, *_secret_faults(secrets)]:
        raise Refused("invalid", faults)


def _secret_faults(secrets: Mapping[str, bytes]) -> Iterator[Fault]:
    if not secrets:
        yield Fault("secrets", "empty")
    for party, secret in secrets.items():
        if not party or party == "public" or "=" in party or invisible(party):
            yield Fault(f"secrets.{party}", "wrong_type", {"expected": "the plain name of a party"})
        if len(secret) < MIN_SECRET:
            yield Fault(f"secrets.{party}", "secret_too_short", {"limit": MIN_SECRET})
    if len(set(secrets.values())) < len(secrets):
        yield Fault("secrets", "secret_repeated")


class Step(StrEnum):
    """The steps of a verification, in the order in which they are checked."""

    FRAME = "frame"  # the list is the one that was frozen
    REVEAL = "reveal"  # every party revealed its secret, or a public value stands in for it
    COMMITMENT = "commitment"  # each secret is the one committed to
    SEED = "seed"  # the seed follows from the parts
    DRAWN = "drawn"  # the drawn serials follow from frame and seed, in order


@dataclass(frozen=True)
class Discrepancy:
    """The first thing that does not hold: `place` is a party, or the place (from 1) in the list of the drawn."""

    step: Step
    expected: str | None  # None: nothing should stand here
    found: str | None  # None: nothing stands here
    place: str | int | None = None
    note: str = ""


@dataclass(frozen=True)
class Ceremony:
    """What the parties deposited and revealed for draw `number`; `public` is the public value or empty."""

    number: int
    commitments: Mapping[str, str]
    secrets: Mapping[str, bytes]
    public: str = ""


def verify(
    frame: Frame,
    seed: str,
    take: int | Mapping[str, int],
    drawn: Sequence[str],
    *,
    skip: int | Mapping[str, int] = 0,
    sha256: str | None = None,
    ceremony: Ceremony | None = None,
) -> Discrepancy | None:
    """None when everything published follows from the frame, else the first step and place that does not.

    `sha256` is the hash published when the frame was frozen; without it, or without `ceremony`, those steps are
    left out. Refuses as `draw` and `seed_of` do what could never have been drawn.
    """
    actual = frame_sha256(frame)
    if sha256 is not None and sha256 != actual:
        return Discrepancy(Step.FRAME, expected=sha256, found=actual)
    return (ceremony and _verify_seed(actual, seed, ceremony)) or _verify_drawn(frame, seed, take, drawn, skip)


def _verify_seed(frame_hash: str, seed: str, ceremony: Ceremony) -> Discrepancy | None:
    for party, committed in sorted(ceremony.commitments.items()):
        secret = ceremony.secrets.get(party)
        if secret is None:
            if not ceremony.public:
                return Discrepancy(
                    Step.REVEAL, committed, None, party, "not revealed, and no public value stands in for it"
                )
        elif commitment(secret) != committed:
            return Discrepancy(Step.COMMITMENT, committed, commitment(secret), party)
    for party in sorted(ceremony.secrets.keys() - ceremony.commitments.keys()):
        return Discrepancy(
            Step.COMMITMENT, None, commitment(ceremony.secrets[party]), party, "revealed without commitment"
        )
    expected = seed_of(frame_hash, ceremony.number, ceremony.secrets, ceremony.public)
    return None if seed == expected else Discrepancy(Step.SEED, expected, seed)


def _verify_drawn(
    frame: Frame, seed: str, take: int | Mapping[str, int], drawn: Sequence[str], skip: int | Mapping[str, int]
) -> Discrepancy | None:
    expected = draw(frame, seed, take, skip=skip)
    for place, (right, found) in enumerate(zip_longest((item.serial for item in expected), drawn), 1):
        if right != found:
            note = "" if found is None or found in frame.serials else "not in the frame"
            return Discrepancy(Step.DRAWN, right, found, place, note)
    return None


# C14: the four ways of checking. C15: what a complaint or a report in the media makes somebody look at is no random
# part of anything, so only what was planned enters estimates.
CHECK_KINDS = ("daily", "special", "random", "department")
PLANNED_TRIGGER = "plan"
TRIGGERS = (PLANNED_TRIGGER, "complaint", "media")
# Why a top-up takes more tickets: a stage that was planned with the draw, a replacement in an interview sample, or to
# describe more without any claim of a test.
STAGE, REPLACEMENT, DESCRIPTIVE = "stage", "replacement", "descriptive"
PURPOSES = (STAGE, REPLACEMENT, DESCRIPTIVE)
STATES = ("planned", "committed", "revealed", "opened", "void")


@dataclass(frozen=True)
class RecordedDraw:
    """A draw as it is kept: everything that is needed to compute it again, and how far its ceremony has come.

    `allocation` and `skip` are by stratum ("" in a frame without strata). `drawn` holds (serial, stratum or "",
    ticket), `secrets` what the parties revealed in hex, `public` the value whose `public_source` was named before. The
    secret of the party `sealer` lies encrypted on the server until the draw is opened. A top-up has the number, the
    secrets and the seed of the draw `of` that it continues, and a further `stage`; a redraw has a number of its own.
    """

    id: str
    project: str
    frame: str
    frame_sha256: str
    number: int
    allocation: Mapping[str, int]
    at: datetime
    by: str
    stage: int = 1
    skip: Mapping[str, int] = field(default_factory=dict)
    of: str = ""
    purpose: str = ""  # of a top-up, one of PURPOSES
    reason: str = ""
    kind: str = "random"
    trigger: str = PLANNED_TRIGGER
    plan: Mapping[str, Any] = field(default_factory=dict)
    parties: tuple[str, ...] = ()
    sealer: str = ""
    agreements: Mapping[str, str] = field(default_factory=dict)  # to a redraw: part -> organisation
    commit_by: datetime | None = None
    reveal_by: datetime | None = None
    commitments: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    public_source: str = ""
    public: str = ""
    state: str = "opened"
    why_void: str = ""
    seed: str = ""
    drawn: tuple[Sequence[str], ...] = ()
    opened_at: datetime | None = None
    opened_by: str = ""
    closed: bool = False  # nothing will be topped up any more
    published: bool = False
    version: int = 1

    @property
    def items(self) -> list[Drawn]:
        return [Drawn(serial, stratum or None, ticket) for serial, stratum, ticket in self.drawn]

    @property
    def size(self) -> int:
        """How many it takes in all."""
        return sum(self.allocation.values())

    @property
    def take(self) -> int | None:
        """How many of each stratum, if it is the same number for all."""
        numbers = set(self.allocation.values())
        return numbers.pop() if len(numbers) == 1 else None

    @property
    def estimates(self) -> bool:
        """Whether its findings may enter estimates: what a complaint made somebody look at never does (C15)."""
        return self.trigger == PLANNED_TRIGGER
