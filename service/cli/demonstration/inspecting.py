"""A frozen list of generated service records, a verifiable draw from it, and what was found of each drawn record."""

from datetime import UTC, datetime
from typing import Any

from service.cli.demonstration.setting_up import PROJECT, Stage

FRAME = "service-records"
RECORDS, TAKE = 400, 60
# Place in the drawn list (from 1) -> what fails there: three different errors.
FAILING: dict[int, dict[str, bool]] = {
    9: {"found": False},
    27: {"found": True, "complete": False, "true": True, "timely": True},
    48: {"found": True, "complete": True, "true": True, "timely": False},
}
PASSING = {"found": True, "complete": True, "true": True, "timely": True}
NOTES = {9: "档案中找不到 not found in the files", 27: "缺服务小结 summary missing", 48: "补记 written down late"}


def serials() -> list[str]:
    """The generated records: CASE-2026-0001 to CASE-2026-0400."""
    return [f"CASE-2026-{number:04d}" for number in range(1, RECORDS + 1)]


def draw(stage: Stage) -> dict[str, Any]:
    """Freeze the list, then draw from it: the draw as the API shows it."""
    evaluator = stage["evaluator"]
    frame = evaluator.post(
        "/frames",
        id=FRAME,
        project=PROJECT,
        name="服务记录（生成数据） Service records (generated)",
        source="minyi demo: generated for the demonstration, no real case",
        serials=serials(),
    )
    drawn: dict[str, Any] = evaluator.post("/draws", id="records-draw", frame=frame["id"], take=TAKE)
    return drawn


def check(stage: Stage, drawn: dict[str, Any]) -> dict[str, Any]:
    """The auditor logs every drawn record, the evaluator accepts them: the findings as the API computes them."""
    auditor = stage["auditor"]
    for place, serial in enumerate(drawn["drawn"], 1):
        attributes, at = FAILING.get(place, PASSING), datetime.now(UTC).isoformat()
        found = {"serial": serial, "attributes": attributes, "note": NOTES.get(place, ""), "at": at}
        auditor.post("/spot-checks", draw=drawn["id"], **found)
    stage["evaluator"].put(f"/draws/{drawn['id']}/spot-checks/state", state="accepted")
    findings: dict[str, Any] = auditor.get(f"/draws/{drawn['id']}/spot-checks")["findings"]
    return findings
