"""What of a result only the evaluator may see, decided when it is frozen, from the answers and releases there are."""

from service.domain.evaluate import disclosures as rules
from service.domain.evaluate.evidence import Evidence
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Scheme, Survey
from service.operations.collect import releases


def unsafe(round: Round, scheme: Scheme, evidence: Evidence) -> set[str]:
    """The survey nodes whose figure is about too few, or would tell of too few beside the releases of its campaign."""
    found = rules.too_few(evidence)
    for node, campaign in round.surveys.items():
        spec = scheme.node(node).spec
        if node in found or not isinstance(spec, Survey):
            continue
        admitted = {"distribution": spec.distributions, "mode": spec.modes}
        if not releases.may_show(campaign, spec.scale, admitted, headline=spec.mapping is None):
            found.add(node)
    return found
