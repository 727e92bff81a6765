"""Notices, objections and appeals for tests: a checked draw with its served notice, and a file for evidence."""

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts import As
from demo_round import AUTHORITY, PEOPLE, PURCHASER, make_draw
from factories import EVALUATOR, NOW, PROVIDER, make_project
from pictures import with_position
from scheme_files import SMALL
from stages import staged

from service.domain.days import day_of
from service.domain.evaluate.corrections import Edit
from service.domain.evaluate.judgements import RoundJudgement
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import Round
from service.domain.inspect.notices import Notice
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.organisations import User
from service.domain.procedure.groups import GroupMember
from service.operations.acts import load
from service.operations.evaluate import judgements, results, rounds, schemes
from service.operations.inspect import notices, spot_check_reviews, spot_checks
from service.store import records, retrying

# A check and a judgement, the evaluation's own term and the two of appeals.
_TERMS = """\
deadlines:
  - {id: official, from_event: evaluation_start, n: 15, unit: day, hard: false, rules: [G51],
     label: {zh-Hans: 考核, zh-Hant: 考核, en: Evaluation}}
  - {id: appeal, from_event: result_served, unit: day, hard: true, rules: [G56],
     label: {zh-Hans: 申诉, zh-Hant: 申訴, en: Appeal}}
  - {id: review, from_event: appeal_accepted, n: 30, unit: day, hard: true, rules: [G57],
     label: {zh-Hans: 复核, zh-Hant: 覆核, en: Review}}
nodes:
  - {id: top, type: composite, rules: [G10], weight: 100, label: {zh-Hans: 总, zh-Hant: 總, en: Top}}
"""
SCHEME = (
    SMALL[: SMALL.index("mappings:")]
    + _TERMS
    + SMALL[SMALL.index("  - id: records") :]
    .replace("weight: 35", "weight: 60")
    .replace("weight: 25", "weight: 40")
    .replace('[found, "true"]', '[found, complete, "true", timely]')
)
PICTURE = with_position((40, 30))
BODY = {"body": "区民政局", "address": "某路1号", "phone": "020-12345", "working_days": 5}
TEXT = "签名页在附件中，请核实。"
__all__ = ["AUTHORITY", "BODY", "EVALUATOR", "NOW", "PICTURE", "PROVIDER", "PURCHASER", "TEXT"]


def serve_notice(
    id: str = "notice-1", draw: str = "draw-1", served_on: date | None = None, at: datetime = NOW, days: int = 5
) -> Notice:
    """A notice of the checks of one draw that the provider has since `served_on`, by default the day of `at`."""
    wanted = Notice(id, "project-1", 1, "", (draw,), "一份记录缺少签名。", BODY | {"working_days": days})
    made, _ = notices.write(EVALUATOR, at, wanted)
    issued = notices.issue(EVALUATOR, at, id, made.version)
    return notices.serve(EVALUATOR, at, id, issued.version, served_on or day_of(at), "handed_over", "前台")


@staged
def make_case_round() -> Round:
    """A round of a check and an expert's judgement, with all that takes: much faster to make than the demo's."""
    make_project()
    draw = make_draw()
    schemes.publish(AUTHORITY, NOW, SCHEME)
    opened = Round("round-1", "project-1", "final", "期末评估", "small@1", "", NOW, checks={"records": draw.id})
    made, _ = rounds.open_round(EVALUATOR, NOW, opened, adoption_needed=False)
    reason = "查阅了年度计划，缺少制度文件。"
    judgement = RoundJudgement("judgement-1", made.id, "plans", "评分人甲", Decimal(70), reason, NOW, EVALUATOR.id)
    judgements.enter(EVALUATOR, NOW, judgement)
    return made


@staged
def make_accounts() -> None:
    """An account for each person of the tests, without the slow hash of a password."""
    for person in PEOPLE:
        records.insert(
            User(person.id, person.username, person.organisation, tuple(person.roles), "no password fits this")
        )


def notify(id: str, at: datetime, last_day: date) -> Round:
    """The round as it stands once its result was frozen and served at `at`, to be appealed against to `last_day`."""
    round = load(Round, id, "round")
    results.freeze(EVALUATOR, at, round)
    served = day_of(at).isoformat()
    notice = {**{name: BODY[name] for name in ("body", "address", "phone")}, "served_on": served}
    notice |= {"last_day": last_day.isoformat(), "channel": "handed_over", "received_by": "前台"}
    return put_round(replace(round, state="notified", notice=notice, terms={"appeal": 15}))


def put_round(round: Round) -> Round:
    """Set a round to where a test begins."""
    stored = replace(round, version=round.version + 1)
    retrying(lambda tx: records.replace(stored, round.version, tx))
    return stored


def set_state(id: str, state: str) -> Round:
    """The round in another state."""
    return put_round(replace(load(Round, id, "round"), state=state))


def renotify(id: str, served_on: date, last_day: date) -> Round:
    """The round's notice with other days."""
    round = load(Round, id, "round")
    days = {"served_on": served_on.isoformat(), "last_day": last_day.isoformat()}
    return put_round(replace(round, notice={**round.notice, **days}))


def withhold(result: str, node: str) -> None:
    """The result as if the answers behind a node were too few to be shown."""
    found = load(ResultVersion, result, "result")
    records.delete(ResultVersion, result)
    records.insert(replace(found, withheld=(node,)))


def edit_of_judgement(round: str) -> Edit:
    """A correction of the lowest judgement of the frozen evidence, to full points."""
    latest = results.latest(round)
    assert latest is not None
    lowest = min(json.loads(latest.evidence)["judgements"], key=lambda one: (Decimal(one["score"]), one["node"]))
    return Edit("judgements", lowest["node"], "score", "100", "附件证明制度齐全。", lowest["id"])


def group_member(round: str, name: str, roles: tuple[str, ...]) -> None:
    """Somebody who was of the evaluation group."""
    records.insert(GroupMember(f"member-{name}", round, name, "expert", roles, appointed_at=NOW, appointed_by="x"))


def wrong_record(draw: str = "draw-1") -> SpotCheck:
    """The record of the draw that errs."""
    return next(spot for spot in spot_checks.of_draw(EVALUATOR, draw) if spot.errs)


def mend(spot: SpotCheck, at: datetime) -> SpotCheck:
    """Reject a record and enter what a second look found instead: everything in order."""
    spot_check_reviews.review(EVALUATOR, at, spot.id, "rejected", "签名页在附件中。", spot.version)
    again = SpotCheck(
        f"{spot.id}-again", spot.draw, spot.serial, dict.fromkeys(spot.attributes, True), at, EVALUATOR.id
    )
    return spot_checks.log(EVALUATOR, at, again)[0]


def mended_over_the_api(evaluator: As, spot: str) -> None:
    """The same by the API."""
    there = evaluator.get(f"/spot-checks/{spot}").json
    review = {"state": "rejected", "comment": "签名页在附件中。"}
    assert evaluator.put(f"/spot-checks/{spot}/state", review, version=there["version"]).status_code == 200
    good = dict.fromkeys(there["attributes"], True)
    again = {"draw": there["draw"], "serial": there["serial"], "attributes": good, "at": "2026-03-05T10:00:00+08:00"}
    assert evaluator.post("/spot-checks", again).status_code == 201


def send_picture(party: As, path: str) -> Any:
    """Send a picture to a case of this path. -> what was kept."""
    sent = party.send("POST", f"{path}/attachments", {"Content-Type": "image/jpeg"}, data=PICTURE)
    assert sent.status_code == 201, sent.text
    return sent.json
