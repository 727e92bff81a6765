"""A visit that is under way, and an auditor's collecting app set up for it: what is left to try out by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click
import httpx

from service.cli.demonstration.api import PATIENCE
from service.cli.demonstration.setting_up import PROJECT, SITES, Stage
from service.domain.days import day_of

VISIT, DRAW, TAKE = "field-visit", "field-draw", 20
PERSONS = ("auditor", "evaluator")  # the first one leads
OBSERVATION = "observation-visit@1"


def begin(stage: Stage, frame: str) -> None:
    """Publish the checklists, draw once more from the frozen list, and start a visit of two auditors who look it up."""
    evaluator = stage["evaluator"]
    evaluator.post("/checklists/shipped")
    evaluator.post("/draws", id=DRAW, frame=frame, take=TAKE)
    ids = {user["username"]: user["id"] for user in stage["admin"].get("/users")}
    for person in PERSONS:
        stage[person].post("/declarations", project=PROJECT, conflict=False)
    evaluator.post(
        "/visits",
        id=VISIT,
        project=PROJECT,
        site=next(iter(SITES)).lower(),
        on=day_of(datetime.now(UTC)).isoformat(),
        persons=[ids[person] for person in PERSONS],
        draws=[DRAW],
        checklists=[OBSERVATION],
    )
    stage["auditor"].post(f"/visits/{VISIT}/start")


def set_up_app(stage: Stage) -> Mapping[str, Any]:
    """The auditor's code for ODK Collect: the address in it, and one that a newer code has ended."""
    ids = {user["username"]: user["id"] for user in stage["admin"].get("/users")}
    revoked, live = (stage["evaluator"].post("/field-tokens", user=ids["auditor"])["server_url"] for _ in range(2))
    # The first request of all makes the forms; whoever scans the code need not wait for that.
    own = f"{stage.address}/openrosa/{live.rpartition('/')[2]}/formList"
    answer = httpx.get(own, timeout=PATIENCE, trust_env=False)
    if answer.is_error:
        raise click.ClickException(f"GET /openrosa/…/formList: {answer.status_code} {answer.text[:1000]}")
    return {"server_url": live, "bad_server_url": revoked}
