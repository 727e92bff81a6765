"""What a report tells of the procedure around the score: methods, waivers, objections, the group."""

from typing import Any

from service.domain.evaluate import methods as rules
from service.operations.evaluate import methods
from service.operations.procedure.report_sources import Source


def of_round(source: Source) -> dict[str, Any]:
    project = source.round.project
    progress = rules.progress(source.scheme.methods_required, methods.gather(project))
    return {
        "methods": [
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
        ],
        "group": [],
        "waivers": [],
        "objections": [],
        "appeals": [],
    }
