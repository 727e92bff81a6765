"""What a project's finished visits, interviews, draws and campaigns have met of each method's minimum."""

from collections.abc import Iterator

from service.domain.access import Actor
from service.domain.collect.campaigns import DRAFT, Campaign
from service.domain.errors import Refused
from service.domain.evaluate import methods as rules
from service.domain.evaluate.methods import Gathered, MethodProgress
from service.domain.evaluate.rounds import Round
from service.domain.inspect.checklists import VISIT_KINDS
from service.domain.inspect.dispositions import EFFECTIVE
from service.domain.inspect.draws import PLANNED_TRIGGER, RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.interviews import Interviewee, InterviewPlan
from service.domain.inspect.spot_checks import ACCEPTED, FIRST, OBSERVATION, SpotCheck
from service.domain.inspect.visits import FINISHED, Visit
from service.operations import projects
from service.operations.acts import load
from service.operations.collect import campaigns, seals
from service.operations.evaluate import rounds, schemes
from service.operations.inspect import checklists
from service.operations.inspect.handing_out import looked_up
from service.store import records


def of_project(actor: Actor, project_id: str, round_id: str = "") -> list[MethodProgress]:
    """By the scheme of this round, or of the one opened last. Raises Refused("not_found") when there is none."""
    projects.project(actor, project_id, "methods.read")
    scheme = schemes.parsed(_round(actor, project_id, round_id).scheme)
    return rules.progress(scheme.methods_required, gather(project_id))


def gather(project_id: str) -> list[Gathered]:
    """Everything that stands for a method. Only accepted records of finished visits count."""
    found = [*_records(project_id), *_draws(project_id), *_campaigns(project_id)]
    for plan in records.find(InterviewPlan, project=project_id):
        for person in records.find(Interviewee, plan=plan.id, disposition=EFFECTIVE):
            found.append(Gathered(*rules.RECIPIENTS, "interview", person.id))
    return found


def _round(actor: Actor, project_id: str, round_id: str) -> Round:
    if round_id:
        found = rounds.get(actor, round_id)
        if found.project == project_id:
            return found
    elif opened := records.find(Round, project=project_id):
        return max(opened, key=lambda round: (round.opened_at, round.id))
    raise Refused("not_found", noun="round")


def _records(project_id: str) -> Iterator[Gathered]:
    finished = {visit.id for visit in records.find(Visit, project=project_id, state=FINISHED)}
    for spot in records.find(SpotCheck, project=project_id, part=OBSERVATION, state=ACCEPTED):
        if spot.visit not in finished or not spot.checklist:
            continue
        kind = checklists.parsed(spot.checklist).record_kind
        if kind in VISIT_KINDS:
            for method, evidence in rules.of_record(kind, spot.answers):
                yield Gathered(method, evidence, "spot_check", spot.id)


def _draws(project_id: str) -> Iterator[Gathered]:
    """Draws of records of which something was looked up; what a complaint led to is no random retrieval (C15)."""
    for draw in records.find(RecordedDraw, project=project_id, trigger=PLANNED_TRIGGER):
        frame = load(FrozenFrame, draw.frame, "frame")
        if looked_up(frame) and records.find(SpotCheck, draw=draw.id, part=FIRST, state=ACCEPTED):
            yield Gathered(*rules.of_draw(frame.kind), "draw", draw.id)


def _campaigns(project_id: str) -> Iterator[Gathered]:
    """Campaigns with answers."""
    for campaign in records.find(Campaign, project=project_id):
        if campaigns.state(campaign.id) != DRAFT and seals.read(campaign.id)[0]:
            yield Gathered(*rules.QUESTIONNAIRE, "campaign", campaign.id)
