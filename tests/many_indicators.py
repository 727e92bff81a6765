"""A round of sixty indicators with evidence for each: campaigns, draws with their checks, volumes and judgements."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from demo_round import AUTHORITY
from factories import AUDITOR, EVALUATOR, KEY, NOW, make_campaign, make_project
from scheme_files import CHECK, COMMON, COUNT, EXPERT, HEAD, TAGS

from service.domain.collect import tallies
from service.domain.collect.seals import Seal
from service.domain.collect.tallies import Cell
from service.domain.collect.tickets import Batch
from service.domain.evaluate.judgements import RoundJudgement
from service.domain.evaluate.rounds import Round, RoundQuantity
from service.domain.inspect.spot_checks import SpotCheck
from service.operations.collect import campaigns, seals
from service.operations.collect.questionnaires import of_campaign
from service.operations.evaluate import judgements, rounds, schemes
from service.operations.inspect import draws, frames, spot_check_reviews, spot_checks
from service.store import records
from service.store.collect import seals as stored_seals

SIXTY = {"survey": 6, "check": 4, "counter": 10, "expert": 40}
TWENTY = {"survey": 2, "check": 1, "counter": 7, "expert": 10}
DAYS, WAY, ISSUED = 6, "all_present_evaluator", 1_000_000
SITES = ("east", "west")
SURVEY = (
    f"type: survey, {COMMON}, {TAGS}, population: recipients, questionnaire: recipients, scale: satisfaction,"
    " figure: top2_rate, points: linear, distributions: [all_present_evaluator], modes: [own_phone],"
    " min_n: 30, min_response: 0, if_below: lead_decides"
)


def scheme_text(numbers: Mapping[str, int]) -> str:
    """Four standards with a quarter of the leaves each."""
    kinds = [kind for kind, number in numbers.items() for _ in range(number)]
    last = len(kinds) // 4 - 1
    even = 100 // (last + 1)
    rows = {"survey": SURVEY, "check": CHECK, "counter": COUNT, "expert": EXPERT}
    lines = [f"id: s{place}, weight: 25, type: composite, {COMMON}" for place in range(4)]
    for place, kind in enumerate(kinds):
        weight = even if place // 4 < last else 100 - even * last
        lines.append(f"id: {kind}-{place}, parent: s{place % 4}, weight: {weight}, {rows[kind]}")
    return HEAD.replace("id: worked", "id: many") + "".join(f"  - {{{line}}}\n" for line in lines)


def make_many(answers: int, numbers: Mapping[str, int] = SIXTY) -> Round:
    """The round, each of its campaigns with so many sealed answers."""
    make_project(sites=SITES)
    schemes.publish(AUTHORITY, NOW, scheme_text(numbers))
    nodes = list(schemes.parsed("many@1").leaves())
    surveys, checks = {}, {}
    for node in nodes:
        if node.type == "survey":
            surveys[node.id] = make_answers(node.id, answers)
        elif node.type == "check":
            checks[node.id] = make_checks(node.id)
    opened = Round("round-60", "project-1", "final", "2026", "many@1", "", NOW, surveys=surveys, checks=checks)
    made, _ = rounds.open_round(EVALUATOR, NOW, opened, adoption_needed=False)
    for node in nodes:
        if node.type == "expert":
            given = RoundJudgement(f"j-{node.id}", made.id, node.id, "r1", Decimal(85), "seen", NOW, EVALUATOR.id)
            judgements.enter(EVALUATOR, NOW, given)
        elif node.type == "counter":
            amounts = {"target": Decimal(50), "claimed": Decimal(48), "verified": Decimal(47)}
            quantity = RoundQuantity(f"q-{node.id}", made.id, node.id, "register", NOW, EVALUATOR.id, **amounts)
            rounds.enter_quantity(EVALUATOR, NOW, quantity)
    return made


def make_answers(name: str, count: int) -> str:
    """A campaign with so many answers."""
    campaign = make_campaign(f"campaign-{name}", sites=SITES)
    campaigns.change_state(EVALUATOR, NOW, campaign.id, "open", campaign.version)
    records.insert(Batch(f"b-{name}", campaign.id, "slip", "east", "", WAY, ISSUED, KEY.id, NOW, EVALUATOR.id, ""))
    seal_answers(campaign.id, count)
    return campaign.id


def seal_answers(campaign: str, count: int, name: str = "") -> None:
    """What sealing leaves behind: a seal a day, put together. Sealing itself is tested elsewhere."""
    questionnaire, levels = of_campaign(campaign), ("High", "High", "Medium", "Low")
    for day in range(DAYS):
        parts = []
        for place, level in enumerate(levels):
            cell = Cell(SITES[place % 2], "", WAY, "own_phone", "none", "en", "", "", "")
            given = {"satisfaction": level, "influence": "Medium", "contact": "Low"}
            one = tallies.tally_of(questionnaire, cell, given, 4)
            times = max(1, count // DAYS // len(levels))
            parts.append({key: {what: number * times for what, number in held.items()} for key, held in one.items()})
        hour = (NOW + timedelta(days=day)).strftime("%Y-%m-%dT%H")
        stored_seals.insert_only(Seal(f"{campaign}:{name}{day}", campaign, 0, hour, tallies.total(parts)))
    while seals.compact(campaign, NOW + timedelta(days=DAYS)):
        pass


def make_checks(name: str) -> str:
    """Ten of forty records drawn and looked up, all well."""
    frame, draw = f"frame-{name}", f"draw-{name}"
    serials = [f"R{number:03}" for number in range(1, 41)]
    frames.freeze(EVALUATOR, NOW, frame, "project-1", name, "archive", serials, None)
    made, _ = draws.draw(EVALUATOR, NOW, draw, frame, 10)
    holds = dict.fromkeys(("found", "complete", "true", "timely"), True)
    for item in made.items:
        spot_checks.log(AUDITOR, NOW, SpotCheck(f"{draw}-{item.serial}", draw, item.serial, holds, NOW, AUDITOR.id))
    spot_check_reviews.review_all(EVALUATOR, NOW, draw, "accepted", "")
    return draw
