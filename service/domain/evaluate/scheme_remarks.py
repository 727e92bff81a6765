"""What a scheme that loads still leaves to be desired: told when it is published and read, and hindering nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.domain.evaluate.schemes import OBJECTS, Expert, Scheme

SCHEME_REMARKS: dict[str, str] = {
    "not_quantified": "This is objective and yet judged. Count it, or say why it cannot be counted (not_quantified).",
    "objects_missing": "No indicator is about: {objects}. A report shows all four.",
    "weights_example": "{count} indicators have weights or rules that are examples; they must be adopted first.",
    "bands_example": "The grades are examples; they must be adopted first.",
    "term_open": "The term {deadline} has no number of days: each round must set it.",
    "no_end": "There is no day until which this is valid.",
}


@dataclass(frozen=True)
class SchemeRemark:
    """`code` is one of SCHEME_REMARKS, `node` the indicator it is about, empty for the whole."""

    node: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return SCHEME_REMARKS[self.code].format(**self.params)


def remarks(scheme: Scheme) -> tuple[SchemeRemark, ...]:
    """C02: what could be counted is to be counted, or the reason said. G01: four objects. G56, G67: open terms."""
    found = [SchemeRemark(node.id, "not_quantified") for node in scheme.leaves() if _judged_though_objective(node)]
    seen = {one for node in scheme.leaves() if node.tags for one in node.tags.objects}
    if scheme.kind == "evaluation" and (lacking := [one for one in OBJECTS if one not in seen]):
        found.append(SchemeRemark("", "objects_missing", {"objects": ", ".join(lacking)}))
    if count := len(scheme.examples()):
        found.append(SchemeRemark("", "weights_example", {"count": count}))
    if any(band.example for band in scheme.bands):
        found.append(SchemeRemark("", "bands_example"))
    found += [SchemeRemark("", "term_open", {"deadline": one.id}) for one in scheme.deadlines if one.n is None]
    if scheme.valid_to is None:
        found.append(SchemeRemark("", "no_end"))
    return tuple(found)


def _judged_though_objective(node: Any) -> bool:
    judged = isinstance(node.spec, Expert) and node.tags is not None and node.tags.view == "objective"
    return judged and not node.not_quantified
