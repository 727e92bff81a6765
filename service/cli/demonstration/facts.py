"""What came of the demo: read from the API, and written as JSON in which every number keeps its exact digits."""

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from service.cli.demonstration.answers import Pace
from service.cli.demonstration.setting_up import RESIDENTS, SITES, Stage
from service.domain.evaluate.schemes import plain

LEVELS = ("High", "Medium", "Low")


@dataclass(frozen=True)
class Figures:
    """Satisfaction at one site, or at all together. Shares are of 1, the index of 100."""

    name: str
    served: int
    answered: int
    counts: Mapping[str, int]
    index: Decimal | None
    share_satisfied: Decimal | None
    interval: tuple[Decimal, Decimal] | None
    interval_reason: str | None

    @classmethod
    def of(cls, name: str, estimate: Mapping[str, Any]) -> "Figures":
        """From the API's estimate, whose decimals are texts."""
        interval = estimate["interval"]
        return cls(
            name=name,
            served=estimate["issued"],
            answered=estimate["answered"],
            counts={level: estimate["counts"][level] for level in LEVELS},
            index=_decimal(estimate["index"]),
            share_satisfied=_decimal(estimate["satisfied"]),
            interval=interval and (Decimal(interval["lower"]), Decimal(interval["upper"])),
            interval_reason=estimate["reasons"].get("interval"),
        )


@dataclass(frozen=True)
class Played:
    """The demo's facts, all of them as the API told them."""

    pace: Pace
    sites: list[Figures]
    overall: Figures
    draw: Mapping[str, Any]
    findings: Mapping[str, Any]
    score: Mapping[str, Any]
    phones: list[str]  # addresses of the free slips
    base_url: str
    app: Mapping[str, Any]  # addresses of an auditor's collecting app


def figures(stage: Stage) -> tuple[list[Figures], Figures]:
    """(by site, all together)."""
    path = f"/campaigns/{RESIDENTS}/satisfaction"
    found = stage["evaluator"].get(path, by="site")["groups"]
    by_site = {group["group"]["site"]: group["estimate"] for group in found}
    (overall,) = stage["evaluator"].get(path)["groups"]
    return [Figures.of(name, by_site[kind.lower()]) for kind, name in SITES.items()], Figures.of(
        "合计 all", overall["estimate"]
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def as_json(played: Played, stage: Stage) -> str:
    """The facts for programs. The standards' points add up to the total in the digits as printed."""
    findings, score, base = played.findings, played.score, played.base_url
    facts = {
        "responses": played.pace.number,
        "sites": [vars(site) for site in played.sites],
        "draw": {name: played.draw[name] for name in ("id", "seed", "frame_sha256", "drawn")},
        "spot_checks": {
            "n": findings["n"],
            "errors": findings["errors"],
            "upper_limit_95": findings["limit_share"],
            "upper_limit_items": findings["limit"],
        },
        "score": {
            "total": Decimal(score["total"]),
            "grade": score["grade"]["id"],
            "standards": [{"id": each["id"], "points": Decimal(each["points"])} for each in score["standards"]],
        },
        "server": {
            "base_url": base,
            "phone_url": played.phones[0],
            "desk_url": f"{base}/desk/",
            "docs_url": f"{base}/api/v1/docs",
        },
        "openrosa": dict(played.app),
        "accounts": [vars(account) for account in stage.accounts],
    }
    return exact_json(facts)


def exact_json(facts: Any) -> str:
    """JSON whose decimals are number literals with all their digits, which a float might not hold."""
    mark = secrets.token_hex(16)  # no text among the facts can hold it
    text = json.dumps(facts, ensure_ascii=False, indent=2, default=lambda value: f"{mark}{_digits(value)}")
    return re.sub(rf'"{mark}(-?[0-9.]+)"', r"\1", text) + "\n"


def _digits(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    raise TypeError(f"{type(value).__name__} does not belong into the facts")


def write_private(path: Path, text: str) -> None:
    """The whole file or none, for its owner only: it holds passwords."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
