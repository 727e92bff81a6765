"""What a report tells of the procedure around the score: methods, the group, waivers, corrections, open cases."""

from collections import Counter
from typing import Any

from service.domain.days import day_of
from service.domain.evaluate import intervals
from service.domain.evaluate import methods as rules
from service.domain.evaluate.schemes import as_data, plain
from service.domain.inspect.notices import Notice
from service.domain.procedure.appeals import Appeal
from service.domain.procedure.groups import CATEGORIES
from service.domain.procedure.objections import FILED, Objection
from service.domain.procedure.report_parts import without_names
from service.domain.procedure.waivers import Waiver
from service.operations.evaluate import methods
from service.operations.procedure.report_evidence import names
from service.operations.procedure.report_sources import Source
from service.store import records


def of_round(source: Source) -> dict[str, Any]:
    """By the names under which a report has them."""
    hide = names(source)
    return {
        "methods": _methods(source),
        "group": _group(source),
        "waivers": [
            {
                "gate": one.gate,
                "subject": one.subject,
                "reason": without_names(one.reason, hide),
                "day": day_of(one.at).isoformat(),
            }
            for one in records.find(Waiver, round=source.round.id)
        ],
        "corrections": [
            {"node": edit["node"], "reason": without_names(edit["reason"], hide)} for edit in source.told["edits"]
        ],
        "cases": [*_objections(source), *_appeals(source)],
        "interval": _interval(source),
    }


def _methods(source: Source) -> list[dict[str, Any]]:
    progress = rules.progress(source.scheme.methods_required, methods.gather(source.round.project))
    return [
        {
            "method": one.method,
            "evidence": one.evidence,
            "label": dict(one.label),
            "rules": list(one.rules),
            "needed": one.needed,
            "done": one.done,
            "met": one.met,
        }
        for one in progress
    ]


def _group(source: Source) -> list[dict[str, Any]]:
    """How many of each category (G05); nobody by name."""
    found = Counter(member.category for member in source.members if member.active)
    return [{"category": name, "count": found[name]} for name in CATEGORIES if found[name]]


def _objections(source: Source) -> list[dict[str, Any]]:
    """Those that wait for an answer: what they are about may still change."""
    numbers = {notice.id: notice.number for notice in records.find(Notice, project=source.round.project)}
    return [
        {
            "kind": "objection",
            "subject": str(numbers.get(one.notice, "")),
            "day": one.received_on and one.received_on.isoformat(),
            "due": one.reply_by and one.reply_by.isoformat(),
        }
        for one in records.find(Objection, project=source.round.project, state=FILED)
    ]


def _appeals(source: Source) -> list[dict[str, Any]]:
    return [
        {
            "kind": "appeal",
            "subject": one.result,
            "day": one.received_on and one.received_on.isoformat(),
            "due": one.due_on and one.due_on.isoformat(),
        }
        for one in records.find(Appeal, round=source.round.id)
        if one.pending
    ]


def _interval(source: Source) -> dict[str, Any] | None:
    """What sampling alone leaves open of the total; nothing where it could tell of a hidden figure."""
    if source.hidden:
        return None
    found = intervals.of_total(source.scheme, source.evidence, source.tree)
    if not found.se:
        return None
    return {
        "lower": plain(found.lower),
        "upper": plain(found.upper),
        "not_separated": [as_data(band.label) for band in found.not_separated],
        "unstated": list(found.unstated),
    }
