"""The accounts of a project for auditors and finance (C28): contract, payments, results and what followed, in one."""

from typing import Any

from service.domain.access import Actor
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import Round
from service.domain.procedure.bans import Ban
from service.domain.procedure.consequences import ConsequenceDecision, Continuation
from service.domain.procedure.payments import Payment, PaymentPlan
from service.domain.procedure.publications import Publication
from service.domain.procedure.recurring_tasks import RecurringTask, TaskReport
from service.domain.procedure.renewals import ContractYear
from service.operations import projects
from service.operations.acts import plain
from service.store import records

FORMAT = "minyi-accounts/1"
LISTS = (
    ("payments", Payment),
    ("contract_years", ContractYear),
    ("decisions", ConsequenceDecision),
    ("bans", Ban),
    ("continuations", Continuation),
    ("recurring_tasks", RecurringTask),
    ("task_reports", TaskReport),
)


def of_project(actor: Actor, project_id: str) -> dict[str, Any]:
    """Everything that money and duty of a project hang on, as plain data, the same whenever nothing has changed."""
    project = projects.project(actor, project_id, "accounts.read")
    plan = records.get(PaymentPlan, project.id)
    rounds = records.find(Round, project=project.id)
    results = records.find(ResultVersion, round=tuple(round.id for round in rounds)) if rounds else []
    told = ("id", "round", "number", "scheme", "total", "grade", "inputs_digest", "made_at", "reason")
    return {
        "format": FORMAT,
        "project": plain(vars(project)),
        "plan": None if plan is None else plain(vars(plan)),
        "results": [plain({name: getattr(one, name) for name in told}) for one in results],
        "remedies": {round.id: dict(round.review_body) for round in rounds if round.review_body},
        "publications": [
            plain({name: getattr(one, name) for name in ("id", "result", "state", "disclosure", "published_at")})
            for one in records.find(Publication, project=project.id)
        ],
        **{name: [plain(vars(one)) for one in records.find(kind, project=project.id)] for name, kind in LISTS},
    }
