"""Plans of interviews: opened over a draw of persons, filled up when tickets were added, closed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.collect.campaigns import OPEN as CAMPAIGN_OPEN
from service.domain.collect.campaigns import Campaign
from service.domain.collect.tickets import SLIP, Batch, hashed
from service.domain.errors import Fault, Refused, invalid
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.schemes import SchemeVersion
from service.domain.inspect import interview_rules
from service.domain.inspect import interviews as rules
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.interviews import CLOSED, OPEN, Interviewee, InterviewPlan, Order
from service.domain.keys import Key
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, load
from service.operations.collect import campaigns, tickets
from service.operations.inspect import draws
from service.store import records
from service.store.collect import tickets as stored_tickets


def open_plan(actor: Actor, now: datetime, keys: Sequence[Key], asked: InterviewPlan) -> tuple[InterviewPlan, bool]:
    """(the plan, whether it is new). The first tickets of each stratum become the call and visit lists.

    What the scheme says holds (`asked.scheme`, or that of the project's last round), else the defaults; `asked.quotas`
    empty means the station's numbers spread over the strata. Raises Refused: invalid, state_conflict, id_taken.
    """
    campaign = campaigns.get(actor, asked.campaign, "interviews.write")
    known = records.get(InterviewPlan, asked.id)
    if known is not None:
        return _same(known, asked), False
    _check_campaign(campaign, asked)
    found = draws.get(actor, asked.draw)
    if found.project == campaign.project:
        found = draws.open(actor, now, keys, asked.draw)  # sealed until here, where the calling begins
    if found.project != campaign.project or found.of:
        raise invalid("draw", "this project has no such draw; name the first one, not a top-up")
    plan = _planned(asked, campaign, found, now, actor, keys[0])
    persons = rules.first_persons(plan, order_of(plan), now)
    _rights(actor, now, plan, persons, keys[0])

    def write(tx: store.Tx) -> None:
        records.insert(plan, tx)
        for person in persons:
            records.insert(person, tx)

    details = {"campaign": plan.campaign, "draw": plan.draw, "site": plan.site, "persons": len(persons)}
    details |= {"quotas": [dict(quota) for quota in plan.quotas], "rules": dict(plan.rules), "scheme": plan.scheme}
    try:
        act("interviews.opened", actor, now, projects.scope(plan.project), plan.id, details, write)
    except records.Duplicate:
        return _same(load(InterviewPlan, plan.id, "interview plan"), asked), False
    return plan, True


def _same(known: InterviewPlan, asked: InterviewPlan) -> InterviewPlan:
    same = ("campaign", "draw", "site", "earlier")
    if any(getattr(known, name) != getattr(asked, name) for name in same):
        raise Refused("id_taken", id=asked.id)
    return known


def _check_campaign(campaign: Campaign, asked: InterviewPlan) -> None:
    if (state := campaigns.state(campaign.id)) != CAMPAIGN_OPEN:
        raise Refused("state_conflict", noun="campaign", state=state)
    if asked.site not in campaign.sites:
        options = ", ".join(campaign.sites)
        raise Refused("invalid", [Fault("site", "not_an_option", {"value": asked.site, "options": options})])
    if not asked.earlier:
        return
    earlier = records.get(Campaign, asked.earlier)
    if earlier is None or earlier.project != campaign.project or earlier.id == campaign.id:
        raise invalid("earlier", "this project has no such other campaign")
    untold = [each.id for each in (earlier, campaign) if not each.told_linked]
    if untold:
        raise Refused("invalid", [Fault("earlier", "not_told_linked", {"campaign": ", ".join(untold)})])


def _planned(
    asked: InterviewPlan, campaign: Campaign, draw: RecordedDraw, now: datetime, actor: Actor, key: Key
) -> InterviewPlan:
    scheme = asked.scheme or _last_scheme(campaign.project)
    said = _said_by(scheme) if scheme else {}
    settings = interview_rules.from_plain(said)
    frame = load(FrozenFrame, draw.frame, "frame").frame
    sizes = {stratum or "": size for stratum, size in frame.sizes().items()}
    wanted = {mode: settings.wanted(mode) for mode in interview_rules.MODES}
    return replace(
        asked,
        project=campaign.project,
        frame=draw.frame,
        batch=f"{asked.id}-rights",
        key_id=key.id,
        quotas=asked.quotas or rules.quotas(sizes, wanted),
        rules=interview_rules.to_plain(settings),
        scheme=scheme,
        linked=bool(asked.earlier),
        state=OPEN,
        opened_at=now,
        opened_by=actor.id,
    )


def _last_scheme(project: str) -> str:
    rounds = sorted(records.find(Round, project=project), key=lambda round: round.opened_at)
    return rounds[-1].scheme if rounds else ""


def _said_by(scheme: str) -> Mapping[str, Any]:
    version = load(SchemeVersion, scheme, "scheme")
    return load_scheme(version.text, version.bases).interviews


def _rights(actor: Actor, now: datetime, plan: InterviewPlan, persons: Sequence[Interviewee], key: Key) -> None:
    """One one-time right a person, in a batch of the campaign: drawn persons, with the frame as their population."""
    there = records.get(Batch, plan.batch)
    if there is not None and there.campaign == plan.campaign and there.count == len(persons):
        return  # made by a try that was cut off before the plan was stored
    batch = Batch(
        id=plan.batch,
        campaign=plan.campaign,
        kind=SLIP,
        site=plan.site,
        session="",
        distribution="drawn_persons",
        count=len(persons),
        key_id=key.id,
        created_at=now,
        created_by=actor.id,
        frame=plan.frame,
    )
    codes = [rules.right(key, plan.id, person.serial) for person in persons]
    tickets.create_batch(actor, now, batch, key, codes)


def add_right(tx: store.Tx, plan: InterviewPlan, key: Key, serial: str) -> None:
    """One more person was asked: one more right, and one more in the number issued."""
    hash = hashed(key, rules.right(key, plan.id, serial))
    if stored_tickets.batches_of([hash]) == [None]:  # not so when the transaction is run again
        stored_tickets.insert([hash], plan.batch)
    batch = records.get(Batch, plan.batch, tx)
    if batch is None:
        raise Refused("not_found", noun="batch of codes")
    records.replace(replace(batch, count=batch.count + 1, version=batch.version + 1), batch.version, tx)


def key_of(plan: InterviewPlan, keys: Sequence[Key]) -> Key:
    """The key that the plan's rights were made with. Raises Refused("code_unknown") when the server has it no more."""
    found = next((key for key in keys if key.id == plan.key_id), None)
    if found is None:
        raise Refused("code_unknown")
    return found


def order_of(plan: InterviewPlan) -> Order:
    """The tickets of the plan's draw and of its top-ups, by stratum."""
    return rules.ticket_order(draws.stages(load(RecordedDraw, plan.draw, "draw")))


def get(actor: Actor, id: str, action: str = "interviews.conduct") -> InterviewPlan:
    """Somebody else's plan is as unknown as none."""
    plan = load(InterviewPlan, id, "interview plan")
    owner = load(Project, plan.project, "project")
    if not access.may(actor, "projects.read", owner.parties):
        raise Refused("not_found", noun="interview plan")
    access.require(actor, action, owner.parties)
    return plan


def of_project(actor: Actor, project: str) -> list[InterviewPlan]:
    projects.project(actor, project, "interviews.conduct")
    return records.find(InterviewPlan, project=project)


def mine(actor: Actor) -> list[InterviewPlan]:
    """The plans that the actor may work on, open ones first."""
    found: list[InterviewPlan] = []
    for project in projects.projects(actor):
        if access.may(actor, "interviews.conduct", project.parties):
            found += records.find(InterviewPlan, project=project.id)
    return sorted(found, key=lambda plan: (plan.state != OPEN, plan.id))


def persons(plan: InterviewPlan, tx: store.Tx | None = None) -> list[Interviewee]:
    return records.find(Interviewee, tx, plan=plan.id)


def fill_up(actor: Actor, now: datetime, keys: Sequence[Key], id: str) -> int:
    """After a top-up of the draw: the next tickets for those whom nobody could replace. How many came in."""
    plan = get(actor, id, "interviews.write")
    key = key_of(plan, keys)
    for stage in draws.stages(load(RecordedDraw, plan.draw, "draw")):
        draws.open(actor, now, keys, stage.id)
    order, came = order_of(plan), 0
    while came < 10_000:  # far more than a station has
        there = persons(plan)
        wanting = [
            out for out in rules.without_replacement(there) if rules.lacking(plan, there, out.stratum, out.mode) > 0
        ]
        fresh = next((made for out in wanting if (made := rules.next_ticket(out, there, order, now))), None)
        if fresh is None:
            return came
        _bring_in(actor, now, plan, key, fresh)
        came += 1
    return came


def _bring_in(actor: Actor, now: datetime, plan: InterviewPlan, key: Key, fresh: Interviewee) -> None:
    def write(tx: store.Tx) -> None:
        records.insert(fresh, tx)
        add_right(tx, plan, key, fresh.serial)

    details: dict[str, Any] = {"plan": plan.id, "in": fresh.serial, "out": fresh.replaces, "stratum": fresh.stratum}
    details |= {"mode": fresh.mode, "place": fresh.place}
    try:
        act("interview.replaced", actor, now, projects.scope(plan.project), fresh.id, details, write)
    except records.Duplicate:
        return  # somebody else brought the same person in


def close(actor: Actor, now: datetime, id: str, version: int) -> InterviewPlan:
    """Nobody is called any more; who was not reached stays as the last try left it."""
    plan = get(actor, id, "interviews.write")
    if plan.state == CLOSED:
        return plan
    closed = replace(plan, state=CLOSED, version=version + 1)
    scope = projects.scope(plan.project)
    act("interviews.closed", actor, now, scope, id, {}, lambda tx: records.replace(closed, version, tx))
    return closed
