"""For tests of scoring: an approved evaluator, and a round whose group has scorers with accounts and one on paper."""

from dataclasses import dataclass, field

from accounts import As
from demo_round import AUTHORITY, PURCHASER, make_round, open_round
from factories import EVALUATOR, NOW
from flask.testing import FlaskClient
from stages import staged

from service.domain.evaluate.schemes import Expert
from service.operations.evaluate import schemes
from service.operations.procedure import approvals

ROUND = "/rounds/round-2"
PDF = b"%PDF-1.4\n" + b"x" * 40 + b"\nstartxref\n9\n%%EOF\n"
LONG = "查阅台账、走访两处站点并与三名服务对象面谈后，认为该项工作扎实。"


@dataclass
class Group:
    """The lead, scorers with accounts (`buyer`, `department`, `expert`), the secretary, and member ids by name."""

    lead: As
    secretary: As
    scorers: dict[str, As]
    nodes: list[str]
    ids: dict[str, str] = field(default_factory=dict)

    def score(self, name: str, node: str, score: str = "80", **more: object):  # type: ignore[no-untyped-def]
        values = {"node": node, "score": score, "reason": LONG} | more
        return self.scorers[name].post(f"{ROUND}/judgements", values)


@staged
def approve(project: str = "project-1") -> None:
    """The authority has approved the evaluator on its papers."""
    made, _ = approvals.propose(PURCHASER, NOW, "approval-1", project, "evaluator-org")
    name = approvals.add_paper(EVALUATOR, NOW, made.id, PDF).name
    filed = approvals.file(EVALUATOR, NOW, made.id, made.version, [name], [name])
    approvals.decide(AUTHORITY, NOW, made.id, filed.version, "approved", "")


@staged
def make_group(client: FlaskClient, approved: bool = True) -> Group:
    """`round-2` with a buyer, a department's and the evaluator's scorer, a recipient on paper, and a secretary."""
    made = make_round()
    round = open_round("round-2", "2026年度中期评估", made.campaign, made.draw)
    if approved:
        approve()
    lead = As(client, "purchaser")
    people = {"buyer": ("purchaser", "buyer"), "department": ("authority", "supervising_department")}
    people |= {"expert": ("auditor", "expert")}
    scorers = {name: As(client, role) for name, (role, _) in people.items()}
    secretary = As(client, "evaluator")
    scheme = schemes.parsed(round.scheme)
    judged = [node.id for node in scheme.nodes if isinstance(node.spec, Expert) and node.spec.raters == "scorers"]
    group = Group(lead, secretary, scorers, judged)
    for name, (_, category) in people.items():
        group.ids[name] = appoint(group, name, category, user=user_of(scorers[name]))
    group.ids["recipient"] = appoint(group, "recipient", "recipient_representative", nodes=[judged[0]])
    group.ids["secretary"] = appoint(group, "secretary", "expert", roles=["secretary"], user=user_of(secretary))
    return group


def appoint(group: Group, name: str, category: str, **more: object) -> str:
    values = {"name": name, "category": category, "roles": ["scorer"]} | more
    answer = group.lead.post(f"{ROUND}/group", values)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def user_of(them: As) -> str:
    return str(them.get("/me").json["id"])
