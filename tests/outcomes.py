"""A round whose result is final, and the people who publish it and decide what follows."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

from accounts import As
from demo_round import AUTHORITY, DemoRound, make_round
from factories import EVALUATOR, NOW
from flask.testing import FlaskClient
from stages import staged

from service.domain.collect.releases import ReleaseRequest
from service.domain.evaluate.corrections import Edit
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import FINAL, Round
from service.domain.organisations import Token, User
from service.domain.procedure.appeals import DECIDED, Appeal
from service.domain.procedure.reports import BUILT, Report
from service.operations import organisations
from service.operations.acts import load
from service.operations.collect import releases
from service.operations.evaluate import results, rounds, schemes
from service.store import records

LOOKED_FOR = ["state_secrets", "trade_secrets", "personal_privacy"]
LEAD = "purchaser-org"


@staged
def final_round(*, released: bool = True, reviewed: bool = True) -> tuple[DemoRound, ResultVersion]:
    """The demo's round with its result frozen and final; `released`: its answers too; `reviewed`: after an appeal."""
    made = make_round()
    result = results.freeze(EVALUATOR, NOW, made.round)
    if released:
        releases.make(EVALUATOR, NOW, made.campaign.id, ReleaseRequest("release-1"))
    if reviewed:
        records.insert(
            Appeal("appeal-1", made.round.id, made.round.project, "provider", "Text.", "provider-1", NOW, state=DECIDED)
        )
    return replace(made, round=finish(made.round.id)), result


def finish(round_id: str, state: str = FINAL) -> Round:
    """Put the round where the procedure leads it; how it gets there is shown by the tests of rounds."""
    there = load(Round, round_id, "round")
    return rounds.put("round.moved", EVALUATOR, NOW, replace(there, state=state), there.version, {"to": state})


class Person(As):
    """Somebody with an id of his own, so that it can be named."""

    def __init__(self, client: FlaskClient, id: str, role: str, organisation: str = "") -> None:
        self.client, self.token, self.id = client, f"token-of-{id}", id
        employer, at = organisation or f"{role}-org", datetime.now().astimezone()
        records.insert(User(id, id, employer, (role,), "no password fits this"))
        records.insert(Token(organisations._token_hash(self.token), id, at, at + timedelta(hours=1)))


@staged
def lead_people(client: FlaskClient, organisation: str = LEAD) -> dict[str, Person]:
    """Drafter and both heads of the organisation that leads, named by the administrator; and one head too many."""
    role = organisation.removesuffix("-org")
    people = {name: Person(client, name, role, organisation) for name in ("drafter", "office", "unit", "other")}
    admin = As(client, "admin")
    named = {"office_heads": ["office", "drafter"], "unit_heads": ["unit", "office"]}
    assert admin.put(f"/organisations/{organisation}/signatories", named, 0).status_code == 200
    return people


def sign(person: As, id: str, state: str, version: int) -> dict[str, object]:
    answer = person.put(f"/publications/{id}/state", {"state": state, "looked_for": LOOKED_FOR}, version)
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.get_json()
    return body


def publish(people: dict[str, Person], round_id: str = "round-1", id: str = "pub-1", **more: object) -> None:
    """All steps, by three persons."""
    asked = {"id": id, "disclosure": "active", "legal_basis": "办法六（三）"} | more
    answer = people["drafter"].post(f"/rounds/{round_id}/publications", asked)
    assert answer.status_code == 201, answer.text
    sign(people["office"], id, "office_head", 1)
    sign(people["unit"], id, "approved", 2)
    assert people["drafter"].put(f"/publications/{id}/state", {"state": "published"}, 3).status_code == 200


@staged
def failed_round() -> tuple[DemoRound, ResultVersion]:
    """The same, corrected until it fails: nobody is content, no counter reaches its target."""
    made, first = final_round(reviewed=False)
    evidence = json.loads(first.evidence)
    edits = [
        Edit("judgements", one["node"], "score", "20", "Scored too high.", one["id"]) for one in evidence["judgements"]
    ]
    edits += [
        Edit("quantities", one["node"], "verified", "3", "Counted twice.", one["id"]) for one in evidence["quantities"]
    ]
    return made, results.correct(EVALUATOR, NOW, made.round, edits)


def attached(result: ResultVersion) -> str:
    """The id of the report that was built of a result: the paper that a payment needs (C22)."""
    report = Report("report-1", result.round, NOW, EVALUATOR.id, result=result.id, state=BUILT, built_at=NOW)
    records.insert(report)
    return report.id


VARIANT = """
extends: guangzhou-housing-demo
id: variant
version: "1"
title: {zh-Hans: 变体, zh-Hant: 變體, en: Variant}
parameters: {rectification_chances: 1, publish_unappealed: true, publication_basis: "实施细则第九条"}
consequences:
  - {id: chance, grade: fail, duty: must, action: rectify, rules: [O13], reason: One chance to rectify comes first.,
     label: {zh-Hans: 给予一次整改机会, zh-Hant: 給予一次整改機會, en: One chance to rectify}}
"""


def under_variant(result: ResultVersion, number: int = 9) -> ResultVersion:
    """The same result under a scheme that gives a chance to rectify and a basis to publish what nobody appealed."""
    version, _ = schemes.publish(AUTHORITY, NOW, VARIANT)
    there = load(Round, result.round, "round")
    rounds.put("round.scheme", EVALUATOR, NOW, replace(there, scheme=version.id), there.version, {"to": version.id})
    made = replace(result, id=f"{result.round}#{number}", number=number, scheme=version.id)
    records.insert(made)
    return made
