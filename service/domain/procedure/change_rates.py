"""The change rate of recipients (G26): who was assessed before and after with one instrument, and who got better."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.evaluate.schemes import Counter, Ratio, Scheme

SENT, ACCEPTED = "sent", "accepted"
HIGHER, LOWER = "higher", "lower"
MOST_PAIRS = 5000
RULE = "G26"


@dataclass(frozen=True)
class ChangePairs:
    """What a provider's instrument told of each recipient: {serial, before, after}, None where it was not used.

    `better` is the direction of improvement, `least` the smallest change that counts as one. Serials are opaque: they
    lead the group to the records, and tell nobody else who it was. `struck` are pairs whose records did not show it.
    """

    id: str
    round: str
    project: str
    node: str
    instrument: str
    better: str
    least: Decimal
    pairs: tuple[Mapping[str, Any], ...]
    at: datetime
    by: str
    state: str = SENT
    checked: tuple[str, ...] = ()
    struck: Mapping[str, str] = field(default_factory=dict)
    decided_at: datetime | None = None
    decided_by: str = ""
    version: int = 1


@dataclass(frozen=True)
class ChangeRate:
    """`improved` of `assessed`, both counted; `unpaired` were assessed once only and are in neither."""

    improved: int
    assessed: int
    unpaired: tuple[str, ...]


def rate(sent: ChangePairs) -> ChangeRate:
    """Recipients with a recorded improvement, of those assessed before and after (measures 3(3)).

    A pair that was struck stays in the denominator as not improved: losing records must not pay.
    """
    both = [one for one in sent.pairs if one["before"] is not None and one["after"] is not None]
    improved = sum(_improved(sent, one) for one in both)
    single = tuple(sorted(str(one["serial"]) for one in sent.pairs if one["before"] is None or one["after"] is None))
    return ChangeRate(improved, len(both), single)


def _improved(sent: ChangePairs, one: Mapping[str, Any]) -> bool:
    change = Decimal(one["after"]) - Decimal(one["before"])
    return one["serial"] not in sent.struck and (change if sent.better == HIGHER else -change) >= sent.least


def check(scheme: Scheme, sent: ChangePairs) -> None:
    """Of a G26 node that takes a part of a whole; each recipient once, somebody assessed twice. Raises "invalid"."""
    faults = list(_faults(scheme, sent))
    if not faults and not rate(sent).assessed:
        faults.append(Fault("pairs", "nobody_assessed_twice"))
    if faults:
        raise Refused("invalid", faults)


def _faults(scheme: Scheme, sent: ChangePairs) -> Iterator[Fault]:
    node = {node.id: node for node in scheme.nodes}.get(sent.node)
    if node is None or RULE not in node.rules or not isinstance(node.spec, Counter | Ratio):
        yield Fault("node", "no_change_node", {"node": sent.node})
    if sent.better not in (HIGHER, LOWER):
        yield Fault("better", "not_an_option", {"value": sent.better, "options": f"{HIGHER}, {LOWER}"})
    if sent.least <= 0:
        yield Fault("least", "target_not_positive")
    if len(sent.pairs) > MOST_PAIRS:
        yield Fault("pairs", "too_many", {"limit": MOST_PAIRS})
    seen: set[str] = set()
    for place, one in enumerate(sent.pairs):
        if one["serial"] in seen:
            yield Fault(f"pairs.{place}.serial", "duplicate", {"value": one["serial"]})
        seen.add(one["serial"])


def accepted(
    there: ChangePairs, checked: Collection[str], struck: Mapping[str, str], now: datetime, by: str
) -> ChangePairs:
    """With what the group found in the records that it looked up. Raises Refused: state_conflict, invalid."""
    if there.state != SENT:
        raise Refused("state_conflict", noun="change rate", state=there.state)
    known = {str(one["serial"]) for one in there.pairs}
    faults = [Fault("checked", "no_such_pair", {"value": serial}) for serial in sorted(set(checked) - known)]
    if not checked:
        faults.append(Fault("checked", "empty"))
    faults += [Fault("struck", "not_looked_up", {"value": serial}) for serial in sorted(set(struck) - set(checked))]
    faults += [Fault(f"struck.{serial}", "empty") for serial, reason in struck.items() if not reason.strip()]
    if faults:
        raise Refused("invalid", faults)
    return replace(
        there,
        state=ACCEPTED,
        checked=tuple(sorted(checked)),
        struck=dict(struck),
        decided_at=now,
        decided_by=by,
        version=there.version + 1,
    )
