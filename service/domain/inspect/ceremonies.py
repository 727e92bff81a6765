"""The ceremony in which the parties make a draw's seed: its order, its deadlines, and what follows from them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from service.domain.access import PARTY_OF_ROLE
from service.domain.errors import Fault, Refused, problem
from service.domain.inspect import draws as rules
from service.domain.inspect.draws import CHECK_KINDS, PLANNED_TRIGGER, TRIGGERS, RecordedDraw
from service.domain.inspect.frames import Frame, invisible

PARTS = tuple(dict.fromkeys(PARTY_OF_ROLE.values()))
SEALERS = ("evaluator", "authority")  # whose secret may lie sealed on the server
PLANNED, COMMITTED, REVEALED, OPENED, VOID = rules.STATES
# Why a draw became void by itself; otherwise a person said why.
NOT_COMMITTED, NOT_REVEALED = "not_committed", "not_revealed"
ORGANISATIONS_OF_A_REDRAW = 2
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class DrawPlan:
    """What somebody wants drawn, and by whom together; nothing of it can change once it is planned."""

    id: str
    frame: str
    allocation: Mapping[str, int]
    parties: tuple[str, ...]
    sealer: str = "evaluator"
    commit_by: datetime | None = None
    reveal_by: datetime | None = None
    public_source: str = ""
    kind: str = "random"
    trigger: str = PLANNED_TRIGGER
    plan: Mapping[str, Any] = field(default_factory=dict)
    of: str = ""
    reason: str = ""


@dataclass(frozen=True)
class DrawSecret:
    """The sealed secret of draw `id`: nonce and ciphertext, under the key whose public name is `key_id`."""

    id: str
    key_id: str
    sealed: bytes = field(repr=False)
    at: datetime


def check(asked: DrawPlan, now: datetime) -> None:
    """Refuses (`invalid`, by field) what cannot be planned: unknown parties, deadlines out of order, kinds."""
    if faults := [*_party_faults(asked), *_deadline_faults(asked, now), *_kind_faults(asked)]:
        raise Refused("invalid", faults)


def _party_faults(asked: DrawPlan) -> Iterator[Fault]:
    for part in asked.parties:
        if part not in PARTS:
            yield Fault("parties", "not_an_option", {"value": part, "options": ", ".join(PARTS)})
    if len(set(asked.parties)) < len(asked.parties):
        yield problem("parties", "each party is named once")
    if asked.sealer not in SEALERS or asked.sealer not in asked.parties:
        options = ", ".join(part for part in SEALERS if part in asked.parties) or ", ".join(SEALERS)
        yield Fault("sealer", "not_an_option", {"value": asked.sealer, "options": options})
    if asked.of and len(asked.parties) < ORGANISATIONS_OF_A_REDRAW:
        yield problem("parties", "a redraw needs two organisations")
    if asked.of and not asked.reason.strip():
        yield Fault("reason", "missing")
    if invisible(asked.public_source):
        yield Fault("public_source", "control_characters")


def _deadline_faults(asked: DrawPlan, now: datetime) -> Iterator[Fault]:
    if set(asked.parties) <= {asked.sealer}:
        return
    if asked.commit_by is None:
        yield Fault("commit_by", "missing")
    elif asked.commit_by <= now:
        yield problem("commit_by", "this time is over")
    if asked.reveal_by is None:
        yield Fault("reveal_by", "missing")
    elif asked.commit_by is not None and asked.reveal_by <= asked.commit_by:
        yield problem("reveal_by", "secrets are revealed after the commitments are in")


def _kind_faults(asked: DrawPlan) -> Iterator[Fault]:
    if asked.kind not in CHECK_KINDS:
        yield Fault("kind", "not_an_option", {"value": asked.kind, "options": ", ".join(CHECK_KINDS)})
    if asked.trigger not in TRIGGERS:
        yield Fault("trigger", "not_an_option", {"value": asked.trigger, "options": ", ".join(TRIGGERS)})


def missing(draw: RecordedDraw) -> tuple[str, ...]:
    """The parties that the next step waits for: for their commitments, then for their secrets."""
    if draw.state == PLANNED:
        return tuple(part for part in draw.parties if part not in draw.commitments)
    known = {*draw.secrets, draw.sealer}
    return tuple(part for part in draw.parties if part in draw.commitments and part not in known)


def dropped(draw: RecordedDraw) -> tuple[str, ...]:
    """Parties that take no part in the seed: they did not commit, or not reveal, and a public value stands in."""
    if draw.state not in (REVEALED, OPENED):
        return ()
    return tuple(part for part in draw.parties if part not in {*draw.secrets, draw.sealer})


def unheard(draw: RecordedDraw) -> tuple[str, ...]:
    """The parties because of which a draw is void: those that did not commit, else those that did not reveal."""
    uncommitted = tuple(part for part in draw.parties if part not in draw.commitments)
    return uncommitted or tuple(part for part in draw.parties if part not in {*draw.secrets, draw.sealer})


def as_of(draw: RecordedDraw, now: datetime) -> RecordedDraw:
    """The draw with the state that follows from what was deposited and from the deadlines (design: "A draw nobody can
    dispute").

    Who lets a deadline pass is dropped only if the source of a public value was named before the commitments; else the
    draw is void: otherwise the last one to reveal could choose between this draw and none.
    """
    if draw.state == PLANNED:
        draw = _after_commitments(draw, now)
    if draw.state == COMMITTED:
        draw = _after_reveals(draw, now)
    return draw


def _after_commitments(draw: RecordedDraw, now: datetime) -> RecordedDraw:
    waiting = missing(draw)
    if waiting and not _over(draw.commit_by, now):
        return draw
    if waiting and not draw.public_source:
        return replace(draw, state=VOID, why_void=NOT_COMMITTED)
    return replace(draw, state=COMMITTED)


def _after_reveals(draw: RecordedDraw, now: datetime) -> RecordedDraw:
    waiting, over = missing(draw), _over(draw.reveal_by, now)
    if waiting and over and not draw.public_source:
        return replace(draw, state=VOID, why_void=NOT_REVEALED)
    if (waiting and not over) or (draw.public_source and not draw.public):
        return draw
    return replace(draw, state=REVEALED)


def _over(deadline: datetime | None, now: datetime) -> bool:
    return deadline is not None and now > deadline


def agree(draw: RecordedDraw, part: str, organisation: str) -> RecordedDraw:
    """A second organisation agrees to a redraw. Refuses `draw_order` for what is no redraw or has begun."""
    _check_state(draw, PLANNED)
    return replace(draw, agreements={**draw.agreements, part: organisation})


def agreed(draw: RecordedDraw) -> bool:
    """Whether parties may commit: a redraw needs the agreement of two organisations."""
    return not draw.of or len(set(draw.agreements.values())) >= ORGANISATIONS_OF_A_REDRAW


def commit(draw: RecordedDraw, part: str, commitment: str) -> RecordedDraw:
    """Deposit a party's commitment. Once deposited it stays: a repeat is the same draw.

    Refuses `commitment_fixed` (another one is there), `commitment_late` (all are in, or the deadline is over),
    `redraw_not_agreed`, and `invalid` for what is no SHA-256 or is somebody else's.
    """
    there = draw.commitments.get(part)
    if there is not None and there != commitment:
        raise Refused("commitment_fixed", party=part)
    if there is not None:
        return draw
    if draw.state == VOID:
        _check_state(draw, PLANNED)
    if draw.state != PLANNED:
        raise Refused("commitment_late")
    if not agreed(draw):
        raise Refused("redraw_not_agreed")
    if not _HASH.fullmatch(commitment):
        expected = {"expected": "64 lower-case hexadecimal digits"}
        raise Refused("invalid", [Fault("commitment", "wrong_type", expected)])
    if commitment in draw.commitments.values():
        raise Refused("invalid", [Fault("commitment", "secret_repeated")])
    return replace(draw, commitments={**draw.commitments, part: commitment})


def reveal(draw: RecordedDraw, part: str, secret: str, now: datetime) -> RecordedDraw:
    """Reveal a party's secret (hex) after all commitments are in. A repeat is the same draw.

    Refuses `secret_sealed` (the sealer's is opened by the server), `commitments_missing`, `reveal_late`,
    `secret_differs` and, in `invalid`, what is no secret of 16 bytes.
    """
    if part == draw.sealer:
        raise Refused("secret_sealed")
    if draw.secrets.get(part) == secret:
        return draw
    if draw.state == PLANNED:
        raise Refused("commitments_missing", parties=", ".join(missing(draw)))
    if draw.state == COMMITTED and _over(draw.reveal_by, now):
        raise Refused("reveal_late")
    _check_state(draw, COMMITTED)
    if rules.commitment(_bytes(secret)) != draw.commitments.get(part):
        raise Refused("secret_differs", party=part)
    return replace(draw, secrets={**draw.secrets, part: secret})


def _bytes(secret: str) -> bytes:
    if not re.fullmatch(r"(?:[0-9a-f]{2})+", secret):
        raise Refused("invalid", [Fault("secret", "wrong_type", {"expected": "lower-case hexadecimal digits"})])
    return bytes.fromhex(secret)


def name_public(draw: RecordedDraw, value: str) -> RecordedDraw:
    """Enter the public value from the source that was named before. Once entered it stays.

    Refuses `public_unnamed` without a named source, `commitments_missing` while somebody could still choose a secret
    by it, `public_fixed` when another value is there.
    """
    if not draw.public_source:
        raise Refused("public_unnamed")
    if draw.public == value and value:
        return draw
    if draw.public:
        raise Refused("public_fixed")
    if draw.state == PLANNED:
        raise Refused("commitments_missing", parties=", ".join(missing(draw)))
    _check_state(draw, COMMITTED)
    if not value.strip() or invisible(value):
        raise Refused("invalid", [Fault("value", "control_characters" if value.strip() else "empty")])
    return replace(draw, public=value)


def void(draw: RecordedDraw, reason: str) -> RecordedDraw:
    """Declare the draw void, with the reason that everybody reads. Refuses `draw_order` once it is opened."""
    if draw.state == OPENED:
        raise Refused("draw_order", state=draw.state)
    _check_state(draw, PLANNED, COMMITTED, REVEALED)
    if not reason.strip():
        raise Refused("invalid", [Fault("reason", "missing")])
    return replace(draw, state=VOID, why_void=reason.strip())


def opened(draw: RecordedDraw, frame: Frame, sealed: bytes, at: datetime, by: str) -> RecordedDraw:
    """The draw with seed and drawn items, by the secret that lay sealed until now. Refuses `draw_not_ready`."""
    if draw.state == VOID:
        _check_state(draw, REVEALED)
    if draw.state != REVEALED:
        raise Refused("draw_not_ready", parties=", ".join(missing(draw)) or draw.public_source)
    secrets = {**draw.secrets, draw.sealer: sealed.hex()}
    seed = rules.seed_of(
        draw.frame_sha256, draw.number, {part: bytes.fromhex(each) for part, each in secrets.items()}, draw.public
    )
    return taken(replace(draw, secrets=secrets, seed=seed), frame, at, by)


def taken(draw: RecordedDraw, frame: Frame, at: datetime, by: str) -> RecordedDraw:
    """The draw with the items that its seed ranks first, after those passed over."""
    items = rules.draw(frame, draw.seed, draw.allocation, skip=draw.skip)
    drawn = tuple([item.serial, item.stratum or "", item.ticket] for item in items)
    return replace(draw, drawn=drawn, state=OPENED, opened_at=at, opened_by=by)


def withheld(draw: RecordedDraw) -> RecordedDraw:
    """What a party reads while visits are under way: commitments, hash, number and allocation, never what was drawn."""
    secrets = {part: secret for part, secret in draw.secrets.items() if part != draw.sealer}
    return replace(draw, seed="", drawn=(), secrets=secrets)


def _check_state(draw: RecordedDraw, *wanted: str) -> None:
    if draw.state in wanted:
        return
    if draw.state == VOID:
        raise Refused("draw_void", why=draw.why_void)
    raise Refused("draw_order", state=draw.state)
