"""Results: what the draws of a project say, each over its own list, and what they leave of the counters claimed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from service.domain.access import Actor
from service.domain.inspect import counter_corrections as counters
from service.domain.inspect.counter_corrections import AMOUNTS, COUNTERS, Claim, ClaimedItem, Correction
from service.domain.inspect.draws import DESCRIPTIVE, PLANNED_TRIGGER, Drawn, RecordedDraw
from service.domain.inspect.findings import AttributeFindings, Findings, not_random, tabulate
from service.domain.inspect.frames import CLAIMS, PERSON_KINDS, RECORD_KINDS, FrozenFrame
from service.domain.inspect.spot_checks import ATTRIBUTES, FIRST, FOUND, SpotCheck
from service.domain.inspect.stratified_bounds import CONFIDENCE
from service.operations import projects
from service.operations.acts import load
from service.operations.inspect import draws, frames, interviews, spot_checks
from service.operations.inspect.spot_checks import Exclusion
from service.store import records


@dataclass(frozen=True)
class DrawResults:
    """One draw with its top-ups: from which list, what was found, what does not count, what its counter comes to."""

    draw: RecordedDraw
    frame: FrozenFrame
    stages: tuple[str, ...]
    findings: Findings
    excluded: tuple[Exclusion, ...]
    correction: Correction | None

    @property
    def planned(self) -> bool:
        """Whether it may enter an estimate: what a complaint or the media pointed to is no random sample (C15)."""
        return self.draw.trigger == PLANNED_TRIGGER

    @property
    def claims(self) -> bool:
        return self.frame.direction == CLAIMS


@dataclass(frozen=True)
class Direction:
    """One direction of the two-direction test: of `draw`, how many items had no counterpart on the other side."""

    draw: str
    kind: str
    counter: str
    wanting: AttributeFindings
    population: int


@dataclass(frozen=True)
class KindResults:
    """All planned draws from claimed records of one kind, their lists (and strata of lists) being strata of the whole.

    None as `findings` when two of the draws are from one list: its items must not stand in the whole twice.
    """

    kind: str
    draws: tuple[str, ...]
    findings: Findings | None


@dataclass(frozen=True)
class ProjectResults:
    """All of a project. `kinds`: its draws put together by the kind of records. `apart`: draws that a complaint or a
    report caused, which enter no estimate.

    `claims`: claimed records without evidence (not found or not true); `evidence`: evidence without a record. The two
    are never set off against one another.
    """

    draws: tuple[DrawResults, ...]
    kinds: tuple[KindResults, ...]
    apart: tuple[DrawResults, ...]
    counters: tuple[Correction, ...]
    claims: tuple[Direction, ...]
    evidence: tuple[Direction, ...]


def of_draw(actor: Actor, id: str) -> DrawResults:
    """The results of a draw and of the top-ups that belong to its test."""
    draw = draws.get(actor, id)
    frames.owner_of(actor, draw.project, "findings.read", "draw")
    return _results(load(RecordedDraw, id, "draw"))


def of_project(actor: Actor, project: str) -> ProjectResults:
    """The results of all opened draws of a project, and every counter of the measures with what is known of it."""
    projects.project(actor, project, "findings.read")
    opened = [draw for draw in records.find(RecordedDraw, project=project) if draw.seed and draw.stage == 1]
    found = [_results(draw) for draw in opened]
    planned = tuple(one for one in found if one.planned)
    apart = tuple(one for one in found if not one.planned)
    lists = [frame for frame in records.find(FrozenFrame, project=project) if frame.counter]
    return ProjectResults(
        draws=planned,
        kinds=tuple(_kinds(planned)),
        apart=apart,
        counters=tuple(_counter(rule, lists, planned) for rule in COUNTERS),
        claims=tuple(_direction(one, "true") for one in planned if one.claims and _of_records(one.frame)),
        evidence=tuple(_direction(one, FOUND) for one in planned if not one.claims),
    )


def _kinds(planned: Sequence[DrawResults]) -> Iterator[KindResults]:
    claimed = [one for one in planned if one.claims and _of_records(one.frame)]
    for kind in RECORD_KINDS:
        same = [one for one in claimed if one.frame.kind == kind]
        if not same:
            continue
        lists = {one.frame.id for one in same}
        yield KindResults(
            kind=kind,
            draws=tuple(one.draw.id for one in same),
            findings=_together(same) if len(lists) == len(same) else None,
        )


def _together(same: Sequence[DrawResults]) -> Findings:
    """One table over several lists; a serial of one list may stand in another for something else."""
    if len(same) == 1:
        return same[0].findings
    items: list[Drawn] = []
    checks: list[SpotCheck] = []
    sizes: dict[str | None, int] = {}
    confidence = max(_confidence(_family(one.draw)) for one in same)
    for one in same:
        family = _family(one.draw)
        names = {name: f"{one.frame.id} · {name}" if name else one.frame.id for name in one.frame.frame.sizes()}
        sizes |= {names[name]: size for name, size in one.frame.frame.sizes().items()}
        items += [
            replace(item, serial=f"{one.frame.id} · {item.serial}", stratum=names[item.stratum])
            for stage in family
            for item in stage.items
        ]
        found = [spot for stage in family for spot in spot_checks.counted(stage)]
        checks += [replace(spot, serial=f"{one.frame.id} · {spot.serial}") for spot in found]
    return tabulate(checks, items, sizes, confidence=confidence)


def findings_of(asked: Sequence[RecordedDraw]) -> dict[str, Findings]:
    """Draw -> its table with its top-ups, from accepted checks only; no estimate for what was no random draw.

    Lists, top-ups and checks of all draws are read together: a score rests on many draws.
    """
    if not asked:
        return {}
    families = {id: _test(family) for id, family in draws.families(asked).items()}
    lists = {frame.id: frame for frame in records.find(FrozenFrame, _id=tuple({draw.frame for draw in asked}))}
    counted = spot_checks.counted_of([stage for family in families.values() for stage in family])
    return {draw.id: _findings(families[draw.id], lists[draw.frame], counted) for draw in asked}


def findings(draw: RecordedDraw) -> Findings:
    """The same of one draw."""
    return findings_of([draw])[draw.id]


def correction(draw_id: str) -> Correction | None:
    """What the counter of this draw's list comes to; None for a list of no counter."""
    draw = load(RecordedDraw, draw_id, "draw")
    return _correction(_family(draw), load(FrozenFrame, draw.frame, "frame"))


