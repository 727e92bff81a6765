"""A district's workbook carried out: what is missing is made, what is there already is left, and a repeat goes on.

Who works through it makes what they may: an administrator the projects and sites, an evaluator the rest. What somebody
else has to make first is told as waiting, so that the same file serves both, in either order and as often as needed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from service.domain import access
from service.domain.access import Actor
from service.domain.collect.campaigns import OPEN, Campaign, check_openable
from service.domain.collect.tickets import Batch
from service.domain.days import day_of
from service.domain.errors import Fault, Refused, invalid, problem
from service.domain.evaluate import round_opening
from service.domain.evaluate import rounds as round_rules
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import SchemeVersion
from service.domain.keys import Key
from service.domain.organisations import Organisation
from service.domain.procedure import districts as rules
from service.domain.procedure.districts import District, Wanted
from service.domain.projects import Project, Site, check_project
from service.operations import projects
from service.operations.acts import load
from service.operations.collect import campaigns, questionnaires, tickets, workbooks
from service.operations.evaluate import rounds, schemes
from service.store import records

NEW, MADE, THERE, DIFFERS, WAITS, REFUSED = "new", "made", "there", "differs", "waits", "refused"
# Which action makes what; the project's parties decide over all but the project itself.
ACTION = {
    "project": "projects.write",
    "site": "sites.write",
    "campaign": "campaigns.write",
    "batch": "tickets.write",
    "round": "rounds.open",
}
RECORDS: Mapping[str, type] = {"project": Project, "site": Site, "campaign": Campaign, "batch": Batch, "round": Round}


@dataclass(frozen=True)
class Step:
    """One thing of the workbook and what became of it; `codes` of a batch are shown this once."""

    kind: str
    id: str
    row: int
    outcome: str
    faults: tuple[Fault, ...] = ()
    codes: tuple[str, ...] = field(default=(), repr=False)


def read(actor: Actor, now: datetime, content: bytes, key: Key) -> District:
    """The district of an XLSX. Raises Refused("import_invalid") naming sheet, row and column of each fault."""
    access.require(actor, "districts.write")
    try:
        sheets = {sheet.name.strip().lower(): sheet.rows for sheet in workbooks.read_workbook(content)}
    except Refused as refused:
        if refused.reason != "xlsform_invalid":
            raise
        raise Refused("import_invalid", refused.faults) from None
    return rules.read(sheets.get(rules.STATIONS, ()), sheets.get(rules.SHARED, ()), key.id, now, actor.id)


def preview(actor: Actor, now: datetime, district: District, adoption_needed: bool) -> list[Step]:
    """What carrying it out would do; nothing is written. Every fault that can be known before is told."""
    coming = {one.id: one.record for one in district.wanted}
    found = []
    for wanted in district.wanted:
        owner = records.get(Project, wanted.project) or coming.get(wanted.project)
        step = _there(wanted) or _waiting(actor, wanted, owner)
        if step is None:
            faults = _faults(wanted, owner, coming)
            if not faults and wanted.kind == "round" and owner is not None:
                faults = _round_faults(wanted, owner, day_of(now), adoption_needed)
            step = Step(wanted.kind, wanted.id, wanted.row, REFUSED if faults else NEW, faults)
        found.append(step)
    return found


def carry_out(actor: Actor, now: datetime, district: District, key: Key, adoption_needed: bool) -> list[Step]:
    """Make what is missing, one after another; each stands for itself, and a refused one stops none of the others."""
    make: Mapping[str, Callable[[Any], tuple[str, ...]]] = {
        "project": lambda one: _nothing(projects.create_project(actor, now, one)),
        "site": lambda one: _nothing(projects.create_site(actor, now, one)),
        "campaign": lambda one: _nothing(campaigns.create(actor, now, one)),
        "batch": lambda one: tuple(tickets.create_batch(actor, now, one, key)[1]),
        "round": lambda one: _nothing(rounds.open_round(actor, now, one, adoption_needed)),
    }
    found = []
    for wanted in district.wanted:
        step = _there(wanted) or _waiting(actor, wanted, records.get(Project, wanted.project))
        if step is None:
            try:
                codes = make[wanted.kind](wanted.record)
                step = Step(wanted.kind, wanted.id, wanted.row, MADE, codes=codes)
            except Refused as refused:
                step = _refused(wanted, refused)
        found.append(step)
    return found + (_opened(actor, now, district) if district.opens else [])


def _nothing(_: Any) -> tuple[str, ...]:
    return ()


def _opened(actor: Actor, now: datetime, district: District) -> list[Step]:
    """Campaigns that are still drafts are opened, once all that respondents must be told is there."""
    found = []
    for wanted in district.of("campaign"):
        there = records.get(Campaign, wanted.id)
        owner = records.get(Project, wanted.project)
        if there is None or there.opened_at is not None or not _may(actor, wanted, owner):
            continue
        try:
            campaigns.change_state(actor, now, there.id, OPEN, there.version)
            found.append(Step("opening", wanted.id, wanted.row, MADE))
        except Refused as refused:
            found.append(replace(_refused(wanted, refused), kind="opening"))
    return found


def _refused(wanted: Wanted, refused: Refused) -> Step:
    faults = refused.faults or (problem(wanted.kind, refused.entry.message, **refused.params),)
    return Step(wanted.kind, wanted.id, wanted.row, REFUSED, tuple(faults))


def _there(wanted: Wanted) -> Step | None:
    """What an earlier run made is left as it is; what is there otherwise under this id is told, never overwritten."""
    there = records.get(RECORDS[wanted.kind], wanted.id)
    if there is None:
        return None
    names = wanted.differs(there)
    if wanted.kind == "campaign" and there.opened_at is not None and names == ["closes_at"]:
        names = []  # a window may have been made longer since
    faults = tuple(
        problem(name, "this is stored already with another value; change it there, or take another id")
        for name in names
    )
    return Step(wanted.kind, wanted.id, wanted.row, DIFFERS if names else THERE, faults)


def _waiting(actor: Actor, wanted: Wanted, owner: Project | None) -> Step | None:
    """Somebody else makes this, or has to make its project first."""
    return None if _may(actor, wanted, owner) else Step(wanted.kind, wanted.id, wanted.row, WAITS)


def _may(actor: Actor, wanted: Wanted, owner: Project | None) -> bool:
    if wanted.kind == "project":
        return access.may(actor, ACTION[wanted.kind])
    return owner is not None and access.may(actor, ACTION[wanted.kind], owner.parties)


def _faults(wanted: Wanted, owner: Project | None, coming: Mapping[str, Any]) -> tuple[Fault, ...]:
    """What would be refused, as far as it follows from what is stored and from the workbook itself."""
    try:
        if isinstance(wanted.record, Project):
            check_project(wanted.record, {one.id: one.kind for one in records.find(Organisation)})
        elif isinstance(wanted.record, Campaign) and owner is not None:
            _check_campaign(wanted.record, owner)
        elif isinstance(wanted.record, Round):
            _check_surveys(wanted.record, coming)
    except Refused as refused:
        return _refused(wanted, refused).faults
    return ()


def _round_faults(wanted: Wanted, owner: Project, today: date, adoption_needed: bool) -> tuple[Fault, ...]:
    opened: Round = wanted.record
    try:
        scheme = schemes.parsed(load(SchemeVersion, opened.scheme, "scheme").id)
        examples = any(node.example for node in scheme.nodes)
        round_rules.check_opening(opened.kind, opened.adoption, adoption_needed and examples)
        round_opening.check(opened, scheme, owner, None, today)
        round_rules.check_bindings(scheme, opened.surveys, {}, {}, {})
    except Refused as refused:
        return _refused(wanted, refused).faults
    return ()


def _check_campaign(campaign: Campaign, owner: Project) -> None:
    version = questionnaires.version_id(campaign.questionnaire, campaign.questionnaire_version)
    spoken = questionnaires.parsed(version).languages
    provider = records.get(Organisation, owner.provider)
    check_openable(campaign, spoken, provider.phones if provider else ())


def _check_surveys(opened: Round, coming: Mapping[str, Any]) -> None:
    missing = [id for id in opened.surveys.values() if id not in coming and records.get(Campaign, id) is None]
    if missing:
        raise invalid("surveys", "there is no campaign {name!r}", name=missing[0])


def counts(steps: Sequence[Step]) -> dict[str, dict[str, int]]:
    """Kind -> outcome -> how many."""
    found: dict[str, dict[str, int]] = {}
    for step in steps:
        kind = found.setdefault(step.kind, {})
        kind[step.outcome] = kind.get(step.outcome, 0) + 1
    return found
