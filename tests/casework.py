"""Notices, objections and appeals for tests: a checked draw with its served notice, and a file for evidence."""

from datetime import date, datetime
from typing import Any

from accounts import As
from demo_round import AUTHORITY, PURCHASER
from factories import EVALUATOR, NOW, PROVIDER
from pictures import with_position

from service.domain.days import day_of
from service.domain.inspect.notices import Notice
from service.domain.inspect.spot_checks import SpotCheck
from service.operations.inspect import notices, spot_check_reviews, spot_checks

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