def _results(draw: RecordedDraw) -> DrawResults:
    family, frame = _family(draw), load(FrozenFrame, draw.frame, "frame")
    return DrawResults(
        draw=draw,
        frame=frame,
        stages=tuple(stage.id for stage in family),
        findings=_findings(family, frame, spot_checks.counted_of(family)),
        excluded=tuple(one for stage in family for one in excluded(stage)),
        correction=_correction(family, frame),
    )


def _family(draw: RecordedDraw) -> list[RecordedDraw]:
    """The opened stages of the draw; what was added only to describe more is no part of the test."""
    return _test(draws.stages(draw))


def _test(stages: Sequence[RecordedDraw]) -> list[RecordedDraw]:
    return [stage for stage in stages if stage.seed and stage.purpose != DESCRIPTIVE]


def _of_records(frame: FrozenFrame) -> bool:
    return frame.kind not in PERSON_KINDS


def _findings(
    family: Sequence[RecordedDraw], frame: FrozenFrame, counted: Mapping[str, Sequence[SpotCheck]]
) -> Findings:
    """`counted`: the accepted first looks of each stage."""
    items = [item for stage in family for item in stage.items]
    checks = [spot for stage in family for spot in _checks(stage, frame, counted[stage.id])]
    names: tuple[str, ...] = (FOUND,)
    if _of_records(frame):
        finer = sorted({name for spot in checks for name in spot.details})
        names = (*ATTRIBUTES, *(name for name in finer if name not in ATTRIBUTES))
    found = tabulate(checks, items, frame.frame.sizes(), names, _confidence(family))
    planned = not family or family[0].trigger == PLANNED_TRIGGER
    return found if planned else not_random(found)


