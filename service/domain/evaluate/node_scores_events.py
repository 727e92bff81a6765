"""Points from what happened (I03-I08), and conditions that are met or not and earn nothing (C10)."""

from decimal import Decimal

from service.domain.evaluate.evidence import Event, Evidence
from service.domain.evaluate.outcomes import Arithmetic, Input, Outcome, none_or_many
from service.domain.evaluate.remarks import Remark
from service.domain.evaluate.schemes import Events, EventType, Gate, Node, plain, sha256
from service.domain.rounding import settled

ZERO = Decimal(0)


def score_events(node: Node, evidence: Evidence) -> Outcome:
    """The sum over all events from the base on; what the scheme does not know is left out and said so."""
    spec = node.spec
    assert isinstance(spec, Events)  # noqa: S101 - the registry pairs type and spec
    ordered = sorted(evidence.events, key=lambda one: (one.on.isoformat() if one.on else "", one.id))
    excluded = tuple(remark for one in ordered if (remark := unfit(node.id, spec, one)))
    left = [one for one in ordered if unfit(node.id, spec, one) is None]
    notes = tuple(note for one in left for note in _idle(node.id, spec.types[one.type], one))
    terms, parts = [], []
    for one in left:
        points, text = event_points(spec.types[one.type], one)
        terms.append((one.id, points))
        parts.append(text)
    total = settled(spec.base + sum((points for _, points in terms), ZERO))
    score, more = _bounded(node.id, spec, total)
    notes += more if left else (Remark(node.id, "no_events"), *more)
    if spec.base:
        terms, parts = [("base", spec.base), *terms], [plain(spec.base), *parts]
    text = f"{' + '.join(parts) or '0'} = {plain(total)}".replace("+ -", "- ")
    arithmetic = Arithmetic("base + Σ quantity × (points + modifiers)", tuple(terms), text)
    if score != total:
        arithmetic = Arithmetic(
            f"min(max({arithmetic.formula}, floor), cap)", arithmetic.terms, f"{text} → {plain(score)}"
        )
    inputs = tuple(Input("event", one.id, sha256(one)) for one in left)
    return Outcome(score, inputs, arithmetic, excluded=excluded, notes=notes)


def event_points(kind: EventType, event: Event) -> tuple[Decimal, str]:
    """What an event that fits its type earns, and how: its number × (points + all modifiers, or the highest)."""
    base = kind.roles[event.role] if kind.roles else kind.points
    bonuses = [kind.modifiers[name].points for name in sorted(event.modifiers) if _earns(kind, name, event.role)]
    bonus = (max(bonuses) if kind.combine == "max" else sum(bonuses, ZERO)) if bonuses else ZERO
    shape = plain(base)
    if bonuses and kind.combine == "max" and len(bonuses) > 1:
        shape += f" + max({', '.join(plain(one) for one in bonuses)})"
    elif bonuses:
        shape += "".join(f" + {plain(one)}" for one in bonuses)
    value = event.quantity * (base + bonus)
    if event.quantity == 1:
        return value, f"({shape})" if bonuses else shape
    return value, f"{plain(event.quantity)} × " + (f"({shape})" if bonuses or base < 0 else shape)


def _earns(kind: EventType, modifier: str, role: str) -> bool:
    wanted = kind.modifiers[modifier].roles
    return not wanted or role in wanted


def unfit(node: str, spec: Events, one: Event) -> Remark | None:
    """Why the scheme cannot count this event: its type, a modifier or the part taken is none of its own."""
    kind = spec.types.get(one.type)
    if kind is None:
        return Remark(node, "event_type_unknown", {"type": one.type}, one.id)
    for modifier in one.modifiers:
        if modifier not in kind.modifiers:
            return Remark(node, "event_modifier_unknown", {"type": one.type, "modifier": modifier}, one.id)
    if kind.roles and not one.role:
        return Remark(node, "event_role_missing", {"type": one.type, "roles": ", ".join(kind.roles)}, one.id)
    if one.role and one.role not in kind.roles:
        return Remark(node, "event_role_unknown", {"type": one.type, "role": one.role}, one.id)
    return None


def _idle(node: str, kind: EventType, one: Event) -> tuple[Remark, ...]:
    """Modifiers that hold and are another part's (I05: a leader's instruction counts for the lead only)."""
    return tuple(
        Remark(node, "modifier_of_another_role", {"modifier": name, "role": one.role}, one.id)
        for name in one.modifiers
        if not _earns(kind, name, one.role)
    )


def _bounded(node: str, spec: Events, total: Decimal) -> tuple[Decimal, tuple[Remark, ...]]:
    if spec.floor is not None and total < spec.floor:
        facts = {"sum": plain(total), "floor": plain(spec.floor)}
        return spec.floor, (Remark(node, "floor_reached", facts),)
    if spec.cap is not None and total > spec.cap:
        return spec.cap, (Remark(node, "cap_reached", {"sum": plain(total), "cap": plain(spec.cap)}),)
    return total, ()


def score_gate(node: Node, evidence: Evidence) -> Outcome:
    """No score, whatever was found. Not looked into is missing; not met is said, and the scheme says what follows."""
    spec = node.spec
    assert isinstance(spec, Gate)  # noqa: S101
    if len(evidence.gates) != 1:
        return Outcome(missing=(none_or_many(node.id, "no_gate_finding", [one.id for one in evidence.gates]),))
    one = evidence.gates[0]
    inputs = (Input("gate", one.id, sha256(one)),)
    facts = {"reason": one.reason}
    if one.passed:
        return Outcome(None, inputs, notes=(Remark(node.id, "gate_passed", facts, one.id),))
    if spec.on_failure == "hold":
        return Outcome(None, inputs, missing=(Remark(node.id, "gate_held", facts, one.id),))
    return Outcome(None, inputs, notes=(Remark(node.id, "gate_failed", facts, one.id),))
