"""A whole round for tests of the desk: answers, a draw with its spot checks, judgements and volumes for every node."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import database
from factories import ADMIN, AUDITOR, EVALUATOR, NOW, OTHER_EVALUATOR, PROVIDER, TEMPLATES, Opened, issue, open_campaign
from flask import Flask
from flask.testing import FlaskClient
from stages import staged

from service.domain.access import Actor
from service.domain.evaluate.judgements import RoundJudgement
from service.domain.evaluate.rounds import Round, RoundQuantity
from service.domain.evaluate.schemes import Counter, Expert
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.organisations import Organisation
from service.operations import organisations
from service.operations.collect import campaigns, responses, seals, tickets
from service.operations.collect.responses import Submission
from service.operations.evaluate import judgements, rounds, schemes
from service.operations.inspect import draws, frames, spot_check_reviews, spot_checks

PASSWORD = "a long enough password"
AUTHORITY = Actor("authority-1", "authority", "authority-org", ("authority",))
PURCHASER = Actor("purchaser-1", "purchaser", "purchaser-org", ("purchaser",))
PEOPLE = (EVALUATOR, OTHER_EVALUATOR, AUDITOR, PROVIDER, AUTHORITY, PURCHASER)
FAILED = 3  # the place of the drawn record that errs


@dataclass(frozen=True)
class DemoRound:
    """What was made. `waiting` answers of the campaign are not sealed yet."""

    round: Round
    campaign: Opened
    draw: RecordedDraw
    waiting: int


def make_city() -> DemoRound:
    """Empty the database and fill it: the round, another one without judgements and volumes, and its people."""
    database.empty()
    campaigns.forget_views()
    tickets.forget_batches()
    made = make_round()
    open_round("round-2", "2026年度中期评估", made.campaign, made.draw)
    make_people()
    return made


def sign_in(app: Flask, username: str = "evaluator", **more: Any) -> FlaskClient:
    """A client with a session of the desk."""
    client = app.test_client()
    answer = client.post("/desk/sign-in", data={"username": username, "password": PASSWORD}, **more)
    assert answer.status_code == 303, answer.text
    return client


@staged
def make_people() -> None:
    """An account for each of PEOPLE, all with PASSWORD."""
    organisations.create_organisation(ADMIN, NOW, Organisation("other-org", "evaluator", "Other evaluators"))
    for person in PEOPLE:
        organisations.create_user(
            ADMIN, NOW, person.id, person.username, PASSWORD, person.organisation, tuple(person.roles)
        )


@staged
def make_round(answers: int = 30, waiting: int = 2) -> DemoRound:
    """The round `round-1` of the project `project-1`; every leaf of its scheme has evidence."""
    campaign = open_campaign(count=24)
    campaign.codes += issue(campaign, 16, site="west")
    answer(campaign, 0, answers)
    seals.seal(campaign.id)
    answer(campaign, answers, answers + waiting)
    draw = make_draw()
    for name in ("guangzhou-services", "guangzhou-housing-demo"):
        schemes.publish(AUTHORITY, NOW, scheme_text(name))
    made = open_round("round-1", "2026年度期末评估", campaign, draw)
    fill(made, NOW)
    return DemoRound(made, campaign, draw, waiting)


@staged
def open_round(id: str, name: str, campaign: Opened, draw: RecordedDraw) -> Round:
    """A round of which the survey and the check are bound, with no judgement and no volume."""
    opened = Round(
        id=id,
        project="project-1",
        kind="final",
        name=name,
        scheme="guangzhou-housing-demo@2",
        scheme_digest="",
        opened_at=NOW,
        surveys={"g28-recipients": campaign.id},
        checks={"g35": draw.id},
    )
    return rounds.open_round(EVALUATOR, NOW, opened, adoption_needed=False)[0]


def scheme_text(name: str) -> str:
    return (TEMPLATES / "schemes" / f"{name}.yaml").read_text(encoding="utf-8")


def answer(campaign: Opened, first: int, last: int) -> None:
    """Of seven in a row four are satisfied, two in between, one is not."""
    for place in range(first, last):
        level = ("High", "High", "Medium", "High", "Low", "High", "Medium")[place % 7]
        answers = {"satisfaction": level, "influence": "Medium", "contact": "Low"}
        # Spread over both sites: codes come in the order of the batches.
        code = campaign.codes[7 * place % len(campaign.codes)]
        responses.submit(code, Submission(f"submission-{place:04}", answers, duration_s=42.0), NOW, [campaign.key])


@staged
def make_draw() -> RecordedDraw:
    """Ten of forty records drawn and looked up; one of them is not complete."""
    serials = [f"R{number:03}" for number in range(1, 41)]
    frames.freeze(EVALUATOR, NOW, "frame-1", "project-1", "2026年服务记录", "服务记录登记册", serials, None)
    draw, _ = draws.draw(EVALUATOR, NOW, "draw-1", "frame-1", 10)
    for place, item in enumerate(draw.items, 1):
        fails = place == FAILED
        holds = {"found": True, "complete": not fails, "true": True, "timely": True}
        note = "缺少服务对象签名。" if fails else ""
        spot_checks.log(AUDITOR, NOW, SpotCheck(f"spot-{place}", draw.id, item.serial, holds, NOW, AUDITOR.id, note))
    spot_check_reviews.review_all(EVALUATOR, NOW, draw.id, "accepted", "")
    return draw


def fill(round: Round, now: datetime, mark: str = "") -> None:
    """A judgement or a volume for every node that takes one; `mark` keeps the ids of a further round apart."""
    for place, node in enumerate(schemes.parsed(round.scheme).leaves()):
        if isinstance(node.spec, Expert):
            score = Decimal(78 + 3 * (place % 7))
            reason = f"查阅了{node.label['zh-Hans']}的资料，并与有关人员面谈。"
            rater = "区民政局" if node.spec.raters == "institutions" else "评分人甲"
            judgement = RoundJudgement(f"j{mark}-{node.id}", round.id, node.id, rater, score, reason, now, EVALUATOR.id)
            judgements.enter(EVALUATOR, now, judgement)
        elif isinstance(node.spec, Counter):
            quantity = RoundQuantity(
                id=f"q{mark}-{node.id}",
                round=round.id,
                node=node.id,
                source="台账及签到表",
                at=now,
                by=EVALUATOR.id,
                target=Decimal(50),
                claimed=Decimal(240),
                verified=Decimal(228 if node.spec.denominator else 47),
                workers=Decimal(5) if node.spec.denominator else None,
            )
            rounds.enter_quantity(EVALUATOR, now, quantity)