def _confidence(family: Sequence[RecordedDraw]) -> Fraction:
    """With several planned stages the risk is split among them: looking again after each is looking more often."""
    stages = draws.planned_stages(family[0]) if family else 1
    return 1 - (1 - CONFIDENCE) / max(stages, len(family), 1)


def _checks(draw: RecordedDraw, frame: FrozenFrame, counted: Sequence[SpotCheck]) -> Sequence[SpotCheck]:
    """Accepted first looks; of a list of persons, what they said in interviews: a record that they deny is lost."""
    if _of_records(frame):
        return counted
    said = dict.fromkeys(interviews.records_confirmed(draw.id), True)
    said |= {failure.serial: False for failure in interviews.record_failures(draw.id)}
    return [
        SpotCheck(f"{draw.id}/{serial}", draw.id, serial, {FOUND: holds}, draw.at, "")
        for serial, holds in said.items()
        if serial in {item.serial for item in draw.items}
    ]


def excluded(draw: RecordedDraw) -> list[Exclusion]:
    """Drawn items without an accepted check, and looks that are compared but never counted (back-checks)."""
    again = [spot for spot in records.find(SpotCheck, draw=draw.id) if spot.part != FIRST]
    return [*spot_checks.excluded(draw), *(Exclusion(spot.serial, spot.part, spot.id) for spot in again)]


def _correction(family: Sequence[RecordedDraw], frame: FrozenFrame) -> Correction | None:
    if not family or frame.counter not in COUNTERS or frame.direction != CLAIMS:
        return None
    claimed = frame.claimed if frame.claimed is not None else _listed(frame)
    first = family[0]
    if first.trigger != PLANNED_TRIGGER:
        return counters.unverified(frame.counter, claimed, counters.NOT_RANDOM, first.id)
    checks = {spot.serial: spot for stage in family for spot in spot_checks.counted(stage)}
    items = [item for stage in family for item in stage.items]
    claim = Claim(
        rule=frame.counter,
        draw=first.id,
        sizes={name or "": size for name, size in frame.frame.sizes().items()},
        claimed=claimed,
        items=_items(items, frame, checks),
        confidence=_confidence(family),
    )
    found = counters.correct(claim)
    if frame.counter in AMOUNTS and found.reason == counters.NO_BOUND:
        amounts = [row.amount for row in frames.rows_of(frame.id, frame.serials).values() if row.amount is not None]
        found = counters.correct(replace(claim, amounts=amounts))
    return found


def _items(drawn: Sequence[Drawn], frame: FrozenFrame, checks: dict[str, SpotCheck]) -> list[ClaimedItem]:
    rows = frames.rows_of(frame.id, [item.serial for item in drawn])
    return [
        ClaimedItem(
            item.serial,
            item.stratum or "",
            rows[item.serial].amount if item.serial in rows else None,
            checks.get(item.serial),
        )
        for item in drawn
    ]


def _listed(frame: FrozenFrame) -> Decimal | None:
    """What the list itself claims: its length, or the sum of its amounts."""
    return frame.amount_sum if frame.counter in AMOUNTS else Decimal(len(frame.serials))


def _counter(rule: str, lists: Sequence[FrozenFrame], planned: Sequence[DrawResults]) -> Correction:
    """A counter from its one planned draw; with none or several the claim stays unverified."""
    mine = [frame for frame in lists if frame.counter == rule and frame.direction == CLAIMS]
    found = [one.correction for one in planned if one.correction and one.frame.counter == rule]
    if len(found) == 1:
        return found[0]
    claims = [frame.claimed if frame.claimed is not None else _listed(frame) for frame in mine]
    claimed = claims[0] if len(claims) == 1 else None
    return counters.unverified(rule, claimed, counters.SEVERAL if found else counters.NO_DRAW)


def _direction(one: DrawResults, attribute: str) -> Direction:
    return Direction(
        draw=one.draw.id,
        kind=one.frame.kind,
        counter=one.frame.counter,
        wanting=one.findings.attribute(attribute),
        population=one.findings.population,
    )
